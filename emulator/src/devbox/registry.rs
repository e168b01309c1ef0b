//! All devboxes, in the order of their creation.

use super::{log, record, Devbox, Status};
use crate::app::App;
use crate::execution;
use crate::http::ApiError;
use crate::part::{End, Part};
use crate::sandbox::disk;
use futures_util::future::BoxFuture;
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

#[derive(Default)]
pub struct Devboxes {
    inner: RwLock<Inner>,
}

#[derive(Default)]
struct Inner {
    ordered: Vec<Arc<Devbox>>,
    by_id: HashMap<String, usize>,
}

/// One page of a list.
pub struct Page {
    pub devboxes: Vec<Arc<Devbox>>,
    pub has_more: bool,
    pub total: usize,
    pub remaining: usize,
}

impl Part for Devboxes {
    fn end<'a>(&'a self, app: &'a Arc<App>, end: End) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            match end {
                End::Exit if !app.data.temporary => {
                    app.stop_recording();
                    self.stop_all().await;
                }
                _ => self.end_all(app).await,
            }
        })
    }

    fn is_busy(&self) -> bool {
        !self.alive().is_empty()
    }

    fn clear(&self, app: &Arc<App>) {
        *self.inner.write().unwrap() = Inner::default();
        if let Err(e) = record::forget_all(&app.store) {
            eprintln!("runloop-emulator: the records of devboxes cannot be cleared: {}", e.message());
        }
        for (folder, what) in [(execution::FOLDER, "outputs"), (log::FOLDER, "logs")] {
            let emptied = disk::remove(&app.data.path.join(folder)).and_then(|()| app.folder(folder));
            if let Err(e) = emptied {
                eprintln!("runloop-emulator: the {what} of devboxes cannot be removed: {e}");
            }
        }
    }
}

impl Devboxes {
    pub fn add(&self, devbox: Arc<Devbox>) {
        let mut inner = self.inner.write().unwrap();
        let at = inner.ordered.len();
        inner.by_id.insert(devbox.id.clone(), at);
        inner.ordered.push(devbox);
    }

    pub fn get(&self, id: &str) -> Result<Arc<Devbox>, ApiError> {
        let inner = self.inner.read().unwrap();
        match inner.by_id.get(id) {
            Some(&at) => Ok(inner.ordered[at].clone()),
            None => Err(ApiError::not_found(format!("devbox {id} not found"))),
        }
    }

    pub fn all(&self) -> Vec<Arc<Devbox>> {
        self.inner.read().unwrap().ordered.clone()
    }

    /// The newest first; a page begins after the devbox that `after` names.
    pub fn page(&self, status: Option<Status>, after: Option<&str>, limit: usize) -> Result<Page, ApiError> {
        let before = match after {
            Some(id) => {
                let position = self.inner.read().unwrap().by_id.get(id).copied();
                position.ok_or_else(|| ApiError::bad_request(format!("starting_after: devbox {id} not found")))?
            }
            None => usize::MAX,
        };
        let wanted = |devbox: &Arc<Devbox>| status.is_none_or(|s| devbox.status() == s);
        let inner = self.inner.read().unwrap();
        let matching = inner.ordered.iter().enumerate().rev();
        let matching: Vec<(usize, &Arc<Devbox>)> = matching.filter(|(_, d)| wanted(d)).collect();
        let total = matching.len();
        let rest: Vec<&Arc<Devbox>> = matching.into_iter().filter(|(at, _)| *at < before).map(|(_, devbox)| devbox).collect();
        let devboxes: Vec<_> = rest.iter().take(limit).map(|d| (*d).clone()).collect();
        let remaining = rest.len() - devboxes.len();
        Ok(Page { has_more: remaining > 0, devboxes, total, remaining })
    }

    /// The ids of those that have not ended.
    pub fn alive(&self) -> Vec<String> {
        let inner = self.inner.read().unwrap();
        let alive = inner.ordered.iter().filter(|d| !d.status().is_end());
        alive.map(|d| d.id.clone()).collect()
    }

    pub async fn end_all(&self, app: &App) {
        let all = self.all();
        let ends = all.iter().map(|devbox| devbox.shut_down(app, "api_shutdown"));
        futures_util::future::join_all(ends).await;
    }

    /// Ends their processes and leaves everything else as it is, for the next start.
    pub async fn stop_all(&self) {
        let all = self.all();
        let stops = all.iter().map(|devbox| async move {
            let _changing = devbox.changing.lock().await;
            devbox.stop_processes().await;
        });
        futures_util::future::join_all(stops).await;
    }
}
