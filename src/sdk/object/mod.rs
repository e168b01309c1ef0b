//! Storage objects: creating, completing, finding and deleting them.

pub(crate) mod download;
pub(crate) mod upload;

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{json, Map, Value};

use super::client::Client;
use crate::api::{object, views, Params};
use crate::error::{Error, Result, SideEffect, Status};
use crate::log;
use crate::sdk::exec::repeatable::explained;
use crate::sdk::io::spool;
use crate::sdk::io::spool::Spool;
use crate::sdk::io::wait::Waiting;
use crate::transport::{Call, CallOptions, Request, SignedUrl, Source};

/// An object of the service's storage, by its identifier.
pub struct StorageObject {
    pub(super) client: Client,
    pub(super) id: String,
    /// Where the content goes, until there is one.
    upload: Option<SignedUrl>,
    completed: AtomicBool,
}

impl StorageObject {
    /// Creates an object that has no content yet.
    pub fn create(client: &Client, params: &Params, options: &CallOptions) -> Result<StorageObject> {
        let request = object::create(params.to_body());
        client.ask_and_read(&client.call(options), options, &request, |value| StorageObject::created(client, &request, value))
    }

    pub(super) fn created(client: &Client, request: &Request, value: &Value) -> Result<StorageObject> {
        let id = views::id_of_new(&request.name(), value)?;
        let nothing = Map::new();
        let headers = value.get("upload_headers").and_then(Value::as_object).unwrap_or(&nothing);
        let headers = headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
        let upload = match value.get("upload_url").and_then(Value::as_str) {
            Some(url) => Some(SignedUrl::new(url, headers).map_err(|error| error.about(&id).with_side_effect(SideEffect::Happened))?),
            None => None,
        };
        Ok(StorageObject { client: client.clone(), id, upload, completed: AtomicBool::new(false) })
    }

    /// An existing object, without asking whether there is one.
    pub fn from_id(client: &Client, id: &str) -> Result<StorageObject> {
        object::check_id(id)?;
        Ok(StorageObject { client: client.clone(), id: id.to_owned(), upload: None, completed: AtomicBool::new(false) })
    }

    /// `obj_…`
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where the content goes, as long as there is none.
    pub fn upload_url(&self) -> Option<&SignedUrl> {
        self.upload.as_ref().filter(|_| !self.completed.load(Ordering::Relaxed))
    }

    /// The object as the API shows it now.
    pub fn refresh(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &object::retrieve(&self.id)?))
    }

    /// Sends the content. Whoever does, completes the object afterwards.
    pub fn upload_content(&self, source: &mut dyn Source, options: &CallOptions) -> Result<()> {
        let call = self.client.call(options);
        // A storage wants to know the length first.
        if source.length().is_some() {
            return self.upload_within(&call, source, options);
        }
        let waiting = Waiting { transport: self.client.transport(), call: &call };
        self.upload_within(&call, &mut Spool::of(source, &waiting)?, options)
    }

    pub(super) fn upload_within(&self, call: &Call, source: &mut dyn Source, options: &CallOptions) -> Result<()> {
        let Some(url) = self.upload_url() else {
            return Err(Error::new(
                Status::WrongState,
                format!("The object {} takes no content: this handle has no upload URL for it. Create another object.", self.id),
            )
            .about(&self.id));
        };
        let name = format!("PUT of the content of {}", self.id);
        let waiting = Waiting { transport: self.client.transport(), call };
        let sending = |source: &mut dyn Source| self.client.transport().put_signed(call, options, &name, url, source);
        self.about(spool::send(source, &waiting, sending))
    }

    /// Says that the content is whole; from then on it can be read.
    pub fn complete(&self, options: &CallOptions) -> Result<Value> {
        self.complete_within(&self.client.call(options), options)
    }

    /// Where the answer is lost, the object's state tells what became of the request.
    pub(super) fn complete_within(&self, call: &Call, options: &CallOptions) -> Result<Value> {
        let request = object::complete(&self.id)?;
        let transport = self.client.transport();
        let mut retries = transport.retries(call, options);
        let mut doubtful = false;
        loop {
            let error = match self.client.ask_within(call, options, &request) {
                Ok(value) => {
                    self.check(options, &value)?;
                    self.completed.store(true, Ordering::Relaxed);
                    return Ok(value);
                }
                Err(error) => error.about(&self.id),
            };
            // A request that is refused may have been so since an earlier one has done it meanwhile.
            let refused = error.details().side_effect != SideEffect::Unknown;
            if refused && !doubtful {
                return Err(error);
            }
            doubtful = true;
            let error = error.with_side_effect(SideEffect::Unknown);
            if call.check().is_err() {
                return Err(error);
            }
            let view = match self.client.ask_within(call, &options.for_what_follows(), &object::retrieve(&self.id)?) {
                Ok(view) => view,
                Err(ended) if call.check().is_err() => return self.about(Err(explained(ended, &error))),
                Err(_) => return Err(error),
            };
            self.check(options, &view)?;
            match state_of(&view) {
                Some("READ_ONLY") => {
                    self.completed.store(true, Ordering::Relaxed);
                    return Ok(view);
                }
                Some("UPLOADING") if !refused => {}
                _ => return Err(error),
            }
            let Some(pause) = retries.after_error(&error) else { return Err(error) };
            log::tell(log::Level::Warn, || format!("{}: it has not happened, again in {} ms: {error}", request.name(), pause.as_millis()));
            transport.pause(call, pause).map_err(|ended| explained(ended, &error))?;
        }
    }

    /// Fails where the object will never have its content.
    fn check(&self, options: &CallOptions, view: &Value) -> Result<()> {
        let state = match state_of(view) {
            Some(state @ ("ERROR" | "DELETED")) => state,
            _ => return Ok(()),
        };
        let message = format!("The object {} was not completed: its state is {state}. Create another object.", self.id);
        let mut error = Error::new(Status::WrongState, message).with_side_effect(SideEffect::Happened);
        error.details_mut().body = Some(self.client.transport().scrubber(options, view).answer(view));
        Err(error.about(&self.id))
    }

    /// A signed URL of the content, in `download_url`.
    pub fn get_download_url(&self, query: &Params, options: &CallOptions) -> Result<Value> {
        self.download_url_within(&self.client.call(options), query, options)
    }

    pub(super) fn download_url_within(&self, call: &Call, query: &Params, options: &CallOptions) -> Result<Value> {
        let request = object::download(&self.id, query.to_query()?)?;
        self.about(self.client.ask_within(call, options, &request))
    }

    /// Deletes the object and its content.
    pub fn delete(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &object::delete(&self.id)?))
    }

    /// The object as a blueprint's parameters name a build context.
    pub fn as_build_context(&self) -> Value {
        json!({ "type": "object", "object_id": self.id })
    }

    pub(super) fn about<T>(&self, result: Result<T>) -> Result<T> {
        result.map_err(|error| error.about(&self.id))
    }
}

fn state_of(view: &Value) -> Option<&str> {
    view.get("state").and_then(Value::as_str)
}
