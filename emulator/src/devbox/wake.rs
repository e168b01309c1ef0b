//! Devboxes that sleep until an event comes.

use super::Devboxes;
use super::Status;
use crate::app::App;
use std::sync::Arc;

/// An event has come for an axon: devboxes that sleep until one does are resumed.
pub fn on_event(app: &Arc<App>, axon: &str) {
    for devbox in app.state::<Devboxes>().all() {
        let waits = devbox.status() == Status::Suspended
            && devbox.resume_trigger("axon_event") == Some(true)
            && devbox.launch.brokers().any(|broker| broker.axon_id == axon);
        if waits {
            if let Err(e) = devbox.resume(app) {
                eprintln!("runloop-emulator: {} cannot be resumed: {}", devbox.id, e.message());
            }
        }
    }
}
