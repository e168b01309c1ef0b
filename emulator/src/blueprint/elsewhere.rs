//! What builds take from other rooms: an object's content, a secret's value.

use crate::app::App;
use crate::http::ApiError;
use std::path::PathBuf;

/// The file with an object's content.
pub fn content(_app: &App, id: &str) -> Result<PathBuf, ApiError> {
    Err(ApiError::not_found(format!("object {id} not found: this emulator keeps no objects, so there is no build context")))
}

/// A secret's value, by its name.
pub fn secret(_app: &App, name: &str) -> Result<String, ApiError> {
    Err(ApiError::not_found(format!("secret {name} not found: this emulator keeps no secrets")))
}
