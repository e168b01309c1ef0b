//! Secrets: named values for devboxes, which no answer shows.

pub mod api;

use crate::app::App;
use crate::http::ApiError;
use crate::part::Part;
use crate::records::{Record, Records};
use crate::store::Store;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Secret {
    pub id: String,
    pub name: String,
    value: Hidden,
    create_time_ms: i64,
    update_time_ms: i64,
}

/// Text that cannot be printed by accident.
#[derive(Clone, Serialize, Deserialize)]
struct Hidden(String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Record for Secret {
    const KIND: &'static str = "secret";
    fn id(&self) -> &str {
        &self.id
    }
}

pub struct Secrets {
    records: Records<Secret>,
}

impl Part for Secrets {
    fn clear(&self, _app: &Arc<App>) {
        self.records.clear();
    }
}

impl Secrets {
    pub fn load(store: &Arc<Store>) -> Result<Secrets, String> {
        Ok(Secrets { records: Records::load(store)? })
    }

    /// The newest of that name.
    fn named(&self, name: &str) -> Result<Secret, ApiError> {
        let newest = self.records.all().into_iter().rfind(|secret| secret.name == name);
        newest.ok_or_else(|| ApiError::not_found(format!("secret {name} not found")))
    }

    /// By id or by name, as references to secrets go.
    pub fn find(&self, reference: &str) -> Result<Secret, ApiError> {
        self.records.get(reference).or_else(|_| self.named(reference))
    }

    /// The value that a devbox gets for a secret's name.
    pub fn value_of(&self, name: &str) -> Result<String, ApiError> {
        Ok(self.named(name)?.value.0)
    }
}

/// The secrets of a new devbox, `{"VARIABLE": "SECRET_NAME"}`: each can be set and is there.
pub fn check(app: &App, secrets: &Value) -> Result<BTreeMap<String, String>, ApiError> {
    let wanted = Option::<BTreeMap<String, String>>::deserialize(secrets).map_err(|e| ApiError::bad_request(format!("secrets: {e}")))?;
    let wanted = wanted.unwrap_or_default();
    for (variable, name) in &wanted {
        check_variable("secrets", variable)?;
        let found = app.state::<Secrets>().named(name);
        found.map_err(|e| ApiError::bad_request(format!("secrets.{variable}: {}; create it first", e.message())))?;
    }
    Ok(wanted)
}

/// Whether an environment variable can be called so.
pub fn check_variable(at: &str, name: &str) -> Result<(), ApiError> {
    let part = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    match name.bytes().all(part) && name.bytes().next().is_some_and(|b| !b.is_ascii_digit()) {
        true => Ok(()),
        false => Err(ApiError::bad_request(format!("{at}: {name:?} is no name of an environment variable: letters, digits and _ only"))),
    }
}
