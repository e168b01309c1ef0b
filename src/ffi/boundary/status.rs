//! Numbers of the ABI that no enum stands for. One is never changed and never used again.

/// HTTP/2 where the server offers it over TLS, else HTTP/1.1.
pub const RUNLOOP_HTTP_AUTO: i32 = 0;
/// HTTP/1.1 alone.
pub const RUNLOOP_HTTP_1: i32 = 1;
/// HTTP/2 alone, also without TLS.
pub const RUNLOOP_HTTP_2: i32 = 2;
