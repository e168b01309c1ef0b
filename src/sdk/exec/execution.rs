//! A command that was started: its state, its output, its input, its end.

use std::time::{Duration, Instant};

use serde_json::{json, Value};
use tokio::sync::Mutex;

use super::options::StdStream;
use super::output::OutputStream;
use super::result::Identity;
use crate::api::{exec, views, ExecutionView};
use crate::error::{Error, Result, SideEffect, Status};
use crate::sdk::devbox::Devbox;
use crate::transport::{Call, CallOptions, CleanupTask, Secret, Wait};

/// A command's execution in a devbox.
pub struct Execution {
    pub(crate) devbox: Devbox,
    pub(crate) id: String,
    /// When the command is to be killed, and after how long that is.
    pub(crate) kill_at: Option<(Instant, Duration)>,
    /// One piece of input after the other, in the order of the calls: the service keeps none among several. Whoever waits for
    /// another's ends by his own bounds.
    input: Mutex<()>,
    /// What the command was given that no error may repeat.
    pub(crate) secrets: Vec<Secret>,
}

impl Execution {
    pub(crate) fn new(devbox: &Devbox, id: &str, kill_at: Option<(Instant, Duration)>) -> Execution {
        Execution { devbox: devbox.clone(), id: id.to_owned(), kill_at, input: Mutex::new(()), secrets: Vec::new() }
    }

    /// What the command was given that no error may repeat.
    pub(crate) fn with_secrets(self, secrets: &[Secret]) -> Execution {
        Execution { secrets: secrets.to_vec(), ..self }
    }

    /// An execution that was started elsewhere, without asking whether there is one.
    pub fn attach(devbox: &Devbox, id: &str) -> Result<Execution> {
        exec::check_id(id)?;
        Ok(Execution::new(devbox, id, None))
    }

    /// What its result has to know of it.
    pub(crate) fn identity(&self) -> Identity {
        Identity { devbox: self.devbox.clone(), id: self.id.clone(), secrets: self.secrets.clone() }
    }

    /// Names the execution in its devbox.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The devbox in which the command runs.
    pub fn devbox(&self) -> &Devbox {
        &self.devbox
    }

    /// The execution as the API shows it now.
    pub fn get_state(&self, options: &CallOptions) -> Result<Value> {
        let request = exec::retrieve(&self.devbox.id, &self.id)?;
        self.about(self.devbox.client.ask(&options.with_secrets(&self.secrets), &request))
    }

    /// Kills the command, and with `process_group` its process group.
    pub fn kill(&self, process_group: bool, options: &CallOptions) -> Result<Value> {
        let request = exec::kill(&self.devbox.id, &self.id, process_group)?;
        self.about(self.devbox.client.ask(&options.with_secrets(&self.secrets), &request))
    }

    /// Gives the command text to read. Nothing is sent for an empty text.
    pub fn send_stdin(&self, text: &str, options: &CallOptions) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.input(json!({ "text": text }), Some(Secret::new(text)), options)
    }

    /// Ends the command's input.
    pub fn close_stdin(&self, options: &CallOptions) -> Result<()> {
        self.input(json!({ "signal": "EOF" }), None, options)
    }

    /// Sends the command what Ctrl-C would.
    pub fn interrupt(&self, options: &CallOptions) -> Result<()> {
        self.input(json!({ "signal": "INTERRUPT" }), None, options)
    }

    fn input(&self, body: Value, secret: Option<Secret>, options: &CallOptions) -> Result<()> {
        let call = self.devbox.client.call(options);
        let _turn = self.devbox.client.transport().drive(&call, self.input.lock())?;
        let mut request = exec::send_stdin(&self.devbox.id, &self.id, body)?;
        request.secrets.extend(secret);
        let answer = self.about(self.devbox.client.ask_within(&call, &options.with_secrets(&self.secrets), &request))?;
        if views::flag(&answer, "success") == Some(false) {
            return Err(Error::new(
                Status::WrongState,
                format!("The execution {} takes no input: it has ended, or was started without attach_stdin.", self.id),
            )
            .about(&self.id));
        }
        Ok(())
    }

    /// The output from its first byte, to be pulled.
    pub fn stream(&self, which: &[StdStream], options: &CallOptions) -> OutputStream {
        OutputStream::new(&self.devbox.client, &self.devbox.id, &self.id, which, &options.with_secrets(&self.secrets))
    }

    /// Kills the command's process group behind the caller's back.
    pub(crate) fn kill_behind(&self, options: &CallOptions) {
        let (devbox, id, secrets) = (self.devbox.id.clone(), self.id.clone(), self.secrets.clone());
        let what = format!("The command {id} of the devbox {devbox}");
        let transport = self.devbox.client.transport();
        transport.clean_up(what, options, |task| async move { kill(&task, &devbox, &id, secrets).await });
    }

    /// The call that owned the command failed: a command still running is killed behind it, whatever ended the call. To make
    /// the same call again is to run the command again, which is not for the library to advise.
    pub(crate) fn give_up(&self, error: Error, options: &CallOptions) -> Error {
        let error = error.about(&self.id).done();
        if error.status() == Status::NotFound && !error.details().by_gateway {
            return error;
        }
        self.kill_behind(options);
        error.adding("The command is being killed.")
    }

    pub(crate) fn await_completed(&self, call: &Call, options: &CallOptions, total: Option<Duration>) -> Result<Value> {
        let waited = self.devbox.client.transport().wait(
            call,
            options,
            &Wait {
                request: exec::wait_for_status(&self.devbox.id, &self.id)?,
                state: exec::retrieve(&self.devbox.id, &self.id)?,
                hold: &|request, hold| request.body = Some(exec::wait_body(hold)),
                done: &|value| ExecutionView::read("wait_for_status", value).is_ok_and(|view| view.completed()),
                what: &format!("the end of the execution {}", self.id),
                total,
                allowed: None,
            },
        );
        self.about(waited).map(|found| found.value)
    }

    pub(crate) fn about<T>(&self, result: Result<T>) -> Result<T> {
        result.map_err(|error| {
            let side_effect = error.details().side_effect;
            let error = error.about(&self.id);
            if side_effect == SideEffect::Unknown {
                error
            } else {
                error.with_side_effect(side_effect)
            }
        })
    }
}

pub(crate) fn is_interruption(error: &Error) -> bool {
    matches!(error.status(), Status::Cancelled | Status::Closed | Status::Deadline | Status::Stopped)
}

pub(crate) async fn kill(task: &CleanupTask, devbox: &str, execution: &str, secrets: Vec<Secret>) -> Result<String> {
    let mut request = exec::kill(devbox, execution, true)?;
    request.secrets = secrets;
    match task.insist(&request).await {
        Ok(_) => Ok(format!("was killed ({execution})")),
        Err(error) if error.details().already => Ok("was gone already".to_owned()),
        Err(error) => Err(error),
    }
}
