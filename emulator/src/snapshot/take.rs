//! Taking a snapshot: the devbox's processes stand still while its own changes are copied.

use super::Snapshots;
use super::Status;
use crate::app::App;
use crate::devbox::Devbox;
use crate::layers::Layers;
use crate::sandbox::{disk, tree, Mode, Sandbox};
use std::sync::Arc;

/// Begins to take the snapshot of a record; its status tells how that ends.
pub fn start(app: &Arc<App>, id: String, devbox: Arc<Devbox>, sandbox: Arc<Sandbox>) -> tokio::task::JoinHandle<()> {
    app.state::<Snapshots>().under_way.begun();
    let app = app.clone();
    tokio::task::spawn_blocking(move || {
        let result = copy(&app, &id, &devbox, &sandbox);
        conclude(&app, &id, result);
        Layers::collect(&app);
        app.state::<Snapshots>().under_way.ended();
    })
}

/// The copy waits in the workshop until its record names it.
fn copy(app: &App, id: &str, devbox: &Devbox, sandbox: &Sandbox) -> Result<u64, String> {
    let folder = &devbox.launch.folder;
    let from = match sandbox.setup.mode {
        Mode::Plain => disk::plain_home(folder),
        _ => disk::upper(folder),
    };
    let to = app.state::<Layers>().workplace(id);
    let frozen = sandbox.freeze();
    let copied = tree::copy(&from, &to);
    drop(frozen);
    copied.map_err(|e| {
        let _ = disk::remove(&to);
        // Paths of the host are nothing to the devbox's user.
        let what = e.to_string().replace(&format!("{}/", from.display()), "/");
        format!("the disk of devbox {} cannot be copied: {what}", devbox.id)
    })
}

fn conclude(app: &App, id: &str, result: Result<u64, String>) {
    let gate = app.state::<Layers>().gate();
    let result = result.and_then(|size| {
        let layer = app
            .state::<Layers>()
            .adopt(&app.state::<Layers>().workplace(id), &gate)
            .map_err(|e| format!("the snapshot cannot be kept: {e}"))?;
        Ok((size, layer))
    });
    let ended = app.state::<Snapshots>().records.update(id, |snapshot| {
        match result {
            // Deleted meanwhile: what was copied goes with it.
            _ if snapshot.status == Status::Deleted => snapshot.layers.clear(),
            Ok((size, layer)) => {
                if snapshot.mode == Mode::Plain {
                    // A plain layer is whole by itself.
                    snapshot.layers.clear();
                }
                snapshot.layers.insert(0, layer);
                snapshot.size_bytes = Some(size);
                snapshot.status = Status::Complete;
            }
            Err(why) => snapshot.fail(why),
        }
        Ok(())
    });
    if let Err(e) = ended {
        eprintln!("runloop-emulator: {id}: {}", e.message());
    }
}
