//! Nothing left behind: what a failed or cancelled create may have begun is found and ended.

pub(crate) mod kind;
pub(crate) mod search;

use std::time::{Duration, Instant};

use super::client::Client;
use crate::api::{create_mark, views, Params};
use crate::error::{Error, Result, SideEffect};
use crate::transport::{Call, CallOptions, CleanupTask, Request, Secret, Sending};
use kind::Kind;
pub use kind::{BLUEPRINT, DEVBOX, OBJECT, SNAPSHOT};
pub use search::Trace;
use search::{Found, Search};

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
const HURRIED_PAUSE: Duration = Duration::from_millis(500);
/// A request whose connection broke may still be on its way through the service for so long. A client that is
/// being closed searches no longer than that.
const ON_ITS_WAY: Duration = Duration::from_secs(5);
/// How long what an earlier attempt of a create may have made is looked for.
const DOUBLES_SHOW_WITHIN: Duration = Duration::from_secs(30);

/// Marks a create, unless the call keeps what it creates or the client does not mark. What it makes is in the
/// list that `filter` narrows.
pub fn mark(client: &Client, params: &mut Params, options: &mut CallOptions, filter: Option<(&str, &str)>) -> Option<Trace> {
    if options.keep || !client.marks_creates() {
        return None;
    }
    let mut query: Vec<_> = filter.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    query.push(("limit".to_owned(), "100".to_owned()));
    let mark = create_mark::put(params, &mut options.extra_body);
    // It says nothing to the user.
    options.secrets.push(Secret::new(mark.clone()));
    Some(Trace { mark, filter: query, since: Instant::now() })
}

/// What is left of a create that has failed.
pub enum Left {
    /// Its answer may still come.
    UnderWay(Sending),
    /// Its answer cannot be used; so many earlier attempts may have made something too.
    Answered(u32),
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
            let doubts = answer.doubts;
            let id = answer.read(&request.name(), |value| views::id_of_new(&request.name(), value));
            match id {
                Ok(id) => {
                    end_doubles(client, kind, options, doubts, &id, trace);
                    Ok(id)
                }
                Err(error) => Err(after_failed_create(client, kind, options, error, Left::Answered(doubts), trace)),
            }
        }
        Err(error) => Err(after_failed_create(client, kind, options, error, Left::UnderWay(sending), trace)),
    }
}

/// The identifier is not known: if something may have been created, looks for it behind the
/// caller's back and ends it.
pub fn after_failed_create(
    client: &Client,
    kind: &'static Kind,
    options: &CallOptions,
    error: Error,
    left: Left,
    trace: Option<Trace>,
) -> Error {
    if error.details().side_effect != SideEffect::Unknown {
        return error;
    }
    let Some(trace) = trace else { return error };
    let search = client.orphans().search(kind, &trace, options);
    let what = format!("The {} that a failed create with the mark {} may have made", kind.noun, trace.mark);
    client.transport().clean_up(what, options, |task| async move {
        let (sending, doubts) = match left {
            Left::UnderWay(sending) => (Some(sending), 0),
            Left::Answered(doubts) => (None, doubts),
        };
        let hunt = Hunt { task: &task, kind, search: &search, mark: &trace.mark, since: trace.since, own: None };
        hunt.follow(sending, doubts + 1).await
    });
    let mut error = error.adding(&format!("If the {} was created all the same, it is being {}.", kind.noun, kind.ending));
    error.details_mut().cause.get_or_insert_with(|| format!("the create carried the metadata {}", create_mark::KEY));
    error
}

/// The identifier is known: ends what was created behind the caller's back, unless it has `ended`.
pub fn after_failed_wait(client: &Client, kind: &'static Kind, options: &CallOptions, id: &str, error: Error, ended: bool) -> Error {
    if ended {
        return error.about(id).done();
    }
    let error = error.about(id).with_side_effect(SideEffect::Happened);
    let owned = id.to_owned();
    client.transport().clean_up(format!("The {} {id}", kind.noun), options, |task| async move { end(&task, kind, &owned).await });
    error.adding(&format!("The {} {id} is being {}.", kind.noun, kind.ending))
}

/// Earlier attempts of a create that succeeded may have made something too: what else bears its mark is ended
/// behind the caller's back. `doubts`: how many there are of them.
pub fn end_doubles(client: &Client, kind: &'static Kind, options: &CallOptions, doubts: u32, id: &str, trace: Option<Trace>) {
    let (1.., Some(trace)) = (doubts, trace) else { return };
    let search = client.orphans().search(kind, &trace, options);
    let (own, what) = (id.to_owned(), format!("The {} that an earlier attempt of the create of {id} may have made", kind.noun));
    client.transport().clean_up(what, options, |task| async move {
        let hunt = Hunt { task: &task, kind, search: &search, mark: &trace.mark, since: trace.since, own: Some(&own) };
        hunt.follow(None, doubts).await
    });
}

