// The library itself: its version, its log, its live handles.

#ifndef RUNLOOP_LIBRARY_HPP
#define RUNLOOP_LIBRARY_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <runloop/call.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// The version of the loaded library, such as `0.1.0`.
inline std::string_view version() noexcept {
    return runloop_version();
}

/// The number of live C handles: all, or those of one kind ("client", "devbox", "value" …). 0 at the end of a program that leaks
/// none.
inline std::size_t live_handles(const std::string &kind = {}) {
    return kind.find('\0') != std::string::npos ? 0 : runloop_live_handles(kind.empty() ? nullptr : kind.c_str());
}

/// A time that the API gives as milliseconds (`create_time_ms` …).
inline std::chrono::system_clock::time_point time_point(std::int64_t unix_ms) {
    return std::chrono::system_clock::time_point(std::chrono::milliseconds(unix_ms));
}

/// Gets a line of the log, without a line feed and without secrets.
using Log = std::function<void(LogLevel, std::string_view)>;

/// Sets the log function and its level. There is one for the whole process. Default: nullptr, which logs nothing.
///
/// The function is called on ANY thread, also on threads of the library, and by several at a time: it must be thread-safe, quick,
/// and not throw (exceptions are lost). It is kept until the program ends, since another thread may be in it when it is replaced.
inline Result<void> log_set(Log log, LogLevel level) {
    detail::Call call;
    if (!log) {
        call.did(runloop_log_set(nullptr, nullptr, RUNLOOP_LOG_OFF, call.error()));
        return call.done();
    }
    static std::mutex mutex;
    static auto *kept = new std::vector<std::unique_ptr<Log>>();
    auto made = std::make_unique<Log>(std::move(log));
    Log *const told = made.get();
    {
        // Not while the library sets it, since that waits for the function that is replaced, which may be here itself.
        const std::lock_guard<std::mutex> lock(mutex);
        kept->push_back(std::move(made));
    }
    call.did(runloop_log_set(
        [](void *user_data, std::int32_t said, const char *message) {
#if RUNLOOP_EXCEPTIONS
            try {
                (*static_cast<const Log *>(user_data))(static_cast<LogLevel>(said), message);
            } catch (...) {  // there is no call that it could come out of
            }
#else
            (*static_cast<const Log *>(user_data))(static_cast<LogLevel>(said), message);
#endif
        },
        told, static_cast<std::int32_t>(level), call.error()));
    return call.done();
}

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
