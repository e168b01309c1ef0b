//! Whole directories in and out of a devbox, in a number of requests that does not depend on how
//! much is in them: one archive through the file operations, and the devbox's own tar.

use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use bytes::{Buf, Bytes};

use super::command::Which;
use super::devbox::Devbox;
use super::directory::{Packed, Tree};
use super::file_download::{Earlier, FileDownload};
use super::shell::quote;
use crate::api::executions;
use crate::archive::{unpack, Landing, Owner};
use crate::error::{Error, Result, SideEffect, Status};
use crate::transport::{Call, CallOptions, Effect};

/// GNU tar's "some files differ": something was written to while it was packed.
const CHANGED: i64 = 1;
const REMOVAL_TIMEOUT: Duration = Duration::from_secs(3);

impl Devbox {
    /// Brings a directory of this machine into the devbox, into `remote`, which is made if need be.
    pub fn upload_directory(&self, local: &str, remote: &str, tree: &mut Tree<'_>, options: &CallOptions) -> Result<()> {
        check(remote)?;
        let mut source = Packed::new(local, tree, Owner::Kept)?;
        let call = self.client.call(options);
        call.check()?;
        let archive = Archive::new(self);
        // Owners are the devbox's business, permissions the directory's.
        let unpacking = format!(
            "mkdir -p -- {remote} && tar -xzpo -f {archive} -C {remote}; s=$?; rm -f -- {archive}; exit $s",
            remote = quote(remote),
            archive = archive.path
        );
        self.upload_file_within(&call, &archive.path, &mut source, options)?;
        let quiet = between(options);
        match self.run(&call, &unpacking, &quiet)? {
            (0, _) => {
                archive.forget();
                Ok(())
            }
            (code, said) => Err(self.failed(&format!("{remote} could not be written"), code, said).with_side_effect(SideEffect::Happened)),
        }
    }

    /// Brings a directory of the devbox to this machine, into `local`, which is made if need be.
    pub fn download_directory(&self, remote: &str, local: &str, tree: &mut Tree<'_>, options: &CallOptions) -> Result<()> {
        check(remote)?;
        let landing = Landing::begin(Path::new(local))?;
        let call = self.client.call(options);
        call.check()?;
        let archive = Archive::new(self);
        let packing = format!(
            "set -o pipefail; umask 077; if command -v pigz >/dev/null; then z=pigz; else z=gzip; fi; \
             tar -cf - -C {remote} . | $z -1 >{archive}",
            remote = quote(remote),
            archive = archive.path
        );
        let quiet = between(options);
        match self.run(&call, &packing, &quiet)? {
            (0, _) => {}
            (CHANGED, said) if only_changes(&said) => {}
            (code, said) => return Err(self.failed(&format!("{remote} could not be read"), code, said)),
        }
        let download = FileDownload::begin(self, &call, &archive.path, options)?;
        let reader = Reading { download, rest: Bytes::new() };
        let limits = tree.limits;
        self.about(unpack(reader, landing.path(), limits, &mut |skipped| tree.tell(skipped)))?;
        landing.finish()?;
        // The files are here; should this fail, the archive's own end tries again.
        if self.run(&call, &format!("rm -f -- {}", archive.path), &quiet).is_ok() {
            archive.forget();
        }
        Ok(())
    }

    /// Runs a command of ours; gives its exit code, and what it said where it failed.
    fn run(&self, call: &Call, line: &str, options: &CallOptions) -> Result<(i64, Vec<u8>)> {
        let result = self.exec_at_once(call, line, options)?;
        let code = result.exit_code().unwrap_or(-1);
        let said = if code == 0 { Vec::new() } else { result.output(Which::Stderr, Some(100), options)?.to_vec() };
        Ok((code, said))
    }

    fn failed(&self, what: &str, code: i64, said: Vec<u8>) -> Error {
        let text = String::from_utf8_lossy(&said);
        let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
        let mut error = Error::new(Status::RemoteIo, format!("{what} in the devbox {}: {} (exit code {code}).", self.id, last.trim()));
        error.details_mut().body = Some(said);
        error.about(&self.id)
    }
}

/// The options of the commands around a transfer: how long that may stand still says nothing of them.
fn between(options: &CallOptions) -> CallOptions {
    CallOptions { progress: None, timeout: None, ..options.for_what_follows() }
}

fn check(remote: &str) -> Result<()> {
    if remote.is_empty() {
        return Err(Error::invalid("The path of the directory in the devbox is empty."));
    }
    Ok(())
}

fn only_changes(said: &[u8]) -> bool {
    let text = String::from_utf8_lossy(said);
    let harmless = |line: &str| {
        ["file changed as we read it", "file removed before we read it", "socket ignored"].iter().any(|end| line.ends_with(end))
    };
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).peekable();
    lines.peek().is_some() && lines.all(harmless)
}

/// An archive in the devbox, removed behind the caller's back unless it is gone already.
struct Archive<'a> {
    devbox: &'a Devbox,
    path: String,
    gone: bool,
}

impl<'a> Archive<'a> {
    fn new(devbox: &'a Devbox) -> Archive<'a> {
        Archive { devbox, path: format!("/tmp/.librunloop-{}.tar.gz", uuid::Uuid::new_v4().simple()), gone: false }
    }

    fn forget(mut self) {
        self.gone = true;
    }
}

impl Drop for Archive<'_> {
    fn drop(&mut self) {
        if self.gone {
            return;
        }
        let removal = executions::execute_async(&self.devbox.id, &format!("rm -f -- {}", self.path), false);
        if let Ok(mut request) = removal {
            // Done twice it is like done once, and quick: the time for clean-ups has room for another attempt.
            request.effect = Effect::Sets;
            request.timeout = REMOVAL_TIMEOUT;
            let what = format!("The archive {} in the devbox {}", self.path, self.devbox.id);
            self.devbox
                .client
                .transport()
                .clean_up(what, |errand| async move { errand.insist(&request).await.map(|_| "was removed".to_owned()) });
        }
    }
}

/// The archive for whoever reads rather than takes. It is nobody's but ours, so it does not change.
struct Reading<'a> {
    download: FileDownload<'a>,
    rest: Bytes,
}

impl Read for Reading<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            match self.download.next(&mut || Ok(Earlier::Kept)).map_err(io::Error::other)? {
                Some(piece) => self.rest = piece,
                None => return Ok(0),
            }
        }
        let count = self.rest.len().min(buffer.len());
        self.rest.copy_to_slice(&mut buffer[..count]);
        Ok(count)
    }
}
