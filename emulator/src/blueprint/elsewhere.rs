//! What builds take from other rooms: an object's content, a secret's value.

use crate::app::App;
use crate::http::ApiError;
use crate::object::Objects;
use crate::secret::Secrets;
use std::path::PathBuf;

/// The file with an object's content.
pub fn content(app: &App, id: &str) -> Result<PathBuf, ApiError> {
    app.state::<Objects>().content_path(id)
}

/// A secret's value, by its name.
pub fn secret(app: &App, name: &str) -> Result<String, ApiError> {
    app.state::<Secrets>().value_of(name)
}
