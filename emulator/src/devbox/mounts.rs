//! Files, objects and repositories are put into a new devbox before its commands run.

use super::log::{Level, Source};
use super::mount::{quoted, CodeMount, Mount};
use super::{elsewhere, Devbox, Failed};
use crate::app::App;
use crate::execution::Command;
use crate::sandbox::{Failure, Sandbox};
use base64::prelude::{Engine, BASE64_STANDARD as BASE64};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

pub(super) async fn put(app: &Arc<App>, devbox: &Arc<Devbox>, sandbox: &Arc<Sandbox>, mount: &Mount) -> Result<(), Failed> {
    let done = match mount {
        Mount::File { target, content } => write(sandbox, target, content.clone().into_bytes()).await.map(|()| target.clone()),
        Mount::Object { object_id, object_path } => {
            let object = elsewhere::object(app, object_id).map_err(|e| Failed::execution(e.message()))?;
            let named = |e: Failure| Failure { errno: e.errno, what: format!("object {object_id}: {}", e.what) };
            place(sandbox, object, object_path).await.map(|()| format!("object {object_id} at {object_path}")).map_err(named)
        }
        Mount::Code(code) => return clone(app, devbox, sandbox, code).await,
        // Its agent is launched at every start, after the commands.
        Mount::Broker(_) => return Ok(()),
    };
    match done {
        Ok(what) => {
            devbox.log.note(app.clock.now_ms(), Level::Info, Source::Files, format!("mounted {what}"));
            Ok(())
        }
        Err(failure) => {
            let category = match failure.errno {
                libc::ENOSPC | libc::EDQUOT => "out_of_disk",
                _ => "execution_failed",
            };
            Err(Failed { category, what: format!("a mount failed: {}", failure.what) })
        }
    }
}

async fn write(sandbox: &Sandbox, path: &str, contents: Vec<u8>) -> Result<(), Failure> {
    let mut file = sandbox.open(PathBuf::from(path), true).await?;
    let written = tokio::task::spawn_blocking(move || file.write_all(&contents)).await;
    written.map_err(std::io::Error::other).and_then(|written| written).map_err(|e| failure(path, &e))
}

/// An archive is unpacked into the folder that the path names; anything else becomes the file.
async fn place(sandbox: &Sandbox, (content, kind): (PathBuf, String), path: &str) -> Result<(), Failure> {
    let mut from = std::fs::File::open(&content).map_err(|e| failure(path, &e))?;
    if matches!(kind.as_str(), "tar" | "tgz") {
        return sandbox.unpack(from, kind == "tgz", PathBuf::from(path)).await;
    }
    let mut file = sandbox.open(PathBuf::from(path), true).await?;
    let copied = tokio::task::spawn_blocking(move || std::io::copy(&mut from, &mut file)).await;
    copied.map_err(std::io::Error::other).and_then(|copied| copied).map(|_| ()).map_err(|e| failure(path, &e))
}

fn failure(path: &str, e: &std::io::Error) -> Failure {
    Failure { errno: e.raw_os_error().unwrap_or(libc::EIO), what: format!("{path}: {e}") }
}

async fn clone(app: &Arc<App>, devbox: &Arc<Devbox>, sandbox: &Arc<Sandbox>, code: &CodeMount) -> Result<(), Failed> {
    let home = &devbox.launch.user.home;
    let folder = quoted(&home.join(&code.repo_name).display().to_string());
    let url = quoted(&format!("{}/{}/{}.git", app.git_host, code.repo_owner, code.repo_name));
    let branch = code.git_ref.as_deref().filter(|name| !name.is_empty());
    let branch = branch.map_or_else(String::new, |name| format!("--branch {} ", quoted(name)));
    let mut environment = vec![("GIT_TERMINAL_PROMPT".to_string(), "0".to_string())];
    if let Some(token) = code.token.as_deref().filter(|token| !token.is_empty()) {
        // Neither in the command line nor in the clone's configuration.
        let credential = BASE64.encode(format!("x-access-token:{token}"));
        for (name, value) in [
            ("GIT_CONFIG_COUNT", "1".to_string()),
            ("GIT_CONFIG_KEY_0", format!("http.{}/.extraHeader", app.git_host)),
            ("GIT_CONFIG_VALUE_0", format!("Authorization: Basic {credential}")),
        ] {
            environment.push((name.into(), value));
        }
    }
    let command = Command::new(format!("git clone {branch}-- {url} {folder}")).of(Source::SetupCommands).with(environment);
    devbox.set_up(app, sandbox, command).await?;
    match code.install_command.as_deref().filter(|command| !command.trim().is_empty()) {
        Some(install) => {
            let command = Command::new(format!("cd {folder} && {{ {install}\n}}")).of(Source::SetupCommands);
            devbox.set_up(app, sandbox, command).await
        }
        None => Ok(()),
    }
}
