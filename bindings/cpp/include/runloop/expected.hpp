// What std::expected offers, for languages that do not have it yet.

#ifndef RUNLOOP_EXPECTED_HPP
#define RUNLOOP_EXPECTED_HPP

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include <runloop/error.hpp>

RUNLOOP_BEGIN

namespace detail {

class Unexpected {
public:
    explicit Unexpected(Error error) : error_(std::move(error)) {}
    Error &&take() && { return std::move(error_); }

private:
    Error error_;
};

template <class T>
class Expected {
public:
    using value_type = T;
    using error_type = Error;

    Expected() : held_(std::in_place_index<0>) {}
    template <class U, class = std::enable_if_t<std::is_constructible_v<T, U &&> && !std::is_same_v<std::decay_t<U>, Error> &&
                                                !std::is_same_v<std::decay_t<U>, Unexpected> &&
                                                !std::is_base_of_v<Expected, std::decay_t<U>>>>
    Expected(U &&value) : held_(std::in_place_index<0>, std::forward<U>(value)) {}
    Expected(Unexpected error) : held_(std::in_place_index<1>, std::move(error).take()) {}

    bool has_value() const noexcept { return held_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }
    T &operator*() & noexcept { return *std::get_if<0>(&held_); }
    const T &operator*() const & noexcept { return *std::get_if<0>(&held_); }
    T &&operator*() && noexcept { return std::move(*std::get_if<0>(&held_)); }
    T *operator->() noexcept { return std::get_if<0>(&held_); }
    const T *operator->() const noexcept { return std::get_if<0>(&held_); }
    Error &error() & noexcept { return *std::get_if<1>(&held_); }
    const Error &error() const & noexcept { return *std::get_if<1>(&held_); }
    Error &&error() && noexcept { return std::move(*std::get_if<1>(&held_)); }

    template <class U>
    T value_or(U &&other) && {
        return has_value() ? std::move(**this) : static_cast<T>(std::forward<U>(other));
    }
    template <class U>
    T value_or(U &&other) const & {
        return has_value() ? **this : static_cast<T>(std::forward<U>(other));
    }

private:
    std::variant<T, Error> held_;
};

template <>
class Expected<void> {
public:
    using value_type = void;
    using error_type = Error;

    Expected() = default;
    Expected(Unexpected error) : error_(std::move(error).take()) {}

    bool has_value() const noexcept { return !error_.has_value(); }
    explicit operator bool() const noexcept { return has_value(); }
    void operator*() const noexcept {}
    Error &error() & noexcept { return *error_; }
    const Error &error() const & noexcept { return *error_; }
    Error &&error() && noexcept { return std::move(*error_); }

private:
    std::optional<Error> error_;
};

}  // namespace detail

RUNLOOP_END

#endif
