//! The nouns and what they do: the blocking SDK, in safe Rust. It knows nothing of C.

mod client;
mod command;
mod cursor;
mod devbox;
mod devbox_directory;
mod directory;
mod exec_result;
mod execution;
mod file;
mod object_download;
mod object_upload;
mod orphan;
mod output;
mod shell;
mod spool;
mod storage_object;

pub use self::client::Client;
pub use self::command::{ExecOptions, Listener, Which};
pub use self::cursor::Cursor;
pub use self::devbox::{Devbox, Origin};
pub use self::directory::{Skip, Tree};
pub use self::exec_result::{ExecResult, Outcome};
pub use self::execution::Execution;
pub use self::file::{FileSink, FileSource, Memory, PathSink, Sink};
pub use self::output::OutputStream;
pub use self::shell::Surroundings;
pub use self::storage_object::StorageObject;
