//! The client: one server, one set of credentials, shared by everything made from it.

use std::sync::Arc;

use serde_json::Value;

use crate::error::Result;
use crate::transport::{Call, CallOptions, Config, Request, Transport};

/// A client. Clones are the same client.
#[derive(Clone)]
pub struct Client(Arc<Transport>);

impl Client {
    /// Checks the settings; sends nothing.
    pub fn new(config: &Config) -> Result<Client> {
        Ok(Client(Arc::new(Transport::new(config)?)))
    }

    /// Ends all calls under way and refuses further ones.
    pub fn close(&self) {
        self.0.close();
    }

    pub(super) fn transport(&self) -> &Transport {
        &self.0
    }

    pub(super) fn call(&self, options: &CallOptions) -> Call {
        self.0.call(options)
    }

    /// A call that consists of one request with a JSON answer.
    pub(super) fn ask(&self, options: &CallOptions, request: &Request) -> Result<Value> {
        self.ask_within(&self.call(options), options, request)
    }

    /// A request that is a part of a call.
    pub(super) fn ask_within(&self, call: &Call, options: &CallOptions, request: &Request) -> Result<Value> {
        self.0.send(call, options, request)?.json(&request.name())
    }
}
