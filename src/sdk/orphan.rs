//! Nothing left behind: what a failed or cancelled create may have begun is found and ended.

use std::time::{Duration, Instant};

use super::client::Client;
use super::orphan_search::{Found, Search};
use crate::api::{blueprints, devboxes, mark, objects, snapshots, views, Params};
use crate::error::{Error, Result, SideEffect};
use crate::transport::{Call, CallOptions, Errand, Request, Secret, Sending};

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
const HURRIED_PAUSE: Duration = Duration::from_millis(500);
/// A request whose connection broke may still be on its way through the service for so long. A client that is
/// being closed searches no longer than that.
const ON_ITS_WAY: Duration = Duration::from_secs(5);
/// How long what an earlier attempt of a create may have made is looked for.
const DOUBLES_SHOW_WITHIN: Duration = Duration::from_secs(30);

/// What a create leaves behind, and how that is found and ended.
pub struct Kind {
    noun: &'static str,
    /// What is being done to it, in words.
    ending: &'static str,
    /// The states in which there is nothing to end.
    pub(super) ended: &'static [&'static str],
    pub(super) key: &'static str,
    pub(super) list: fn() -> Request,
    end: fn(&str) -> Result<Request>,
}

/// A devbox is shut down.
pub const DEVBOX: Kind = Kind {
    noun: "devbox",
    ending: "shut down",
    ended: &["shutdown", "failure"],
    key: "devboxes",
    list: devboxes::list,
    end: devboxes::shutdown,
};
/// A snapshot is deleted.
pub const SNAPSHOT: Kind =
    Kind { noun: "snapshot", ending: "deleted", ended: &[], key: "snapshots", list: snapshots::list, end: snapshots::delete };
/// A blueprint is deleted.
pub const BLUEPRINT: Kind =
    Kind { noun: "blueprint", ending: "deleted", ended: &[], key: "blueprints", list: blueprints::list, end: blueprints::delete };
/// An object is deleted, its content with it.
pub const OBJECT: Kind = Kind { noun: "object", ending: "deleted", ended: &[], key: "objects", list: objects::list, end: objects::delete };

/// By what the result of one create is found: its mark, the list in which it would be, and since when.
pub struct Trace {
    pub(super) mark: String,
    pub(super) filter: Vec<(String, String)>,
    pub(super) since: Instant,
}

impl Trace {
    /// Marks a create, unless the call keeps what it creates or the client does not mark. What it makes is in the
    /// list that `filter` narrows.
    pub fn put(client: &Client, params: &mut Params, options: &mut CallOptions, filter: Option<(&str, &str)>) -> Option<Trace> {
        if options.keep || !client.marks_creates() {
            return None;
        }
        let mut query: Vec<_> = filter.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        query.push(("limit".to_owned(), "100".to_owned()));
        let mark = mark::put(params, &mut options.extra_body);
        // It says nothing to the user.
        options.secrets.push(Secret::new(mark.clone()));
        Some(Trace { mark, filter: query, since: Instant::now() })
    }
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
        Ok(answer) => {
            let doubtful = answer.doubtful;
            let id = answer.read(&request.name(), |value| views::id_of_new(&request.name(), value));
            match id {
                Ok(id) => {
                    end_doubles(client, kind, doubtful, &id, trace);
                    Ok(id)
                }
                Err(error) => Err(after_failed_create(client, kind, error, None, trace)),
            }
        }
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
    let what = format!("The {} that a failed create with the mark {} may have made", kind.noun, trace.mark);
    client.transport().clean_up(what, |errand| async move {
        match find(&errand, &search, sending, &trace).await {
            Outcome::Found(bearers) => end_all(&errand, kind, &bearers).await,
            Outcome::Never => Ok("was not made".to_owned()),
            Outcome::NotSeen => Ok(format!("was not in the list within {} s", trace.since.elapsed().as_secs())),
        }
    });
    let mut error = error.adding(&format!("If the {} was created all the same, it is being {}.", kind.noun, kind.ending));
    error.details_mut().cause.get_or_insert_with(|| format!("the create carried the metadata {}", mark::KEY));
    error
}

