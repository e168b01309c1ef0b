// What owns a C handle.

#ifndef RUNLOOP_HANDLE_HPP
#define RUNLOOP_HANDLE_HPP

#include <string_view>
#include <utility>

#include <runloop/base.hpp>

RUNLOOP_BEGIN

namespace detail {

/// Owns one handle, as a std::unique_ptr would, which costs every program that compiles this more time: moves, does not copy, frees at its end. Empty after a move; calls on an empty one fail
/// with Status::invalid_handle. A std::unique_ptr would do, but takes every program longer to compile.
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

    /// Gives the C handle away; whoever gets it frees it.
    [[nodiscard]] C *release() noexcept { return std::exchange(raw_, nullptr); }

    /// Whether there is a handle.
    explicit operator bool() const noexcept { return raw_ != nullptr; }

private:
    C *raw_;
};

inline std::string_view borrowed(const char *text) noexcept {
    return text == nullptr ? std::string_view() : text;
}

}  // namespace detail

RUNLOOP_END

#endif
