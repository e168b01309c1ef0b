//! Lists that come in pages.

use serde_json::Value;

use crate::error::{Error, Result, Status};

/// Which page is asked for.
#[derive(Clone, Debug, Default)]
pub struct PageRequest {
    /// The list's filters, `limit` among them.
    pub query: Vec<(String, String)>,
    /// The last item of the page before.
    pub starting_after: Option<String>,
}

impl PageRequest {
    /// The query of the page's request.
    pub fn to_query(&self) -> Vec<(String, String)> {
        let mut query = self.query.clone();
        if let Some(after) = &self.starting_after {
            query.retain(|(name, _)| name != "starting_after");
            query.push(("starting_after".to_owned(), after.clone()));
        }
        query
    }
}

/// One page.
#[derive(Debug)]
pub struct Page {
    /// The items, as the API shows them.
    pub items: Vec<Value>,
    /// The item after which the next page begins, if there is one.
    pub next: Option<String>,
}

impl Page {
    /// Reads a page whose items are under `key`.
    pub fn read(operation: &str, key: &str, mut value: Value) -> Result<Page> {
        let Some(Value::Array(items)) = value.get_mut(key).map(Value::take) else {
            return Err(Error::new(Status::Protocol, format!("{operation}: the answer holds no list of {key}.")));
        };
        let more = value.get("has_more").and_then(Value::as_bool).unwrap_or(false);
        let last = items.last().and_then(|item| item.get("id")).and_then(Value::as_str);
        let next = last.filter(|_| more).map(str::to_owned);
        Ok(Page { items, next })
    }
}
