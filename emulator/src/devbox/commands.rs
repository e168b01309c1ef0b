//! Commands in a devbox.

use super::{Devbox, Failed};
use crate::app::App;
use crate::execution::{Command, Execution};
use crate::http::ApiError;
use crate::sandbox::Sandbox;
use std::sync::Arc;

impl Devbox {
    /// Starts a command, or finds the one that was started under the same name.
    pub async fn execute(&self, app: &Arc<App>, sandbox: &Arc<Sandbox>, command: Command) -> Result<Arc<Execution>, ApiError> {
        self.executions.start(app, sandbox, command, self.command_environment(sandbox)).await
    }

    /// Runs one command of the set-up, which has to succeed.
    pub(super) async fn set_up(&self, app: &Arc<App>, sandbox: &Arc<Sandbox>, command: Command) -> Result<(), Failed> {
        let text = command.text().to_string();
        let execution = self.execute(app, sandbox, command).await;
        let execution = execution.map_err(|e| Failed::execution(format!("the command `{text}` cannot start: {}", e.message())))?;
        match execution.completed().await {
            0 => Ok(()),
            code => {
                Err(Failed::execution(format!("the command `{text}` failed with exit code {code}; its output is in the devbox's logs")))
            }
        }
    }
}
