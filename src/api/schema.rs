//! Strict parameters: a request is held against the API's description before it is sent, and what is
//! wrong is named, with what was probably meant.

use http::Method;
use once_cell::sync::Lazy;
use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// Made by `spec/compact.rs`, which says how it is to be read.
static DESCRIPTION: Lazy<Value> =
    Lazy::new(|| serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/schema.json"))).unwrap_or_default());

/// Refuses a request whose parameters the API does not describe. Operations that it does not
/// describe at all pass.
pub fn check(method: &Method, path: &str, query: &[(String, String)], body: Option<&Value>) -> Result<()> {
    let Some(operation) = find(method, path) else { return Ok(()) };
    let fail = |complaint: String| Err(Error::invalid(format!("{method} {path}: {complaint}")));
    if let Some(complaint) = query.iter().find_map(|(name, text)| query_complaint(&operation[2], name, text)) {
        return fail(complaint);
    }
    let nothing = Value::Object(Map::new());
    let body = match body {
        Some(body) => body,
        None if operation[4] == true => &nothing,
        None => return Ok(()),
    };
    if operation[3].is_null() {
        return Ok(());
    }
    match complaint(&operation[3], body, "") {
        Some(complaint) => fail(complaint),
        None => Ok(()),
    }
}

/// The operation whose path fits best: a name in it is better than a place for an identifier.
fn find(method: &Method, path: &str) -> Option<&'static Value> {
    let fixed_parts = |template: &str| {
        let mut parts = path.split('/');
        let mut fixed = 0;
        for wanted in template.split('/') {
            let part = parts.next()?;
            if wanted == part {
                fixed += 1;
            } else if !wanted.starts_with('{') || part.is_empty() {
                return None;
            }
        }
        parts.next().is_none().then_some(fixed)
    };
    let operations = DESCRIPTION["operations"].as_array()?;
    operations
        .iter()
        .filter(|operation| operation[0] == method.as_str())
        .filter_map(|operation| Some((fixed_parts(operation[1].as_str()?)?, operation)))
        .max_by_key(|(fixed, _)| *fixed)
        .map(|(_, operation)| operation)
}

fn query_complaint(known: &Value, name: &str, text: &str) -> Option<String> {
    // `metadata[team]` and `metadata[team][in]` stand for filters by any key.
    let general = match name.strip_prefix("metadata[") {
        Some(rest) if rest.ends_with("][in]") => "metadata[key][in]",
        Some(rest) if rest.ends_with(']') => "metadata[key]",
        _ => name,
    };
    let known = known.as_object()?;
    let Some(kind) = known.get(general) else {
        return Some(unknown("filter", name, known.keys().map(String::as_str)));
    };
    let fits = match kind.as_str() {
        Some("i") => text.parse::<i64>().is_ok(),
        Some("n") => text.parse::<f64>().is_ok(),
        Some("b") => matches!(text, "true" | "false"),
        _ => true,
    };
    (!fits).then(|| format!("the filter {name:?} must be {}.", kind_name(kind)))
}

/// What is wrong with a value, if anything; `place` is its JSON Pointer.
fn complaint(kind: &Value, value: &Value, place: &str) -> Option<String> {
    if let Some(at) = kind.as_u64() {
        return complaint(&DESCRIPTION["types"][at as usize], value, place);
    }
    let fits = match kind.as_str() {
        Some("s") => value.is_string(),
        Some("i") => value.is_i64() || value.is_u64(),
        Some("n") => value.is_number(),
        Some("b") => value.is_boolean(),
        Some(_) => true,
        None => return compound_complaint(kind.as_array()?, value, place),
    };
    (!fits).then(|| mismatch(kind, place, value))
}

fn compound_complaint(kind: &[Value], value: &Value, place: &str) -> Option<String> {
    let mark = kind.first()?.as_str()?;
    let whole = || Value::Array(kind.to_vec());
    match (mark, value) {
        ("?", Value::Null) => None,
        ("?", _) => complaint(&kind[1], value, place),
        ("e", Value::String(text)) => {
            let known = kind[1..].iter().filter_map(Value::as_str);
            let found = known.clone().any(|known| known == text);
            (!found).then(|| unknown(&format!("value for {place:?}"), text, known))
        }
        ("l", Value::Array(items)) => {
            items.iter().enumerate().find_map(|(number, item)| complaint(&kind[1], item, &format!("{place}/{number}")))
        }
        ("m", Value::Object(members)) => members.iter().find_map(|(name, member)| complaint(&kind[1], member, &below(place, name))),
        ("o", Value::Object(members)) => object_complaint(kind, members, place),
        ("u", _) => union_complaint(&kind[1..], value, place),
        _ => Some(mismatch(&whole(), place, value)),
    }
}

fn object_complaint(kind: &[Value], members: &Map<String, Value>, place: &str) -> Option<String> {
    let known = kind[1].as_object()?;
    for (name, member) in members {
        let Some(kind) = known.get(name) else {
            return Some(unknown("parameter", &below(place, name), known.keys().map(String::as_str)));
        };
        if let Some(complaint) = complaint(kind, member, &below(place, name)) {
            return Some(complaint);
        }
    }
    let missing = kind[2].as_array()?.iter().filter_map(Value::as_str).find(|name| !members.contains_key(*name))?;
    Some(format!("{:?} is required.", below(place, missing)))
}

