// Truth values and numbers that nothing else converts to.

#ifndef RUNLOOP_STRICT_HPP
#define RUNLOOP_STRICT_HPP

#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include <runloop/base.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

namespace detail {

/// Whether a class has an operator that converts to this type.
template <class Given, class To, class = void>
struct HasOperator : std::false_type {};
template <class Given, class To>
struct HasOperator<Given, To, std::void_t<decltype(std::declval<const Given &>().operator To())>> : std::true_type {};

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
constexpr bool is_character = std::is_same_v<T, char> || std::is_same_v<T, wchar_t> || std::is_same_v<T, char16_t> || std::is_same_v<T, char32_t>
#if defined(__cpp_char8_t)
                              || std::is_same_v<T, char8_t>
#endif
    ;

/// Whether a value means a T: for bool, a bool or a class that converts to one, such as std::true_type, std::atomic<bool> and the
/// elements of a std::vector<bool>; for a number, any number that keeps its value, or a class that converts to one.
template <class T, class Given>
constexpr bool means() {
    using Plain = std::remove_cv_t<Given>;
    if constexpr (std::is_same_v<Plain, T>)
        return true;
    else if constexpr (std::is_class_v<Plain>) {
        if constexpr (std::is_same_v<T, bool>)
            return std::is_convertible_v<const Plain &, bool> && HasOperator<Plain, bool>::value;
        else
            return std::is_convertible_v<const Plain &, T> && !HasOperator<Plain, bool>::value &&
                   (std::is_floating_point_v<T> || (!HasOperator<Plain, double>::value && !HasOperator<Plain, float>::value));
    } else if constexpr (std::is_same_v<T, bool> || std::is_same_v<Plain, bool> || is_character<Plain>)
        return false;
    else
        return std::is_integral_v<Plain> || (std::is_floating_point_v<T> && std::is_floating_point_v<Plain>);
}

/// A value as a T. A number that is too large or too small for T is the nearest T.
template <class T, class Given>
constexpr T meant(const Given &given) noexcept {
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool> && std::is_integral_v<Given>) {
        if constexpr (std::is_unsigned_v<Given>) {
            if (given > static_cast<std::make_unsigned_t<T>>((std::numeric_limits<T>::max)()))
                return (std::numeric_limits<T>::max)();
        }
    }
    return static_cast<T>(given);
}

}  // namespace detail

/// A bool that only a bool converts to. A text, another pointer or a number, which C++ would convert silently (`"false"` is true),
/// does not compile.
class StrictBool {
public:
    /// False.
    constexpr StrictBool() noexcept = default;
    /// This value.
    template <class Given, std::enable_if_t<detail::means<bool, Given>() && !std::is_same_v<Given, StrictBool>, int> = 0>
    constexpr StrictBool(const Given &value) noexcept : value_(static_cast<bool>(value)) {}
    /// Not a bool.
    template <class Given, std::enable_if_t<!detail::means<bool, Given>(), int> = 0>
    StrictBool(const Given &) = delete;

    /// The value.
    constexpr operator bool() const noexcept { return value_; }

private:
    bool value_ = false;
};

/// A bool or a number that may be absent: a std::optional<T> that only such a value, or another optional one, converts to. A text,
/// another pointer, a bool for a number, or a fraction for a whole number does not compile.
template <class T>
class StrictOptional : public std::optional<T> {
    template <class Given>
    static constexpr bool is_other = detail::IsOptional<Given>::value || std::is_base_of_v<std::optional<T>, Given> ||
                                     std::is_same_v<Given, std::nullopt_t>;

public:
    /// Absent.
    constexpr StrictOptional() noexcept = default;
    /// Absent.
    constexpr StrictOptional(std::nullopt_t) noexcept {}
    /// This value.
    template <class Given, std::enable_if_t<!is_other<Given> && detail::means<T, Given>(), int> = 0>
    constexpr StrictOptional(const Given &value) noexcept : std::optional<T>(detail::meant<T>(value)) {}
    /// The other's value, if it has one.
    template <class Given, std::enable_if_t<detail::means<T, Given>(), int> = 0>
    constexpr StrictOptional(const std::optional<Given> &other) noexcept {
        if (other)
            this->emplace(detail::meant<T>(*other));
    }
    /// Not such a value.
    template <class Given, std::enable_if_t<!is_other<Given> && !detail::means<T, Given>(), int> = 0>
    StrictOptional(const Given &) = delete;
    /// Not such a value.
    template <class Given, std::enable_if_t<!detail::means<T, Given>(), int> = 0>
    StrictOptional(const std::optional<Given> &) = delete;

    // Those of std::optional would take one of the two for the value of the other, or be ambiguous.
    /// Whether both are absent, or both have the same value.
    friend constexpr bool operator==(const StrictOptional &a, const StrictOptional &b) noexcept { return a.same(b); }
    /// The same.
    friend constexpr bool operator==(const StrictOptional &a, const std::optional<T> &b) noexcept { return a.same(b); }
    /// The same.
    friend constexpr bool operator==(const std::optional<T> &a, const StrictOptional &b) noexcept { return b.same(a); }
    /// Whether there is this value.
    template <class Value, std::enable_if_t<std::is_arithmetic_v<Value>, int> = 0>
    friend constexpr bool operator==(const StrictOptional &a, const Value &b) noexcept {
        return a.has_value() && *a == b;
    }
    /// The same.
    template <class Value, std::enable_if_t<std::is_arithmetic_v<Value>, int> = 0>
    friend constexpr bool operator==(const Value &a, const StrictOptional &b) noexcept {
        return b == a;
    }
    /// Whether it is absent.
    friend constexpr bool operator==(const StrictOptional &a, std::nullopt_t) noexcept { return !a.has_value(); }
    /// The same.
    friend constexpr bool operator==(std::nullopt_t, const StrictOptional &b) noexcept { return !b.has_value(); }
    /// Whether they differ.
    friend constexpr bool operator!=(const StrictOptional &a, const StrictOptional &b) noexcept { return !a.same(b); }
    /// The same.
    friend constexpr bool operator!=(const StrictOptional &a, const std::optional<T> &b) noexcept { return !a.same(b); }
    /// The same.
    friend constexpr bool operator!=(const std::optional<T> &a, const StrictOptional &b) noexcept { return !b.same(a); }
    /// Whether there is not this value.
    template <class Value, std::enable_if_t<std::is_arithmetic_v<Value>, int> = 0>
    friend constexpr bool operator!=(const StrictOptional &a, const Value &b) noexcept {
        return !(a == b);
    }
    /// The same.
    template <class Value, std::enable_if_t<std::is_arithmetic_v<Value>, int> = 0>
    friend constexpr bool operator!=(const Value &a, const StrictOptional &b) noexcept {
        return !(b == a);
    }
    /// Whether it has a value.
    friend constexpr bool operator!=(const StrictOptional &a, std::nullopt_t) noexcept { return a.has_value(); }
    /// The same.
    friend constexpr bool operator!=(std::nullopt_t, const StrictOptional &b) noexcept { return b.has_value(); }

private:
    constexpr bool same(const std::optional<T> &other) const noexcept {
        return this->has_value() == other.has_value() && (!this->has_value() || **this == *other);
    }
};

/// A bool that may be absent.
using OptionalBool = StrictOptional<bool>;
/// A whole number that may be absent.
using OptionalInt = StrictOptional<std::int64_t>;
/// A number that may be absent.
using OptionalDouble = StrictOptional<double>;

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
