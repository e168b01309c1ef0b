//! Whole directories in and out of a devbox, in a number of requests that does not depend on how
//! much is in them: one archive through the file operations, and the devbox's own tar.

use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use bytes::{Buf, Bytes};
use serde_json::Value;

use super::file_download::{Earlier, FileDownload};
use super::remote_tar;
use super::remote_tar::Report;
use crate::api::exec;
use crate::archive::{Landing, Skipped};
use crate::error::{Error, Result, SideEffect, Status};
use crate::sdk::devbox::Devbox;
use crate::sdk::exec::options::StdStream;
use crate::sdk::exec::repeatable::Again;
use crate::sdk::exec::shell::CommandLine;
use crate::sdk::io::packed::{Packed, Tree};
use crate::sdk::io::source::named;
use crate::transport::{shortened, Call, CallOptions, Effect};

/// Of what a devbox's tar says, more is not held in memory.
const MOST_SAID: usize = 64 << 20;
const REMOVAL_TIMEOUT: Duration = Duration::from_secs(3);

impl Devbox {
    /// Brings a directory of this machine into the devbox, into `remote`, which is made if need be.
    pub fn upload_directory(&self, local: &str, remote: &str, tree: &mut Tree<'_>, options: &CallOptions) -> Result<()> {
        check(remote)?;
        let mut source = Packed::for_devbox(local, tree)?;
        let call = self.client.call(options);
        call.check()?;
        let mut archive = Archive::new(self, options);
        archive.settled_by(self.upload_file_within(&call, &archive.path, &mut source, options).map(drop))?;
        let unpacked = archive.settled_by(self.unpack(&call, &archive, remote, &between(options)));
        match unpacked? {
            (0, _) => {
                archive.forget();
                Ok(())
            }
            (code, said) => {
                // Without the directory nothing is unpacked; else a part may have been.
                let side_effect = if code == remote_tar::NO_DIRECTORY { SideEffect::None } else { SideEffect::Unknown };
                Err(self.failed(&format!("{remote} could not be written"), code, &said, options).with_side_effect(side_effect))
            }
        }
    }

    /// Brings a directory of the devbox to this machine, into `local`, which is made if need be.
    pub fn download_directory(&self, remote: &str, local: &str, tree: &mut Tree<'_>, options: &CallOptions) -> Result<()> {
        check(remote)?;
        named(local)?;
        tree.check_for_unpacking()?;
        let call = self.client.call(options);
        let (ground, landing) = Landing::begin(Path::new(local), &call)?;
        call.check()?;
        let (archive, outcome) = self.pack(&call, remote, options)?;
        match outcome {
            (0 | remote_tar::CHANGED, said) => tree.tell_of(&said),
            (remote_tar::SOME_FAILED, said) if tree.skipped.is_some() => tree.tell_of(&said),
            (code, said) => return Err(self.failed(&format!("{remote} could not be read"), code, &said, options)),
        }
        let rest = options.for_what_follows();
        let download = FileDownload::begin(self, &call, &archive.path, &rest)?;
        let reader = Reading { download, rest: Bytes::new() };
        self.about(tree.unpack(reader, ground, &call))?;
        landing.finish()?;
        // The files are here; should this fail, the archive's own end tries again.
        if self.run(&call, &remote_tar::remove(&archive.path), &between(options)).is_ok_and(|(code, _)| code == 0) {
            archive.forget();
        }
        Ok(())
    }

    /// Has an archive unpacked. A further run waits for one that is still at it, and finds out whether it came to its end.
    fn unpack(&self, call: &Call, archive: &Archive<'_>, remote: &str, options: &CallOptions) -> Result<(i64, String)> {
        let mut runs = Again::default();
        loop {
            match self.run(call, &remote_tar::unpack(&archive.path, remote, runs.is_again()), options) {
                Err(error) => runs.after(self.client.transport(), call, options, error)?,
                outcome => return outcome,
            }
        }
    }

    /// Has an archive made; each run has its own, since another may still be at it. The first is the call's first request.
    fn pack(&self, call: &Call, remote: &str, options: &CallOptions) -> Result<(Archive<'_>, (i64, String))> {
        let (first, later) = (untimed(options.clone()), between(options));
        let mut runs = Again::default();
        loop {
            let options = if runs.is_again() { &later } else { &first };
            let mut archive = Archive::new(self, options);
            let packed = self.report(call, &remote_tar::pack(&archive.path, remote), options);
            match archive.settled_by(packed) {
                Err(error) => runs.after(self.client.transport(), call, options, error)?,
                Ok(Report { code, said, more }) => {
                    let whole = matches!(code, 0 | remote_tar::CHANGED | remote_tar::SOME_FAILED);
                    let said = if more && whole { self.all_said(call, &archive, &later)? } else { said };
                    return Ok((archive, (code, said)));
                }
            }
        }
    }

    /// Runs a command of ours; gives its exit code, and what it said.
    fn run(&self, call: &Call, command: &remote_tar::Command, options: &CallOptions) -> Result<(i64, String)> {
        self.report(call, command, options).map(|report| (report.code, report.said))
    }

