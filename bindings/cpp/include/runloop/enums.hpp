// The texts that a member may hold.
//
// Made from spec/openapi.json by `make generate`; changes belong there, or in tools/surface.

#ifndef RUNLOOP_ENUMS_HPP
#define RUNLOOP_ENUMS_HPP

#include <string_view>

#include <runloop/json.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// Values of `account_billing_type` of AccountView; the API may add others.
struct AccountBillingType : EnumText<AccountBillingType> {
    using EnumText<AccountBillingType>::EnumText;
    /// `STRIPE`.
    static constexpr std::string_view stripe = "STRIPE";
    /// `AWS_MARKETPLACE`.
    static constexpr std::string_view aws_marketplace = "AWS_MARKETPLACE";
    /// `STRIPE_PROJECTS`.
    static constexpr std::string_view stripe_projects = "STRIPE_PROJECTS";
    /// `UNRECOGNIZED`.
    static constexpr std::string_view unrecognized = "UNRECOGNIZED";
};

/// Values of `account_status` of AccountView; the API may add others.
struct AccountStatus : EnumText<AccountStatus> {
    using EnumText<AccountStatus>::EnumText;
    /// `ACCOUNT_STATUS_INVALID`.
    static constexpr std::string_view invalid = "ACCOUNT_STATUS_INVALID";
    /// `ACCOUNT_STATUS_ONBOARDING`.
    static constexpr std::string_view onboarding = "ACCOUNT_STATUS_ONBOARDING";
    /// `ACCOUNT_STATUS_ENABLED`.
    static constexpr std::string_view enabled = "ACCOUNT_STATUS_ENABLED";
    /// `ACCOUNT_STATUS_DISABLED_BY_ADMIN`.
    static constexpr std::string_view disabled_by_admin = "ACCOUNT_STATUS_DISABLED_BY_ADMIN";
    /// `ACCOUNT_STATUS_DISABLED_QUOTA_REACHED`.
    static constexpr std::string_view disabled_quota_reached = "ACCOUNT_STATUS_DISABLED_QUOTA_REACHED";
    /// `ACCOUNT_STATUS_TRIAL_CANCELLED`.
    static constexpr std::string_view trial_cancelled = "ACCOUNT_STATUS_TRIAL_CANCELLED";
    /// `ACCOUNT_STATUS_STRIPE_PENDING_RESOURCES`.
    static constexpr std::string_view stripe_pending_resources = "ACCOUNT_STATUS_STRIPE_PENDING_RESOURCES";
    /// `UNRECOGNIZED`.
    static constexpr std::string_view unrecognized = "UNRECOGNIZED";
};

/// Values of `tier` of AccountView; the API may add others.
struct AccountTier : EnumText<AccountTier> {
    using EnumText<AccountTier>::EnumText;
    /// `ACCOUNT_TIER_INVALID`.
    static constexpr std::string_view invalid = "ACCOUNT_TIER_INVALID";
    /// `ACCOUNT_TIER_BASIC`.
    static constexpr std::string_view basic = "ACCOUNT_TIER_BASIC";
    /// `ACCOUNT_TIER_PRO`.
    static constexpr std::string_view pro = "ACCOUNT_TIER_PRO";
    /// `ACCOUNT_TIER_ENTERPRISE`.
    static constexpr std::string_view enterprise = "ACCOUNT_TIER_ENTERPRISE";
    /// `ACCOUNT_TIER_TRIAL`.
    static constexpr std::string_view trial = "ACCOUNT_TIER_TRIAL";
    /// `UNRECOGNIZED`.
    static constexpr std::string_view unrecognized = "UNRECOGNIZED";
};

/// Values of `on_idle` of AfterIdle; the API may add others.
struct AfterIdleOnIdle : EnumText<AfterIdleOnIdle> {
    using EnumText<AfterIdleOnIdle>::EnumText;
    /// `shutdown`.
    static constexpr std::string_view shutdown = "shutdown";
    /// `suspend`.
    static constexpr std::string_view suspend = "suspend";
};

