//! Which function serves which operation. Every room adds its own.

use super::openapi::Operation;
use super::{ApiError, Call};
use crate::app::App;
use crate::journal::Entry;
use axum::body::Body;
use http::{Request, Response, StatusCode};
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub type Answer = Result<Response<Body>, ApiError>;
pub type Handler = Box<dyn Fn(Call) -> Pin<Box<dyn Future<Output = Answer> + Send>> + Send + Sync>;

#[derive(Default)]
pub struct Routes {
    handlers: HashMap<String, Handler>,
}

impl Routes {
    /// `operation` is an operationId of the description.
    pub fn add<F, R>(&mut self, operation: &str, handler: F)
    where
        F: Fn(Call) -> R + Send + Sync + 'static,
        R: Future<Output = Answer> + Send + 'static,
    {
        let handler: Handler = Box::new(move |call| Box::pin(handler(call)));
        self.handlers.insert(operation.to_string(), handler);
    }

    pub fn get(&self, operation: &str) -> Option<&Handler> {
        self.handlers.get(operation)
    }

    pub fn operations(&self) -> impl Iterator<Item = &str> {
        self.handlers.keys().map(String::as_str)
    }
}

/// Checks a request against the operation's description, and has it served.
pub async fn operate(
    app: &Arc<App>,
    operation: &Operation,
    parameters: Vec<(&str, String)>,
    request: Request<Body>,
    noted: &Arc<Entry>,
) -> Result<Response<Body>, ApiError> {
    let Some(handler) = app.state::<Routes>().get(&operation.id) else {
        return Err(ApiError::new(StatusCode::NOT_IMPLEMENTED, format!("the emulator does not serve {} yet", operation.id)));
    };
    let call = Call::read(app.clone(), operation, parameters, request, noted).await?;
    handler(call).await
}
