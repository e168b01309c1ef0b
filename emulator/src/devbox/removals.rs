//! Disks of devboxes on their way out.

use crate::app::App;
use crate::layers::{self, Layers};
use crate::part::{End, Part};
use crate::sandbox::disk;
use futures_util::future::BoxFuture;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::watch;

#[derive(Default)]
pub struct Removals {
    /// How many disks are being removed.
    under_way: Arc<watch::Sender<usize>>,
}

impl Part for Removals {
    fn end<'a>(&'a self, _app: &'a Arc<App>, end: End) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            // A reset need not wait for them.
            if end == End::Exit {
                self.ended().await;
            }
        })
    }
}

impl Removals {
    /// Removes a disk that nobody needs any more. Nobody has to wait for that, but at the very end.
    pub fn discard(&self, layers: &Layers, folder: PathBuf) {
        let (removals, released) = (self.under_way.clone(), layers.released.clone());
        removals.send_modify(|count| *count += 1);
        tokio::task::spawn_blocking(move || {
            let held_layers = !layers::held(&folder).is_empty();
            match disk::discard(&folder) {
                Ok(()) if held_layers => released.notify_one(),
                Ok(()) => {}
                Err(why) => eprintln!("runloop-emulator: a disk cannot be removed: {why}"),
            }
            removals.send_modify(|count| *count -= 1);
        });
    }

    async fn ended(&self) {
        let _ = self.under_way.subscribe().wait_for(|count| *count == 0).await;
    }
}
