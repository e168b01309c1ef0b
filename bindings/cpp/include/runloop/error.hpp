// Errors.

#ifndef RUNLOOP_ERROR_HPP
#define RUNLOOP_ERROR_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include <runloop/status.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_SAME_BEGIN

/// The error of a call. Immutable, cheap to copy, and thread-safe. Moving copies it, so a moved-from error can still be read.
class RUNLOOP_VISIBLE Error {
public:
    /// Takes an error that a C function gave.
    explicit Error(runloop_error *raw) : raw_(raw, runloop_error_free) {}
    /// A null pointer is not an error.
    explicit Error(std::nullptr_t) = delete;

    /// An error of this binding's own.
    Error(Status status, std::string message) : status_(status), message_(std::make_shared<const std::string>(std::move(message))) {}

    /// The same error, with another answer to retryable().
    Error(const Error &error, Retryable retryable) : Error(error) { retryable_ = retryable; }

    /// The same error.
    Error(const Error &) = default;
    /// The same error.
    Error &operator=(const Error &) = default;

    /// The kind of error.
    Status status() const noexcept { return raw_ ? static_cast<Status>(runloop_error_status(raw_.get())) : status_; }

    /// What failed, why, and what to do next, in English, without secrets; borrowed from the error.
    std::string_view message() const noexcept { return c_message(); }

    /// The same, ending with a NUL.
    const char *c_message() const noexcept { return message_ ? message_->c_str() : runloop_error_message(raw_.get()); }

    /// The HTTP status of the service's answer; 0 if there was none.
    int http_status() const noexcept { return runloop_error_http_status(raw_.get()); }

    /// The service's error code; empty if it gave none.
    std::string_view code() const noexcept { return text(runloop_error_code(raw_.get())); }

    /// Identifies the request to the service's operators; empty if there is none.
    std::string_view request_id() const noexcept { return text(runloop_error_request_id(raw_.get())); }

    /// How long the service asks to wait before a retry, if it says so.
    std::optional<std::chrono::milliseconds> retry_after() const noexcept {
        const std::int64_t wait = raw_ ? runloop_error_retry_after_ms(raw_.get()) : -1;
        return wait < 0 ? std::nullopt : std::optional(std::chrono::milliseconds(wait));
    }

    /// Whether the same call may succeed if it is made again. Not yes if the call's Source or Sink could not be put back to where
    /// it was.
    Retryable retryable() const noexcept { return retryable_ ? *retryable_ : static_cast<Retryable>(runloop_error_retryable(raw_.get())); }

    /// The number of attempts to send the request; 0 if the call failed before the first.
    int attempts() const noexcept { return runloop_error_attempts(raw_.get()); }

    /// The identifier of the devbox, execution … that the call was about or left behind; empty if none is known.
    std::string_view resource_id() const noexcept { return text(runloop_error_resource_id(raw_.get())); }

    /// Whether the failed call changed something at the service.
    SideEffect side_effect() const noexcept { return static_cast<SideEffect>(runloop_error_side_effect(raw_.get())); }

    /// The body of the service's answer, up to 64 KiB of it, or the last state that a wait has seen.
    std::string_view body() const noexcept {
        std::size_t length = 0;
        const char *data = runloop_error_body(raw_.get(), &length);
        return data == nullptr ? std::string_view() : std::string_view(data, length);
    }

    /// The underlying errors, innermost last; empty if there are none.
    std::string_view cause() const noexcept { return text(runloop_error_cause(raw_.get())); }

private:
    static std::string_view text(const char *borrowed) noexcept { return borrowed == nullptr ? std::string_view() : borrowed; }

    std::shared_ptr<const runloop_error> raw_;
    Status status_ = Status::internal;
    std::shared_ptr<const std::string> message_;
    std::optional<Retryable> retryable_;
};

/// Writes the status and the message.
inline std::ostream &operator<<(std::ostream &out, const Error &error) {
    return out << name(error.status()) << ": " << error.message();
}

/// What Result::value() throws.
class RUNLOOP_VISIBLE Exception : public std::exception {
public:
    /// Carries an error.
    explicit Exception(Error error) : error_(std::move(error)) {}

    /// The error.
    const Error &error() const noexcept { return error_; }

    /// Its status.
    Status status() const noexcept { return error_.status(); }

    /// Its message.
    const char *what() const noexcept override { return error_.c_message(); }

private:
    Error error_;
};

RUNLOOP_SAME_END

#include <runloop/macros_on.hpp>

#endif
