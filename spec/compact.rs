//! Makes the compact description of all requests that the library carries, out of openapi.json.
//! Run when the library is built; `src/api/schema.rs` reads it.
//!
//! A type is: a letter (s text, i whole number, n number, b true or false, a anything), a number (the
//! type at that place of `types`), or an array whose first element says what the others are: `e` one
//! of these texts, `l` a list of, `m` a map to, `?` null or, `u` one of these types, `o` an object with
//! these members, of which those are required.

use serde_json::{json, Map, Value};

const REFERENCE: &str = "#/components/schemas/";

/// The compact description: `{"operations": [[method, path, query, body, body required]], "types": []}`.
pub fn compact(description: &str) -> String {
    let document: Value = serde_json::from_str(description).expect("openapi.json is JSON");
    let mut types = Types { document: &document, names: Vec::new(), types: Vec::new() };
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("openapi.json has paths") {
        for (method, operation) in methods.as_object().expect("a path has methods") {
            let query: Map<String, Value> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|parameter| parameter["in"] == "query")
                .map(|parameter| (parameter["name"].as_str().unwrap_or_default().to_owned(), types.of(&parameter["schema"])))
                .collect();
            let body = &operation["requestBody"];
            let schema = &body["content"]["application/json"]["schema"];
            let body_type = if schema.is_null() { Value::Null } else { types.of(schema) };
            operations.push(json!([method.to_uppercase(), path, query, body_type, body["required"] == true]));
        }
    }
    json!({ "operations": operations, "types": types.types }).to_string()
}

struct Types<'a> {
    document: &'a Value,
    names: Vec<String>,
    types: Vec<Value>,
}

impl Types<'_> {
    fn of(&mut self, schema: &Value) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.named(reference.trim_start_matches(REFERENCE));
        }
        if let Some(choices) = schema["anyOf"].as_array() {
            let nullable = choices.iter().any(|choice| choice["type"] == "null");
            let mut kinds: Vec<Value> = choices.iter().filter(|choice| choice["type"] != "null").map(|choice| self.of(choice)).collect();
            let kind = if kinds.len() == 1 {
                kinds.remove(0)
            } else {
                kinds.insert(0, json!("u"));
                Value::Array(kinds)
            };
            return if nullable { json!(["?", kind]) } else { kind };
        }
        if let Some(texts) = schema["enum"].as_array() {
            return Value::Array([json!("e")].into_iter().chain(texts.iter().cloned()).collect());
        }
        if schema["const"].is_string() {
            return json!(["e", schema["const"]]);
        }
        match schema["type"].as_str() {
            Some("string") => json!("s"),
            Some("integer") => json!("i"),
            Some("number") => json!("n"),
            Some("boolean") => json!("b"),
            Some("array") => json!(["l", self.of(&schema["items"])]),
            Some("object") => self.object(schema),
            _ => json!("a"),
        }
    }

    fn object(&mut self, schema: &Value) -> Value {
        let Some(properties) = schema["properties"].as_object() else {
            return if schema["additionalProperties"].is_object() {
                json!(["m", self.of(&schema["additionalProperties"])])
            } else {
                json!(["m", "a"])
            };
        };
        let members: Map<String, Value> = properties.iter().map(|(name, schema)| (name.clone(), self.of(schema))).collect();
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        json!(["o", members, required])
    }

    fn named(&mut self, name: &str) -> Value {
        if let Some(place) = self.names.iter().position(|known| known == name) {
            return json!(place);
        }
        // Its place is taken before its members are read, which may name it again.
        let place = self.names.len();
        self.names.push(name.to_owned());
        self.types.push(json!("a"));
        let schema = self.document["components"]["schemas"][name].clone();
        self.types[place] = self.of(&schema);
        json!(place)
    }
}
