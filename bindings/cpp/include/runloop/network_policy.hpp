// What devboxes may reach.

#ifndef RUNLOOP_NETWORK_POLICY_HPP
#define RUNLOOP_NETWORK_POLICY_HPP

#include <string_view>

#include <runloop/list.hpp>
#include <runloop/noun.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

class NetworkPolicy;

/// A list of network policies.
using NetworkPolicyList = List<NetworkPolicy, NetworkPolicyView, runloop_network_policy, runloop_network_policy_cursor, runloop_network_policy_cursor_free,
                         runloop_network_policy_cursor_next>;

/// A network policy: what devboxes may reach. The object holds its identifier; the destructor deletes nothing at the service.
/// Thread-safe.
class NetworkPolicy : public detail::Noun<runloop_network_policy, runloop_network_policy_free> {
public:
    using Noun::Noun;

    /// Creates a network policy.
    static Result<NetworkPolicy> create(const Client &client, const NetworkPolicyCreateParams &params, const CallOptions &options = {}) {
        return made<NetworkPolicy>(params, options, [&](auto... rest) { return runloop_network_policy_create(client.raw(), rest...); });
    }

    /// A network policy by its identifier, without checking that it exists.
    static Result<NetworkPolicy> from_id(const Client &client, std::string_view id) {
        return named<NetworkPolicy>("id", id, client, runloop_network_policy_from_id);
    }

    /// Lists the network policies.
    static NetworkPolicyList list(const Client &client, const NetworkPolicyListParams &filters = {}, const CallOptions &options = {});

    /// The identifier, borrowed from the object.
    std::string_view id() const noexcept { return detail::borrowed(runloop_network_policy_id(raw())); }

    /// How the API shows it now.
    Result<NetworkPolicyView> get_info(const CallOptions &options = {}) const {
        return viewed<NetworkPolicyView>(options, runloop_network_policy_get_info);
    }

    /// Changes the members that are set; the others keep their values.
    Result<NetworkPolicyView> update(const NetworkPolicyUpdateParams &params, const CallOptions &options = {}) const {
        return viewed<NetworkPolicyView>(params, options, runloop_network_policy_update);
    }

    /// Deletes it.
    Result<NetworkPolicyView> delete_(const CallOptions &options = {}) const {
        return viewed<NetworkPolicyView>(options, runloop_network_policy_delete);
    }
};

inline NetworkPolicyList NetworkPolicy::list(const Client &client, const NetworkPolicyListParams &filters, const CallOptions &options) {
    return detail::walk<NetworkPolicyList, runloop_network_policy_cursor, runloop_network_policy_cursor_free>(
        [&](auto... rest) { return runloop_network_policy_list(client.raw(), rest...); }, filters, options);
}

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
