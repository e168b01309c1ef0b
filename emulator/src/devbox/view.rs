//! A devbox as answers show it.

use super::Devbox;
use serde_json::{json, Value};

impl Devbox {
    pub fn view(&self) -> Value {
        let state = self.state.lock().unwrap();
        let record = &state.record;
        let mut view = json!({
            "id": self.id,
            "capabilities": [],
            "create_time_ms": self.created_ms,
            "launch_parameters": self.launch.parameters,
            "metadata": record.metadata,
            "state_transitions": record.transitions,
            "status": self.status(),
            "initiator_type": "api",
        });
        for (key, value) in [
            ("name", json!(record.name)),
            ("blueprint_id", json!(self.launch.origin.blueprint_id)),
            ("snapshot_id", json!(self.launch.origin.snapshot_id)),
            ("end_time_ms", json!(record.end_ms)),
            ("failure_reason", json!(record.failure_reason)),
            ("shutdown_reason", json!(record.shutdown_reason)),
            ("tunnel", json!(self.tunnels.view(&self.id))),
        ] {
            if !value.is_null() {
                view[key] = value;
            }
        }
        for (key, specs) in [("gateway_specs", &self.launch.gateways), ("mcp_specs", &self.launch.mcp)] {
            if !specs.is_empty() {
                view[key] = json!(specs);
            }
        }
        view
    }
}
