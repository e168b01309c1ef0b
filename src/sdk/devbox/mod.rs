//! Devboxes: creating, finding, waiting for, and ending them.

pub(crate) mod access;
pub(crate) mod directories;
pub(crate) mod file_download;
pub(crate) mod files;
pub(crate) mod remote_tar;

use std::time::{Duration, Instant};

use serde_json::Value;

use super::cleanup;
use super::cleanup::Left;
use super::client::Client;
use crate::api::{create_mark, devbox, views, DevboxView, Params};
use crate::error::{Error, Result, SideEffect, Status};
use crate::log;
use crate::transport::{json, Call, CallOptions, Found, Request, Wait};

/// How long a wait for a devbox lasts where the call does not say.
const WAIT: Duration = Duration::from_secs(120);

/// What a devbox is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'a> {
    /// The parameters say it.
    Params,
    /// This blueprint.
    BlueprintId(&'a str),
    /// The newest blueprint of this name.
    BlueprintName(&'a str),
    /// This snapshot.
    Snapshot(&'a str),
}

/// A devbox, by its identifier: no request is made to keep it up to date.
#[derive(Clone)]
pub struct Devbox {
    pub(super) client: Client,
    pub(super) id: String,
}

/// What a create has made, as its answer tells it.
struct Made {
    id: String,
    view: DevboxView,
    /// How many earlier attempts may have made one too.
    doubts: u32,
}

impl Made {
    fn read(request: &Request, value: &Value, doubts: u32) -> Result<Made> {
        Ok(Made { id: views::id_of_new(&request.name(), value)?, view: DevboxView::read(value), doubts })
    }
}

impl Devbox {
    /// Creates a devbox and waits until it runs. What cannot be waited for to the end is shut
    /// down, unless the call keeps it.
    pub fn create(client: &Client, origin: Origin<'_>, params: &Params, options: &CallOptions) -> Result<Devbox> {
        let call = client.call(options);
        call.check()?;
        let mut params = with_origin(origin, params)?;
        let options = &mut options.clone();
        let trace = cleanup::mark(client, &mut params, options, None);
        let options = &options.keeping_secrets_of(&params.to_body());
        // The service holds the first request too: the time for waiting has begun.
        let total = options.poll_timeout.unwrap_or(WAIT);
        let started = Instant::now();
        let (id, view) = match Devbox::request_running(client, &call.no_later_than(started + total), &params, options) {
            Ok(Made { id, view, doubts }) => {
                cleanup::end_doubles(client, &cleanup::DEVBOX, options, doubts, &id, trace);
                (id, view)
            }
            Err((error, left)) => {
                let waited = error.status() == Status::Deadline && call.check().is_ok();
                let error = if waited { waited_in_vain(total, &error) } else { error };
                return Err(cleanup::after_failed_create(client, &cleanup::DEVBOX, options, error, left, trace));
            }
        };
        let devbox = Devbox { client: client.clone(), id };
        if view.status == "running" {
            return Ok(devbox);
        }
        let left = CallOptions { poll_timeout: Some(total.saturating_sub(started.elapsed())), ..options.for_what_follows() };
        match devbox.await_status(&call, &left, &RUNNING, Some(total)) {
            Ok(_) => Ok(devbox),
            Err(error) if options.keep => Err(error.about(&devbox.id).done()),
            Err(error) => {
                let ended = error.status() == Status::DevboxFailed;
                Err(cleanup::after_failed_wait(client, &cleanup::DEVBOX, options, &devbox.id, error, ended))
            }
        }
    }

    /// Asks for a devbox that runs; services without that operation are asked for a devbox.
    fn request_running(client: &Client, call: &Call, params: &Params, options: &CallOptions) -> std::result::Result<Made, (Error, Left)> {
        match Devbox::request(client, call, options, &devbox::create_and_await_running(params.to_body())) {
            Err((error, _)) if matches!(error.details().http_status, 404 | 405) && is_missing_operation(&error) => {
                Devbox::request(client, call, options, &devbox::create(params.to_body()))
            }
            outcome => outcome,
        }
    }

    fn request(client: &Client, call: &Call, options: &CallOptions, request: &Request) -> std::result::Result<Made, (Error, Left)> {
        let mut sending = client.transport().start(call, options, request).map_err(|error| (error, Left::Answered(0)))?;
        match client.transport().finish(call, request, &mut sending) {
            Ok(answer) => {
                let made = answer.read(&request.name(), |value| Made::read(request, value, answer.doubts));
                made.map_err(|error| (error, Left::Answered(answer.doubts)))
            }
            Err(error) => Err((error, Left::UnderWay(sending))),
        }
    }

    /// Creates a devbox and returns as soon as it has an identifier.
    pub fn create_async(client: &Client, origin: Origin<'_>, params: &Params, options: &CallOptions) -> Result<Devbox> {
        let params = with_origin(origin, params)?;
        let request = devbox::create(params.to_body());
        Ok(Devbox { client: client.clone(), id: client.make(options, &request)? })
    }

    /// An existing devbox, once it runs.
    pub fn from_id(client: &Client, id: &str, options: &CallOptions) -> Result<Devbox> {
        let devbox = Devbox::attach(client, id)?;
        devbox.await_running(options)?;
        Ok(devbox)
    }

    /// An existing devbox, without asking whether there is one.
    pub fn attach(client: &Client, id: &str) -> Result<Devbox> {
        devbox::check_id(id)?;
        Ok(Devbox { client: client.clone(), id: id.to_owned() })
    }

    /// `dbx_…`
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The devbox as the API shows it now.
    pub fn get_info(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &devbox::retrieve(&self.id)?))
    }

    /// Waits until the devbox runs; any other end is an error.
    pub fn await_running(&self, options: &CallOptions) -> Result<Value> {
        self.await_running_within(&self.client.call(options), options)
    }

    fn await_running_within(&self, call: &Call, options: &CallOptions) -> Result<Value> {
        self.await_status(call, options, &RUNNING, None)
    }

    /// Waits until the devbox is suspended; any other end is an error.
    pub fn await_suspended(&self, options: &CallOptions) -> Result<Value> {
        self.await_status(&self.client.call(options), options, &SUSPENDED, None)
    }

    /// Ends the devbox's processes, keeps its disk, and waits until that is done.
    pub fn suspend(&self, options: &CallOptions) -> Result<Value> {
        let call = self.client.call(options);
        self.about(self.client.ask_within(&call, options, &devbox::suspend(&self.id)?))?;
        self.await_status(&call, &options.for_what_follows(), &SUSPENDED, None)
            .map_err(|error| error.with_side_effect(SideEffect::Happened))
    }

    /// Lets a suspended devbox run again and waits until it does.
    pub fn resume(&self, options: &CallOptions) -> Result<Value> {
        let call = self.client.call(options);
        self.about(self.client.ask_within(&call, options, &devbox::resume(&self.id)?))?;
        self.await_status(&call, &options.for_what_follows(), &RUNNING, None).map_err(|error| error.with_side_effect(SideEffect::Happened))
    }

    /// Lets a suspended devbox run again; when it does is to be waited for.
    pub fn resume_async(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &devbox::resume(&self.id)?))
    }

    fn await_status(&self, call: &Call, options: &CallOptions, goal: &Goal, allowed: Option<Duration>) -> Result<Value> {
        let waited = self.client.transport().wait(
            call,
            options,
            &Wait {
                request: devbox::wait_for_status(&self.id)?,
                state: devbox::retrieve(&self.id)?,
                hold: &|request, hold| request.body = Some(devbox::wait_body(&goal.asked, hold)),
                done: &|value| value.get("status").and_then(Value::as_str).is_some_and(|status| goal.ends.contains(&status)),
                what: &format!("the devbox {} to {}", self.id, goal.to_do),
                total: Some(WAIT),
                allowed,
            },
        );
        let Found { value, facts } = self.about(create_mark::hide_found(waited))?;
        let view = DevboxView::read(&value);
        if view.status == goal.wanted {
            return Ok(value);
        }
        let scrubber = self.client.transport().scrubber(options, &value);
        let reason = view.failure_reason.map_or(String::new(), |reason| format!(" ({})", scrubber.message(&reason)));
        let mut error = Error::new(
            Status::DevboxFailed,
            format!(
                "The devbox {} {}: its state is {}{reason}. Its logs may tell more.",
                self.id,
                goal.missed,
                scrubber.message(&view.status)
            ),
        );
        error.details_mut().body = Some(scrubber.answer(&value));
        Err(facts.told(error).about(&self.id))
    }

    /// Changes the devbox's name or metadata.
    pub fn update(&self, params: &Params, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &devbox::update(&self.id, params.to_body())?))
    }

    /// What the devbox has used so far.
    pub fn usage(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &devbox::usage(&self.id)?))
    }

    /// What the devbox has logged so far.
    pub fn logs(&self, filters: &Params, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &devbox::logs(&self.id, filters.to_query()?)?))
    }

    /// Starts the devbox's keep-alive time anew.
    pub fn keep_alive(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &devbox::keep_alive(&self.id)?))
    }

    /// Ends the devbox. One that is gone already has ended.
    pub fn shutdown(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &devbox::shutdown(&self.id)?))
    }

    /// Ends the devbox, whether or not its client is closed, and waits no longer than `limit` for that.
    /// A failure is in the log.
    pub fn shutdown_within(&self, limit: Duration) {
        let Ok(request) = devbox::shutdown(&self.id) else { return };
        let outcome = self.client.transport().last_cleanup_task(limit, |task| async move { task.insist(&request).await.map(drop) });
        let why = match outcome {
            Some(Ok(())) => return,
            Some(Err(error)) if error.details().already => return,
            Some(Err(error)) => error.to_string(),
            None => format!("there was no answer within {} ms.", limit.as_millis()),
        };
        log::tell(log::Level::Warn, || format!("The devbox {} could not be shut down when its handle was freed: {why}", self.id));
    }

    pub(super) fn about<T>(&self, result: Result<T>) -> Result<T> {
        result.map_err(|error| error.about(&self.id))
    }
}

