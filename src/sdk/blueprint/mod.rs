//! Blueprints: built, waited for with their log, and made devboxes of.

pub(crate) mod log;

use std::cell::RefCell;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::cleanup;
use super::client::Client;
use super::cursor::Cursor;
use super::devbox::{Devbox, Origin};
use crate::api::{blueprint, create_mark, BlueprintView, Params};
use crate::error::{Error, Result, SideEffect, Status};
use crate::transport::{Call, CallOptions, Found, Wait};
use log::{BuildListener, Follower, Log};

/// How long a wait for a build lasts where the call does not say.
const WAIT: Duration = Duration::from_secs(30 * 60);

/// A blueprint, by its identifier.
#[derive(Clone)]
pub struct Blueprint {
    pub(super) client: Client,
    pub(super) id: String,
}

impl Blueprint {
    /// Creates a blueprint and waits until it is built, passing on its log. One that cannot be waited
    /// for to the end is deleted, unless the call keeps it; one whose build failed stays.
    pub fn create(client: &Client, params: &Params, options: &CallOptions, listener: Option<&mut dyn BuildListener>) -> Result<Blueprint> {
        let call = client.call(options);
        call.check()?;
        blueprint::check_file_mounts(params)?;
        let mut params = params.clone();
        let name = params.sent(&options.extra_body, "name").and_then(Value::as_str).map(str::to_owned);
        let options = &mut options.clone();
        let trace = name.and_then(|name| cleanup::mark(client, &mut params, options, Some(("name", &name))));
        let options = &options.keeping_secrets_of(&params.to_body());
        let request = blueprint::create(params.to_body());
        let id = cleanup::create(client, &call, options, &request, &cleanup::BLUEPRINT, trace)?;
        let blueprint = Blueprint { client: client.clone(), id };
        match blueprint.await_within(&call, &options.for_what_follows(), listener) {
            Ok(_) => Ok(blueprint),
            Err(error) => {
                let ended = options.keep || error.status() == Status::BuildFailed;
                Err(cleanup::after_failed_wait(client, &cleanup::BLUEPRINT, options, &blueprint.id, error, ended))
            }
        }
    }

    /// Creates a blueprint and returns as soon as it has an identifier.
    pub fn create_async(client: &Client, params: &Params, options: &CallOptions) -> Result<Blueprint> {
        blueprint::check_file_mounts(params)?;
        let request = blueprint::create(params.to_body());
        Ok(Blueprint { client: client.clone(), id: client.make(options, &request)? })
    }

    /// What would be built, as a Dockerfile.
    pub fn preview(client: &Client, params: &Params, options: &CallOptions) -> Result<Value> {
        client.ask(options, &blueprint::preview(params.to_body()))
    }

    /// An existing blueprint, without asking whether there is one.
    pub fn from_id(client: &Client, id: &str) -> Result<Blueprint> {
        blueprint::check_id(id)?;
        Ok(Blueprint { client: client.clone(), id: id.to_owned() })
    }

    /// A walk through the account's blueprints.
    pub fn list(client: &Client, filters: &Params) -> Result<Cursor> {
        Ok(Cursor::new(client, "blueprints", blueprint::list(), filters.to_query()?))
    }

    /// A walk through the blueprints that all accounts may use.
    pub fn list_public(client: &Client, filters: &Params) -> Result<Cursor> {
        Ok(Cursor::new(client, "blueprints", blueprint::list_public(), filters.to_query()?))
    }

    /// `bpt_…`
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The blueprint as the API shows it now.
    pub fn get_info(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &blueprint::retrieve(&self.id)?))
    }

    /// The log of its build so far.
    pub fn logs(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &blueprint::logs(&self.id)?))
    }

    /// Deletes it. Devboxes made of it are not concerned.
    pub fn delete(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &blueprint::delete(&self.id)?))
    }

    /// Creates a devbox from it and waits until that runs.
    pub fn create_devbox(&self, params: &Params, options: &CallOptions) -> Result<Devbox> {
        Devbox::create(&self.client, Origin::BlueprintId(&self.id), params, options)
    }

    /// Waits until it is built, passing on its log from the first line; a failed build is an error
    /// with the log's end.
    pub fn await_build_complete(&self, options: &CallOptions, listener: Option<&mut dyn BuildListener>) -> Result<Value> {
        self.await_within(&self.client.call(options), options, listener)
    }

    fn await_within(&self, call: &Call, options: &CallOptions, listener: Option<&mut dyn BuildListener>) -> Result<Value> {
        let question = blueprint::retrieve(&self.id)?;
        let end = Instant::now().checked_add(options.poll_timeout.unwrap_or(WAIT));
        let follower = listener.map(|listener| RefCell::new(Follower::new(self.log(), call, end, options, listener)));
        let waited = self.client.transport().wait(
            call,
            options,
            &Wait {
                request: question.clone(),
                state: question.clone(),
                hold: &|_, _| (),
                done: &|value| {
                    let ended = BlueprintView::read(value).has_ended();
                    let go_on = follower.as_ref().is_none_or(|follower| follower.borrow_mut().follow(ended));
                    ended || !go_on
                },
                what: &format!("the blueprint {} to be built", self.id),
                total: Some(WAIT),
                allowed: None,
            },
        );
        if let Some(stopped) = follower.and_then(|follower| follower.into_inner().stopped()) {
            return self.about(Err(stopped));
        }
        let Found { value, facts } = self.about(create_mark::hide_found(waited))?;
        let view = BlueprintView::read(&value);
        if view.status == "build_complete" {
            return Ok(value);
        }
        Err(facts.told(self.build_failed(call, options, &view, &value)))
    }

    fn build_failed(&self, call: &Call, options: &CallOptions, view: &BlueprintView, value: &Value) -> Error {
        let scrubber = self.client.transport().scrubber(options, value);
        let reason = view.failure_reason.as_ref().map_or(String::new(), |reason| format!(" ({})", scrubber.message(reason)));
        let log = match self.log().tail(call, options, &scrubber) {
            Some(lines) => format!(" Its log ends with:\n{lines}"),
            None => " Its log could not be fetched; request it with runloop_blueprint_logs.".to_owned(),
        };
        let mut error = Error::new(Status::BuildFailed, format!("The build of the blueprint {} failed{reason}.{log}", self.id));
        error.details_mut().body = Some(scrubber.answer(value));
        error.about(&self.id).with_side_effect(SideEffect::Happened)
    }

    fn log(&self) -> Log<'_> {
        Log { client: &self.client, blueprint_id: &self.id }
    }

    pub(super) fn about<T>(&self, result: Result<T>) -> Result<T> {
        result.map_err(|error| error.about(&self.id))
    }
}
