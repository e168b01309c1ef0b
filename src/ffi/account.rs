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

/// Gives the account whose API key this is; the caller owns the value.
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

/// Makes an API key; the caller owns the value (`/id`, `/key_secret`). The secret is in the value
/// alone: in no message and no log.
///
/// `params` is the request's body, or NULL: `/name`, `/expires_at_ms`.
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

/// Makes an API key that may do only what its scopes say; the caller owns the value (`/id`,
/// `/key_secret`, `/scopes`). The secret is in the value alone: in no message and no log.
///
/// `params` is the request's body, or NULL: `/name`, `/expires_at_ms`, `/scopes`, an array of
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

/// Sends any request to the API, for what this library has no function for, with the same retries,
/// errors and cancelling.
///
/// `method` is GET, POST, PUT, PATCH, DELETE or HEAD; `path` lies below the base URL, such as
/// `/v1/devboxes`, its parts encoded where need be; `query` and `body` may be NULL. Each output may
/// be NULL and belongs to the caller: `http_status`, `headers` (an object of texts, the names in
/// lower case), `value` (the answer, or NULL if it is not JSON) and `bytes` (the answer as it
/// came). An answer of 400 and above is an error, as everywhere.
///
/// POST and PATCH are repeated only where they certainly had no effect. A DELETE whose first answer was lost,
/// and whose second attempt finds nothing, succeeds with 204. Blocks for one request. Any
/// thread.
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
