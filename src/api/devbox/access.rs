//! How a devbox is reached: `/v1/devboxes/{id}/…tunnel…`, keys and tokens.

use serde_json::Value;
use url::{Host, Url};

use crate::api::operations;
use crate::api::operations::Operation;
use crate::error::Result;
use crate::transport::Request;

fn grant(operation: &Operation, devbox: &str) -> Result<Request> {
    Ok(operation.request(&[devbox])?.confidential())
}

/// POST `/v1/devboxes/{id}/create_ssh_key`
pub fn create_ssh_key(devbox: &str) -> Result<Request> {
    grant(&operations::SSH_KEY_CREATE, devbox)
}

/// POST `/v1/devboxes/{id}/enable_tunnel`
pub fn enable_tunnel(devbox: &str, body: Value) -> Result<Request> {
    Ok(grant(&operations::TUNNEL_ENABLE, devbox)?.with_body(body))
}

/// POST `/v1/devboxes/{id}/remove_tunnel`
pub fn remove_tunnel(devbox: &str) -> Result<Request> {
    operations::TUNNEL_REMOVE.request(&[devbox])
}

/// POST `/v1/devboxes/{id}/create_pty_tunnel`
pub fn create_pty_tunnel(devbox: &str) -> Result<Request> {
    grant(&operations::PTY_TUNNEL_CREATE, devbox)
}

/// POST `/v1/devboxes/{id}/create_gateway_token`
pub fn create_gateway_token(devbox: &str, body: Value) -> Result<Request> {
    Ok(grant(&operations::GATEWAY_TOKEN_CREATE, devbox)?.with_body(body))
}

/// POST `/v1/devboxes/{id}/create_mcp_token`
pub fn create_mcp_token(devbox: &str, body: Value) -> Result<Request> {
    Ok(grant(&operations::MCP_TOKEN_CREATE, devbox)?.with_body(body))
}

/// Where a tunnel leads to a port: `https://{port}-{key}.tunnel.{domain}`, the domain being the
/// API's host without a leading `api.`.
///
/// A server of one's own is reached as its API is: by the same scheme and port, and, where it has
/// an address instead of a name, under `localhost`, which has names below it.
pub fn tunnel_url(base: &Url, port: u16, key: &str) -> String {
    let domain = match base.host() {
        Some(Host::Domain(name)) => name.strip_prefix("api.").unwrap_or(name).to_owned(),
        _ => "localhost".to_owned(),
    };
    let server = base.port().map_or(String::new(), |port| format!(":{port}"));
    format!("{}://{port}-{key}.tunnel.{domain}{server}", base.scheme())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tunnels_lead_where_the_api_is() {
        for (base, wanted) in [
            ("https://api.runloop.ai", "https://8080-k3y.tunnel.runloop.ai"),
            ("https://api.runloop.pro/", "https://8080-k3y.tunnel.runloop.pro"),
            ("https://runloop.example/base", "https://8080-k3y.tunnel.runloop.example"),
            ("https://api.runloop.test:8443", "https://8080-k3y.tunnel.runloop.test:8443"),
            ("http://localhost:4000", "http://8080-k3y.tunnel.localhost:4000"),
            ("http://127.0.0.1:4000", "http://8080-k3y.tunnel.localhost:4000"),
            ("http://[::1]:4000", "http://8080-k3y.tunnel.localhost:4000"),
        ] {
            assert_eq!(tunnel_url(&Url::parse(base).unwrap(), 8080, "k3y"), wanted, "{base}");
        }
    }
}
