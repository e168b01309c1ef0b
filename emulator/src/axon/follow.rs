//! Axons as the emulator's own rooms use them.

use super::events::Published;
use super::{Axons, Files, Progress};
use crate::http::ApiError;
use std::sync::Arc;
use tokio::sync::watch;

/// An event that has come.
pub struct Arrived {
    pub sequence: i64,
    /// An agent's own word, not one for it.
    pub from_agent: bool,
    pub payload: String,
}

pub struct Follower {
    files: Arc<Files>,
    progress: watch::Receiver<Progress>,
    at: i64,
}

impl Axons {
    /// The sequence number of the last event of an axon that can be written.
    pub fn last(&self, id: &str) -> Result<i64, ApiError> {
        let axon = self.records.get(id)?;
        axon.writable()?;
        Ok(self.open(&axon)?.progress.borrow().sequence)
    }

    pub fn follow(&self, id: &str, after: i64) -> Result<Follower, ApiError> {
        let files = self.open(&self.records.get(id)?)?;
        Ok(Follower { progress: files.progress.subscribe(), files, at: after })
    }

    /// What an agent says.
    pub fn say(&self, id: &str, event_type: &str, payload: String, now_ms: i64) -> Result<(), ApiError> {
        let axon = self.records.get(id)?;
        let files = self.open(&axon)?;
        let events = files.events.lock().unwrap();
        axon.writable()?;
        let event = Published { event_type: event_type.into(), origin: AGENT.into(), payload, source: "broker".into() };
        let sequence = events.append(&event, now_ms).map_err(ApiError::internal)?;
        files.progress.send_modify(|progress| progress.sequence = sequence);
        Ok(())
    }
}

const AGENT: &str = "AGENT_EVENT";

impl Follower {
    /// The next event; nothing once the axon is deleted, or cannot be read.
    pub async fn next(&mut self) -> Option<Arrived> {
        loop {
            let progress = *self.progress.borrow_and_update();
            if progress.sequence > self.at {
                let event = self.files.events.lock().unwrap().after(self.at, 1).ok()?.pop()?;
                self.at = event.sequence;
                let from_agent = event.published.origin == AGENT;
                return Some(Arrived { sequence: event.sequence, from_agent, payload: event.published.payload });
            }
            if progress.ended {
                return None;
            }
            self.progress.changed().await.ok()?;
        }
    }
}
