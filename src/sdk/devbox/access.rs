//! How a devbox is reached: tunnels to its ports, a terminal, ssh, and tokens for what it reaches.

use serde_json::Value;

use crate::api::devbox::access;
use crate::api::{devbox, Params};
use crate::error::{Error, Result, Status};
use crate::sdk::devbox::Devbox;
use crate::transport::CallOptions;

impl Devbox {
    /// Makes a key for ssh; its private half is in the answer, and nowhere else.
    pub fn create_ssh_key(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &access::create_ssh_key(&self.id)?))
    }

    /// Opens the devbox's tunnel.
    pub fn enable_tunnel(&self, params: &Params, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &access::enable_tunnel(&self.id, params.to_body())?))
    }

    /// Closes the devbox's tunnel.
    pub fn remove_tunnel(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &access::remove_tunnel(&self.id)?))
    }

    /// The devbox's tunnel, if it has one.
    pub fn get_tunnel(&self, options: &CallOptions) -> Result<Option<Value>> {
        let mut info = self.get_info(options)?;
        Ok(info.get_mut("tunnel").map(Value::take).filter(|tunnel| !tunnel.is_null()))
    }

    /// Where the devbox's tunnel leads to a port, if it has one.
    pub fn get_tunnel_url(&self, port: u16, options: &CallOptions) -> Result<Option<String>> {
        let key = |info: &Value| {
            let Some(tunnel) = info.get("tunnel").filter(|tunnel| !tunnel.is_null()) else { return Ok(None) };
            let key = tunnel.get("tunnel_key").and_then(Value::as_str).filter(|key| !key.is_empty());
            let none = || Error::new(Status::Protocol, format!("The tunnel of the devbox {} has no key.", self.id));
            key.map(|key| Some(key.to_owned())).ok_or_else(none)
        };
        let key = self.about(self.client.ask_and_read(&self.client.call(options), options, &devbox::retrieve(&self.id)?, key))?;
        Ok(key.map(|key| access::tunnel_url(self.client.transport().base_url(), port, &key)))
    }

    /// Opens a tunnel to a terminal in the devbox.
    pub fn create_pty_tunnel(&self, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &access::create_pty_tunnel(&self.id)?))
    }

    /// Makes a token with which the devbox's programs reach a gateway.
    pub fn create_gateway_token(&self, params: &Params, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &access::create_gateway_token(&self.id, params.to_body())?))
    }

    /// Makes a token with which the devbox's programs reach an MCP server.
    pub fn create_mcp_token(&self, params: &Params, options: &CallOptions) -> Result<Value> {
        self.about(self.client.ask(options, &access::create_mcp_token(&self.id, params.to_body())?))
    }
}
