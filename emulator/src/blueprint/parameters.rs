//! What a blueprint is asked to be, checked.

use super::elsewhere;
use crate::app::App;
use crate::http::ApiError;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const LARGEST_FILE: usize = 98_250;
const LARGEST_FILES: usize = 7_860_000;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Parameters {
    pub name: String,
    pub base_blueprint_id: Option<String>,
    pub base_blueprint_name: Option<String>,
    build_args: Option<BTreeMap<String, String>>,
    build_context: Option<Context>,
    code_mounts: Option<Vec<CodeMount>>,
    pub dockerfile: Option<String>,
    file_mounts: Option<BTreeMap<String, String>>,
    pub launch_parameters: Option<Launch>,
    secrets: Option<BTreeMap<String, String>>,
    services: Option<Vec<Value>>,
    network_policy_id: Option<String>,
    system_setup_commands: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Context {
    object_id: String,
}

#[derive(Deserialize)]
pub struct CodeMount {
    pub repo_name: String,
    pub repo_owner: String,
    pub token: Option<String>,
    pub git_ref: Option<String>,
    pub install_command: Option<String>,
}

#[derive(Deserialize)]
pub struct Launch {
    user_parameters: Option<UserParameters>,
}

#[derive(Deserialize)]
struct UserParameters {
    username: String,
    uid: u32,
}

impl Parameters {
    pub fn check(&self) -> Result<(), ApiError> {
        let refuse = |what: String| Err(ApiError::bad_request(what));
        if self.name.trim().is_empty() {
            return refuse("name must not be empty".into());
        }
        if self.base_blueprint_id.is_some() && self.base_blueprint_name.is_some() {
            return refuse("only one of base_blueprint_id and base_blueprint_name can be given".into());
        }
        for (path, content) in self.file_mounts() {
            if content.len() > LARGEST_FILE {
                return refuse(format!("file_mounts: {path} has {} bytes; {LARGEST_FILE} is the most", content.len()));
            }
            if path.is_empty() || path.contains('\0') {
                return refuse("file_mounts: a path is empty or holds a NUL".into());
            }
        }
        let all: usize = self.file_mounts().map(|(_, content)| content.len()).sum();
        if all > LARGEST_FILES {
            return refuse(format!("file_mounts: they have {all} bytes together; {LARGEST_FILES} is the most"));
        }
        for mount in self.code_mounts() {
            mount.check()?;
        }
        let (user, uid) = self.user();
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.".contains(&b);
        if user.is_empty() || user.starts_with(['-', '.']) || !user.bytes().all(plain) || (user == "root") != (uid == 0) {
            return refuse("launch_parameters.user_parameters: that is no user to be had".into());
        }
        Ok(())
    }

    pub fn file_mounts(&self) -> impl Iterator<Item = (&String, &String)> {
        self.file_mounts.iter().flatten()
    }

    pub fn code_mounts(&self) -> &[CodeMount] {
        self.code_mounts.as_deref().unwrap_or_default()
    }

    pub fn commands(&self) -> &[String] {
        self.system_setup_commands.as_deref().unwrap_or_default()
    }

    pub fn arguments(&self) -> BTreeMap<String, String> {
        self.build_args.clone().unwrap_or_default()
    }

    pub fn context(&self) -> Option<String> {
        self.build_context.as_ref().map(|context| context.object_id.clone())
    }

    pub fn has_services(&self) -> bool {
        self.services.as_ref().is_some_and(|services| !services.is_empty())
    }

    pub fn has_policy(&self) -> bool {
        self.network_policy_id.is_some()
    }

    /// The user that devboxes will have.
    pub fn user(&self) -> (String, u32) {
        let asked = self.launch_parameters.as_ref().and_then(|launch| launch.user_parameters.as_ref());
        asked.map_or(("user".into(), 1000), |user| (user.username.clone(), user.uid))
    }

    /// Values by the name that commands find them under.
    pub fn secrets(&self, app: &App) -> Result<BTreeMap<String, String>, ApiError> {
        let mut values = BTreeMap::new();
        for (name, secret) in self.secrets.iter().flatten() {
            if name.is_empty() || name.contains(['=', '\0', '/']) {
                return Err(ApiError::bad_request(format!("secrets: {name:?} is no name of an environment variable")));
            }
            values.insert(name.clone(), elsewhere::secret(app, secret)?);
        }
        Ok(values)
    }
}

impl CodeMount {
    fn check(&self) -> Result<(), ApiError> {
        let plain = |text: &str| {
            !text.is_empty() && !text.starts_with(['-', '.']) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
        };
        if !plain(&self.repo_owner) || !plain(&self.repo_name) {
            return Err(ApiError::bad_request("code_mounts: repo_owner and repo_name must be names of a repository and its owner"));
        }
        match self.git_ref.as_deref().is_some_and(|name| name.is_empty() || name.starts_with('-') || name.contains(['\0', '\n'])) {
            true => Err(ApiError::bad_request("code_mounts: git_ref is no branch or tag")),
            false => Ok(()),
        }
    }
}

/// The parameters as they may be kept and shown: credentials are neither.
pub fn without_credentials(mut parameters: Map<String, Value>) -> Map<String, Value> {
    parameters.retain(|_, value| !value.is_null());
    for mount in parameters.get_mut("code_mounts").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(mount) = mount.as_object_mut() {
            mount.remove("token");
        }
    }
    for service in parameters.get_mut("services").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(password) = service.get_mut("credentials").and_then(|credentials| credentials.get_mut("password")) {
            *password = "***".into();
        }
    }
    parameters
}
