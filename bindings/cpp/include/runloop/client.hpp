// A client: one server, one API key.

#ifndef RUNLOOP_CLIENT_HPP
#define RUNLOOP_CLIENT_HPP

#include <string>
#include <string_view>
#include <utility>

#include <runloop/config.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// What the API answered to Client::request().
struct Response {
    /// The HTTP status.
    int http_status = 0;
    /// The headers: an object of texts, the names in lower case.
    Value headers{};
    /// The answer; empty if it is not JSON.
    Value value{};
    /// The answer as it came.
    std::string bytes{};
};

/// A client: a server and an API key. Everything else is made from it, and may outlive it. Thread-safe. Clients of the same
/// server share their connections.
class Client : public detail::Handle<runloop_client, runloop_client_free> {
public:
    using Handle::Handle;

    /// Creates a client. Members of the configuration that are not set are taken from the environment (RUNLOOP_API_KEY,
    /// RUNLOOP_BASE_URL, RUNLOOP_CUSTOM_HEADERS). Nothing is sent yet.
    static Result<Client> create(const Config &config = {}) {
        detail::Call call;
        call.did(runloop_abi_check(RUNLOOP_ABI, sizeof(runloop_call_options), sizeof(runloop_exec_options), call.error()));
        if (!call.ready())
            return call.give<Client>(nullptr);
        Result<detail::ConfigHandle> made = detail::to_c(config);
        if (!made)
            return std::move(made.error());
        runloop_client *client = nullptr;
        call.did(runloop_client_new(made->raw(), &client, call.error()));
        return call.give<Client>(client);
    }

    /// Ends all calls of the client and of everything made from it with Status::closed, and makes later ones fail. Devboxes keep
    /// running. Waits up to 10 s for the clean-ups of cancelled calls.
    Result<void> close() const {
        detail::Call call;
        call.did(runloop_client_close(raw(), call.error()));
        return call.done();
    }

    /// Sends any request to the API, for operations that this library has no function for, with the same retries, errors and
    /// cancellation. `path` is below the base URL, such as `/v1/devboxes`, with its parts percent-encoded. An HTTP status of 400
    /// and above is an error.
    Result<Response> request(std::string_view method, std::string_view path, const CallOptions &options = {}) const {
        return send(method, path, nullptr, nullptr, options);
    }

    /// The same, with a body.
    Result<Response> request(std::string_view method, std::string_view path, const Params &body, const CallOptions &options = {}) const {
        return send(method, path, nullptr, body.raw(), options);
    }

    /// The same, with a query and a body.
    Result<Response> request(std::string_view method, std::string_view path, const Params &query, const Params &body,
                             const CallOptions &options = {}) const {
        return send(method, path, query.raw(), body.raw(), options);
    }

private:
    Result<Response> send(std::string_view method, std::string_view path, const runloop_params *query, const runloop_params *body,
                          const CallOptions &options) const {
        detail::Call call(options);
        const char *c_method = call.text("method", method);
        const char *c_path = call.text("path", path);
        Response response;
        std::int32_t http_status = 0;
        runloop_value *headers = nullptr;
        runloop_value *value = nullptr;
        runloop_bytes *bytes = nullptr;
        if (call.ready())
            call.did(runloop_client_request(raw(), c_method, c_path, query, body, call.options(), &http_status, &headers, &value, &bytes,
                                            call.error()));
        // Owned before anything is made of them, for which there may be no memory.
        detail::Handle<runloop_value, runloop_value_free> owned_headers(headers);
        detail::Handle<runloop_value, runloop_value_free> owned_value(value);
        detail::Bytes owned_bytes(bytes);
        Result<std::string> text = call.bytes(owned_bytes.release());
        if (!text)
            return std::move(text.error());
        response.http_status = http_status;
        if (owned_headers)
            response.headers = Value(owned_headers.release());
        if (owned_value)
            response.value = Value(owned_value.release());
        response.bytes = std::move(*text);
        return response;
    }
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
