//! Requests against the API's description.

use crate::http::openapi::{Api, Found};
use crate::http::{check, schema};
use std::sync::OnceLock;

/// A request: its method, a space, path and query; its body in the lines below. What is accepted has what its schema requires, and
/// what is refused is refused with a reason.
pub fn requests(data: &[u8]) {
    static API: OnceLock<&'static Api> = OnceLock::new();
    let api = *API.get_or_init(Api::load);
    let mut parts = data.splitn(2, |byte| *byte == b'\n');
    let (Ok(line), body) = (std::str::from_utf8(parts.next().unwrap_or_default()), parts.next().unwrap_or_default()) else { return };
    let Some((method, target)) = line.split_once(' ') else { return };
    let Ok(method) = http::Method::from_bytes(method.as_bytes()) else { return };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let Found::Operation(operation, parameters) = api.find(&method, path) else { return };
    assert_eq!(operation.method, method);
    assert_eq!(parameters.len(), operation.path.matches('{').count(), "{path}");
    match check::query(api, operation, query) {
        Ok(values) => assert!(values.len() <= query.split('&').count()),
        Err(why) => assert!(!why.is_empty()),
    }
    let Some((required, Some(described))) = operation.body.as_ref().map(|body| (body.required, &body.json)) else { return };
    let body = match check::json(body, required) {
        Ok(body) => body.unwrap_or_else(|| serde_json::Value::Object(Default::default())),
        Err(why) => return assert!(!why.is_empty()),
    };
    let _ = schema::unknown_keys(described, &body);
    match schema::check(&api.schemas, described, &body, "body") {
        Err(why) => assert!(!why.is_empty()),
        Ok(()) => {
            let name = described["$ref"].as_str().and_then(|name| name.rsplit('/').next());
            let named = name.and_then(|name| api.schemas.get(name)).unwrap_or(described);
            for required in named["required"].as_array().into_iter().flatten() {
                assert!(body.get(required.as_str().unwrap()).is_some(), "accepted without {required}");
            }
        }
    }
}
