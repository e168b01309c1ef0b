//! What a devbox has used so far, worked out from its states and its size.

use super::{Devbox, Status};
use crate::app::App;
use serde_json::{json, Value};

impl Devbox {
    pub(super) fn usage(&self, app: &App) -> Value {
        let state = self.state.lock().unwrap();
        let record = &state.record;
        let until = record.end_ms.unwrap_or_else(|| app.clock.now_ms());
        let transitions = &record.transitions;
        let ends = transitions.iter().skip(1).map(|next| next.transition_time_ms).chain([until]);
        let suspended_ms: i64 = transitions
            .iter()
            .zip(ends)
            .filter(|(transition, _)| transition.status == Status::Suspended)
            .map(|(transition, end)| end - transition.transition_time_ms)
            .sum();
        let elapsed_ms = (until - self.created_ms).max(0);
        let (elapsed, active) = (elapsed_ms / 1000, (elapsed_ms - suspended_ms).max(0) / 1000);
        let (cores, memory_gb, disk_gb) = self.size();
        let mut usage = json!({
            "id": self.id,
            "status": self.status(),
            "start_time_ms": self.created_ms,
            "total_elapsed_seconds": elapsed,
            "total_active_seconds": active,
            "vcpu_seconds": (active as f64 * cores) as i64,
            "memory_gb_seconds": active * memory_gb,
            "disk_gb_seconds": elapsed * disk_gb,
        });
        if let Some(end) = record.end_ms {
            usage["end_time_ms"] = end.into();
        }
        usage
    }

    /// Cores, gigabytes of memory, gigabytes of disk, of the size asked for or the service's smallest
    /// common one.
    fn size(&self) -> (f64, i64, i64) {
        let asked = |name: &str| self.launch.parameters.get(name);
        match asked("resource_size_request").and_then(Value::as_str) {
            Some("X_SMALL") => (0.5, 1, 4),
            Some("MEDIUM") => (2.0, 4, 8),
            Some("LARGE") => (2.0, 8, 16),
            Some("X_LARGE") => (4.0, 16, 16),
            Some("XX_LARGE") => (8.0, 32, 16),
            Some("CUSTOM_SIZE") => {
                let whole = |name, default| asked(name).and_then(Value::as_i64).unwrap_or(default);
                let cores = asked("custom_cpu_cores").and_then(Value::as_f64).unwrap_or(1.0);
                (cores, whole("custom_gb_memory", 2), whole("custom_disk_size", 4))
            }
            _ => (1.0, 2, 4),
        }
    }
}
