//! Keys made through the API: accepted as bearer tokens, restricted ones for what their scopes name.

use crate::app::App;
use crate::http::error::json;
use crate::http::{guard, ApiError, Call};
use crate::part::Builder;
use crate::part::Part;
use crate::records::{Record, Records};
use crate::store::Store;
use axum::body::Body;
use http::{header, Method, Request, Response, StatusCode};
use ring::rand::SecureRandom;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;

type Answer = Result<Response<Body>, ApiError>;

/// The secret itself is not kept: only what it can be recognised by.
#[derive(Clone, Serialize, Deserialize)]
struct Key {
    id: String,
    name: Option<String>,
    digest: String,
    expires_at_ms: Option<i64>,
    /// `None` for a key that may do everything.
    scopes: Option<Vec<Scope>>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Scope {
    resource_type: Option<Resource>,
    access_level: Option<Access>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Resource {
    #[serde(rename = "RESOURCE_TYPE_DEVBOXES")]
    Devboxes,
    #[serde(rename = "RESOURCE_TYPE_BLUEPRINTS")]
    Blueprints,
    #[serde(rename = "RESOURCE_TYPE_SNAPSHOTS")]
    Snapshots,
    #[serde(rename = "RESOURCE_TYPE_OBJECTS")]
    Objects,
    #[serde(rename = "RESOURCE_TYPE_ACCOUNT")]
    Account,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Access {
    #[serde(rename = "ACCESS_LEVEL_NONE")]
    None,
    #[serde(rename = "ACCESS_LEVEL_READ")]
    Read,
    #[serde(rename = "ACCESS_LEVEL_WRITE")]
    Write,
}

impl Record for Key {
    const KIND: &'static str = "API key";
    fn id(&self) -> &str {
        &self.id
    }
}

pub struct Keys {
    records: Records<Key>,
}

impl Part for Keys {
    fn clear(&self, _app: &Arc<App>) {
        self.records.clear();
    }
}

impl Keys {
    pub fn load(store: &Arc<Store>) -> Result<Keys, String> {
        Ok(Keys { records: Records::load(store)? })
    }

    /// Whether a token that was made here may do this; `None` for any other token.
    pub fn judge(&self, token: &str, now_ms: i64, method: &Method, path: &str) -> Option<Result<(), ApiError>> {
        if !token.starts_with(FULL) && !token.starts_with(RESTRICTED) {
            return None;
        }
        let digest = digest(token);
        let key = self.records.all().into_iter().find(|key| key.digest == digest)?;
        if key.expires_at_ms.is_some_and(|end| end <= now_ms) {
            let message = format!("authentication failed: the key {} has expired; create another", key.id);
            return Some(Err(ApiError::new(StatusCode::UNAUTHORIZED, message)));
        }
        let Some(scopes) = &key.scopes else {
            return Some(Ok(()));
        };
        let (resource, needed) = needed(method, path);
        let grants = |scope: &Scope| scope.resource_type == Some(resource) && scope.access_level.is_some_and(|level| level >= needed);
        match scopes.iter().any(grants) {
            true => Some(Ok(())),
            false => {
                let message = format!("permission denied: the scopes of the restricted key {} do not allow {method} {path}", key.id);
                Some(Err(ApiError::new(StatusCode::FORBIDDEN, message)))
            }
        }
    }
}

/// The scope that a request needs. What no resource type names belongs to the account.
fn needed(method: &Method, path: &str) -> (Resource, Access) {
    let resource = match path.strip_prefix("/v1/").unwrap_or_default() {
        rest if rest.starts_with("devboxes/disk_snapshots") => Resource::Snapshots,
        rest if rest.starts_with("devboxes") || rest.starts_with("pty") => Resource::Devboxes,
        rest if rest.starts_with("blueprints") => Resource::Blueprints,
        rest if rest.starts_with("objects") => Resource::Objects,
        _ => Resource::Account,
    };
    let last = path.rsplit('/').next().unwrap_or_default();
    let reads = *method == Method::GET || ["wait_for_status", "read_file_contents", "download_file", "preview"].contains(&last);
    (resource, if reads { Access::Read } else { Access::Write })
}

/// Whether a request has a key that may do what it asks for.
pub fn authorize<B>(app: &App, request: &Request<B>) -> Result<(), ApiError> {
    let given = guard::text(request, header::AUTHORIZATION).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let Some(token) = given.filter(|token| !token.is_empty()) else {
        return Err(unauthorized());
    };
    if let Some(verdict) = app.state::<Keys>().judge(token, app.clock.now_ms(), request.method(), request.uri().path()) {
        return verdict;
    }
    match app.api_key.as_ref().is_none_or(|key| key == token) {
        true => Ok(()),
        false => Err(unauthorized()),
    }
}

fn unauthorized() -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, "authentication failed: send a valid key as Authorization: Bearer …")
}

const FULL: &str = "ak_";
const RESTRICTED: &str = "rk_";

pub fn register(builder: &mut Builder) -> Result<(), String> {
    let keys = Keys::load(&builder.app.store)?;
    builder.add(keys);
    let routes = &mut builder.routes;
    routes.add("apikeys.create", create);
    routes.add("restrictedkeys.create", create_restricted);
    Ok(())
}

#[derive(Deserialize)]
struct Create {
    name: Option<String>,
    expires_at_ms: Option<i64>,
    #[serde(default)]
    scopes: Vec<Scope>,
}

async fn create(call: Call) -> Answer {
    let wanted: Create = call.body()?;
    make(&call, wanted, FULL, |_| None)
}

async fn create_restricted(call: Call) -> Answer {
    let wanted: Create = call.body()?;
    for (n, scope) in wanted.scopes.iter().enumerate() {
        if scope.resource_type.is_none() || scope.access_level.is_none() {
            return Err(ApiError::bad_request(format!("scopes[{n}] needs both resource_type and access_level")));
        }
    }
    make(&call, wanted, RESTRICTED, |wanted| Some(wanted.scopes.clone()))
}

fn make(call: &Call, wanted: Create, prefix: &str, scopes: impl Fn(&Create) -> Option<Vec<Scope>>) -> Answer {
    if wanted.expires_at_ms.is_some_and(|end| end <= call.app.clock.now_ms()) {
        return Err(ApiError::bad_request("expires_at_ms must be in the future"));
    }
    let secret = format!("{prefix}{}", random_hex()?);
    let key = Key {
        id: call.app.ids.next("key"),
        digest: digest(&secret),
        scopes: scopes(&wanted),
        name: wanted.name,
        expires_at_ms: wanted.expires_at_ms,
    };
    let mut view = json!({"id": key.id, "key_secret": secret, "name": key.name, "expires_at_ms": key.expires_at_ms});
    if let Some(scopes) = &key.scopes {
        view["scopes"] = json!(scopes);
    }
    call.app.state::<Keys>().records.add(key)?;
    Ok(json(&view))
}

fn digest(secret: &str) -> String {
    hex(ring::digest::digest(&ring::digest::SHA256, secret.as_bytes()).as_ref())
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// 32 digits that nobody can guess.
pub fn random_hex() -> Result<String, ApiError> {
    let mut bytes = [0; 16];
    ring::rand::SystemRandom::new().fill(&mut bytes).map_err(|_| ApiError::internal("the system gives no random numbers"))?;
    Ok(hex(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_need_scopes() {
        let needs = |method: Method, path: &str, resource: Resource, access: Access| {
            let (r, a) = needed(&method, path);
            assert!(r == resource && a == access, "{method} {path}");
        };
        needs(Method::GET, "/v1/devboxes", Resource::Devboxes, Access::Read);
        needs(Method::POST, "/v1/devboxes", Resource::Devboxes, Access::Write);
        needs(Method::POST, "/v1/devboxes/dbx_1/wait_for_status", Resource::Devboxes, Access::Read);
        needs(Method::GET, "/v1/devboxes/disk_snapshots", Resource::Snapshots, Access::Read);
        needs(Method::DELETE, "/v1/axons/axn_1", Resource::Account, Access::Write);
        assert!(Access::Write > Access::Read && Access::Read > Access::None);
    }
}
