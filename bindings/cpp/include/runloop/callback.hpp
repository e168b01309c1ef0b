// Callbacks.

#ifndef RUNLOOP_CALLBACK_HPP
#define RUNLOOP_CALLBACK_HPP

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <ostream>
#include <string_view>
#include <type_traits>
#include <utility>

#include <runloop/base.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

namespace detail {

/// Whether something that can be called may also hold nothing to call: a pointer, or a std::function and its like.
template <class Function, class = void>
struct MayBeEmpty : std::bool_constant<std::is_pointer_v<Function> || std::is_member_pointer_v<Function>> {};
template <class Function>
struct MayBeEmpty<Function, std::void_t<decltype(std::declval<const Function &>().operator bool())>> : std::true_type {};

}  // namespace detail

/// A callback. A call calls it on the thread that made the call, and never after the call has returned. One that returns a bool
/// can return false to stop the call (Status::stopped). An exception stops the call too, and is thrown by the call; it does not
/// pass through the library.
template <class... Arguments>
class Callback {
public:
    /// None.
    Callback() = default;
    /// None.
    Callback(std::nullptr_t) {}

    /// A lambda, a function, or anything else that can be called with these arguments; an empty std::function is no callback.
    template <class Function, std::enable_if_t<!std::is_same_v<std::decay_t<Function>, Callback> &&
                                                   std::is_invocable_v<std::decay_t<Function> &, Arguments...>,
                                               int> = 0>
    Callback(Function &&function) {
        using Given = std::invoke_result_t<std::decay_t<Function> &, Arguments...>;
        if constexpr (detail::MayBeEmpty<std::decay_t<Function>>::value && !std::is_function_v<std::remove_reference_t<Function>>) {
            if (!function)
                return;
        }
        if constexpr (std::is_void_v<Given>) {
            function_ = [kept = std::forward<Function>(function)](Arguments... arguments) mutable {
                kept(arguments...);
                return true;
            };
        } else {
            static_assert(std::is_same_v<std::decay_t<Given>, bool>,
                          "The function gives nothing, or a bool: false to stop the call. A number is neither: its 0 may stand for success.");
            function_ = std::forward<Function>(function);
        }
    }

    /// Whether there is one.
    explicit operator bool() const noexcept { return static_cast<bool>(function_); }

    /// Calls it; false to stop.
    bool operator()(Arguments... arguments) const { return function_(arguments...); }

private:
    std::function<bool(Arguments...)> function_;
};

/// Writes pieces of output to a stream: `exec.on_stdout = runloop::to(std::cout)`. If the stream fails, the call is stopped. The
/// stream must live as long as the call.
inline auto to(std::ostream &out) {
    return [&out](std::string_view data) { return static_cast<bool>(out.write(data.data(), static_cast<std::streamsize>(data.size()))); };
}

namespace detail {

/// What a function threw that a call of this thread called, until the call has returned. Each call has one of its own: the log's
/// function, and other functions that a call calls, may make further calls before it comes out.
class Thrown {
public:
    Thrown() noexcept : outer_(innermost()) { innermost() = this; }
    ~Thrown() { innermost() = outer_; }
    Thrown(const Thrown &) = delete;
    Thrown &operator=(const Thrown &) = delete;

    /// That of the call within which this thread is; nothing in a C call of the program's own, out of which nothing can come.
    /// A plain pointer: it can be asked for when the thread's variables have been destroyed, as by destructors that run at the
    /// program's end, and needs no memory, of which there may be none.
    static Thrown *&innermost() noexcept {
        thread_local Thrown *call = nullptr;
        return call;
    }

#if RUNLOOP_EXCEPTIONS
    bool is_held() const noexcept { return exception_ != nullptr; }
    void hold(std::exception_ptr exception) noexcept { exception_ = std::move(exception); }
    /// Has what was thrown come out.
    void rethrow() {
        if (exception_)
            std::rethrow_exception(std::exchange(exception_, nullptr));
    }
#else
    bool is_held() const noexcept { return false; }
    void rethrow() const noexcept {}
#endif

private:
    Thrown *outer_;
#if RUNLOOP_EXCEPTIONS
    std::exception_ptr exception_;
#endif
};

/// Calls a callback for the library, through which no exception may pass.
template <class Given, class Function>
Given guarded(Given stopped, Function &&function) noexcept {
    Thrown *const call = Thrown::innermost();
    if (call != nullptr && call->is_held())
        return stopped;
#if RUNLOOP_EXCEPTIONS
    try {
        return function();
    } catch (...) {
        if (call != nullptr)
            call->hold(std::current_exception());
        return stopped;
    }
#else
    return function();
#endif
}

}  // namespace detail

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
