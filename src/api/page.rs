//! Lists that come in pages.

use serde_json::Value;

use super::views;
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
    /// Whether there is a further page.
    pub more: bool,
    /// The item after which that page begins, unless the last one has no identifier.
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
        // Without a last item there is nothing behind which a further page could begin.
        let more = !items.is_empty() && views::flag(&value, "has_more") == Some(true);
        let next = items.last().filter(|_| more).and_then(place);
        Ok(Page { items, more, next })
    }
}

/// An item's identifier; events have a number instead.
fn place(item: &Value) -> Option<String> {
    views::identifier(item, "id").or_else(|| views::sequence(item).map(|sequence| sequence.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_next_page_begins_behind_the_last_item() {
        let page = |value: Value| Page::read("list", "things", value).map(|page| (page.items.len(), page.more, page.next));
        let of = |things: Value, more: Value| page(json!({"things": things, "has_more": more})).unwrap();
        let after = |place: &str| Some(place.to_owned());
        assert_eq!(of(json!([{"id": "a"}, {"id": "b"}]), json!(true)), (2, true, after("b")));
        assert_eq!(of(json!([{"sequence": 7}]), json!(true)), (1, true, after("7")));
        assert_eq!(of(json!([{"sequence": "8"}]), json!("1")), (1, true, after("8")));
        assert_eq!(of(json!([{"id": "a"}]), json!(false)), (1, false, None));
        assert_eq!(of(json!([{"id": "a"}]), json!(null)), (1, false, None));
        assert_eq!(of(json!([]), json!(true)), (0, false, None));
        assert_eq!(of(json!(null), json!(true)), (0, false, None));
        for odd in [json!({"name": "a"}), json!({"id": ""}), json!({"id": ".."}), json!({"id": {}}), json!(null), json!("a")] {
            assert_eq!(of(json!([{"id": "a"}, odd]), json!(true)), (2, true, None));
        }
        assert!(page(json!({"others": []})).is_err());
    }
}
