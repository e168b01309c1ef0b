//! The nouns and what they do: the blocking SDK, in safe Rust. It knows nothing of C.

mod axon;
mod blueprint;
mod build_log;
mod client;
mod command;
mod cursor;
mod devbox;
mod events;
mod exec_result;
mod execution;
mod file;
mod network;
mod orphan;
mod output;
mod record;
mod secret;
mod shell;
mod snapshot;

pub use self::axon::Axon;
pub use self::blueprint::Blueprint;
pub use self::build_log::BuildListener;
pub use self::client::Client;
pub use self::command::{ExecOptions, Listener, Which};
pub use self::cursor::Cursor;
pub use self::devbox::{Devbox, Origin};
pub use self::events::EventFeed;
pub use self::exec_result::{ExecResult, Outcome};
pub use self::execution::Execution;
pub use self::file::{FileSink, FileSource, Memory, PathSink, Sink};
pub use self::output::OutputStream;
pub use self::record::Record;
pub use self::secret::SecretHandle;
pub use self::shell::Surroundings;
pub use self::snapshot::Snapshot;
