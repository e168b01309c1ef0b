//! The emulator's own time: wall time that can run faster, for timers and holds.

use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::watch;

pub struct Clock {
    base: Mutex<Base>,
    /// Bumped when the scale changes, so that sleepers work out their pause again.
    changed: watch::Sender<u64>,
}

struct Base {
    real: Instant,
    /// What the emulated clock showed at `real`, in milliseconds since the epoch.
    shown_ms: f64,
    scale: f64,
}

impl Base {
    fn now_ms(&self) -> f64 {
        self.shown_ms + self.real.elapsed().as_secs_f64() * 1000.0 * self.scale
    }
}

impl Clock {
    pub fn new(scale: f64) -> Clock {
        let epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Clock {
            base: Mutex::new(Base { real: Instant::now(), shown_ms: epoch.as_secs_f64() * 1000.0, scale }),
            changed: watch::Sender::new(0),
        }
    }

    pub fn now_ms(&self) -> i64 {
        self.base.lock().unwrap().now_ms() as i64
    }

    pub fn scale(&self) -> f64 {
        self.base.lock().unwrap().scale
    }

    /// Time goes on from where it is, at the new pace.
    pub fn set_scale(&self, scale: f64) {
        let mut base = self.base.lock().unwrap();
        base.shown_ms = base.now_ms();
        base.real = Instant::now();
        base.scale = scale;
        drop(base);
        self.changed.send_modify(|n| *n += 1);
    }

    /// Sleeps for an emulated duration.
    pub async fn sleep(&self, emulated: Duration) {
        let until = self.base.lock().unwrap().now_ms() + emulated.as_secs_f64() * 1000.0;
        self.sleep_to(until).await;
    }

    /// Sleeps until the emulated clock shows `until_ms`.
    pub async fn sleep_until(&self, until_ms: i64) {
        self.sleep_to(until_ms as f64).await;
    }

    async fn sleep_to(&self, until_ms: f64) {
        let mut changed = self.changed.subscribe();
        loop {
            let left = {
                let base = self.base.lock().unwrap();
                (until_ms - base.now_ms()) / base.scale
            };
            if left <= 0.0 {
                return;
            }
            // A very long pause is taken in parts: no overflow, whatever was asked for.
            let pause = Duration::from_secs_f64((left / 1000.0).min(86_400.0));
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = changed.changed() => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_scaled_clock_runs_faster() {
        let clock = Clock::new(1000.0);
        let (before, real) = (clock.now_ms(), Instant::now());
        clock.sleep(Duration::from_secs(20)).await;
        assert!(clock.now_ms() - before >= 20_000);
        assert!(real.elapsed() < Duration::from_secs(10));
    }

    #[tokio::test]
    async fn a_sleeper_notices_a_new_scale() {
        let clock = std::sync::Arc::new(Clock::new(1.0));
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_secs(3600)).await }
        });
        tokio::task::yield_now().await;
        clock.set_scale(1e6);
        sleeper.await.unwrap();
    }
}
