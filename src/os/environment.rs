//! Values of the environment, as clients are configured by them.

use std::env;

use crate::error::{Error, Result};

/// The value of a variable; none if it is blank. One that is no text is an error: passing it by could send requests
/// past a proxy, or to another host, without a word.
pub fn variable(name: &str) -> Result<Option<String>> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.trim().is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => {
            Err(Error::invalid(format!("The environment variable {name} is not UTF-8. Correct it, or unset it.")))
        }
    }
}

/// The first variable of these that says something, with its name.
pub fn first_of(names: &[&'static str]) -> Result<Option<(&'static str, String)>> {
    for name in names {
        if let Some(value) = variable(name)? {
            return Ok(Some((name, value)));
        }
    }
    Ok(None)
}
