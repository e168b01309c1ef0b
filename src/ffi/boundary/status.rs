//! The numbers of the ABI. One is never changed and never used again.

use crate::error::{Retryable, SideEffect, Status};
use crate::log::Level;
use crate::sdk::Outcome;

/// Success.
pub const RUNLOOP_OK: i32 = 0;

/// An argument cannot be used: NULL where a value is wanted, no UTF-8, out of range. Correct it.
pub const RUNLOOP_INVALID_ARGUMENT: i32 = 1;
/// A handle is NULL, freed, or of another kind.
pub const RUNLOOP_INVALID_HANDLE: i32 = 2;
/// The thing is not in a state in which this can be done.
pub const RUNLOOP_WRONG_STATE: i32 = 3;
/// The handle was made before this process was forked, or the process was forked during the call. Make
/// clients in the child.
pub const RUNLOOP_FORKED: i32 = 4;
/// The header and the library do not fit together. Compile against the installed header.
pub const RUNLOOP_ABI_MISMATCH: i32 = 5;
/// There is no API key. Set RUNLOOP_API_KEY or call runloop_config_set_bearer_token().
pub const RUNLOOP_MISSING_CREDENTIALS: i32 = 6;
/// A callback of yours returned something other than 0.
pub const RUNLOOP_STOPPED: i32 = 7;
/// A file or descriptor of this machine could not be read or written.
pub const RUNLOOP_LOCAL_IO: i32 = 8;
/// There is nothing, or a value of another kind, at a JSON Pointer.
pub const RUNLOOP_NO_SUCH_FIELD: i32 = 9;

/// No connection: refused, unreachable, or a name that does not resolve.
pub const RUNLOOP_CONNECT: i32 = 100;
/// No trusted connection: a certificate was not accepted.
pub const RUNLOOP_TLS: i32 = 101;
/// An attempt took longer than timeout_ms.
pub const RUNLOOP_TIMEOUT: i32 = 102;
/// The call took longer than deadline_ms.
pub const RUNLOOP_DEADLINE: i32 = 103;
/// The call's cancel token was triggered.
pub const RUNLOOP_CANCELLED: i32 = 104;
/// The client was closed.
pub const RUNLOOP_CLOSED: i32 = 105;
/// The connection broke before the whole answer came.
pub const RUNLOOP_BROKEN: i32 = 106;
/// The answer is not what the API describes, or longer than runloop_config_set_max_answer_bytes() allows.
pub const RUNLOOP_PROTOCOL: i32 = 107;

/// HTTP 400: the service does not accept the parameters.
pub const RUNLOOP_BAD_REQUEST: i32 = 200;
/// HTTP 401: the service does not know the API key.
pub const RUNLOOP_AUTHENTICATION: i32 = 201;
/// HTTP 403: the API key may not do this.
pub const RUNLOOP_PERMISSION: i32 = 202;
/// HTTP 404: there is no such thing.
pub const RUNLOOP_NOT_FOUND: i32 = 203;
/// HTTP 409: it is at odds with something that exists.
pub const RUNLOOP_CONFLICT: i32 = 204;
/// HTTP 422: the service understands the parameters, but cannot act on them.
pub const RUNLOOP_UNPROCESSABLE: i32 = 205;
/// HTTP 429: too many requests; runloop_error_retry_after_ms() may say how long to wait.
pub const RUNLOOP_RATE_LIMITED: i32 = 206;
/// HTTP 5xx: the service failed.
pub const RUNLOOP_SERVER: i32 = 207;
/// Any other HTTP error status.
pub const RUNLOOP_API: i32 = 208;

/// A devbox does not run: it failed or was shut down.
pub const RUNLOOP_DEVBOX_FAILED: i32 = 300;
/// A blueprint's build failed.
pub const RUNLOOP_BUILD_FAILED: i32 = 301;
/// A snapshot failed.
pub const RUNLOOP_SNAPSHOT_FAILED: i32 = 302;
/// What was waited for did not come within poll_timeout_ms.
pub const RUNLOOP_WAIT_TIMED_OUT: i32 = 303;
/// An archive is damaged, would leave its target, or exceeds its limits.
pub const RUNLOOP_BAD_ARCHIVE: i32 = 304;
/// A directory of the devbox could not be read or written; runloop_error_body() holds what the
/// devbox said.
pub const RUNLOOP_REMOTE_IO: i32 = 305;

