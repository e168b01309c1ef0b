//! Running a command to its end.

use std::time::{Duration, Instant};

use runloop_macros::c_enum;

use serde_json::Value;

use super::execution::Execution;
use super::result::{ExecResult, Kept};
use super::shell::{command_line, CommandLine, Surroundings};
use crate::api::{exec, ExecutionView};
use crate::error::{Error, Next, Result, Retryable, SideEffect, Status};
use crate::log;
use crate::sdk::devbox::Devbox;
use crate::transport::{Call, CallOptions, Errand, Secret, Sending};

/// How long the state may take that is asked for before a kill.
const FIRST_LOOK: Duration = Duration::from_secs(1);
/// After a kill, how long the command may take to end and its output to arrive; and how long the output of one that has ended
/// may be silent.
const AFTER_KILL: Duration = Duration::from_secs(10);
/// How long the state may take that is asked for after that.
const LAST_LOOK: Duration = Duration::from_secs(5);

/// One of a command's two outputs.
#[c_enum(RUNLOOP)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Standard output. RUNLOOP_STDOUT | RUNLOOP_STDERR means both.
    Stdout = 1,
    /// Standard error.
    Stderr = 2,
}

impl Which {
    /// Its place among a result's two outputs.
    pub(crate) fn place(self) -> usize {
        match self {
            Which::Stdout => 0,
            Which::Stderr => 1,
        }
    }

    /// What messages call it.
    pub fn name(self) -> &'static str {
        match self {
            Which::Stdout => "standard output",
            Which::Stderr => "standard error",
        }
    }
}

/// How a command is to be run.
#[derive(Clone, Default)]
pub struct ExecOptions {
    /// Where, with what and as whom.
    pub surroundings: Surroundings,
    /// The command's process group is killed when it has run for so long.
    pub timeout: Option<Duration>,
    /// Of each output so much is kept for the result, from its end; none: all.
    pub max_output: Option<usize>,
    /// Whether text can be sent to it.
    pub attach_stdin: bool,
}

/// Takes output as it comes, on the calling thread.
pub trait Listener {
    /// Whether this output is of interest.
    fn wants(&self, which: Which) -> bool;
    /// Takes a piece; `false` stops the call.
    fn take(&mut self, which: Which, piece: &[u8]) -> bool;
}

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
            return ExecResult::new(&execution, value, [Kept::InAnswer, Kept::InAnswer]);
        }
        execution
            .await_completed(call, &options.for_what_follows(), None)
            .and_then(|value| ExecResult::new(&execution, value, [Kept::InAnswer, Kept::InAnswer]))
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
        self.client.transport().clean_up(what, options, |errand| async move {
            let answer = match sending.outcome().await {
                Err(error) if error.details().side_effect == SideEffect::None => return Ok("was not started".to_owned()),
                answer => answer?,
            };
            let view = ExecutionView::read("execute", &answer.json("execute")?)?;
            if view.completed() {
                return Ok("has ended".to_owned());
            }
            kill(&errand, &devbox, &view.execution_id, secrets).await
        });
        error.adding("If the command was started, it is being killed.")
    }
}

fn stopped() -> Error {
    Error::new(Status::Stopped, "The call was stopped by its output function.")
}

pub(crate) fn is_interruption(error: &Error) -> bool {
    matches!(error.status(), Status::Cancelled | Status::Closed | Status::Deadline | Status::Stopped)
}

pub(crate) async fn kill(errand: &Errand, devbox: &str, execution: &str, secrets: Vec<Secret>) -> Result<String> {
    let mut request = exec::kill(devbox, execution, true)?;
    request.secrets = secrets;
    match errand.insist(&request).await {
        Ok(_) => Ok(format!("was killed ({execution})")),
        Err(error) if error.details().already => Ok("was gone already".to_owned()),
        Err(error) => Err(error),
    }
}

