//! All nouns of the API. A new one is a line here, after those that it uses.

use crate::part::Builder;
use crate::{
    account, axon, blueprint, devbox, execution, files, gateway_config, layers, mcp_config, network_policy, object, pty, secret, snapshot,
    ssh, tunnel,
};

pub fn register(builder: &mut Builder) -> Result<(), String> {
    layers::register(builder)?;
    account::register(builder)?;
    secret::api::register(builder)?;
    object::api::register(builder)?;
    gateway_config::api::register(builder)?;
    mcp_config::api::register(builder)?;
    network_policy::register(builder)?;
    axon::api::register(builder)?;
    tunnel::api::register(builder)?;
    blueprint::api::register(builder)?;
    devbox::api::register(builder)?;
    snapshot::api::register(builder)?;
    execution::api::register(builder)?;
    files::api::register(builder)?;
    pty::api::register(builder)?;
    ssh::register(builder)
}
