// What requests hold and answers give, member by member.
//
// Made from spec/openapi.json by `make generate`; changes belong there, or in tools/generate.

#ifndef RUNLOOP_TYPES_HPP
#define RUNLOOP_TYPES_HPP

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <runloop/enums.hpp>
#include <runloop/json.hpp>

RUNLOOP_BEGIN

/// Billing aws.
struct BillingAws {
    /// `customer_identifier`, as the API calls it.
    std::optional<std::string> customer_identifier{};
    /// `license_arn`, as the API calls it.
    std::optional<std::string> license_arn{};
    /// `subscription_status`, as the API calls it.
    std::optional<std::string> subscription_status{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("customer_identifier", self.customer_identifier);
        visitor.member("license_arn", self.license_arn);
        visitor.member("subscription_status", self.subscription_status);
        visitor.rest(self.extra);
    }
};

/// Billing stripe.
struct BillingStripe {
    /// `active_subscription`, as the API calls it.
    std::optional<std::string> active_subscription{};
    /// `customer_id`, as the API calls it.
    std::optional<std::string> customer_id{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("active_subscription", self.active_subscription);
        visitor.member("customer_id", self.customer_id);
        visitor.rest(self.extra);
    }
};

/// Billing.
struct Billing {
    /// `account_billing_type`, as the API calls it.
    AccountBillingType account_billing_type{};
    /// `aws`, as the API calls it.
    std::optional<BillingAws> aws{};
    /// `stripe`, as the API calls it.
    std::optional<BillingStripe> stripe{};
    /// `stripe_customer_id`, as the API calls it.
    std::optional<std::string> stripe_customer_id{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("account_billing_type", self.account_billing_type);
        visitor.member("aws", self.aws);
        visitor.member("stripe", self.stripe);
        visitor.member("stripe_customer_id", self.stripe_customer_id);
        visitor.rest(self.extra);
    }
};

/// Account view.
struct AccountView {
    /// The identifier.
    std::string id{};
    /// `account_status`, as the API calls it.
    AccountStatus account_status{};
    /// `billing`, as the API calls it.
    Billing billing{};
    /// `created_at`, as the API calls it.
    std::string created_at{};
    /// `name`, as the API calls it.
    std::string name{};
    /// `tier`, as the API calls it.
    AccountTier tier{};
    /// `account_billing_type`, as the API calls it.
    std::optional<AccountBillingType> account_billing_type{};
    /// `active_subscription`, as the API calls it.
    std::optional<std::string> active_subscription{};
    /// `external_billing_account_id`, as the API calls it.
    std::optional<std::string> external_billing_account_id{};
    /// `stripe_customer_id`, as the API calls it.
    std::optional<std::string> stripe_customer_id{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("id", self.id);
        visitor.member("account_status", self.account_status);
        visitor.member("billing", self.billing);
        visitor.member("created_at", self.created_at);
        visitor.member("name", self.name);
        visitor.member("tier", self.tier);
        visitor.member("account_billing_type", self.account_billing_type);
        visitor.member("active_subscription", self.active_subscription);
        visitor.member("external_billing_account_id", self.external_billing_account_id);
        visitor.member("stripe_customer_id", self.stripe_customer_id);
        visitor.rest(self.extra);
    }
};

/// After idle.
struct AfterIdle {
    /// `idle_time_seconds`, as the API calls it.
    std::int64_t idle_time_seconds{};
    /// `on_idle`, as the API calls it.
    AfterIdleOnIdle on_idle{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("idle_time_seconds", self.idle_time_seconds);
        visitor.member("on_idle", self.on_idle);
        visitor.rest(self.extra);
    }
};

/// Port rule.
struct PortRule {
    /// `port`, as the API calls it.
    std::int64_t port{};
    /// `end_port`, as the API calls it.
    std::optional<std::int64_t> end_port{};
    /// `protocol`, as the API calls it.
    std::optional<PortRuleProtocol> protocol{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("port", self.port);
        visitor.member("end_port", self.end_port);
        visitor.member("protocol", self.protocol);
        visitor.rest(self.extra);
    }
};

