//! Secrets: by name, and by the identifier of one row. A value is sent, and never comes back.

use serde_json::Value;

use super::client::Client;
use super::cursor::Cursor;
use crate::api::secret::Selector;
use crate::api::{secret, Params};
use crate::error::{Error, Result, Status};
use crate::transport::CallOptions;

/// A secret, as it was named when the handle was made: what it stands for is asked anew each time.
#[derive(Clone)]
pub struct SecretHandle {
    client: Client,
    selector: Selector,
    /// Known from the answer that the handle was made of.
    known_id: Option<String>,
}

impl SecretHandle {
    /// Makes a secret; the handle is bound to the name that is sent.
    pub fn create(client: &Client, name: &str, value: &str, options: &CallOptions) -> Result<SecretHandle> {
        let sent = options.extra_body.get("name").and_then(Value::as_str).unwrap_or(name);
        let handle = SecretHandle::from_name(client, sent)?;
        let id = client.make(options, &secret::create(name, value))?;
        Ok(SecretHandle { known_id: Some(id), ..handle })
    }

    /// The handle of a name whose newest row is this one.
    pub fn of_row(client: &Client, id: &str, row: &Value) -> Result<SecretHandle> {
        let name = row
            .get("name")
            .and_then(Value::as_str)
            .ok_or_else(|| Error::new(Status::Protocol, format!("The secret {id} has no name in the answer.")).about(id))?;
        Ok(SecretHandle { known_id: Some(id.to_owned()), ..SecretHandle::from_name(client, name)? })
    }

    /// The secret of a name, without asking whether there is one.
    pub fn from_name(client: &Client, name: &str) -> Result<SecretHandle> {
        SecretHandle::new(client, Selector::Name(name.to_owned()))
    }

    /// One row, without asking whether there is one; it never stands for another of its name.
    pub fn from_id(client: &Client, id: &str) -> Result<SecretHandle> {
        SecretHandle::new(client, Selector::Id(id.to_owned()))
    }

    fn new(client: &Client, selector: Selector) -> Result<SecretHandle> {
        secret::check(&selector)?;
        Ok(SecretHandle { client: client.clone(), selector, known_id: None })
    }

    /// A walk through the secrets. The API gives one page of them: as many as the filter `limit`
    /// asks for, else as many as it gives at most.
    pub fn list(client: &Client, filters: &Params) -> Result<Cursor> {
        let mut query = filters.to_query()?;
        if !query.iter().any(|(name, _)| name == "limit") {
            query.push(("limit".to_owned(), secret::MOST.to_string()));
        }
        Ok(Cursor::one_page(client, "secrets", secret::list(), query))
    }

    /// The name that the handle is bound to, if it is not bound to a row.
    pub fn name(&self) -> Option<&str> {
        match &self.selector {
            Selector::Name(name) => Some(name),
            Selector::Id(_) => None,
        }
    }

    /// The row that the handle is bound to or was made of.
    pub fn id(&self) -> Option<&str> {
        match &self.selector {
            Selector::Name(_) => self.known_id.as_deref(),
            Selector::Id(id) => Some(id),
        }
    }

    /// The secret as the API shows it: all but its value.
    pub fn get_info(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &secret::retrieve(&self.selector)?))
    }

    /// Gives it another value.
    pub fn update(&self, value: &str, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &secret::update(&self.selector, value)?))
    }

    /// Deletes it: the row, or all of the name.
    pub fn delete(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &secret::delete(&self.selector)?))
    }

    fn about<T>(&self, result: Result<T>) -> Result<T> {
        let (Selector::Name(named) | Selector::Id(named)) = &self.selector;
        result.map_err(|error| error.about(named))
    }
}
