//! The shell that runs a command, and the pipes between it and us.

use crate::http::ApiError;
use crate::sandbox::{Mode, Sandbox};
use nix::fcntl::{fcntl, FcntlArg, OFlag};
use std::io;
use std::os::fd::OwnedFd;
use tokio::net::unix::pipe;

/// Larger pipes mean fewer turns for a command that prints a lot.
const PIPE_BYTES: i32 = 256 << 10;
/// The kernel takes no argument longer than 128 KiB: longer commands come as a file.
const LONGEST_ARGUMENT: usize = 100 << 10;

/// A login shell for a command.
pub async fn arguments(sandbox: &Sandbox, id: &str, command: &str) -> Result<Vec<String>, ApiError> {
    const BASH: &str = "/bin/bash";
    let words = |words: &[&str]| words.iter().map(|word| word.to_string()).collect();
    if command.len() <= LONGEST_ARGUMENT {
        return Ok(words(&[BASH, "-l", "-c", command]));
    }
    let folder = match sandbox.setup.mode {
        Mode::Plain => sandbox.setup.folder.join("tmp"),
        _ => "/tmp".into(),
    };
    let path = folder.join(format!(".{id}")).display().to_string();
    let written = crate::files::write(sandbox, &path, command.as_bytes().to_vec()).await;
    written.map_err(|e| ApiError::bad_request(e.what))?;
    // Read whole before it runs, so that no file is left behind.
    const READ: &str = r#"c=$(cat -- "$1"; rm -f -- "$1"); shift; eval "$c""#;
    Ok(words(&[BASH, "-l", "-c", READ, "bash", &path]))
}

/// A pipe for a command's output: our end, and the command's.
pub fn output_pipe() -> io::Result<(pipe::Receiver, OwnedFd)> {
    let (reader, writer) = nix::unistd::pipe2(OFlag::O_CLOEXEC)?;
    // The command runs as another user, and may open /dev/stdout by name.
    nix::sys::stat::fchmod(&writer, nix::sys::stat::Mode::from_bits_truncate(0o666))?;
    let _ = fcntl(&writer, FcntlArg::F_SETPIPE_SZ(PIPE_BYTES));
    Ok((pipe::Receiver::from_owned_fd(reader)?, writer))
}

/// A pipe for a command's input: our end, and the command's.
pub fn input_pipe() -> io::Result<(pipe::Sender, OwnedFd)> {
    let (reader, writer) = nix::unistd::pipe2(OFlag::O_CLOEXEC)?;
    nix::sys::stat::fchmod(&reader, nix::sys::stat::Mode::from_bits_truncate(0o666))?;
    Ok((pipe::Sender::from_owned_fd(writer)?, reader))
}