    /// Runs a command of ours, and takes nothing but its own report for its outcome.
    fn report(&self, call: &Call, command: &remote_tar::Command, options: &CallOptions) -> Result<Report> {
        let result = self.exec_at_once(call, &CommandLine::plain(command.line.as_str()), options)?;
        let options = &options.for_what_follows();
        // The command has run, whatever becomes of its output.
        let unknown = |error: Error| error.with_side_effect(SideEffect::Unknown);
        // A profile may print much at the shell's end, too.
        for lines in [Some(100), None] {
            for which in [StdStream::Stderr, StdStream::Stdout] {
                let output = result.output(which, lines, options).map_err(unknown)?;
                if let Some(report) = command.report(&output) {
                    return Ok(report);
                }
            }
        }
        let stderr = result.output(StdStream::Stderr, Some(100), options).map_err(unknown)?;
        let said = self.client.transport().scrubber(options, &Value::Null).text(&String::from_utf8_lossy(&stderr));
        let code = result.exit_code().map_or_else(|| "none".to_owned(), |code| code.to_string());
        let why = format!(
            "A command that the transfer needs has not reported its outcome from the devbox {}: the login shell that was to run it ended \
             with the exit code {code} and said: {}. A profile of the devbox's user (~/.bash_profile, ~/.profile, ~/.bashrc) that holds \
             exec or exit, or leads the outputs elsewhere, keeps commands from running, or from being heard; let it do so for \
             interactive shells alone.",
            self.id,
            said.lines().rev().map(str::trim).find(|line| !line.is_empty()).map_or("nothing", shortened),
        );
        let mut error = Error::new(Status::RemoteIo, why).with_side_effect(SideEffect::Unknown);
        error.details_mut().body = Some(said.into_bytes());
        Err(error.about(&self.id))
    }

    /// All that was said, where that was much.
    fn all_said(&self, call: &Call, archive: &Archive<'_>, options: &CallOptions) -> Result<String> {
        let mut download = FileDownload::begin(self, call, &remote_tar::said_path(&archive.path), options)?;
        let mut said = Vec::new();
        while let Some(piece) = download.next(&mut || Ok(Earlier::Kept))? {
            said.extend_from_slice(&piece);
            if said.len() > MOST_SAID {
                let why = format!("The devbox's tar has said more than {MOST_SAID} bytes about what it left out.");
                return Err(Error::new(Status::RemoteIo, why).about(&self.id));
            }
        }
        Ok(String::from_utf8_lossy(&said).into_owned())
    }

    fn failed(&self, what: &str, code: i64, said: &str, options: &CallOptions) -> Error {
        let said = self.client.transport().scrubber(options, &Value::Null).text(said);
        let why = match code {
            remote_tar::NO_DIRECTORY => format!("it is not a directory that can be entered ({})", shortened(remote_tar::cause(&said))),
            code => format!("{} (exit code {code})", shortened(remote_tar::cause(&said))),
        };
        let mut error = Error::new(Status::RemoteIo, format!("{what} in the devbox {}: {why}.", self.id));
        error.details_mut().body = Some(said.into_bytes());
        error.about(&self.id)
    }
}

impl Tree<'_> {
    /// Tells of what the devbox's tar left out.
    fn tell_of(&mut self, said: &str) {
        for (path, reason) in remote_tar::left_out(said) {
            self.tell(Skipped::new(&path, reason));
        }
    }
}

/// The options of the commands around a transfer that are not the call's first request.
fn between(options: &CallOptions) -> CallOptions {
    untimed(options.for_what_follows())
}

/// How long a transfer may stand still says nothing of the commands around it.
fn untimed(options: CallOptions) -> CallOptions {
    CallOptions { progress: None, timeout: None, ..options }
}

fn check(remote: &str) -> Result<()> {
    if remote.is_empty() {
        return Err(Error::invalid("The path of the directory in the devbox is empty."));
    }
    Ok(())
}

/// An archive in the devbox, removed behind the caller's back unless it is gone already.
struct Archive<'a> {
    devbox: &'a Devbox,
    path: String,
    /// Of the call that has it made.
    options: CallOptions,
    /// Whether what makes it has come to its end.
    settled: bool,
    gone: bool,
}

impl<'a> Archive<'a> {
    fn new(devbox: &'a Devbox, options: &CallOptions) -> Archive<'a> {
        Archive { devbox, path: remote_tar::archive_path(), options: options.clone(), settled: false, gone: false }
    }

    /// Notes whether what has had this outcome may still write the archive.
    fn settled_by<T>(&mut self, outcome: Result<T>) -> Result<T> {
        self.settled = outcome.as_ref().map_or_else(|error| error.details().side_effect == SideEffect::None, |_| true);
        outcome
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
        let command = if self.settled { remote_tar::remove(&self.path) } else { remote_tar::remove_late(&self.path) };
        let removal = exec::execute_async(&self.devbox.id, &command.line, false);
        if let Ok(mut request) = removal {
            // Done twice it is like done once, and quick: the time for clean-ups has room for another attempt.
            request.effect = Effect::Sets;
            request.timeout = REMOVAL_TIMEOUT;
            let what = format!("The archive {} in the devbox {}", self.path, self.devbox.id);
            self.devbox.client.transport().clean_up(what, &self.options, |task| async move {
                match task.insist(&request).await {
                    Ok(_) => Ok("is being removed".to_owned()),
                    Err(error) if error.details().already => Ok("was gone already".to_owned()),
                    Err(error) => Err(error),
                }
            });
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
