//! Where the bytes of transfers come from and go to on this machine.

pub(crate) mod failed_download;
pub(crate) mod file_sink;
pub(crate) mod new_file;
pub(crate) mod packed;
pub(crate) mod path_sink;
pub(crate) mod room;
pub(crate) mod sink;
pub(crate) mod source;
pub(crate) mod spool;
pub(crate) mod wait;
