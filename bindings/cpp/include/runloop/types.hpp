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

/// An account that pays through the AWS marketplace.
struct BillingAws {
    /// The customer's identifier.
    std::optional<std::string> customer_identifier{};
    /// The licence.
    std::optional<std::string> license_arn{};
    /// Whether the subscription is in force.
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

/// An account that pays through Stripe.
struct BillingStripe {
    /// The subscription that is in force.
    std::optional<std::string> active_subscription{};
    /// The customer's identifier.
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

/// How an account pays.
struct Billing {
    /// By whom the account is billed.
    AccountBillingType account_billing_type{};
    /// What there is for one that pays through the AWS marketplace.
    std::optional<BillingAws> aws{};
    /// What there is for one that pays through Stripe.
    std::optional<BillingStripe> stripe{};
    /// The customer's identifier at Stripe.
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

/// An account.
struct AccountView {
    /// The identifier.
    std::string id{};
    /// Whether the account can be used.
    AccountStatus account_status{};
    /// How the account pays.
    Billing billing{};
    /// When it was created.
    std::string created_at{};
    /// The account's name.
    std::string name{};
    /// What the account may use.
    AccountTier tier{};
    /// By whom the account is billed.
    std::optional<AccountBillingType> account_billing_type{};
    /// The subscription that is in force.
    std::optional<std::string> active_subscription{};
    /// The account's identifier at whoever bills it.
    std::optional<std::string> external_billing_account_id{};
    /// The customer's identifier at Stripe.
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

/// What becomes of a devbox in which nothing happens.
struct AfterIdle {
    /// How long nothing has to happen.
    std::int64_t idle_time_seconds{};
    /// What becomes of it then.
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

/// A port, or a range of ports.
struct PortRule {
    /// The port, or the first of a range.
    std::int64_t port{};
    /// The last port of a range.
    std::optional<std::int64_t> end_port{};
    /// Of which protocol; of both where there is none.
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

/// A range of addresses that may be reached.
struct AllowedCidr {
    /// The range, such as `10.12.0.0/16`.
    std::string cidr{};
    /// The ports of it; all where there are none.
    OptionalItems<std::vector<PortRule>> ports{};
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
    /// Until when it is good, in milliseconds of Unix time.
    std::optional<std::int64_t> expires_at_ms{};
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

/// A new API key, with its secret: nothing shows that again.
struct ApiKeyCreatedView {
    /// The identifier.
    std::optional<std::string> id{};
    /// Until when it is good, in milliseconds of Unix time.
    std::optional<std::int64_t> expires_at_ms{};
    /// The key itself. A credential.
    std::optional<std::string> key_secret{};
    /// The name.
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

/// How a gateway puts the credential into requests.
struct AuthMechanism {
    /// How: `bearer` or `header`, for instance.
    std::string type{};
    /// The header's name, where the credential goes into one of its own.
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
    /// Names and values of your own.
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

/// What is asked of `GET /v1/axons/{id}/events`.
struct AxonEventListParams {
    /// How many a page holds.
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

/// An event of an axon.
struct AxonEventView {
    /// The axon.
    std::string axon_id{};
    /// What kind of event it is, as you name it.
    std::string event_type{};
    /// By whom it was caused.
    AxonEventOrigin origin{};
    /// What the event says, usually JSON.
    std::string payload{};
    /// Its number among the axon's events.
    std::int64_t sequence{};
    /// Who published it, by the publisher's own account.
    std::string source{};
    /// When, in milliseconds of Unix time.
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
    /// The one of this identifier.
    std::optional<std::string> id{};
    /// How many a page holds.
    std::optional<std::int64_t> limit{};
    /// Those of this name alone.
    std::optional<std::string> name{};
    /// Those whose name or identifier has this in it alone.
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
    /// What kind of event it is, as you name it. Required.
    std::string event_type{};
    /// By whom it was caused. Required.
    AxonPublishOrigin origin{};
    /// What the event says, usually JSON. Required.
    std::string payload{};
    /// Who publishes it, as you name it. Required.
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
    /// The statement, with `?` for values. Required.
    std::string sql{};
    /// A value for each `?`, in their order.
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

/// What is sent to `POST /v1/axons/{id}/sql/batch`.
struct AxonSqlBatchParams {
    /// The statements, in their order. Required.
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
    /// The statement, with `?` for values. Required.
    std::string sql{};
    /// A value for each `?`, in their order.
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

/// What is sent to `POST /v1/axons/{id}`.
struct AxonUpdateParams {
    /// Names and values of your own.
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
    /// Names and values of your own.
    std::map<std::string, std::string> metadata{};
    /// When it was deleted, in milliseconds of Unix time.
    std::optional<std::int64_t> deleted_at_ms{};
    /// The name.
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

/// A line of a build's log.
struct BlueprintBuildLog {
    /// How grave it is.
    std::string level{};
    /// What was said.
    std::string message{};
    /// When, in milliseconds of Unix time.
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

/// The log of a blueprint's build.
struct BlueprintBuildLogsListView {
    /// The blueprint.
    std::string blueprint_id{};
    /// The lines, the oldest first.
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

/// An object whose contents COPY and ADD of a Dockerfile read.
struct BuildContext {
    /// The object, an archive.
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

/// A repository of GitHub, to be cloned.
struct CodeMountParameters {
    /// The repository's name.
    std::string repo_name{};
    /// The repository's owner.
    std::string repo_owner{};
    /// What the repository is fetched with, if it is private. A credential.
    std::optional<std::string> token{};
    /// The branch, tag or commit.
    std::optional<std::string> git_ref{};
    /// A command that is run in it once it is cloned.
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

/// What is done before a devbox is suspended.
struct LifecycleHooks {
    /// Commands that are run before it is suspended; what fails does not keep it from that.
    OptionalItems<std::vector<std::string>> suspend_commands{};
    /// How long that may take, in milliseconds. Default: 30,000; at most 60,000.
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

/// What resumes a suspended devbox.
struct ResumeTriggers {
    /// Whether an axon's events resume the devbox.
    OptionalBool axon_event{};
    /// Whether requests through its tunnel resume the devbox.
    OptionalBool http{};
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

/// How a devbox idles, is suspended and resumed.
struct LifecycleConfiguration {
    /// What becomes of a devbox in which nothing happens.
    std::optional<AfterIdle> after_idle{};
    /// What is done before it is suspended.
    std::optional<LifecycleHooks> lifecycle_hooks{};
    /// What resumes it.
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

/// As whom commands run in a devbox.
struct UserParameters {
    /// The user's number.
    std::int64_t uid{};
    /// The user's name.
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

/// The size of a devbox, and how it begins, idles and ends.
struct LaunchParameters {
    /// What becomes of a devbox in which nothing happens; `keep_alive_time_seconds` then is
    /// ignored. Prefer that of `lifecycle`.
    std::optional<AfterIdle> after_idle{};
    /// The processor's kind. Default: x86_64.
    std::optional<LaunchParametersArchitecture> architecture{};
    /// Ignored by the service: a tunnel leads to all ports.
    OptionalItems<std::vector<std::int64_t>> available_ports{};
    /// How many processors, for the size CUSTOM_SIZE: 0.5, 1, or an even number up to 16.
    std::optional<double> custom_cpu_cores{};
    /// The disk in GiB, for the size CUSTOM_SIZE: an even number from 2 to 64.
    std::optional<std::int64_t> custom_disk_size{};
    /// The memory in GiB, for the size CUSTOM_SIZE: 1, or an even number up to 64.
    std::optional<std::int64_t> custom_gb_memory{};
    /// When it has run for so long it is shut down, unless it is kept alive. Default: an hour; at
    /// most 48.
    std::optional<std::int64_t> keep_alive_time_seconds{};
    /// Commands that are run at each start, before the entrypoint.
    OptionalItems<std::vector<std::string>> launch_commands{};
    /// How it idles, is suspended and resumed.
    std::optional<LifecycleConfiguration> lifecycle{};
    /// The network policy that holds for the devbox.
    std::optional<std::string> network_policy_id{};
    /// Whether it is there at once, or later and may be taken away. Not settled yet at the service.
    std::optional<LaunchParametersProvisioningTier> provisioning_tier{};
    /// The blueprint's services that are started with it, by their names.
    OptionalItems<std::vector<std::string>> required_services{};
    /// How large it is; with CUSTOM_SIZE, as the `custom_…` fields say.
    std::optional<LaunchParametersResourceSizeRequest> resource_size_request{};
    /// As whom commands run in it.
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

/// The credentials with which a service's image is fetched.
struct ServiceCredentials {
    /// The password. A credential.
    std::string password{};
    /// The user's name.
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

/// A container that devboxes of the blueprint can have beside them.
struct Service {
    /// The image.
    std::string image{};
    /// The name by which a devbox asks for it.
    std::string name{};
    /// The credentials with which the image is fetched.
    std::optional<ServiceCredentials> credentials{};
    /// Its environment variables.
    OptionalItems<std::map<std::string, std::string>> env{};
    /// More options for the container, as Docker takes them.
    std::optional<std::string> options{};
    /// Ports of the devbox and of the container, as `8080:80`.
    OptionalItems<std::vector<std::string>> port_mappings{};
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

/// What a blueprint was built from.
struct BlueprintBuildParameters {
    /// The name.
    std::string name{};
    /// The blueprint that the build begins with.
    std::optional<std::string> base_blueprint_id{};
    /// The build begins with the newest blueprint of this name; instead of `base_blueprint_id`.
    std::optional<std::string> base_blueprint_name{};
    /// Values for the Dockerfile's ARG.
    OptionalItems<std::map<std::string, std::string>> build_args{};
    /// What the Dockerfile's COPY and ADD read.
    std::optional<BuildContext> build_context{};
    /// Repositories to be cloned.
    OptionalItems<std::vector<CodeMountParameters>> code_mounts{};
    /// The Dockerfile's text.
    std::optional<std::string> dockerfile{};
    /// Files written before the build: their paths, and what they hold.
    OptionalItems<std::map<std::string, std::string>> file_mounts{};
    /// The size of its devboxes, and how they begin, idle and end.
    std::optional<LaunchParameters> launch_parameters{};
    /// Names and values of your own.
    OptionalItems<std::map<std::string, std::string>> metadata{};
    /// The network policy that holds during the build.
    std::optional<std::string> network_policy_id{};
    /// Secrets that the build's commands got: the variable's name, and the secret's.
    OptionalItems<std::map<std::string, std::string>> secrets{};
    /// Containers that its devboxes can have beside them.
    OptionalItems<std::vector<Service>> services{};
    /// Commands that the build runs.
    OptionalItems<std::vector<std::string>> system_setup_commands{};
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
    /// The blueprint's name; a devbox created by a name gets the newest blueprint of it. Required.
    std::string name{};
    /// The blueprint that the build begins with.
    std::optional<std::string> base_blueprint_id{};
    /// The build begins with the newest blueprint of this name; instead of `base_blueprint_id`.
    std::optional<std::string> base_blueprint_name{};
    /// Values for the Dockerfile's ARG.
    OptionalItems<std::map<std::string, std::string>> build_args{};
    /// What the Dockerfile's COPY and ADD read.
    std::optional<BuildContext> build_context{};
    /// Repositories to be cloned.
    OptionalItems<std::vector<CodeMountParameters>> code_mounts{};
    /// The Dockerfile's text.
    std::optional<std::string> dockerfile{};
    /// Files to be written before the build: their paths, and what they hold.
    OptionalItems<std::map<std::string, std::string>> file_mounts{};
    /// The size of its devboxes, and how they begin, idle and end.
    std::optional<LaunchParameters> launch_parameters{};
    /// Names and values of your own.
    OptionalItems<std::map<std::string, std::string>> metadata{};
    /// The network policy that holds during the build. For devboxes of the blueprint, set the one
    /// of `launch_parameters`.
    std::optional<std::string> network_policy_id{};
    /// Secrets that the build's commands get: the variable's name, and the secret's. They are not
    /// kept in the image.
    OptionalItems<std::map<std::string, std::string>> secrets{};
    /// Containers that its devboxes can have beside them.
    OptionalItems<std::vector<Service>> services{};
    /// Commands that the build runs.
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

/// What is asked of `GET /v1/blueprints`.
struct BlueprintListParams {
    /// How many a page holds.
    std::optional<std::int64_t> limit{};
    /// Blueprints of this name alone.
    std::optional<std::string> name{};
    /// Blueprints of this status alone.
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

/// What would be built.
struct BlueprintPreviewView {
    /// The Dockerfile's text.
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

/// The credentials with which a service's image is fetched.
struct ContainerizedServiceCredentials {
    /// The password. A credential.
    std::string password{};
    /// The user's name.
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

/// A container that can be started beside a devbox.
struct ContainerizedService {
    /// The image.
    std::string image{};
    /// The name by which a devbox asks for it.
    std::string name{};
    /// The credentials with which the image is fetched.
    std::optional<ContainerizedServiceCredentials> credentials{};
    /// Its environment variables.
    OptionalItems<std::map<std::string, std::string>> env{};
    /// More options for the container, as Docker takes them.
    std::optional<std::string> options{};
    /// Ports of the devbox and of the container, as `8080:80`.
    OptionalItems<std::vector<std::string>> port_mappings{};
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

/// A blueprint.
struct BlueprintView {
    /// The identifier.
    std::string id{};
    /// When it was created, in milliseconds of Unix time.
    std::int64_t create_time_ms{};
    /// The name.
    std::string name{};
    /// What it was built from.
    BlueprintBuildParameters parameters{};
    /// Whether the blueprint is there, or deleted.
    BlueprintState state{};
    /// How far the build is.
    BlueprintStatus status{};
    /// The blueprint that the build begins with.
    std::optional<std::string> base_blueprint_id{};
    /// When the build ended, in milliseconds of Unix time.
    std::optional<std::int64_t> build_finish_time_ms{};
    /// The services that its devboxes can have.
    OptionalItems<std::vector<ContainerizedService>> containerized_services{};
    /// What its devboxes can do beyond the usual.
    OptionalItems<std::vector<DevboxCapability>> devbox_capabilities{};
    /// Why the build failed.
    std::optional<BlueprintFailureReason> failure_reason{};
    /// Whether everybody may use it.
    OptionalBool is_public{};
    /// Names and values of your own.
    OptionalItems<std::map<std::string, std::string>> metadata{};
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

/// The events of an axon, brought to an agent in the devbox.
struct BrokerMount {
    /// The axon. Required.
    std::string axon_id{};
    /// The program that is started as the agent.
    std::optional<std::string> agent_binary{};
    /// What the agent is started with.
    OptionalItems<std::vector<std::string>> launch_args{};
    /// How events are told to the agent.
    std::optional<BrokerMountProtocol> protocol{};
    /// Where the agent is started. Default: the home directory.
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

/// A repository of GitHub, cloned into the devbox.
struct CodeMount {
    /// The repository's name. Required.
    std::string repo_name{};
    /// The repository's owner. Required.
    std::string repo_owner{};
    /// What the repository is fetched with, if it is private. A credential.
    std::optional<std::string> token{};
    /// The branch, tag or commit.
    std::optional<std::string> git_ref{};
    /// A command that is run in it once it is cloned.
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

/// A header that a gateway adds to requests; its value is given as it is, or is a secret.
struct CustomHeader {
    /// The header's name.
    std::string name{};
    /// The secret that is the header's value, by its identifier or name; instead of `value`.
    std::optional<std::string> secret{};
    /// The value.
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

/// An execution: how far it is, and the end of what it printed.
struct DevboxAsyncExecutionDetailView {
    /// The devbox.
    std::string devbox_id{};
    /// The execution.
    std::string execution_id{};
    /// Whether the command waits, runs, or has ended.
    ExecutionStatus status{};
    /// The exit code, once the command has ended.
    std::optional<std::int64_t> exit_status{};
    /// The end of what it printed on its standard error.
    std::optional<std::string> stderr{};
    /// Whether there was more than `stderr` holds.
    OptionalBool stderr_truncated{};
    /// The end of what it printed on its standard output.
    std::optional<std::string> stdout{};
    /// Whether there was more than `stdout` holds.
    OptionalBool stdout_truncated{};
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

/// What is sent to `POST /v1/devboxes/{id}/create_mcp_token`.
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

/// Which gateway config a devbox uses, with which secret.
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

/// Which MCP config a devbox uses, with which secret.
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

/// An object, put into the devbox; an archive is unpacked.
struct ObjectMount {
    /// The object. Required.
    std::string object_id{};
    /// Where it goes in the devbox. Required.
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

/// A file with the contents given, written into the devbox.
struct FileMount {
    /// What the file holds. Required.
    std::string content{};
    /// Where it goes in the devbox. Required.
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

/// A tunnel that a devbox is to have from its creation.
struct DevboxTunnel {
    /// Whether everybody who knows the URL gets through, or only who has the token. Default: open.
    std::optional<TunnelAuthMode> auth_mode{};
    /// Whether requests through the tunnel count as something that happens. Default: yes.
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

/// What is sent to `POST /v1/devboxes`.
struct DevboxCreateParams {
    /// The blueprint that it is made of; at most one of this, `blueprint_name` and `snapshot_id`.
    std::optional<std::string> blueprint_id{};
    /// The newest blueprint of this name is what it is made of.
    std::optional<std::string> blueprint_name{};
    /// Repositories to be cloned. Prefer `mounts`.
    OptionalItems<std::vector<CodeMountParameters>> code_mounts{};
    /// What runs as the devbox's main program; with its end the devbox is shut down.
    std::optional<std::string> entrypoint{};
    /// Environment variables of what runs in it.
    OptionalItems<std::map<std::string, std::string>> environment_variables{};
    /// Files to be written at the start: their paths, and what they hold. Prefer `mounts`.
    OptionalItems<std::map<std::string, std::string>> file_mounts{};
    /// The gateways that it is to use, each by the beginning of the names of its variables, such as
    /// `GWS_ANTHROPIC`.
    OptionalItems<std::map<std::string, DevboxGateway>> gateways{};
    /// The size of its devboxes, and how they begin, idle and end.
    std::optional<LaunchParameters> launch_parameters{};
    /// The MCP servers that it is to use, each by the name of the variable that gets its token.
    OptionalItems<std::map<std::string, DevboxMcp>> mcp{};
    /// Names and values of your own.
    OptionalItems<std::map<std::string, std::string>> metadata{};
    /// What is put into its file system.
    OptionalItems<std::vector<Mount>> mounts{};
    /// The name.
    std::optional<std::string> name{};
    /// Secrets given to it as environment variables: the variable's name, and the secret's.
    OptionalItems<std::map<std::string, std::string>> secrets{};
    /// The disk snapshot that it is made of.
    std::optional<std::string> snapshot_id{};
    /// The tunnel that it is to have.
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
    /// Whether everybody who knows the URL gets through, or only who has the token. Default: open.
    std::optional<TunnelAuthMode> auth_mode{};
    /// Whether requests through the tunnel count as something that happens. Default: yes.
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

/// A command that has ended.
struct DevboxExecutionDetailView {
    /// The devbox.
    std::string devbox_id{};
    /// With what the command exited.
    std::int64_t exit_status{};
    /// The end of what it printed on its standard error.
    std::string stderr{};
    /// The end of what it printed on its standard output.
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
    /// How many a page holds.
    std::optional<std::int64_t> limit{};
    /// Devboxes of this status alone.
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
    /// How grave it is.
    std::string level{};
    /// What said it.
    DevboxLogSource source{};
    /// When, in milliseconds of Unix time.
    std::int64_t timestamp_ms{};
    /// The command that it is about.
    std::optional<std::string> cmd{};
    /// The execution that it is about.
    std::optional<std::string> cmd_id{};
    /// With what the command exited.
    std::optional<std::int64_t> exit_code{};
    /// What was said or printed.
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

/// The log of a devbox.
struct DevboxLogsListView {
    /// The lines, the oldest first.
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
    /// What this execution logged alone.
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

/// What a devbox has used so far.
struct DevboxResourceUsageView {
    /// The identifier.
    std::string id{};
    /// The disk, in GB, times the seconds.
    std::int64_t disk_gb_seconds{};
    /// The memory, in GB, times the seconds.
    std::int64_t memory_gb_seconds{};
    /// When it began, in milliseconds of Unix time.
    std::int64_t start_time_ms{};
    /// The devbox's status.
    std::string status{};
    /// For how many seconds it ran.
    std::int64_t total_active_seconds{};
    /// How many seconds there were from its beginning to its end, or to now.
    std::int64_t total_elapsed_seconds{};
    /// The processors times the seconds.
    std::int64_t vcpu_seconds{};
    /// When the devbox ended, in milliseconds of Unix time.
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

/// Whether a command got its input.
struct DevboxSendStdInResult {
    /// The devbox.
    std::string devbox_id{};
    /// The execution.
    std::string execution_id{};
    /// Whether the command got it.
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

/// A snapshot of a devbox's disk.
struct DevboxSnapshotView {
    /// The identifier.
    std::string id{};
    /// When it was created, in milliseconds of Unix time.
    std::int64_t create_time_ms{};
    /// Names and values of your own.
    std::map<std::string, std::string> metadata{};
    /// The devbox of which it was taken.
    std::string source_devbox_id{};
    /// What you say about it.
    std::optional<std::string> commit_message{};
    /// The name.
    std::optional<std::string> name{};
    /// How large it is.
    std::optional<std::int64_t> size_bytes{};
    /// The blueprint of which its devbox was made, if of one.
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

/// How far a snapshot is, and what it holds.
struct DevboxSnapshotAsyncStatusView {
    /// How far the snapshot is.
    DevboxSnapshotStatus status{};
    /// Why it failed, if it did.
    std::optional<std::string> error_message{};
    /// The snapshot, once there is one.
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
    /// What you say about it.
    std::optional<std::string> commit_message{};
    /// Names and values of your own.
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

/// A key with which ssh reaches a devbox.
struct DevboxSshKeyView {
    /// The devbox's identifier.
    std::string id{};
    /// The private key. A credential.
    std::string ssh_private_key{};
    /// As whom to log in.
    std::string ssh_user{};
    /// Where ssh finds the devbox.
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
    /// Names and values of your own.
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
    /// The failure that led to it, if one did.
    std::optional<std::string> failure_reason{};
    /// The status from then on.
    std::optional<DevboxStatus> status{};
    /// When, in milliseconds of Unix time.
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

/// Which gateway config a devbox uses, with which secret.
struct GatewaySpecs {
    /// The gateway config.
    std::string gateway_config_id{};
    /// The secret that is the credential.
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

/// Which MCP config a devbox uses, with which secret.
struct McpSpecs {
    /// The MCP config.
    std::string mcp_config_id{};
    /// The secret that is the credential.
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

/// A devbox's tunnel, through which its ports are reached at
/// `https://{port}-{tunnel_key}.tunnel.runloop.ai`.
struct TunnelView {
    /// Whether everybody who knows the URL gets through, or only who has the token. Default: open.
    TunnelAuthMode auth_mode{};
    /// When it was created, in milliseconds of Unix time.
    std::int64_t create_time_ms{};
    /// Whether requests through the tunnel count as something that happens. Default: yes.
    bool http_keep_alive{};
    /// What the tunnel's URLs hold.
    std::string tunnel_key{};
    /// Whether requests through the tunnel resume the devbox. Default: no. Prefer
    /// `resume_triggers`.
    bool wake_on_http{};
    /// What requests carry in `X-Runloop-Tunnel-Authorization: Bearer`, if the tunnel asks for it.
    /// A credential.
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

/// A devbox.
struct DevboxView {
    /// The identifier.
    std::string id{};
    /// What it can do beyond the usual.
    std::vector<DevboxCapability> capabilities{};
    /// When it was created, in milliseconds of Unix time.
    std::int64_t create_time_ms{};
    /// When the devbox ended, in milliseconds of Unix time.
    std::optional<std::int64_t> end_time_ms{};
    /// What it was launched with.
    LaunchParameters launch_parameters{};
    /// Names and values of your own.
    std::map<std::string, std::string> metadata{};
    /// What it has been doing, the oldest first.
    std::vector<StateTransition> state_transitions{};
    /// What it is doing.
    DevboxStatus status{};
    /// The blueprint that it was made of, if of one.
    std::optional<std::string> blueprint_id{};
    /// Why the devbox failed.
    std::optional<DevboxFailureReason> failure_reason{};
    /// The gateways that it uses, each by the beginning of the names of its variables.
    OptionalItems<std::map<std::string, GatewaySpecs>> gateway_specs{};
    /// Who or what created it.
    std::optional<std::string> initiator_id{};
    /// By what means it was created.
    std::optional<DevboxInitiatorType> initiator_type{};
    /// The MCP servers that it uses, each by the name of the variable that holds its token.
    OptionalItems<std::map<std::string, McpSpecs>> mcp_specs{};
    /// The name.
    std::optional<std::string> name{};
    /// Why it was shut down.
    std::optional<DevboxShutdownReason> shutdown_reason{};
    /// The disk snapshot that it was made of, if of one.
    std::optional<std::string> snapshot_id{};
    /// The tunnel that it has, if any.
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

/// What devboxes may reach.
struct Egress {
    /// Whether the gateways to APIs may be reached. Default: no.
    bool allow_agent_gateway{};
    /// Whether everything may be reached. Default: no.
    bool allow_all{};
    /// Whether the account's own devboxes may be reached, by their tunnels. Default: no.
    bool allow_devbox_to_devbox{};
    /// Whether the gateway to MCP servers may be reached. Default: no.
    bool allow_mcp_gateway{};
    /// Whether the service's mirrors of package and image registries may be reached. Default: no.
    bool allow_runloop_mirrors{};
    /// Ranges of addresses that may be reached, besides `allowed_hostnames`.
    std::vector<AllowedCidr> allowed_cidrs{};
    /// Hosts that may be reached, such as `github.com` or `*.npmjs.org`.
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

/// A piece of a command's output.
struct ExecutionUpdateChunk {
    /// The text.
    std::string output{};
    /// Where in the whole output it belongs.
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
    /// How the credential is put into requests. Required.
    AuthMechanism auth_mechanism{};
    /// The API's URL. Required.
    std::string endpoint{};
    /// The name. Required.
    std::string name{};
    /// Headers that are added to requests.
    OptionalItems<std::vector<CustomHeader>> custom_headers{};
    /// What you say about it.
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
    /// The one of this identifier.
    std::optional<std::string> id{};
    /// How many a page holds.
    std::optional<std::int64_t> limit{};
    /// Those of this name alone.
    std::optional<std::string> name{};
    /// Those whose name or identifier has this in it alone.
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
    /// How the credential is put into requests.
    std::optional<AuthMechanism> auth_mechanism{};
    /// Headers that are added to requests.
    OptionalItems<std::vector<CustomHeader>> custom_headers{};
    /// What you say about it.
    std::optional<std::string> description{};
    /// The API's URL.
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
    /// How the credential is put into requests.
    AuthMechanism auth_mechanism{};
    /// When it was created, in milliseconds of Unix time.
    std::int64_t create_time_ms{};
    /// The API's URL.
    std::string endpoint{};
    /// The name.
    std::string name{};
    /// The account that it belongs to.
    std::optional<std::string> account_id{};
    /// Headers that are added to requests.
    OptionalItems<std::vector<CustomHeader>> custom_headers{};
    /// What you say about it.
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

/// A token with which a devbox's programs reach an API through a gateway.
struct GatewayTokenView {
    /// What they authenticate with. A credential.
    std::string token{};
    /// How the credential is put into requests.
    AuthMechanism auth_mechanism{};
    /// The devbox.
    std::string devbox_id{};
    /// The API that the gateway leads to.
    std::string endpoint{};
    /// The gateway config.
    std::string gateway_config_id{};
    /// Where the devbox's programs send their requests.
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
    /// The tools that may be used, as patterns: `*`, `github.get_*`. Required.
    std::vector<std::string> allowed_tools{};
    /// The MCP server's URL. Required.
    std::string endpoint{};
    /// The name. Required.
    std::string name{};
    /// How the credential is put into requests.
    std::optional<AuthMechanism> auth_mechanism{};
    /// Headers that are added to requests.
    OptionalItems<std::vector<CustomHeader>> custom_headers{};
    /// What you say about it.
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
    /// The one of this identifier.
    std::optional<std::string> id{};
    /// How many a page holds.
    std::optional<std::int64_t> limit{};
    /// Those of this name alone.
    std::optional<std::string> name{};
    /// Those whose name or identifier has this in it alone.
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
    /// The tools that may be used, as patterns: `*`, `github.get_*`.
    OptionalItems<std::vector<std::string>> allowed_tools{};
    /// How the credential is put into requests.
    std::optional<AuthMechanism> auth_mechanism{};
    /// Headers that are added to requests.
    OptionalItems<std::vector<CustomHeader>> custom_headers{};
    /// What you say about it.
    std::optional<std::string> description{};
    /// The MCP server's URL.
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
    /// The tools that may be used, as patterns: `*`, `github.get_*`.
    std::vector<std::string> allowed_tools{};
    /// How the credential is put into requests.
    AuthMechanism auth_mechanism{};
    /// When it was created, in milliseconds of Unix time.
    std::int64_t create_time_ms{};
    /// The MCP server's URL.
    std::string endpoint{};
    /// The name.
    std::string name{};
    /// Headers that are added to requests.
    OptionalItems<std::vector<CustomHeader>> custom_headers{};
    /// What you say about it.
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

/// A token with which a devbox's programs reach an MCP server through a gateway.
struct McpTokenView {
    /// What they authenticate with. A credential.
    std::string token{};
    /// The tools that may be used, as patterns: `*`, `github.get_*`.
    std::vector<std::string> allowed_tools{};
    /// The devbox.
    std::string devbox_id{};
    /// The MCP server that the gateway leads to.
    std::string endpoint{};
    /// The MCP config.
    std::string mcp_config_id{};
    /// Where the devbox's programs send their requests.
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
    /// The name. Required.
    std::string name{};
    /// Whether the gateways to APIs may be reached. Default: no.
    OptionalBool allow_agent_gateway{};
    /// Whether everything may be reached. Default: no.
    OptionalBool allow_all{};
    /// Whether the account's own devboxes may be reached, by their tunnels. Default: no.
    OptionalBool allow_devbox_to_devbox{};
    /// Whether the gateway to MCP servers may be reached. Default: no.
    OptionalBool allow_mcp_gateway{};
    /// Whether the service's mirrors of package and image registries may be reached. Default: no.
    OptionalBool allow_runloop_mirrors{};
    /// Ranges of addresses that may be reached, besides `allowed_hostnames`.
    OptionalItems<std::vector<AllowedCidr>> allowed_cidrs{};
    /// Hosts that may be reached, such as `github.com` or `*.npmjs.org`.
    OptionalItems<std::vector<std::string>> allowed_hostnames{};
    /// What you say about it.
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
    /// The one of this identifier.
    std::optional<std::string> id{};
    /// How many a page holds.
    std::optional<std::int64_t> limit{};
    /// Those of this name alone.
    std::optional<std::string> name{};
    /// Those whose name or identifier has this in it alone.
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
    /// Whether the gateways to APIs may be reached. Default: no.
    OptionalBool allow_agent_gateway{};
    /// Whether everything may be reached. Default: no.
    OptionalBool allow_all{};
    /// Whether the account's own devboxes may be reached, by their tunnels. Default: no.
    OptionalBool allow_devbox_to_devbox{};
    /// Whether the gateway to MCP servers may be reached. Default: no.
    OptionalBool allow_mcp_gateway{};
    /// Whether the service's mirrors of package and image registries may be reached. Default: no.
    OptionalBool allow_runloop_mirrors{};
    /// Ranges of addresses that may be reached, besides `allowed_hostnames`.
    OptionalItems<std::vector<AllowedCidr>> allowed_cidrs{};
    /// Hosts that may be reached, such as `github.com` or `*.npmjs.org`.
    OptionalItems<std::vector<std::string>> allowed_hostnames{};
    /// What you say about it.
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
    /// What may be reached.
    Egress egress{};
    /// The name.
    std::string name{};
    /// When it was last changed, in milliseconds of Unix time.
    std::int64_t update_time_ms{};
    /// What you say about it.
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
    /// What the content is. Required.
    ObjectContentType content_type{};
    /// The object's name. Required.
    std::string name{};
    /// Names and values of your own.
    OptionalItems<std::map<std::string, std::string>> metadata{};
    /// After how many milliseconds it is deleted. Default: never.
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
    /// For how long the URL is good, in seconds.
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

/// Where an object's content is fetched from.
struct ObjectDownloadUrlView {
    /// The signed URL. A credential.
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
    /// Those that hold this alone.
    std::optional<ObjectContentType> content_type{};
    /// How many a page holds.
    std::optional<std::int64_t> limit{};
    /// Those of this name alone.
    std::optional<std::string> name{};
    /// Those whose name or identifier has this in it alone.
    std::optional<std::string> search{};
    /// Those in this state alone.
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

/// An object of the storage.
struct ObjectView {
    /// The identifier.
    std::string id{};
    /// What the content is.
    ObjectContentType content_type{};
    /// When it was created, in milliseconds of Unix time.
    std::int64_t create_time_ms{};
    /// The name.
    std::string name{};
    /// Whether the object waits for its content, can be read, or is gone.
    ObjectState state{};
    /// When it will be deleted, in milliseconds of Unix time.
    std::optional<std::int64_t> delete_after_time_ms{};
    /// Names and values of your own.
    OptionalItems<std::map<std::string, std::string>> metadata{};
    /// How large it is.
    std::optional<std::int64_t> size_bytes{};
    /// Headers that the content has to be sent with.
    OptionalItems<std::map<std::string, std::string>> upload_headers{};
    /// The signed URL to which the content goes. A credential.
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

/// A tunnel to a terminal in a devbox.
struct PtyTunnelView {
    /// What a connection authenticates with. A credential.
    std::string auth_token{};
    /// What the tunnel's URLs hold.
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

/// What became of an event that was published.
struct PublishResultView {
    /// Its number among the axon's events.
    std::int64_t sequence{};
    /// When, in milliseconds of Unix time.
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

/// What a restricted key may do with one kind of resource.
struct ScopeEntryView {
    /// How much may be done.
    std::optional<ScopeEntryAccessLevel> access_level{};
    /// The kind of resource.
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
    /// Until when it is good, in milliseconds of Unix time.
    std::optional<std::int64_t> expires_at_ms{};
    /// The name.
    std::optional<std::string> name{};
    /// What the key may do.
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

/// A new restricted key, with its secret: nothing shows that again.
struct RestrictedKeyCreatedView {
    /// The identifier.
    std::optional<std::string> id{};
    /// Until when it is good, in milliseconds of Unix time.
    std::optional<std::int64_t> expires_at_ms{};
    /// The key itself. A credential.
    std::optional<std::string> key_secret{};
    /// The name.
    std::optional<std::string> name{};
    /// What the key may do.
    OptionalItems<std::vector<ScopeEntryView>> scopes{};
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
    /// How many a page holds.
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

/// A secret, all but its value.
struct SecretView {
    /// The identifier.
    std::string id{};
    /// When it was created, in milliseconds of Unix time.
    std::int64_t create_time_ms{};
    /// The secret's name.
    std::string name{};
    /// When it was last changed, in milliseconds of Unix time.
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
    /// Those taken of this devbox alone.
    std::optional<std::string> devbox_id{};
    /// How many a page holds.
    std::optional<std::int64_t> limit{};
    /// Those of devboxes made of this blueprint alone.
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
    /// What you say about it.
    std::optional<std::string> commit_message{};
    /// Names and values of your own.
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
    /// What the database said.
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

/// A column of a statement's result.
struct SqlColumnMetaView {
    /// The column's name.
    std::string name{};
    /// The type that the column was declared with; empty if with none.
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

/// How a statement went.
struct SqlResultMetaView {
    /// How many rows it changed.
    std::int64_t changes{};
    /// How long it took, in milliseconds.
    double duration_ms{};
    /// Whether it would have read more rows than it may.
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

/// What a statement gave.
struct SqlQueryResultView {
    /// The columns of the rows.
    std::vector<SqlColumnMetaView> columns{};
    /// How it went.
    SqlResultMetaView meta{};
    /// The rows, each an array of values.
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

/// What one of several statements gave: a result, or an error.
struct SqlStepResultView {
    /// Why the statement failed, if it did.
    std::optional<SqlStepErrorView> error{};
    /// What the statement gave, if it succeeded.
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

/// What several statements gave.
struct SqlBatchResultView {
    /// What each gave, in their order.
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

#include <runloop/macros_on.hpp>

#endif