/// Values of `origin` of AxonEventView; the API may add others.
struct AxonEventOrigin : EnumText<AxonEventOrigin> {
    using EnumText<AxonEventOrigin>::EnumText;
    /// `EXTERNAL_EVENT`.
    static constexpr std::string_view external_event = "EXTERNAL_EVENT";
    /// `AGENT_EVENT`.
    static constexpr std::string_view agent_event = "AGENT_EVENT";
    /// `USER_EVENT`.
    static constexpr std::string_view user_event = "USER_EVENT";
    /// `SYSTEM_EVENT`.
    static constexpr std::string_view system_event = "SYSTEM_EVENT";
};

/// Values of `origin` of AxonPublishParams; the API may add others.
struct AxonPublishOrigin : EnumText<AxonPublishOrigin> {
    using EnumText<AxonPublishOrigin>::EnumText;
    /// `EXTERNAL_EVENT`.
    static constexpr std::string_view external_event = "EXTERNAL_EVENT";
    /// `AGENT_EVENT`.
    static constexpr std::string_view agent_event = "AGENT_EVENT";
    /// `USER_EVENT`.
    static constexpr std::string_view user_event = "USER_EVENT";
};

/// Values of `failure_reason` of BlueprintView; the API may add others.
struct BlueprintFailureReason : EnumText<BlueprintFailureReason> {
    using EnumText<BlueprintFailureReason>::EnumText;
    /// `out_of_memory`.
    static constexpr std::string_view out_of_memory = "out_of_memory";
    /// `out_of_disk`.
    static constexpr std::string_view out_of_disk = "out_of_disk";
    /// `build_failed`.
    static constexpr std::string_view build_failed = "build_failed";
};

/// Values of `state` of BlueprintView; the API may add others.
struct BlueprintState : EnumText<BlueprintState> {
    using EnumText<BlueprintState>::EnumText;
    /// `created`.
    static constexpr std::string_view created = "created";
    /// `deleted`.
    static constexpr std::string_view deleted = "deleted";
};

/// Values of `status` of BlueprintView; the API may add others.
struct BlueprintStatus : EnumText<BlueprintStatus> {
    using EnumText<BlueprintStatus>::EnumText;
    /// `queued`.
    static constexpr std::string_view queued = "queued";
    /// `provisioning`.
    static constexpr std::string_view provisioning = "provisioning";
    /// `building`.
    static constexpr std::string_view building = "building";
    /// `awaiting_upload`.
    static constexpr std::string_view awaiting_upload = "awaiting_upload";
    /// `failed`.
    static constexpr std::string_view failed = "failed";
    /// `build_complete`.
    static constexpr std::string_view build_complete = "build_complete";
};

/// Values of `protocol` of BrokerMount; the API may add others.
struct BrokerMountProtocol : EnumText<BrokerMountProtocol> {
    using EnumText<BrokerMountProtocol>::EnumText;
    /// `acp`.
    static constexpr std::string_view acp = "acp";
    /// `claude_json`.
    static constexpr std::string_view claude_json = "claude_json";
    /// `codex_json`.
    static constexpr std::string_view codex_json = "codex_json";
    /// `pi_json`.
    static constexpr std::string_view pi_json = "pi_json";
};

/// Values of `capabilities` of DevboxView; the API may add others.
struct DevboxCapability : EnumText<DevboxCapability> {
    using EnumText<DevboxCapability>::EnumText;
    /// `unknown`.
    static constexpr std::string_view unknown = "unknown";
    /// `docker_in_docker`.
    static constexpr std::string_view docker_in_docker = "docker_in_docker";
};

/// Values of `failure_reason` of DevboxView; the API may add others.
struct DevboxFailureReason : EnumText<DevboxFailureReason> {
    using EnumText<DevboxFailureReason>::EnumText;
    /// `out_of_memory`.
    static constexpr std::string_view out_of_memory = "out_of_memory";
    /// `out_of_disk`.
    static constexpr std::string_view out_of_disk = "out_of_disk";
    /// `execution_failed`.
    static constexpr std::string_view execution_failed = "execution_failed";
    /// `health_check_failed`.
    static constexpr std::string_view health_check_failed = "health_check_failed";
};

/// Values of `initiator_type` of DevboxView; the API may add others.
struct DevboxInitiatorType : EnumText<DevboxInitiatorType> {
    using EnumText<DevboxInitiatorType>::EnumText;
    /// `unknown`.
    static constexpr std::string_view unknown = "unknown";
    /// `api`.
    static constexpr std::string_view api = "api";
    /// `reflex`.
    static constexpr std::string_view reflex = "reflex";
};

