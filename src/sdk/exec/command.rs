//! Running a command to its end.

use std::time::Instant;

use serde_json::Value;

use super::execution::{is_interruption, kill, Execution};
use super::options::{ExecOptions, Listener};
use super::result::{ExecResult, Kept};
use super::shell::{command_line, CommandLine};
use super::watch::Patience;
use crate::api::{exec, ExecutionView};
use crate::error::{Error, Result, SideEffect};
use crate::sdk::devbox::Devbox;
use crate::transport::{Call, CallOptions, Secret, Sending};

impl Devbox {
    /// Runs a command and waits for its end. A command that fails is a result, not an error.
    pub fn exec(
        &self,
        command: &str,
        exec: &ExecOptions,
        options: &CallOptions,
        listener: Option<&mut dyn Listener>,
    ) -> Result<ExecResult> {
        if exec.attach_stdin {
            return Err(Error::invalid(
                "exec waits for the command's end and so cannot feed it; start it with exec_async to send it input.",
            ));
        }
        let line = command_line(command, &exec.surroundings)?;
        let patience = Patience::new(self.client.call(options), &options.with_secrets(&line.secrets));
        let (call, options) = (&patience.bounded, &patience.options);
        let outcome = if listener.is_none() && exec.timeout.is_none() && exec.max_output.is_none() {
            self.exec_at_once(call, &line, options)
        } else {
            self.start(call, &line, exec, options).and_then(|execution| {
                let outcome = execution.finish(call, exec, &options.for_what_follows(), listener);
                outcome.map_err(|error| execution.give_up(error, options))
            })
        };
        outcome.map_err(|error| patience.explain(error))
    }

    /// Starts a command and returns; its output and its end are the execution's business.
    pub fn exec_async(&self, command: &str, exec: &ExecOptions, options: &CallOptions) -> Result<Execution> {
        let line = command_line(command, &exec.surroundings)?;
        self.start(&self.client.call(options), &line, exec, options)
    }

    fn start(&self, call: &Call, line: &CommandLine, exec: &ExecOptions, options: &CallOptions) -> Result<Execution> {
        let mut request = exec::execute_async(&self.id, &line.script, exec.attach_stdin)?;
        request.secrets.extend(line.secrets.iter().cloned());
        let mut sending = self.client.transport().start(call, options, &request)?;
        match self.client.transport().finish(call, &request, &mut sending) {
            Ok(answer) => {
                let read = |value: &Value| ExecutionView::read(&request.name(), value).and_then(|view| view.named(&request.name()));
                let view = self.about(answer.read(&request.name(), read))?;
                let kill_at = exec.timeout.map(|timeout| (Instant::now() + timeout, timeout));
                Ok(Execution::new(self, &view.execution_id, kill_at).with_secrets(&line.secrets))
            }
            Err(error) => Err(self.abandon(error, sending, &line.secrets, options)),
        }
    }

    /// One round trip where the command ends soon, without anything to listen to.
    pub(crate) fn exec_at_once(&self, call: &Call, line: &CommandLine, options: &CallOptions) -> Result<ExecResult> {
        let mut request = exec::execute(&self.id, &line.script, &crate::os::random::id_by_time().to_string())?;
        request.secrets.extend(line.secrets.iter().cloned());
        let mut sending = self.client.transport().start(call, options, &request)?;
        let answer = match self.client.transport().finish(call, &request, &mut sending) {
            Ok(answer) => answer,
            Err(error) => return Err(self.abandon(error, sending, &line.secrets, options)),
        };
        let read = |value: &Value| {
            let view = ExecutionView::read(&request.name(), value)?;
            Ok((if view.completed() { view } else { view.named(&request.name())? }, value.clone()))
        };
        let (view, value) = self.about(answer.read(&request.name(), read))?;
        let execution = Execution::new(self, &view.execution_id, None).with_secrets(&line.secrets);
        if view.completed() {
            return ExecResult::new(execution.identity(), value, [Kept::InAnswer, Kept::InAnswer]);
        }
        execution
            .await_completed(call, &options.for_what_follows(), None)
            .and_then(|value| ExecResult::new(execution.identity(), value, [Kept::InAnswer, Kept::InAnswer]))
            .map_err(|error| execution.give_up(error, options))
    }

    /// The call ended before the service said which execution it is: when it does, the command
    /// is killed.
    fn abandon(&self, error: Error, mut sending: Sending, secrets: &[Secret], options: &CallOptions) -> Error {
        let error = error.about(&self.id);
        if error.details().side_effect != SideEffect::Unknown || !is_interruption(&error) {
            return error;
        }
        let (devbox, secrets) = (self.id.clone(), secrets.to_vec());
        let what = format!("The command that an interrupted call may have started in the devbox {devbox}");
        self.client.transport().clean_up(what, options, |task| async move {
            let answer = match sending.outcome().await {
                Err(error) if error.details().side_effect == SideEffect::None => return Ok("was not started".to_owned()),
                answer => answer?,
            };
            let view = ExecutionView::read("execute", &answer.json("execute")?)?;
            if view.completed() {
                return Ok("has ended".to_owned());
            }
            kill(&task, &devbox, &view.execution_id, secrets).await
        });
        error.adding("If the command was started, it is being killed.")
    }
}
