package main

import (
	runloop "github.com/librunloop/librunloop/bindings/go"
)

var configOperations = map[string]operation{
	"network_policy_create": onClient(func(s *step, client *runloop.Client) {
		policy, err := client.CreateNetworkPolicy(s.context(), params[runloop.NetworkPolicyCreateParams](s), s.options()...)
		made(s, "network_policy", policy, err)
	}),
	"network_policy_from_id": onClient(func(s *step, client *runloop.Client) {
		policy, err := client.NetworkPolicyFromID(s.text("/id"))
		made(s, "network_policy", policy, err)
	}),
	"network_policy_list": onClient(func(s *step, client *runloop.Client) {
		items := client.ListNetworkPolicies(s.context(), params[runloop.NetworkPolicyListParams](s), s.options()...)
		list(s, items, func(item runloop.NetworkPolicyItem) any { return item.Info })
	}),
	"network_policy_get_info": on("network_policy", func(s *step, policy *runloop.NetworkPolicy) {
		value, err := policy.GetInfo(s.context(), s.options()...)
		view(s, value, err)
	}),
	"network_policy_update": on("network_policy", func(s *step, policy *runloop.NetworkPolicy) {
		value, err := policy.Update(s.context(), params[runloop.NetworkPolicyUpdateParams](s), s.options()...)
		view(s, value, err)
	}),
	"network_policy_delete": on("network_policy", func(s *step, policy *runloop.NetworkPolicy) {
		s.did(policy.Delete(s.context(), s.options()...))
	}),
	"gateway_config_create": onClient(func(s *step, client *runloop.Client) {
		config, err := client.CreateGatewayConfig(s.context(), params[runloop.GatewayConfigCreateParams](s), s.options()...)
		made(s, "gateway_config", config, err)
	}),
	"gateway_config_from_id": onClient(func(s *step, client *runloop.Client) {
		config, err := client.GatewayConfigFromID(s.text("/id"))
		made(s, "gateway_config", config, err)
	}),
	"gateway_config_list": onClient(func(s *step, client *runloop.Client) {
		items := client.ListGatewayConfigs(s.context(), params[runloop.GatewayConfigListParams](s), s.options()...)
		list(s, items, func(item runloop.GatewayConfigItem) any { return item.Info })
	}),
	"gateway_config_get_info": on("gateway_config", func(s *step, config *runloop.GatewayConfig) {
		value, err := config.GetInfo(s.context(), s.options()...)
		view(s, value, err)
	}),
	"gateway_config_update": on("gateway_config", func(s *step, config *runloop.GatewayConfig) {
		value, err := config.Update(s.context(), params[runloop.GatewayConfigUpdateParams](s), s.options()...)
		view(s, value, err)
	}),
	"gateway_config_delete": on("gateway_config", func(s *step, config *runloop.GatewayConfig) {
		s.did(config.Delete(s.context(), s.options()...))
	}),
	"mcp_config_create": onClient(func(s *step, client *runloop.Client) {
		config, err := client.CreateMCPConfig(s.context(), params[runloop.MCPConfigCreateParams](s), s.options()...)
		made(s, "mcp_config", config, err)
	}),
	"mcp_config_from_id": onClient(func(s *step, client *runloop.Client) {
		config, err := client.MCPConfigFromID(s.text("/id"))
		made(s, "mcp_config", config, err)
	}),
	"mcp_config_list": onClient(func(s *step, client *runloop.Client) {
		items := client.ListMCPConfigs(s.context(), params[runloop.MCPConfigListParams](s), s.options()...)
		list(s, items, func(item runloop.MCPConfigItem) any { return item.Info })
	}),
	"mcp_config_get_info": on("mcp_config", func(s *step, config *runloop.MCPConfig) {
		value, err := config.GetInfo(s.context(), s.options()...)
		view(s, value, err)
	}),
	"mcp_config_update": on("mcp_config", func(s *step, config *runloop.MCPConfig) {
		value, err := config.Update(s.context(), params[runloop.MCPConfigUpdateParams](s), s.options()...)
		view(s, value, err)
	}),
	"mcp_config_delete": on("mcp_config", func(s *step, config *runloop.MCPConfig) {
		s.did(config.Delete(s.context(), s.options()...))
	}),
}
