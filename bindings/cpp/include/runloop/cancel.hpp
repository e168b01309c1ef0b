// Ending calls from another thread.

#ifndef RUNLOOP_CANCEL_HPP
#define RUNLOOP_CANCEL_HPP

#include <memory>
#include <utility>

#include <runloop/handle.hpp>
#include <runloop/result.hpp>

#if RUNLOOP_STOP_TOKEN
#include <stop_token>
#endif

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// Ends calls from another thread: given to any number of them by CallOptions::cancel, and triggered once.
/// Thread-safe. From C++20 on a std::stop_token does as well.
class Cancel : public detail::Handle<runloop_cancel, runloop_cancel_free> {
public:
    using Handle::Handle;

    /// Makes a token.
    static Result<Cancel> create() {
        runloop_cancel *made = nullptr;
        runloop_error *error = nullptr;
        if (runloop_cancel_new(&made, &error) != RUNLOOP_OK)
            return Error(error);
        return Cancel(made);
    }

    /// Ends all calls that were given the token, and those that will be, with Status::cancelled, within
    /// moments. Once triggered it stays so. Not for signal handlers.
    Result<void> trigger() const {
        runloop_error *error = nullptr;
        if (runloop_cancel_trigger(raw(), &error) != RUNLOOP_OK)
            return Error(error);
        return {};
    }
};

/// What can end a call: a Cancel, which must live as long as the call, or a std::stop_token.
class Cancellation {
public:
    /// Nothing.
    Cancellation() = default;
    /// The token.
    Cancellation(const Cancel &cancel) : cancel_(cancel.raw()), is_empty_(cancel_ == nullptr) {}
    /// A token that would be gone when the call is made.
    Cancellation(Cancel &&) = delete;
#if RUNLOOP_STOP_TOKEN
    /// A stop requested of its source.
    Cancellation(std::stop_token token) : token_(std::move(token)) {}

    /// The std::stop_token, if it is one.
    const std::stop_token &stop_token() const noexcept { return token_; }
#endif

    /// The C token, if it is one.
    const runloop_cancel *raw() const noexcept { return cancel_; }

    /// Whether it is a Cancel that holds no token, since it was moved from.
    bool is_empty() const noexcept { return is_empty_; }

private:
    const runloop_cancel *cancel_ = nullptr;
    bool is_empty_ = false;
#if RUNLOOP_STOP_TOKEN
    std::stop_token token_{std::stop_source(std::nostopstate).get_token()};
#endif
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
