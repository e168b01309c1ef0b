//! The collections whose items are all handled alike: made, read, changed, deleted and listed.

use serde_json::Value;

use super::operations::Operation;
use super::{operations, path};
use crate::error::Result;
use crate::transport::Request;

/// A collection of the API's.
#[derive(Debug, PartialEq, Eq)]
pub struct Collection {
    /// What messages call an item.
    pub noun: &'static str,
    /// Under which key a list holds the items.
    pub key: &'static str,
    create: &'static Operation,
    list: &'static Operation,
    retrieve: &'static Operation,
    update: &'static Operation,
    delete: &'static Operation,
}

/// `/v1/axons`
pub static AXONS: Collection = Collection {
    noun: "axon",
    key: "axons",
    create: &operations::AXON_CREATE,
    list: &operations::AXON_LIST,
    retrieve: &operations::AXON_RETRIEVE,
    update: &operations::AXON_UPDATE,
    delete: &operations::AXON_DELETE,
};
/// `/v1/network-policies`
pub static NETWORK_POLICIES: Collection = Collection {
    noun: "network policy",
    key: "network_policies",
    create: &operations::NETWORK_POLICY_CREATE,
    list: &operations::NETWORK_POLICY_LIST,
    retrieve: &operations::NETWORK_POLICY_RETRIEVE,
    update: &operations::NETWORK_POLICY_UPDATE,
    delete: &operations::NETWORK_POLICY_DELETE,
};
/// `/v1/gateway-configs`
pub static GATEWAY_CONFIGS: Collection = Collection {
    noun: "gateway config",
    key: "gateway_configs",
    create: &operations::GATEWAY_CONFIG_CREATE,
    list: &operations::GATEWAY_CONFIG_LIST,
    retrieve: &operations::GATEWAY_CONFIG_RETRIEVE,
    update: &operations::GATEWAY_CONFIG_UPDATE,
    delete: &operations::GATEWAY_CONFIG_DELETE,
};
/// `/v1/mcp-configs`
pub static MCP_CONFIGS: Collection = Collection {
    noun: "MCP config",
    key: "mcp_configs",
    create: &operations::MCP_CONFIG_CREATE,
    list: &operations::MCP_CONFIG_LIST,
    retrieve: &operations::MCP_CONFIG_RETRIEVE,
    update: &operations::MCP_CONFIG_UPDATE,
    delete: &operations::MCP_CONFIG_DELETE,
};

impl Collection {
    /// A new item.
    pub fn create(&self, body: Value) -> Request {
        self.create.plain().with_body(body)
    }

    /// All items, page by page.
    pub fn list(&self) -> Request {
        self.list.plain()
    }

    /// An item as it is.
    pub fn retrieve(&self, id: &str) -> Result<Request> {
        self.retrieve.request(&[id])
    }

    /// A change of an item.
    pub fn update(&self, id: &str, body: Value) -> Result<Request> {
        Ok(self.update.request(&[id])?.with_body(body))
    }

    /// The end of an item.
    pub fn delete(&self, id: &str) -> Result<Request> {
        self.delete.request(&[id])
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
