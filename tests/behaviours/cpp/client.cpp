// The client, and requests that no noun makes.

#include "step.hpp"

using namespace runloop;

static void client_new(Step &step) {
    Config config;
    const auto text = [&](const char *pointer) { return step.place(pointer); };
    config.base_url = text("/config/base_url");
    config.bearer_token = text("/config/bearer_token");
    config.proxy = text("/config/proxy");
    config.user_agent = text("/config/user_agent");
    config.timeout = step.time("/config/timeout_ms");
    config.connect_timeout = step.time("/config/connect_timeout_ms");
    if (step.given("/config/max_retries"))
        config.max_retries = static_cast<int>(step.number("/config/max_retries"));
    config.strict_params = step.truth("/config/strict_params");
    const std::vector<std::string> headers = step.texts("/config/headers");
    for (std::size_t at = 0; at + 1 < headers.size(); at += 2)
        config.headers[headers[at]] = headers[at + 1];
    step.keep("client", Client::create(config));
}

static Result<Response> send(Step &step, const Client &client) {
    const std::string method = step.text("/method"), path = step.text("/path");
    const std::optional<std::string> query = step.place("/query"), body = step.place("/body");
    if (!query && !body)
        return client.request(method, path, step.options());
    const Params with = body ? Params::from_json(*body).value() : Params(nullptr);
    if (!query)
        return client.request(method, path, with, step.options());
    return client.request(method, path, Params::from_json(*query).value(), with, step.options());
}

static void client_request(Step &step, const Client &client) {
    const Result<Response> response = send(step, client);
    if (!step.did(response))
        return;
    step.put("http_status", response->http_status);
    step.put_json("headers", response->headers.json());
    step.put_bytes("body", response->bytes);
}

const Operations client_operations = {
    {"client_new", client_new},
    {"client_close", of_client([](Step &step, const Client &client) { step.did(client.close()); })},
    {"client_request", of_client(client_request)},
    {"account_me", of_client([](Step &step, const Client &client) { step.view(Account::me(client, step.options())); })},
    {"api_key_create", on<Client>("client",
                                  [](Step &step, const Client &client) {
                                      step.view(ApiKey::create(client, step.params<ApiKeyCreateParams>(), step.options()));
                                  })},
    {"restricted_key_create", of_client([](Step &step, const Client &client) {
         step.view(RestrictedKey::create(client, step.params<RestrictedKeyCreateParams>(), step.options()));
     })},
};
