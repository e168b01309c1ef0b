//! Checks a value against the description's schemas, and says which field is wrong.

use serde_json::{Map, Value};

type Schemas = Map<String, Value>;

/// `Err` names the field and what it should have been.
pub fn check(schemas: &Schemas, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let Some(schema) = schema.as_object() else {
        return Ok(());
    };
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let name = name.rsplit('/').next().unwrap_or(name);
        return match schemas.get(name) {
            Some(schema) => check(schemas, schema, value, at),
            None => Ok(()),
        };
    }
    if let Some(options) = schema.get("anyOf").and_then(Value::as_array) {
        return any_of(schemas, options, value, at);
    }
    if let Some(allowed) = schema.get("enum").and_then(Value::as_array) {
        if !allowed.contains(value) {
            let allowed: Vec<String> = allowed.iter().map(Value::to_string).collect();
            return Err(format!("{at} must be one of {}", allowed.join(", ")));
        }
    }
    if let Some(only) = schema.get("const") {
        if only != value {
            return Err(format!("{at} must be {only}"));
        }
    }
    if let Some(kind) = schema.get("type").and_then(Value::as_str) {
        if !is_kind(kind, value) {
            return Err(format!("{at} must be {}, not {}", article(kind), describe(value)));
        }
    }
    match value {
        Value::Object(fields) => object(schemas, schema, fields, at),
        Value::Array(items) => match schema.get("items") {
            Some(each) => items.iter().enumerate().try_for_each(|(n, item)| check(schemas, each, item, &format!("{at}[{n}]"))),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn object(schemas: &Schemas, schema: &Map<String, Value>, fields: &Map<String, Value>, at: &str) -> Result<(), String> {
    let inside = |name: &str| match at {
        "body" => name.to_string(),
        _ => format!("{at}.{name}"),
    };
    for name in required(schema) {
        if !fields.contains_key(name) {
            return Err(format!("{} is required", inside(name)));
        }
    }
    let known = schema.get("properties").and_then(Value::as_object);
    for (name, value) in fields {
        let each = known.and_then(|known| known.get(name)).or_else(|| schema.get("additionalProperties"));
        if let Some(each) = each {
            check(schemas, each, value, &inside(name))?;
        }
    }
    Ok(())
}

fn required(schema: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let names = schema.get("required").and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str)
}

fn any_of(schemas: &Schemas, options: &[Value], value: &Value, at: &str) -> Result<(), String> {
    let mut complaints = Vec::new();
    for option in options {
        match check(schemas, option, value, at) {
            Ok(()) => return Ok(()),
            Err(complaint) if option["type"] != "null" => complaints.push((option, complaint)),
            Err(_) => {}
        }
    }
    match complaints.as_slice() {
        [(_, only)] => Err(only.clone()),
        // Of several kinds of object the one that the value calls itself by is meant.
        several => Err(several
            .iter()
            .find(|(option, _)| same_tag(schemas, option, value))
            .map(|(_, complaint)| complaint.clone())
            .unwrap_or_else(|| format!("{at} is none of the kinds that are allowed here"))),
    }
}

fn same_tag(schemas: &Schemas, option: &Value, value: &Value) -> bool {
    let name = option["$ref"].as_str().and_then(|r| r.rsplit('/').next());
    let schema = name.and_then(|name| schemas.get(name)).unwrap_or(option);
    let tag = &schema["properties"]["type"];
    tag.is_object() && value.get("type").is_some_and(|t| check(schemas, tag, t, "").is_ok())
}

fn is_kind(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        // 3.0 is an integer in JSON.
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|f| f.fract() == 0.0),
        "null" => value.is_null(),
        _ => true,
    }
}

