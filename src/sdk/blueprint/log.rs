//! The log of a blueprint's build: passed on line by line while it is built, and its end where it fails.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::api::{blueprint, views};
use crate::error::{Error, Result, Status};
use crate::sdk::client::Client;
use crate::sdk::exec::execution::is_interruption;
use crate::transport::{Call, CallOptions, Scrubber, PATIENCE};

/// An error carries so many lines of a failed build,
const TAIL_LINES: usize = 20;
/// and so much of each.
const TAIL_WIDTH: usize = 400;

/// The log of a build that ended when the wait's time was over may take so long.
const LAST_LOOK: Duration = Duration::from_secs(5);

/// Takes a build's log as it comes, on the calling thread.
pub trait BuildListener {
    /// Takes a line; `false` stops the call.
    fn take(&mut self, timestamp_ms: i64, level: &str, message: &str) -> bool;
}

/// The log of one build.
#[derive(Clone, Copy)]
pub(crate) struct Log<'a> {
    pub client: &'a Client,
    pub blueprint_id: &'a str,
}

/// Passes on each line once.
pub(crate) struct Follower<'a> {
    log: Log<'a>,
    call: &'a Call,
    /// When the wait ends.
    end: Option<Instant>,
    options: &'a CallOptions,
    listener: &'a mut dyn BuildListener,
    passed_on: usize,
    stopped: Option<Error>,
}

impl<'a> Follower<'a> {
    pub(crate) fn new(
        log: Log<'a>,
        call: &'a Call,
        end: Option<Instant>,
        options: &'a CallOptions,
        listener: &'a mut dyn BuildListener,
    ) -> Follower<'a> {
        Follower { log, call, end, options, listener, passed_on: 0, stopped: None }
    }

    /// Passes on what is new, at last when the build has `ended`; `false` if the call is to end.
    pub(crate) fn follow(&mut self, ended: bool) -> bool {
        let few = CallOptions { max_retries: self.options.max_retries.or(Some(1)), ..self.options.clone() };
        let lines = match self.log.lines(&self.bounds(ended), if ended { self.options } else { &few }) {
            Ok(lines) => lines,
            Err(error) if is_interruption(&error) && self.call.check().is_err() => {
                self.stopped = Some(error);
                return false;
            }
            // The build goes on all the same, and so does the wait for it.
            Err(_) if !ended => return true,
            // What became of the build counts more than its log, of which the function is told that it is not all.
            Err(error) => {
                let message = format!("librunloop: the end of this log is missing, since it could not be fetched: {error}");
                return self.pass_on(0, "warn", &message);
            }
        };
        for line in lines.iter().skip(self.passed_on) {
            self.passed_on += 1;
            let timestamp = views::whole(line, "timestamp_ms").unwrap_or(0);
            if !self.pass_on(timestamp, &text(line, "level"), &text(line, "message")) {
                return false;
            }
        }
        true
    }

    /// The log is asked for no longer than the wait lasts; that of a build that has ended a moment longer, if need be.
    fn bounds(&self, ended: bool) -> Call {
        let now = Instant::now();
        let longest = now + PATIENCE;
        let end = self.end.map_or(longest, |end| end.min(longest));
        self.call.no_later_than(if ended { end.max(now + LAST_LOOK) } else { end })
    }

    fn pass_on(&mut self, timestamp: i64, level: &str, message: &str) -> bool {
        let on = self.listener.take(timestamp, level, message);
        if !on {
            self.stopped = Some(Error::new(Status::Stopped, "The call was stopped by its log function."));
        }
        on
    }

    /// Why the call is to end, if it is.
    pub(crate) fn stopped(self) -> Option<Error> {
        self.stopped
    }
}

impl Log<'_> {
    /// The end of the log, if it can be had and says something.
    pub(crate) fn tail(&self, call: &Call, options: &CallOptions, scrubber: &Scrubber) -> Option<String> {
        let few = CallOptions { max_retries: options.max_retries.or(Some(1)), ..options.clone() };
        let lines = self.lines(call, &few).ok()?;
        let all: Vec<String> = lines.iter().map(|line| text(line, "message")).collect();
        // Before anything is cut, lest a secret be cut in two.
        let all = scrubber.text(&all.join("\n"));
        let messages: Vec<&str> = all.lines().filter(|line| !line.trim().is_empty()).collect();
        let from = messages.len().saturating_sub(TAIL_LINES);
        let cut = |line: &&str| line.chars().take(TAIL_WIDTH).collect::<String>();
        (!messages.is_empty()).then(|| messages[from..].iter().map(cut).collect::<Vec<_>>().join("\n"))
    }

    fn lines(&self, call: &Call, options: &CallOptions) -> Result<Vec<Value>> {
        let request = blueprint::logs(self.blueprint_id)?;
        let take = |mut value: Value| match value.get_mut("logs").map(Value::take) {
            Some(Value::Array(lines)) => Ok(lines),
            // As some languages write a list without items.
            Some(Value::Null) => Ok(Vec::new()),
            _ => Err(Error::new(Status::Protocol, format!("{}: the answer holds no logs.", request.name()))),
        };
        self.client.ask_and_take(call, &options.for_what_follows(), &request, take).map(|(lines, _)| lines)
    }
}

/// A member of a line; what is only a text is the line's message.
fn text(line: &Value, key: &str) -> String {
    let whole = || line.as_str().filter(|_| key == "message").map(str::to_owned);
    views::text(line, key).or_else(whole).unwrap_or_default()
}
