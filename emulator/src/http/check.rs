//! What a request says, read and checked against the description. `Err` says what is wrong with it.

use super::openapi::{Api, Operation};
use super::schema;
use serde_json::Value;
use std::collections::HashMap;

/// The values of a query, by their names.
pub fn query(api: &Api, operation: &Operation, query: &str) -> Result<HashMap<String, String>, String> {
    let mut values = HashMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(name), decode(value));
        let known = operation.query.iter().find(|p| p.name == name);
        if let Some(parameter) = known {
            let typed = schema::from_query(&parameter.schema, &value);
            schema::check(&api.schemas, &parameter.schema, &typed, &name)?;
        }
        values.insert(name, value);
    }
    Ok(values)
}

/// A JSON body; none, if it is empty and may be.
pub fn json(bytes: &[u8], required: bool) -> Result<Option<Value>, String> {
    match bytes {
        [] if required => Err("a JSON body is required".into()),
        [] => Ok(None),
        _ => serde_json::from_slice(bytes).map(Some).map_err(|e| format!("the body is not valid JSON: {e}")),
    }
}

fn decode(text: &str) -> String {
    let text = text.replace('+', " ");
    percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned()
}
