// Numbers that have names. Those that a later version adds can be compared by their value.

#ifndef RUNLOOP_STATUS_HPP
#define RUNLOOP_STATUS_HPP

#include <cstdint>
#include <string_view>

#include <runloop/base.hpp>
#include <runloop/statuses.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_SAME_BEGIN

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
