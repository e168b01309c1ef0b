// Network policies, gateway configs and MCP configs, which are all alike.

#include "step.hpp"

using namespace runloop;

template <class Noun, class CreateParams, class ListParams, class UpdateParams>
static Operations collection(const std::string &noun) {
    const auto of_noun = [noun](auto function) { return on<Noun>(noun, function); };
    return {
        {noun + "_create", of_client([noun](Step &step, const Client &client) {
             step.keep_named(noun, Noun::create(client, step.params<CreateParams>(), step.options()));
         })},
        {noun + "_from_id", of_client([noun](Step &step, const Client &client) {
             step.keep_named(noun, Noun::from_id(client, step.text("/id")));
         })},
        {noun + "_list", of_client([](Step &step, const Client &client) {
             walk(step, Noun::list(client, step.params<ListParams>(), step.options()));
         })},
        {noun + "_get_info", of_noun([](Step &step, const Noun &handle) { step.view(handle.get_info(step.options())); })},
        {noun + "_update", of_noun([](Step &step, const Noun &handle) {
             step.view(handle.update(step.params<UpdateParams>(), step.options()));
         })},
        {noun + "_delete", of_noun([](Step &step, const Noun &handle) { step.did(handle.delete_(step.options())); })},
    };
}

static Operations all() {
    Operations all = collection<NetworkPolicy, NetworkPolicyCreateParams, NetworkPolicyListParams, NetworkPolicyUpdateParams>("network_policy");
    all.merge(collection<GatewayConfig, GatewayConfigCreateParams, GatewayConfigListParams, GatewayConfigUpdateParams>("gateway_config"));
    all.merge(collection<McpConfig, McpConfigCreateParams, McpConfigListParams, McpConfigUpdateParams>("mcp_config"));
    return all;
}

const Operations config_operations = all();
