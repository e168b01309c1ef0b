//! `runloop_network_policy`.

runloop_macros::collection! {
    handle: runloop_network_policy,
    collection: NETWORK_POLICIES,
    path: "/v1/network-policies",
    singular: "a network policy",
    plural: "network policies",
    description: "which hosts devboxes may reach",
    required: "`/name`",
    optional: "`/allow_all`, `/allowed_hostnames`, `/allow_devbox_to_devbox`, `/description`",
}
