// What every call of a C function shares: its options, its texts, its error.

#ifndef RUNLOOP_CALL_HPP
#define RUNLOOP_CALL_HPP

#include <cstdint>
#include <istream>
#include <limits>
#include <list>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include <runloop/call_options.hpp>
#include <runloop/params.hpp>
#include <runloop/read.hpp>
#include <runloop/strict.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

namespace detail {

using Bytes = Handle<runloop_bytes, runloop_bytes_free>;

/// A number of retries in the form for C, in which -1 stands for none.
inline std::int32_t retries(std::int64_t given) noexcept {
    constexpr std::int64_t most = (std::numeric_limits<std::int32_t>::max)();
    return given <= 0 ? -1 : static_cast<std::int32_t>(given < most ? given : most);
}

/// One call. If an argument cannot be passed on (a text with a NUL, members that are not JSON), ready() is false, the function is
/// not called, and the result is that error.
class Call {
public:
    Call() = default;
    explicit Call(const CallOptions &options) : given_(&options) {
        options_.timeout_ms = limit("timeout", options.timeout, 1);
        options_.deadline_ms = deadline(options.deadline);
        options_.poll_timeout_ms = limit("poll_timeout", options.poll_timeout, 0);
        options_.poll_interval_ms = limit("poll_interval", options.poll_interval, 0);
        options_.max_retries = options.max_retries ? retries(*options.max_retries) : 0;
        options_.keep_on_failure = options.keep_on_failure ? 1 : 0;
        options_.idempotency_key = optional_text("idempotency_key", options.idempotency_key);
        options_.extra_headers = options.extra_headers.empty() ? nullptr : params(options.extra_headers);
        options_.extra_query = options.extra_query.empty() ? nullptr : params(options.extra_query);
        options_.extra_body = options.extra_body.empty() ? nullptr : params(options.extra_body);
        options_.cancel = options.cancel.raw();
        if (options.progress)
            watch();
        stop_with(options.cancel);
    }
    Call(const Call &) = delete;
    Call &operator=(const Call &) = delete;
    ~Call() { runloop_error_free(error_); }

    /// The options; no callback outlives the call, so the library may get this object's address.
    const runloop_call_options *options() const noexcept { return &options_; }
    runloop_error **error() noexcept { return &error_; }

    /// A text that ends with a NUL, until the call is over.
    const char *text(const char *what, std::string_view text) {
        if (text.find('\0') != std::string_view::npos)
            fail(Error(Status::invalid_argument, std::string(what) + " holds a NUL, which the API cannot carry. Remove it."));
        return texts_.emplace_back(text).c_str();
    }
    /// The same; NULL, the default, for an empty text.
    const char *optional_text(const char *what, std::string_view given) { return given.empty() ? nullptr : text(what, given); }

    /// A limit of time in milliseconds, as C wants it: 0 where it is left open, else at least 1. Below `least` it is
    /// refused.
    std::int64_t limit(const char *what, const TimeLimit &given, std::int64_t least) {
        if (!given)
            return 0;
        const std::int64_t time = (*given).count();
        if (!given.is_number() || time < least)
            fail(Error(Status::invalid_argument, std::string(what) + " is " + (given.is_number() ? std::to_string(time) + " ms" : "not a number") +
                                                     "; it has to be at least " + std::to_string(least) + " ms. Left unset, it is the default."));
        return time > 1 ? time : 1;
    }
    /// A number that has to be above 0, as C wants it: 0 where it is left open. -1 stands for no limit where there
    /// is such a thing.
    std::int64_t number(const char *what, const OptionalInt &given, bool without_limit = false) {
        if (given && *given <= 0 && !(without_limit && *given == -1))
            fail(Error(Status::invalid_argument, std::string(what) + " is " + std::to_string(*given) + "; it has to be above 0" +
                                                     (without_limit ? ", or -1 for no limit" : "") + ". Left unset, it is the default."));
        return given.value_or(0);
    }

    /// A struct as the C parameters, until the call is over.
    template <class T>
    const runloop_params *params(const T &members) {
        Result<Params> made = Params::from(members);
        if (!made) {
            fail(std::move(made.error()));
            return nullptr;
        }
        return params_.emplace_back(std::move(*made)).raw();
    }

    /// Makes the library check with each progress whether a callback has thrown: for callbacks that have no other way to stop a
    /// call.
    void watch() {
        options_.progress = [](void *user_data, std::int64_t done, std::int64_t total) -> std::int32_t {
            const Call &call = *static_cast<const Call *>(user_data);
            return guarded(1, [&] { return !call.given_ || !call.given_->progress || call.given_->progress(done, total) ? 0 : 1; });
        };
        options_.progress_data = this;
    }

    /// Has a stream that gets what the call fetches be flushed when that is whole: what it holds back may still fail to
    /// be written.
    void flush_at_end(std::ostream &out) { flushed_ = &out; }

