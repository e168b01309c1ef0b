//! The mark of a create: a member of the new resource's metadata, by which the resource is found if the answer
//! with its identifier is lost.

use serde_json::{Map, Value};

use super::Params;
use crate::error::Result;
use crate::transport::scrub::create_mark;
pub use crate::transport::scrub::create_mark::KEY;
use crate::transport::{json, Answer, Found};

/// Puts a new mark into what a create sends, and returns it. `extra_body` replaces members of the body, so
/// that the mark goes there if it has metadata.
pub fn put(params: &mut Params, extra_body: &mut Map<String, Value>) -> String {
    let mark = crate::os::random::id().to_string();
    let body = if extra_body.contains_key("metadata") { extra_body } else { params.object_mut() };
    let metadata = body.entry("metadata").or_insert(Value::Null);
    if metadata.is_null() {
        *metadata = Value::Object(Map::new());
    }
    // Metadata of another type is for the service to refuse.
    if let Some(metadata) = metadata.as_object_mut() {
        metadata.insert(KEY.to_owned(), Value::String(mark.clone()));
    }
    mark
}

/// The mark of a resource.
pub fn of(item: &Value) -> Option<&str> {
    item.get("metadata")?.get(KEY)?.as_str()
}

/// What the user may see of an outcome: the answer without marks. What errors repeat of a server's words is without them
/// already.
pub fn hide(outcome: Result<Value>) -> Result<Value> {
    outcome.map(|mut value| {
        remove(&mut value);
        value
    })
}

/// The same for what ended a wait.
pub fn hide_found(outcome: Result<Found>) -> Result<Found> {
    outcome.map(|mut found| {
        remove(&mut found.value);
        found
    })
}

/// The same for an answer that is given back as it came.
pub fn hide_in(answer: &mut Answer) {
    if let Some(clean) = without(&answer.body) {
        answer.body = clean.into();
    }
}

/// The text of an answer without its marks; `None` if it has none. What is not JSON stays as it is.
fn without(body: &[u8]) -> Option<Vec<u8>> {
    memchr::memmem::find(body, KEY.as_bytes())?;
    let Ok(mut value) = json::strict(body) else { return json::parse(body).ok().and_then(|_| create_mark::without(body)) };
    remove(&mut value);
    Some(value.to_string().into_bytes())
}

fn remove(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (name, member) in object.iter_mut() {
                if let (true, Some(metadata)) = (name == "metadata", member.as_object_mut()) {
                    metadata.shift_remove(KEY);
                }
                remove(member);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(remove),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn marked(params: Value, extra_body: Value) -> (Value, Value) {
        let mut params = Params::from_json(params.to_string().as_bytes()).unwrap();
        let Value::Object(mut extra_body) = extra_body else { panic!("an object is given") };
        let mark = put(&mut params, &mut extra_body);
        let sent = if extra_body.contains_key("metadata") { Value::Object(extra_body.clone()) } else { params.to_body() };
        assert_eq!(of(&sent), Some(mark.as_str()));
        (params.to_body(), Value::Object(extra_body))
    }

    #[test]
    fn the_mark_is_in_the_metadata_that_is_sent() {
        marked(json!({}), json!({}));
        marked(json!({"metadata": null}), json!({}));
        marked(json!({"metadata": {"a": "b"}}), json!({"name": "x"}));
        let (params, extra_body) = marked(json!({"metadata": {"a": "b"}}), json!({"metadata": {"c": "d"}}));
        assert_eq!(params, json!({"metadata": {"a": "b"}}));
        assert_eq!(extra_body["metadata"]["c"], "d");
    }

    #[test]
    fn no_answer_shows_it() {
        let item = |metadata: Value| json!({"id": "x", "metadata": metadata});
        let mut value =
            json!({"snapshot": item(json!({"a": "b", KEY: "m", "c": "d"})), "items": [item(json!({KEY: "m"})), item(json!(null))]});
        remove(&mut value);
        let expected = json!({"snapshot": item(json!({"a": "b", "c": "d"})), "items": [item(json!({})), item(json!(null))]});
        assert_eq!(value.to_string(), expected.to_string());
    }
}
