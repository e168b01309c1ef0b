//! What a devbox takes from the other rooms of the emulator, a function each.

use crate::app::App;
use crate::http::ApiError;
use http::StatusCode;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

fn not_here<T>(what: &str) -> Result<T, ApiError> {
    Err(ApiError::new(StatusCode::NOT_IMPLEMENTED, format!("this emulator keeps no {what}")))
}

/// Nothing where nothing is asked for.
fn unless_empty<T: Default>(asked: &Value, what: &str) -> Result<T, ApiError> {
    match asked.as_object().is_none_or(|fields| fields.is_empty()) {
        true => Ok(T::default()),
        false => not_here(what),
    }
}

/// The secrets of a new devbox: names, by the variable that is to hold the value. All are there.
pub fn secrets(_app: &App, asked: &Value) -> Result<BTreeMap<String, String>, ApiError> {
    unless_empty(asked, "secrets")
}

/// The value of the newest secret of that name.
pub fn secret_value(_app: &App, _name: &str) -> Result<String, ApiError> {
    not_here("secrets")
}

/// The gateways of a new devbox, as its view shows them.
pub fn gateways(_app: &App, asked: &Value) -> Result<BTreeMap<String, Value>, ApiError> {
    unless_empty(asked, "gateway configs")
}

/// A gateway's URL and a token for it.
pub fn gateway_access(_app: &App) -> Result<(String, String), ApiError> {
    not_here("gateway configs")
}

/// The MCP servers of a new devbox, as its view shows them.
pub fn mcp(_app: &App, asked: &Value) -> Result<BTreeMap<String, Value>, ApiError> {
    unless_empty(asked, "MCP configs")
}

/// The MCP hub's URL and a token for it.
pub fn mcp_access(_app: &App) -> Result<(String, String), ApiError> {
    not_here("MCP configs")
}

/// Whether there is such a network policy.
pub fn network_policy(_app: &App, _id: &str) -> Result<(), ApiError> {
    not_here("network policies")
}

/// Whether there is such an axon.
pub fn axon(_app: &App, _id: &str) -> Result<(), ApiError> {
    not_here("axons")
}

/// A complete object's content, and the type that it was made with.
pub fn object(_app: &App, _id: &str) -> Result<(PathBuf, String), ApiError> {
    not_here("objects")
}