    /// Has a stream that the call reads stand where it stands now, if the call fails and the stream can be put back.
    void put_back(std::istream &in) {
        const std::istream::iostate before = in.rdstate();
        const std::istream::pos_type at = in.tellg();
        // A stream that is only asked where it stands is not to fail for that.
        if (!in.good() && before == std::istream::goodbit)
            in.clear();
        if (at == std::istream::pos_type(-1))
            return;
        back_ = &in;
        at_ = at;
    }
    /// The call makes something, each time it is made.
    void makes() noexcept { makes_ = true; }

    bool ready() const noexcept { return !failed_.has_value(); }
    /// Told the status that the C function gave.
    void did(std::int32_t status) {
        if (status != RUNLOOP_OK)
            failed_ = Error(std::exchange(error_, nullptr));
        if (status == RUNLOOP_OK || back_ == nullptr || thrown_.is_held() || !stands_again())
            return;
        // To the library the stream is a function, of which it does not know that this can be. Of a call that makes something it
        // may have meant that as well.
        const bool may_have_made = failed_->side_effect() == SideEffect::unknown || options_.keep_on_failure != 0;
        if (failed_->retryable() == Retryable::unknown && !(makes_ && may_have_made))
            failed_ = Error(*failed_, Retryable::yes);
    }

    /// Returns success or the error; rethrows what a callback threw.
    Result<void> done() {
        thrown_.rethrow();
        if (!failed_ && flushed_ != nullptr && !flushed_->flush())
            fail(Error(Status::local_io, "The stream could not be written to its end."));
        if (failed_)
            return std::move(*failed_);
        return {};
    }
    /// What the function gave, as the class that owns it.
    template <class Noun>
    Result<Noun> give(typename Noun::Raw *raw) {
        Noun noun(raw);
        thrown_.rethrow();
        if (failed_)
            return std::move(*failed_);
        return noun;
    }
    /// The same, where NULL is an answer too.
    template <class Noun>
    Result<std::optional<Noun>> give_optional(typename Noun::Raw *raw) {
        Result<Noun> given = give<Noun>(raw);
        if (!given)
            return std::move(given.error());
        return raw == nullptr ? std::optional<Noun>() : std::optional<Noun>(std::move(*given));
    }
    /// An answer as a struct.
    template <class View>
    Result<View> view(runloop_value *raw) {
        const Value value(raw);
        thrown_.rethrow();
        if (failed_)
            return std::move(*failed_);
        return value.as<View>();
    }
    /// Bytes as a string.
    Result<std::string> bytes(runloop_bytes *raw) {
        const Bytes owned(raw);
        thrown_.rethrow();
        if (failed_)
            return std::move(*failed_);
        return raw == nullptr ? std::string() : std::string(runloop_bytes_data(raw), runloop_bytes_length(raw));
    }

    /// Notes why the function must not be called; the first reason stays.
    void fail(Error error) {
        if (!failed_)
            failed_ = std::move(error);
    }

private:
    /// Puts the stream back.
    bool stands_again() {
#if RUNLOOP_EXCEPTIONS
        try {
#endif
            back_->clear();
            return !back_->seekg(at_).fail();
#if RUNLOOP_EXCEPTIONS
        } catch (...) {
            return false;
        }
#endif
    }
    std::int64_t deadline(const TimeLimit &given) {
        if (given && given.is_number() && (*given).count() <= 0)
            fail(Error(Status::deadline, "The deadline was over before the call began, and nothing was sent. Give it a later one."));
        return limit("deadline", given, (std::numeric_limits<std::int64_t>::min)());
    }
    void stop_with(const Cancellation &cancel) {
        if (cancel.is_empty())
            return fail(Error(Status::invalid_handle, "cancel is a Cancel that was moved from. Give the one that it was moved to."));
#if RUNLOOP_STOP_TOKEN
        if (!cancel.stop_token().stop_possible())
            return;
        Result<Cancel> made = Cancel::create();
        if (!made)
            return fail(std::move(made.error()));
        cancel_.emplace(std::move(*made));
        options_.cancel = cancel_->raw();
        stop_.emplace(cancel.stop_token(), Trigger{cancel_->raw()});
#else
        (void)cancel;
#endif
    }

    Thrown thrown_;
    const CallOptions *given_ = nullptr;
    runloop_call_options options_ = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_error *error_ = nullptr;
    std::optional<Error> failed_;
    std::ostream *flushed_ = nullptr;
    std::istream *back_ = nullptr;
    std::istream::pos_type at_{};
    bool makes_ = false;
    std::list<std::string> texts_;
    std::list<Params> params_;
#if RUNLOOP_STOP_TOKEN
    struct Trigger {
        const runloop_cancel *cancel;
        void operator()() const noexcept { runloop_cancel_trigger(cancel, nullptr); }
    };
    std::optional<Cancel> cancel_;
    /// Behind the token, so that it is gone before it.
    std::optional<std::stop_callback<Trigger>> stop_;
#endif
};

}  // namespace detail

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
