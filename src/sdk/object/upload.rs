//! Objects made of something: created, filled and completed in one call, or deleted.

use std::path::Path;

use serde_json::Value;

use crate::api::{object, Params};
use crate::error::{Error, Result};
use crate::sdk::cleanup;
use crate::sdk::cleanup::Left;
use crate::sdk::client::Client;
use crate::sdk::io::packed::{Packed, Tree};
use crate::sdk::io::source::named;
use crate::sdk::io::spool::Spool;
use crate::sdk::io::wait::Waiting;
use crate::sdk::object::StorageObject;
use crate::transport::{Call, CallOptions, Source};

impl StorageObject {
    /// Makes an object of a source's bytes. Nothing is left behind where that fails.
    pub fn upload(client: &Client, name: &str, params: &Params, source: &mut dyn Source, options: &CallOptions) -> Result<StorageObject> {
        let mut params = params.clone();
        set_default(&mut params, "name", name);
        let Some(sent) = name_sent(&params, options) else { return Err(Error::invalid("The name of the object is empty.")) };
        let kind = content_type(sent);
        set_default(&mut params, "content_type", kind);
        let call = client.call(options);
        call.check()?;
        // A storage wants to know the length first.
        if source.length().is_some() {
            return StorageObject::make(client, &call, params, source, options);
        }
        let mut spool = Spool::of(source, &Waiting { transport: client.transport(), call: &call })?;
        StorageObject::make(client, &call, params, &mut spool, options)
    }

    /// Makes an object of a file of this machine, which has been opened.
    pub fn upload_file(
        client: &Client,
        path: &str,
        source: &mut dyn Source,
        params: &Params,
        options: &CallOptions,
    ) -> Result<StorageObject> {
        StorageObject::upload(client, &default_name(path, "", params, options)?, params, source, options)
    }

    /// Makes an object of a text.
    pub fn upload_text(client: &Client, name: &str, text: &str, params: &Params, options: &CallOptions) -> Result<StorageObject> {
        let mut params = params.clone();
        set_default(&mut params, "content_type", "text");
        StorageObject::upload(client, name, &params, &mut crate::sdk::Memory::new(text.as_bytes()), options)
    }

    /// Makes an object of a directory: a tar.gz of all that is below it.
    pub fn upload_directory(
        client: &Client,
        path: &str,
        tree: &mut Tree<'_>,
        params: &Params,
        options: &CallOptions,
    ) -> Result<StorageObject> {
        let mut params = params.clone();
        set_default(&mut params, "content_type", "tgz");
        let name = default_name(path, ".tar.gz", &params, options)?;
        StorageObject::upload(client, &name, &params, &mut Packed::new(path, tree)?, options)
    }

    /// Makes an object of a directory as a build context, without what its `.dockerignore` names.
    pub fn upload_docker_context(
        client: &Client,
        path: &str,
        tree: &mut Tree<'_>,
        params: &Params,
        options: &CallOptions,
    ) -> Result<StorageObject> {
        let mut params = params.clone();
        set_default(&mut params, "content_type", "tgz");
        let name = default_name(path, ".tar.gz", &params, options)?;
        StorageObject::upload(client, &name, &params, &mut Packed::docker_context(path, tree)?, options)
    }

    fn make(client: &Client, call: &Call, mut params: Params, source: &mut dyn Source, options: &CallOptions) -> Result<StorageObject> {
        let options = &mut options.clone();
        let trace = cleanup::mark(client, &mut params, options, Some(("state", "UPLOADING")));
        let options = &options.keeping_secrets_of(&params.to_body());
        let request = object::create(params.to_body());
        let mut sending = client.transport().start(call, options, &request)?;
        let answer = match client.transport().finish(call, &request, &mut sending) {
            Ok(answer) => answer,
            Err(error) => {
                return Err(cleanup::after_failed_create(client, &cleanup::OBJECT, options, error, Left::UnderWay(sending), trace));
            }
        };
        let created = answer.read(&request.name(), |value| StorageObject::created(client, &request, value));
        let object = match created {
            Ok(object) => object,
            Err(error) => {
                return Err(match error.details().resource_id.clone() {
                    Some(id) => failed(client, &id, error, options),
                    None => cleanup::after_failed_create(client, &cleanup::OBJECT, options, error, Left::Answered(answer.doubts), trace),
                });
            }
        };
        cleanup::end_doubles(client, &cleanup::OBJECT, options, answer.doubts, &object.id, trace);
        let rest = options.for_what_follows();
        let filled = object.upload_within(call, source, &rest).and_then(|()| object.complete_within(call, &rest));
        match filled {
            Ok(_) => Ok(object),
            Err(error) => Err(failed(client, &object.id, error, options)),
        }
    }
}

/// The object exists, but will never be whole.
fn failed(client: &Client, id: &str, error: Error, options: &CallOptions) -> Error {
    if options.keep {
        return error.about(id).done();
    }
    cleanup::after_failed_wait(client, &cleanup::OBJECT, options, id, error, false)
}

fn set_default(params: &mut Params, key: &str, value: &str) {
    let present = params.object_mut().entry(key).or_insert(Value::Null);
    if present.is_null() {
        *present = Value::from(value);
    }
}

/// The name that the service is sent.
fn name_sent<'a>(params: &'a Params, options: &'a CallOptions) -> Option<&'a str> {
    params.sent(&options.extra_body, "name").and_then(Value::as_str).filter(|name| !name.is_empty())
}

/// What an object is called where nothing else says it: as the file or directory, with this behind it.
fn default_name(path: &str, behind: &str, params: &Params, options: &CallOptions) -> Result<String> {
    named(path)?;
    if name_sent(params, options).is_some() {
        return Ok(String::new());
    }
    let path = Path::new(path);
    let own = match path.file_name() {
        Some(name) => Some(name.to_owned()),
        // Such as `.` or `a/..`.
        None => path.canonicalize().ok().and_then(|path| path.file_name().map(ToOwned::to_owned)),
    };
    let own = own.ok_or_else(|| Error::invalid(format!("{} has no name that an object could take; set /name.", path.display())))?;
    Ok(format!("{}{behind}", own.to_string_lossy()))
}

/// The content type that a name stands for.
fn content_type(name: &str) -> &'static str {
    let name = name.to_lowercase();
    if name.ends_with(".tar.gz") || name.ends_with(".tgz") {
        return "tgz";
    }
    match Path::new(&name).extension().and_then(|extension| extension.to_str()) {
        Some("txt" | "html" | "css" | "js" | "json" | "xml" | "yaml" | "yml" | "md" | "csv") => "text",
        Some("gz") => "gzip",
        Some("tar") => "tar",
        _ => "unspecified",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types_go_by_name() {
        for (name, kind) in [
            ("a.txt", "text"),
            ("A.JSON", "text"),
            ("a.b.yml", "text"),
            ("a.tar.gz", "tgz"),
            ("a.TGZ", "tgz"),
            ("a.gz", "gzip"),
            ("a.tar", "tar"),
            ("a.bin", "unspecified"),
            ("txt", "unspecified"),
            (".txt", "unspecified"),
            ("", "unspecified"),
        ] {
            assert_eq!(content_type(name), kind, "{name}");
        }
    }
}
