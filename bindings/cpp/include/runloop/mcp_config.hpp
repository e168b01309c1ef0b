// MCP servers that devboxes reach through a gateway.

#ifndef RUNLOOP_MCP_CONFIG_HPP
#define RUNLOOP_MCP_CONFIG_HPP

#include <string_view>

#include <runloop/list.hpp>
#include <runloop/noun.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

class McpConfig;

/// A list of MCP configs.
using McpConfigList = List<McpConfig, McpConfigView, runloop_mcp_config, runloop_mcp_config_cursor, runloop_mcp_config_cursor_free,
                         runloop_mcp_config_cursor_next>;

/// An MCP config: an MCP server that devboxes reach through a gateway, and which of its tools. The object holds its identifier;
/// the destructor deletes nothing at the service. Thread-safe.
class McpConfig : public detail::Noun<runloop_mcp_config, runloop_mcp_config_free> {
public:
    using Noun::Noun;

    /// Creates an MCP config.
    static Result<McpConfig> create(const Client &client, const McpConfigCreateParams &params, const CallOptions &options = {}) {
        return made<McpConfig>(params, options, [&](auto... rest) { return runloop_mcp_config_create(client.raw(), rest...); });
    }

    /// An MCP config by its identifier, without checking that it exists.
    static Result<McpConfig> from_id(const Client &client, std::string_view id) {
        return named<McpConfig>("id", id, client, runloop_mcp_config_from_id);
    }

    /// Lists the MCP configs.
    static McpConfigList list(const Client &client, const McpConfigListParams &filters = {}, const CallOptions &options = {});

    /// The identifier, borrowed from the object.
    std::string_view id() const noexcept { return detail::borrowed(runloop_mcp_config_id(raw())); }

    /// How the API shows it now.
    Result<McpConfigView> get_info(const CallOptions &options = {}) const {
        return viewed<McpConfigView>(options, runloop_mcp_config_get_info);
    }

    /// Changes the members that are set; the others keep their values.
    Result<McpConfigView> update(const McpConfigUpdateParams &params, const CallOptions &options = {}) const {
        return viewed<McpConfigView>(params, options, runloop_mcp_config_update);
    }

    /// Deletes it.
    Result<McpConfigView> delete_(const CallOptions &options = {}) const {
        return viewed<McpConfigView>(options, runloop_mcp_config_delete);
    }
};

inline McpConfigList McpConfig::list(const Client &client, const McpConfigListParams &filters, const CallOptions &options) {
    return detail::walk<McpConfigList, runloop_mcp_config_cursor, runloop_mcp_config_cursor_free>(
        [&](auto... rest) { return runloop_mcp_config_list(client.raw(), rest...); }, filters, options);
}

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
