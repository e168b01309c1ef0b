//! How a request for a tunnel names its token.

use http::{HeaderMap, HeaderName};

pub const AUTHORIZATION: HeaderName = HeaderName::from_static("x-runloop-tunnel-authorization");

/// The token of `X-Runloop-Tunnel-Authorization: Bearer …`.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
