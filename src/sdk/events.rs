//! Events as they come, each once, through whatever happens to the connection.

use std::future::Future;
use std::pin::Pin;

use serde_json::Value;

use super::client::Client;
use super::last_failure::Hindrance;
use super::reopening::Reopening;
use super::seen_evictions::Told;
use crate::api::collection::AXONS;
use crate::api::{axon, create_mark, devbox, views};
use crate::error::{Error, Result, Retryable, Status};
use crate::transport::{json, CallOptions, Event, EventStream, Request};

/// Whose events they are, and which of them have been given.
enum Source {
    Axon {
        id: String,
        after: Option<i64>,
    },
    /// The service tells all that are pending each time it is asked.
    Evictions {
        told: Told,
    },
}

impl Source {
    fn request(&self) -> Result<Request> {
        match self {
            Source::Axon { id, after } => axon::subscribe(id, *after),
            Source::Evictions { .. } => Ok(devbox::watch_evictions()),
        }
    }

    /// The event, if it is one and is new.
    fn take(&mut self, event: &Event) -> Result<Option<Value>> {
        let value = json::parse(&event.data)
            .map_err(|error| Error::new(Status::Protocol, format!("An event is not JSON: {error}. The next call continues after it.")))?;
        let new = match self {
            Source::Axon { after, .. } => match views::sequence(&value) {
                Some(sequence) if after.is_some_and(|after| sequence <= after) => false,
                Some(sequence) => {
                    *after = Some(sequence);
                    true
                }
                None => false,
            },
            Source::Evictions { told } => {
                let devbox = value.get("devbox_id").and_then(Value::as_str);
                devbox.is_some_and(|devbox| told.is_new(devbox, views::eviction_deadline(&value).unwrap_or(0)))
            }
        };
        create_mark::hide(Ok(value)).map(|value| new.then_some(value))
    }
}

struct Reader {
    client: Client,
    options: CallOptions,
    source: Source,
    open: Option<EventStream>,
    openings: Reopening,
    /// Whether the present opening has brought something.
    brought: bool,
}

impl Reader {
    async fn next(&mut self) -> Result<Option<Value>> {
        loop {
            if self.open.is_none() {
                self.reopen().await?;
            }
            let Some(stream) = self.open.as_mut() else { continue };
            let ended = match stream.next().await {
                Ok(Some(event)) => {
                    let taken = self.source.take(&event).map_err(|error| stream.told(error));
                    match taken.map_err(|error| self.about(error))? {
                        Some(value) => {
                            self.openings.brought();
                            self.brought = true;
                            return Ok(Some(value));
                        }
                        None => continue,
                    }
                }
                Ok(None) => None,
                Err(interruption) => Some(interruption),
            };
            self.open = None;
            self.openings.over();
            match ended {
                // It may have died unnoticed.
                Some(interruption) if interruption.silent => {}
                Some(interruption) => self.openings.broke(interruption).map_err(|error| self.about(error))?,
                None if self.brought => {}
                None if self.is_over().await? => return Ok(None),
                None => self.ended_for_nothing()?,
            }
        }
    }

    async fn reopen(&mut self) -> Result<()> {
        self.openings.due().await;
        let mut opening = self.client.transport().open_events(&self.options, &self.source.request()?)?;
        self.brought = false;
        match opening.outcome().await? {
            Ok(stream) => {
                self.openings.came_about();
                self.open = Some(stream);
                Ok(())
            }
            Err(interruption) => self.openings.failed(&self.client, interruption).map_err(|error| self.about(error)),
        }
    }

