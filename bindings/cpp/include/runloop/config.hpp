// The configuration of a client.

#ifndef RUNLOOP_CONFIG_HPP
#define RUNLOOP_CONFIG_HPP

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include <runloop/call.hpp>
#include <runloop/strict.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// A certificate by which the client identifies itself: PEM files.
struct ClientCertificate {
    /// The file of the chain.
    std::string chain_path{};
    /// The file of the key.
    std::string key_path{};
};

/// The configuration of a client. Members that are not set are taken from the environment, or have their defaults.
struct Config {
    /// The API key. Default: RUNLOOP_API_KEY. It is in no message and no log.
    std::optional<std::string> bearer_token{};
    /// The URL of the API. Default: RUNLOOP_BASE_URL, or `https://api.runloop.ai`.
    std::optional<std::string> base_url{};
    /// The timeout of an attempt; above 0. Default: 30 s for most calls; for the others see CallOptions::timeout.
    TimeLimit timeout{};
    /// The connect timeout; above 0. Default: 5 s.
    TimeLimit connect_timeout{};
    /// The number of retries. Default: 5.
    OptionalInt max_retries{};
    /// The largest answer, in bytes, that is read whole; above 0. A larger one is Status::protocol. An event of a stream may have
    /// a sixteenth of it. Default: 256 MiB.
    OptionalInt max_answer_bytes{};
    /// Headers added to every request; they override those of RUNLOOP_CUSTOM_HEADERS. The values are in no message and no log.
    std::map<std::string, std::string> headers{};
    /// Query parameters added to every request.
    std::map<std::string, std::string> query{};
    /// The proxy, such as `http://host:3128` or `socks5://host:1080`; empty for none. Default: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY
    /// and NO_PROXY, as they are when the client is created.
    std::optional<std::string> proxy{};
    /// A PEM file of trusted CA certificates; no others are trusted then. Default: what SSL_CERT_FILE and SSL_CERT_DIR name
    /// when the client is created, or the system's.
    std::optional<std::string> ca_file{};
    /// The certificate by which the client identifies itself.
    std::optional<ClientCertificate> client_certificate{};
    /// The HTTP version to use.
    HttpVersion http_version = HttpVersion::automatic;
    /// The program's name, put before the library's in User-Agent.
    std::optional<std::string> user_agent{};
    /// Whether requests are validated against the API schema before they are sent; what the schema does not know fails with
    /// Status::invalid_argument. Leave it off to use parts of the API that are newer than this version.
    StrictBool strict_params = false;
    /// Whether creates are sent without the mark in their metadata. By that mark, the library finds and deletes the new
    /// resource if the response is lost. The library removes the mark from answers; other programs of the account see it.
    StrictBool unmarked_creates = false;
};

namespace detail {

using ConfigHandle = Handle<runloop_config, runloop_config_free>;

/// The configuration as C wants it.
inline Result<ConfigHandle> to_c(const Config &config) {
    Call call;
    runloop_config *made = nullptr;
    call.did(runloop_config_new(&made, call.error()));
    ConfigHandle owned(made);
    // Sets what is given, unless something has failed before.
    const auto set = [&](const char *what, const std::optional<std::string> &value, auto setter) {
        if (!value || !call.ready())
            return;
        const char *text = call.text(what, *value);
        if (call.ready())
            call.did(setter(made, text, call.error()));
    };
    const auto add = [&](const char *what, const std::map<std::string, std::string> &pairs, auto adder) {
        for (const auto &[name, value] : pairs) {
            const char *c_name = call.text(what, name);
            const char *c_value = call.text(what, value);
            if (call.ready())
                call.did(adder(made, c_name, c_value, call.error()));
        }
    };
    set("bearer_token", config.bearer_token, runloop_config_set_bearer_token);
    set("base_url", config.base_url, runloop_config_set_base_url);
    set("proxy", config.proxy, runloop_config_set_proxy);
    set("ca_file", config.ca_file, runloop_config_set_ca_file);
    set("user_agent", config.user_agent, runloop_config_set_user_agent);
    add("headers", config.headers, runloop_config_add_header);
    add("query", config.query, runloop_config_add_query);
    if (config.client_certificate)
        add("client_certificate", {{config.client_certificate->chain_path, config.client_certificate->key_path}},
            runloop_config_set_client_certificate);
    const std::int64_t timeout = call.limit("timeout", config.timeout, 1);
    const std::int64_t connect_timeout = call.limit("connect_timeout", config.connect_timeout, 1);
    if (call.ready())
        call.did(runloop_config_set_timeout_ms(made, timeout, call.error()));
    if (call.ready())
        call.did(runloop_config_set_connect_timeout_ms(made, connect_timeout, call.error()));
    if (call.ready() && config.max_retries)
        call.did(runloop_config_set_max_retries(made, detail::retries(*config.max_retries), call.error()));
    const std::int64_t max_answer_bytes = call.number("max_answer_bytes", config.max_answer_bytes);
    if (call.ready())
        call.did(runloop_config_set_max_answer_bytes(made, max_answer_bytes, call.error()));
    if (call.ready())
        call.did(runloop_config_set_http_version(made, static_cast<std::int32_t>(config.http_version), call.error()));
    if (call.ready())
        call.did(runloop_config_set_strict_params(made, config.strict_params ? 1 : 0, call.error()));
    if (call.ready())
        call.did(runloop_config_set_unmarked_creates(made, config.unmarked_creates ? 1 : 0, call.error()));
    return call.give<ConfigHandle>(owned.release());
}

}  // namespace detail

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
