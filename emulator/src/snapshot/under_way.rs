//! The snapshots that are being taken.

use tokio::sync::watch;

/// How many are being taken.
pub struct UnderWay(watch::Sender<usize>);

impl Default for UnderWay {
    fn default() -> UnderWay {
        UnderWay(watch::Sender::new(0))
    }
}

impl UnderWay {
    pub fn begun(&self) {
        self.0.send_modify(|count| *count += 1);
    }

    pub fn ended(&self) {
        self.0.send_modify(|count| *count -= 1);
    }

    pub fn is_busy(&self) -> bool {
        *self.0.borrow() > 0
    }

    /// Returns when none is being taken any more.
    pub async fn end(&self) {
        let _ = self.0.subscribe().wait_for(|count| *count == 0).await;
    }
}
