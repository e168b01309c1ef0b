//! A terminal's bytes over a WebSocket: binary frames both ways.

use super::session::Session;
use crate::app::App;
use crate::devbox::activity::InUse;
use crate::devbox::Devboxes;
use crate::http::ApiError;
use axum::body::Body;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::FromRequestParts;
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use http::{Request, Response, StatusCode};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Status 1000: a normal end.
const ENDED: u16 = 1000;

pub async fn attach(app: Arc<App>, session: Arc<Session>, request: Request<Body>) -> Result<Response<Body>, ApiError> {
    let (mut parts, _) = request.into_parts();
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await.map_err(|e| {
        let message = format!("a terminal's bytes come by WebSocket: {}", e.body_text());
        ApiError::new(StatusCode::UPGRADE_REQUIRED, message)
    })?;
    let in_use = app.state::<Devboxes>().get(session.devbox_id())?.in_use();
    let attached = Attached { output: Some(session.attach()?), session, app, _in_use: in_use };
    Ok(upgrade.on_upgrade(move |socket| serve(attached, socket)))
}

/// A client's hold on a session, which ends with it: even where no WebSocket comes of the upgrade.
struct Attached {
    app: Arc<App>,
    session: Arc<Session>,
    output: Option<mpsc::Receiver<Bytes>>,
    /// Who sits at a terminal keeps the devbox from being idle.
    _in_use: InUse,
}

impl Drop for Attached {
    fn drop(&mut self) {
        if let Some(rest) = self.output.take() {
            self.session.detach(&self.app, rest);
        }
    }
}

async fn serve(mut attached: Attached, socket: WebSocket) {
    let session = attached.session.clone();
    let (mut to, mut from) = socket.split();
    let typing = async {
        while let Some(Ok(message)) = from.next().await {
            let bytes = match message {
                Message::Binary(bytes) => bytes,
                Message::Text(text) => Bytes::from(text),
                Message::Close(_) => return,
                Message::Ping(_) | Message::Pong(_) => continue,
            };
            if session.write(&bytes).await.is_err() {
                return;
            }
        }
    };
    let showing = async {
        while let Some(piece) = next(&mut attached).await {
            if to.send(Message::Binary(piece)).await.is_err() {
                return;
            }
        }
        let _ = to.send(Message::Close(Some(CloseFrame { code: ENDED, reason: "the session has ended".into() }))).await;
    };
    tokio::select! {
        () = typing => {}
        () = showing => {}
    }
}

async fn next(attached: &mut Attached) -> Option<Bytes> {
    attached.output.as_mut()?.recv().await
}
