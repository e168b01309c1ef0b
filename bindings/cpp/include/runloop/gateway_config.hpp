// APIs that devboxes reach through a gateway.

#ifndef RUNLOOP_GATEWAY_CONFIG_HPP
#define RUNLOOP_GATEWAY_CONFIG_HPP

#include <string_view>

#include <runloop/list.hpp>
#include <runloop/noun.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

class GatewayConfig;

/// A list of gateway configs.
using GatewayConfigList = List<GatewayConfig, GatewayConfigView, runloop_gateway_config, runloop_gateway_config_cursor, runloop_gateway_config_cursor_free,
                         runloop_gateway_config_cursor_next>;

/// A gateway config: an API that devboxes reach through a gateway, which adds the credentials. The object holds its identifier;
/// the destructor deletes nothing at the service. Thread-safe.
class GatewayConfig : public detail::Noun<runloop_gateway_config, runloop_gateway_config_free> {
public:
    using Noun::Noun;

    /// Creates a gateway config.
    static Result<GatewayConfig> create(const Client &client, const GatewayConfigCreateParams &params, const CallOptions &options = {}) {
        return made<GatewayConfig>(params, options, [&](auto... rest) { return runloop_gateway_config_create(client.raw(), rest...); });
    }

    /// A gateway config by its identifier, without checking that it exists.
    static Result<GatewayConfig> from_id(const Client &client, std::string_view id) {
        return named<GatewayConfig>("id", id, client, runloop_gateway_config_from_id);
    }

    /// Lists the gateway configs.
    static GatewayConfigList list(const Client &client, const GatewayConfigListParams &filters = {}, const CallOptions &options = {});

    /// The identifier, borrowed from the object.
    std::string_view id() const noexcept { return detail::borrowed(runloop_gateway_config_id(raw())); }

    /// How the API shows it now.
    Result<GatewayConfigView> get_info(const CallOptions &options = {}) const {
        return viewed<GatewayConfigView>(options, runloop_gateway_config_get_info);
    }

    /// Changes the members that are set; the others keep their values.
    Result<GatewayConfigView> update(const GatewayConfigUpdateParams &params, const CallOptions &options = {}) const {
        return viewed<GatewayConfigView>(params, options, runloop_gateway_config_update);
    }

    /// Deletes it.
    Result<GatewayConfigView> delete_(const CallOptions &options = {}) const {
        return viewed<GatewayConfigView>(options, runloop_gateway_config_delete);
    }
};

inline GatewayConfigList GatewayConfig::list(const Client &client, const GatewayConfigListParams &filters, const CallOptions &options) {
    return detail::walk<GatewayConfigList, runloop_gateway_config_cursor, runloop_gateway_config_cursor_free>(
        [&](auto... rest) { return runloop_gateway_config_list(client.raw(), rest...); }, filters, options);
}

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
