//! Answers held against the API's description, by a checker that is not the emulator's own.

use serde_json::Value;
use std::sync::OnceLock;

fn spec() -> &'static Value {
    static SPEC: OnceLock<Value> = OnceLock::new();
    SPEC.get_or_init(|| serde_json::from_str(include_str!("../../../spec/openapi.json")).unwrap())
}

/// The same answer, which is as the operation's description says.
pub fn checked(operation: &str, answer: Value) -> Value {
    let paths = spec()["paths"].as_object().unwrap();
    let mut operations = paths.values().flat_map(|methods| methods.as_object().unwrap().values());
    let described = operations.find(|o| o["operationId"] == operation).unwrap_or_else(|| panic!("there is no operation {operation}"));
    let content = described["responses"]["200"]["content"].as_object().unwrap();
    let schema = &content.values().next().unwrap()["schema"];
    if let Some(complaint) = complaint(schema, &answer, "answer") {
        panic!("{operation}: {complaint}: {answer}");
    }
    answer
}

fn complaint(schema: &Value, value: &Value, at: &str) -> Option<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return complaint(&spec()["components"]["schemas"][name], value, at);
    }
    if let Some(options) = schema["anyOf"].as_array() {
        let complaints: Vec<String> = options.iter().map_while(|option| complaint(option, value, at)).collect();
        return (complaints.len() == options.len()).then(|| complaints.join(", or "));
    }
    if schema["enum"].as_array().is_some_and(|allowed| !allowed.contains(value)) {
        return Some(format!("{at} is none of {}", schema["enum"]));
    }
    let right = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("number") => value.is_number(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("null") => value.is_null(),
        _ => true,
    };
    if !right {
        return Some(format!("{at} is not of type {}", schema["type"]));
    }
    let missing = schema["required"].as_array().into_iter().flatten().find(|name| value.get(name.as_str().unwrap()).is_none());
    if let Some(name) = missing {
        return Some(format!("{at} lacks {name}"));
    }
    let inside = value.as_object().into_iter().flatten().find_map(|(name, value)| {
        let each = schema["properties"].get(name).unwrap_or(&schema["additionalProperties"]);
        complaint(each, value, &format!("{at}.{name}"))
    });
    let items = value.as_array().into_iter().flatten().enumerate();
    inside.or_else(|| items.into_iter().find_map(|(n, item)| complaint(&schema["items"], item, &format!("{at}[{n}]"))))
}
