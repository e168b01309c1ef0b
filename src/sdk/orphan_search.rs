//! The search for what creates of unknown outcome have made. However many there are, the service is
//! asked for its lists once in a while, and each round answers all who were waiting for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex as SyncMutex, Weak};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::Mutex;

use super::orphan::{Kind, Trace, TAG};
use crate::api::{Page, PageRequest};
use crate::transport::Errand;

/// New things come first in the lists, and what is found and ended makes room for the next.
const PAGES: usize = 10;
/// After a round there is a pause of this many times its length.
const REST: u32 = 4;
const LONGEST_REST: Duration = Duration::from_secs(5);

type Query = Vec<(String, String)>;

/// The searches of one client that are under way.
#[derive(Default)]
pub struct Orphans(SyncMutex<Vec<Weak<Search>>>);

impl Orphans {
    /// The search in these lists, shared by all who look there.
    pub fn search(&self, kind: &'static Kind, trace: &Trace) -> Arc<Search> {
        let mut searches = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        searches.retain(|search| search.strong_count() > 0);
        let same = |search: &Arc<Search>| search.kind.key == kind.key && search.lists == trace.lists;
        if let Some(search) = searches.iter().filter_map(Weak::upgrade).find(same) {
            return search;
        }
        let search = Arc::new(Search { kind, lists: trace.lists.clone(), last: Mutex::new(None) });
        searches.push(Arc::downgrade(&search));
        search
    }
}

/// Lists that are searched for tags.
pub struct Search {
    kind: &'static Kind,
    lists: Vec<Query>,
    last: Mutex<Option<Round>>,
}

struct Round {
    began: Instant,
    ended: Instant,
    /// The identifiers of what has a tag.
    found: HashMap<String, String>,
}

impl Search {
    /// The identifier of what has this tag now.
    pub async fn look_up(&self, errand: &Errand, tag: &str) -> Option<String> {
        let asked = Instant::now();
        let mut last = self.last.lock().await;
        if last.as_ref().is_none_or(|round| round.began < asked) {
            if let Some(round) = last.as_ref() {
                let rest = (round.ended - round.began) * REST;
                tokio::time::sleep((round.ended + rest).saturating_duration_since(asked).min(LONGEST_REST)).await;
            }
            let began = Instant::now();
            let found = self.read(errand).await;
            *last = Some(Round { began, ended: Instant::now(), found });
        }
        last.as_ref()?.found.get(tag).cloned()
    }

    async fn read(&self, errand: &Errand) -> HashMap<String, String> {
        let mut found = HashMap::new();
        for query in &self.lists {
            let mut page = PageRequest { query: query.clone(), starting_after: None };
            for _ in 0..PAGES {
                let mut request = (self.kind.list)();
                request.query = page.to_query();
                // A failure is in the log; the next round asks again.
                let Ok(answer) = errand.send(&request).await else { break };
                let Ok(read) = answer.json("list").and_then(|value| Page::read("list", self.kind.key, value)) else { break };
                for item in &read.items {
                    let tag = item.pointer(&format!("/metadata/{TAG}")).and_then(Value::as_str);
                    if let (Some(tag), Some(id)) = (tag, item.get("id").and_then(Value::as_str)) {
                        found.insert(tag.to_owned(), id.to_owned());
                    }
                }
                match read.next {
                    Some(next) => page.starting_after = Some(next),
                    None => break,
                }
            }
        }
        found
    }
}
