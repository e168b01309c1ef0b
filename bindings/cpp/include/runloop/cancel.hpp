// Cancelling calls from another thread.

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

/// Cancels calls from another thread. Any number of calls can share one by CallOptions::cancel; it is triggered once.
/// Thread-safe. From C++20 on a std::stop_token can be used instead.
///
/// It moves and does not copy. A call or a list that was given it keeps what it needs: the Cancel may be destroyed before them,
/// and then nothing can trigger it.
class Cancel {
public:
    /// The C type.
    using Raw = runloop_cancel;

    /// Takes a token that a C function gave, and frees it when nobody needs it any more.
    explicit Cancel(runloop_cancel *raw) : token_(raw, runloop_cancel_free) {}
    /// Takes the other's token, and leaves the other empty.
    Cancel(Cancel &&) noexcept = default;
    /// Takes the other's token, and leaves the other empty.
    Cancel &operator=(Cancel &&) noexcept = default;
    Cancel(const Cancel &) = delete;
    Cancel &operator=(const Cancel &) = delete;

    /// The C token, for the functions of runloop.h; it stays this object's.
    const runloop_cancel *raw() const noexcept { return token_.get(); }

    /// Whether there is a token.
    explicit operator bool() const noexcept { return token_ != nullptr; }

    /// Makes a token.
    static Result<Cancel> create() {
        runloop_cancel *made = nullptr;
        runloop_error *error = nullptr;
        if (runloop_cancel_new(&made, &error) != RUNLOOP_OK)
            return Error(error);
        return Cancel(made);
    }

    /// Cancels all calls that have this token, and those that get it later, with Status::cancelled. It stays triggered. Not for
    /// signal handlers.
    Result<void> trigger() const {
        runloop_error *error = nullptr;
        if (runloop_cancel_trigger(raw(), &error) != RUNLOOP_OK)
            return Error(error);
        return {};
    }

private:
    friend class Cancellation;

    std::shared_ptr<runloop_cancel> token_;
};

/// What can end a call: a Cancel, or a std::stop_token.
class Cancellation {
public:
    /// Nothing.
    Cancellation() = default;
    /// The token.
    Cancellation(const Cancel &cancel) : cancel_(cancel.token_), is_empty_(cancel_ == nullptr) {}
    /// A temporary, which could never be triggered.
    Cancellation(Cancel &&) = delete;
#if RUNLOOP_STOP_TOKEN
    /// A stop requested of its source.
    Cancellation(std::stop_token token) : token_(std::move(token)) {}

    /// The std::stop_token, if it is one.
    const std::stop_token &stop_token() const noexcept { return token_; }
#endif

    /// The C token, if it is one.
    const runloop_cancel *raw() const noexcept { return cancel_.get(); }

    /// Whether it is a Cancel that holds no token, since it was moved from.
    bool is_empty() const noexcept { return is_empty_; }

private:
    std::shared_ptr<const runloop_cancel> cancel_;
    bool is_empty_ = false;
#if RUNLOOP_STOP_TOKEN
    std::stop_token token_{std::stop_source(std::nostopstate).get_token()};
#endif
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
