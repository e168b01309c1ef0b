// Values that are true or false, and made of nothing else.

#ifndef RUNLOOP_STRICT_BOOL_HPP
#define RUNLOOP_STRICT_BOOL_HPP

#include <optional>
#include <type_traits>

#include <runloop/base.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// A bool that only a bool converts to: a text, another pointer or a number, which C++ would convert silently (`"false"` is true),
/// does not compile.
class StrictBool {
public:
    /// False.
    constexpr StrictBool() noexcept = default;
    /// This value.
    template <class Given, std::enable_if_t<std::is_same_v<Given, bool>, int> = 0>
    constexpr StrictBool(Given value) noexcept : value_(value) {}
    /// Not a bool.
    template <class Given, std::enable_if_t<!std::is_same_v<Given, bool> && !std::is_same_v<Given, StrictBool>, int> = 0>
    StrictBool(Given) = delete;

    /// The value.
    constexpr operator bool() const noexcept { return value_; }

private:
    bool value_ = false;
};

/// A bool that may be absent: a std::optional that only a bool, or another std::optional<bool>, converts to.
class OptionalBool : public std::optional<bool> {
public:
    /// Absent.
    constexpr OptionalBool() noexcept = default;
    /// Absent.
    constexpr OptionalBool(std::nullopt_t) noexcept {}
    /// This value.
    template <class Given, std::enable_if_t<std::is_same_v<Given, bool>, int> = 0>
    constexpr OptionalBool(Given value) noexcept : std::optional<bool>(value) {}
    /// The other's value, if it has one.
    constexpr OptionalBool(const std::optional<bool> &other) noexcept : std::optional<bool>(other) {}
    /// Not a bool.
    template <class Given, std::enable_if_t<!std::is_same_v<Given, bool> && !std::is_base_of_v<std::optional<bool>, Given> &&
                                                !std::is_same_v<Given, std::nullopt_t>,
                                            int> = 0>
    OptionalBool(Given) = delete;

    // Those of std::optional would take one of the two for the value of the other, or be ambiguous.
    /// Whether both are absent, or both have the same value.
    friend constexpr bool operator==(const OptionalBool &a, const OptionalBool &b) noexcept { return a.same(b); }
    /// The same.
    friend constexpr bool operator==(const OptionalBool &a, const std::optional<bool> &b) noexcept { return a.same(b); }
    /// The same.
    friend constexpr bool operator==(const std::optional<bool> &a, const OptionalBool &b) noexcept { return b.same(a); }
    /// Whether there is this value.
    friend constexpr bool operator==(const OptionalBool &a, bool b) noexcept { return a.has_value() && *a == b; }
    /// The same.
    friend constexpr bool operator==(bool a, const OptionalBool &b) noexcept { return b == a; }
    /// Whether it is absent.
    friend constexpr bool operator==(const OptionalBool &a, std::nullopt_t) noexcept { return !a.has_value(); }
    /// The same.
    friend constexpr bool operator==(std::nullopt_t, const OptionalBool &b) noexcept { return !b.has_value(); }
    /// Whether they differ.
    friend constexpr bool operator!=(const OptionalBool &a, const OptionalBool &b) noexcept { return !a.same(b); }
    /// The same.
    friend constexpr bool operator!=(const OptionalBool &a, const std::optional<bool> &b) noexcept { return !a.same(b); }
    /// The same.
    friend constexpr bool operator!=(const std::optional<bool> &a, const OptionalBool &b) noexcept { return !b.same(a); }
    /// Whether there is not this value.
    friend constexpr bool operator!=(const OptionalBool &a, bool b) noexcept { return !(a == b); }
    /// The same.
    friend constexpr bool operator!=(bool a, const OptionalBool &b) noexcept { return !(b == a); }
    /// Whether it has a value.
    friend constexpr bool operator!=(const OptionalBool &a, std::nullopt_t) noexcept { return a.has_value(); }
    /// The same.
    friend constexpr bool operator!=(std::nullopt_t, const OptionalBool &b) noexcept { return b.has_value(); }

private:
    constexpr bool same(const std::optional<bool> &other) const noexcept {
        return has_value() == other.has_value() && (!has_value() || **this == *other);
    }
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