/// Values of `source` of DevboxLog; the API may add others.
struct DevboxLogSource : EnumText<DevboxLogSource> {
    using EnumText<DevboxLogSource>::EnumText;
    /// `setup_commands`.
    static constexpr std::string_view setup_commands = "setup_commands";
    /// `entrypoint`.
    static constexpr std::string_view entrypoint = "entrypoint";
    /// `exec`.
    static constexpr std::string_view exec = "exec";
    /// `files`.
    static constexpr std::string_view files = "files";
    /// `stats`.
    static constexpr std::string_view stats = "stats";
    /// `kmsg`.
    static constexpr std::string_view kmsg = "kmsg";
};

/// Values of `shutdown_reason` of DevboxView; the API may add others.
struct DevboxShutdownReason : EnumText<DevboxShutdownReason> {
    using EnumText<DevboxShutdownReason>::EnumText;
    /// `api_shutdown`.
    static constexpr std::string_view api_shutdown = "api_shutdown";
    /// `keep_alive_timeout`.
    static constexpr std::string_view keep_alive_timeout = "keep_alive_timeout";
    /// `entrypoint_exit`.
    static constexpr std::string_view entrypoint_exit = "entrypoint_exit";
    /// `idle`.
    static constexpr std::string_view idle = "idle";
    /// `ttl_expired`.
    static constexpr std::string_view ttl_expired = "ttl_expired";
};

/// Values of `status` of DevboxSnapshotAsyncStatusView; the API may add others.
struct DevboxSnapshotStatus : EnumText<DevboxSnapshotStatus> {
    using EnumText<DevboxSnapshotStatus>::EnumText;
    /// `in_progress`.
    static constexpr std::string_view in_progress = "in_progress";
    /// `error`.
    static constexpr std::string_view error = "error";
    /// `complete`.
    static constexpr std::string_view complete = "complete";
    /// `deleted`.
    static constexpr std::string_view deleted = "deleted";
};

/// Values of `status` of DevboxView; the API may add others.
struct DevboxStatus : EnumText<DevboxStatus> {
    using EnumText<DevboxStatus>::EnumText;
    /// `scheduled`.
    static constexpr std::string_view scheduled = "scheduled";
    /// `queued`.
    static constexpr std::string_view queued = "queued";
    /// `provisioning`.
    static constexpr std::string_view provisioning = "provisioning";
    /// `initializing`.
    static constexpr std::string_view initializing = "initializing";
    /// `running`.
    static constexpr std::string_view running = "running";
    /// `suspending`.
    static constexpr std::string_view suspending = "suspending";
    /// `suspended`.
    static constexpr std::string_view suspended = "suspended";
    /// `resuming`.
    static constexpr std::string_view resuming = "resuming";
    /// `failure`.
    static constexpr std::string_view failure = "failure";
    /// `shutdown`.
    static constexpr std::string_view shutdown = "shutdown";
};

/// Values of `status` of DevboxAsyncExecutionDetailView; the API may add others.
struct ExecutionStatus : EnumText<ExecutionStatus> {
    using EnumText<ExecutionStatus>::EnumText;
    /// `queued`.
    static constexpr std::string_view queued = "queued";
    /// `running`.
    static constexpr std::string_view running = "running";
    /// `completed`.
    static constexpr std::string_view completed = "completed";
};

/// Values of `architecture` of LaunchParameters; the API may add others.
struct LaunchParametersArchitecture : EnumText<LaunchParametersArchitecture> {
    using EnumText<LaunchParametersArchitecture>::EnumText;
    /// `x86_64`.
    static constexpr std::string_view x86_64 = "x86_64";
    /// `arm64`.
    static constexpr std::string_view arm64 = "arm64";
};

/// Values of `provisioning_tier` of LaunchParameters; the API may add others.
struct LaunchParametersProvisioningTier : EnumText<LaunchParametersProvisioningTier> {
    using EnumText<LaunchParametersProvisioningTier>::EnumText;
    /// `standard`.
    static constexpr std::string_view standard = "standard";
    /// `flex`.
    static constexpr std::string_view flex = "flex";
};

