//! Requests through tunnels: to `{port}-{key}.tunnel.…`, or below `/_tunnel/{port}-{key}/` for clients
//! that cannot resolve such a name.

use super::token::{token, AUTHORIZATION};
use super::Tunnels;
use super::{Auth, Tunnel};
use crate::app::App;
use crate::devbox::Devboxes;
use crate::devbox::{Devbox, Status};
use crate::http::{guard, ApiError};
use crate::names::Door;
use crate::pty;
use crate::sandbox::procfs;
use axum::body::Body;
use http::uri::PathAndQuery;
use http::{header, HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Uri, Version};
use hyper_util::rt::TokioIo;
use std::sync::Arc;
use tokio::net::TcpStream;

const PATHS: &str = "/_tunnel/";

/// Where a request wants to go.
pub struct Target {
    door: Door,
    /// What is before the path that the devbox is to see.
    prefix: String,
}

/// Nothing where the request is not for a tunnel.
pub fn target<B>(app: &App, request: &Request<B>) -> Option<Target> {
    if let Some(door) = guard::host(request).and_then(|host| app.names.door(&host)) {
        return Some(Target { door, prefix: String::new() });
    }
    let (label, _) = split(request.uri().path())?;
    let door = Door::parse(label)?;
    Some(Target { door, prefix: format!("{PATHS}{label}") })
}

/// The label and the rest of `/_tunnel/{label}/rest`.
fn split(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix(PATHS)?;
    Some(rest.split_at(rest.find('/').unwrap_or(rest.len())))
}

pub async fn answer(app: Arc<App>, target: Target, request: Request<Body>) -> Response<Body> {
    match forward(&app, target, request).await {
        Ok(response) => response,
        Err(e) => e.into_response(),
    }
}

async fn forward(app: &Arc<App>, target: Target, mut request: Request<Body>) -> Result<Response<Body>, ApiError> {
    let Door { port, key } = &target.door;
    let rest = request.uri().path().strip_prefix(target.prefix.as_str()).unwrap_or_default();
    if rest.is_empty() && !target.prefix.is_empty() {
        // Relative links on the page need the slash.
        return Ok(redirect(&format!("{}/", target.prefix)));
    }
    let path = match request.uri().query() {
        Some(query) => format!("{rest}?{query}"),
        None => rest.to_string(),
    };
    let path: PathAndQuery = path.parse().map_err(|_| ApiError::bad_request("the path cannot be passed on"))?;
    if let Some(terminals) = app.state::<Tunnels>().terminals(key) {
        if token(request.headers()) != Some(terminals.token.as_str()) {
            return Err(unauthorized());
        }
        *request.uri_mut() = Uri::from(path);
        return pty::answer(app, request).await;
    }
    let tunnel =
        app.state::<Tunnels>().by_key(key).ok_or_else(|| ApiError::not_found("no tunnel has this key: it was removed, or never there"))?;
    admit(&tunnel, request.headers())?;
    let devbox = app.state::<Devboxes>().get(&tunnel.devbox_id)?;
    wake(app, &devbox, &tunnel).await?;
    let stream = connect(app, &devbox, *port).await?;
    to_devbox(&mut request, path, &target);
    exchange(stream, request).await.map_err(|e| bad_gateway(format!("the server on port {port} of devbox {} broke off: {e}", devbox.id)))
}

/// A devbox that is suspended is resumed by a request where its launch or its tunnel says so.
async fn wake(app: &Arc<App>, devbox: &Arc<Devbox>, tunnel: &Tunnel) -> Result<(), ApiError> {
    let by_http = devbox.resume_trigger("http").unwrap_or(tunnel.wake_on_http);
    if by_http && matches!(devbox.status(), Status::Suspending | Status::Suspended) {
        let mut status = devbox.watch();
        let _ = status.wait_for(|status| *status != Status::Suspending).await;
        devbox.resume(app)?;
        let _ = status.wait_for(|status| *status == Status::Running || status.is_end()).await;
    }
    match tunnel.http_keep_alive {
        true => devbox.running()?,
        false => devbox.running_unnoticed()?,
    };
    Ok(())
}

fn redirect(to: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

fn admit(tunnel: &Tunnel, headers: &HeaderMap) -> Result<(), ApiError> {
    match tunnel.auth_mode == Auth::Open || (tunnel.auth_token.is_some() && token(headers) == tunnel.auth_token.as_deref()) {
        true => Ok(()),
        false => Err(unauthorized()),
    }
}

fn unauthorized() -> ApiError {
    let how = "this tunnel is an authenticated one: send its auth_token as X-Runloop-Tunnel-Authorization: Bearer …";
    ApiError::new(StatusCode::UNAUTHORIZED, how)
}

async fn connect(app: &App, devbox: &Arc<Devbox>, port: u16) -> Result<TcpStream, ApiError> {
    let (tunnels, owner) = (app.shared::<Tunnels>(), devbox.clone());
    let looking = tokio::task::spawn_blocking(move || {
        let own = || owner.processes(&procfs::all()).iter().map(|process| process.pid).collect();
        tunnels.owners.addresses(&owner.id, port, own)
    });
    for address in looking.await.map_err(ApiError::internal)? {
        if let Ok(stream) = TcpStream::connect((address, port)).await {
            let _ = stream.set_nodelay(true);
            return Ok(stream);
        }
    }
    Err(bad_gateway(format!("no process of devbox {} listens on port {port}: start the server, or wait until it listens", devbox.id)))
}

fn bad_gateway(message: String) -> ApiError {
    ApiError::new(StatusCode::BAD_GATEWAY, message)
}

/// The request as the devbox's server sees it: the client's own, without what was for us.
fn to_devbox(request: &mut Request<Body>, path: PathAndQuery, target: &Target) {
    let authority = request.uri().authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    let called = authority.or_else(|| request.headers().get(header::HOST).cloned());
    *request.uri_mut() = Uri::from(path);
    *request.version_mut() = Version::HTTP_11;
    let headers = request.headers_mut();
    headers.remove(AUTHORIZATION);
    let upgrade = headers.get(header::UPGRADE).cloned();
    drop_connection_headers(headers);
    if let Some(upgrade) = upgrade {
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, upgrade);
    }
    // Servers of developers look at the name that they are called by: by path it would be ours.
    let local = || HeaderValue::from_str(&format!("localhost:{}", target.door.port)).ok();
    if let Some(host) = called.clone().filter(|_| target.prefix.is_empty()).or_else(local) {
        headers.insert(header::HOST, host);
    }
    if let Some(called) = called {
        headers.insert(HeaderName::from_static("x-forwarded-host"), called);
    }
}

/// Headers that are about one connection, not about the message.
fn drop_connection_headers(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"] {
        headers.remove(name);
    }
}

async fn exchange(stream: TcpStream, mut request: Request<Body>) -> hyper::Result<Response<Body>> {
    let client = request.headers().contains_key(header::UPGRADE).then(|| hyper::upgrade::on(&mut request));
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection.with_upgrades());
    let mut response = sender.send_request(request).await?;
    match client {
        Some(client) if response.status() == StatusCode::SWITCHING_PROTOCOLS => {
            let server = hyper::upgrade::on(&mut response);
            tokio::spawn(async move {
                let (Ok(client), Ok(server)) = tokio::join!(client, server) else {
                    return;
                };
                let (mut client, mut server) = (TokioIo::new(client), TokioIo::new(server));
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            });
        }
        _ => drop_connection_headers(response.headers_mut()),
    }
    Ok(response.map(Body::new))
}
