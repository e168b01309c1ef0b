//! Every request that the library makes, and the effect of making it twice. This table decides what is retried, which
//! side effect an error reports, and what the response to a retry means. The guide prints it.

use http::Method;

use super::path;
use crate::error::Result;
use crate::transport::{Effect, Request};

/// An operation of the API.
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    method: Method,
    /// With each identifier in braces.
    path: &'static str,
    effect: Effect,
}

impl Operation {
    /// A request for it, with its identifiers in order.
    pub fn request(&self, identifiers: &[&str]) -> Result<Request> {
        let mut request = Request::new(self.method.clone(), path::fill(self.path, identifiers)?, self.effect);
        request.done_words = self.done_words();
        Ok(request)
    }

    /// A request for an operation whose path has no identifiers.
    pub fn plain(&self) -> Request {
        Request::new(self.method.clone(), self.path.to_owned(), self.effect)
    }
}

impl Operation {
    /// What the service answers if the resource is already in the state that the operation leads to.
    fn done_words(&self) -> &'static [&'static str] {
        match self.path.rsplit('/').next() {
            Some("shutdown") => &["state shutdown", "state: shutdown", "is shutdown", "is shut down", "been shut down", "been shutdown"],
            Some("suspend") => &["already", "not running", "not in state running", "state suspend", "state: suspend", "is suspend"],
            Some("resume") => &[
                "already running",
                "already been resumed",
                "already resum",
                "not suspended",
                "not in state suspended",
                "state running",
                "state: running",
                "is running",
                "state resuming",
                "state: resuming",
                "is resuming",
            ],
            Some("kill") => &[
                "not running",
                "state completed",
                "state: completed",
                "is completed",
                "has completed",
                "is complete",
                "has ended",
                "has finished",
                "is finished",
                "has exited",
                "been killed",
                "is killed",
            ],
            Some("remove_tunnel") => &["no tunnel", "not have a tunnel", "not have an active tunnel", "not enabled", "not active"],
            Some("delete") => DELETED,
            _ if self.method == Method::DELETE => DELETED,
            _ => &[],
        }
    }
}

const DELETED: &[&str] = &["state deleted", "state: deleted", "is deleted", "been deleted", "was deleted"];

macro_rules! operations {
    ($($name:ident: $effect:ident $method:ident $path:literal;)*) => {
        $(
            #[doc = concat!(stringify!($method), " `", $path, "`")]
            pub static $name: Operation = Operation { method: Method::$method, path: $path, effect: Effect::$effect };
        )*
        /// All operations.
        #[cfg(test)]
        static ALL: &[&Operation] = &[$(&$name),*];
    };
}

