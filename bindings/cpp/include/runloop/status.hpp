// Enumerations beside those of statuses.hpp. A later version may add values; compare those by number.

#ifndef RUNLOOP_STATUS_HPP
#define RUNLOOP_STATUS_HPP

#include <cstdint>
#include <string_view>

#include <runloop/base.hpp>
#include <runloop/statuses.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_SAME_BEGIN

/// Returns the name of the C constant, such as `RUNLOOP_NOT_FOUND`.
inline std::string_view name(Status status) noexcept {
    return runloop_status_name(static_cast<std::int32_t>(status));
}

/// An output of a command.
enum class Stream : std::int32_t {
    /// Standard output.
    out = RUNLOOP_STDOUT,
    /// Standard error.
    err = RUNLOOP_STDERR,
    /// Both; for Execution::stream().
    both = RUNLOOP_STDOUT | RUNLOOP_STDERR,
};

/// The HTTP version to use.
enum class HttpVersion : std::int32_t {
    /// HTTP/2 if the server offers it over TLS, otherwise HTTP/1.1.
    automatic = RUNLOOP_HTTP_AUTO,
    /// HTTP/1.1 only.
    http1 = RUNLOOP_HTTP_1,
    /// HTTP/2 only, also without TLS.
    http2 = RUNLOOP_HTTP_2,
};

RUNLOOP_SAME_END

#include <runloop/macros_on.hpp>

#endif
