// The enumerations that C has as constants.
//
// Made from the enums with #[c_enum] in src by `make generate`; changes belong there, or in tools/surface.

#ifndef RUNLOOP_STATUSES_HPP
#define RUNLOOP_STATUSES_HPP

#include <cstdint>

#include <runloop/base.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_SAME_BEGIN

/// What a call ended with.
enum class Status : std::int32_t {
    /// Success.
    ok = RUNLOOP_OK,
    /// An argument is invalid: not valid UTF-8, or out of range. Correct it.
    invalid_argument = RUNLOOP_INVALID_ARGUMENT,
    /// A handle is empty, for instance moved from.
    invalid_handle = RUNLOOP_INVALID_HANDLE,
    /// The object is in a state that does not allow the operation.
    wrong_state = RUNLOOP_WRONG_STATE,
    /// The handle was created before this process was forked, or the process was forked during the
    /// call. Create clients in the child.
    forked = RUNLOOP_FORKED,
    /// The header and the library do not match. Compile against the installed header.
    abi_mismatch = RUNLOOP_ABI_MISMATCH,
    /// There is no API key. Set RUNLOOP_API_KEY or set Config::bearer_token.
    missing_credentials = RUNLOOP_MISSING_CREDENTIALS,
    /// A callback stopped the call, or threw.
    stopped = RUNLOOP_STOPPED,
    /// A local file or descriptor could not be read or written.
    local_io = RUNLOOP_LOCAL_IO,
    /// There is no value, or a value of another kind, at a JSON Pointer.
    no_such_field = RUNLOOP_NO_SUCH_FIELD,
    /// No connection to the server: refused, unreachable, or its name cannot be resolved.
    connect = RUNLOOP_CONNECT,
    /// No secure connection to the server: a certificate was not accepted.
    tls = RUNLOOP_TLS,
    /// HTTP 408, or an attempt took longer than CallOptions::timeout.
    timeout = RUNLOOP_TIMEOUT,
    /// The call took longer than CallOptions::deadline.
    deadline = RUNLOOP_DEADLINE,
    /// The call's cancel token was triggered.
    cancelled = RUNLOOP_CANCELLED,
    /// The client was closed.
    closed = RUNLOOP_CLOSED,
    /// The connection broke before the response was complete.
    broken = RUNLOOP_BROKEN,
    /// The response does not conform to the API, or is larger than Config::max_answer_bytes allows.
    protocol = RUNLOOP_PROTOCOL,
    /// HTTP 400: the service rejected the parameters.
    bad_request = RUNLOOP_BAD_REQUEST,
    /// HTTP 401: the API key is not valid.
    authentication = RUNLOOP_AUTHENTICATION,
    /// HTTP 403: the API key does not permit this.
    permission = RUNLOOP_PERMISSION,
    /// HTTP 404: the resource does not exist.
    not_found = RUNLOOP_NOT_FOUND,
    /// HTTP 409: the request conflicts with an existing resource.
    conflict = RUNLOOP_CONFLICT,
    /// HTTP 422: the service understood the parameters but cannot act on them.
    unprocessable = RUNLOOP_UNPROCESSABLE,
    /// HTTP 429: too many requests; see Error::retry_after().
    rate_limited = RUNLOOP_RATE_LIMITED,
    /// HTTP 5xx: the service failed.
    server = RUNLOOP_SERVER,
    /// Any other HTTP error.
    api = RUNLOOP_API,
    /// The devbox is not running: it failed or was shut down.
    devbox_failed = RUNLOOP_DEVBOX_FAILED,
    /// The build of a blueprint failed.
    build_failed = RUNLOOP_BUILD_FAILED,
    /// A snapshot failed.
    snapshot_failed = RUNLOOP_SNAPSHOT_FAILED,
    /// What was waited for did not happen within CallOptions::poll_timeout.
    wait_timed_out = RUNLOOP_WAIT_TIMED_OUT,
    /// An archive is damaged, has an entry outside its target directory, or exceeds the limits.
    bad_archive = RUNLOOP_BAD_ARCHIVE,
    /// A directory of the devbox could not be read or written; Error::body() holds the devbox's
    /// error message.
    remote_io = RUNLOOP_REMOTE_IO,
    /// A bug in the library. The process continues, but the handles that were passed to the call
    /// can only be freed.
    internal_panic = RUNLOOP_INTERNAL_PANIC,
    /// There is not enough memory for a large response. If there is none for a small allocation,
    /// the process is aborted.
    out_of_memory = RUNLOOP_OUT_OF_MEMORY,
    /// Something failed inside the library.
    internal = RUNLOOP_INTERNAL,
};

/// Whether the same call may succeed if it is made again.
enum class Retryable : std::int32_t {
    /// Making the same call again would fail in the same way.
    no = RUNLOOP_RETRYABLE_NO,
    /// Making the same call again may succeed.
    yes = RUNLOOP_RETRYABLE_YES,
    /// It is not known whether making the same call again may succeed, or whether it is safe.
    unknown = RUNLOOP_RETRYABLE_UNKNOWN,
};

/// Whether the failed call changed something at the service.
enum class SideEffect : std::int32_t {
    /// The failed call changed nothing at the service.
    none = RUNLOOP_SIDE_EFFECT_NONE,
    /// The failed call changed something: see Error::resource_id().
    happened = RUNLOOP_SIDE_EFFECT_HAPPENED,
    /// It is not known whether the failed call changed something.
    unknown = RUNLOOP_SIDE_EFFECT_UNKNOWN,
};

/// How a command ended.
enum class Outcome : std::int32_t {
    /// The service did not report how the command ended.
    unknown = RUNLOOP_OUTCOME_UNKNOWN,
    /// The command exited; see its exit code.
    exited = RUNLOOP_OUTCOME_EXITED,
    /// The command was ended by a signal: its exit code is 128 plus the number of the signal, as in
    /// a shell.
    signalled = RUNLOOP_OUTCOME_SIGNALLED,
    /// The command was killed because it exceeded its ExecOptions::timeout.
    timed_out = RUNLOOP_OUTCOME_TIMED_OUT,
    /// The command has ended, but a part of its output is not available, or may be missing.
    output_incomplete = RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE,
};

/// How much is logged; a level includes those with smaller numbers.
enum class LogLevel : std::int32_t {
    /// Nothing is logged.
    off = RUNLOOP_LOG_OFF,
    /// Bugs in the library.
    error = RUNLOOP_LOG_ERROR,
    /// Failed attempts that are retried, failed clean-ups, and files that were skipped.
    warn = RUNLOOP_LOG_WARN,
    /// Requests that failed for good, and clean-ups that were made.
    info = RUNLOOP_LOG_INFO,
    /// Every request.
    debug = RUNLOOP_LOG_DEBUG,
};

/// What a JSON value is.
enum class Kind : std::int32_t {
    /// There is no value.
    none = RUNLOOP_KIND_NONE,
    /// JSON null.
    null = RUNLOOP_KIND_NULL,
    /// A boolean.
    boolean = RUNLOOP_KIND_BOOL,
    /// An integer that fits std::int64_t.
    integer = RUNLOOP_KIND_INT,
    /// Any other number.
    number = RUNLOOP_KIND_DOUBLE,
    /// A string.
    string = RUNLOOP_KIND_STRING,
    /// An array.
    array = RUNLOOP_KIND_ARRAY,
    /// An object.
    object = RUNLOOP_KIND_OBJECT,
};

RUNLOOP_SAME_END

#include <runloop/macros_on.hpp>

#endif
