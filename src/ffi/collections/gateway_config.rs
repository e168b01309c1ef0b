//! `runloop_gateway_config`.

runloop_macros::collection! {
    handle: runloop_gateway_config,
    collection: GATEWAY_CONFIGS,
    path: "/v1/gateway-configs",
    singular: "a gateway config",
    plural: "gateway configs",
    description: "an API that devboxes reach through a gateway, which adds the credentials",
    required: "`/name`, `/endpoint`, `/auth_mechanism`",
    optional: "`/custom_headers`, `/description`",
}
