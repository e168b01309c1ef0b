//! A collection of records of one kind: in memory to be read, in the store to survive.

use crate::app::App;
use crate::http::{ApiError, Call};
use crate::part::Part;
use crate::store::Store;
use serde::de::DeserializeOwned;
use serde::Serialize;
use std::sync::{Arc, RwLock};

/// What can be kept so. Its kind is the noun that messages use.
pub trait Record: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    const KIND: &'static str;
    fn id(&self) -> &str;
}

pub struct Records<T> {
    store: Arc<Store>,
    /// The oldest first.
    all: RwLock<Vec<T>>,
}

/// One page of a list, the newest first.
pub struct Page<T> {
    pub items: Vec<T>,
    pub has_more: bool,
    pub total: usize,
    pub remaining: usize,
}

const PAGE: usize = 20;
const LARGEST_PAGE: usize = 5000;

impl<T: Record> Part for Records<T> {
    fn clear(&self, _app: &Arc<App>) {
        Records::clear(self);
    }
}

impl<T: Record> Records<T> {
    pub fn load(store: &Arc<Store>) -> Result<Records<T>, String> {
        Ok(Records { all: RwLock::new(store.load(T::KIND)?), store: store.clone() })
    }

    pub fn add(&self, record: T) -> Result<(), ApiError> {
        let mut all = self.all.write().unwrap();
        self.store.put(T::KIND, record.id(), &record)?;
        all.push(record);
        Ok(())
    }

    /// Adds a record unless `refuse` finds a reason in those that are there.
    pub fn add_if(&self, record: T, refuse: impl FnOnce(&[T]) -> Option<ApiError>) -> Result<(), ApiError> {
        let mut all = self.all.write().unwrap();
        if let Some(reason) = refuse(&all) {
            return Err(reason);
        }
        self.store.put(T::KIND, record.id(), &record)?;
        all.push(record);
        Ok(())
    }

    pub fn get(&self, id: &str) -> Result<T, ApiError> {
        let all = self.all.read().unwrap();
        all.iter().rev().find(|record| record.id() == id).cloned().ok_or_else(|| missing::<T>(id))
    }

    /// Changes one record, unless `change` refuses; gives it as it is then.
    pub fn update(&self, id: &str, change: impl FnOnce(&mut T) -> Result<(), ApiError>) -> Result<T, ApiError> {
        let mut all = self.all.write().unwrap();
        let place = all.iter_mut().rev().find(|record| record.id() == id).ok_or_else(|| missing::<T>(id))?;
        let mut changed = place.clone();
        change(&mut changed)?;
        self.store.put(T::KIND, id, &changed)?;
        *place = changed.clone();
        Ok(changed)
    }

    pub fn remove(&self, id: &str) -> Result<T, ApiError> {
        let mut all = self.all.write().unwrap();
        let at = all.iter().rposition(|record| record.id() == id).ok_or_else(|| missing::<T>(id))?;
        self.store.remove(T::KIND, id)?;
        Ok(all.remove(at))
    }

    /// The oldest first.
    pub fn all(&self) -> Vec<T> {
        self.all.read().unwrap().clone()
    }

    /// Forgets all of them, here and in the store; gives what they were.
    pub fn clear(&self) -> Vec<T> {
        let mut all = self.all.write().unwrap();
        if let Err(e) = self.store.clear(T::KIND) {
            eprintln!("runloop-emulator: the {} records cannot be cleared: {}", T::KIND, e.message());
        }
        std::mem::take(&mut *all)
    }

    /// The page that a call asks for by `limit` and `starting_after`, of those that match.
    pub fn page(&self, call: &Call, matches: impl Fn(&T) -> bool) -> Result<Page<T>, ApiError> {
        let limit = limit(call)?;
        let all = self.all.read().unwrap();
        let before = match call.query("starting_after").filter(|id| !id.is_empty()) {
            None => all.len(),
            Some(id) => {
                let at = all.iter().rposition(|record| record.id() == id);
                at.ok_or_else(|| ApiError::bad_request(format!("starting_after: {} {id} not found", T::KIND)))?
            }
        };
        let total = all.iter().filter(|record| matches(record)).count();
        let mut rest = all[..before].iter().rev().filter(|record| matches(record));
        let items: Vec<T> = rest.by_ref().take(limit).cloned().collect();
        let remaining = rest.count();
        Ok(Page { items, has_more: remaining > 0, total, remaining })
    }
}

fn missing<T: Record>(id: &str) -> ApiError {
    ApiError::not_found(format!("{} {id} not found", T::KIND))
}

/// How many items a page may have.
pub fn limit(call: &Call) -> Result<usize, ApiError> {
    match call.query_number::<usize>("limit") {
        Ok(None) => Ok(PAGE),
        Ok(Some(limit)) if (1..=LARGEST_PAGE).contains(&limit) => Ok(limit),
        _ => Err(ApiError::bad_request(format!("limit must be between 1 and {LARGEST_PAGE}"))),
    }
}

impl<T> Page<T> {
    /// The list's answer, its items under the name that the operation gives them.
    pub fn answer(&self, call: &Call, name: &str, view: impl Fn(&T) -> serde_json::Value) -> serde_json::Value {
        let views: Vec<_> = self.items.iter().map(view).collect();
        let mut answer = serde_json::json!({"has_more": self.has_more});
        answer[name] = views.into();
        if call.query("include_total_count") != Some("false") {
            answer["total_count"] = self.total.into();
            answer["remaining_count"] = self.remaining.into();
        }
        answer
    }
}