impl Execution {
    /// Waits for the end, passing on output as it comes.
    pub(crate) fn finish(
        &self,
        call: &Call,
        exec: &ExecOptions,
        options: &CallOptions,
        listener: Option<&mut dyn Listener>,
    ) -> Result<ExecResult> {
        let further = options.for_what_follows();
        let mut watch = Watch { execution: self, call, options, further, timed_out: false, over: None, ended: None };
        let outcome = match listener {
            Some(listener) => watch.with_listener(exec, listener),
            None => watch.until_completed().and_then(|value| ExecResult::new(self, value, [Kept::InAnswer, Kept::InAnswer])),
        };
        let mut result = match outcome {
            // To wait for the command again does no harm.
            Err(error) if watch.over.is_some() => return Err(error.with_side_effect(SideEffect::Happened)),
            outcome => outcome?,
        };
        result.set_timed_out(watch.timed_out);
        result.set_bound(exec.max_output);
        Ok(result)
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
}

/// The bounds of a call that waits for a command: those of the call, and `poll_timeout`, which means the same however the
/// command's end and its output are awaited.
pub(crate) struct Patience {
    call: Call,
    /// The call, ended by the patience too.
    pub(crate) bounded: Call,
    /// The options without what is in the bounds.
    pub(crate) options: CallOptions,
    limit: Option<Duration>,
}

impl Patience {
    pub(crate) fn new(call: Call, options: &CallOptions) -> Patience {
        let limit = options.poll_timeout;
        let end = limit.and_then(|limit| Instant::now().checked_add(limit));
        let bounded = end.map_or_else(|| call.clone(), |end| call.no_later_than(end));
        Patience { call, bounded, options: CallOptions { poll_timeout: None, ..options.clone() }, limit }
    }

    /// Tells the end of the patience from that of the call.
    pub(crate) fn explain(&self, error: Error) -> Error {
        let Some(limit) = self.limit.filter(|_| error.status() == Status::Deadline && self.call.check().is_ok()) else { return error };
        let known = error.details();
        let what = known.resource_id.as_ref().map_or("the command".to_owned(), |id| format!("the command ({id})"));
        let mut waited = Error::new(Status::WaitTimedOut, format!("Waited {} ms for the end of {what} in vain.", limit.as_millis()))
            .followed_by(Next::WAIT);
        let details = waited.details_mut();
        details.attempts = known.attempts;
        details.resource_id.clone_from(&known.resource_id);
        details.side_effect = known.side_effect;
        details.retryable = known.retryable;
        details.http_status = known.http_status;
        details.code.clone_from(&known.code);
        details.request_id.clone_from(&known.request_id);
        details.retry_after = known.retry_after;
        details.cause.clone_from(&known.cause);
        details.body.clone_from(&known.body);
        match error.details().message.find("is being killed") {
            Some(_) => waited.adding("If the command runs still, it is being killed."),
            None => waited,
        }
    }
}

/// Waits for one command, and kills it when its time is over.
struct Watch<'a> {
    execution: &'a Execution,
    call: &'a Call,
    options: &'a CallOptions,
    /// Those of the requests beside its waits and streams.
    further: CallOptions,
    timed_out: bool,
    /// When it was killed, or found to have ended; then, when its output last came.
    over: Option<Instant>,
    /// The execution, where it had ended before it was killed.
    ended: Option<Value>,
}

