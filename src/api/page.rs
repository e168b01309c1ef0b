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
        let items = match value.get_mut(key).map(Value::take) {
            Some(Value::Array(items)) => items,
            // As some languages write a list without items.
            Some(Value::Null) => Vec::new(),
            _ => return Err(Error::new(Status::Protocol, format!("{operation}: the answer holds no list of {key}."))),
        };
        let more = value.get("has_more").is_some_and(says_yes);
        // Without a last item there is nothing behind which a further page could begin.
        let next = match items.last() {
            Some(last) if more => Some(place(last).ok_or_else(|| {
                Error::new(Status::Protocol, format!("{operation}: there are more {key}, but the page's last item has no id."))
            })?),
            _ => None,
        };
        Ok(Page { items, next })
    }
}

/// Whether a value means true, in one of the ways in which programs write it: a list is not to end early by that.
fn says_yes(value: &Value) -> bool {
    match value {
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Value::String(text) => text == "1" || text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// An item's identifier; events have a number instead.
fn place(item: &Value) -> Option<String> {
    let id = item.get("id").and_then(Value::as_str).map(str::to_owned);
    id.or_else(|| item.get("sequence").and_then(Value::as_i64).map(|sequence| sequence.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_next_page_begins_behind_the_last_item() {
        let next = |value: Value| Page::read("list", "things", value).map(|page| page.next);
        assert_eq!(next(json!({"things": [{"id": "a"}, {"id": "b"}], "has_more": true})).unwrap().as_deref(), Some("b"));
        assert_eq!(next(json!({"things": [{"sequence": 7}], "has_more": true})).unwrap().as_deref(), Some("7"));
        assert_eq!(next(json!({"things": [{"id": "a"}], "has_more": false})).unwrap(), None);
        assert_eq!(next(json!({"things": [{"id": "a"}], "has_more": null})).unwrap(), None);
        assert_eq!(next(json!({"things": [], "has_more": true})).unwrap(), None);
        assert!(next(json!({"things": [{"name": "a"}], "has_more": true})).is_err());
        assert_eq!(next(json!({"things": null, "has_more": true})).unwrap(), None);
        assert!(next(json!({"others": []})).is_err());
    }
}
