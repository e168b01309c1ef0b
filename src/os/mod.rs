//! What the library asks of the operating system: descriptors, forks, signals, random bytes, variables, small files.

pub(crate) mod access_list;
pub(crate) mod descriptors;
pub(crate) mod environment;
pub(crate) mod named_descriptor;
pub(crate) mod process;
pub(crate) mod random;
pub(crate) mod signals;
pub(crate) mod small_file;
pub(crate) mod write_signals;
