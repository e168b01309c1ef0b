//! Nothing left behind: what a failed or cancelled create may have begun is found and ended.

use std::time::Duration;

use serde_json::Value;

use super::client::{id_of, Client};
use super::orphan_search::Search;
use crate::api::{blueprints, devboxes, objects, snapshots, Params};
use crate::error::{Error, Result, SideEffect};
use crate::transport::{Call, CallOptions, Errand, Request, Sending};

/// The metadata key under which a create notes whose it is.
pub(super) const TAG: &str = "librunloop_create_id";
/// A devbox that has just been created is in one of these states.
const FRESH: [&str; 4] = ["queued", "provisioning", "initializing", "running"];
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// What a create leaves behind, and how that is found and ended.
pub struct Kind {
    noun: &'static str,
    /// What is being done to it, in words.
    ending: &'static str,
    pub(super) key: &'static str,
    pub(super) list: fn() -> Request,
    end: fn(&str) -> Result<Request>,
}

/// A devbox is shut down.
pub const DEVBOX: Kind = Kind { noun: "devbox", ending: "shut down", key: "devboxes", list: devboxes::list, end: devboxes::shutdown };
/// A snapshot is deleted.
pub const SNAPSHOT: Kind = Kind { noun: "snapshot", ending: "deleted", key: "snapshots", list: snapshots::list, end: snapshots::delete };
/// A blueprint is deleted.
pub const BLUEPRINT: Kind =
    Kind { noun: "blueprint", ending: "deleted", key: "blueprints", list: blueprints::list, end: blueprints::delete };

/// An object is deleted, its content with it.
pub const OBJECT: Kind = Kind { noun: "object", ending: "deleted", key: "objects", list: objects::list, end: objects::delete };

/// By what the result of one create is found: its tag, and the lists in which it would be.
pub struct Trace {
    pub(super) tag: String,
    pub(super) lists: Vec<Vec<(String, String)>>,
}

impl Trace {
    /// Marks the create of a devbox.
    pub fn devbox(params: &mut Params) -> Trace {
        Trace { tag: tag(params), lists: FRESH.iter().map(|status| filter("status", status)).collect() }
    }

    /// Marks the create of something that one filter finds.
    pub fn filtered(params: &mut Params, name: &str, value: &str) -> Trace {
        Trace { tag: tag(params), lists: vec![filter(name, value)] }
    }
}

fn filter(name: &str, value: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), value.to_owned()), ("limit".to_owned(), "100".to_owned())]
}

fn tag(params: &mut Params) -> String {
    let tag = uuid::Uuid::new_v4().to_string();
    let metadata = params.object_mut().entry("metadata").or_insert(Value::Null);
    if metadata.is_null() {
        *metadata = Value::Object(serde_json::Map::new());
    }
    // Metadata of another kind is for the service to refuse.
    if let Some(metadata) = metadata.as_object_mut() {
        metadata.insert(TAG.to_owned(), Value::String(tag.clone()));
    }
    tag
}

/// Sends a create that is answered at once, and gives the new identifier.
pub fn create(
    client: &Client,
    call: &Call,
    options: &CallOptions,
    request: &Request,
    kind: &'static Kind,
    trace: Option<Trace>,
) -> Result<String> {
    let mut sending = client.transport().start(call, options, request)?;
    match client.transport().finish(call, request, &mut sending) {
        Ok(answer) => answer.json(&request.name()).and_then(|value| id_of(request, &value)),
        Err(error) => Err(after_failed_create(client, kind, error, Some(sending), trace)),
    }
}

/// The identifier is not known: if something may have been created, looks for it behind the
/// caller's back and ends it.
pub fn after_failed_create(client: &Client, kind: &'static Kind, error: Error, sending: Option<Sending>, trace: Option<Trace>) -> Error {
    if error.details().side_effect != SideEffect::Unknown {
        return error;
    }
    let Some(trace) = trace else { return error };
    let search = client.orphans().search(kind, &trace);
    client.transport().clean_up(|errand| async move {
        if let Some(id) = find(&errand, &search, sending, &trace).await {
            end(&errand, kind, &id).await;
        }
    });
    let mut error = error.adding(&format!("If a {} was created all the same, it is being {}.", kind.noun, kind.ending));
    error.details_mut().cause.get_or_insert_with(|| format!("the create carried the metadata {TAG}"));
    error
}

/// The identifier is known: ends what was created behind the caller's back, unless it has `ended`.
pub fn after_failed_wait(client: &Client, kind: &'static Kind, id: &str, error: Error, ended: bool) -> Error {
    let error = error.about(id).with_side_effect(SideEffect::Happened);
    if ended {
        return error;
    }
    let owned = id.to_owned();
    client.transport().clean_up(|errand| async move { end(&errand, kind, &owned).await });
    error.adding(&format!("The {} {id} is being {}.", kind.noun, kind.ending))
}

/// Waits for the create's own answer and looks for its tag meanwhile, whichever is first.
async fn find(errand: &Errand, search: &Search, sending: Option<Sending>, trace: &Trace) -> Option<String> {
    let Some(mut sending) = sending else { return look_up_for_a_while(errand, search, trace).await };
    let mut pause = FIRST_PAUSE;
    loop {
        tokio::select! {
            biased;
            outcome = sending.outcome() => {
                return match outcome {
                    Ok(answer) => answer.json("create").ok()?.get("id")?.as_str().map(str::to_owned),
                    Err(error) if error.details().side_effect == SideEffect::None => None,
                    Err(_) => look_up_for_a_while(errand, search, trace).await,
                };
            }
            () = tokio::time::sleep(pause) => {
                if let Some(id) = search.look_up(errand, &trace.tag).await {
                    return Some(id);
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

/// A request whose connection broke may still be on its way through the service.
async fn look_up_for_a_while(errand: &Errand, search: &Search, trace: &Trace) -> Option<String> {
    let mut pause = FIRST_PAUSE;
    for _ in 0..6 {
        if let Some(id) = search.look_up(errand, &trace.tag).await {
            return Some(id);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    None
}

async fn end(errand: &Errand, kind: &Kind, id: &str) {
    if let Ok(request) = (kind.end)(id) {
        // A failure is in the log; there is nobody left to tell.
        let _ = errand.send(&request).await;
    }
}
