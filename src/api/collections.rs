//! The collections whose items are all handled alike: made, read, changed, deleted and listed under
//! one path.

use http::Method;
use serde_json::Value;

use super::path;
use crate::error::Result;
use crate::transport::{Repeat, Request};

/// A collection of the API's.
#[derive(Debug, PartialEq, Eq)]
pub struct Collection {
    /// What messages call an item.
    pub noun: &'static str,
    /// Under which key a list holds the items.
    pub key: &'static str,
    path: &'static str,
    deletion: Deletion,
}

#[derive(Debug, PartialEq, Eq)]
enum Deletion {
    /// DELETE `…/{id}`
    Method,
    /// POST `…/{id}/delete`
    Path,
}

/// `/v1/axons`
pub const AXONS: Collection = Collection { noun: "axon", key: "axons", path: "/v1/axons", deletion: Deletion::Method };
/// `/v1/network-policies`
pub const NETWORK_POLICIES: Collection =
    Collection { noun: "network policy", key: "network_policies", path: "/v1/network-policies", deletion: Deletion::Path };
/// `/v1/gateway-configs`
pub const GATEWAY_CONFIGS: Collection =
    Collection { noun: "gateway config", key: "gateway_configs", path: "/v1/gateway-configs", deletion: Deletion::Path };
/// `/v1/mcp-configs`
pub const MCP_CONFIGS: Collection =
    Collection { noun: "MCP config", key: "mcp_configs", path: "/v1/mcp-configs", deletion: Deletion::Path };

impl Collection {
    /// POST `…`
    pub fn create(&self, body: Value) -> Request {
        Request::new(Method::POST, self.path.to_owned(), Repeat::OnlyWithoutEffect).with_body(body)
    }

    /// GET `…`
    pub fn list(&self) -> Request {
        Request::new(Method::GET, self.path.to_owned(), Repeat::Harmless)
    }

    /// GET `…/{id}`
    pub fn retrieve(&self, id: &str) -> Result<Request> {
        self.item(Method::GET, id, "")
    }

    /// POST `…/{id}`: the same change made twice is like one.
    pub fn update(&self, id: &str, body: Value) -> Result<Request> {
        Ok(self.item(Method::POST, id, "")?.with_body(body))
    }

    /// DELETE `…/{id}`, or POST `…/{id}/delete`
    pub fn delete(&self, id: &str) -> Result<Request> {
        match self.deletion {
            Deletion::Method => self.item(Method::DELETE, id, ""),
            Deletion::Path => self.item(Method::POST, id, "/delete"),
        }
    }

    fn item(&self, method: Method, id: &str, action: &str) -> Result<Request> {
        self.check_id(id)?;
        Ok(Request::new(method, format!("{}/{}{action}", self.path, path::segment(id)), Repeat::Harmless))
    }

    /// Fails where an item cannot have this identifier.
    pub fn check_id(&self, id: &str) -> Result<()> {
        path::check(&format!("{} id", self.noun), id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_deleted_as_their_collection_wants() {
        assert_eq!(AXONS.delete("axn_1").unwrap().name(), "DELETE /v1/axons/axn_1");
        assert_eq!(MCP_CONFIGS.delete("a/b").unwrap().name(), "POST /v1/mcp-configs/a%2Fb/delete");
        assert!(GATEWAY_CONFIGS.retrieve("").unwrap_err().to_string().contains("gateway config id"));
    }
}