/// Values of `resource_size_request` of LaunchParameters; the API may add others.
struct LaunchParametersResourceSizeRequest : EnumText<LaunchParametersResourceSizeRequest> {
    using EnumText<LaunchParametersResourceSizeRequest>::EnumText;
    /// `X_SMALL`.
    static constexpr std::string_view x_small = "X_SMALL";
    /// `SMALL`.
    static constexpr std::string_view small = "SMALL";
    /// `MEDIUM`.
    static constexpr std::string_view medium = "MEDIUM";
    /// `LARGE`.
    static constexpr std::string_view large = "LARGE";
    /// `X_LARGE`.
    static constexpr std::string_view x_large = "X_LARGE";
    /// `XX_LARGE`.
    static constexpr std::string_view xx_large = "XX_LARGE";
    /// `CUSTOM_SIZE`.
    static constexpr std::string_view custom_size = "CUSTOM_SIZE";
};

/// Values of `content_type` of ObjectCreateParams; the API may add others.
struct ObjectContentType : EnumText<ObjectContentType> {
    using EnumText<ObjectContentType>::EnumText;
    /// `unspecified`.
    static constexpr std::string_view unspecified = "unspecified";
    /// `text`.
    static constexpr std::string_view text = "text";
    /// `binary`.
    static constexpr std::string_view binary = "binary";
    /// `gzip`.
    static constexpr std::string_view gzip = "gzip";
    /// `tar`.
    static constexpr std::string_view tar = "tar";
    /// `tgz`.
    static constexpr std::string_view tgz = "tgz";
};

/// Values of `state` of ObjectView; the API may add others.
struct ObjectState : EnumText<ObjectState> {
    using EnumText<ObjectState>::EnumText;
    /// `UPLOADING`.
    static constexpr std::string_view uploading = "UPLOADING";
    /// `READ_ONLY`.
    static constexpr std::string_view read_only = "READ_ONLY";
    /// `DELETED`.
    static constexpr std::string_view deleted = "DELETED";
    /// `ERROR`.
    static constexpr std::string_view error = "ERROR";
};

/// Values of `protocol` of PortRule; the API may add others.
struct PortRuleProtocol : EnumText<PortRuleProtocol> {
    using EnumText<PortRuleProtocol>::EnumText;
    /// `TCP`.
    static constexpr std::string_view tcp = "TCP";
    /// `UDP`.
    static constexpr std::string_view udp = "UDP";
};

/// Values of `access_level` of ScopeEntryView; the API may add others.
struct ScopeEntryAccessLevel : EnumText<ScopeEntryAccessLevel> {
    using EnumText<ScopeEntryAccessLevel>::EnumText;
    /// `ACCESS_LEVEL_NONE`.
    static constexpr std::string_view none = "ACCESS_LEVEL_NONE";
    /// `ACCESS_LEVEL_READ`.
    static constexpr std::string_view read = "ACCESS_LEVEL_READ";
    /// `ACCESS_LEVEL_WRITE`.
    static constexpr std::string_view write = "ACCESS_LEVEL_WRITE";
};

/// Values of `resource_type` of ScopeEntryView; the API may add others.
struct ScopeEntryResourceType : EnumText<ScopeEntryResourceType> {
    using EnumText<ScopeEntryResourceType>::EnumText;
    /// `RESOURCE_TYPE_DEVBOXES`.
    static constexpr std::string_view devboxes = "RESOURCE_TYPE_DEVBOXES";
    /// `RESOURCE_TYPE_BLUEPRINTS`.
    static constexpr std::string_view blueprints = "RESOURCE_TYPE_BLUEPRINTS";
    /// `RESOURCE_TYPE_SNAPSHOTS`.
    static constexpr std::string_view snapshots = "RESOURCE_TYPE_SNAPSHOTS";
    /// `RESOURCE_TYPE_OBJECTS`.
    static constexpr std::string_view objects = "RESOURCE_TYPE_OBJECTS";
    /// `RESOURCE_TYPE_ACCOUNT`.
    static constexpr std::string_view account = "RESOURCE_TYPE_ACCOUNT";
};

/// Values of `auth_mode` of TunnelView; the API may add others.
struct TunnelAuthMode : EnumText<TunnelAuthMode> {
    using EnumText<TunnelAuthMode>::EnumText;
    /// `open`.
    static constexpr std::string_view open = "open";
    /// `authenticated`.
    static constexpr std::string_view authenticated = "authenticated";
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
