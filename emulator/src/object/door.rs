//! The listener for contents: a signed URL is all that it asks for.

use super::manner::{Purpose, Refusal};
use super::Objects;
use super::{content, operation};
use crate::app::App;
use crate::http::attend::attend;
use crate::http::connection::Connection;
use crate::http::guard;
use crate::http::openapi::Operation;
use crate::settings::Manner;
use axum::body::Body;
use http::{Method, Request, Response, Uri};
use std::sync::Arc;

/// The names by which faults and the journal know what is asked here.
pub struct Operations {
    put: Operation,
    get: Operation,
}

impl Operations {
    pub fn new() -> Operations {
        Operations { put: operation("storage.put", "put"), get: operation("storage.get", "get") }
    }
}

/// Answers one request. `None`: the connection is to be closed without an answer.
pub async fn answer(app: Arc<App>, connection: Connection, request: Request<Body>) -> Option<Response<Body>> {
    if let Err(refused) = guard::origin(&app, &request) {
        return Some(refused.into_response());
    }
    let operation = match *request.method() {
        Method::PUT => Some(&app.state::<Objects>().operations.put),
        Method::GET | Method::HEAD => Some(&app.state::<Objects>().operations.get),
        _ => None,
    };
    let noted = app.journal.arrived(&without_signature(&request), operation.map(|o| o.id.as_str()));
    attend(&app, connection, operation, request, &noted, |request| async {
        serve(&app, request).await.unwrap_or_else(|(manner, refusal)| manner.refuse(refusal))
    })
    .await
}

async fn serve(app: &App, request: Request<Body>) -> Result<Response<Body>, (Manner, Refusal)> {
    let uri = request.uri();
    let signed = app.state::<Objects>().signer.verify(uri.path(), uri.query().unwrap_or_default(), app.clock.now_ms())?;
    let manner = signed.manner;
    let served = async {
        if !manner.allows(signed.purpose, request.method()) {
            return Err(Refusal::Method);
        }
        manner.check(signed.purpose, request.headers())?;
        match signed.purpose {
            Purpose::Upload => content::receive(app, manner, &signed.id, request).await,
            Purpose::Download => content::give(app, manner, &signed.id, &request.into_parts().0),
        }
    };
    served.await.map_err(|refusal| (manner, refusal))
}

/// The request's head for the journal: a signed URL is a credential.
fn without_signature(request: &Request<Body>) -> Request<Body> {
    let secret =
        |pair: &&str| [Manner::Plain, Manner::S3, Manner::Azure].iter().any(|m| pair.starts_with(&format!("{}=", m.signature_name())));
    let query: Vec<&str> = request.uri().query().unwrap_or_default().split('&').filter(|pair| !secret(pair)).collect();
    let mut head = Request::new(Body::empty());
    *head.method_mut() = request.method().clone();
    *head.headers_mut() = request.headers().clone();
    if let Ok(uri) = format!("{}?{}", request.uri().path(), query.join("&")).parse::<Uri>() {
        *head.uri_mut() = uri;
    }
    head
}
