// A value or an error; std::expected where the language has it.

#ifndef RUNLOOP_RESULT_HPP
#define RUNLOOP_RESULT_HPP

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <type_traits>
#include <utility>

#include <runloop/error.hpp>

#if RUNLOOP_EXPECTED
#include <expected>
#else
#include <runloop/expected.hpp>
#endif

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

namespace detail {

#if RUNLOOP_EXPECTED
template <class T>
using Expected = std::expected<T, Error>;
using Unexpected = std::unexpected<Error>;
#endif

[[noreturn]] inline void raise(const Error &error) {
#if RUNLOOP_EXCEPTIONS
    throw Exception(error);
#else
    std::fprintf(stderr, "value() of an error: %s\n", error.c_message());
    std::abort();
#endif
}

/// Whether a type is a result, of whatever.
template <class T>
std::true_type result_of(const Expected<T> *);
std::false_type result_of(const void *);
#if RUNLOOP_EXPECTED
template <class T, class Failure>
std::true_type result_of(const std::expected<T, Failure> *);
#endif

/// Whether `From` is a value of T without a cast. A result is none (it would be asked whether it succeeded, and its error
/// be lost), no pointer is true or false, and NULL is no text.
template <class T, class From, class Plain = std::decay_t<From>>
constexpr bool is_value_of =
    std::is_convertible_v<From, T> && !std::is_same_v<Plain, Error> && !std::is_same_v<Plain, Unexpected> &&
    (std::is_same_v<Plain, T> || !decltype(result_of(static_cast<Plain *>(nullptr)))::value) &&
    !(std::is_same_v<T, bool> && (std::is_pointer_v<Plain> || std::is_member_pointer_v<Plain>)) &&
    !(std::is_same_v<Plain, std::nullptr_t> && (std::is_same_v<T, bool> || std::is_constructible_v<std::string_view, const T &>));

/// What a function gives, nothing included, as a result.
template <template <class> class Made, class Function, class T>
auto as_result(Function &function, T &&value) {
    using Given = std::decay_t<std::invoke_result_t<Function &, T &&>>;
    if constexpr (std::is_void_v<Given>) {
        function(std::forward<T>(value));
        return Made<void>();
    } else {
        return Made<Given>(function(std::forward<T>(value)));
    }
}

}  // namespace detail

/// The result of a call: a value or an error. Test it (`if (result)`, `*result`, `result.error()`), or unwrap it with value(),
/// which throws an Exception if it is an error.
///
/// From C++23 on it is a std::expected<T, Error>, with all that has. Before, it has has_value(), the conversion to bool, *, ->, error() and
/// value_or() of that, besides what is here.
template <class T>
class [[nodiscard]] Result : public detail::Expected<T> {
public:
    /// The value: what is one without a cast. Not another result; of that, transform() makes a result that keeps the error.
    template <class From = T, std::enable_if_t<detail::is_value_of<T, From &&>, int> = 0>
    Result(From &&value) : detail::Expected<T>(std::in_place, std::forward<From>(value)) {}

    /// The value, made of these.
    template <class... Arguments, std::enable_if_t<std::is_constructible_v<T, Arguments &&...>, int> = 0>
    explicit Result(std::in_place_t, Arguments &&...arguments)
        : detail::Expected<T>(std::in_place, std::forward<Arguments>(arguments)...) {}

    /// A failure.
    Result(Error error) : detail::Expected<T>(detail::Unexpected(std::move(error))) {}

    /// A failure.
    Result(detail::Unexpected error) : detail::Expected<T>(std::move(error)) {}

    /// What another function gave as a std::expected, or what stands for it before C++23.
    template <class Other, std::enable_if_t<std::is_same_v<std::decay_t<Other>, detail::Expected<T>>, int> = 0>
    Result(Other &&other) : detail::Expected<T>(std::forward<Other>(other)) {}

    /// The value; throws an Exception if there is none. Without exceptions it ends the program.
    T &value() & {
        check();
        return **this;
    }

    /// The value; throws an Exception if there is none.
    const T &value() const & {
        check();
        return **this;
    }

    /// The value, moved out, so that it can be looped over; throws an Exception where there is none.
    T value() && {
        check();
        return std::move(**this);
    }

    /// What `next` makes of the value, itself a Result; or the error.
    template <class Next>
    auto and_then(Next &&next) && -> std::decay_t<std::invoke_result_t<Next, T &&>> {
        if (!this->has_value())
            return std::move(this->error());
        return std::forward<Next>(next)(std::move(**this));
    }

    /// The same, of a value that stays.
    template <class Next>
    auto and_then(Next &&next) const & -> std::decay_t<std::invoke_result_t<Next, const T &>> {
        if (!this->has_value())
            return this->error();
        return std::forward<Next>(next)(**this);
    }

    /// What `next` makes of the value; or the error.
    template <class Next>
    auto transform(Next &&next) && -> Result<std::decay_t<std::invoke_result_t<Next, T &&>>> {
        return std::move(*this).and_then([&next](T &&value) { return detail::as_result<Result>(next, std::move(value)); });
    }

    /// The same, of a value that stays.
    template <class Next>
    auto transform(Next &&next) const & -> Result<std::decay_t<std::invoke_result_t<Next, const T &>>> {
        return and_then([&next](const T &value) { return detail::as_result<Result>(next, value); });
    }

    /// The value; or what `next`, which gives a Result, makes of the error.
    template <class Next>
    Result or_else(Next &&next) && {
        if (this->has_value())
            return std::move(*this);
        return std::forward<Next>(next)(std::move(this->error()));
    }

private:
    void check() const {
        if (!this->has_value())
            detail::raise(this->error());
    }
};

/// The result of a call that returns no value: success or an error.
template <>
class [[nodiscard]] Result<void> : public detail::Expected<void> {
public:
    /// Success.
    Result() = default;

    /// A failure.
    Result(Error error) : detail::Expected<void>(detail::Unexpected(std::move(error))) {}

    /// A failure.
    Result(detail::Unexpected error) : detail::Expected<void>(std::move(error)) {}

    /// What another function gave as a std::expected, or what stands for it before C++23.
    template <class Other, std::enable_if_t<std::is_same_v<std::decay_t<Other>, detail::Expected<void>>, int> = 0>
    Result(Other &&other) : detail::Expected<void>(std::forward<Other>(other)) {}

    /// What `next` gives, a Result; or the error.
    template <class Next>
    auto and_then(Next &&next) const -> std::decay_t<std::invoke_result_t<Next>> {
        if (!this->has_value())
            return this->error();
        return std::forward<Next>(next)();
    }

    /// Nothing; throws an Exception if there is an error. Without exceptions it ends the program.
    void value() const {
        if (!this->has_value())
            detail::raise(this->error());
    }
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
