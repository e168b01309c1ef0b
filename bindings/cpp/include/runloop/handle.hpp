// What owns a C handle.

#ifndef RUNLOOP_HANDLE_HPP
#define RUNLOOP_HANDLE_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <runloop/base.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

namespace detail {

/// What there is none of: a list of it is empty.
struct Nothing {
    Nothing() = delete;
};

/// Owns a handle: it moves, does not copy, and frees the handle. A moved-from one is empty; calls on it fail with
/// Status::invalid_handle. A std::unique_ptr would do, but makes every program compile longer.
template <class C, void (*free)(C *)>
class Handle {
public:
    /// The C type.
    using Raw = C;

    /// Takes a handle that a C function gave.
    explicit Handle(C *raw) noexcept : raw_(raw) {}

    /// Takes the other's handle, and leaves the other empty.
    Handle(Handle &&other) noexcept : raw_(other.release()) {}

    /// Frees its own handle, takes the other's, and leaves the other empty.
    Handle &operator=(Handle &&other) noexcept {
        if (this != &other)
            free(std::exchange(raw_, other.release()));
        return *this;
    }

    /// Frees the handle.
    ~Handle() { free(raw_); }

    /// The C handle, for the functions of runloop.h; it stays this object's.
    const C *raw() const noexcept { return raw_; }

    /// Releases the C handle to the caller, who frees it.
    [[nodiscard]] C *release() noexcept { return std::exchange(raw_, nullptr); }

    /// Whether there is a handle.
    explicit operator bool() const noexcept { return raw_ != nullptr; }

private:
    C *raw_;
};

inline std::string_view borrowed(const char *text) noexcept {
    return text == nullptr ? std::string_view() : text;
}

/// A text as C wants it, or why it cannot be: C would end it at a NUL within it, and has nothing to read at NULL.
class CText {
public:
    /// Of whatever a std::string is made of.
    template <class From, std::enable_if_t<std::is_convertible_v<const From &, std::string_view>, int> = 0>
    CText(const From &text) : text_(std::string_view(text)) {
        if (text_.find('\0') != std::string::npos)
            problem_ = "holds a NUL, which the API cannot carry";
    }
    /// Of a text that ends with a NUL.
    CText(const char *text) : text_(text == nullptr ? "" : text), problem_(text == nullptr ? "is at a null pointer" : nullptr) {}
    /// There is no text there.
    CText(std::nullptr_t) = delete;

    /// The text, which ends with a NUL.
    const char *c_str() const noexcept { return text_.c_str(); }
    /// What is wrong with it; nothing if all is well.
    const char *problem() const noexcept { return problem_; }

private:
    std::string text_;
    const char *problem_ = nullptr;
};

}  // namespace detail

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
