//! Disk snapshots: taken, waited for, and made devboxes of.

use std::time::Duration;

use serde_json::Value;

use super::cleanup;
use super::client::Client;
use super::cursor::Cursor;
use super::devbox::{Devbox, Origin};
use crate::api::{create_mark, snapshot, Params, SnapshotStatusView};
use crate::error::{Error, Result, SideEffect, Status};
use crate::transport::{Call, CallOptions, Found, Wait};

/// How long a wait for a snapshot lasts where the call does not say.
const WAIT: Duration = Duration::from_secs(600);

/// A snapshot of a devbox's disk, by its identifier.
#[derive(Clone)]
pub struct Snapshot {
    client: Client,
    id: String,
}

impl Devbox {
    /// Takes a snapshot and waits until it is complete. One that cannot be waited for to the end is
    /// deleted, unless the call keeps it.
    pub fn snapshot_disk(&self, params: &Params, options: &CallOptions) -> Result<Snapshot> {
        let call = self.client.call(options);
        call.check()?;
        let mut params = params.clone();
        let options = &mut options.clone();
        let trace = cleanup::mark(&self.client, &mut params, options, Some(("devbox_id", &self.id)));
        let options = &options.keeping_secrets_of(&params.to_body());
        let request = snapshot::begin(&self.id, params.to_body())?;
        let created = cleanup::create(&self.client, &call, options, &request, &cleanup::SNAPSHOT, trace);
        let snapshot = Snapshot { client: self.client.clone(), id: self.about(created)? };
        match snapshot.await_completed_within(&call, &options.for_what_follows()) {
            Ok(_) => Ok(snapshot),
            Err(error) => {
                let ended = options.keep || error.status() == Status::SnapshotFailed;
                Err(cleanup::after_failed_wait(&self.client, &cleanup::SNAPSHOT, options, &snapshot.id, error, ended))
            }
        }
    }

    /// Begins to take a snapshot and returns as soon as it has an identifier.
    pub fn snapshot_disk_async(&self, params: &Params, options: &CallOptions) -> Result<Snapshot> {
        let request = snapshot::begin(&self.id, params.to_body())?;
        Ok(Snapshot { client: self.client.clone(), id: self.about(self.client.make(options, &request))? })
    }
}

impl Snapshot {
    /// An existing snapshot, without asking whether there is one.
    pub fn from_id(client: &Client, id: &str) -> Result<Snapshot> {
        snapshot::check_id(id)?;
        Ok(Snapshot { client: client.clone(), id: id.to_owned() })
    }

    /// A walk through the snapshots.
    pub fn list(client: &Client, filters: &Params) -> Result<Cursor> {
        Ok(Cursor::new(client, "snapshots", snapshot::list(), filters.to_query()?))
    }

    /// `snp_…`
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How far it is, and what it holds.
    pub fn get_info(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &snapshot::status(&self.id)?))
    }

    /// Changes its name, metadata or message.
    pub fn update(&self, params: &Params, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &snapshot::update(&self.id, params.to_body())?))
    }

    /// Deletes it. Devboxes made of it are not concerned.
    pub fn delete(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &snapshot::delete(&self.id)?))
    }

    /// Waits until it is complete; any other end is an error.
    pub fn await_completed(&self, options: &CallOptions) -> Result<Value> {
        self.await_completed_within(&self.client.call(options), options)
    }

    fn await_completed_within(&self, call: &Call, options: &CallOptions) -> Result<Value> {
        let question = snapshot::status(&self.id)?;
        let waited = self.client.transport().wait(
            call,
            options,
            &Wait {
                request: question.clone(),
                state: question.clone(),
                hold: &|_, _| (),
                done: &|value| SnapshotStatusView::read("status", value).is_ok_and(|view| view.has_ended()),
                what: &format!("the snapshot {} to be complete", self.id),
                total: Some(WAIT),
                allowed: None,
            },
        );
        let Found { value, facts } = self.about(create_mark::hide_found(waited))?;
        let view = SnapshotStatusView::read(&question.name(), &value)?;
        if view.status == "complete" {
            return Ok(value);
        }
        let scrubber = self.client.transport().scrubber(options, &value);
        let reason = view.error_message.map_or(String::new(), |reason| format!(" ({})", scrubber.message(&reason).trim_end_matches('.')));
        let mut error = Error::new(
            Status::SnapshotFailed,
            format!("The snapshot {} is not complete: its state is {}{reason}. Take another.", self.id, scrubber.message(&view.status)),
        );
        error.details_mut().body = Some(scrubber.answer(&value));
        Err(facts.told(error).about(&self.id).with_side_effect(SideEffect::Happened))
    }

    /// Creates a devbox from it and waits until that runs.
    pub fn create_devbox(&self, params: &Params, options: &CallOptions) -> Result<Devbox> {
        Devbox::create(&self.client, Origin::Snapshot(&self.id), params, options)
    }

    fn about<T>(&self, result: Result<T>) -> Result<T> {
        result.map_err(|error| error.about(&self.id))
    }
}
