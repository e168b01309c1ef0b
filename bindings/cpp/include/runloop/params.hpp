// The parameters of any request, built place by place.

#ifndef RUNLOOP_PARAMS_HPP
#define RUNLOOP_PARAMS_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include <runloop/handle.hpp>
#include <runloop/result.hpp>
#include <runloop/write.hpp>

RUNLOOP_BEGIN

/// A JSON object, built place by place, for Client::request(); the other calls take structs. A place is
/// named by a JSON Pointer (RFC 6901), such as `/launch_parameters/keep_alive_time_seconds`; the objects and
/// arrays on the way are made, and `-` is the place after an array's last. Thread-safe.
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
        return from_json(to_json(members));
    }

    /// Sets text at a place.
    Result<void> set_string(const std::string &pointer, const std::string &value) const {
        runloop_error *error = nullptr;
        return done(runloop_params_set_string(raw(), pointer.c_str(), value.c_str(), &error), error);
    }

    /// Sets a whole number at a place.
    Result<void> set_int(const std::string &pointer, std::int64_t value) const {
        runloop_error *error = nullptr;
        return done(runloop_params_set_int(raw(), pointer.c_str(), value, &error), error);
    }

    /// Sets a finite number at a place.
    Result<void> set_double(const std::string &pointer, double value) const {
        runloop_error *error = nullptr;
        return done(runloop_params_set_double(raw(), pointer.c_str(), value, &error), error);
    }

    /// Sets true or false at a place.
    Result<void> set_bool(const std::string &pointer, bool value) const {
        runloop_error *error = nullptr;
        return done(runloop_params_set_bool(raw(), pointer.c_str(), value ? 1 : 0, &error), error);
    }

    /// Sets null at a place, which the API tells apart from nothing.
    Result<void> set_null(const std::string &pointer) const {
        runloop_error *error = nullptr;
        return done(runloop_params_set_null(raw(), pointer.c_str(), &error), error);
    }

    /// Sets any JSON at a place.
    Result<void> set_json(const std::string &pointer, const Json &value) const {
        runloop_error *error = nullptr;
        return done(runloop_params_set_json(raw(), pointer.c_str(), std::string(value.text()).c_str(), &error), error);
    }

    /// Adds text to the array at a place, which is made if there is none.
    Result<void> append_string(const std::string &pointer, const std::string &value) const {
        runloop_error *error = nullptr;
        return done(runloop_params_append_string(raw(), pointer.c_str(), value.c_str(), &error), error);
    }

    /// Adds a whole number to the array at a place, which is made if there is none.
    Result<void> append_int(const std::string &pointer, std::int64_t value) const {
        runloop_error *error = nullptr;
        return done(runloop_params_append_int(raw(), pointer.c_str(), value, &error), error);
    }

    /// Adds a finite number to the array at a place, which is made if there is none.
    Result<void> append_double(const std::string &pointer, double value) const {
        runloop_error *error = nullptr;
        return done(runloop_params_append_double(raw(), pointer.c_str(), value, &error), error);
    }

    /// Adds any JSON to the array at a place, which is made if there is none.
    Result<void> append_json(const std::string &pointer, const Json &value) const {
        runloop_error *error = nullptr;
        return done(runloop_params_append_json(raw(), pointer.c_str(), std::string(value.text()).c_str(), &error), error);
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

#endif
