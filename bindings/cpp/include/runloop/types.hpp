// What requests hold and answers give, member by member.
//
// Made from spec/openapi.json by `make generate`; changes belong there, or in tools/surface.

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

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// Billing through the AWS marketplace.
struct BillingAws {
    /// The identifier of the customer.
    std::optional<std::string> customer_identifier{};
    /// The license.
    std::optional<std::string> license_arn{};
    /// Whether the subscription is active.
    std::optional<std::string> subscription_status{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// Billing through Stripe.
struct BillingStripe {
    /// The current subscription.
    std::optional<std::string> active_subscription{};
    /// The identifier of the customer.
    std::optional<std::string> customer_id{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("active_subscription", self.active_subscription);
        visitor.member("customer_id", self.customer_id);
        visitor.rest(self.extra);
    }
};

/// How an account is billed.
struct Billing {
    /// Who bills the account.
    AccountBillingType account_billing_type{};
    /// Details of billing through the AWS marketplace.
    std::optional<BillingAws> aws{};
    /// Details of billing through Stripe.
    std::optional<BillingStripe> stripe{};
    /// The identifier of the customer at Stripe.
    std::optional<std::string> stripe_customer_id{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// An account.
struct AccountView {
    /// The identifier.
    std::string id{};
    /// Whether the account can be used.
    AccountStatus account_status{};
    /// How the account is billed.
    Billing billing{};
    /// When it was created.
    std::string created_at{};
    /// The name of the account.
    std::string name{};
    /// The plan of the account.
    AccountTier tier{};
    /// Who bills the account.
    std::optional<AccountBillingType> account_billing_type{};
    /// The current subscription.
    std::optional<std::string> active_subscription{};
    /// The identifier of the account at the biller.
    std::optional<std::string> external_billing_account_id{};
    /// The identifier of the customer at Stripe.
    std::optional<std::string> stripe_customer_id{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// What happens to an idle devbox.
struct AfterIdle {
    /// How long the devbox must be idle, in seconds.
    std::int64_t idle_time_seconds{};
    /// What to do then.
    AfterIdleOnIdle on_idle{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("idle_time_seconds", self.idle_time_seconds);
        visitor.member("on_idle", self.on_idle);
        visitor.rest(self.extra);
    }
};

/// A port, or a range of ports.
struct PortRule {
    /// The port, or the first of a range.
    std::int64_t port{};
    /// The last port of a range.
    OptionalInt end_port{};
    /// The protocol; none means both.
    std::optional<PortRuleProtocol> protocol{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// An address range that can be reached.
struct AllowedCidr {
    /// The address range, such as `10.12.0.0/16`.
    std::string cidr{};
    /// The ports; empty means all.
    OptionalItems<std::vector<PortRule>> ports{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("cidr", self.cidr);
        visitor.member("ports", self.ports);
        visitor.rest(self.extra);
    }
};

/// The request body of `POST /v1/apikeys`.
struct ApiKeyCreateParams {
    /// When it expires, in milliseconds of Unix time.
    OptionalInt expires_at_ms{};
    /// The name.
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

/// A new API key with its secret, which is not returned again.
struct ApiKeyCreatedView {
    /// The identifier.
    std::optional<std::string> id{};
    /// When it expires, in milliseconds of Unix time.
    OptionalInt expires_at_ms{};
    /// The key itself. A credential.
    std::optional<std::string> key_secret{};
    /// The name.
    std::optional<std::string> name{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// How a gateway passes the credential in requests.
struct AuthMechanism {
    /// The mechanism, such as `bearer` or `header`.
    std::string type{};
    /// The name of the header that holds the credential, for the type `header`.
    std::optional<std::string> key{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("type", self.type);
        visitor.member("key", self.key);
        visitor.rest(self.extra);
    }
};

/// The request body of `POST /v1/axons`.
struct AxonCreateParams {
    /// Names and values; any.
    OptionalItems<std::map<std::string, std::string>> metadata{};
    /// The name.
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

/// The query parameters of `GET /v1/axons/{id}/events`.
struct AxonEventListParams {
    /// The number of items per page.
    OptionalInt limit{};
    /// Filters that this version has no name for, such as `metadata[team]`.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("limit", self.limit);
        visitor.rest(self.extra);
    }
};

/// An event of an axon.
struct AxonEventView {
    /// The axon.
    std::string axon_id{};
    /// The type of the event; any name.
    std::string event_type{};
    /// Who caused it.
    AxonEventOrigin origin{};
    /// The content of the event, usually JSON.
    std::string payload{};
    /// Its number among the axon's events.
    std::int64_t sequence{};
    /// Who published it, as the publisher states.
    std::string source{};
    /// The time, in milliseconds of Unix time.
    std::int64_t timestamp_ms{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The query parameters of `GET /v1/axons`.
struct AxonListParams {
    /// Only the one with this identifier.
    std::optional<std::string> id{};
    /// The number of items per page.
    OptionalInt limit{};
    /// Only those with this name.
    std::optional<std::string> name{};
    /// Only those whose name or identifier contains this text.
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

/// The request body of `POST /v1/axons/{id}/publish`.
struct AxonPublishParams {
    /// The type of the event; any name. Required.
    std::string event_type{};
    /// Who caused it. Required.
    AxonPublishOrigin origin{};
    /// The content of the event, usually JSON. Required.
    std::string payload{};
    /// Who publishes it; any name. Required.
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

/// A statement, and the values for its `?`.
struct SqlStatement {
    /// The statement, with `?` for each value. Required.
    std::string sql{};
    /// The values for each `?`, in order.
    OptionalItems<std::vector<Json>> params{};
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

/// The request body of `POST /v1/axons/{id}/sql/batch`.
struct AxonSqlBatchParams {
    /// The statements, in order. Required.
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

/// The request body of `POST /v1/axons/{id}/sql/query`.
struct AxonSqlQueryParams {
    /// The statement, with `?` for each value. Required.
    std::string sql{};
    /// The values for each `?`, in order.
    OptionalItems<std::vector<Json>> params{};
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

/// The request body of `POST /v1/axons/{id}`.
struct AxonUpdateParams {
    /// Names and values; any.
    OptionalItems<std::map<std::string, std::string>> metadata{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("metadata", self.metadata);
        visitor.rest(self.extra);
    }
};

/// An axon.
struct AxonView {
    /// The identifier.
    std::string id{};
    /// When it was created, in milliseconds of Unix time.
    std::int64_t created_at_ms{};
    /// Names and values; any.
    std::map<std::string, std::string> metadata{};
    /// When it was deleted, in milliseconds of Unix time.
    OptionalInt deleted_at_ms{};
    /// The name.
    std::optional<std::string> name{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// A line of a build's log.
struct BlueprintBuildLog {
    /// The severity.
    std::string level{};
    /// The message.
    std::string message{};
    /// The time, in milliseconds of Unix time.
    std::int64_t timestamp_ms{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The log of a blueprint's build.
struct BlueprintBuildLogsListView {
    /// The blueprint.
    std::string blueprint_id{};
    /// The lines, the oldest first.
    std::vector<BlueprintBuildLog> logs{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("blueprint_id", self.blueprint_id);
        visitor.member("logs", self.logs);
        visitor.rest(self.extra);
    }
};

/// An object with the files for the Dockerfile's COPY and ADD instructions.
struct BuildContext {
    /// The object; an archive.
    std::string object_id{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("object_id", self.object_id);
        visitor.constant("type", "object");
        visitor.rest(self.extra);
    }
};

/// A GitHub repository to clone.
struct CodeMountParameters {
    /// The name of the repository.
    std::string repo_name{};
    /// The owner of the repository.
    std::string repo_owner{};
    /// The token for fetching a private repository. A credential.
    std::optional<std::string> token{};
    /// The branch, tag or commit.
    std::optional<std::string> git_ref{};
    /// A command to run in it after cloning.
    std::optional<std::string> install_command{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// What runs before a devbox is suspended.
struct LifecycleHooks {
    /// Commands to run before it is suspended; it is suspended even if they fail.
    OptionalItems<std::vector<std::string>> suspend_commands{};
    /// The limit for these commands, in milliseconds. Default: 30,000; at most 60,000.
    OptionalInt suspend_deadline_ms{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("suspend_commands", self.suspend_commands);
        visitor.member("suspend_deadline_ms", self.suspend_deadline_ms);
        visitor.rest(self.extra);
    }
};

/// What resumes a suspended devbox.
struct ResumeTriggers {
    /// Whether events of an axon resume the devbox.
    OptionalBool axon_event{};
    /// Whether requests through its tunnel resume the devbox.
    OptionalBool http{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("axon_event", self.axon_event);
        visitor.member("http", self.http);
        visitor.rest(self.extra);
    }
};

/// When a devbox is suspended and resumed.
struct LifecycleConfiguration {
    /// What happens to an idle devbox.
    std::optional<AfterIdle> after_idle{};
    /// What runs before it is suspended.
    std::optional<LifecycleHooks> lifecycle_hooks{};
    /// What resumes it.
    std::optional<ResumeTriggers> resume_triggers{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The user that runs commands in a devbox.
struct UserParameters {
    /// The number of the user (uid).
    std::int64_t uid{};
    /// The name of the user.
    std::string username{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("uid", self.uid);
        visitor.member("username", self.username);
        visitor.rest(self.extra);
    }
};

/// The size of a devbox, and how it starts, idles and ends.
struct LaunchParameters {
    /// What happens to an idle devbox; `keep_alive_time_seconds` is then ignored. Prefer the one in
    /// `lifecycle`.
    std::optional<AfterIdle> after_idle{};
    /// The processor architecture. Default: x86_64.
    std::optional<LaunchParametersArchitecture> architecture{};
    /// Ignored by the service: a tunnel reaches all ports.
    OptionalItems<std::vector<std::int64_t>> available_ports{};
    /// The number of processor cores, for the size CUSTOM_SIZE: 0.5, 1, or an even number up to 16.
    OptionalDouble custom_cpu_cores{};
    /// The disk in GiB, for the size CUSTOM_SIZE: an even number from 2 to 64.
    OptionalInt custom_disk_size{};
    /// The memory in GiB, for the size CUSTOM_SIZE: 1, or an even number up to 64.
    OptionalInt custom_gb_memory{};
    /// How long it runs before it is shut down, unless it is kept alive, in seconds. Default: one
    /// hour; at most 48 hours.
    OptionalInt keep_alive_time_seconds{};
    /// Commands to run at each start, before the entrypoint.
    OptionalItems<std::vector<std::string>> launch_commands{};
    /// When it is suspended and resumed.
    std::optional<LifecycleConfiguration> lifecycle{};
    /// The network policy of the devbox.
    std::optional<std::string> network_policy_id{};
    /// Whether it is available at once, or later and can be withdrawn. Not final at the service.
    std::optional<LaunchParametersProvisioningTier> provisioning_tier{};
    /// The names of the blueprint's services to start with it.
    OptionalItems<std::vector<std::string>> required_services{};
    /// Its size; with CUSTOM_SIZE, as given by the `custom_…` fields.
    std::optional<LaunchParametersResourceSizeRequest> resource_size_request{};
    /// The user that runs its commands.
    std::optional<UserParameters> user_parameters{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The credentials for fetching a service's image.
struct ServiceCredentials {
    /// The password. A credential.
    std::string password{};
    /// The name of the user.
    std::string username{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("password", self.password);
        visitor.member("username", self.username);
        visitor.rest(self.extra);
    }
};

/// A container that devboxes of the blueprint can start.
struct Service {
    /// The image.
    std::string image{};
    /// The name by which a devbox requests it.
    std::string name{};
    /// The credentials for fetching the image.
    std::optional<ServiceCredentials> credentials{};
    /// Its environment variables.
    OptionalItems<std::map<std::string, std::string>> env{};
    /// Further options of the container, as for Docker.
    std::optional<std::string> options{};
    /// Port mappings between the devbox and the container, such as `8080:80`.
    OptionalItems<std::vector<std::string>> port_mappings{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The parameters that a blueprint was built with.
struct BlueprintBuildParameters {
    /// The name.
    std::string name{};
    /// The blueprint to build on.
    std::optional<std::string> base_blueprint_id{};
    /// The name of the blueprint to build on, the newest of that name; instead of
    /// `base_blueprint_id`.
    std::optional<std::string> base_blueprint_name{};
    /// Values of the Dockerfile's ARG instructions.
    OptionalItems<std::map<std::string, std::string>> build_args{};
    /// The files for the Dockerfile's COPY and ADD instructions.
    std::optional<BuildContext> build_context{};
    /// Repositories to clone.
    OptionalItems<std::vector<CodeMountParameters>> code_mounts{};
    /// The text of the Dockerfile.
    std::optional<std::string> dockerfile{};
    /// Files written before the build: paths and contents.
    OptionalItems<std::map<std::string, std::string>> file_mounts{};
    /// The size of its devboxes, and how they start, idle and end.
    std::optional<LaunchParameters> launch_parameters{};
    /// Names and values; any.
    OptionalItems<std::map<std::string, std::string>> metadata{};
    /// The network policy during the build.
    std::optional<std::string> network_policy_id{};
    /// Secrets that the build's commands received: the name of the variable, and of the secret.
    OptionalItems<std::map<std::string, std::string>> secrets{};
    /// Containers that its devboxes can start.
    OptionalItems<std::vector<Service>> services{};
    /// Commands to run during the build.
    OptionalItems<std::vector<std::string>> system_setup_commands{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The request body of `POST /v1/blueprints`.
struct BlueprintCreateParams {
    /// The name of the blueprint; a devbox created by name uses the newest blueprint of that name.
    /// Required.
    std::string name{};
    /// The blueprint to build on.
    std::optional<std::string> base_blueprint_id{};
    /// The name of the blueprint to build on, the newest of that name; instead of
    /// `base_blueprint_id`.
    std::optional<std::string> base_blueprint_name{};
    /// Values of the Dockerfile's ARG instructions.
    OptionalItems<std::map<std::string, std::string>> build_args{};
    /// The files for the Dockerfile's COPY and ADD instructions.
    std::optional<BuildContext> build_context{};
    /// Repositories to clone.
    OptionalItems<std::vector<CodeMountParameters>> code_mounts{};
    /// The text of the Dockerfile.
    std::optional<std::string> dockerfile{};
    /// Files to write before the build: paths and contents.
    OptionalItems<std::map<std::string, std::string>> file_mounts{};
    /// The size of its devboxes, and how they start, idle and end.
    std::optional<LaunchParameters> launch_parameters{};
    /// Names and values; any.
    OptionalItems<std::map<std::string, std::string>> metadata{};
    /// The network policy during the build. For devboxes created from the blueprint, set the one in
    /// `launch_parameters`.
    std::optional<std::string> network_policy_id{};
    /// Secrets for the build's commands: the name of the variable, and of the secret. They are not
    /// stored in the image.
    OptionalItems<std::map<std::string, std::string>> secrets{};
    /// Containers that its devboxes can start.
    OptionalItems<std::vector<Service>> services{};
    /// Commands to run during the build.
    OptionalItems<std::vector<std::string>> system_setup_commands{};
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

/// The query parameters of `GET /v1/blueprints`.
struct BlueprintListParams {
    /// The number of items per page.
    OptionalInt limit{};
    /// Only blueprints with this name.
    std::optional<std::string> name{};
    /// Only blueprints with this status.
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

/// The result of a preview.
struct BlueprintPreviewView {
    /// The text of the Dockerfile.
    std::string dockerfile{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("dockerfile", self.dockerfile);
        visitor.rest(self.extra);
    }
};

/// The credentials for fetching a service's image.
struct ContainerizedServiceCredentials {
    /// The password. A credential.
    std::string password{};
    /// The name of the user.
    std::string username{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("password", self.password);
        visitor.member("username", self.username);
        visitor.rest(self.extra);
    }
};

/// A container that can be started next to a devbox.
struct ContainerizedService {
    /// The image.
    std::string image{};
    /// The name by which a devbox requests it.
    std::string name{};
    /// The credentials for fetching the image.
    std::optional<ContainerizedServiceCredentials> credentials{};
    /// Its environment variables.
    OptionalItems<std::map<std::string, std::string>> env{};
    /// Further options of the container, as for Docker.
    std::optional<std::string> options{};
    /// Port mappings between the devbox and the container, such as `8080:80`.
    OptionalItems<std::vector<std::string>> port_mappings{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// A blueprint.
struct BlueprintView {
    /// The identifier.
    std::string id{};
    /// When it was created, in milliseconds of Unix time.
    std::int64_t create_time_ms{};
    /// The name.
    std::string name{};
    /// The parameters that it was built with.
    BlueprintBuildParameters parameters{};
    /// Whether the blueprint exists or has been deleted.
    BlueprintState state{};
    /// The progress of the build.
    BlueprintStatus status{};
    /// The blueprint to build on.
    std::optional<std::string> base_blueprint_id{};
    /// When the build ended, in milliseconds of Unix time.
    OptionalInt build_finish_time_ms{};
    /// The services that its devboxes can start.
    OptionalItems<std::vector<ContainerizedService>> containerized_services{};
    /// Additional capabilities of its devboxes.
    OptionalItems<std::vector<DevboxCapability>> devbox_capabilities{};
    /// Why the build failed.
    std::optional<BlueprintFailureReason> failure_reason{};
    /// Whether all accounts may use it.
    OptionalBool is_public{};
    /// Names and values; any.
    OptionalItems<std::map<std::string, std::string>> metadata{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// Delivers the events of an axon to an agent in the devbox.
struct BrokerMount {
    /// The axon. Required.
    std::string axon_id{};
    /// The program to start as the agent.
    std::optional<std::string> agent_binary{};
    /// The arguments of the agent.
    OptionalItems<std::vector<std::string>> launch_args{};
    /// The protocol by which the agent receives events.
    std::optional<BrokerMountProtocol> protocol{};
    /// The working directory of the agent. Default: the home directory.
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

/// A GitHub repository that is cloned into the devbox.
struct CodeMount {
    /// The name of the repository. Required.
    std::string repo_name{};
    /// The owner of the repository. Required.
    std::string repo_owner{};
    /// The token for fetching a private repository. A credential.
    std::optional<std::string> token{};
    /// The branch, tag or commit.
    std::optional<std::string> git_ref{};
    /// A command to run in it after cloning.
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

/// A header that a gateway adds to requests; its value is given directly, or is a secret.
struct CustomHeader {
    /// The name of the header.
    std::string name{};
    /// The secret that is the value of the header, by its identifier or name; instead of `value`.
    std::optional<std::string> secret{};
    /// The value.
    std::optional<std::string> value{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// An execution: its status and the last part of its output.
struct DevboxAsyncExecutionDetailView {
    /// The devbox.
    std::string devbox_id{};
    /// The execution.
    std::string execution_id{};
    /// Whether the command is queued, is running, or has completed.
    ExecutionStatus status{};
    /// The exit code, once the command has ended.
    OptionalInt exit_status{};
    /// The last part of its standard error.
    std::optional<std::string> stderr{};
    /// Whether `stderr` is only a part of it.
    OptionalBool stderr_truncated{};
    /// The last part of its standard output.
    std::optional<std::string> stdout{};
    /// Whether `stdout` is only a part of it.
    OptionalBool stdout_truncated{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The request body of `POST /v1/devboxes/{id}/create_gateway_token`.
struct DevboxCreateGatewayTokenParams {
    /// The gateway config, by its identifier or name. Required.
    std::string gateway{};
    /// The secret that is the credential, by its identifier or name. Required.
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

/// The request body of `POST /v1/devboxes/{id}/create_mcp_token`.
struct DevboxCreateMcpTokenParams {
    /// The MCP config, by its identifier or name. Required.
    std::string mcp_config{};
    /// The secret that is the credential, by its identifier or name. Required.
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

/// A gateway config that a devbox uses, and the secret for it.
struct DevboxGateway {
    /// The gateway config, by its identifier or name. Required.
    std::string gateway{};
    /// The secret that is the credential, by its identifier or name. Required.
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

/// An MCP config that a devbox uses, and the secret for it.
struct DevboxMcp {
    /// The MCP config, by its identifier or name. Required.
    std::string mcp_config{};
    /// The secret that is the credential, by its identifier or name. Required.
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

/// An object to put into the devbox; an archive is unpacked.
struct ObjectMount {
    /// The object. Required.
    std::string object_id{};
    /// The path in the devbox. Required.
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

/// A file with the given contents, written into the devbox.
struct FileMount {
    /// The contents of the file. Required.
    std::string content{};
    /// The path in the devbox. Required.
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

/// Something to mount in a devbox's file system. Its `type` is sent by itself.
using Mount = std::variant<ObjectMount, CodeMount, FileMount, BrokerMount>;

/// A tunnel to open when a devbox is created.
struct DevboxTunnel {
    /// Whether the URL alone gives access, or the token is required too. Default: open.
    std::optional<TunnelAuthMode> auth_mode{};
    /// Whether requests through the tunnel count as activity. Default: yes.
    OptionalBool http_keep_alive{};
    /// Whether requests through the tunnel resume the devbox. Default: no. Prefer
    /// `resume_triggers`.
    OptionalBool wake_on_http{};
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

/// The request body of `POST /v1/devboxes`.
struct DevboxCreateParams {
    /// The blueprint to create it from; at most one of this, `blueprint_name` and `snapshot_id`.
    std::optional<std::string> blueprint_id{};
    /// The name of the blueprint to create it from, the newest of that name.
    std::optional<std::string> blueprint_name{};
    /// Repositories to clone. Prefer `mounts`.
    OptionalItems<std::vector<CodeMountParameters>> code_mounts{};
    /// The main program of the devbox; when it ends, the devbox is shut down.
    std::optional<std::string> entrypoint{};
    /// Environment variables of its commands.
    OptionalItems<std::map<std::string, std::string>> environment_variables{};
    /// Files to write at the start: paths and contents. Prefer `mounts`.
    OptionalItems<std::map<std::string, std::string>> file_mounts{};
    /// The gateways that it uses, by the prefix of their environment variables, such as
    /// `GWS_ANTHROPIC`.
    OptionalItems<std::map<std::string, DevboxGateway>> gateways{};
    /// The size of its devboxes, and how they start, idle and end.
    std::optional<LaunchParameters> launch_parameters{};
    /// The MCP servers that it uses, by the name of the environment variable that receives the
    /// token.
    OptionalItems<std::map<std::string, DevboxMcp>> mcp{};
    /// Names and values; any.
    OptionalItems<std::map<std::string, std::string>> metadata{};
    /// What to mount in its file system.
    OptionalItems<std::vector<Mount>> mounts{};
    /// The name.
    std::optional<std::string> name{};
    /// Secrets to pass to it as environment variables: the name of the variable, and of the secret.
    OptionalItems<std::map<std::string, std::string>> secrets{};
    /// The disk snapshot to create it from.
    std::optional<std::string> snapshot_id{};
    /// A tunnel to open for it.
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

/// The request body of `POST /v1/devboxes/{id}/enable_tunnel`.
struct DevboxEnableTunnelParams {
    /// Whether the URL alone gives access, or the token is required too. Default: open.
    std::optional<TunnelAuthMode> auth_mode{};
    /// Whether requests through the tunnel count as activity. Default: yes.
    OptionalBool http_keep_alive{};
    /// Whether requests through the tunnel resume the devbox. Default: no. Prefer
    /// `resume_triggers`.
    OptionalBool wake_on_http{};
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

/// A devbox that the service is going to end.
struct DevboxEvictionEventView {
    /// The devbox.
    std::string devbox_id{};
    /// When it will be ended, in milliseconds of Unix time.
    std::int64_t eviction_deadline_ms{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("devbox_id", self.devbox_id);
        visitor.member("eviction_deadline_ms", self.eviction_deadline_ms);
        visitor.rest(self.extra);
    }
};

/// A command that has ended.
struct DevboxExecutionDetailView {
    /// The devbox.
    std::string devbox_id{};
    /// The exit code of the command.
    std::int64_t exit_status{};
    /// The last part of its standard error.
    std::string stderr{};
    /// The last part of its standard output.
    std::string stdout{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The query parameters of `GET /v1/devboxes`.
struct DevboxListParams {
    /// The number of items per page.
    OptionalInt limit{};
    /// Only devboxes with this status.
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

/// A line of a devbox's log.
struct DevboxLog {
    /// The severity.
    std::string level{};
    /// Where the line comes from.
    DevboxLogSource source{};
    /// The time, in milliseconds of Unix time.
    std::int64_t timestamp_ms{};
    /// The command that the line belongs to.
    std::optional<std::string> cmd{};
    /// The execution that the line belongs to.
    std::optional<std::string> cmd_id{};
    /// The exit code of the command.
    OptionalInt exit_code{};
    /// The message or output.
    std::optional<std::string> message{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The log of a devbox.
struct DevboxLogsListView {
    /// The lines, the oldest first.
    std::vector<DevboxLog> logs{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("logs", self.logs);
        visitor.rest(self.extra);
    }
};

/// The query parameters of `GET /v1/devboxes/{id}/logs`.
struct DevboxLogsParams {
    /// Only the logs of this execution.
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

/// The resource usage of a devbox so far.
struct DevboxResourceUsageView {
    /// The identifier.
    std::string id{};
    /// The disk usage, in GB times seconds.
    std::int64_t disk_gb_seconds{};
    /// The memory usage, in GB times seconds.
    std::int64_t memory_gb_seconds{};
    /// When it started, in milliseconds of Unix time.
    std::int64_t start_time_ms{};
    /// The devbox's status.
    std::string status{};
    /// How long it was running, in seconds.
    std::int64_t total_active_seconds{};
    /// The time from its start to its end, or until now, in seconds.
    std::int64_t total_elapsed_seconds{};
    /// The processor usage, in cores times seconds.
    std::int64_t vcpu_seconds{};
    /// When the devbox ended, in milliseconds of Unix time.
    OptionalInt end_time_ms{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// Whether a command received its input.
struct DevboxSendStdInResult {
    /// The devbox.
    std::string devbox_id{};
    /// The execution.
    std::string execution_id{};
    /// Whether the command received it.
    bool success{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// A snapshot of a devbox's disk.
struct DevboxSnapshotView {
    /// The identifier.
    std::string id{};
    /// When it was created, in milliseconds of Unix time.
    std::int64_t create_time_ms{};
    /// Names and values; any.
    std::map<std::string, std::string> metadata{};
    /// The devbox that it was taken of.
    std::string source_devbox_id{};
    /// A description; any text.
    std::optional<std::string> commit_message{};
    /// The name.
    std::optional<std::string> name{};
    /// The size, in bytes.
    OptionalInt size_bytes{};
    /// The blueprint from which its devbox was created, if any.
    std::optional<std::string> source_blueprint_id{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The progress of a snapshot, and the snapshot.
struct DevboxSnapshotAsyncStatusView {
    /// The progress of the snapshot.
    DevboxSnapshotStatus status{};
    /// Why it failed, if it did.
    std::optional<std::string> error_message{};
    /// The snapshot, once it exists.
    std::optional<DevboxSnapshotView> snapshot{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The request body of `POST /v1/devboxes/{id}/snapshot_disk`.
struct DevboxSnapshotDiskParams {
    /// A description; any text.
    std::optional<std::string> commit_message{};
    /// Names and values; any.
    OptionalItems<std::map<std::string, std::string>> metadata{};
    /// The name.
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

/// An SSH key for a devbox.
struct DevboxSshKeyView {
    /// The devbox's identifier.
    std::string id{};
    /// The private key. A credential.
    std::string ssh_private_key{};
    /// The user to log in as.
    std::string ssh_user{};
    /// The host for ssh.
    std::string url{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The request body of `POST /v1/devboxes/{id}`.
struct DevboxUpdateParams {
    /// Names and values; any.
    OptionalItems<std::map<std::string, std::string>> metadata{};
    /// The name.
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

/// A change of a devbox's status.
struct StateTransition {
    /// The failure that caused the change, if any.
    std::optional<std::string> failure_reason{};
    /// The new status.
    std::optional<DevboxStatus> status{};
    /// The time, in milliseconds of Unix time.
    std::optional<Json> transition_time_ms{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// A gateway config that a devbox uses, and the secret for it.
struct GatewaySpecs {
    /// The gateway config.
    std::string gateway_config_id{};
    /// The secret that is the credential.
    std::string secret_id{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("gateway_config_id", self.gateway_config_id);
        visitor.member("secret_id", self.secret_id);
        visitor.rest(self.extra);
    }
};

/// An MCP config that a devbox uses, and the secret for it.
struct McpSpecs {
    /// The MCP config.
    std::string mcp_config_id{};
    /// The secret that is the credential.
    std::string secret_id{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("mcp_config_id", self.mcp_config_id);
        visitor.member("secret_id", self.secret_id);
        visitor.rest(self.extra);
    }
};

/// A devbox's tunnel, which makes its ports reachable at
/// `https://{port}-{tunnel_key}.tunnel.runloop.ai`.
struct TunnelView {
    /// Whether the URL alone gives access, or the token is required too. Default: open.
    TunnelAuthMode auth_mode{};
    /// When it was created, in milliseconds of Unix time.
    std::int64_t create_time_ms{};
    /// Whether requests through the tunnel count as activity. Default: yes.
    bool http_keep_alive{};
    /// The key that is part of the tunnel's URLs.
    std::string tunnel_key{};
    /// Whether requests through the tunnel resume the devbox. Default: no. Prefer
    /// `resume_triggers`.
    bool wake_on_http{};
    /// The token for the header `X-Runloop-Tunnel-Authorization: Bearer`, if the tunnel requires
    /// it. A credential.
    std::optional<std::string> auth_token{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// A devbox.
struct DevboxView {
    /// The identifier.
    std::string id{};
    /// Additional capabilities.
    std::vector<DevboxCapability> capabilities{};
    /// When it was created, in milliseconds of Unix time.
    std::int64_t create_time_ms{};
    /// When the devbox ended, in milliseconds of Unix time.
    OptionalInt end_time_ms{};
    /// The parameters that it was launched with.
    LaunchParameters launch_parameters{};
    /// Names and values; any.
    std::map<std::string, std::string> metadata{};
    /// The changes of its status, the oldest first.
    std::vector<StateTransition> state_transitions{};
    /// Its current status.
    DevboxStatus status{};
    /// The blueprint that it was created from, if any.
    std::optional<std::string> blueprint_id{};
    /// Why the devbox failed.
    std::optional<DevboxFailureReason> failure_reason{};
    /// The gateways that it uses, by the prefix of their environment variables.
    OptionalItems<std::map<std::string, GatewaySpecs>> gateway_specs{};
    /// Who or what created it.
    std::optional<std::string> initiator_id{};
    /// How it was created.
    std::optional<DevboxInitiatorType> initiator_type{};
    /// The MCP servers that it uses, by the name of the environment variable that holds the token.
    OptionalItems<std::map<std::string, McpSpecs>> mcp_specs{};
    /// The name.
    std::optional<std::string> name{};
    /// Why it was shut down.
    std::optional<DevboxShutdownReason> shutdown_reason{};
    /// The disk snapshot that it was created from, if any.
    std::optional<std::string> snapshot_id{};
    /// Its tunnel, if any.
    std::optional<TunnelView> tunnel{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// What devboxes can reach.
struct Egress {
    /// Whether the gateways to APIs can be reached. Default: no.
    bool allow_agent_gateway{};
    /// Whether everything can be reached. Default: no.
    bool allow_all{};
    /// Whether the account's other devboxes can be reached, through their tunnels. Default: no.
    bool allow_devbox_to_devbox{};
    /// Whether the gateway to MCP servers can be reached. Default: no.
    bool allow_mcp_gateway{};
    /// Whether the service's mirrors of package and image registries can be reached. Default: no.
    bool allow_runloop_mirrors{};
    /// Address ranges that can be reached, in addition to `allowed_hostnames`.
    std::vector<AllowedCidr> allowed_cidrs{};
    /// Hosts that can be reached, such as `github.com` or `*.example.com`.
    std::vector<std::string> allowed_hostnames{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// A piece of a command's output.
struct ExecutionUpdateChunk {
    /// The text.
    std::string output{};
    /// The position in the whole output.
    OptionalInt offset{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("output", self.output);
        visitor.member("offset", self.offset);
        visitor.rest(self.extra);
    }
};

/// The request body of `POST /v1/gateway-configs`.
struct GatewayConfigCreateParams {
    /// How requests carry the credential. Required.
    AuthMechanism auth_mechanism{};
    /// The URL of the API. Required.
    std::string endpoint{};
    /// The name. Required.
    std::string name{};
    /// Headers to add to requests.
    OptionalItems<std::vector<CustomHeader>> custom_headers{};
    /// A description; any text.
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

/// The query parameters of `GET /v1/gateway-configs`.
struct GatewayConfigListParams {
    /// Only the one with this identifier.
    std::optional<std::string> id{};
    /// The number of items per page.
    OptionalInt limit{};
    /// Only those with this name.
    std::optional<std::string> name{};
    /// Only those whose name or identifier contains this text.
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

/// The request body of `POST /v1/gateway-configs/{id}`.
struct GatewayConfigUpdateParams {
    /// How requests carry the credential.
    std::optional<AuthMechanism> auth_mechanism{};
    /// Headers to add to requests.
    OptionalItems<std::vector<CustomHeader>> custom_headers{};
    /// A description; any text.
    std::optional<std::string> description{};
    /// The URL of the API.
    std::optional<std::string> endpoint{};
    /// The name.
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

/// A gateway config.
struct GatewayConfigView {
    /// The identifier.
    std::string id{};
    /// How requests carry the credential.
    AuthMechanism auth_mechanism{};
    /// When it was created, in milliseconds of Unix time.
    std::int64_t create_time_ms{};
    /// The URL of the API.
    std::string endpoint{};
    /// The name.
    std::string name{};
    /// The account that it belongs to.
    std::optional<std::string> account_id{};
    /// Headers to add to requests.
    OptionalItems<std::vector<CustomHeader>> custom_headers{};
    /// A description; any text.
    std::optional<std::string> description{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// A token with which programs in a devbox call an API through a gateway.
struct GatewayTokenView {
    /// The token that authenticates them. A credential.
    std::string token{};
    /// How requests carry the credential.
    AuthMechanism auth_mechanism{};
    /// The devbox.
    std::string devbox_id{};
    /// The API that the gateway forwards requests to.
    std::string endpoint{};
    /// The gateway config.
    std::string gateway_config_id{};
    /// The URL to which programs in the devbox send their requests.
    std::string url{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The request body of `POST /v1/mcp-configs`.
struct McpConfigCreateParams {
    /// The tools that may be used, as patterns, such as `*` or `github.get_*`. Required.
    std::vector<std::string> allowed_tools{};
    /// The URL of the MCP server. Required.
    std::string endpoint{};
    /// The name. Required.
    std::string name{};
    /// How requests carry the credential.
    std::optional<AuthMechanism> auth_mechanism{};
    /// Headers to add to requests.
    OptionalItems<std::vector<CustomHeader>> custom_headers{};
    /// A description; any text.
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

/// The query parameters of `GET /v1/mcp-configs`.
struct McpConfigListParams {
    /// Only the one with this identifier.
    std::optional<std::string> id{};
    /// The number of items per page.
    OptionalInt limit{};
    /// Only those with this name.
    std::optional<std::string> name{};
    /// Only those whose name or identifier contains this text.
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

/// The request body of `POST /v1/mcp-configs/{id}`.
struct McpConfigUpdateParams {
    /// The tools that may be used, as patterns, such as `*` or `github.get_*`.
    OptionalItems<std::vector<std::string>> allowed_tools{};
    /// How requests carry the credential.
    std::optional<AuthMechanism> auth_mechanism{};
    /// Headers to add to requests.
    OptionalItems<std::vector<CustomHeader>> custom_headers{};
    /// A description; any text.
    std::optional<std::string> description{};
    /// The URL of the MCP server.
    std::optional<std::string> endpoint{};
    /// The name.
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

/// An MCP config.
struct McpConfigView {
    /// The identifier.
    std::string id{};
    /// The tools that may be used, as patterns, such as `*` or `github.get_*`.
    std::vector<std::string> allowed_tools{};
    /// How requests carry the credential.
    AuthMechanism auth_mechanism{};
    /// When it was created, in milliseconds of Unix time.
    std::int64_t create_time_ms{};
    /// The URL of the MCP server.
    std::string endpoint{};
    /// The name.
    std::string name{};
    /// Headers to add to requests.
    OptionalItems<std::vector<CustomHeader>> custom_headers{};
    /// A description; any text.
    std::optional<std::string> description{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// A token with which programs in a devbox call an MCP server through a gateway.
struct McpTokenView {
    /// The token that authenticates them. A credential.
    std::string token{};
    /// The tools that may be used, as patterns, such as `*` or `github.get_*`.
    std::vector<std::string> allowed_tools{};
    /// The devbox.
    std::string devbox_id{};
    /// The MCP server that the gateway forwards requests to.
    std::string endpoint{};
    /// The MCP config.
    std::string mcp_config_id{};
    /// The URL to which programs in the devbox send their requests.
    std::string url{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The request body of `POST /v1/network-policies`.
struct NetworkPolicyCreateParams {
    /// The name. Required.
    std::string name{};
    /// Whether the gateways to APIs can be reached. Default: no.
    OptionalBool allow_agent_gateway{};
    /// Whether everything can be reached. Default: no.
    OptionalBool allow_all{};
    /// Whether the account's other devboxes can be reached, through their tunnels. Default: no.
    OptionalBool allow_devbox_to_devbox{};
    /// Whether the gateway to MCP servers can be reached. Default: no.
    OptionalBool allow_mcp_gateway{};
    /// Whether the service's mirrors of package and image registries can be reached. Default: no.
    OptionalBool allow_runloop_mirrors{};
    /// Address ranges that can be reached, in addition to `allowed_hostnames`.
    OptionalItems<std::vector<AllowedCidr>> allowed_cidrs{};
    /// Hosts that can be reached, such as `github.com` or `*.example.com`.
    OptionalItems<std::vector<std::string>> allowed_hostnames{};
    /// A description; any text.
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

/// The query parameters of `GET /v1/network-policies`.
struct NetworkPolicyListParams {
    /// Only the one with this identifier.
    std::optional<std::string> id{};
    /// The number of items per page.
    OptionalInt limit{};
    /// Only those with this name.
    std::optional<std::string> name{};
    /// Only those whose name or identifier contains this text.
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

/// The request body of `POST /v1/network-policies/{id}`.
struct NetworkPolicyUpdateParams {
    /// Whether the gateways to APIs can be reached. Default: no.
    OptionalBool allow_agent_gateway{};
    /// Whether everything can be reached. Default: no.
    OptionalBool allow_all{};
    /// Whether the account's other devboxes can be reached, through their tunnels. Default: no.
    OptionalBool allow_devbox_to_devbox{};
    /// Whether the gateway to MCP servers can be reached. Default: no.
    OptionalBool allow_mcp_gateway{};
    /// Whether the service's mirrors of package and image registries can be reached. Default: no.
    OptionalBool allow_runloop_mirrors{};
    /// Address ranges that can be reached, in addition to `allowed_hostnames`.
    OptionalItems<std::vector<AllowedCidr>> allowed_cidrs{};
    /// Hosts that can be reached, such as `github.com` or `*.example.com`.
    OptionalItems<std::vector<std::string>> allowed_hostnames{};
    /// A description; any text.
    std::optional<std::string> description{};
    /// The name.
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

/// A network policy.
struct NetworkPolicyView {
    /// The identifier.
    std::string id{};
    /// When it was created, in milliseconds of Unix time.
    std::int64_t create_time_ms{};
    /// What can be reached.
    Egress egress{};
    /// The name.
    std::string name{};
    /// When it was last changed, in milliseconds of Unix time.
    std::int64_t update_time_ms{};
    /// A description; any text.
    std::optional<std::string> description{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The request body of `POST /v1/objects`.
struct ObjectCreateParams {
    /// The type of the content. Required.
    ObjectContentType content_type{};
    /// The name of the object. Required.
    std::string name{};
    /// Names and values; any.
    OptionalItems<std::map<std::string, std::string>> metadata{};
    /// After how many milliseconds it is deleted. Default: never.
    OptionalInt ttl_ms{};
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

/// The query parameters of `GET /v1/objects/{id}/download`.
struct ObjectDownloadParams {
    /// How long the URL is valid, in seconds.
    OptionalInt duration_seconds{};
    /// Filters that this version has no name for, such as `metadata[team]`.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("duration_seconds", self.duration_seconds);
        visitor.rest(self.extra);
    }
};

/// The URL for downloading an object's content.
struct ObjectDownloadUrlView {
    /// The signed URL. A credential.
    std::string download_url{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("download_url", self.download_url);
        visitor.rest(self.extra);
    }
};

/// The query parameters of `GET /v1/objects`.
struct ObjectListParams {
    /// Only those with this type of content.
    std::optional<ObjectContentType> content_type{};
    /// The number of items per page.
    OptionalInt limit{};
    /// Only those with this name.
    std::optional<std::string> name{};
    /// Only those whose name or identifier contains this text.
    std::optional<std::string> search{};
    /// Only those in this state.
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

/// An object in the storage.
struct ObjectView {
    /// The identifier.
    std::string id{};
    /// The type of the content.
    ObjectContentType content_type{};
    /// When it was created, in milliseconds of Unix time.
    std::int64_t create_time_ms{};
    /// The name.
    std::string name{};
    /// Whether the object awaits its content, can be read, or has been deleted.
    ObjectState state{};
    /// When it will be deleted, in milliseconds of Unix time.
    OptionalInt delete_after_time_ms{};
    /// Names and values; any.
    OptionalItems<std::map<std::string, std::string>> metadata{};
    /// The size, in bytes.
    OptionalInt size_bytes{};
    /// The headers to send with the content.
    OptionalItems<std::map<std::string, std::string>> upload_headers{};
    /// The signed URL for uploading the content. A credential.
    std::optional<std::string> upload_url{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// A tunnel to a terminal in a devbox.
struct PtyTunnelView {
    /// The token that authenticates a connection. A credential.
    std::string auth_token{};
    /// The key that is part of the tunnel's URLs.
    std::string tunnel_key{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("auth_token", self.auth_token);
        visitor.member("tunnel_key", self.tunnel_key);
        visitor.rest(self.extra);
    }
};

/// The result of publishing an event.
struct PublishResultView {
    /// Its number among the axon's events.
    std::int64_t sequence{};
    /// The time, in milliseconds of Unix time.
    std::int64_t timestamp_ms{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("sequence", self.sequence);
        visitor.member("timestamp_ms", self.timestamp_ms);
        visitor.rest(self.extra);
    }
};

/// What a restricted key permits for one type of resource.
struct ScopeEntryView {
    /// The permitted access.
    std::optional<ScopeEntryAccessLevel> access_level{};
    /// The type of resource.
    std::optional<ScopeEntryResourceType> resource_type{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("access_level", self.access_level);
        visitor.member("resource_type", self.resource_type);
        visitor.rest(self.extra);
    }
};

/// The request body of `POST /v1/restricted_keys`.
struct RestrictedKeyCreateParams {
    /// When it expires, in milliseconds of Unix time.
    OptionalInt expires_at_ms{};
    /// The name.
    std::optional<std::string> name{};
    /// What the key permits.
    OptionalItems<std::vector<ScopeEntryView>> scopes{};
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

/// A new restricted key with its secret, which is not returned again.
struct RestrictedKeyCreatedView {
    /// The identifier.
    std::optional<std::string> id{};
    /// When it expires, in milliseconds of Unix time.
    OptionalInt expires_at_ms{};
    /// The key itself. A credential.
    std::optional<std::string> key_secret{};
    /// The name.
    std::optional<std::string> name{};
    /// What the key permits.
    OptionalItems<std::vector<ScopeEntryView>> scopes{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The query parameters of `GET /v1/secrets`.
struct SecretListParams {
    /// The number of items per page.
    OptionalInt limit{};
    /// Filters that this version has no name for, such as `metadata[team]`.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("limit", self.limit);
        visitor.rest(self.extra);
    }
};

/// A secret, without its value.
struct SecretView {
    /// The identifier.
    std::string id{};
    /// When it was created, in milliseconds of Unix time.
    std::int64_t create_time_ms{};
    /// The name of the secret.
    std::string name{};
    /// When it was last changed, in milliseconds of Unix time.
    std::int64_t update_time_ms{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The query parameters of `GET /v1/devboxes/disk_snapshots`.
struct SnapshotListParams {
    /// Only snapshots of this devbox.
    std::optional<std::string> devbox_id{};
    /// The number of items per page.
    OptionalInt limit{};
    /// Only snapshots of devboxes that were created from this blueprint.
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

/// The request body of `POST /v1/devboxes/disk_snapshots/{id}`.
struct SnapshotUpdateParams {
    /// A description; any text.
    std::optional<std::string> commit_message{};
    /// Names and values; any.
    OptionalItems<std::map<std::string, std::string>> metadata{};
    /// The name.
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

/// Why a statement failed.
struct SqlStepErrorView {
    /// The error message of the database.
    std::string message{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("message", self.message);
        visitor.rest(self.extra);
    }
};

/// A column of a statement's result.
struct SqlColumnMetaView {
    /// The name of the column.
    std::string name{};
    /// The declared type of the column; empty if there is none.
    std::string type{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("name", self.name);
        visitor.member("type", self.type);
        visitor.rest(self.extra);
    }
};

/// Details of the execution of a statement.
struct SqlResultMetaView {
    /// The number of rows that were changed.
    std::int64_t changes{};
    /// How long it took, in milliseconds.
    double duration_ms{};
    /// Whether the limit on rows to read was reached.
    bool rows_read_limit_reached{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The result of a statement.
struct SqlQueryResultView {
    /// The columns of the rows.
    std::vector<SqlColumnMetaView> columns{};
    /// Details of the execution.
    SqlResultMetaView meta{};
    /// The rows, each an array of values.
    std::vector<Json> rows{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
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

/// The result of one of several statements, or its error.
struct SqlStepResultView {
    /// Why the statement failed, if it did.
    std::optional<SqlStepErrorView> error{};
    /// The result of the statement, if it succeeded.
    std::optional<SqlQueryResultView> success{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("error", self.error);
        visitor.member("success", self.success);
        visitor.rest(self.extra);
    }
};

/// The results of several statements.
struct SqlBatchResultView {
    /// The result of each statement, in order.
    std::vector<SqlStepResultView> results{};
    /// Members that this version has no name for, or whose type is not the one above; when sent,
    /// they override those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("results", self.results);
        visitor.rest(self.extra);
    }
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