/// Writes what the schema calls an integer as one, 60.0 too.
pub fn integers(schemas: &Schemas, schema: &Value, value: &mut Value) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap_or(name);
        if let Some(schema) = schemas.get(name) {
            integers(schemas, schema, value);
        }
        return;
    }
    for option in schema["anyOf"].as_array().into_iter().flatten() {
        if check(schemas, option, value, "").is_ok() {
            integers(schemas, option, value);
        }
    }
    match value {
        Value::Number(number) if schema["type"] == "integer" => {
            let whole = number.as_f64().filter(|_| number.is_f64()).and_then(whole);
            if let Some(whole) = whole {
                *value = whole.into();
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                let each = schema["properties"].get(name).or_else(|| schema.get("additionalProperties"));
                if let Some(each) = each {
                    integers(schemas, each, value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| integers(schemas, &schema["items"], item)),
        _ => {}
    }
}

/// A number without a fraction, as far as a double holds every one.
pub fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// Writes every number without a fraction as an integer, where there is no schema.
pub fn all_integers(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            if let Some(whole) = number.as_f64().and_then(whole) {
                *value = whole.into();
            }
        }
        Value::Object(fields) => fields.values_mut().for_each(all_integers),
        Value::Array(items) => items.iter_mut().for_each(all_integers),
        _ => {}
    }
}

fn article(kind: &str) -> String {
    match kind {
        "object" | "array" | "integer" => format!("an {kind}"),
        "null" => "null".into(),
        _ => format!("a {kind}"),
    }
}

fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Top-level keys that the schema doesn't know.
pub fn unknown_keys(schema: &Value, value: &Value) -> Vec<String> {
    let known = schema["properties"].as_object();
    let fields = value.as_object().into_iter().flat_map(Map::keys);
    fields.filter(|name| !known.is_some_and(|known| known.contains_key(*name))).cloned().collect()
}

/// A query value as the JSON value that its schema wants, for `check`.
pub fn from_query(schema: &Value, text: &str) -> Value {
    let parsed = match schema["type"].as_str() {
        Some("integer" | "number" | "boolean") => serde_json::from_str(text).ok(),
        _ => None,
    };
    parsed.unwrap_or_else(|| Value::String(text.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::openapi::Api;
    use serde_json::json;

    fn complaint(operation: &str, body: Value) -> String {
        let api = Api::load();
        let operation = api.operation(operation).unwrap();
        let schema = operation.body.as_ref().unwrap().json.as_ref().unwrap();
        match check(&api.schemas, schema, &body, "body") {
            Ok(()) => "fine".into(),
            Err(complaint) => complaint,
        }
    }

    #[test]
    fn right_requests_pass() {
        let create = json!({
            "name": "x", "metadata": {"a": "b"}, "environment_variables": null,
            "launch_parameters": {"keep_alive_time_seconds": 60, "resource_size_request": "SMALL"},
            "mounts": [{"type": "object_mount", "object_id": "o", "object_path": "/x"}],
            "something_new": 1,
        });
        assert_eq!(complaint("devboxes.create", create), "fine");
        assert_eq!(complaint("devboxes.execute", json!({"command": "ls"})), "fine");
    }

    #[test]
    fn wrong_requests_name_the_field() {
        for (operation, body, expected) in [
            ("devboxes.create", json!([]), "body must be an object, not an array"),
            ("devboxes.create", json!({"name": 3}), "name must be a string, not a number"),
            ("devboxes.create", json!({"metadata": {"a": 1}}), "metadata.a must be a string, not a number"),
            (
                "devboxes.create",
                json!({"launch_parameters": {"keep_alive_time_seconds": "1"}}),
                "launch_parameters.keep_alive_time_seconds must be an integer, not a string",
            ),
            ("devboxes.execute", json!({}), "command is required"),
            ("devboxes.execute", json!({"command": null}), "command must be a string, not null"),
            ("devboxes.create", json!({"mounts": [{"type": "object_mount"}]}), "mounts[0].object_id is required"),
        ] {
            assert_eq!(complaint(operation, body), expected);
        }
        let wrong = json!({"statuses": ["zorp"]});
        let said = complaint("devboxes.wait_for_status", wrong);
        assert!(said.starts_with("statuses[0] must be one of"), "{said}");
    }
}