/// The time for waiting was over before the create was answered.
fn waited_in_vain(total: Duration, error: &Error) -> Error {
    let mut waited = Error::new(
        Status::WaitTimedOut,
        format!("Waited {} ms for the devbox to be created and to run, without success. Allow more by poll_timeout_ms.", total.as_millis()),
    )
    .with_retryable(error.details().retryable)
    .with_side_effect(error.details().side_effect);
    let (known, details) = (error.details(), waited.details_mut());
    details.attempts = known.attempts;
    details.http_status = known.http_status;
    details.retry_after = known.retry_after;
    details.request_id.clone_from(&known.request_id);
    details.cause.clone_from(&known.cause);
    waited
}

/// A status that is waited for. What is neither it nor an end is on its way; so is what is unknown.
struct Goal {
    wanted: &'static str,
    /// What the service is asked to answer at.
    asked: [&'static str; 3],
    ends: &'static [&'static str],
    to_do: &'static str,
    missed: &'static str,
}

/// Suspended is no end: a devbox that is being resumed is still seen so for a moment.
const RUNNING: Goal = Goal {
    wanted: "running",
    asked: ["running", "failure", "shutdown"],
    ends: &["running", "failure", "shutdown"],
    to_do: "run",
    missed: "does not run",
};
const SUSPENDED: Goal = Goal {
    wanted: "suspended",
    asked: ["suspended", "failure", "shutdown"],
    ends: &["suspended", "failure", "shutdown"],
    to_do: "be suspended",
    missed: "is not suspended",
};

/// A 404 of the route, not of something named in the parameters, nor of a gateway, whose service may have had
/// the request.
fn is_missing_operation(error: &Error) -> bool {
    let said = error.details().body.as_deref().unwrap_or_default();
    error.details().side_effect == SideEffect::None && json::strict(said).is_err()
}

fn with_origin(origin: Origin<'_>, params: &Params) -> Result<Params> {
    let (key, value) = match origin {
        Origin::Params => return Ok(params.clone()),
        Origin::BlueprintId(id) => ("blueprint_id", id),
        Origin::BlueprintName(name) => ("blueprint_name", name),
        Origin::Snapshot(id) => ("snapshot_id", id),
    };
    if value.is_empty() {
        return Err(Error::invalid(format!("The {key} is empty. Give the one that the API returned.")));
    }
    let mut params = params.clone();
    for other in ["blueprint_id", "blueprint_name", "snapshot_id"] {
        if other != key && params.object().get(other).is_some_and(|given| !given.is_null()) {
            return Err(Error::invalid(format!("The parameters name a {other} besides the {key}; a devbox is made from one of them.")));
        }
    }
    params.object_mut().insert(key.to_owned(), Value::String(value.to_owned()));
    Ok(params)
}
