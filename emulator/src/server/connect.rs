//! An HTTP proxy for our own names only: clients that cannot resolve `api.NAME` and
//! `{port}-{key}.tunnel.NAME` reach them by it, at any port.

use crate::app::App;
use crate::http::ApiError;
use axum::body::Body;
use http::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::os::fd::OwnedFd;
use std::sync::Arc;

pub fn answer(app: Arc<App>, mut request: Request<Body>, socket: Option<OwnedFd>) -> Response<Body> {
    let host = request.uri().host().unwrap_or_default().to_string();
    let refused = |why: String| ApiError::new(StatusCode::FORBIDDEN, why).into_response();
    if !app.names.are_ours(&host) {
        return refused(format!("the emulator is a proxy for its own names only, and {host} is none of them"));
    }
    if app.tls.is_none() {
        return refused("the emulator is a proxy only with --tls or --domain".into());
    }
    let Some(socket) = socket else {
        return ApiError::internal("no descriptor is left for the connection").into_response();
    };
    let upgrade = hyper::upgrade::on(&mut request);
    let serving = async move {
        let Ok(stream) = upgrade.await else { return };
        let Some(tls) = &app.tls else { return };
        if let Ok(stream) = tls.acceptor.accept(TokioIo::new(stream)).await {
            super::serve(app.clone(), stream, socket, super::Door::Api).await;
        }
    };
    // Boxed: such a connection is served as every other is, by what spawned this.
    let serving: std::pin::Pin<Box<dyn std::future::Future<Output = ()> + Send>> = Box::pin(serving);
    tokio::spawn(serving);
    Response::new(Body::empty())
}
