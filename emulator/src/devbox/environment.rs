//! What a devbox's commands find in their environment: nothing of the developer's own.

use super::{elsewhere, Devbox};
use crate::app::App;
use crate::http::ApiError;
use crate::sandbox::{Mode, Sandbox};
use std::collections::BTreeMap;

impl Devbox {
    /// Looks up the secrets, and makes new tokens for gateways and MCP servers.
    pub(super) fn inject(&self, app: &App) -> Result<(), ApiError> {
        let mut injected = BTreeMap::new();
        for name in self.launch.gateways.keys() {
            let (url, token) = elsewhere::gateway_access(app)?;
            injected.insert(format!("{name}_URL"), url);
            injected.insert(name.clone(), token);
        }
        for name in self.launch.mcp.keys() {
            let (url, token) = elsewhere::mcp_access(app)?;
            injected.insert("RL_MCP_URL".into(), url);
            // Under both names: the one that was chosen, and the one that the SDK's examples use.
            injected.insert("RL_MCP_TOKEN".into(), token.clone());
            injected.insert(name.clone(), token);
        }
        for (variable, secret) in &self.launch.secrets {
            let value = elsewhere::secret_value(app, secret)?;
            if value.contains('\0') {
                return Err(ApiError::bad_request(format!("secrets: the value of {secret} holds a NUL and cannot be a variable")));
            }
            injected.insert(variable.clone(), value);
        }
        *self.injected.lock().unwrap() = injected;
        Ok(())
    }

    pub fn command_environment(&self, sandbox: &Sandbox) -> Vec<(String, String)> {
        let user = &sandbox.setup.user;
        let home = user.home.display().to_string();
        let mut env: BTreeMap<String, String> = [
            ("HOME", home.as_str()),
            ("LANG", "C.UTF-8"),
            ("LOGNAME", &user.name),
            ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            ("SHELL", "/bin/bash"),
            ("USER", &user.name),
        ]
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .into();
        if sandbox.setup.mode == Mode::Plain {
            let tmp = sandbox.setup.folder.join("tmp");
            env.insert("TMPDIR".into(), tmp.display().to_string());
        }
        env.extend(self.launch.environment.clone());
        env.extend(self.injected.lock().unwrap().clone());
        env.into_iter().collect()
    }
}