/// Allowed cidr.
struct AllowedCidr {
    /// `cidr`, as the API calls it.
    std::string cidr{};
    /// `ports`, as the API calls it.
    std::optional<std::vector<PortRule>> ports{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("cidr", self.cidr);
        visitor.member("ports", self.ports);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/apikeys`.
struct ApiKeyCreateParams {
    /// `expires_at_ms`, as the API calls it.
    std::optional<std::int64_t> expires_at_ms{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("expires_at_ms", self.expires_at_ms);
        visitor.member("name", self.name);
        visitor.rest(self.extra);
    }
};

/// Api key created view.
struct ApiKeyCreatedView {
    /// The identifier.
    std::optional<std::string> id{};
    /// `expires_at_ms`, as the API calls it.
    std::optional<std::int64_t> expires_at_ms{};
    /// `key_secret`, as the API calls it.
    std::optional<std::string> key_secret{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("id", self.id);
        visitor.member("expires_at_ms", self.expires_at_ms);
        visitor.member("key_secret", self.key_secret);
        visitor.member("name", self.name);
        visitor.rest(self.extra);
    }
};

/// Auth mechanism.
struct AuthMechanism {
    /// `type`, as the API calls it.
    std::string type{};
    /// `key`, as the API calls it.
    std::optional<std::string> key{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("type", self.type);
        visitor.member("key", self.key);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/axons`.
struct AxonCreateParams {
    /// `metadata`, as the API calls it.
    std::optional<std::map<std::string, std::string>> metadata{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("metadata", self.metadata);
        visitor.member("name", self.name);
        visitor.rest(self.extra);
    }
};

/// What is asked of `GET /v1/axons/{id}/events`.
struct AxonEventListParams {
    /// `limit`, as the API calls it.
    std::optional<std::int64_t> limit{};
    /// Filters that this version has no name for, such as `metadata[team]`.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("limit", self.limit);
        visitor.rest(self.extra);
    }
};

/// Axon event view.
struct AxonEventView {
    /// `axon_id`, as the API calls it.
    std::string axon_id{};
    /// `event_type`, as the API calls it.
    std::string event_type{};
    /// `origin`, as the API calls it.
    AxonEventOrigin origin{};
    /// `payload`, as the API calls it.
    std::string payload{};
    /// `sequence`, as the API calls it.
    std::int64_t sequence{};
    /// `source`, as the API calls it.
    std::string source{};
    /// `timestamp_ms`, as the API calls it.
    std::int64_t timestamp_ms{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("axon_id", self.axon_id);
        visitor.member("event_type", self.event_type);
        visitor.member("origin", self.origin);
        visitor.member("payload", self.payload);
        visitor.member("sequence", self.sequence);
        visitor.member("source", self.source);
        visitor.member("timestamp_ms", self.timestamp_ms);
        visitor.rest(self.extra);
    }
};

/// What is asked of `GET /v1/axons`.
struct AxonListParams {
    /// The identifier.
    std::optional<std::string> id{};
    /// `limit`, as the API calls it.
    std::optional<std::int64_t> limit{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// `search`, as the API calls it.
    std::optional<std::string> search{};
    /// Filters that this version has no name for, such as `metadata[team]`.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("id", self.id);
        visitor.member("limit", self.limit);
        visitor.member("name", self.name);
        visitor.member("search", self.search);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/axons/{id}/publish`.
struct AxonPublishParams {
    /// `event_type`, as the API calls it. Required.
    std::string event_type{};
    /// `origin`, as the API calls it. Required.
    AxonPublishOrigin origin{};
    /// `payload`, as the API calls it. Required.
    std::string payload{};
    /// `source`, as the API calls it. Required.
    std::string source{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("event_type", self.event_type);
        visitor.member("origin", self.origin);
        visitor.member("payload", self.payload);
        visitor.member("source", self.source);
        visitor.rest(self.extra);
    }
};

/// Sql statement.
struct SqlStatement {
    /// `sql`, as the API calls it. Required.
    std::string sql{};
    /// `params`, as the API calls it.
    std::optional<std::vector<Json>> params{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("sql", self.sql);
        visitor.member("params", self.params);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/axons/{id}/sql/batch`.
struct AxonSqlBatchParams {
    /// `statements`, as the API calls it. Required.
    std::vector<SqlStatement> statements{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("statements", self.statements);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/axons/{id}/sql/query`.
struct AxonSqlQueryParams {
    /// `sql`, as the API calls it. Required.
    std::string sql{};
    /// `params`, as the API calls it.
    std::optional<std::vector<Json>> params{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("sql", self.sql);
        visitor.member("params", self.params);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/axons/{id}`.
struct AxonUpdateParams {
    /// `metadata`, as the API calls it.
    std::optional<std::map<std::string, std::string>> metadata{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("metadata", self.metadata);
        visitor.rest(self.extra);
    }
};

/// Axon view.
struct AxonView {
    /// The identifier.
    std::string id{};
    /// `created_at_ms`, as the API calls it.
    std::int64_t created_at_ms{};
    /// `metadata`, as the API calls it.
    std::map<std::string, std::string> metadata{};
    /// `deleted_at_ms`, as the API calls it.
    std::optional<std::int64_t> deleted_at_ms{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("id", self.id);
        visitor.member("created_at_ms", self.created_at_ms);
        visitor.member("metadata", self.metadata);
        visitor.member("deleted_at_ms", self.deleted_at_ms);
        visitor.member("name", self.name);
        visitor.rest(self.extra);
    }
};

/// Blueprint build log.
struct BlueprintBuildLog {
    /// `level`, as the API calls it.
    std::string level{};
    /// `message`, as the API calls it.
    std::string message{};
    /// `timestamp_ms`, as the API calls it.
    std::int64_t timestamp_ms{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("level", self.level);
        visitor.member("message", self.message);
        visitor.member("timestamp_ms", self.timestamp_ms);
        visitor.rest(self.extra);
    }
};

/// Blueprint build logs list view.
struct BlueprintBuildLogsListView {
    /// `blueprint_id`, as the API calls it.
    std::string blueprint_id{};
    /// `logs`, as the API calls it.
    std::vector<BlueprintBuildLog> logs{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("blueprint_id", self.blueprint_id);
        visitor.member("logs", self.logs);
        visitor.rest(self.extra);
    }
};

/// Build context.
struct BuildContext {
    /// `object_id`, as the API calls it.
    std::string object_id{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("object_id", self.object_id);
        visitor.constant("type", "object");
        visitor.rest(self.extra);
    }
};

/// Code mount parameters.
struct CodeMountParameters {
    /// `repo_name`, as the API calls it.
    std::string repo_name{};
    /// `repo_owner`, as the API calls it.
    std::string repo_owner{};
    /// `token`, as the API calls it.
    std::optional<std::string> token{};
    /// `git_ref`, as the API calls it.
    std::optional<std::string> git_ref{};
    /// `install_command`, as the API calls it.
    std::optional<std::string> install_command{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("repo_name", self.repo_name);
        visitor.member("repo_owner", self.repo_owner);
        visitor.member("token", self.token);
        visitor.member("git_ref", self.git_ref);
        visitor.member("install_command", self.install_command);
        visitor.rest(self.extra);
    }
};

/// Lifecycle hooks.
struct LifecycleHooks {
    /// `suspend_commands`, as the API calls it.
    std::optional<std::vector<std::string>> suspend_commands{};
    /// `suspend_deadline_ms`, as the API calls it.
    std::optional<std::int64_t> suspend_deadline_ms{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("suspend_commands", self.suspend_commands);
        visitor.member("suspend_deadline_ms", self.suspend_deadline_ms);
        visitor.rest(self.extra);
    }
};

/// Resume triggers.
struct ResumeTriggers {
    /// `axon_event`, as the API calls it.
    std::optional<bool> axon_event{};
    /// `http`, as the API calls it.
    std::optional<bool> http{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("axon_event", self.axon_event);
        visitor.member("http", self.http);
        visitor.rest(self.extra);
    }
};

/// Lifecycle configuration.
struct LifecycleConfiguration {
    /// `after_idle`, as the API calls it.
    std::optional<AfterIdle> after_idle{};
    /// `lifecycle_hooks`, as the API calls it.
    std::optional<LifecycleHooks> lifecycle_hooks{};
    /// `resume_triggers`, as the API calls it.
    std::optional<ResumeTriggers> resume_triggers{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("after_idle", self.after_idle);
        visitor.member("lifecycle_hooks", self.lifecycle_hooks);
        visitor.member("resume_triggers", self.resume_triggers);
        visitor.rest(self.extra);
    }
};

/// User parameters.
struct UserParameters {
    /// `uid`, as the API calls it.
    std::int64_t uid{};
    /// `username`, as the API calls it.
    std::string username{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("uid", self.uid);
        visitor.member("username", self.username);
        visitor.rest(self.extra);
    }
};

/// Launch parameters.
struct LaunchParameters {
    /// `after_idle`, as the API calls it.
    std::optional<AfterIdle> after_idle{};
    /// `architecture`, as the API calls it.
    std::optional<LaunchParametersArchitecture> architecture{};
    /// `available_ports`, as the API calls it.
    std::optional<std::vector<std::int64_t>> available_ports{};
    /// `custom_cpu_cores`, as the API calls it.
    std::optional<double> custom_cpu_cores{};
    /// `custom_disk_size`, as the API calls it.
    std::optional<std::int64_t> custom_disk_size{};
    /// `custom_gb_memory`, as the API calls it.
    std::optional<std::int64_t> custom_gb_memory{};
    /// `keep_alive_time_seconds`, as the API calls it.
    std::optional<std::int64_t> keep_alive_time_seconds{};
    /// `launch_commands`, as the API calls it.
    std::optional<std::vector<std::string>> launch_commands{};
    /// `lifecycle`, as the API calls it.
    std::optional<LifecycleConfiguration> lifecycle{};
    /// `network_policy_id`, as the API calls it.
    std::optional<std::string> network_policy_id{};
    /// `provisioning_tier`, as the API calls it.
    std::optional<LaunchParametersProvisioningTier> provisioning_tier{};
    /// `required_services`, as the API calls it.
    std::optional<std::vector<std::string>> required_services{};
    /// `resource_size_request`, as the API calls it.
    std::optional<LaunchParametersResourceSizeRequest> resource_size_request{};
    /// `user_parameters`, as the API calls it.
    std::optional<UserParameters> user_parameters{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("after_idle", self.after_idle);
        visitor.member("architecture", self.architecture);
        visitor.member("available_ports", self.available_ports);
        visitor.member("custom_cpu_cores", self.custom_cpu_cores);
        visitor.member("custom_disk_size", self.custom_disk_size);
        visitor.member("custom_gb_memory", self.custom_gb_memory);
        visitor.member("keep_alive_time_seconds", self.keep_alive_time_seconds);
        visitor.member("launch_commands", self.launch_commands);
        visitor.member("lifecycle", self.lifecycle);
        visitor.member("network_policy_id", self.network_policy_id);
        visitor.member("provisioning_tier", self.provisioning_tier);
        visitor.member("required_services", self.required_services);
        visitor.member("resource_size_request", self.resource_size_request);
        visitor.member("user_parameters", self.user_parameters);
        visitor.rest(self.extra);
    }
};

/// Service credentials.
struct ServiceCredentials {
    /// `password`, as the API calls it.
    std::string password{};
    /// `username`, as the API calls it.
    std::string username{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("password", self.password);
        visitor.member("username", self.username);
        visitor.rest(self.extra);
    }
};

/// Service.
struct Service {
    /// `image`, as the API calls it.
    std::string image{};
    /// `name`, as the API calls it.
    std::string name{};
    /// `credentials`, as the API calls it.
    std::optional<ServiceCredentials> credentials{};
    /// `env`, as the API calls it.
    std::optional<std::map<std::string, std::string>> env{};
    /// `options`, as the API calls it.
    std::optional<std::string> options{};
    /// `port_mappings`, as the API calls it.
    std::optional<std::vector<std::string>> port_mappings{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("image", self.image);
        visitor.member("name", self.name);
        visitor.member("credentials", self.credentials);
        visitor.member("env", self.env);
        visitor.member("options", self.options);
        visitor.member("port_mappings", self.port_mappings);
        visitor.rest(self.extra);
    }
};

/// Blueprint build parameters.
struct BlueprintBuildParameters {
    /// `name`, as the API calls it.
    std::string name{};
    /// `base_blueprint_id`, as the API calls it.
    std::optional<std::string> base_blueprint_id{};
    /// `base_blueprint_name`, as the API calls it.
    std::optional<std::string> base_blueprint_name{};
    /// `build_args`, as the API calls it.
    std::optional<std::map<std::string, std::string>> build_args{};
    /// `build_context`, as the API calls it.
    std::optional<BuildContext> build_context{};
    /// `code_mounts`, as the API calls it.
    std::optional<std::vector<CodeMountParameters>> code_mounts{};
    /// `dockerfile`, as the API calls it.
    std::optional<std::string> dockerfile{};
    /// `file_mounts`, as the API calls it.
    std::optional<std::map<std::string, std::string>> file_mounts{};
    /// `launch_parameters`, as the API calls it.
    std::optional<LaunchParameters> launch_parameters{};
    /// `metadata`, as the API calls it.
    std::optional<std::map<std::string, std::string>> metadata{};
    /// `network_policy_id`, as the API calls it.
    std::optional<std::string> network_policy_id{};
    /// `secrets`, as the API calls it.
    std::optional<std::map<std::string, std::string>> secrets{};
    /// `services`, as the API calls it.
    std::optional<std::vector<Service>> services{};
    /// `system_setup_commands`, as the API calls it.
    std::optional<std::vector<std::string>> system_setup_commands{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("name", self.name);
        visitor.member("base_blueprint_id", self.base_blueprint_id);
        visitor.member("base_blueprint_name", self.base_blueprint_name);
        visitor.member("build_args", self.build_args);
        visitor.member("build_context", self.build_context);
        visitor.member("code_mounts", self.code_mounts);
        visitor.member("dockerfile", self.dockerfile);
        visitor.member("file_mounts", self.file_mounts);
        visitor.member("launch_parameters", self.launch_parameters);
        visitor.member("metadata", self.metadata);
        visitor.member("network_policy_id", self.network_policy_id);
        visitor.member("secrets", self.secrets);
        visitor.member("services", self.services);
        visitor.member("system_setup_commands", self.system_setup_commands);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/blueprints`.
struct BlueprintCreateParams {
    /// `name`, as the API calls it. Required.
    std::string name{};
    /// `base_blueprint_id`, as the API calls it.
    std::optional<std::string> base_blueprint_id{};
    /// `base_blueprint_name`, as the API calls it.
    std::optional<std::string> base_blueprint_name{};
    /// `build_args`, as the API calls it.
    std::optional<std::map<std::string, std::string>> build_args{};
    /// `build_context`, as the API calls it.
    std::optional<BuildContext> build_context{};
    /// `code_mounts`, as the API calls it.
    std::optional<std::vector<CodeMountParameters>> code_mounts{};
    /// `dockerfile`, as the API calls it.
    std::optional<std::string> dockerfile{};
    /// `file_mounts`, as the API calls it.
    std::optional<std::map<std::string, std::string>> file_mounts{};
    /// `launch_parameters`, as the API calls it.
    std::optional<LaunchParameters> launch_parameters{};
    /// `metadata`, as the API calls it.
    std::optional<std::map<std::string, std::string>> metadata{};
    /// `network_policy_id`, as the API calls it.
    std::optional<std::string> network_policy_id{};
    /// `secrets`, as the API calls it.
    std::optional<std::map<std::string, std::string>> secrets{};
    /// `services`, as the API calls it.
    std::optional<std::vector<Service>> services{};
    /// `system_setup_commands`, as the API calls it.
    std::optional<std::vector<std::string>> system_setup_commands{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("name", self.name);
        visitor.member("base_blueprint_id", self.base_blueprint_id);
        visitor.member("base_blueprint_name", self.base_blueprint_name);
        visitor.member("build_args", self.build_args);
        visitor.member("build_context", self.build_context);
        visitor.member("code_mounts", self.code_mounts);
        visitor.member("dockerfile", self.dockerfile);
        visitor.member("file_mounts", self.file_mounts);
        visitor.member("launch_parameters", self.launch_parameters);
        visitor.member("metadata", self.metadata);
        visitor.member("network_policy_id", self.network_policy_id);
        visitor.member("secrets", self.secrets);
        visitor.member("services", self.services);
        visitor.member("system_setup_commands", self.system_setup_commands);
        visitor.rest(self.extra);
    }
};

/// What is asked of `GET /v1/blueprints`.
struct BlueprintListParams {
    /// `limit`, as the API calls it.
    std::optional<std::int64_t> limit{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// `status`, as the API calls it.
    std::optional<std::string> status{};
    /// Filters that this version has no name for, such as `metadata[team]`.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("limit", self.limit);
        visitor.member("name", self.name);
        visitor.member("status", self.status);
        visitor.rest(self.extra);
    }
};

/// Blueprint preview view.
struct BlueprintPreviewView {
    /// `dockerfile`, as the API calls it.
    std::string dockerfile{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("dockerfile", self.dockerfile);
        visitor.rest(self.extra);
    }
};

/// Containerized service credentials.
struct ContainerizedServiceCredentials {
    /// `password`, as the API calls it.
    std::string password{};
    /// `username`, as the API calls it.
    std::string username{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("password", self.password);
        visitor.member("username", self.username);
        visitor.rest(self.extra);
    }
};

/// Containerized service.
struct ContainerizedService {
    /// `image`, as the API calls it.
    std::string image{};
    /// `name`, as the API calls it.
    std::string name{};
    /// `credentials`, as the API calls it.
    std::optional<ContainerizedServiceCredentials> credentials{};
    /// `env`, as the API calls it.
    std::optional<std::map<std::string, std::string>> env{};
    /// `options`, as the API calls it.
    std::optional<std::string> options{};
    /// `port_mappings`, as the API calls it.
    std::optional<std::vector<std::string>> port_mappings{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("image", self.image);
        visitor.member("name", self.name);
        visitor.member("credentials", self.credentials);
        visitor.member("env", self.env);
        visitor.member("options", self.options);
        visitor.member("port_mappings", self.port_mappings);
        visitor.rest(self.extra);
    }
};

/// Blueprint view.
struct BlueprintView {
    /// The identifier.
    std::string id{};
    /// `create_time_ms`, as the API calls it.
    std::int64_t create_time_ms{};
    /// `name`, as the API calls it.
    std::string name{};
    /// `parameters`, as the API calls it.
    BlueprintBuildParameters parameters{};
    /// `state`, as the API calls it.
    BlueprintState state{};
    /// `status`, as the API calls it.
    BlueprintStatus status{};
    /// `base_blueprint_id`, as the API calls it.
    std::optional<std::string> base_blueprint_id{};
    /// `build_finish_time_ms`, as the API calls it.
    std::optional<std::int64_t> build_finish_time_ms{};
    /// `containerized_services`, as the API calls it.
    std::optional<std::vector<ContainerizedService>> containerized_services{};
    /// `devbox_capabilities`, as the API calls it.
    std::optional<std::vector<DevboxCapability>> devbox_capabilities{};
    /// `failure_reason`, as the API calls it.
    std::optional<BlueprintFailureReason> failure_reason{};
    /// `is_public`, as the API calls it.
    std::optional<bool> is_public{};
    /// `metadata`, as the API calls it.
    std::optional<std::map<std::string, std::string>> metadata{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("id", self.id);
        visitor.member("create_time_ms", self.create_time_ms);
        visitor.member("name", self.name);
        visitor.member("parameters", self.parameters);
        visitor.member("state", self.state);
        visitor.member("status", self.status);
        visitor.member("base_blueprint_id", self.base_blueprint_id);
        visitor.member("build_finish_time_ms", self.build_finish_time_ms);
        visitor.member("containerized_services", self.containerized_services);
        visitor.member("devbox_capabilities", self.devbox_capabilities);
        visitor.member("failure_reason", self.failure_reason);
        visitor.member("is_public", self.is_public);
        visitor.member("metadata", self.metadata);
        visitor.rest(self.extra);
    }
};

/// Broker mount.
struct BrokerMount {
    /// `axon_id`, as the API calls it. Required.
    std::string axon_id{};
    /// `agent_binary`, as the API calls it.
    std::optional<std::string> agent_binary{};
    /// `launch_args`, as the API calls it.
    std::optional<std::vector<std::string>> launch_args{};
    /// `protocol`, as the API calls it.
    std::optional<BrokerMountProtocol> protocol{};
    /// `working_directory`, as the API calls it.
    std::optional<std::string> working_directory{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("axon_id", self.axon_id);
        visitor.constant("type", "broker_mount");
        visitor.member("agent_binary", self.agent_binary);
        visitor.member("launch_args", self.launch_args);
        visitor.member("protocol", self.protocol);
        visitor.member("working_directory", self.working_directory);
        visitor.rest(self.extra);
    }
};

/// Code mount.
struct CodeMount {
    /// `repo_name`, as the API calls it. Required.
    std::string repo_name{};
    /// `repo_owner`, as the API calls it. Required.
    std::string repo_owner{};
    /// `token`, as the API calls it.
    std::optional<std::string> token{};
    /// `git_ref`, as the API calls it.
    std::optional<std::string> git_ref{};
    /// `install_command`, as the API calls it.
    std::optional<std::string> install_command{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("repo_name", self.repo_name);
        visitor.member("repo_owner", self.repo_owner);
        visitor.constant("type", "code_mount");
        visitor.member("token", self.token);
        visitor.member("git_ref", self.git_ref);
        visitor.member("install_command", self.install_command);
        visitor.rest(self.extra);
    }
};

/// Custom header.
struct CustomHeader {
    /// `name`, as the API calls it.
    std::string name{};
    /// `secret`, as the API calls it.
    std::optional<std::string> secret{};
    /// `value`, as the API calls it.
    std::optional<std::string> value{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("name", self.name);
        visitor.member("secret", self.secret);
        visitor.member("value", self.value);
        visitor.rest(self.extra);
    }
};

/// Devbox async execution detail view.
struct DevboxAsyncExecutionDetailView {
    /// `devbox_id`, as the API calls it.
    std::string devbox_id{};
    /// `execution_id`, as the API calls it.
    std::string execution_id{};
    /// `status`, as the API calls it.
    ExecutionStatus status{};
    /// `exit_status`, as the API calls it.
    std::optional<std::int64_t> exit_status{};
    /// `stderr`, as the API calls it.
    std::optional<std::string> stderr{};
    /// `stderr_truncated`, as the API calls it.
    std::optional<bool> stderr_truncated{};
    /// `stdout`, as the API calls it.
    std::optional<std::string> stdout{};
    /// `stdout_truncated`, as the API calls it.
    std::optional<bool> stdout_truncated{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("devbox_id", self.devbox_id);
        visitor.member("execution_id", self.execution_id);
        visitor.member("status", self.status);
        visitor.member("exit_status", self.exit_status);
        visitor.member("stderr", self.stderr);
        visitor.member("stderr_truncated", self.stderr_truncated);
        visitor.member("stdout", self.stdout);
        visitor.member("stdout_truncated", self.stdout_truncated);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/devboxes/{id}/create_gateway_token`.
struct DevboxCreateGatewayTokenParams {
    /// `gateway`, as the API calls it. Required.
    std::string gateway{};
    /// `secret`, as the API calls it. Required.
    std::string secret{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("gateway", self.gateway);
        visitor.member("secret", self.secret);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/devboxes/{id}/create_mcp_token`.
struct DevboxCreateMcpTokenParams {
    /// `mcp_config`, as the API calls it. Required.
    std::string mcp_config{};
    /// `secret`, as the API calls it. Required.
    std::string secret{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("mcp_config", self.mcp_config);
        visitor.member("secret", self.secret);
        visitor.rest(self.extra);
    }
};

/// Devbox gateway.
struct DevboxGateway {
    /// `gateway`, as the API calls it. Required.
    std::string gateway{};
    /// `secret`, as the API calls it. Required.
    std::string secret{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("gateway", self.gateway);
        visitor.member("secret", self.secret);
        visitor.rest(self.extra);
    }
};

/// Devbox mcp.
struct DevboxMcp {
    /// `mcp_config`, as the API calls it. Required.
    std::string mcp_config{};
    /// `secret`, as the API calls it. Required.
    std::string secret{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("mcp_config", self.mcp_config);
        visitor.member("secret", self.secret);
        visitor.rest(self.extra);
    }
};

/// Object mount.
struct ObjectMount {
    /// `object_id`, as the API calls it. Required.
    std::string object_id{};
    /// `object_path`, as the API calls it. Required.
    std::string object_path{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("object_id", self.object_id);
        visitor.member("object_path", self.object_path);
        visitor.constant("type", "object_mount");
        visitor.rest(self.extra);
    }
};

/// File mount.
struct FileMount {
    /// `content`, as the API calls it. Required.
    std::string content{};
    /// `target`, as the API calls it. Required.
    std::string target{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("content", self.content);
        visitor.member("target", self.target);
        visitor.constant("type", "file_mount");
        visitor.rest(self.extra);
    }
};

/// Something put into a devbox's file system. Its `type` is sent by itself.
using Mount = std::variant<ObjectMount, CodeMount, FileMount, BrokerMount>;

/// Devbox tunnel.
struct DevboxTunnel {
    /// `auth_mode`, as the API calls it.
    std::optional<TunnelAuthMode> auth_mode{};
    /// `http_keep_alive`, as the API calls it.
    std::optional<bool> http_keep_alive{};
    /// `wake_on_http`, as the API calls it.
    std::optional<bool> wake_on_http{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("auth_mode", self.auth_mode);
        visitor.member("http_keep_alive", self.http_keep_alive);
        visitor.member("wake_on_http", self.wake_on_http);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/devboxes`.
struct DevboxCreateParams {
    /// `blueprint_id`, as the API calls it.
    std::optional<std::string> blueprint_id{};
    /// `blueprint_name`, as the API calls it.
    std::optional<std::string> blueprint_name{};
    /// `code_mounts`, as the API calls it.
    std::optional<std::vector<CodeMountParameters>> code_mounts{};
    /// `entrypoint`, as the API calls it.
    std::optional<std::string> entrypoint{};
    /// `environment_variables`, as the API calls it.
    std::optional<std::map<std::string, std::string>> environment_variables{};
    /// `file_mounts`, as the API calls it.
    std::optional<std::map<std::string, std::string>> file_mounts{};
    /// `gateways`, as the API calls it.
    std::optional<std::map<std::string, DevboxGateway>> gateways{};
    /// `launch_parameters`, as the API calls it.
    std::optional<LaunchParameters> launch_parameters{};
    /// `mcp`, as the API calls it.
    std::optional<std::map<std::string, DevboxMcp>> mcp{};
    /// `metadata`, as the API calls it.
    std::optional<std::map<std::string, std::string>> metadata{};
    /// `mounts`, as the API calls it.
    std::optional<std::vector<Mount>> mounts{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// `secrets`, as the API calls it.
    std::optional<std::map<std::string, std::string>> secrets{};
    /// `snapshot_id`, as the API calls it.
    std::optional<std::string> snapshot_id{};
    /// `tunnel`, as the API calls it.
    std::optional<DevboxTunnel> tunnel{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("blueprint_id", self.blueprint_id);
        visitor.member("blueprint_name", self.blueprint_name);
        visitor.member("code_mounts", self.code_mounts);
        visitor.member("entrypoint", self.entrypoint);
        visitor.member("environment_variables", self.environment_variables);
        visitor.member("file_mounts", self.file_mounts);
        visitor.member("gateways", self.gateways);
        visitor.member("launch_parameters", self.launch_parameters);
        visitor.member("mcp", self.mcp);
        visitor.member("metadata", self.metadata);
        visitor.member("mounts", self.mounts);
        visitor.member("name", self.name);
        visitor.member("secrets", self.secrets);
        visitor.member("snapshot_id", self.snapshot_id);
        visitor.member("tunnel", self.tunnel);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/devboxes/{id}/enable_tunnel`.
struct DevboxEnableTunnelParams {
    /// `auth_mode`, as the API calls it.
    std::optional<TunnelAuthMode> auth_mode{};
    /// `http_keep_alive`, as the API calls it.
    std::optional<bool> http_keep_alive{};
    /// `wake_on_http`, as the API calls it.
    std::optional<bool> wake_on_http{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("auth_mode", self.auth_mode);
        visitor.member("http_keep_alive", self.http_keep_alive);
        visitor.member("wake_on_http", self.wake_on_http);
        visitor.rest(self.extra);
    }
};

/// Devbox eviction event view.
struct DevboxEvictionEventView {
    /// `devbox_id`, as the API calls it.
    std::string devbox_id{};
    /// `eviction_deadline_ms`, as the API calls it.
    std::int64_t eviction_deadline_ms{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("devbox_id", self.devbox_id);
        visitor.member("eviction_deadline_ms", self.eviction_deadline_ms);
        visitor.rest(self.extra);
    }
};

/// Devbox execution detail view.
struct DevboxExecutionDetailView {
    /// `devbox_id`, as the API calls it.
    std::string devbox_id{};
    /// `exit_status`, as the API calls it.
    std::int64_t exit_status{};
    /// `stderr`, as the API calls it.
    std::string stderr{};
    /// `stdout`, as the API calls it.
    std::string stdout{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("devbox_id", self.devbox_id);
        visitor.member("exit_status", self.exit_status);
        visitor.member("stderr", self.stderr);
        visitor.member("stdout", self.stdout);
        visitor.rest(self.extra);
    }
};

/// What is asked of `GET /v1/devboxes`.
struct DevboxListParams {
    /// `limit`, as the API calls it.
    std::optional<std::int64_t> limit{};
    /// `status`, as the API calls it.
    std::optional<DevboxStatus> status{};
    /// Filters that this version has no name for, such as `metadata[team]`.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("limit", self.limit);
        visitor.member("status", self.status);
        visitor.rest(self.extra);
    }
};

/// Devbox log.
struct DevboxLog {
    /// `level`, as the API calls it.
    std::string level{};
    /// `source`, as the API calls it.
    DevboxLogSource source{};
    /// `timestamp_ms`, as the API calls it.
    std::int64_t timestamp_ms{};
    /// `cmd`, as the API calls it.
    std::optional<std::string> cmd{};
    /// `cmd_id`, as the API calls it.
    std::optional<std::string> cmd_id{};
    /// `exit_code`, as the API calls it.
    std::optional<std::int64_t> exit_code{};
    /// `message`, as the API calls it.
    std::optional<std::string> message{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("level", self.level);
        visitor.member("source", self.source);
        visitor.member("timestamp_ms", self.timestamp_ms);
        visitor.member("cmd", self.cmd);
        visitor.member("cmd_id", self.cmd_id);
        visitor.member("exit_code", self.exit_code);
        visitor.member("message", self.message);
        visitor.rest(self.extra);
    }
};

/// Devbox logs list view.
struct DevboxLogsListView {
    /// `logs`, as the API calls it.
    std::vector<DevboxLog> logs{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("logs", self.logs);
        visitor.rest(self.extra);
    }
};

/// What is asked of `GET /v1/devboxes/{id}/logs`.
struct DevboxLogsParams {
    /// `execution_id`, as the API calls it.
    std::optional<std::string> execution_id{};
    /// Filters that this version has no name for, such as `metadata[team]`.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("execution_id", self.execution_id);
        visitor.rest(self.extra);
    }
};

/// Devbox resource usage view.
struct DevboxResourceUsageView {
    /// The identifier.
    std::string id{};
    /// `disk_gb_seconds`, as the API calls it.
    std::int64_t disk_gb_seconds{};
    /// `memory_gb_seconds`, as the API calls it.
    std::int64_t memory_gb_seconds{};
    /// `start_time_ms`, as the API calls it.
    std::int64_t start_time_ms{};
    /// `status`, as the API calls it.
    std::string status{};
    /// `total_active_seconds`, as the API calls it.
    std::int64_t total_active_seconds{};
    /// `total_elapsed_seconds`, as the API calls it.
    std::int64_t total_elapsed_seconds{};
    /// `vcpu_seconds`, as the API calls it.
    std::int64_t vcpu_seconds{};
    /// `end_time_ms`, as the API calls it.
    std::optional<std::int64_t> end_time_ms{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("id", self.id);
        visitor.member("disk_gb_seconds", self.disk_gb_seconds);
        visitor.member("memory_gb_seconds", self.memory_gb_seconds);
        visitor.member("start_time_ms", self.start_time_ms);
        visitor.member("status", self.status);
        visitor.member("total_active_seconds", self.total_active_seconds);
        visitor.member("total_elapsed_seconds", self.total_elapsed_seconds);
        visitor.member("vcpu_seconds", self.vcpu_seconds);
        visitor.member("end_time_ms", self.end_time_ms);
        visitor.rest(self.extra);
    }
};

/// Devbox send std in result.
struct DevboxSendStdInResult {
    /// `devbox_id`, as the API calls it.
    std::string devbox_id{};
    /// `execution_id`, as the API calls it.
    std::string execution_id{};
    /// `success`, as the API calls it.
    bool success{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("devbox_id", self.devbox_id);
        visitor.member("execution_id", self.execution_id);
        visitor.member("success", self.success);
        visitor.rest(self.extra);
    }
};

/// Devbox snapshot view.
struct DevboxSnapshotView {
    /// The identifier.
    std::string id{};
    /// `create_time_ms`, as the API calls it.
    std::int64_t create_time_ms{};
    /// `metadata`, as the API calls it.
    std::map<std::string, std::string> metadata{};
    /// `source_devbox_id`, as the API calls it.
    std::string source_devbox_id{};
    /// `commit_message`, as the API calls it.
    std::optional<std::string> commit_message{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// `size_bytes`, as the API calls it.
    std::optional<std::int64_t> size_bytes{};
    /// `source_blueprint_id`, as the API calls it.
    std::optional<std::string> source_blueprint_id{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("id", self.id);
        visitor.member("create_time_ms", self.create_time_ms);
        visitor.member("metadata", self.metadata);
        visitor.member("source_devbox_id", self.source_devbox_id);
        visitor.member("commit_message", self.commit_message);
        visitor.member("name", self.name);
        visitor.member("size_bytes", self.size_bytes);
        visitor.member("source_blueprint_id", self.source_blueprint_id);
        visitor.rest(self.extra);
    }
};

/// Devbox snapshot async status view.
struct DevboxSnapshotAsyncStatusView {
    /// `status`, as the API calls it.
    DevboxSnapshotStatus status{};
    /// `error_message`, as the API calls it.
    std::optional<std::string> error_message{};
    /// `snapshot`, as the API calls it.
    std::optional<DevboxSnapshotView> snapshot{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("status", self.status);
        visitor.member("error_message", self.error_message);
        visitor.member("snapshot", self.snapshot);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/devboxes/{id}/snapshot_disk`.
struct DevboxSnapshotDiskParams {
    /// `commit_message`, as the API calls it.
    std::optional<std::string> commit_message{};
    /// `metadata`, as the API calls it.
    std::optional<std::map<std::string, std::string>> metadata{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("commit_message", self.commit_message);
        visitor.member("metadata", self.metadata);
        visitor.member("name", self.name);
        visitor.rest(self.extra);
    }
};

/// Devbox ssh key view.
struct DevboxSshKeyView {
    /// The identifier.
    std::string id{};
    /// `ssh_private_key`, as the API calls it.
    std::string ssh_private_key{};
    /// `ssh_user`, as the API calls it.
    std::string ssh_user{};
    /// `url`, as the API calls it.
    std::string url{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("id", self.id);
        visitor.member("ssh_private_key", self.ssh_private_key);
        visitor.member("ssh_user", self.ssh_user);
        visitor.member("url", self.url);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/devboxes/{id}`.
struct DevboxUpdateParams {
    /// `metadata`, as the API calls it.
    std::optional<std::map<std::string, std::string>> metadata{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("metadata", self.metadata);
        visitor.member("name", self.name);
        visitor.rest(self.extra);
    }
};

/// State transition.
struct StateTransition {
    /// `failure_reason`, as the API calls it.
    std::optional<std::string> failure_reason{};
    /// `status`, as the API calls it.
    std::optional<DevboxStatus> status{};
    /// `transition_time_ms`, as the API calls it.
    std::optional<Json> transition_time_ms{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("failure_reason", self.failure_reason);
        visitor.member("status", self.status);
        visitor.member("transition_time_ms", self.transition_time_ms);
        visitor.rest(self.extra);
    }
};

/// Gateway specs.
struct GatewaySpecs {
    /// `gateway_config_id`, as the API calls it.
    std::string gateway_config_id{};
    /// `secret_id`, as the API calls it.
    std::string secret_id{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("gateway_config_id", self.gateway_config_id);
        visitor.member("secret_id", self.secret_id);
        visitor.rest(self.extra);
    }
};

/// Mcp specs.
struct McpSpecs {
    /// `mcp_config_id`, as the API calls it.
    std::string mcp_config_id{};
    /// `secret_id`, as the API calls it.
    std::string secret_id{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("mcp_config_id", self.mcp_config_id);
        visitor.member("secret_id", self.secret_id);
        visitor.rest(self.extra);
    }
};

/// Tunnel view.
struct TunnelView {
    /// `auth_mode`, as the API calls it.
    TunnelAuthMode auth_mode{};
    /// `create_time_ms`, as the API calls it.
    std::int64_t create_time_ms{};
    /// `http_keep_alive`, as the API calls it.
    bool http_keep_alive{};
    /// `tunnel_key`, as the API calls it.
    std::string tunnel_key{};
    /// `wake_on_http`, as the API calls it.
    bool wake_on_http{};
    /// `auth_token`, as the API calls it.
    std::optional<std::string> auth_token{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("auth_mode", self.auth_mode);
        visitor.member("create_time_ms", self.create_time_ms);
        visitor.member("http_keep_alive", self.http_keep_alive);
        visitor.member("tunnel_key", self.tunnel_key);
        visitor.member("wake_on_http", self.wake_on_http);
        visitor.member("auth_token", self.auth_token);
        visitor.rest(self.extra);
    }
};

/// Devbox view.
struct DevboxView {
    /// The identifier.
    std::string id{};
    /// `capabilities`, as the API calls it.
    std::vector<DevboxCapability> capabilities{};
    /// `create_time_ms`, as the API calls it.
    std::int64_t create_time_ms{};
    /// `end_time_ms`, as the API calls it.
    std::optional<std::int64_t> end_time_ms{};
    /// `launch_parameters`, as the API calls it.
    LaunchParameters launch_parameters{};
    /// `metadata`, as the API calls it.
    std::map<std::string, std::string> metadata{};
    /// `state_transitions`, as the API calls it.
    std::vector<StateTransition> state_transitions{};
    /// `status`, as the API calls it.
    DevboxStatus status{};
    /// `blueprint_id`, as the API calls it.
    std::optional<std::string> blueprint_id{};
    /// `failure_reason`, as the API calls it.
    std::optional<DevboxFailureReason> failure_reason{};
    /// `gateway_specs`, as the API calls it.
    std::optional<std::map<std::string, GatewaySpecs>> gateway_specs{};
    /// `initiator_id`, as the API calls it.
    std::optional<std::string> initiator_id{};
    /// `initiator_type`, as the API calls it.
    std::optional<DevboxInitiatorType> initiator_type{};
    /// `mcp_specs`, as the API calls it.
    std::optional<std::map<std::string, McpSpecs>> mcp_specs{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// `shutdown_reason`, as the API calls it.
    std::optional<DevboxShutdownReason> shutdown_reason{};
    /// `snapshot_id`, as the API calls it.
    std::optional<std::string> snapshot_id{};
    /// `tunnel`, as the API calls it.
    std::optional<TunnelView> tunnel{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("id", self.id);
        visitor.member("capabilities", self.capabilities);
        visitor.member("create_time_ms", self.create_time_ms);
        visitor.member("end_time_ms", self.end_time_ms);
        visitor.member("launch_parameters", self.launch_parameters);
        visitor.member("metadata", self.metadata);
        visitor.member("state_transitions", self.state_transitions);
        visitor.member("status", self.status);
        visitor.member("blueprint_id", self.blueprint_id);
        visitor.member("failure_reason", self.failure_reason);
        visitor.member("gateway_specs", self.gateway_specs);
        visitor.member("initiator_id", self.initiator_id);
        visitor.member("initiator_type", self.initiator_type);
        visitor.member("mcp_specs", self.mcp_specs);
        visitor.member("name", self.name);
        visitor.member("shutdown_reason", self.shutdown_reason);
        visitor.member("snapshot_id", self.snapshot_id);
        visitor.member("tunnel", self.tunnel);
        visitor.rest(self.extra);
    }
};

/// Egress.
struct Egress {
    /// `allow_agent_gateway`, as the API calls it.
    bool allow_agent_gateway{};
    /// `allow_all`, as the API calls it.
    bool allow_all{};
    /// `allow_devbox_to_devbox`, as the API calls it.
    bool allow_devbox_to_devbox{};
    /// `allow_mcp_gateway`, as the API calls it.
    bool allow_mcp_gateway{};
    /// `allow_runloop_mirrors`, as the API calls it.
    bool allow_runloop_mirrors{};
    /// `allowed_cidrs`, as the API calls it.
    std::vector<AllowedCidr> allowed_cidrs{};
    /// `allowed_hostnames`, as the API calls it.
    std::vector<std::string> allowed_hostnames{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("allow_agent_gateway", self.allow_agent_gateway);
        visitor.member("allow_all", self.allow_all);
        visitor.member("allow_devbox_to_devbox", self.allow_devbox_to_devbox);
        visitor.member("allow_mcp_gateway", self.allow_mcp_gateway);
        visitor.member("allow_runloop_mirrors", self.allow_runloop_mirrors);
        visitor.member("allowed_cidrs", self.allowed_cidrs);
        visitor.member("allowed_hostnames", self.allowed_hostnames);
        visitor.rest(self.extra);
    }
};

/// Execution update chunk.
struct ExecutionUpdateChunk {
    /// `output`, as the API calls it.
    std::string output{};
    /// `offset`, as the API calls it.
    std::optional<std::int64_t> offset{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("output", self.output);
        visitor.member("offset", self.offset);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/gateway-configs`.
struct GatewayConfigCreateParams {
    /// `auth_mechanism`, as the API calls it. Required.
    AuthMechanism auth_mechanism{};
    /// `endpoint`, as the API calls it. Required.
    std::string endpoint{};
    /// `name`, as the API calls it. Required.
    std::string name{};
    /// `custom_headers`, as the API calls it.
    std::optional<std::vector<CustomHeader>> custom_headers{};
    /// `description`, as the API calls it.
    std::optional<std::string> description{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("auth_mechanism", self.auth_mechanism);
        visitor.member("endpoint", self.endpoint);
        visitor.member("name", self.name);
        visitor.member("custom_headers", self.custom_headers);
        visitor.member("description", self.description);
        visitor.rest(self.extra);
    }
};

/// What is asked of `GET /v1/gateway-configs`.
struct GatewayConfigListParams {
    /// The identifier.
    std::optional<std::string> id{};
    /// `limit`, as the API calls it.
    std::optional<std::int64_t> limit{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// `search`, as the API calls it.
    std::optional<std::string> search{};
    /// Filters that this version has no name for, such as `metadata[team]`.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("id", self.id);
        visitor.member("limit", self.limit);
        visitor.member("name", self.name);
        visitor.member("search", self.search);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/gateway-configs/{id}`.
struct GatewayConfigUpdateParams {
    /// `auth_mechanism`, as the API calls it.
    std::optional<AuthMechanism> auth_mechanism{};
    /// `custom_headers`, as the API calls it.
    std::optional<std::vector<CustomHeader>> custom_headers{};
    /// `description`, as the API calls it.
    std::optional<std::string> description{};
    /// `endpoint`, as the API calls it.
    std::optional<std::string> endpoint{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("auth_mechanism", self.auth_mechanism);
        visitor.member("custom_headers", self.custom_headers);
        visitor.member("description", self.description);
        visitor.member("endpoint", self.endpoint);
        visitor.member("name", self.name);
        visitor.rest(self.extra);
    }
};

/// Gateway config view.
struct GatewayConfigView {
    /// The identifier.
    std::string id{};
    /// `auth_mechanism`, as the API calls it.
    AuthMechanism auth_mechanism{};
    /// `create_time_ms`, as the API calls it.
    std::int64_t create_time_ms{};
    /// `endpoint`, as the API calls it.
    std::string endpoint{};
    /// `name`, as the API calls it.
    std::string name{};
    /// `account_id`, as the API calls it.
    std::optional<std::string> account_id{};
    /// `custom_headers`, as the API calls it.
    std::optional<std::vector<CustomHeader>> custom_headers{};
    /// `description`, as the API calls it.
    std::optional<std::string> description{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("id", self.id);
        visitor.member("auth_mechanism", self.auth_mechanism);
        visitor.member("create_time_ms", self.create_time_ms);
        visitor.member("endpoint", self.endpoint);
        visitor.member("name", self.name);
        visitor.member("account_id", self.account_id);
        visitor.member("custom_headers", self.custom_headers);
        visitor.member("description", self.description);
        visitor.rest(self.extra);
    }
};

/// Gateway token view.
struct GatewayTokenView {
    /// `token`, as the API calls it.
    std::string token{};
    /// `auth_mechanism`, as the API calls it.
    AuthMechanism auth_mechanism{};
    /// `devbox_id`, as the API calls it.
    std::string devbox_id{};
    /// `endpoint`, as the API calls it.
    std::string endpoint{};
    /// `gateway_config_id`, as the API calls it.
    std::string gateway_config_id{};
    /// `url`, as the API calls it.
    std::string url{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("token", self.token);
        visitor.member("auth_mechanism", self.auth_mechanism);
        visitor.member("devbox_id", self.devbox_id);
        visitor.member("endpoint", self.endpoint);
        visitor.member("gateway_config_id", self.gateway_config_id);
        visitor.member("url", self.url);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/mcp-configs`.
struct McpConfigCreateParams {
    /// `allowed_tools`, as the API calls it. Required.
    std::vector<std::string> allowed_tools{};
    /// `endpoint`, as the API calls it. Required.
    std::string endpoint{};
    /// `name`, as the API calls it. Required.
    std::string name{};
    /// `auth_mechanism`, as the API calls it.
    std::optional<AuthMechanism> auth_mechanism{};
    /// `custom_headers`, as the API calls it.
    std::optional<std::vector<CustomHeader>> custom_headers{};
    /// `description`, as the API calls it.
    std::optional<std::string> description{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("allowed_tools", self.allowed_tools);
        visitor.member("endpoint", self.endpoint);
        visitor.member("name", self.name);
        visitor.member("auth_mechanism", self.auth_mechanism);
        visitor.member("custom_headers", self.custom_headers);
        visitor.member("description", self.description);
        visitor.rest(self.extra);
    }
};

/// What is asked of `GET /v1/mcp-configs`.
struct McpConfigListParams {
    /// The identifier.
    std::optional<std::string> id{};
    /// `limit`, as the API calls it.
    std::optional<std::int64_t> limit{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// `search`, as the API calls it.
    std::optional<std::string> search{};
    /// Filters that this version has no name for, such as `metadata[team]`.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("id", self.id);
        visitor.member("limit", self.limit);
        visitor.member("name", self.name);
        visitor.member("search", self.search);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/mcp-configs/{id}`.
struct McpConfigUpdateParams {
    /// `allowed_tools`, as the API calls it.
    std::optional<std::vector<std::string>> allowed_tools{};
    /// `auth_mechanism`, as the API calls it.
    std::optional<AuthMechanism> auth_mechanism{};
    /// `custom_headers`, as the API calls it.
    std::optional<std::vector<CustomHeader>> custom_headers{};
    /// `description`, as the API calls it.
    std::optional<std::string> description{};
    /// `endpoint`, as the API calls it.
    std::optional<std::string> endpoint{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("allowed_tools", self.allowed_tools);
        visitor.member("auth_mechanism", self.auth_mechanism);
        visitor.member("custom_headers", self.custom_headers);
        visitor.member("description", self.description);
        visitor.member("endpoint", self.endpoint);
        visitor.member("name", self.name);
        visitor.rest(self.extra);
    }
};

/// Mcp config view.
struct McpConfigView {
    /// The identifier.
    std::string id{};
    /// `allowed_tools`, as the API calls it.
    std::vector<std::string> allowed_tools{};
    /// `auth_mechanism`, as the API calls it.
    AuthMechanism auth_mechanism{};
    /// `create_time_ms`, as the API calls it.
    std::int64_t create_time_ms{};
    /// `endpoint`, as the API calls it.
    std::string endpoint{};
    /// `name`, as the API calls it.
    std::string name{};
    /// `custom_headers`, as the API calls it.
    std::optional<std::vector<CustomHeader>> custom_headers{};
    /// `description`, as the API calls it.
    std::optional<std::string> description{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("id", self.id);
        visitor.member("allowed_tools", self.allowed_tools);
        visitor.member("auth_mechanism", self.auth_mechanism);
        visitor.member("create_time_ms", self.create_time_ms);
        visitor.member("endpoint", self.endpoint);
        visitor.member("name", self.name);
        visitor.member("custom_headers", self.custom_headers);
        visitor.member("description", self.description);
        visitor.rest(self.extra);
    }
};

/// Mcp token view.
struct McpTokenView {
    /// `token`, as the API calls it.
    std::string token{};
    /// `allowed_tools`, as the API calls it.
    std::vector<std::string> allowed_tools{};
    /// `devbox_id`, as the API calls it.
    std::string devbox_id{};
    /// `endpoint`, as the API calls it.
    std::string endpoint{};
    /// `mcp_config_id`, as the API calls it.
    std::string mcp_config_id{};
    /// `url`, as the API calls it.
    std::string url{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("token", self.token);
        visitor.member("allowed_tools", self.allowed_tools);
        visitor.member("devbox_id", self.devbox_id);
        visitor.member("endpoint", self.endpoint);
        visitor.member("mcp_config_id", self.mcp_config_id);
        visitor.member("url", self.url);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/network-policies`.
struct NetworkPolicyCreateParams {
    /// `name`, as the API calls it. Required.
    std::string name{};
    /// `allow_agent_gateway`, as the API calls it.
    std::optional<bool> allow_agent_gateway{};
    /// `allow_all`, as the API calls it.
    std::optional<bool> allow_all{};
    /// `allow_devbox_to_devbox`, as the API calls it.
    std::optional<bool> allow_devbox_to_devbox{};
    /// `allow_mcp_gateway`, as the API calls it.
    std::optional<bool> allow_mcp_gateway{};
    /// `allow_runloop_mirrors`, as the API calls it.
    std::optional<bool> allow_runloop_mirrors{};
    /// `allowed_cidrs`, as the API calls it.
    std::optional<std::vector<AllowedCidr>> allowed_cidrs{};
    /// `allowed_hostnames`, as the API calls it.
    std::optional<std::vector<std::string>> allowed_hostnames{};
    /// `description`, as the API calls it.
    std::optional<std::string> description{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("name", self.name);
        visitor.member("allow_agent_gateway", self.allow_agent_gateway);
        visitor.member("allow_all", self.allow_all);
        visitor.member("allow_devbox_to_devbox", self.allow_devbox_to_devbox);
        visitor.member("allow_mcp_gateway", self.allow_mcp_gateway);
        visitor.member("allow_runloop_mirrors", self.allow_runloop_mirrors);
        visitor.member("allowed_cidrs", self.allowed_cidrs);
        visitor.member("allowed_hostnames", self.allowed_hostnames);
        visitor.member("description", self.description);
        visitor.rest(self.extra);
    }
};

/// What is asked of `GET /v1/network-policies`.
struct NetworkPolicyListParams {
    /// The identifier.
    std::optional<std::string> id{};
    /// `limit`, as the API calls it.
    std::optional<std::int64_t> limit{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// `search`, as the API calls it.
    std::optional<std::string> search{};
    /// Filters that this version has no name for, such as `metadata[team]`.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("id", self.id);
        visitor.member("limit", self.limit);
        visitor.member("name", self.name);
        visitor.member("search", self.search);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/network-policies/{id}`.
struct NetworkPolicyUpdateParams {
    /// `allow_agent_gateway`, as the API calls it.
    std::optional<bool> allow_agent_gateway{};
    /// `allow_all`, as the API calls it.
    std::optional<bool> allow_all{};
    /// `allow_devbox_to_devbox`, as the API calls it.
    std::optional<bool> allow_devbox_to_devbox{};
    /// `allow_mcp_gateway`, as the API calls it.
    std::optional<bool> allow_mcp_gateway{};
    /// `allow_runloop_mirrors`, as the API calls it.
    std::optional<bool> allow_runloop_mirrors{};
    /// `allowed_cidrs`, as the API calls it.
    std::optional<std::vector<AllowedCidr>> allowed_cidrs{};
    /// `allowed_hostnames`, as the API calls it.
    std::optional<std::vector<std::string>> allowed_hostnames{};
    /// `description`, as the API calls it.
    std::optional<std::string> description{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("allow_agent_gateway", self.allow_agent_gateway);
        visitor.member("allow_all", self.allow_all);
        visitor.member("allow_devbox_to_devbox", self.allow_devbox_to_devbox);
        visitor.member("allow_mcp_gateway", self.allow_mcp_gateway);
        visitor.member("allow_runloop_mirrors", self.allow_runloop_mirrors);
        visitor.member("allowed_cidrs", self.allowed_cidrs);
        visitor.member("allowed_hostnames", self.allowed_hostnames);
        visitor.member("description", self.description);
        visitor.member("name", self.name);
        visitor.rest(self.extra);
    }
};

/// Network policy view.
struct NetworkPolicyView {
    /// The identifier.
    std::string id{};
    /// `create_time_ms`, as the API calls it.
    std::int64_t create_time_ms{};
    /// `egress`, as the API calls it.
    Egress egress{};
    /// `name`, as the API calls it.
    std::string name{};
    /// `update_time_ms`, as the API calls it.
    std::int64_t update_time_ms{};
    /// `description`, as the API calls it.
    std::optional<std::string> description{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("id", self.id);
        visitor.member("create_time_ms", self.create_time_ms);
        visitor.member("egress", self.egress);
        visitor.member("name", self.name);
        visitor.member("update_time_ms", self.update_time_ms);
        visitor.member("description", self.description);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/objects`.
struct ObjectCreateParams {
    /// `content_type`, as the API calls it. Required.
    ObjectContentType content_type{};
    /// `name`, as the API calls it. Required.
    std::string name{};
    /// `metadata`, as the API calls it.
    std::optional<std::map<std::string, std::string>> metadata{};
    /// `ttl_ms`, as the API calls it.
    std::optional<std::int64_t> ttl_ms{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("content_type", self.content_type);
        visitor.member("name", self.name);
        visitor.member("metadata", self.metadata);
        visitor.member("ttl_ms", self.ttl_ms);
        visitor.rest(self.extra);
    }
};

/// What is asked of `GET /v1/objects/{id}/download`.
struct ObjectDownloadParams {
    /// `duration_seconds`, as the API calls it.
    std::optional<std::int64_t> duration_seconds{};
    /// Filters that this version has no name for, such as `metadata[team]`.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("duration_seconds", self.duration_seconds);
        visitor.rest(self.extra);
    }
};

/// Object download url view.
struct ObjectDownloadUrlView {
    /// `download_url`, as the API calls it.
    std::string download_url{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("download_url", self.download_url);
        visitor.rest(self.extra);
    }
};

/// What is asked of `GET /v1/objects`.
struct ObjectListParams {
    /// `content_type`, as the API calls it.
    std::optional<ObjectContentType> content_type{};
    /// `limit`, as the API calls it.
    std::optional<std::int64_t> limit{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// `search`, as the API calls it.
    std::optional<std::string> search{};
    /// `state`, as the API calls it.
    std::optional<ObjectState> state{};
    /// Filters that this version has no name for, such as `metadata[team]`.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("content_type", self.content_type);
        visitor.member("limit", self.limit);
        visitor.member("name", self.name);
        visitor.member("search", self.search);
        visitor.member("state", self.state);
        visitor.rest(self.extra);
    }
};

/// Object view.
struct ObjectView {
    /// The identifier.
    std::string id{};
    /// `content_type`, as the API calls it.
    ObjectContentType content_type{};
    /// `create_time_ms`, as the API calls it.
    std::int64_t create_time_ms{};
    /// `name`, as the API calls it.
    std::string name{};
    /// `state`, as the API calls it.
    ObjectState state{};
    /// `delete_after_time_ms`, as the API calls it.
    std::optional<std::int64_t> delete_after_time_ms{};
    /// `metadata`, as the API calls it.
    std::optional<std::map<std::string, std::string>> metadata{};
    /// `size_bytes`, as the API calls it.
    std::optional<std::int64_t> size_bytes{};
    /// `upload_headers`, as the API calls it.
    std::optional<std::map<std::string, std::string>> upload_headers{};
    /// `upload_url`, as the API calls it.
    std::optional<std::string> upload_url{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("id", self.id);
        visitor.member("content_type", self.content_type);
        visitor.member("create_time_ms", self.create_time_ms);
        visitor.member("name", self.name);
        visitor.member("state", self.state);
        visitor.member("delete_after_time_ms", self.delete_after_time_ms);
        visitor.member("metadata", self.metadata);
        visitor.member("size_bytes", self.size_bytes);
        visitor.member("upload_headers", self.upload_headers);
        visitor.member("upload_url", self.upload_url);
        visitor.rest(self.extra);
    }
};

/// Pty tunnel view.
struct PtyTunnelView {
    /// `auth_token`, as the API calls it.
    std::string auth_token{};
    /// `tunnel_key`, as the API calls it.
    std::string tunnel_key{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("auth_token", self.auth_token);
        visitor.member("tunnel_key", self.tunnel_key);
        visitor.rest(self.extra);
    }
};

/// Publish result view.
struct PublishResultView {
    /// `sequence`, as the API calls it.
    std::int64_t sequence{};
    /// `timestamp_ms`, as the API calls it.
    std::int64_t timestamp_ms{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("sequence", self.sequence);
        visitor.member("timestamp_ms", self.timestamp_ms);
        visitor.rest(self.extra);
    }
};

/// Scope entry view.
struct ScopeEntryView {
    /// `access_level`, as the API calls it.
    std::optional<ScopeEntryAccessLevel> access_level{};
    /// `resource_type`, as the API calls it.
    std::optional<ScopeEntryResourceType> resource_type{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("access_level", self.access_level);
        visitor.member("resource_type", self.resource_type);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/restricted_keys`.
struct RestrictedKeyCreateParams {
    /// `expires_at_ms`, as the API calls it.
    std::optional<std::int64_t> expires_at_ms{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// `scopes`, as the API calls it.
    std::optional<std::vector<ScopeEntryView>> scopes{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("expires_at_ms", self.expires_at_ms);
        visitor.member("name", self.name);
        visitor.member("scopes", self.scopes);
        visitor.rest(self.extra);
    }
};

/// Restricted key created view.
struct RestrictedKeyCreatedView {
    /// The identifier.
    std::optional<std::string> id{};
    /// `expires_at_ms`, as the API calls it.
    std::optional<std::int64_t> expires_at_ms{};
    /// `key_secret`, as the API calls it.
    std::optional<std::string> key_secret{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// `scopes`, as the API calls it.
    std::optional<std::vector<ScopeEntryView>> scopes{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("id", self.id);
        visitor.member("expires_at_ms", self.expires_at_ms);
        visitor.member("key_secret", self.key_secret);
        visitor.member("name", self.name);
        visitor.member("scopes", self.scopes);
        visitor.rest(self.extra);
    }
};

/// What is asked of `GET /v1/secrets`.
struct SecretListParams {
    /// `limit`, as the API calls it.
    std::optional<std::int64_t> limit{};
    /// Filters that this version has no name for, such as `metadata[team]`.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("limit", self.limit);
        visitor.rest(self.extra);
    }
};

/// Secret view.
struct SecretView {
    /// The identifier.
    std::string id{};
    /// `create_time_ms`, as the API calls it.
    std::int64_t create_time_ms{};
    /// `name`, as the API calls it.
    std::string name{};
    /// `update_time_ms`, as the API calls it.
    std::int64_t update_time_ms{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("id", self.id);
        visitor.member("create_time_ms", self.create_time_ms);
        visitor.member("name", self.name);
        visitor.member("update_time_ms", self.update_time_ms);
        visitor.rest(self.extra);
    }
};

/// What is asked of `GET /v1/devboxes/disk_snapshots`.
struct SnapshotListParams {
    /// `devbox_id`, as the API calls it.
    std::optional<std::string> devbox_id{};
    /// `limit`, as the API calls it.
    std::optional<std::int64_t> limit{};
    /// `source_blueprint_id`, as the API calls it.
    std::optional<std::string> source_blueprint_id{};
    /// Filters that this version has no name for, such as `metadata[team]`.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("devbox_id", self.devbox_id);
        visitor.member("limit", self.limit);
        visitor.member("source_blueprint_id", self.source_blueprint_id);
        visitor.rest(self.extra);
    }
};

/// What is sent to `POST /v1/devboxes/disk_snapshots/{id}`.
struct SnapshotUpdateParams {
    /// `commit_message`, as the API calls it.
    std::optional<std::string> commit_message{};
    /// `metadata`, as the API calls it.
    std::optional<std::map<std::string, std::string>> metadata{};
    /// `name`, as the API calls it.
    std::optional<std::string> name{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("commit_message", self.commit_message);
        visitor.member("metadata", self.metadata);
        visitor.member("name", self.name);
        visitor.rest(self.extra);
    }
};

/// Sql step error view.
struct SqlStepErrorView {
    /// `message`, as the API calls it.
    std::string message{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("message", self.message);
        visitor.rest(self.extra);
    }
};

/// Sql column meta view.
struct SqlColumnMetaView {
    /// `name`, as the API calls it.
    std::string name{};
    /// `type`, as the API calls it.
    std::string type{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("name", self.name);
        visitor.member("type", self.type);
        visitor.rest(self.extra);
    }
};

/// Sql result meta view.
struct SqlResultMetaView {
    /// `changes`, as the API calls it.
    std::int64_t changes{};
    /// `duration_ms`, as the API calls it.
    double duration_ms{};
    /// `rows_read_limit_reached`, as the API calls it.
    bool rows_read_limit_reached{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("changes", self.changes);
        visitor.member("duration_ms", self.duration_ms);
        visitor.member("rows_read_limit_reached", self.rows_read_limit_reached);
        visitor.rest(self.extra);
    }
};

/// Sql query result view.
struct SqlQueryResultView {
    /// `columns`, as the API calls it.
    std::vector<SqlColumnMetaView> columns{};
    /// `meta`, as the API calls it.
    SqlResultMetaView meta{};
    /// `rows`, as the API calls it.
    std::vector<Json> rows{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("columns", self.columns);
        visitor.member("meta", self.meta);
        visitor.member("rows", self.rows);
        visitor.rest(self.extra);
    }
};

/// Sql step result view.
struct SqlStepResultView {
    /// `error`, as the API calls it.
    std::optional<SqlStepErrorView> error{};
    /// `success`, as the API calls it.
    std::optional<SqlQueryResultView> success{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("error", self.error);
        visitor.member("success", self.success);
        visitor.rest(self.extra);
    }
};

/// Sql batch result view.
struct SqlBatchResultView {
    /// `results`, as the API calls it.
    std::vector<SqlStepResultView> results{};
    /// Members that this version has no name for, or that are not of the kind above; sent, they win
    /// over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("results", self.results);
        visitor.rest(self.extra);
    }
};

RUNLOOP_END

#endif
