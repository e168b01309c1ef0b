//! What bounds one call of the user's, through all its attempts, pauses, waits and streams.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::HeaderMap;
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use super::retry::outage::PATIENCE;
use super::secret::Secret;
use super::under_way::UnderWay;
use super::{scrub, settings};
use crate::error::{Error, Result, Retryable, Status};
use crate::os::process;
use crate::os::process::OfProcess;

/// A call with an end of its own waits for a server until then.
const AS_LONG_AS_THE_CALL: Duration = Duration::MAX;

/// Told how much of a transfer is done: bytes so far, and bytes in all or -1. `false` stops it.
pub type Progress = Arc<dyn Fn(u64, i64) -> bool + Send + Sync>;

/// What ends calls when it is triggered. Its locks are its process's, so that it is shared, never copied.
pub type Token = Arc<OfProcess<CancellationToken>>;

/// The user's options for one call; absent ones fall back to the client's, then to the operation's.
#[derive(Clone, Default)]
pub struct CallOptions {
    /// For each attempt.
    pub timeout: Option<Duration>,
    /// For the call as a whole, whatever it consists of.
    pub deadline: Option<Duration>,
    /// Attempts after the first.
    pub max_retries: Option<u32>,
    /// Between two questions of a wait that has to ask again and again.
    pub poll_interval: Option<Duration>,
    /// For a wait as a whole.
    pub poll_timeout: Option<Duration>,
    /// Sent as `x-request-id` instead of one of our own.
    pub idempotency_key: Option<String>,
    /// Replace headers of the same name.
    pub extra_headers: Vec<(String, String)>,
    /// Replace query parameters of the same name.
    pub extra_query: Vec<(String, String)>,
    /// Members that replace the body's of the same name.
    pub extra_body: Map<String, Value>,
    /// Ends the call when triggered.
    pub cancel: Option<Token>,
    /// Told about transfers.
    pub progress: Option<Progress>,
    /// Leaves what a failed or cancelled call has created.
    pub keep: bool,
    /// What the call was given that must be struck out of whatever the server says to any of its requests.
    pub secrets: Vec<Secret>,
}

impl CallOptions {
    /// For the further requests of a call: what was meant for the first is left out, but kept secret.
    pub fn for_what_follows(&self) -> CallOptions {
        let mut options = CallOptions { idempotency_key: None, extra_query: Vec::new(), extra_body: Map::new(), ..self.clone() };
        options.extra_headers.retain(|(name, _)| !name.eq_ignore_ascii_case("x-request-id"));
        options.secrets.extend(self.secrets_in_query());
        options.secrets.extend(self.extra_body.iter().flat_map(|(name, member)| scrub::secrets_in_member(name, member)));
        options
    }

    /// For what is undone behind the call: it goes the same way, through the same gateways, without the call's bounds.
    pub fn for_clean_up(&self) -> CallOptions {
        let CallOptions { extra_headers, secrets, .. } = self.for_what_follows();
        CallOptions { extra_headers, extra_query: self.extra_query.clone(), secrets, ..CallOptions::default() }
    }

    /// Without the query parameters that a request has of its own.
    pub(super) fn besides(&self, query: &[(String, String)]) -> CallOptions {
        let mut options = self.clone();
        options.extra_query.retain(|(name, _)| !query.iter().any(|(own, _)| own == name));
        options
    }

    /// The same, for a call that consists of several requests, the first of which holds what this body holds.
    pub fn keeping_secrets_of(&self, body: &Value) -> CallOptions {
        let mut options = self.clone();
        options.secrets.extend(scrub::secrets_in(body));
        options
    }

    /// What no answer to any request of the call may repeat.
    pub(super) fn secrets_for_all(&self) -> Vec<Secret> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.extra_headers {
            // One that is not valid is refused elsewhere.
            let _ = settings::insert(&mut headers, name, &Secret::new(value.clone()));
        }
        let mut secrets = self.secrets.clone();
        secrets.extend(scrub::secrets_in_headers(&headers));
        secrets.extend(self.secrets_in_query());
        secrets.extend(self.extra_body.iter().flat_map(|(name, member)| scrub::secrets_in_member(name, member)));
        secrets
    }

    fn secrets_in_query(&self) -> Vec<Secret> {
        scrub::secrets_in_query(self.extra_query.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// The same, for what a handle has kept.
    pub fn with_secrets(&self, secrets: &[Secret]) -> CallOptions {
        let mut options = self.clone();
        options.secrets.extend_from_slice(secrets);
        options
    }
}

/// The bounds of one call: shared by everything that the call does.
#[derive(Clone)]
pub struct Call {
    /// When the call must have ended.
    pub deadline: Option<Instant>,
    cancel: Option<Token>,
    closed: Token,
    pub(super) under_way: Arc<UnderWay>,
    generation: u32,
}

impl Call {
    /// Starts the clock of a call; `closed` is the end of the client that makes it.
    pub fn start(options: &CallOptions, closed: &Token) -> Call {
        Call {
            deadline: options.deadline.and_then(|deadline| Instant::now().checked_add(deadline)),
            cancel: options.cancel.clone(),
            closed: closed.clone(),
            under_way: Arc::default(),
            generation: process::generation(),
        }
    }

    /// The same call, to be ended by then at the latest.
    pub fn no_later_than(&self, end: Instant) -> Call {
        Call { deadline: Some(self.deadline.map_or(end, |deadline| deadline.min(end))), ..self.clone() }
    }

    /// Fails if the call's end has come already.
    pub fn check(&self) -> Result<()> {
        if self.generation != process::generation() {
            return Err(forked());
        }
        if self.cancel.as_ref().is_some_and(|cancel| cancel.is_cancelled()) {
            return Err(cancelled());
        }
        if self.closed.is_cancelled() {
            return Err(closed());
        }
        if self.deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            return Err(past_deadline());
        }
        Ok(())
    }

    /// Waits for `future`, or for the call's cancellation or the client's end if they come first.
    /// The deadline is the business of whoever drives this.
    pub async fn or_interrupted<F: Future>(&self, future: F) -> Result<F::Output> {
        let cancelled_first = async {
            match &self.cancel {
                Some(cancel) => cancel.cancelled().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = cancelled_first => Err(cancelled()),
            () = self.closed.cancelled() => Err(closed()),
            output = future => Ok(output),
        }
    }
}

/// How long a call waits for a server that it cannot reach, and that has answered before.
pub(super) fn patience(call: &Call) -> Duration {
    match call.deadline {
        Some(_) => AS_LONG_AS_THE_CALL,
        None => PATIENCE,
    }
}

fn cancelled() -> Error {
    Error::new(Status::Cancelled, "The call was cancelled by its cancel token.")
}

/// The error of a call that a child goes on with, since it was forked by a function that the call has called.
fn forked() -> Error {
    Error::new(
        Status::Forked,
        "This process was forked during the call, which continues in the parent only. In the child, leave a callback with exec or _exit.",
    )
}

fn closed() -> Error {
    Error::new(Status::Closed, "The client was closed. Make a new client for further calls.")
}

/// The error of a call whose deadline has come.
pub fn past_deadline() -> Error {
    Error::new(
        Status::Deadline,
        "The call's deadline passed before it was done. Give it a longer deadline_ms, or look at what it was waiting for.",
    )
    .with_retryable(Retryable::Yes)
}
