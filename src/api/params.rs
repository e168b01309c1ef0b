//! The parameters of a request: a JSON object that is built place by place.

use serde_json::{Map, Value};

use super::pointer::Pointer;
use crate::error::{Error, Result};
use crate::transport::json;

/// A request's body, or the filters of a list.
#[derive(Clone, Default)]
pub struct Params(Map<String, Value>);

/// The values may be secrets; the names are none.
impl std::fmt::Debug for Params {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Params {
    /// Reads a JSON object.
    pub fn from_json(text: &[u8]) -> Result<Params> {
        match json::strict(text) {
            Ok(Value::Object(object)) => Ok(Params(object)),
            Ok(_) => Err(Error::invalid("The parameters are JSON, but not an object: they must look like {\"name\": \"value\"}.")),
            Err(error) => Err(Error::invalid(format!("The parameters are not JSON: {error}."))),
        }
    }

    /// Puts a value at a place.
    pub fn set(&mut self, pointer: &str, value: Value) -> Result<()> {
        self.change(pointer, |pointer, document| pointer.set(document, value))
    }

    /// Adds a value to the array at a place.
    pub fn append(&mut self, pointer: &str, value: Value) -> Result<()> {
        self.change(pointer, |pointer, document| pointer.append(document, value))
    }

    fn change(&mut self, text: &str, change: impl FnOnce(&Pointer, &mut Value) -> Result<()>) -> Result<()> {
        let pointer = Pointer::parse(text)?;
        if text.is_empty() {
            return Err(Error::invalid("The empty JSON Pointer names the parameters as a whole; name one of them, as in /name."));
        }
        let mut document = Value::Object(std::mem::take(&mut self.0));
        let outcome = change(&pointer, &mut document);
        if let Value::Object(object) = document {
            self.0 = object;
        }
        outcome
    }

    /// The members.
    pub fn object(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The members, to be changed.
    pub fn object_mut(&mut self) -> &mut Map<String, Value> {
        &mut self.0
    }

    /// A request's body.
    pub fn to_body(&self) -> Value {
        Value::Object(self.0.clone())
    }

    /// What a request holds under a name: the call's further members replace those of the parameters.
    pub fn sent<'a>(&'a self, extra_body: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
        extra_body.get(name).or_else(|| self.0.get(name))
    }

    /// A list's filters: arrays are joined by commas, nulls are left out.
    pub fn to_query(&self) -> Result<Vec<(String, String)>> {
        let mut query = Vec::new();
        for (name, value) in &self.0 {
            if let Some(text) = query_text(name, value)? {
                query.push((name.clone(), text));
            }
        }
        Ok(query)
    }

    /// Members whose values are all text, such as headers.
    pub fn to_pairs(&self, what: &str) -> Result<Vec<(String, String)>> {
        self.0
            .iter()
            .map(|(name, value)| match value {
                Value::String(text) => Ok((name.clone(), text.clone())),
                Value::Number(_) | Value::Bool(_) => Ok((name.clone(), value.to_string())),
                _ => Err(Error::invalid(format!("{what}: the value of {name:?} must be text."))),
            })
            .collect()
    }
}

fn query_text(name: &str, value: &Value) -> Result<Option<String>> {
    Ok(match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(items) => {
            let texts: Vec<String> = items.iter().filter_map(|item| query_text(name, item).transpose()).collect::<Result<_>>()?;
            Some(texts.join(","))
        }
        Value::Object(_) => {
            return Err(Error::invalid(format!("The filter {name:?} cannot be an object; write metadata[key] as the filter's name.")))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_refused_change_leaves_the_parameters_as_they_were() {
        let mut params = Params::from_json(br#"{"name": "a"}"#).unwrap();
        assert!(params.set("/name/x", json!(1)).is_err());
        assert!(params.set("", json!(1)).is_err());
        assert_eq!(params.to_body(), json!({"name": "a"}));
    }

    #[test]
    fn filters_become_query_parameters() {
        let params =
            Params::from_json(br#"{"status": "running", "limit": 5, "flag": true, "none": null, "metadata[k][in]": ["a", "b"]}"#).unwrap();
        let query = params.to_query().unwrap();
        let text: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(text, ["status=running", "limit=5", "flag=true", "metadata[k][in]=a,b"]);
    }
}