/// A defect of the library; the process lives, the handles of the call are out of use.
pub const RUNLOOP_INTERNAL_PANIC: i32 = 900;
/// There was no memory for a large answer. Where memory runs out for anything small the process is ended, as by most programs.
pub const RUNLOOP_OUT_OF_MEMORY: i32 = 901;
/// Something went wrong inside the library.
pub const RUNLOOP_INTERNAL: i32 = 902;

/// Making the same call again is of no use.
pub const RUNLOOP_RETRYABLE_NO: i32 = 0;
/// Making the same call again may succeed.
pub const RUNLOOP_RETRYABLE_YES: i32 = 1;
/// It is not known whether making the same call again is of use, or harmless.
pub const RUNLOOP_RETRYABLE_UNKNOWN: i32 = 2;

/// The failed call changed nothing at the service.
pub const RUNLOOP_SIDE_EFFECT_NONE: i32 = 0;
/// The failed call changed something: see runloop_error_resource_id().
pub const RUNLOOP_SIDE_EFFECT_HAPPENED: i32 = 1;
/// It is not known whether the failed call changed something.
pub const RUNLOOP_SIDE_EFFECT_UNKNOWN: i32 = 2;

/// The service did not say how the command ended.
pub const RUNLOOP_OUTCOME_UNKNOWN: i32 = 0;
/// The command exited; its code tells more.
pub const RUNLOOP_OUTCOME_EXITED: i32 = 1;
/// The command was ended by a signal: a shell's code of 128 and the signal's number.
pub const RUNLOOP_OUTCOME_SIGNALLED: i32 = 2;
/// The command was killed because its timeout_ms was over.
pub const RUNLOOP_OUTCOME_TIMED_OUT: i32 = 3;
/// The command has ended, but part of its output could not be had, or is not known to be there.
pub const RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE: i32 = 4;

/// Standard output. RUNLOOP_STDOUT | RUNLOOP_STDERR are both.
pub const RUNLOOP_STDOUT: i32 = 1;
/// Standard error.
pub const RUNLOOP_STDERR: i32 = 2;

/// Nothing is logged.
pub const RUNLOOP_LOG_OFF: i32 = 0;
/// Defects of the library.
pub const RUNLOOP_LOG_ERROR: i32 = 1;
/// Attempts that failed and are repeated.
pub const RUNLOOP_LOG_WARN: i32 = 2;
/// Requests that failed for good.
pub const RUNLOOP_LOG_INFO: i32 = 3;
/// Every request.
pub const RUNLOOP_LOG_DEBUG: i32 = 4;

/// There is nothing at the place.
pub const RUNLOOP_KIND_NONE: i32 = 0;
/// JSON null.
pub const RUNLOOP_KIND_NULL: i32 = 1;
/// true or false.
pub const RUNLOOP_KIND_BOOL: i32 = 2;
/// A whole number that fits int64_t.
pub const RUNLOOP_KIND_INT: i32 = 3;
/// Any other number.
pub const RUNLOOP_KIND_DOUBLE: i32 = 4;
/// Text.
pub const RUNLOOP_KIND_STRING: i32 = 5;
/// An array.
pub const RUNLOOP_KIND_ARRAY: i32 = 6;
/// An object.
pub const RUNLOOP_KIND_OBJECT: i32 = 7;

/// HTTP/2 where the server offers it over TLS, else HTTP/1.1.
pub const RUNLOOP_HTTP_AUTO: i32 = 0;
/// HTTP/1.1 alone.
pub const RUNLOOP_HTTP_1: i32 = 1;
/// HTTP/2 alone, also without TLS.
pub const RUNLOOP_HTTP_2: i32 = 2;

