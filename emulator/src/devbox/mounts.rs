//! What is put into a new devbox before its commands run: files, objects, repositories.

use super::boot::run;
use super::broker::Broker;
use super::log::{Level, Source};
use super::{elsewhere, Devbox, Failed};
use crate::app::App;
use crate::execution::Command;
use crate::http::ApiError;
use crate::sandbox::{Failure, Sandbox};
use base64::prelude::{Engine, BASE64_STANDARD as BASE64};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Mount {
    #[serde(rename = "file_mount")]
    File { target: String, content: String },
    #[serde(rename = "object_mount")]
    Object { object_id: String, object_path: String },
    #[serde(rename = "code_mount")]
    Code(CodeMount),
    #[serde(rename = "broker_mount")]
    Broker(Broker),
}

#[derive(Clone, Serialize, Deserialize)]
pub struct CodeMount {
    repo_owner: String,
    repo_name: String,
    /// A credential: used once, never stored.
    #[serde(skip_serializing)]
    token: Option<String>,
    git_ref: Option<String>,
    install_command: Option<String>,
}

impl Mount {
    /// What can be known to be wrong before the devbox is made.
    pub fn check(&self, app: &App) -> Result<(), ApiError> {
        match self {
            Mount::File { target, .. } => check_path("a file mount's target", target),
            Mount::Object { object_id, object_path } => {
                check_path("an object mount's object_path", object_path)?;
                elsewhere::object(app, object_id).map(|_| ())
            }
            Mount::Code(code) => code.check(),
            Mount::Broker(broker) => elsewhere::last_event(app, &broker.axon_id).map(|_| ()),
        }
    }
}

fn check_path(what: &str, path: &str) -> Result<(), ApiError> {
    match path.is_empty() || path.contains('\0') || PathBuf::from(path).components().any(|part| part.as_os_str() == "..") {
        true => Err(ApiError::bad_request(format!("{what} is empty, or leads out of its folder with \"..\", or holds a NUL: {path:?}"))),
        false => Ok(()),
    }
}

impl CodeMount {
    fn check(&self) -> Result<(), ApiError> {
        let refuse = |field: &str, value: &str| Err(ApiError::bad_request(format!("a code mount's {field} cannot be {value:?}")));
        for (field, value) in [("repo_owner", &self.repo_owner), ("repo_name", &self.repo_name)] {
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.".contains(&b);
            if value.is_empty() || value.starts_with('-') || value == "." || value == ".." || !value.bytes().all(plain) {
                return refuse(field, value);
            }
        }
        match self.git_ref.as_deref() {
            Some(name) if name.starts_with('-') || name.chars().any(|c| c.is_whitespace() || c.is_control()) => refuse("git_ref", name),
            _ => Ok(()),
        }
    }
}

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
    run(app, devbox, sandbox, command).await?;
    match code.install_command.as_deref().filter(|command| !command.trim().is_empty()) {
        Some(install) => {
            let command = Command::new(format!("cd {folder} && {{ {install}\n}}")).of(Source::SetupCommands);
            run(app, devbox, sandbox, command).await
        }
        None => Ok(()),
    }
}

/// As one word of a shell's command.
pub(super) fn quoted(text: &str) -> String {
    match text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./:@%+=".contains(&b)) {
        true => text.to_string(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_not_stored() {
        let code: CodeMount = serde_json::from_str(r#"{"repo_owner":"o","repo_name":"r","token":"hush"}"#).unwrap();
        let kept = serde_json::to_string(&Mount::Code(code)).unwrap();
        assert!(kept.contains("code_mount") && !kept.contains("hush"));
        assert!(matches!(serde_json::from_str(&kept), Ok(Mount::Code(CodeMount { token: None, .. }))));
    }
}
