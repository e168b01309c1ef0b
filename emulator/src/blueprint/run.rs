//! RUN: a command in the stage's sandbox, its output in the log.

use super::dockerfile::{Command, Mount, MountKind};
use super::stage::Stage;
use crate::execution::output_pipe;
use crate::sandbox::jobs::{Ids, Job};
use crate::sandbox::{procfs, Exit, Mode};
use nix::sys::signal::{kill, Signal};
use nix::unistd::Pid;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Seek, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// For output that a command's end may leave in its pipes.
const LAST_WORDS: Duration = Duration::from_secs(5);
const SCRIPT: &str = "/run/.blueprint-script";

impl Stage<'_> {
    pub async fn run(&mut self, command: &Command, mounts: &[Mount]) -> Result<(), String> {
        let user = self.current_user().await?;
        let mut env: BTreeMap<String, String> = [("HOME".to_string(), user.home.display().to_string())].into();
        if self.sandbox.setup.mode == Mode::Plain {
            env.insert("TMPDIR".into(), self.sandbox.setup.folder.join("tmp").display().to_string());
        }
        env.extend(self.build.plan.secrets.clone());
        env.extend(self.arguments.clone());
        env.extend(self.image.environment.clone());
        let mut shown = Vec::new();
        let prepared = self.mount(mounts, &mut env, &mut shown).await;
        let result = match prepared {
            Ok(()) => self.command(command, env, user.ids, &mut shown).await,
            Err(why) => Err(why),
        };
        for path in shown.into_iter().rev() {
            self.job(Job::Hide { path }, None, None).await?;
        }
        result
    }

    async fn mount(&self, mounts: &[Mount], env: &mut BTreeMap<String, String>, shown: &mut Vec<PathBuf>) -> Result<(), String> {
        for mount in mounts {
            let target = match &mount.target {
                Some(target) => Some(self.place(&self.word(target)?)?),
                None => None,
            };
            match &mount.kind {
                MountKind::Scratch => {
                    let path = target.ok_or("a mount has no target")?;
                    self.only_overlay("--mount")?;
                    self.job(Job::Scratch { path: path.clone() }, None, None).await?;
                    shown.push(path);
                }
                MountKind::Secret { id, variable, required, mode, uid, gid } => {
                    let plan = &self.build.plan;
                    let Some(value) = plan.secrets.get(id).or_else(|| plan.tokens.get(id)) else {
                        match required {
                            true => return Err(format!("there is no secret {id} among the build's secrets")),
                            false => continue,
                        }
                    };
                    if let Some(variable) = variable {
                        env.insert(variable.clone(), value.clone());
                    }
                    if variable.is_none() || target.is_some() {
                        self.only_overlay("--mount=type=secret as a file")?;
                        let path = target.unwrap_or_else(|| Path::new("/run/secrets").join(id));
                        let user = Ids { uid: *uid, gid: *gid, groups: Vec::new() };
                        self.job(Job::Show { path: path.clone(), user, mode: *mode }, Some(in_memory(value)?), None).await?;
                        shown.push(path);
                    }
                }
            }
        }
        Ok(())
    }

    fn only_overlay(&self, what: &str) -> Result<(), String> {
        match self.sandbox.setup.mode {
            Mode::Plain => Err(format!("{what} cannot be had with plain isolation")),
            _ => Ok(()),
        }
    }

    async fn command(&self, command: &Command, env: BTreeMap<String, String>, user: Ids, shown: &mut Vec<PathBuf>) -> Result<(), String> {
        let argv = match command {
            Command::Exec(words) => words.clone(),
            Command::Shell(text) if text.starts_with("#!") => {
                self.only_overlay("a script with an interpreter of its own")?;
                let path = PathBuf::from(SCRIPT);
                let job = Job::Show { path: path.clone(), user: user.clone(), mode: 0o755 };
                self.job(job, Some(in_memory(text)?), None).await?;
                shown.push(path);
                vec![SCRIPT.to_string()]
            }
            Command::Shell(text) => self.image.shell.iter().chain([text]).cloned().collect(),
        };
        let (out, out_write) = output_pipe().map_err(|e| e.to_string())?;
        let (err, err_write) = output_pipe().map_err(|e| e.to_string())?;
        let logs = [out, err].map(|pipe| tokio::spawn(self.build.log.clone().carry(pipe)));
        let job = Job::Exec { argv, env: env.into_iter().collect(), cwd: self.workdir(), user };
        let running = self.sandbox.begin(job, [out_write, err_write], None).await.map_err(|failure| failure.what)?;
        let exit = running.exit.await.map_err(|_| "the sandbox ended before the command did")?;
        // What a command leaves in the background does not go into a disk.
        self.end_processes().await;
        let _ = tokio::time::timeout(LAST_WORDS, futures_util::future::join_all(logs)).await;
        match exit {
            Exit::Code(0) => Ok(()),
            Exit::Code(code) => Err(format!("the command ended with exit status {code}")),
            Exit::Signal(signal) => Err(format!("the command was ended by signal {signal}")),
        }
    }

    async fn end_processes(&self) {
        let sandbox = self.sandbox.clone();
        let ended = tokio::task::spawn_blocking(move || {
            // A process may start another one while we look.
            for _ in 0..100 {
                let left = sandbox.processes(&procfs::all());
                if left.is_empty() {
                    return;
                }
                for process in left {
                    let _ = kill(Pid::from_raw(process.pid), Signal::SIGKILL);
                }
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        let _ = ended.await;
    }
}

/// A text as a descriptor that no disk ever sees.
fn in_memory(text: &str) -> Result<OwnedFd, String> {
    let made = rustix::fs::memfd_create("text", rustix::fs::MemfdFlags::CLOEXEC).map_err(|e| e.to_string())?;
    let mut file = File::from(made);
    file.write_all(text.as_bytes()).and_then(|()| file.rewind()).map_err(|e| e.to_string())?;
    Ok(file.into())
}
