// What std::expected offers, for languages that do not have it yet.

#ifndef RUNLOOP_EXPECTED_HPP
#define RUNLOOP_EXPECTED_HPP

#include <memory>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

#include <runloop/error.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

namespace detail {

class Unexpected {
public:
    explicit Unexpected(Error error) : error_(std::move(error)) {}
    Error &&take() && { return std::move(error_); }

private:
    Error error_;
};

/// What no argument is: a constructor that takes it does not copy.
struct NotCopied {};

/// A union of its own, since there is one for every type that a call gives: std::variant or std::optional would
/// have each program's compiler do most of its work for them.
template <class T>
class Expected {
    using Copied = std::conditional_t<std::is_copy_constructible_v<T>, Expected, NotCopied>;
    static constexpr bool moves_safely = std::is_nothrow_move_constructible_v<T>;

public:
    using value_type = T;
    using error_type = Error;

    Expected() : value_(), held_(Held::value) {}
    template <class... Arguments>
    explicit Expected(std::in_place_t, Arguments &&...arguments) : value_(std::forward<Arguments>(arguments)...), held_(Held::value) {}
    Expected(Unexpected error) : error_(std::move(error).take()), held_(Held::error) {}

    Expected(const Copied &other) { hold(other); }
    Expected(Expected &&other) noexcept(moves_safely) { hold(std::move(other)); }
    Expected &operator=(const Copied &other) { return *this = Expected(other); }
    Expected &operator=(Expected &&other) noexcept(moves_safely) {
        if (this != &other) {
            drop();
            hold(std::move(other));
        }
        return *this;
    }
    ~Expected() { drop(); }

    bool has_value() const noexcept { return held_ == Held::value; }
    explicit operator bool() const noexcept { return has_value(); }
    T &operator*() & noexcept { return value_; }
    const T &operator*() const & noexcept { return value_; }
    T &&operator*() && noexcept { return std::move(value_); }
    T *operator->() noexcept { return std::addressof(value_); }
    const T *operator->() const noexcept { return std::addressof(value_); }
    Error &error() & noexcept { return error_; }
    const Error &error() const & noexcept { return error_; }
    Error &&error() && noexcept { return std::move(error_); }

    template <class U>
    T value_or(U &&other) && {
        static_assert(std::is_convertible_v<U &&, T>, "What stands for the value is to be one, without a cast.");
        return has_value() ? std::move(**this) : static_cast<T>(std::forward<U>(other));
    }
    template <class U>
    T value_or(U &&other) const & {
        static_assert(std::is_convertible_v<U &&, T>, "What stands for the value is to be one, without a cast.");
        return has_value() ? **this : static_cast<T>(std::forward<U>(other));
    }

private:
    /// Nothing is held only where a value could not be moved here.
    enum class Held : unsigned char { nothing, value, error };

    template <class Other>
    void hold(Other &&other) {
        if (other.held_ == Held::value)
            ::new (static_cast<void *>(std::addressof(value_))) T(std::forward<Other>(other).value_);
        else if (other.held_ == Held::error)
            ::new (static_cast<void *>(std::addressof(error_))) Error(std::forward<Other>(other).error_);
        held_ = other.held_;
    }
    void drop() noexcept {
        if (held_ == Held::value)
            value_.~T();
        else if (held_ == Held::error)
            error_.~Error();
        held_ = Held::nothing;
    }

    union {
        T value_;
        Error error_;
    };
    Held held_ = Held::nothing;
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

#include <runloop/macros_on.hpp>

#endif
