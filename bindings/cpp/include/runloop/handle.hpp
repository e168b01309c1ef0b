// What owns a C handle.

#ifndef RUNLOOP_HANDLE_HPP
#define RUNLOOP_HANDLE_HPP

#include <memory>
#include <string_view>

#include <runloop/base.hpp>

RUNLOOP_BEGIN

namespace detail {

/// Owns one handle: moves, does not copy, frees at its end. Empty after a move; calls on an empty one fail
/// with Status::invalid_handle.
template <class C, void (*free)(C *)>
class Handle {
public:
    /// The C type.
    using Raw = C;

    /// Takes a handle that a C function gave.
    explicit Handle(C *raw) noexcept : raw_(raw) {}

    /// The C handle, for the functions of runloop.h; it stays this object's.
    const C *raw() const noexcept { return raw_.get(); }

    /// Gives the C handle away; whoever gets it frees it.
    [[nodiscard]] C *release() noexcept { return raw_.release(); }

    /// Whether there is a handle.
    explicit operator bool() const noexcept { return raw_ != nullptr; }

private:
    struct Free {
        void operator()(C *raw) const noexcept { free(raw); }
    };
    std::unique_ptr<C, Free> raw_;
};

inline std::string_view borrowed(const char *text) noexcept {
    return text == nullptr ? std::string_view() : text;
}

}  // namespace detail

RUNLOOP_END

#endif
