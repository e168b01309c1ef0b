// The parameters of any request, built place by place.

#ifndef RUNLOOP_PARAMS_HPP
#define RUNLOOP_PARAMS_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include <runloop/handle.hpp>
#include <runloop/result.hpp>
#include <runloop/write.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// A JSON object for Client::request(); the other calls take structs. Values are set by JSON Pointer (RFC 6901), such as
/// `/launch_parameters/keep_alive_time_seconds`; missing objects and arrays on the way are created, and `-` appends to an array.
/// Thread-safe.
class Params : public detail::Handle<runloop_params, runloop_params_free> {
public:
    using Handle::Handle;

    /// Makes empty parameters.
    static Result<Params> create() {
        runloop_params *made = nullptr;
        runloop_error *error = nullptr;
        return give(runloop_params_new(&made, &error), made, error);
    }

    /// Makes parameters of a JSON object.
    static Result<Params> from_json(std::string_view json) {
        runloop_params *made = nullptr;
        runloop_error *error = nullptr;
        return give(runloop_params_from_json(json.data(), json.size(), &made, &error), made, error);
    }

    /// Makes parameters of a struct of types.hpp.
    template <class T>
    static Result<Params> from(const T &members) {
        detail::Written out;
        detail::write(out, members);
        if (out.problem != nullptr)
            return Error(Status::invalid_argument, out.place + ' ' + out.problem + ". Correct it.");
        return from_json(out.text);
    }

    /// Sets text at a place.
    Result<void> set_string(const detail::CText &pointer, const detail::CText &value) const {
        return put(pointer, value, runloop_params_set_string);
    }

    /// Sets a whole number at a place.
    Result<void> set_int(const detail::CText &pointer, std::int64_t value) const { return put(pointer, value, runloop_params_set_int); }

    /// A number that is not whole is none of these.
    template <class Number, std::enable_if_t<std::is_floating_point_v<Number>, int> = 0>
    Result<void> set_int(const detail::CText &pointer, Number value) const = delete;

    /// Sets a finite number at a place.
    Result<void> set_double(const detail::CText &pointer, double value) const { return put(pointer, value, runloop_params_set_double); }

    /// Sets true or false at a place.
    Result<void> set_bool(const detail::CText &pointer, bool value) const {
        return put(pointer, std::int32_t{value ? 1 : 0}, runloop_params_set_bool);
    }

    /// A text, a pointer or a number is neither.
    template <class Other, std::enable_if_t<!std::is_same_v<Other, bool>, int> = 0>
    Result<void> set_bool(const detail::CText &pointer, Other value) const = delete;

    /// Sets null at a place, which the API tells apart from nothing.
    Result<void> set_null(const detail::CText &pointer) const {
        if (const char *problem = pointer.problem())
            return refused("The pointer", problem);
        runloop_error *error = nullptr;
        return done(runloop_params_set_null(raw(), pointer.c_str(), &error), error);
    }

    /// Sets any JSON at a place.
    Result<void> set_json(const detail::CText &pointer, const Json &value) const { return put(pointer, value, runloop_params_set_json); }

    /// Adds text to the array at a place, which is made if there is none.
    Result<void> append_string(const detail::CText &pointer, const detail::CText &value) const {
        return put(pointer, value, runloop_params_append_string);
    }

    /// Adds a whole number to the array at a place, which is made if there is none.
    Result<void> append_int(const detail::CText &pointer, std::int64_t value) const {
        return put(pointer, value, runloop_params_append_int);
    }

    /// Adds a finite number to the array at a place, which is made if there is none.
    Result<void> append_double(const detail::CText &pointer, double value) const {
        return put(pointer, value, runloop_params_append_double);
    }

    /// Adds any JSON to the array at a place, which is made if there is none.
    Result<void> append_json(const detail::CText &pointer, const Json &value) const {
        return put(pointer, value, runloop_params_append_json);
    }

    /// The parameters as JSON text.
    Result<std::string> to_json_text() const {
        runloop_bytes *json = nullptr;
        runloop_error *error = nullptr;
        if (runloop_params_to_json(raw(), &json, &error) != RUNLOOP_OK)
            return Error(error);
        const detail::Handle<runloop_bytes, runloop_bytes_free> owned(json);
        return std::string(runloop_bytes_data(json), runloop_bytes_length(json));
    }

    /// Makes a copy.
    Result<Params> clone() const {
        runloop_params *made = nullptr;
        runloop_error *error = nullptr;
        return give(runloop_params_clone(raw(), &made, &error), made, error);
    }

private:
    static const char *problem_of(const detail::CText &value) noexcept { return value.problem(); }
    static const char *problem_of(const Json &value) noexcept { return value.problem(); }
    static const char *problem_of(double value) noexcept { return Json(value).problem(); }
    static const char *problem_of(std::int64_t) noexcept { return nullptr; }
    static const char *problem_of(std::int32_t) noexcept { return nullptr; }
    static const detail::CText &to_c(const detail::CText &value) noexcept { return value; }
    static std::string to_c(const Json &value) { return std::string(value.text()); }
    static double to_c(double value) noexcept { return value; }
    static std::int64_t to_c(std::int64_t value) noexcept { return value; }
    static std::int32_t to_c(std::int32_t value) noexcept { return value; }

    // Each kind of value, checked before C sees it, which would take a text for shorter than it is.
    template <class T, class Function>
    Result<void> put(const detail::CText &pointer, const T &value, Function function) const {
        if (const char *problem = pointer.problem())
            return refused("The pointer", problem);
        if (const char *problem = problem_of(value))
            return refused(std::string("The value at ") + pointer.c_str(), problem);
        runloop_error *error = nullptr;
        const auto &given = to_c(value);
        if constexpr (std::is_arithmetic_v<T>)
            return done(function(raw(), pointer.c_str(), given, &error), error);
        else
            return done(function(raw(), pointer.c_str(), given.c_str(), &error), error);
    }
    static Error refused(const std::string &what, const char *problem) {
        return Error(Status::invalid_argument, what + ' ' + problem + ". Correct it.");
    }

    // By reference: the call that writes them is an argument too, and arguments have no order.
    static Result<Params> give(std::int32_t status, runloop_params *const &made, runloop_error *const &error) {
        if (status != RUNLOOP_OK)
            return Error(error);
        return Params(made);
    }
    static Result<void> done(std::int32_t status, runloop_error *const &error) {
        if (status != RUNLOOP_OK)
            return Error(error);
        return {};
    }
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