/// The name of a status as C spells it, with its NUL; `None` for a number that is none.
pub fn name(status: i32) -> Option<&'static std::ffi::CStr> {
    Some(match status {
        RUNLOOP_OK => c"RUNLOOP_OK",
        RUNLOOP_INVALID_ARGUMENT => c"RUNLOOP_INVALID_ARGUMENT",
        RUNLOOP_INVALID_HANDLE => c"RUNLOOP_INVALID_HANDLE",
        RUNLOOP_WRONG_STATE => c"RUNLOOP_WRONG_STATE",
        RUNLOOP_FORKED => c"RUNLOOP_FORKED",
        RUNLOOP_ABI_MISMATCH => c"RUNLOOP_ABI_MISMATCH",
        RUNLOOP_MISSING_CREDENTIALS => c"RUNLOOP_MISSING_CREDENTIALS",
        RUNLOOP_STOPPED => c"RUNLOOP_STOPPED",
        RUNLOOP_LOCAL_IO => c"RUNLOOP_LOCAL_IO",
        RUNLOOP_NO_SUCH_FIELD => c"RUNLOOP_NO_SUCH_FIELD",
        RUNLOOP_CONNECT => c"RUNLOOP_CONNECT",
        RUNLOOP_TLS => c"RUNLOOP_TLS",
        RUNLOOP_TIMEOUT => c"RUNLOOP_TIMEOUT",
        RUNLOOP_DEADLINE => c"RUNLOOP_DEADLINE",
        RUNLOOP_CANCELLED => c"RUNLOOP_CANCELLED",
        RUNLOOP_CLOSED => c"RUNLOOP_CLOSED",
        RUNLOOP_BROKEN => c"RUNLOOP_BROKEN",
        RUNLOOP_PROTOCOL => c"RUNLOOP_PROTOCOL",
        RUNLOOP_BAD_REQUEST => c"RUNLOOP_BAD_REQUEST",
        RUNLOOP_AUTHENTICATION => c"RUNLOOP_AUTHENTICATION",
        RUNLOOP_PERMISSION => c"RUNLOOP_PERMISSION",
        RUNLOOP_NOT_FOUND => c"RUNLOOP_NOT_FOUND",
        RUNLOOP_CONFLICT => c"RUNLOOP_CONFLICT",
        RUNLOOP_UNPROCESSABLE => c"RUNLOOP_UNPROCESSABLE",
        RUNLOOP_RATE_LIMITED => c"RUNLOOP_RATE_LIMITED",
        RUNLOOP_SERVER => c"RUNLOOP_SERVER",
        RUNLOOP_API => c"RUNLOOP_API",
        RUNLOOP_DEVBOX_FAILED => c"RUNLOOP_DEVBOX_FAILED",
        RUNLOOP_BUILD_FAILED => c"RUNLOOP_BUILD_FAILED",
        RUNLOOP_SNAPSHOT_FAILED => c"RUNLOOP_SNAPSHOT_FAILED",
        RUNLOOP_WAIT_TIMED_OUT => c"RUNLOOP_WAIT_TIMED_OUT",
        RUNLOOP_BAD_ARCHIVE => c"RUNLOOP_BAD_ARCHIVE",
        RUNLOOP_REMOTE_IO => c"RUNLOOP_REMOTE_IO",
        RUNLOOP_INTERNAL_PANIC => c"RUNLOOP_INTERNAL_PANIC",
        RUNLOOP_OUT_OF_MEMORY => c"RUNLOOP_OUT_OF_MEMORY",
        RUNLOOP_INTERNAL => c"RUNLOOP_INTERNAL",
        _ => return None,
    })
}

