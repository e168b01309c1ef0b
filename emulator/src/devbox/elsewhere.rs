//! What a devbox takes from the other rooms of the emulator, a function each.

use crate::app::App;
use crate::http::ApiError;
use http::StatusCode;
use std::path::PathBuf;

fn not_here(what: &str) -> ApiError {
    ApiError::new(StatusCode::NOT_IMPLEMENTED, format!("this emulator keeps no {what}"))
}

/// The value of the newest secret of that name.
pub fn secret_value(_app: &App, _name: &str) -> Result<String, ApiError> {
    Err(not_here("secrets"))
}

/// The id of a secret that is given by its id or its name.
pub fn secret_id(_app: &App, _id_or_name: &str) -> Result<String, ApiError> {
    Err(not_here("secrets"))
}

/// The id of a gateway config that is given by its id or its name.
pub fn gateway_config(_app: &App, _id_or_name: &str) -> Result<String, ApiError> {
    Err(not_here("gateway configs"))
}

/// The id of an MCP config that is given by its id or its name.
pub fn mcp_config(_app: &App, _id_or_name: &str) -> Result<String, ApiError> {
    Err(not_here("MCP configs"))
}

/// Whether there is such a network policy.
pub fn network_policy(_app: &App, _id: &str) -> Result<(), ApiError> {
    Err(not_here("network policies"))
}

/// Whether there is such an axon.
pub fn axon(_app: &App, _id: &str) -> Result<(), ApiError> {
    Err(not_here("axons"))
}

/// A complete object's content, and the type that it was made with.
pub fn object(_app: &App, _id: &str) -> Result<(PathBuf, String), ApiError> {
    Err(not_here("objects"))
}
