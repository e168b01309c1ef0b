//! Waiting for the end of a command, with its output as it comes.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::execution::{is_interruption, Execution};
use super::options::{ExecOptions, Listener, StdStream};
use super::result::{ExecResult, Kept};
use crate::api::{exec, ExecutionView};
use crate::error::{Error, Next, Result, Retryable, SideEffect, Status};
use crate::log;
use crate::transport::{Call, CallOptions};

/// How long the state may take that is asked for before a kill.
const FIRST_LOOK: Duration = Duration::from_secs(1);
/// After a kill, how long the command may take to end and its output to arrive; and how long the output of one that has ended
/// may be silent.
const AFTER_KILL: Duration = Duration::from_secs(10);
/// How long the state may take that is asked for after that.
const LAST_LOOK: Duration = Duration::from_secs(5);

impl Execution {
    /// Waits for the command's end, however long that takes, passing on its output from the first
    /// byte. A killing timeout given at the start is kept to while somebody waits. The command goes on where the wait ends first.
    pub fn result(&self, exec: &ExecOptions, options: &CallOptions, listener: Option<&mut dyn Listener>) -> Result<ExecResult> {
        let patience = Patience::new(self.devbox.client.call(options), &options.with_secrets(&self.secrets));
        let outcome = self.finish(&patience.bounded, exec, &patience.options, listener);
        self.about(outcome).map_err(|error| patience.explain(error))
    }

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
            None => watch.until_completed().and_then(|value| ExecResult::new(self.identity(), value, [Kept::InAnswer, Kept::InAnswer])),
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
        let mut waited =
            Error::new(Status::WaitTimedOut, format!("Waited {} ms for the end of {what}, without success.", limit.as_millis()))
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
            Some(_) => waited.adding("If the command is still running, it is being killed."),
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
        let wanted: Vec<StdStream> = [StdStream::Stdout, StdStream::Stderr].into_iter().filter(|which| listener.wants(*which)).collect();
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
        let mut result = ExecResult::new(self.execution.identity(), value, kept)?;
        if incomplete {
            result.set_incomplete();
        }
        Ok(result)
    }
}

fn stopped() -> Error {
    Error::new(Status::Stopped, "The call was stopped by its output function.")
}