/// The identifier is known: ends what was created behind the caller's back, unless it has `ended`.
pub fn after_failed_wait(client: &Client, kind: &'static Kind, id: &str, error: Error, ended: bool) -> Error {
    if ended {
        return error.about(id).as_done();
    }
    let error = error.about(id).with_side_effect(SideEffect::Happened);
    let owned = id.to_owned();
    client.transport().clean_up(format!("The {} {id}", kind.noun), |errand| async move { end(&errand, kind, &owned).await });
    error.adding(&format!("The {} {id} is being {}.", kind.noun, kind.ending))
}

/// An earlier attempt of a create that succeeded may have made something too: what else bears its mark is ended
/// behind the caller's back.
pub fn end_doubles(client: &Client, kind: &'static Kind, doubtful: bool, id: &str, trace: Option<Trace>) {
    let (true, Some(trace)) = (doubtful, trace) else { return };
    let search = client.orphans().search(kind, &trace);
    let (own, what) = (id.to_owned(), format!("The {} that an earlier attempt of the create of {id} may have made", kind.noun));
    client.transport().clean_up(what, |errand| async move {
        let began = Instant::now();
        let mut pause = FIRST_PAUSE;
        while began.elapsed() < DOUBLES_SHOW_WITHIN {
            let closing = pause_or_closing(&errand, pause).await;
            let mut bearers = search.look_up(&errand, &trace.mark).await;
            bearers.retain(|found| found.id != own);
            if !bearers.is_empty() {
                return end_all(&errand, kind, &bearers).await;
            }
            if closing && began.elapsed() > ON_ITS_WAY {
                break;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Ok(format!("was not in the list within {} s", trace.since.elapsed().as_secs()))
    });
}

/// Waits; a client that is being closed has no time for long pauses. Tells whether it is.
async fn pause_or_closing(errand: &Errand, pause: Duration) -> bool {
    let hurried = async {
        errand.closing().await;
        tokio::time::sleep(pause.min(HURRIED_PAUSE)).await;
    };
    tokio::select! {
        biased;
        () = hurried => true,
        () = tokio::time::sleep(pause) => false,
    }
}

enum Outcome {
    Found(Vec<Found>),
    /// The create has certainly had no effect.
    Never,
    NotSeen,
}

/// Waits for the create's own answer and looks for its mark meanwhile, whichever is first. A create that shows late
/// is found too: the search goes on until the clean-up's own limit.
async fn find(errand: &Errand, search: &Search, mut sending: Option<Sending>, trace: &Trace) -> Outcome {
    let mut pause = FIRST_PAUSE;
    let began = Instant::now();
    loop {
        let answer = async {
            match sending.as_mut() {
                Some(sending) => sending.outcome().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            outcome = answer => {
                sending = None;
                match outcome {
                    Ok(answer) => if let Some(id) = id_in(&answer) { return Outcome::Found(vec![Found { id, ended: false }]) },
                    Err(error) if error.details().side_effect == SideEffect::None => return Outcome::Never,
                    Err(_) => {}
                }
                continue;
            }
            closing = pause_or_closing(errand, pause) => {
                if closing && sending.is_none() && began.elapsed() > ON_ITS_WAY {
                    return Outcome::NotSeen;
                }
            }
        }
        let bearers = search.look_up(errand, &trace.mark).await;
        if !bearers.is_empty() {
            return Outcome::Found(bearers);
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn id_in(answer: &crate::transport::Answer) -> Option<String> {
    views::identifier(&answer.json("create").ok()?, "id")
}

/// Ends what bears a mark; the words complete the sentence of the clean-up's subject.
async fn end_all(errand: &Errand, kind: &Kind, bearers: &[Found]) -> Result<String> {
    let mut outcomes = Vec::new();
    for Found { id, ended } in bearers {
        let outcome = if *ended { "had ended by itself".to_owned() } else { end(errand, kind, id).await? };
        outcomes.push(format!("is {id}, and {outcome}"));
    }
    Ok(outcomes.join("; "))
}

async fn end(errand: &Errand, kind: &Kind, id: &str) -> Result<String> {
    match errand.insist(&(kind.end)(id)?).await {
        Ok(_) => Ok(format!("was {}", kind.ending)),
        Err(error) if error.details().already => Ok("was gone already".to_owned()),
        Err(error) => Err(error),
    }
}
