//! What a launch asks to be put into a new devbox.

use super::elsewhere;
use crate::app::App;
use crate::http::ApiError;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

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
    pub repo_owner: String,
    pub repo_name: String,
    /// A credential: used once, never stored.
    #[serde(skip_serializing)]
    pub token: Option<String>,
    pub git_ref: Option<String>,
    pub install_command: Option<String>,
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

/// An agent that an axon's events are given to.
#[derive(Clone, Serialize, Deserialize)]
pub struct Broker {
    pub axon_id: String,
    agent_binary: Option<String>,
    launch_args: Option<Vec<String>>,
    pub protocol: Option<String>,
    working_directory: Option<String>,
}

impl Broker {
    pub fn command(&self) -> Option<String> {
        let binary = self.agent_binary.as_deref().filter(|binary| !binary.is_empty())?;
        let words = [binary].into_iter().chain(self.launch_args.iter().flatten().map(String::as_str));
        let command = words.map(quoted).collect::<Vec<_>>().join(" ");
        Some(match self.working_directory.as_deref().filter(|folder| !folder.is_empty()) {
            Some(folder) => format!("cd {} && exec {command}", quoted(folder)),
            None => format!("exec {command}"),
        })
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