/// The complaint of the choice that is meant: the one whose fixed members, its `type`, fit.
fn union_complaint(choices: &[Value], value: &Value, place: &str) -> Option<String> {
    let mut complaints = Vec::new();
    for choice in choices {
        let said = complaint(choice, value, place)?;
        complaints.push((choice, said));
    }
    let kind = value.get("type");
    let meant = complaints.iter().find(|(choice, _)| {
        let resolved = choice.as_u64().map_or(*choice, |at| &DESCRIPTION["types"][at as usize]);
        kind.is_some_and(|kind| resolved[1]["type"].as_array().is_some_and(|known| known[1..].contains(kind)))
    });
    meant.or(complaints.first()).map(|(_, said)| said.clone())
}

fn mismatch(kind: &Value, place: &str, value: &Value) -> String {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    format!("{place:?} must be {}, not {found}.", kind_name(kind))
}

fn kind_name(kind: &Value) -> &'static str {
    match kind.as_str().or_else(|| kind[0].as_str()) {
        Some("s" | "e") => "text",
        Some("i") => "a whole number",
        Some("n") => "a number",
        Some("b") => "true or false",
        Some("l") => "an array",
        Some("m" | "o") => "an object",
        _ => "something else",
    }
}

fn below(place: &str, name: &str) -> String {
    format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let own = name.rsplit('/').next().unwrap_or(name);
    let nearest = known.clone().map(|known| (strsim::osa_distance(own, known), known)).min();
    match nearest {
        Some((distance, nearest)) if distance <= own.len().max(nearest.len()) / 2 => {
            format!("{name:?} is no {what}. Did you mean {nearest:?}?")
        }
        Some(_) => format!("{name:?} is no {what}. Known are: {}.", known.collect::<Vec<_>>().join(", ")),
        None => format!("{name:?} is no {what}; there are none."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(method: Method, path: &str, query: &[(&str, &str)], body: Option<Value>) -> Option<String> {
        let query: Vec<_> = query.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        check(&method, path, &query, body.as_ref()).err().map(|error| error.to_string())
    }

    fn create(body: Value) -> Option<String> {
        said(Method::POST, "/v1/devboxes", &[], Some(body))
    }

    #[test]
    fn what_the_api_describes_passes() {
        for body in [
            json!({}),
            json!({"name": null, "metadata": {"a": "b"}, "environment_variables": {"X": "y"}}),
            json!({"launch_parameters": {"keep_alive_time_seconds": 600, "custom_cpu_cores": 2, "launch_commands": ["true"],
                "after_idle": {"idle_time_seconds": 5, "on_idle": "suspend"}}}),
            json!({"mounts": [{"type": "object_mount", "object_id": "obj_1", "object_path": "/x"},
                {"type": "file_mount", "target": "/f", "content": "c"}]}),
        ] {
            assert_eq!(create(body.clone()), None, "{body}");
        }
        assert_eq!(said(Method::POST, "/v1/devboxes/dbx_1/shutdown", &[("force", "true")], None), None);
        assert_eq!(said(Method::GET, "/v1/axons", &[("limit", "5"), ("metadata[a]", "b"), ("metadata[a][in]", "b,c")], None), None);
        assert_eq!(said(Method::POST, "/v1/something/new", &[("x", "y")], Some(json!({"z": 1}))), None);
        assert_eq!(said(Method::POST, "/v1/axons", &[], None), None);
    }

    #[test]
    fn what_is_wrong_is_named_with_what_was_meant() {
        for (body, parts) in [
            (json!({"nmae": "a"}), ["\"/nmae\" is no parameter", "Did you mean \"name\"?"]),
            (
                json!({"launch_parameters": {"keepalive_time_seconds": 1}}),
                ["/launch_parameters/keepalive_time_seconds", "keep_alive_time_seconds"],
            ),
            (
                json!({"launch_parameters": {"keep_alive_time_seconds": "1"}}),
                ["/launch_parameters/keep_alive_time_seconds", "a whole number, not text"],
            ),
            (json!({"launch_parameters": {"keep_alive_time_seconds": 1.5}}), ["keep_alive_time_seconds", "a whole number, not a number"]),
            (json!({"launch_parameters": {"architecture": "x86"}}), ["\"x86\" is no value", "x86_64"]),
            (
                json!({"launch_parameters": {"after_idle": {"on_idle": "suspend"}}}),
                ["/launch_parameters/after_idle/idle_time_seconds", "required"],
            ),
            (json!({"metadata": {"a": 1}}), ["/metadata/a", "must be text, not a number"]),
            (json!({"metadata": {"a/b": 1}}), ["/metadata/a~1b", "text"]),
            (json!({"mounts": [{"type": "file_mount", "target": "/f", "contents": "c"}]}), ["/mounts/0/contents", "\"content\""]),
            (json!({"zzzzzzzzzzzzzzzzz": 1}), ["Known are", "blueprint_id"]),
        ] {
            let said = create(body.clone()).unwrap_or_default();
            assert!(parts.iter().all(|part| said.contains(part)), "{body}: {said}");
        }
        let missing = said(Method::POST, "/v1/secrets", &[], None).unwrap();
        assert!(missing.contains("\"/name\" is required"), "{missing}");
        let filter = said(Method::GET, "/v1/devboxes", &[("statsu", "running")], None).unwrap();
        assert!(filter.contains("filter") && filter.contains("status"), "{filter}");
        let number = said(Method::GET, "/v1/devboxes", &[("limit", "many")], None).unwrap();
        assert!(number.contains("a whole number"), "{number}");
    }

    #[test]
    fn a_name_in_a_path_is_no_identifier() {
        assert_eq!(find(&Method::GET, "/v1/devboxes/disk_snapshots").unwrap()[1], "/v1/devboxes/disk_snapshots");
        assert_eq!(find(&Method::GET, "/v1/devboxes/dbx_1").unwrap()[1], "/v1/devboxes/{id}");
        assert!(find(&Method::GET, "/v1/devboxes/").is_none());
    }
}
