//! Axons: what is published to them, who follows that, and the database of each.

use std::ops::Deref;

use serde_json::Value;

use super::client::Client;
use super::collection::CollectionItem;
use super::cursor::Cursor;
use super::events::EventFeed;
use crate::api::collection::AXONS;
use crate::api::{axon, Params};
use crate::error::Result;
use crate::transport::CallOptions;

/// An axon: its record, and what flows through it.
#[derive(Clone)]
pub struct Axon(CollectionItem);

impl Deref for Axon {
    type Target = CollectionItem;

    fn deref(&self) -> &CollectionItem {
        &self.0
    }
}

impl Axon {
    /// Makes an axon.
    pub fn create(client: &Client, params: &Params, options: &CallOptions) -> Result<Axon> {
        CollectionItem::create(client, &AXONS, params, options).map(Axon)
    }

    /// An existing axon, without asking whether there is one.
    pub fn from_id(client: &Client, id: &str) -> Result<Axon> {
        CollectionItem::from_id(client, &AXONS, id).map(Axon)
    }

    /// A walk through the axons.
    pub fn list(client: &Client, filters: &Params) -> Result<Cursor> {
        CollectionItem::list(client, &AXONS, filters)
    }

    /// Publishes an event.
    pub fn publish(&self, params: &Params, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &axon::publish(&self.id, params.to_body())?))
    }

    /// The events behind this one, or all, and then those that come, each once.
    pub fn subscribe(&self, after_sequence: Option<i64>, options: &CallOptions) -> Result<EventFeed> {
        axon::subscribe(&self.id, after_sequence)?;
        Ok(EventFeed::of_axon(&self.client, &self.id, after_sequence, options))
    }

    /// A walk through the events so far.
    pub fn events(&self, filters: &Params) -> Result<Cursor> {
        Ok(Cursor::new(&self.client, "events", axon::events(&self.id)?, filters.to_query()?))
    }

    /// Runs a statement in the axon's database.
    pub fn sql_query(&self, sql: &str, params: &Params, options: &CallOptions) -> Result<Value> {
        let mut body = params.clone();
        body.object_mut().insert("sql".to_owned(), Value::from(sql));
        self.about(self.client.ask(options, &axon::query(&self.id, body.to_body())?))
    }

    /// Runs statements in the axon's database, all of them or none.
    pub fn sql_batch(&self, params: &Params, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &axon::batch(&self.id, params.to_body())?))
    }
}