operations! {
    ACCOUNT_ME: Reads GET "/v1/accounts/me";
    API_KEY_CREATE: Once POST "/v1/apikeys";
    RESTRICTED_KEY_CREATE: Once POST "/v1/restricted_keys";

    DEVBOX_CREATE: Once POST "/v1/devboxes";
    DEVBOX_CREATE_RUNNING: Once POST "/v1/devboxes/create_and_await_running";
    DEVBOX_LIST: Reads GET "/v1/devboxes";
    DEVBOX_RETRIEVE: Reads GET "/v1/devboxes/{id}";
    DEVBOX_UPDATE: Sets POST "/v1/devboxes/{id}";
    DEVBOX_WAIT: Reads POST "/v1/devboxes/{id}/wait_for_status";
    DEVBOX_USAGE: Reads GET "/v1/devboxes/{id}/usage";
    DEVBOX_LOGS: Reads GET "/v1/devboxes/{id}/logs";
    DEVBOX_KEEP_ALIVE: Sets POST "/v1/devboxes/{id}/keep_alive";
    DEVBOX_RESUME: Sets POST "/v1/devboxes/{id}/resume";
    DEVBOX_SUSPEND: Ends POST "/v1/devboxes/{id}/suspend";
    DEVBOX_SHUTDOWN: Ends POST "/v1/devboxes/{id}/shutdown";
    EVICTIONS_WATCH: Reads GET "/v1/devboxes/evictions/watch";

    EXECUTE: Once POST "/v1/devboxes/{id}/execute";
    EXECUTE_ASYNC: Once POST "/v1/devboxes/{id}/execute_async";
    EXECUTION_RETRIEVE: Reads GET "/v1/devboxes/{devbox id}/executions/{execution id}";
    EXECUTION_WAIT: Reads POST "/v1/devboxes/{devbox id}/executions/{execution id}/wait_for_status";
    EXECUTION_STDOUT: Reads GET "/v1/devboxes/{devbox id}/executions/{execution id}/stream_stdout_updates";
    EXECUTION_STDERR: Reads GET "/v1/devboxes/{devbox id}/executions/{execution id}/stream_stderr_updates";
    EXECUTION_STDIN: Once POST "/v1/devboxes/{devbox id}/executions/{execution id}/send_std_in";
    EXECUTION_KILL: Ends POST "/v1/devboxes/{devbox id}/executions/{execution id}/kill";

    FILE_READ: Reads POST "/v1/devboxes/{id}/read_file_contents";
    FILE_DOWNLOAD: Reads POST "/v1/devboxes/{id}/download_file";
    FILE_WRITE: Sets POST "/v1/devboxes/{id}/write_file_contents";
    FILE_UPLOAD: Sets POST "/v1/devboxes/{id}/upload_file";

    SSH_KEY_CREATE: Once POST "/v1/devboxes/{id}/create_ssh_key";
    TUNNEL_ENABLE: Once POST "/v1/devboxes/{id}/enable_tunnel";
    TUNNEL_REMOVE: Ends POST "/v1/devboxes/{id}/remove_tunnel";
    PTY_TUNNEL_CREATE: Once POST "/v1/devboxes/{id}/create_pty_tunnel";
    GATEWAY_TOKEN_CREATE: Once POST "/v1/devboxes/{id}/create_gateway_token";
    MCP_TOKEN_CREATE: Once POST "/v1/devboxes/{id}/create_mcp_token";

    SNAPSHOT_CREATE: Once POST "/v1/devboxes/{devbox id}/snapshot_disk_async";
    SNAPSHOT_LIST: Reads GET "/v1/devboxes/disk_snapshots";
    SNAPSHOT_STATUS: Reads GET "/v1/devboxes/disk_snapshots/{snapshot id}/status";
    SNAPSHOT_UPDATE: Sets POST "/v1/devboxes/disk_snapshots/{snapshot id}";
    SNAPSHOT_DELETE: Ends POST "/v1/devboxes/disk_snapshots/{snapshot id}/delete";

    BLUEPRINT_CREATE: Once POST "/v1/blueprints";
    BLUEPRINT_PREVIEW: Reads POST "/v1/blueprints/preview";
    BLUEPRINT_LIST: Reads GET "/v1/blueprints";
    BLUEPRINT_LIST_PUBLIC: Reads GET "/v1/blueprints/list_public";
    BLUEPRINT_RETRIEVE: Reads GET "/v1/blueprints/{blueprint id}";
    BLUEPRINT_LOGS: Reads GET "/v1/blueprints/{blueprint id}/logs";
    BLUEPRINT_DELETE: Ends POST "/v1/blueprints/{blueprint id}/delete";

    OBJECT_CREATE: Once POST "/v1/objects";
    OBJECT_LIST: Reads GET "/v1/objects";
    OBJECT_LIST_PUBLIC: Reads GET "/v1/objects/list_public";
    OBJECT_RETRIEVE: Reads GET "/v1/objects/{object id}";
    OBJECT_DOWNLOAD: Reads GET "/v1/objects/{object id}/download";
    OBJECT_COMPLETE: Once POST "/v1/objects/{object id}/complete";
    OBJECT_DELETE: Ends POST "/v1/objects/{object id}/delete";

    AXON_CREATE: Once POST "/v1/axons";
    AXON_LIST: Reads GET "/v1/axons";
    AXON_RETRIEVE: Reads GET "/v1/axons/{axon id}";
    AXON_UPDATE: Sets POST "/v1/axons/{axon id}";
    AXON_DELETE: Ends DELETE "/v1/axons/{axon id}";
    AXON_PUBLISH: Once POST "/v1/axons/{axon id}/publish";
    AXON_QUERY: Once POST "/v1/axons/{axon id}/sql/query";
    AXON_BATCH: Once POST "/v1/axons/{axon id}/sql/batch";
    AXON_EVENTS: Reads GET "/v1/axons/{axon id}/events";
    AXON_SUBSCRIBE: Reads GET "/v1/axons/{axon id}/subscribe/sse";

    SECRET_CREATE: Once POST "/v1/secrets";
    SECRET_LIST: Reads GET "/v1/secrets";
    SECRET_RETRIEVE: Reads GET "/v1/secrets/{secret name}";
    SECRET_RETRIEVE_BY_ID: Reads GET "/v1/secrets/id/{secret id}";
    SECRET_UPDATE: Sets POST "/v1/secrets/{secret name}";
    SECRET_UPDATE_BY_ID: Sets POST "/v1/secrets/id/{secret id}/update";
    SECRET_DELETE: Ends POST "/v1/secrets/{secret name}/delete";
    SECRET_DELETE_BY_ID: Ends POST "/v1/secrets/id/{secret id}/delete";

    NETWORK_POLICY_CREATE: Once POST "/v1/network-policies";
    NETWORK_POLICY_LIST: Reads GET "/v1/network-policies";
    NETWORK_POLICY_RETRIEVE: Reads GET "/v1/network-policies/{network policy id}";
    NETWORK_POLICY_UPDATE: Sets POST "/v1/network-policies/{network policy id}";
    NETWORK_POLICY_DELETE: Ends POST "/v1/network-policies/{network policy id}/delete";

    GATEWAY_CONFIG_CREATE: Once POST "/v1/gateway-configs";
    GATEWAY_CONFIG_LIST: Reads GET "/v1/gateway-configs";
    GATEWAY_CONFIG_RETRIEVE: Reads GET "/v1/gateway-configs/{gateway config id}";
    GATEWAY_CONFIG_UPDATE: Sets POST "/v1/gateway-configs/{gateway config id}";
    GATEWAY_CONFIG_DELETE: Ends POST "/v1/gateway-configs/{gateway config id}/delete";

    MCP_CONFIG_CREATE: Once POST "/v1/mcp-configs";
    MCP_CONFIG_LIST: Reads GET "/v1/mcp-configs";
    MCP_CONFIG_RETRIEVE: Reads GET "/v1/mcp-configs/{MCP config id}";
    MCP_CONFIG_UPDATE: Sets POST "/v1/mcp-configs/{MCP config id}";
    MCP_CONFIG_DELETE: Ends POST "/v1/mcp-configs/{MCP config id}/delete";
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const BEGIN: &str = "<!-- The table of operations: written by RUNLOOP_WRITE_TABLE=1 cargo test operations -->\n";
    const END: &str = "<!-- The end of the table. -->\n";

    fn table() -> String {
        let classes = [
            (Effect::Reads, "Reads", "yes", "none"),
            (Effect::Sets, "Sets something; repeating it is harmless", "yes", "unknown, if the request may have arrived"),
            (
                Effect::Ends,
                "Ends something; repeating it is harmless",
                "yes; \"not found\" or \"already\" after a lost response counts as success",
                "unknown, if the request may have arrived",
            ),
            (
                Effect::Once,
                "Must not happen twice",
                "only if it was never sent, on HTTP 429, or if the service says `x-should-retry: true`",
                "unknown, if the request may have arrived",
            ),
        ];
        let mut text =
            String::from("| kind | retried after a failure | side effect that the error reports | operations |\n|---|---|---|---|\n");
        for (effect, what, repeated, side_effect) in classes {
            let operations: Vec<String> = ALL
                .iter()
                .filter(|operation| operation.effect == effect)
                .map(|operation| format!("`{} {}`", operation.method, operation.path))
                .collect();
            text += &format!("| {what} | {repeated} | {side_effect} | {} |\n", operations.join("<br>"));
        }
        text
    }

    #[test]
    fn the_guide_prints_the_table_of_operations() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide.md");
        let guide = std::fs::read_to_string(&path).unwrap();
        let (before, rest) = guide.split_once(BEGIN).unwrap();
        let (printed, after) = rest.split_once(END).unwrap();
        if std::env::var_os("RUNLOOP_WRITE_TABLE").is_some() {
            std::fs::write(&path, format!("{before}{BEGIN}{}{END}{after}", table())).unwrap();
        } else {
            assert_eq!(printed, table(), "run RUNLOOP_WRITE_TABLE=1 cargo test operations");
        }
    }

    #[test]
    fn no_operation_is_listed_twice_and_what_only_reads_by_its_method_reads() {
        for (at, operation) in ALL.iter().enumerate() {
            assert!(!ALL[..at].contains(operation), "{operation:?}");
            assert_eq!(
                operation.method == Method::GET,
                operation.method == Method::GET && operation.effect == Effect::Reads,
                "{operation:?}"
            );
        }
    }
}
