//! Numbers of the ABI that no enum stands for. One is never changed and never used again.

/// HTTP/2 if the server offers it over TLS, otherwise HTTP/1.1.
pub const RUNLOOP_HTTP_AUTO: i32 = 0;
/// HTTP/1.1 only.
pub const RUNLOOP_HTTP_1: i32 = 1;
/// HTTP/2 only, even without TLS.
pub const RUNLOOP_HTTP_2: i32 = 2;
