// Numbers that have names. Those that a later version adds can be compared by their value.

#ifndef RUNLOOP_STATUS_HPP
#define RUNLOOP_STATUS_HPP

#include <cstdint>
#include <string_view>

#include <runloop/base.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_SAME_BEGIN

/// What kind of thing went wrong, named by what to do about it.
enum class Status : std::int32_t {
    /// Success.
    ok = RUNLOOP_OK,
    /// An argument cannot be used. Correct it.
    invalid_argument = RUNLOOP_INVALID_ARGUMENT,
    /// A handle is empty, for instance moved from.
    invalid_handle = RUNLOOP_INVALID_HANDLE,
    /// The thing is not in a state in which this can be done.
    wrong_state = RUNLOOP_WRONG_STATE,
    /// Made before this process was forked, or forked during the call. Make clients in the child.
    forked = RUNLOOP_FORKED,
    /// The header and the library do not fit together. Compile against the installed header.
    abi_mismatch = RUNLOOP_ABI_MISMATCH,
    /// There is no API key. Set RUNLOOP_API_KEY or Config::bearer_token.
    missing_credentials = RUNLOOP_MISSING_CREDENTIALS,
    /// A function of yours asked for the end of the call.
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
    /// The call's token was triggered.
    cancelled = RUNLOOP_CANCELLED,
    /// The client was closed.
    closed = RUNLOOP_CLOSED,
    /// The connection broke before the whole answer came.
    broken = RUNLOOP_BROKEN,
    /// The answer is not what the API describes.
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
    /// A directory of the devbox could not be read or written; Error::body() holds what it said.
    remote_io = RUNLOOP_REMOTE_IO,
    /// A defect of the library; the process lives, the handles of the call are out of use.
    internal_panic = RUNLOOP_INTERNAL_PANIC,
    /// Memory ran out.
    out_of_memory = RUNLOOP_OUT_OF_MEMORY,
    /// Something went wrong inside the library.
    internal = RUNLOOP_INTERNAL,
};

/// The status as C spells it, such as `RUNLOOP_NOT_FOUND`.
inline std::string_view name(Status status) noexcept {
    return runloop_status_name(static_cast<std::int32_t>(status));
}

/// Whether making the same call again is of use.
enum class Retryable : std::int32_t {
    /// It is of no use.
    no = RUNLOOP_RETRYABLE_NO,
    /// It may succeed.
    yes = RUNLOOP_RETRYABLE_YES,
    /// It is not known whether it is of use, or harmless.
    unknown = RUNLOOP_RETRYABLE_UNKNOWN,
};

/// Whether a failed call changed something at the service.
enum class SideEffect : std::int32_t {
    /// It changed nothing.
    none = RUNLOOP_SIDE_EFFECT_NONE,
    /// It did: see Error::resource_id().
    happened = RUNLOOP_SIDE_EFFECT_HAPPENED,
    /// It is not known.
    unknown = RUNLOOP_SIDE_EFFECT_UNKNOWN,
};

/// How a command ended.
enum class Outcome : std::int32_t {
    /// The service did not say.
    unknown = RUNLOOP_OUTCOME_UNKNOWN,
    /// It exited; its code tells more.
    exited = RUNLOOP_OUTCOME_EXITED,
    /// It was ended by a signal: a shell's code of 128 and the signal's number.
    signalled = RUNLOOP_OUTCOME_SIGNALLED,
    /// It was killed because its ExecOptions::timeout was over.
    timed_out = RUNLOOP_OUTCOME_TIMED_OUT,
    /// It has ended, but part of its output could not be had.
    output_incomplete = RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE,
};

/// An output of a command.
enum class Stream : std::int32_t {
    /// Standard output.
    out = RUNLOOP_STDOUT,
    /// Standard error.
    err = RUNLOOP_STDERR,
    /// Both, where a stream is asked for.
    both = RUNLOOP_STDOUT | RUNLOOP_STDERR,
};

/// How much the library tells.
enum class LogLevel : std::int32_t {
    /// Nothing.
    off = RUNLOOP_LOG_OFF,
    /// Defects of the library.
    error = RUNLOOP_LOG_ERROR,
    /// Attempts that failed and are repeated.
    warn = RUNLOOP_LOG_WARN,
    /// Requests that failed for good.
    info = RUNLOOP_LOG_INFO,
    /// Every request.
    debug = RUNLOOP_LOG_DEBUG,
};

/// What a JSON value is.
enum class Kind : std::int32_t {
    /// There is nothing at the place.
    none = RUNLOOP_KIND_NONE,
    /// JSON null.
    null = RUNLOOP_KIND_NULL,
    /// true or false.
    boolean = RUNLOOP_KIND_BOOL,
    /// A whole number that fits std::int64_t.
    integer = RUNLOOP_KIND_INT,
    /// Any other number.
    number = RUNLOOP_KIND_DOUBLE,
    /// Text.
    string = RUNLOOP_KIND_STRING,
    /// An array.
    array = RUNLOOP_KIND_ARRAY,
    /// An object.
    object = RUNLOOP_KIND_OBJECT,
};

/// Which HTTP is spoken.
enum class HttpVersion : std::int32_t {
    /// HTTP/2 where the server offers it over TLS, else HTTP/1.1.
    automatic = RUNLOOP_HTTP_AUTO,
    /// HTTP/1.1 alone.
    http1 = RUNLOOP_HTTP_1,
    /// HTTP/2 alone, also without TLS.
    http2 = RUNLOOP_HTTP_2,
};

RUNLOOP_SAME_END

#include <runloop/macros_on.hpp>

#endif
