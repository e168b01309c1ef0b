//! The search for what creates of unknown outcome have made. However many there are, the service is
//! asked for its lists once in a while, and each round answers all who were waiting for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex as SyncMutex, Weak};
use std::time::{Duration, Instant, UNIX_EPOCH};

use serde_json::Value;
use tokio::sync::Mutex;

use crate::api::{create_mark, views, Page, PageRequest};
use crate::sdk::cleanup::kind::Kind;
use crate::transport::{Answer, CallOptions, CleanupTask};

/// New things come first in the lists, and what is found and ended makes room for the next.
const PAGES: usize = 10;
/// What is new is on the first page; a round in between reads on, for what has been pushed from there.
const BETWEEN_FULL_ROUNDS: Duration = Duration::from_secs(30);
/// After a round there is a pause of this many times its length.
const REST: u32 = 4;
const LONGEST_REST: Duration = Duration::from_secs(5);
/// How far the clock of the service's answers may differ from that of its resources.
const SKEW: Duration = Duration::from_secs(120);

/// By what the result of one create is found: its mark, the list in which it would be, and since when.
pub struct Trace {
    pub(super) mark: String,
    pub(super) filter: Vec<(String, String)>,
    pub(super) since: Instant,
}

/// The searches of one client that are under way.
#[derive(Default)]
pub struct Orphans(SyncMutex<Vec<Weak<Search>>>);

impl Orphans {
    /// The search in this list, shared by all who look there.
    pub fn search(&self, kind: &'static Kind, trace: &Trace, options: &CallOptions) -> Arc<Search> {
        let mut searches = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        searches.retain(|search| search.strong_count() > 0);
        // What is sent besides may lead to other lists.
        let besides = [options.extra_headers.as_slice(), options.extra_query.as_slice()].concat();
        let same = |search: &Arc<Search>| search.kind.key == kind.key && search.filter == trace.filter && search.besides == besides;
        if let Some(search) = searches.iter().filter_map(Weak::upgrade).find(same) {
            let mut since = search.since.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            *since = (*since).min(trace.since);
            drop(since);
            return search;
        }
        let search = Arc::new(Search {
            kind,
            filter: trace.filter.clone(),
            besides,
            since: SyncMutex::new(trace.since),
            rounds: Mutex::new(Rounds::default()),
        });
        searches.push(Arc::downgrade(&search));
        search
    }
}

/// A resource that bears a mark.
#[derive(Clone)]
pub struct Found {
    pub id: String,
    /// Whether there is nothing left to end.
    pub ended: bool,
}

/// A list that is searched for marks.
pub struct Search {
    kind: &'static Kind,
    filter: Vec<(String, String)>,
    /// The headers and query parameters that the call adds.
    besides: Vec<(String, String)>,
    /// When the first of the creates began whose results are searched for.
    since: SyncMutex<Instant>,
    rounds: Mutex<Rounds>,
}

#[derive(Default)]
struct Rounds {
    /// When the last round began and ended.
    last: Option<(Instant, Instant)>,
    last_full: Option<Instant>,
    /// What bears a mark.
    found: HashMap<String, Vec<Found>>,
}

impl Search {
    /// What bears this mark now.
    pub async fn look_up(&self, task: &CleanupTask, mark: &str) -> Vec<Found> {
        let asked = Instant::now();
        let mut rounds = self.rounds.lock().await;
        if rounds.last.is_none_or(|(began, _)| began < asked) {
            if let Some((began, ended)) = rounds.last {
                let rest = (ended - began) * REST;
                tokio::time::sleep((ended + rest).saturating_duration_since(asked).min(LONGEST_REST)).await;
            }
            let began = Instant::now();
            let full = rounds.last_full.is_none_or(|last| last.elapsed() >= BETWEEN_FULL_ROUNDS);
            if full {
                rounds.last_full = Some(began);
            }
            self.read(task, if full { PAGES } else { 1 }, &mut rounds.found).await;
            rounds.last = Some((began, Instant::now()));
        }
        rounds.found.get(mark).cloned().unwrap_or_default()
    }

    async fn read(&self, task: &CleanupTask, pages: usize, found: &mut HashMap<String, Vec<Found>>) {
        let mut page = PageRequest { query: self.filter.clone(), starting_after: None };
        for _ in 0..pages {
            let mut request = (self.kind.list)();
            request.query = page.to_query();
            // A failure is in the log; the next round asks again.
            let Ok(answer) = task.send(&request).await else { return };
            let Ok(read) = answer.json("list").and_then(|value| Page::read("list", self.kind.key, value)) else { return };
            for item in &read.items {
                if let (Some(mark), Some(id)) = (create_mark::of(item), views::identifier(item, "id")) {
                    let status = item.get("status").and_then(Value::as_str);
                    let ended = status.is_some_and(|status| self.kind.ended.contains(&status));
                    let bearers = found.entry(mark.to_owned()).or_default();
                    bearers.retain(|known| known.id != id);
                    bearers.push(Found { id, ended });
                }
            }
            match read.next {
                Some(next) if !read.items.last().is_some_and(|item| self.is_older(item, &answer)) => page.starting_after = Some(next),
                _ => return,
            }
        }
    }

    /// Whether an item was there before the first of the creates: then so were those behind it. By the service's
    /// clock, which is not ours.
    fn is_older(&self, item: &Value, answer: &Answer) -> bool {
        let since = *self.since.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let date = answer.headers.get(http::header::DATE).and_then(|date| date.to_str().ok());
        let now = date.and_then(|date| httpdate::parse_http_date(date).ok()).and_then(|now| now.duration_since(UNIX_EPOCH).ok());
        let created = item.get("create_time_ms").and_then(Value::as_u64).map(Duration::from_millis);
        match (now, created) {
            (Some(now), Some(created)) => created + SKEW + since.elapsed() < now,
            _ => false,
        }
    }
}