// The numbers that C sees and those that the library uses are the same, by compilation.
const _: () = {
    assert!(RUNLOOP_INVALID_ARGUMENT == Status::InvalidArgument as i32);
    assert!(RUNLOOP_INVALID_HANDLE == Status::InvalidHandle as i32);
    assert!(RUNLOOP_WRONG_STATE == Status::WrongState as i32);
    assert!(RUNLOOP_FORKED == Status::Forked as i32);
    assert!(RUNLOOP_ABI_MISMATCH == Status::AbiMismatch as i32);
    assert!(RUNLOOP_MISSING_CREDENTIALS == Status::MissingCredentials as i32);
    assert!(RUNLOOP_STOPPED == Status::Stopped as i32);
    assert!(RUNLOOP_LOCAL_IO == Status::LocalIo as i32);
    assert!(RUNLOOP_NO_SUCH_FIELD == Status::NoSuchField as i32);
    assert!(RUNLOOP_CONNECT == Status::Connect as i32);
    assert!(RUNLOOP_TLS == Status::Tls as i32);
    assert!(RUNLOOP_TIMEOUT == Status::Timeout as i32);
    assert!(RUNLOOP_DEADLINE == Status::Deadline as i32);
    assert!(RUNLOOP_CANCELLED == Status::Cancelled as i32);
    assert!(RUNLOOP_CLOSED == Status::Closed as i32);
    assert!(RUNLOOP_BROKEN == Status::Broken as i32);
    assert!(RUNLOOP_PROTOCOL == Status::Protocol as i32);
    assert!(RUNLOOP_BAD_REQUEST == Status::BadRequest as i32);
    assert!(RUNLOOP_AUTHENTICATION == Status::Authentication as i32);
    assert!(RUNLOOP_PERMISSION == Status::Permission as i32);
    assert!(RUNLOOP_NOT_FOUND == Status::NotFound as i32);
    assert!(RUNLOOP_CONFLICT == Status::Conflict as i32);
    assert!(RUNLOOP_UNPROCESSABLE == Status::Unprocessable as i32);
    assert!(RUNLOOP_RATE_LIMITED == Status::RateLimited as i32);
    assert!(RUNLOOP_SERVER == Status::Server as i32);
    assert!(RUNLOOP_API == Status::Api as i32);
    assert!(RUNLOOP_DEVBOX_FAILED == Status::DevboxFailed as i32);
    assert!(RUNLOOP_BUILD_FAILED == Status::BuildFailed as i32);
    assert!(RUNLOOP_SNAPSHOT_FAILED == Status::SnapshotFailed as i32);
    assert!(RUNLOOP_WAIT_TIMED_OUT == Status::WaitTimedOut as i32);
    assert!(RUNLOOP_BAD_ARCHIVE == Status::BadArchive as i32);
    assert!(RUNLOOP_REMOTE_IO == Status::RemoteIo as i32);
    assert!(RUNLOOP_INTERNAL_PANIC == Status::InternalPanic as i32);
    assert!(RUNLOOP_OUT_OF_MEMORY == Status::OutOfMemory as i32);
    assert!(RUNLOOP_INTERNAL == Status::Internal as i32);
    assert!(RUNLOOP_RETRYABLE_NO == Retryable::No as i32);
    assert!(RUNLOOP_RETRYABLE_YES == Retryable::Yes as i32);
    assert!(RUNLOOP_RETRYABLE_UNKNOWN == Retryable::Unknown as i32);
    assert!(RUNLOOP_SIDE_EFFECT_NONE == SideEffect::None as i32);
    assert!(RUNLOOP_SIDE_EFFECT_HAPPENED == SideEffect::Happened as i32);
    assert!(RUNLOOP_SIDE_EFFECT_UNKNOWN == SideEffect::Unknown as i32);
    assert!(RUNLOOP_OUTCOME_UNKNOWN == Outcome::Unknown as i32);
    assert!(RUNLOOP_OUTCOME_EXITED == Outcome::Exited as i32);
    assert!(RUNLOOP_OUTCOME_SIGNALLED == Outcome::Signalled as i32);
    assert!(RUNLOOP_OUTCOME_TIMED_OUT == Outcome::TimedOut as i32);
    assert!(RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE == Outcome::OutputIncomplete as i32);
    assert!(RUNLOOP_LOG_OFF == Level::Off as i32);
    assert!(RUNLOOP_LOG_ERROR == Level::Error as i32);
    assert!(RUNLOOP_LOG_WARN == Level::Warn as i32);
    assert!(RUNLOOP_LOG_INFO == Level::Info as i32);
    assert!(RUNLOOP_LOG_DEBUG == Level::Debug as i32);
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_a_name() {
        for status in Status::ALL {
            assert!(name(status as i32).is_some(), "{status:?}");
        }
        assert!(name(4242).is_none());
    }
}