    /// The server closed the stream: a proxy's habit, or the end. Nothing comes from a deleted axon.
    async fn is_over(&self) -> Result<bool> {
        let Source::Axon { id, .. } = &self.source else { return Ok(false) };
        let request = AXONS.retrieve(id)?;
        let options = self.options.for_what_follows();
        let mut sending = self.client.transport().start(&self.client.call(&options), &options, &request)?;
        let hindrance = self.openings.hindrance();
        hindrance.asking(sending.attempts());
        match sending.outcome().await {
            Ok(answer) => match answer.json(&request.name()) {
                Ok(value) => Ok(value.get("deleted_at_ms").is_some_and(|at| !at.is_null())),
                Err(error) if error.details().by_gateway => {
                    hindrance.note(&error);
                    Ok(false)
                }
                Err(error) => Err(self.about(error)),
            },
            // A gateway knows nothing about the axon.
            Err(error) if error.details().by_gateway => {
                hindrance.note(&error);
                Ok(false)
            }
            Err(error) if error.details().already => Ok(true),
            Err(error) => Err(self.about(error)),
        }
    }

    fn ended_for_nothing(&mut self) -> Result<()> {
        if self.openings.in_vain() {
            return Ok(());
        }
        let name = self.source.request()?.name();
        let message = format!("{name}: the stream ends again and again without an event. Ask for the next event again, which reopens it.");
        let mut error = Error::new(Status::Broken, message).with_retryable(Retryable::Yes);
        error.details_mut().attempts = self.openings.fruitless();
        Err(self.about(self.openings.hindrance().beneath(error)))
    }

    fn about(&self, error: Error) -> Error {
        match &self.source {
            Source::Axon { id, .. } => error.about(id),
            Source::Evictions { .. } => error,
        }
    }
}

type Turn = Pin<Box<dyn Future<Output = (Box<Reader>, Result<Option<Value>>)> + Send>>;

fn turn(mut reader: Box<Reader>) -> Turn {
    Box::pin(async move {
        let event = reader.next().await;
        (reader, event)
    })
}

/// Events, to be pulled one by one.
pub struct EventFeed {
    client: Client,
    hindrance: Hindrance,
    /// The axon, if they are an axon's.
    axon: Option<String>,
    turn: Option<Turn>,
}

impl EventFeed {
    pub(super) fn of_axon(client: &Client, id: &str, after: Option<i64>, options: &CallOptions) -> EventFeed {
        EventFeed::new(client, Source::Axon { id: id.to_owned(), after }, options)
    }

    /// The evictions of the account's devboxes: those that are pending, and then those that come.
    pub fn of_evictions(client: &Client, options: &CallOptions) -> EventFeed {
        EventFeed::new(client, Source::Evictions { told: Told::default() }, options)
    }

    fn new(client: &Client, source: Source, options: &CallOptions) -> EventFeed {
        // The deadline and the cancellation are those of each `next`, not of the stream.
        let options = CallOptions { deadline: None, cancel: None, idempotency_key: None, ..options.clone() };
        let hindrance = Hindrance::default();
        let axon = match &source {
            Source::Axon { id, .. } => Some(id.clone()),
            Source::Evictions { .. } => None,
        };
        let openings = Reopening::new(client, &hindrance);
        let reader = Reader { client: client.clone(), options, source, open: None, openings, brought: false };
        EventFeed { client: client.clone(), hindrance, axon, turn: Some(turn(Box::new(reader))) }
    }

    /// The next event, `None` when no further one can come. If the call ends first, nothing is
    /// lost: the next one continues.
    pub fn next(&mut self, options: &CallOptions) -> Result<Option<Value>> {
        let call = self.client.call(options);
        let Some(under_way) = self.turn.as_mut() else { return Ok(None) };
        let (mut reader, event) = self.client.transport().drive(&call, under_way).map_err(|error| {
            let error = Reopening::explain(&self.hindrance, error.continuable());
            self.axon.iter().fold(error, |error, id| error.about(id))
        })?;
        self.turn = match &event {
            Ok(None) => None,
            // Asking again may succeed.
            Err(_) => {
                self.hindrance.forget();
                reader.openings = Reopening::new(&self.client, &self.hindrance);
                Some(turn(reader))
            }
            Ok(Some(_)) => Some(turn(reader)),
        };
        event
    }
}
