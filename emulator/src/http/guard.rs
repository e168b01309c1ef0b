//! Who may ask: loopback names only (a web page must not reach us through a name of its own).

use super::ApiError;
use crate::app::App;
use http::{header, Request, StatusCode, Uri};

pub fn origin<B>(app: &App, request: &Request<B>) -> Result<(), ApiError> {
    if !app.on_loopback {
        return Ok(());
    }
    let host = host(request);
    let origin = text(request, header::ORIGIN).map(|origin| {
        let uri = origin.parse::<Uri>().ok();
        uri.and_then(|uri| uri.host().map(str::to_string)).unwrap_or_default()
    });
    for (what, name) in [("Host", host), ("Origin", origin)] {
        if name.as_deref().is_some_and(|name| !app.names.are_ours(name)) {
            return Err(ApiError::new(
                StatusCode::FORBIDDEN,
                format!("the emulator answers this machine only: the {what} header names another"),
            ));
        }
    }
    Ok(())
}

/// The name that the client knows us by.
pub fn host<B>(request: &Request<B>) -> Option<String> {
    match request.uri().host() {
        Some(host) => Some(host.to_string()),
        None => text(request, header::HOST).and_then(host_of),
    }
}

pub fn text<B>(request: &Request<B>, name: header::HeaderName) -> Option<&str> {
    let value = request.headers().get(name)?;
    // What is no text is no loopback name either.
    Some(value.to_str().unwrap_or("?"))
}

fn host_of(authority: &str) -> Option<String> {
    match authority.parse::<http::uri::Authority>() {
        Ok(authority) => Some(authority.host().to_string()),
        Err(_) => Some("?".into()),
    }
}
