// The statuses.
//
// Made from src/error.rs by `make generate`; changes belong there, or in tools/surface.

#ifndef RUNLOOP_STATUSES_HPP
#define RUNLOOP_STATUSES_HPP

#include <cstdint>

#include <runloop/base.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_SAME_BEGIN

/// What kind of thing went wrong, named by what to do about it.
enum class Status : std::int32_t {
    /// Success.
    ok = RUNLOOP_OK,
    /// An argument cannot be used: not UTF-8, or out of range. Correct it.
    invalid_argument = RUNLOOP_INVALID_ARGUMENT,
    /// A handle is empty, for instance moved from.
    invalid_handle = RUNLOOP_INVALID_HANDLE,
    /// The thing is not in a state in which this can be done.
    wrong_state = RUNLOOP_WRONG_STATE,
    /// The handle was made before this process was forked, or the process was forked during the
    /// call. Make clients in the child.
    forked = RUNLOOP_FORKED,
    /// The header and the library do not fit together. Compile against the installed header.
    abi_mismatch = RUNLOOP_ABI_MISMATCH,
    /// There is no API key. Set RUNLOOP_API_KEY or set Config::bearer_token.
    missing_credentials = RUNLOOP_MISSING_CREDENTIALS,
    /// A callback of yours asked for the end of the call.
    stopped = RUNLOOP_STOPPED,
    /// A file or descriptor of this machine could not be read or written.
    local_io = RUNLOOP_LOCAL_IO,
    /// There is nothing, or a value of another kind, at a JSON Pointer.
    no_such_field = RUNLOOP_NO_SUCH_FIELD,
    /// No connection: refused, unreachable, or a name that does not resolve.
    connect = RUNLOOP_CONNECT,
    /// No trusted connection: a certificate was not accepted.
    tls = RUNLOOP_TLS,
    /// An attempt took longer than CallOptions::timeout.
    timeout = RUNLOOP_TIMEOUT,
    /// The call took longer than CallOptions::deadline.
    deadline = RUNLOOP_DEADLINE,
    /// The call's cancel token was triggered.
    cancelled = RUNLOOP_CANCELLED,
    /// The client was closed.
    closed = RUNLOOP_CLOSED,
    /// The connection broke before the whole answer came.
    broken = RUNLOOP_BROKEN,
    /// The answer is not what the API describes, or longer than Config::max_answer_bytes allows.
    protocol = RUNLOOP_PROTOCOL,
    /// HTTP 400: the service does not accept the parameters.
    bad_request = RUNLOOP_BAD_REQUEST,
    /// HTTP 401: the service does not know the API key.
    authentication = RUNLOOP_AUTHENTICATION,
    /// HTTP 403: the API key may not do this.
    permission = RUNLOOP_PERMISSION,
    /// HTTP 404: there is no such thing.
    not_found = RUNLOOP_NOT_FOUND,
    /// HTTP 409: it is at odds with something that exists.
    conflict = RUNLOOP_CONFLICT,
    /// HTTP 422: the service understands the parameters, but cannot act on them.
    unprocessable = RUNLOOP_UNPROCESSABLE,
    /// HTTP 429: too many requests; Error::retry_after() may say how long to wait.
    rate_limited = RUNLOOP_RATE_LIMITED,
    /// HTTP 5xx: the service failed.
    server = RUNLOOP_SERVER,
    /// Any other HTTP error status.
    api = RUNLOOP_API,
    /// A devbox does not run: it failed or was shut down.
    devbox_failed = RUNLOOP_DEVBOX_FAILED,
    /// A blueprint's build failed.
    build_failed = RUNLOOP_BUILD_FAILED,
    /// A snapshot failed.
    snapshot_failed = RUNLOOP_SNAPSHOT_FAILED,
    /// What was waited for did not come within CallOptions::poll_timeout.
    wait_timed_out = RUNLOOP_WAIT_TIMED_OUT,
    /// An archive is damaged, would leave its target, or exceeds its limits.
    bad_archive = RUNLOOP_BAD_ARCHIVE,
    /// A directory of the devbox could not be read or written; Error::body() holds what the devbox
    /// said.
    remote_io = RUNLOOP_REMOTE_IO,
    /// A defect of the library; the process lives, the handles of the call are out of use.
    internal_panic = RUNLOOP_INTERNAL_PANIC,
    /// There was no memory for a large answer. Where memory runs out for anything small the process
    /// is ended, as by most programs.
    out_of_memory = RUNLOOP_OUT_OF_MEMORY,
    /// Something went wrong inside the library.
    internal = RUNLOOP_INTERNAL,
};

RUNLOOP_SAME_END

#include <runloop/macros_on.hpp>

#endif
