//! The emulator's start, reset and end: the same for all parts.

use crate::app::App;
use crate::cli::Options;
use crate::data_dir::DataDir;
use crate::leftovers;
use crate::part::{Builder, End, Parts};
use crate::sandbox::disk;
use std::net::SocketAddr;
use std::sync::Arc;

/// The whole emulator, of the parts that `register` adds.
pub async fn start(
    options: &Options,
    address: SocketAddr,
    register: impl FnOnce(&mut Builder) -> Result<(), String>,
) -> Result<Arc<App>, String> {
    let data = DataDir::prepare(options.data_dir.clone())?;
    let (path, temporary) = (data.path.clone(), data.temporary);
    let begin = async {
        let mut builder = Builder::new(App::prepare(options, address, data).await?, options);
        register(&mut builder)?;
        let app = builder.finish()?;
        app.state::<Parts>().start(&app).await?;
        Ok(app)
    };
    let begun = begin.await;
    if begun.is_err() {
        DataDir { path, temporary }.remove();
    } else if temporary {
        leftovers::remove_in_background();
    }
    begun
}

/// As after a fresh start, but for settings.
pub async fn reset(app: &Arc<App>) {
    let parts = app.state::<Parts>();
    loop {
        parts.end(app, End::Reset).await;
        // What was begun meanwhile is ended too; nothing is begun while all is forgotten.
        let _making = app.nothing_is_made();
        if !parts.are_busy() {
            parts.clear(app);
            app.faults.clear();
            app.journal.clear();
            return;
        }
    }
}

/// Ends every process. With a data directory of the developer's own, devboxes are there again at the
/// next start.
pub async fn end(app: &Arc<App>) {
    app.state::<Parts>().end(app, End::Exit).await;
    app.isolation.probe_ended().await;
    if app.data.temporary {
        let _ = disk::remove(&app.isolation.disks);
        if !app.isolation.base.starts_with(&app.data.path) {
            let _ = disk::remove(&app.isolation.base);
        }
        app.data.remove();
    }
}
