//! `runloop_devbox`: tunnels, ssh keys and tokens.

use runloop_macros::export;

use crate::error::{Error, Result};
use crate::ffi::boundary::arguments::{In, Maybe, Out};
use crate::ffi::boundary::bytes::{runloop_bytes, Owned};
use crate::ffi::boundary::handles;
use crate::ffi::devbox::runloop_devbox;
use crate::ffi::options::call::Options;
use crate::ffi::params;
use crate::ffi::params::runloop_params;
use crate::ffi::value::{give_if_any, runloop_value, Answer};

/// Creates an SSH key for the devbox: `/ssh_user`, `/ssh_private_key`, `/url`. The private key appears in
/// no message and no log.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/create_ssh_key.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_create_ssh_key(devbox: In<runloop_devbox>, opts: Options, key: Out<*mut runloop_value>) -> Result<()> {
    key.set(handles::give(Answer::new(devbox.devbox.create_ssh_key(&opts)?)));
    Ok(())
}

/// Opens the devbox's tunnel, which makes its ports reachable: `/tunnel_key`, `/auth_mode`, `/auth_token`.
///
/// `params`: the request body, or NULL: `/auth_mode` (open or authenticated), `/http_keep_alive`,
/// `/wake_on_http`. Requests through an authenticated tunnel carry the header
/// `X-Runloop-Tunnel-Authorization: Bearer` with the token.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/enable_tunnel.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_enable_tunnel(
    devbox: In<runloop_devbox>,
    params: Maybe<runloop_params>,
    opts: Options,
    tunnel: Out<*mut runloop_value>,
) -> Result<()> {
    tunnel.set(handles::give(Answer::new(devbox.devbox.enable_tunnel(&params::of(&params), &opts)?)));
    Ok(())
}

/// Closes the devbox's tunnel.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/remove_tunnel.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_remove_tunnel(devbox: In<runloop_devbox>, opts: Options) -> Result<()> {
    devbox.devbox.remove_tunnel(&opts).map(drop)
}

/// Retrieves the devbox's tunnel: `/tunnel_key`, `/auth_mode`, `/auth_token`. If it has none, returns
/// RUNLOOP_OK and sets `tunnel` to NULL.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/devboxes/{id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_get_tunnel(devbox: In<runloop_devbox>, opts: Options, tunnel: Out<*mut runloop_value>) -> Result<()> {
    give_if_any(tunnel, devbox.devbox.get_tunnel(&opts)?);
    Ok(())
}

/// Returns the URL of a port of the devbox through its tunnel,
/// `https://{port}-{tunnel_key}.tunnel.{domain}`, followed by a NUL. If the devbox has no tunnel, returns
/// RUNLOOP_OK and sets `url` to NULL.
///
/// The domain is the API's host without a leading `api.`. The URL has the scheme and the port of the base
/// URL. If the API's host is an IP address, the domain is `localhost`, so that tunnels of a local emulator
/// work.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/devboxes/{id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_get_tunnel_url(devbox: In<runloop_devbox>, port: i32, opts: Options, url: Out<*mut runloop_bytes>) -> Result<()> {
    let port = u16::try_from(port).ok().filter(|port| *port > 0);
    let port = port.ok_or_else(|| Error::invalid("port must be from 1 to 65535."))?;
    if let Some(found) = devbox.devbox.get_tunnel_url(port, &opts)? {
        url.set(handles::give(Owned::new(found.into_bytes())));
    }
    Ok(())
}

/// Opens a tunnel to a terminal in the devbox: `/tunnel_key`, `/auth_token`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/create_pty_tunnel.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_create_pty_tunnel(devbox: In<runloop_devbox>, opts: Options, tunnel: Out<*mut runloop_value>) -> Result<()> {
    tunnel.set(handles::give(Answer::new(devbox.devbox.create_pty_tunnel(&opts)?)));
    Ok(())
}

/// Creates a token with which programs in the devbox call an API through a gateway: `/url`, `/token`.
///
/// `params`: the request body: `/gateway` and `/secret`, each an identifier or a name.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/create_gateway_token.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_create_gateway_token(
    devbox: In<runloop_devbox>,
    params: Maybe<runloop_params>,
    opts: Options,
    token: Out<*mut runloop_value>,
) -> Result<()> {
    token.set(handles::give(Answer::new(devbox.devbox.create_gateway_token(&params::of(&params), &opts)?)));
    Ok(())
}

/// Creates a token with which programs in the devbox call an MCP server through a gateway: `/url`,
/// `/token`.
///
/// `params`: the request body: `/mcp_config` and `/secret`, each an identifier or a name.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/create_mcp_token.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_create_mcp_token(
    devbox: In<runloop_devbox>,
    params: Maybe<runloop_params>,
    opts: Options,
    token: Out<*mut runloop_value>,
) -> Result<()> {
    token.set(handles::give(Answer::new(devbox.devbox.create_mcp_token(&params::of(&params), &opts)?)));
    Ok(())
}