impl Watch<'_> {
    /// The bounds of the next step: the call's own, or the command's end of time if that is first.
    fn bounds(&self) -> Call {
        let own = match self.over {
            Some(over) => Some(over + AFTER_KILL),
            None => self.execution.kill_at.map(|(at, _)| at),
        };
        own.map_or_else(|| self.call.clone(), |own| self.call.no_later_than(own))
    }

    /// Whether a step ended because the command's time, not the call's, is over.
    fn out_of_time(&self, error: &Error) -> bool {
        error.status() == Status::Deadline && self.call.check().is_ok()
    }

    /// Kills the command. One that has ended by itself keeps its result, and what it has left running.
    fn kill(&mut self) -> Result<()> {
        // A look that fails holds up the kill for no longer.
        let once = CallOptions { max_retries: Some(0), ..self.further.clone() };
        self.ended = self.state_at_end(&self.call.no_later_than(Instant::now() + FIRST_LOOK), &once);
        if self.ended.is_some() {
            self.over = Some(Instant::now());
            return Ok(());
        }
        let request = exec::kill(&self.execution.devbox.id, &self.execution.id, true)?;
        match self.execution.devbox.client.ask_within(self.call, &self.further, &request) {
            Ok(_) => self.timed_out = true,
            Err(error) if is_interruption(&error) => return Err(error),
            Err(error) => {
                let Some(value) = self.state_at_end(self.call, &self.further) else { return Err(error) };
                self.ended = Some(value);
                self.timed_out = error.details().side_effect != SideEffect::None;
            }
        }
        self.over = Some(Instant::now());
        Ok(())
    }

    /// Output of a command that has ended goes on coming, however much there is of it.
    fn has_more_output(&mut self) {
        if self.ended.is_some() {
            self.over = Some(Instant::now());
        }
    }

    /// The error of a kill that has not ended the command.
    fn killed_in_vain(&self) -> Error {
        let id = &self.execution.id;
        let after = self.execution.kill_at.map_or(0, |(_, after)| after.as_millis());
        let message = format!(
            "The command {id} was killed when its timeout of {after} ms was over, and has not ended within {} s of that. Look at the \
             execution's state, and shut the devbox down if the command must not go on.",
            AFTER_KILL.as_secs()
        );
        Error::new(Status::WaitTimedOut, message).with_retryable(Retryable::Yes)
    }

    /// The execution, if it has ended.
    fn state_at_end(&self, call: &Call, options: &CallOptions) -> Option<Value> {
        let request = exec::retrieve(&self.execution.devbox.id, &self.execution.id).ok()?;
        let value = self.execution.devbox.client.ask_within(call, options, &request).ok()?;
        ExecutionView::read(&request.name(), &value).is_ok_and(|view| view.completed()).then_some(value)
    }

    fn until_completed(&mut self) -> Result<Value> {
        if let Some(value) = &self.ended {
            return Ok(value.clone());
        }
        match self.execution.await_completed(&self.bounds(), self.options, None) {
            Err(error) if self.out_of_time(&error) && self.over.is_none() => {
                self.kill()?;
                self.until_completed()
            }
            Err(error) if self.out_of_time(&error) => {
                // What has come about in the last moment counts.
                let last = self.call.no_later_than(Instant::now() + LAST_LOOK);
                self.state_at_end(&last, &self.further).ok_or_else(|| self.killed_in_vain())
            }
            outcome => outcome,
        }
    }

    fn with_listener(&mut self, exec: &ExecOptions, listener: &mut dyn Listener) -> Result<ExecResult> {
        let wanted: Vec<Which> = [Which::Stdout, Which::Stderr].into_iter().filter(|which| listener.wants(*which)).collect();
        let mut stream = self.execution.stream(&wanted, self.options);
        let mut kept = [Kept::InAnswer, Kept::InAnswer];
        for which in &wanted {
            kept[which.place()] = Kept::new(exec.max_output);
        }
        let mut broken = false;
        loop {
            match stream.next_within(&self.bounds()) {
                Ok(Some((which, piece))) => {
                    self.has_more_output();
                    kept[which.place()].add(&piece);
                    if !listener.take(which, &piece) {
                        return Err(stopped());
                    }
                }
                Ok(None) => break,
                Err(error) if self.out_of_time(&error) && self.over.is_none() => self.kill()?,
                Err(error) if is_interruption(&error) && !self.out_of_time(&error) => return Err(error),
                Err(error) => {
                    broken = true;
                    // The other output goes on.
                    let Some(which) = stream.leave_failed() else { break };
                    log::tell(log::Level::Warn, || {
                        format!("The {} of the command {} cannot be read on: {error}", which.name(), self.execution.id)
                    });
                }
            }
        }
        let value = match stream.completed() {
            Some(value) => value,
            None => self.until_completed()?,
        };
        let mut incomplete = false;
        if broken {
            let view = ExecutionView::read("execution", &value)?;
            for which in wanted {
                // The execution may hold what the stream has not brought.
                match stream.rest(which, &view) {
                    Some(rest) if rest.is_empty() => {}
                    Some(rest) => {
                        kept[which.place()].add(&rest);
                        if !listener.take(which, &rest) {
                            return Err(stopped());
                        }
                    }
                    None => incomplete = true,
                }
            }
        }
        let mut result = ExecResult::new(self.execution, value, kept)?;
        if incomplete {
            result.set_incomplete();
        }
        Ok(result)
    }
}
