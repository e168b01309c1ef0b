//! An item of a collection: network policies, gateway configs, MCP configs, and the record of an axon.

use serde_json::Value;

use super::client::Client;
use super::cursor::Cursor;
use crate::api::collection::Collection;
use crate::api::Params;
use crate::error::Result;
use crate::transport::CallOptions;

/// One item, by its identifier.
#[derive(Clone)]
pub struct CollectionItem {
    pub(super) client: Client,
    pub(super) collection: &'static Collection,
    pub(super) id: String,
}

impl CollectionItem {
    /// Makes an item.
    pub fn create(client: &Client, collection: &'static Collection, params: &Params, options: &CallOptions) -> Result<CollectionItem> {
        let request = collection.create(params.to_body());
        Ok(CollectionItem { client: client.clone(), collection, id: client.make(options, &request)? })
    }

    /// An existing item, without asking whether there is one.
    pub fn from_id(client: &Client, collection: &'static Collection, id: &str) -> Result<CollectionItem> {
        collection.check_id(id)?;
        Ok(CollectionItem { client: client.clone(), collection, id: id.to_owned() })
    }

    /// A walk through the collection.
    pub fn list(client: &Client, collection: &'static Collection, filters: &Params) -> Result<Cursor> {
        Ok(Cursor::new(client, collection.key, collection.list(), filters.to_query()?))
    }

    /// Its identifier.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The item as the API shows it now.
    pub fn get_info(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &self.collection.retrieve(&self.id)?))
    }

    /// Changes what the parameters name.
    pub fn update(&self, params: &Params, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &self.collection.update(&self.id, params.to_body())?))
    }

    /// Deletes it.
    pub fn delete(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &self.collection.delete(&self.id)?))
    }

    pub(super) fn about<T>(&self, result: Result<T>) -> Result<T> {
        result.map_err(|error| error.about(&self.id))
    }
}
