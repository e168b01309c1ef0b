//! From a request to a devbox.

use super::boot::{boot, Start};
use super::launch::{Create, Launch};
use super::lifecycle::watch_over;
use super::log::Log;
use super::record::{Record, Transition};
use super::Devboxes;
use super::{Devbox, Status};
use crate::app::App;
use crate::http::ApiError;
use crate::layers;
use crate::layers::Layers;
use std::sync::Arc;

/// A new devbox, whose boot is under way.
pub fn create(app: &Arc<App>, mut wanted: Create) -> Result<Arc<Devbox>, ApiError> {
    let _making = app.making();
    let id = app.ids.next("dbx");
    // Held until the devbox's folder names its layers.
    let gate = app.state::<Layers>().gate();
    let launch = Launch::read(app, &mut wanted, app.isolation.disks.join(&id))?;
    let now = app.clock.now_ms();
    let log = Log::of(app, &id).map_err(ApiError::internal)?;
    let record = Record {
        id,
        created_ms: now,
        name: wanted.name,
        metadata: wanted.metadata.unwrap_or_default(),
        transitions: vec![Transition { status: Status::Provisioning, transition_time_ms: now, failure_reason: None }],
        failure_reason: None,
        shutdown_reason: None,
        end_ms: None,
        brokers: launch.broker_positions(app)?,
        keep_alive_until_ms: launch.keep_alive_seconds.map(|seconds| now.saturating_add(seconds.saturating_mul(1000))),
    };
    let devbox = Arc::new(Devbox::new(app, launch, record, log));
    devbox.inject(app)?;
    devbox.tunnels.open_at_create(app, &devbox.id, Some(&wanted.tunnel))?;
    layers::hold(&devbox.launch.folder, &devbox.launch.origin.layers).map_err(ApiError::internal)?;
    drop(gate);
    devbox.keep(app)?;
    app.state::<Devboxes>().add(devbox.clone());
    tokio::spawn(boot(app.clone(), devbox.clone(), Start::New));
    tokio::spawn(watch_over(app.clone(), devbox.clone()));
    Ok(devbox)
}
