//! The account, its keys, and any other request.

use runloop_macros::export;

use serde_json::Value;

use super::client::runloop_client;
use super::params;
use super::params::runloop_params;
use super::value::{give_if_wanted, runloop_value, Answer};
use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Maybe, MaybeOut, Out, Text};
use crate::ffi::boundary::bytes::{runloop_bytes, Owned};
use crate::ffi::boundary::handles;
use crate::ffi::options::call::Options;
use crate::transport::Answer as HttpAnswer;

/// Retrieves the account that the API key belongs to.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/accounts/me.
///
/// Statuses: those of any request.
#[export]
fn runloop_account_me(client: In<runloop_client>, opts: Options, account: Out<*mut runloop_value>) -> Result<()> {
    account.set(handles::give(Answer::new(client.account(&opts)?)));
    Ok(())
}

/// Creates an API key: `/id`, `/key_secret`. The secret appears in no message and no log.
///
/// `params`: the request body, or NULL: `/name`, `/expires_at_ms`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/apikeys.
///
/// Statuses: those of any request.
#[export]
fn runloop_api_key_create(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    opts: Options,
    key: Out<*mut runloop_value>,
) -> Result<()> {
    key.set(handles::give(Answer::new(client.create_api_key(&params::of(&params), &opts)?)));
    Ok(())
}

/// Creates an API key that is limited to its scopes: `/id`, `/key_secret`, `/scopes`. The secret appears in
/// no message and no log.
///
/// `params`: the request body, or NULL: `/name`, `/expires_at_ms`, `/scopes`, an array of objects with
/// `/resource_type` and `/access_level`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/restricted_keys.
///
/// Statuses: those of any request.
#[export]
fn runloop_restricted_key_create(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    opts: Options,
    key: Out<*mut runloop_value>,
) -> Result<()> {
    key.set(handles::give(Answer::new(client.create_restricted_key(&params::of(&params), &opts)?)));
    Ok(())
}

/// Sends any request to the API, with the same retries, errors and cancellation as other calls.
///
/// `method` is GET, POST, PUT, PATCH, DELETE or HEAD. `path` is relative to the base URL, such as
/// `/v1/devboxes`, and percent-encoded where necessary. `query` and `body` may be NULL. Each output may be
/// NULL, and belongs to the caller: `http_status`; `headers`, an object of strings with the names in lower
/// case; `value`, the body of the response, or NULL if it is not JSON; `bytes`, the body as it was
/// received. A response with a status of 400 or above is an error.
///
/// POST and PATCH are retried only if they certainly had no effect. A DELETE whose first response was lost,
/// and whose second attempt finds nothing, succeeds with 204.
///
/// Blocks for one request. Any thread.
///
/// Statuses: those of any request.
#[export]
fn runloop_client_request(
    client: In<runloop_client>,
    method: Text,
    path: Text,
    query: Maybe<runloop_params>,
    body: Maybe<runloop_params>,
    opts: Options,
    http_status: MaybeOut<i32>,
    headers: MaybeOut<*mut runloop_value>,
    value: MaybeOut<*mut runloop_value>,
    bytes: MaybeOut<*mut runloop_bytes>,
) -> Result<()> {
    let body = body.as_ref().map(|body| body.read().clone());
    let answer = client.request(&method, &path, &params::of(&query), body.as_ref(), &opts)?;
    if let Some(http_status) = http_status {
        http_status.set(i32::from(answer.status));
    }
    give_if_wanted(headers, headers_of(&answer));
    if let Ok(json) = crate::transport::json::parse(&answer.body) {
        give_if_wanted(value, json);
    }
    if let Some(bytes) = bytes {
        bytes.set(handles::give(Owned::new(answer.body.into())));
    }
    Ok(())
}

fn headers_of(answer: &HttpAnswer) -> Value {
    let mut headers = serde_json::Map::new();
    for name in answer.headers.keys() {
        let texts: Vec<_> = answer.headers.get_all(name).iter().map(|text| String::from_utf8_lossy(text.as_bytes())).collect();
        headers.insert(name.as_str().to_owned(), Value::from(texts.join(", ")));
    }
    Value::Object(headers)
}
