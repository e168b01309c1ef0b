// An answer of the API as it came.

#ifndef RUNLOOP_VALUE_HPP
#define RUNLOOP_VALUE_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <runloop/handle.hpp>
#include <runloop/result.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// A JSON value that the API answered, all of it. A place in it is named by a JSON Pointer (RFC 6901), such
/// as `/state_transitions/0/status`; the empty one is the value itself. Immutable, cheap to copy, may be
/// read by any number of threads.
class Value {
public:
    /// The C type.
    using Raw = runloop_value;

    /// Nothing.
    Value() = default;

    /// Takes a value that a C function gave.
    explicit Value(runloop_value *raw) : raw_(raw, runloop_value_free) {}

    /// Whether there is a value.
    explicit operator bool() const noexcept { return raw_ != nullptr; }

    /// The C handle, for the functions of runloop.h; it stays this object's.
    const runloop_value *raw() const noexcept { return raw_.get(); }

    /// What is at a place.
    Kind kind(std::string_view pointer = {}) const { 
        return pointer.find('\0') != std::string_view::npos ? Kind::none
                                                            : static_cast<Kind>(runloop_value_kind(raw(), std::string(pointer).c_str()));
    }

    /// The text at a place.
    Result<std::string> get_string(std::string_view pointer = {}) const {
        const char *text = nullptr;
        std::size_t length = 0;
        return get(pointer, [&](const char *at, runloop_error **error) { return runloop_value_get_string(raw(), at, &text, &length, error); },
                   [&] { return std::string(text, length); });
    }

    /// The whole number at a place.
    Result<std::int64_t> get_int(std::string_view pointer = {}) const {
        std::int64_t number = 0;
        return get(pointer, [&](const char *at, runloop_error **error) { return runloop_value_get_int(raw(), at, &number, error); },
                   [&] { return number; });
    }

    /// The number at a place, whole or not.
    Result<double> get_double(std::string_view pointer = {}) const {
        double number = 0;
        return get(pointer, [&](const char *at, runloop_error **error) { return runloop_value_get_double(raw(), at, &number, error); },
                   [&] { return number; });
    }

    /// The truth at a place.
    Result<bool> get_bool(std::string_view pointer = {}) const {
        std::int32_t truth = 0;
        return get(pointer, [&](const char *at, runloop_error **error) { return runloop_value_get_bool(raw(), at, &truth, error); },
                   [&] { return truth != 0; });
    }

    /// How many elements the array at a place has, or how many members the object.
    Result<std::size_t> length(std::string_view pointer = {}) const {
        std::size_t count = 0;
        return get(pointer, [&](const char *at, runloop_error **error) { return runloop_value_length(raw(), at, &count, error); },
                   [&] { return count; });
    }

    /// The key of the object at a place that has this index; the members keep the order of the answer.
    Result<std::string> key(std::string_view pointer, std::size_t index) const {
        const char *text = nullptr;
        return get(pointer, [&](const char *at, runloop_error **error) { return runloop_value_key(raw(), at, index, &text, error); },
                   [&] { return std::string(text); });
    }

    /// What is at a place, as a value of its own.
    Result<Value> child(std::string_view pointer) const {
        runloop_value *found = nullptr;
        return get(pointer, [&](const char *at, runloop_error **error) { return runloop_value_child(raw(), at, &found, error); },
                   [&] { return Value(found); });
    }

    /// The whole of it as JSON text, borrowed from the value.
    std::string_view json() const noexcept {
        std::size_t length = 0;
        const char *text = runloop_value_json(raw(), &length);
        return text == nullptr ? std::string_view() : std::string_view(text, length);
    }

    /// The value as one of the structs of types.hpp; what does not fit is in its `extra`. Defined in read.hpp.
    template <class T>
    T as() const;

private:
    template <class Ask, class Give>
    static auto get(std::string_view pointer, Ask &&ask, Give &&give) -> Result<decltype(give())> {
        if (pointer.find('\0') != std::string_view::npos)
            return Error(Status::no_such_field, "The pointer holds a NUL, and no place is named so. Correct it.");
        runloop_error *error = nullptr;
        if (ask(std::string(pointer).c_str(), &error) != RUNLOOP_OK)
            return Error(error);
        return give();
    }

    std::shared_ptr<const runloop_value> raw_;
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