/// Waits; a client that is being closed has no time for long pauses. Tells whether it is.
async fn pause_or_closing(task: &CleanupTask, pause: Duration) -> bool {
    let hurried = async {
        task.closing().await;
        tokio::time::sleep(pause.min(HURRIED_PAUSE)).await;
    };
    tokio::select! {
        biased;
        () = hurried => true,
        () = tokio::time::sleep(pause) => false,
    }
}

/// The search for what bears one mark, all of which is ended.
struct Hunt<'a> {
    task: &'a CleanupTask,
    kind: &'static Kind,
    search: &'a Search,
    mark: &'a str,
    /// When the create began.
    since: Instant,
    /// What bears the mark and is kept.
    own: Option<&'a str>,
}

impl Hunt<'_> {
    /// Waits for the create's own answer and looks for its mark meanwhile, until as much has been ended as its attempts can have
    /// made: `most`, which the create under way may still raise. What shows late is found too; a first one is looked for until
    /// the clean-up's own limit. Gives what completes the sentence of the clean-up's subject.
    async fn follow(&self, mut sending: Option<Sending>, mut most: u32) -> Result<String> {
        let (mut pause, mut began, mut is_closing) = (FIRST_PAUSE, Instant::now(), false);
        let mut ended = Ended::default();
        loop {
            if let Some(sending) = &sending {
                most = sending.doubts() + 1;
            }
            if ended.ids.len() >= most as usize {
                return ended.told();
            }
            let answer = async {
                match sending.as_mut() {
                    Some(sending) => sending.outcome().await,
                    None => std::future::pending().await,
                }
            };
            let mut bearers = tokio::select! {
                biased;
                outcome = answer => {
                    if let Some(sending) = sending.take() {
                        most = sending.doubts() + 1;
                    }
                    began = Instant::now();
                    match outcome {
                        Ok(answer) => id_in(&answer).map(|id| vec![Found { id, ended: false }]).unwrap_or_default(),
                        Err(error) if error.details().side_effect == SideEffect::None => return Ok("was not made".to_owned()),
                        Err(_) => Vec::new(),
                    }
                }
                closing = pause_or_closing(self.task, pause) => {
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    is_closing = closing;
                    self.search.look_up(self.task, self.mark).await
                }
            };
            bearers.retain(|found| self.own != Some(&found.id) && !ended.ids.contains(&found.id));
            let patience = match self.own.is_none() && ended.ids.is_empty() {
                _ if is_closing => ON_ITS_WAY,
                true => Duration::MAX,
                false => DOUBLES_SHOW_WITHIN,
            };
            if bearers.is_empty() && sending.is_none() && began.elapsed() > patience {
                return match ended.ids.is_empty() {
                    true => Ok(format!("was not in the list within {} s", self.since.elapsed().as_secs())),
                    false => ended.told(),
                };
            }
            ended.add(self.end_all(bearers).await);
        }
    }

    /// Side by side: one that cannot be ended at the moment holds none of the others up.
    async fn end_all(&self, bearers: Vec<Found>) -> Vec<(String, Result<String>)> {
        let ending = bearers.into_iter().map(|found| async move {
            let outcome = if found.ended { Ok("had ended by itself".to_owned()) } else { end(self.task, self.kind, &found.id).await };
            (found.id, outcome)
        });
        futures_util::future::join_all(ending).await
    }
}

/// What a hunt has ended.
#[derive(Default)]
struct Ended {
    ids: Vec<String>,
    told: Vec<String>,
    failed: Option<Error>,
}

impl Ended {
    fn add(&mut self, outcomes: Vec<(String, Result<String>)>) {
        for (id, outcome) in outcomes {
            match outcome {
                Ok(outcome) => self.told.push(format!("is {id}, and {outcome}")),
                Err(error) => {
                    self.failed.get_or_insert(error);
                }
            }
            self.ids.push(id);
        }
    }

    fn told(self) -> Result<String> {
        self.failed.map_or_else(|| Ok(self.told.join("; ")), Err)
    }
}

fn id_in(answer: &crate::transport::Answer) -> Option<String> {
    views::identifier(&answer.json("create").ok()?, "id")
}

async fn end(task: &CleanupTask, kind: &Kind, id: &str) -> Result<String> {
    match task.insist(&(kind.end)(id)?).await {
        Ok(_) => Ok(format!("was {}", kind.ending)),
        Err(error) if error.details().already => Ok("was gone already".to_owned()),
        Err(error) => Err(error),
    }
}
