//! The API's description: which operations there are and what their requests look like.

use http::Method;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

const DESCRIPTION: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/openapi.json"));

pub struct Api {
    pub schemas: Map<String, Value>,
    operations: Vec<Operation>,
}

pub struct Operation {
    pub id: String,
    /// Other ids that name the same operation.
    pub also: Vec<String>,
    pub method: Method,
    pub path: String,
    segments: Vec<Segment>,
    pub query: Vec<QueryParameter>,
    pub body: Option<RequestBody>,
    /// What a JSON answer looks like.
    pub answer: Option<Value>,
}

enum Segment {
    Literal(String),
    Parameter(String),
}

pub struct QueryParameter {
    pub name: String,
    pub schema: Value,
}

pub struct RequestBody {
    pub required: bool,
    pub json: Option<Value>,
}

pub enum Found<'a> {
    Operation(&'a Operation, Vec<(&'a str, String)>),
    Nothing,
}

impl Api {
    /// Parsed once and kept for good: operations are referred to from everywhere.
    pub fn load() -> &'static Api {
        let description: Value = serde_json::from_str(DESCRIPTION).expect("the API description");
        let mut operations = Vec::new();
        for (path, methods) in description["paths"].as_object().expect("paths") {
            for (method, operation) in methods.as_object().expect("methods") {
                operations.push(Operation::read(path, method, operation));
            }
        }
        let schemas = &description["components"]["schemas"];
        Box::leak(Box::new(Api { schemas: schemas.as_object().cloned().unwrap_or_default(), operations }))
    }

    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|o| o.is(id))
    }

    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation of a request, literal path segments before parameters.
    pub fn find(&self, method: &Method, path: &str) -> Found<'_> {
        let parts: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
        self.operations
            .iter()
            .filter(|o| o.method == method)
            .filter_map(|o| Some((o, o.matches(&parts)?)))
            .max_by_key(|(o, _)| o.literals())
            .map_or(Found::Nothing, |(o, parameters)| Found::Operation(o, parameters))
    }
}

impl Operation {
    pub fn read(path: &str, method: &str, operation: &Value) -> Operation {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let segments = path[1..]
            .split('/')
            .map(|part| match part.strip_prefix('{') {
                Some(name) => Segment::Parameter(name.trim_end_matches('}').to_string()),
                None => Segment::Literal(part.to_string()),
            })
            .collect();
        let body = operation.get("requestBody").map(|body| RequestBody {
            required: body["required"].as_bool().unwrap_or(false),
            json: body["content"].get("application/json").map(|media| media["schema"].clone()),
        });
        Operation {
            id: text(&operation["operationId"]),
            also: list(&operation["x-also"]).iter().map(text).collect(),
            method: method.to_ascii_uppercase().parse().expect("a method"),
            path: path.to_string(),
            segments,
            query: list(&operation["parameters"])
                .iter()
                .filter(|parameter| parameter["in"] == "query")
                .map(|parameter| QueryParameter { name: text(&parameter["name"]), schema: parameter["schema"].clone() })
                .collect(),
            body,
            answer: operation["responses"]["200"]["content"].get("application/json").map(|media| media["schema"].clone()),
        }
    }

    pub fn is(&self, id: &str) -> bool {
        self.id == id || self.also.iter().any(|also| also == id)
    }

    fn literals(&self) -> usize {
        let literal = |segment: &&Segment| matches!(segment, Segment::Literal(_));
        self.segments.iter().filter(literal).count()
    }

    fn matches(&self, parts: &[&str]) -> Option<Vec<(&str, String)>> {
        if parts.len() != self.segments.len() {
            return None;
        }
        let mut parameters = Vec::new();
        for (segment, part) in self.segments.iter().zip(parts) {
            match segment {
                Segment::Literal(text) if text == part => {}
                Segment::Literal(_) => return None,
                Segment::Parameter(_) if part.is_empty() => return None,
                Segment::Parameter(name) => {
                    let value = percent_decode_str(part).decode_utf8_lossy().into_owned();
                    parameters.push((name.as_str(), value));
                }
            }
        }
        Some(parameters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(method: Method, path: &str) -> String {
        match Api::load().find(&method, path) {
            Found::Operation(o, parameters) => format!("{} {parameters:?}", o.id),
            Found::Nothing => "nothing".into(),
        }
    }

    #[test]
    fn literal_segments_win() {
        assert_eq!(found(Method::GET, "/v1/devboxes"), "devboxes.list []");
        assert_eq!(found(Method::GET, "/v1/devboxes/dbx_1"), r#"devboxes.retrieve [("id", "dbx_1")]"#);
        assert_eq!(found(Method::GET, "/v1/devboxes/disk_snapshots"), "devboxes.list_disk_snapshots []");
        assert_eq!(found(Method::GET, "/v1/devboxes/a%2Fb"), r#"devboxes.retrieve [("id", "a/b")]"#);
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for path in ["/v1/devboxes/", "/v1", "/", "/v2/devboxes", "/v1/devboxes/a/b/c"] {
            assert_eq!(found(Method::GET, path), "nothing", "{path}");
        }
        assert_eq!(found(Method::PUT, "/v1/devboxes"), "nothing");
    }
}
