// Time limits.

#ifndef RUNLOOP_TIME_LIMIT_HPP
#define RUNLOOP_TIME_LIMIT_HPP

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include <runloop/base.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// An optional time limit, not set by default. It is made of any std::chrono::duration, rounded up to whole milliseconds; one
/// that is too long is the longest possible. What a limit of 0 or below means depends on the option.
class TimeLimit {
public:
    /// Not set.
    TimeLimit() = default;
    /// Not set.
    TimeLimit(std::nullopt_t) noexcept {}
    /// So long.
    template <class Number, class Period>
    TimeLimit(std::chrono::duration<Number, Period> time) noexcept : is_set_(true) {
        const long double exact = std::ceil(std::chrono::duration<long double, std::milli>(time).count());
        is_number_ = !std::isnan(exact);
        if (exact >= 9.2e18L)
            milliseconds_ = (std::numeric_limits<std::int64_t>::max)();
        else if (exact <= -9.2e18L)
            milliseconds_ = (std::numeric_limits<std::int64_t>::min)();
        else if (is_number_)
            milliseconds_ = static_cast<std::int64_t>(exact);
    }

    /// Whether it is set.
    explicit operator bool() const noexcept { return is_set_; }

    /// In milliseconds; 0 if it is not set.
    std::chrono::milliseconds operator*() const noexcept { return std::chrono::milliseconds(milliseconds_); }

    /// Whether it is a number: a floating-point duration may be a NaN.
    bool is_number() const noexcept { return is_number_; }

private:
    std::int64_t milliseconds_ = 0;
    bool is_set_ = false;
    bool is_number_ = true;
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
