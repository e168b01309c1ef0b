/* runloop_params.h: typed setters for request parameters, on top of the runloop_params of runloop.h.
 *
 * Generated from spec/openapi.json by `make generate`; edit that file, or tools/surface.
 *
 *     runloop_params *params, *launch;
 *
 *     runloop_params_new(&params, &error);
 *     runloop_params_new(&launch, &error);
 *     runloop_devbox_create_params_set_name(params, "worker", &error);
 *     runloop_launch_parameters_set_keep_alive_time_seconds(launch, 600, &error);
 *     runloop_devbox_create_params_set_launch_parameters(params, launch, &error);
 *
 * A setter is named after its struct and its field, as in the API: the compiler checks the names and the types of
 * the values. All setters are inline functions that call the functions of runloop.h with the JSON Pointer filled in;
 * the library exports nothing for them. Both ways can be mixed: use the functions of runloop.h for null, for fields
 * that the API has gained since, and for nested values.
 *
 * An _append_ function adds an item to a field that is an array. A field that maps keys to values is set key by key.
 * A value that has fields of its own is a runloop_params, which is copied and remains the caller's. If a value can be
 * of several kinds, create it with the _new function of its kind. A value of any type is given as JSON text.
 *
 * Every function returns a status as the functions of runloop.h do: RUNLOOP_OK, RUNLOOP_INVALID_ARGUMENT,
 * RUNLOOP_INVALID_HANDLE …. Any thread; never blocks.
 */

#ifndef RUNLOOP_PARAMS_H
#define RUNLOOP_PARAMS_H

#include <runloop.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---------------------------------------------------------------------
 * Functions that the setters use
 * --------------------------------------------------------------------- */

/// Sets a copy of other parameters at a JSON Pointer.
static inline int32_t runloop_params_set_params(const runloop_params *params, const char *pointer, const runloop_params *value, runloop_error **error)
{
    runloop_bytes *json = NULL;
    int32_t status = runloop_params_to_json(value, &json, error);
    if (status == RUNLOOP_OK)
        status = runloop_params_set_json(params, pointer, runloop_bytes_data(json), error);
    runloop_bytes_free(json);
    return status;
}

/// Appends a copy of other parameters to the array at a JSON Pointer.
static inline int32_t runloop_params_append_params(const runloop_params *params, const char *pointer, const runloop_params *value, runloop_error **error)
{
    runloop_bytes *json = NULL;
    int32_t status = runloop_params_to_json(value, &json, error);
    if (status == RUNLOOP_OK)
        status = runloop_params_append_json(params, pointer, runloop_bytes_data(json), error);
    runloop_bytes_free(json);
    return status;
}

/// Returns the JSON Pointer of a key below `pointer`, allocated with malloc; NULL if memory ran out.
static inline char *runloop_params_pointer(const char *pointer, const char *key)
{
    size_t length = strlen(pointer);
    char *whole = (char *)malloc(length + 2 * strlen(key) + 2), *next = whole;
    if (whole == NULL)
        return NULL;
    memcpy(next, pointer, length);
    next += length;
    *next++ = '/';
    for (; *key != '\0'; key++) {
        if (*key == '~' || *key == '/') {
            *next++ = '~';
            *next++ = *key == '~' ? '0' : '1';
        } else {
            *next++ = *key;
        }
    }
    *next = '\0';
    return whole;
}

/// Sets a string at a key below a JSON Pointer.
static inline int32_t runloop_params_set_member_string(const runloop_params *params, const char *pointer, const char *key, const char *value, runloop_error **error)
{
    /* Without a key the library reports that the pointer is NULL. */
    char *place = key != NULL ? runloop_params_pointer(pointer, key) : NULL;
    int32_t status = runloop_params_set_string(params, place, value, error);
    free(place);
    return status;
}

/// Sets a copy of other parameters at a key below a JSON Pointer.
static inline int32_t runloop_params_set_member_params(const runloop_params *params, const char *pointer, const char *key, const runloop_params *value, runloop_error **error)
{
    char *place = key != NULL ? runloop_params_pointer(pointer, key) : NULL;
    int32_t status = runloop_params_set_params(params, place, value, error);
    free(place);
    return status;
}

/* ---------------------------------------------------------------------
 * Values of enumerations; the API may add others
 * --------------------------------------------------------------------- */

/// Values of `on_idle` of AfterIdle; the API may add others.
#define RUNLOOP_AFTER_IDLE_ON_IDLE_SHUTDOWN "shutdown"
#define RUNLOOP_AFTER_IDLE_ON_IDLE_SUSPEND "suspend"

/// Values of `origin` of AxonPublishParams; the API may add others.
#define RUNLOOP_AXON_PUBLISH_ORIGIN_EXTERNAL_EVENT "EXTERNAL_EVENT"
#define RUNLOOP_AXON_PUBLISH_ORIGIN_AGENT_EVENT "AGENT_EVENT"
#define RUNLOOP_AXON_PUBLISH_ORIGIN_USER_EVENT "USER_EVENT"

/// Values of `protocol` of BrokerMount; the API may add others.
#define RUNLOOP_BROKER_MOUNT_PROTOCOL_ACP "acp"
#define RUNLOOP_BROKER_MOUNT_PROTOCOL_CLAUDE_JSON "claude_json"
#define RUNLOOP_BROKER_MOUNT_PROTOCOL_CODEX_JSON "codex_json"
#define RUNLOOP_BROKER_MOUNT_PROTOCOL_PI_JSON "pi_json"

/// Values of `status` of DevboxView; the API may add others.
#define RUNLOOP_DEVBOX_STATUS_SCHEDULED "scheduled"
#define RUNLOOP_DEVBOX_STATUS_QUEUED "queued"
#define RUNLOOP_DEVBOX_STATUS_PROVISIONING "provisioning"
#define RUNLOOP_DEVBOX_STATUS_INITIALIZING "initializing"
#define RUNLOOP_DEVBOX_STATUS_RUNNING "running"
#define RUNLOOP_DEVBOX_STATUS_SUSPENDING "suspending"
#define RUNLOOP_DEVBOX_STATUS_SUSPENDED "suspended"
#define RUNLOOP_DEVBOX_STATUS_RESUMING "resuming"
#define RUNLOOP_DEVBOX_STATUS_FAILURE "failure"
#define RUNLOOP_DEVBOX_STATUS_SHUTDOWN "shutdown"

/// Values of `architecture` of LaunchParameters; the API may add others.
#define RUNLOOP_LAUNCH_PARAMETERS_ARCHITECTURE_X86_64 "x86_64"
#define RUNLOOP_LAUNCH_PARAMETERS_ARCHITECTURE_ARM64 "arm64"

/// Values of `provisioning_tier` of LaunchParameters; the API may add others.
#define RUNLOOP_LAUNCH_PARAMETERS_PROVISIONING_TIER_STANDARD "standard"
#define RUNLOOP_LAUNCH_PARAMETERS_PROVISIONING_TIER_FLEX "flex"

/// Values of `resource_size_request` of LaunchParameters; the API may add others.
#define RUNLOOP_LAUNCH_PARAMETERS_RESOURCE_SIZE_REQUEST_X_SMALL "X_SMALL"
#define RUNLOOP_LAUNCH_PARAMETERS_RESOURCE_SIZE_REQUEST_SMALL "SMALL"
#define RUNLOOP_LAUNCH_PARAMETERS_RESOURCE_SIZE_REQUEST_MEDIUM "MEDIUM"
#define RUNLOOP_LAUNCH_PARAMETERS_RESOURCE_SIZE_REQUEST_LARGE "LARGE"
#define RUNLOOP_LAUNCH_PARAMETERS_RESOURCE_SIZE_REQUEST_X_LARGE "X_LARGE"
#define RUNLOOP_LAUNCH_PARAMETERS_RESOURCE_SIZE_REQUEST_XX_LARGE "XX_LARGE"
#define RUNLOOP_LAUNCH_PARAMETERS_RESOURCE_SIZE_REQUEST_CUSTOM_SIZE "CUSTOM_SIZE"

/// Values of `content_type` of ObjectCreateParams; the API may add others.
#define RUNLOOP_OBJECT_CONTENT_TYPE_UNSPECIFIED "unspecified"
#define RUNLOOP_OBJECT_CONTENT_TYPE_TEXT "text"
#define RUNLOOP_OBJECT_CONTENT_TYPE_BINARY "binary"
#define RUNLOOP_OBJECT_CONTENT_TYPE_GZIP "gzip"
#define RUNLOOP_OBJECT_CONTENT_TYPE_TAR "tar"
#define RUNLOOP_OBJECT_CONTENT_TYPE_TGZ "tgz"

/// Values of `state` of ObjectView; the API may add others.
#define RUNLOOP_OBJECT_STATE_UPLOADING "UPLOADING"
#define RUNLOOP_OBJECT_STATE_READ_ONLY "READ_ONLY"
#define RUNLOOP_OBJECT_STATE_DELETED "DELETED"
#define RUNLOOP_OBJECT_STATE_ERROR "ERROR"

/// Values of `protocol` of PortRule; the API may add others.
#define RUNLOOP_PORT_RULE_PROTOCOL_TCP "TCP"
#define RUNLOOP_PORT_RULE_PROTOCOL_UDP "UDP"

/// Values of `access_level` of ScopeEntryView; the API may add others.
#define RUNLOOP_SCOPE_ENTRY_ACCESS_LEVEL_NONE "ACCESS_LEVEL_NONE"
#define RUNLOOP_SCOPE_ENTRY_ACCESS_LEVEL_READ "ACCESS_LEVEL_READ"
#define RUNLOOP_SCOPE_ENTRY_ACCESS_LEVEL_WRITE "ACCESS_LEVEL_WRITE"

/// Values of `resource_type` of ScopeEntryView; the API may add others.
#define RUNLOOP_SCOPE_ENTRY_RESOURCE_TYPE_DEVBOXES "RESOURCE_TYPE_DEVBOXES"
#define RUNLOOP_SCOPE_ENTRY_RESOURCE_TYPE_BLUEPRINTS "RESOURCE_TYPE_BLUEPRINTS"
#define RUNLOOP_SCOPE_ENTRY_RESOURCE_TYPE_SNAPSHOTS "RESOURCE_TYPE_SNAPSHOTS"
#define RUNLOOP_SCOPE_ENTRY_RESOURCE_TYPE_OBJECTS "RESOURCE_TYPE_OBJECTS"
#define RUNLOOP_SCOPE_ENTRY_RESOURCE_TYPE_ACCOUNT "RESOURCE_TYPE_ACCOUNT"

/// Values of `auth_mode` of TunnelView; the API may add others.
#define RUNLOOP_TUNNEL_AUTH_MODE_OPEN "open"
#define RUNLOOP_TUNNEL_AUTH_MODE_AUTHENTICATED "authenticated"

/* ---------------------------------------------------------------------
 * AfterIdle: What happens to an idle devbox.
 * --------------------------------------------------------------------- */

/// How long the devbox must be idle, in seconds. Required.
static inline int32_t runloop_after_idle_set_idle_time_seconds(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/idle_time_seconds", value, error);
}

/// What to do then. Required.
static inline int32_t runloop_after_idle_set_on_idle(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/on_idle", value, error);
}

/* ---------------------------------------------------------------------
 * PortRule: A port, or a range of ports.
 * --------------------------------------------------------------------- */

/// The port, or the first of a range. Required.
static inline int32_t runloop_port_rule_set_port(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/port", value, error);
}

/// The last port of a range.
static inline int32_t runloop_port_rule_set_end_port(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/end_port", value, error);
}

/// The protocol; none means both.
static inline int32_t runloop_port_rule_set_protocol(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/protocol", value, error);
}

/* ---------------------------------------------------------------------
 * AllowedCidr: An address range that can be reached.
 * --------------------------------------------------------------------- */

/// The address range, such as `10.12.0.0/16`. Required.
static inline int32_t runloop_allowed_cidr_set_cidr(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/cidr", value, error);
}

/// The ports; empty means all.
static inline int32_t runloop_allowed_cidr_append_ports(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_append_params(params, "/ports", value, error);
}

/* ---------------------------------------------------------------------
 * ApiKeyCreateParams: The request body of `POST /v1/apikeys`.
 * --------------------------------------------------------------------- */

/// When it expires, in milliseconds of Unix time.
static inline int32_t runloop_api_key_create_params_set_expires_at_ms(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/expires_at_ms", value, error);
}

/// The name.
static inline int32_t runloop_api_key_create_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/* ---------------------------------------------------------------------
 * AuthMechanism: How a gateway passes the credential in requests.
 * --------------------------------------------------------------------- */

/// The mechanism, such as `bearer` or `header`. Required.
static inline int32_t runloop_auth_mechanism_set_type(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/type", value, error);
}

/// The name of the header that holds the credential, for the type `header`.
static inline int32_t runloop_auth_mechanism_set_key(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/key", value, error);
}

/* ---------------------------------------------------------------------
 * AxonCreateParams: The request body of `POST /v1/axons`.
 * --------------------------------------------------------------------- */

/// Names and values; any.
static inline int32_t runloop_axon_create_params_set_metadata(const runloop_params *params, const char *key, const char *value, runloop_error **error)
{
    return runloop_params_set_member_string(params, "/metadata", key, value, error);
}

/// The name.
static inline int32_t runloop_axon_create_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/* ---------------------------------------------------------------------
 * AxonEventListParams: The query parameters of `GET /v1/axons/{id}/events`.
 * --------------------------------------------------------------------- */

/// The number of items per page.
static inline int32_t runloop_axon_event_list_params_set_limit(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/limit", value, error);
}

/* ---------------------------------------------------------------------
 * AxonListParams: The query parameters of `GET /v1/axons`.
 * --------------------------------------------------------------------- */

/// Only the one with this identifier.
static inline int32_t runloop_axon_list_params_set_id(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/id", value, error);
}

/// The number of items per page.
static inline int32_t runloop_axon_list_params_set_limit(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/limit", value, error);
}

/// Only those with this name.
static inline int32_t runloop_axon_list_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/// Only those whose name or identifier contains this text.
static inline int32_t runloop_axon_list_params_set_search(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/search", value, error);
}

/* ---------------------------------------------------------------------
 * AxonPublishParams: The request body of `POST /v1/axons/{id}/publish`.
 * --------------------------------------------------------------------- */

/// The type of the event; any name. Required.
static inline int32_t runloop_axon_publish_params_set_event_type(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/event_type", value, error);
}

/// Who caused it. Required.
static inline int32_t runloop_axon_publish_params_set_origin(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/origin", value, error);
}

/// The content of the event, usually JSON. Required.
static inline int32_t runloop_axon_publish_params_set_payload(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/payload", value, error);
}

/// Who publishes it; any name. Required.
static inline int32_t runloop_axon_publish_params_set_source(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/source", value, error);
}

/* ---------------------------------------------------------------------
 * SqlStatement: A statement, and the values for its `?`.
 * --------------------------------------------------------------------- */

/// The statement, with `?` for each value. Required.
static inline int32_t runloop_sql_statement_set_sql(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/sql", value, error);
}

/// The values for each `?`, in order.
static inline int32_t runloop_sql_statement_append_params(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_append_json(params, "/params", value, error);
}

/* ---------------------------------------------------------------------
 * AxonSqlBatchParams: The request body of `POST /v1/axons/{id}/sql/batch`.
 * --------------------------------------------------------------------- */

/// The statements, in order. Required.
static inline int32_t runloop_axon_sql_batch_params_append_statements(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_append_params(params, "/statements", value, error);
}

/* ---------------------------------------------------------------------
 * AxonSqlQueryParams: The request body of `POST /v1/axons/{id}/sql/query`.
 * --------------------------------------------------------------------- */

/// The statement, with `?` for each value. Required.
static inline int32_t runloop_axon_sql_query_params_set_sql(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/sql", value, error);
}

/// The values for each `?`, in order.
static inline int32_t runloop_axon_sql_query_params_append_params(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_append_json(params, "/params", value, error);
}

/* ---------------------------------------------------------------------
 * AxonUpdateParams: The request body of `POST /v1/axons/{id}`.
 * --------------------------------------------------------------------- */

/// Names and values; any.
static inline int32_t runloop_axon_update_params_set_metadata(const runloop_params *params, const char *key, const char *value, runloop_error **error)
{
    return runloop_params_set_member_string(params, "/metadata", key, value, error);
}

/* ---------------------------------------------------------------------
 * BuildContext: An object with the files for the Dockerfile's COPY and ADD instructions.
 * --------------------------------------------------------------------- */

/// Creates parameters of this kind; set the other fields afterwards.
static inline int32_t runloop_build_context_new(runloop_params **params, runloop_error **error)
{
    return runloop_params_from_json("{\"type\":\"object\"}", 17, params, error);
}

/// The object; an archive. Required.
static inline int32_t runloop_build_context_set_object_id(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/object_id", value, error);
}

/* ---------------------------------------------------------------------
 * CodeMountParameters: A GitHub repository to clone.
 * --------------------------------------------------------------------- */

/// The name of the repository. Required.
static inline int32_t runloop_code_mount_parameters_set_repo_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/repo_name", value, error);
}

/// The owner of the repository. Required.
static inline int32_t runloop_code_mount_parameters_set_repo_owner(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/repo_owner", value, error);
}

/// The token for fetching a private repository. A credential.
static inline int32_t runloop_code_mount_parameters_set_token(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/token", value, error);
}

/// The branch, tag or commit.
static inline int32_t runloop_code_mount_parameters_set_git_ref(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/git_ref", value, error);
}

/// A command to run in it after cloning.
static inline int32_t runloop_code_mount_parameters_set_install_command(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/install_command", value, error);
}

/* ---------------------------------------------------------------------
 * LifecycleHooks: What runs before a devbox is suspended.
 * --------------------------------------------------------------------- */

/// Commands to run before it is suspended; it is suspended even if they fail.
static inline int32_t runloop_lifecycle_hooks_append_suspend_commands(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_append_string(params, "/suspend_commands", value, error);
}

/// The limit for these commands, in milliseconds. Default: 30,000; at most 60,000.
static inline int32_t runloop_lifecycle_hooks_set_suspend_deadline_ms(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/suspend_deadline_ms", value, error);
}

/* ---------------------------------------------------------------------
 * ResumeTriggers: What resumes a suspended devbox.
 * --------------------------------------------------------------------- */

/// Whether events of an axon resume the devbox.
static inline int32_t runloop_resume_triggers_set_axon_event(const runloop_params *params, int32_t value, runloop_error **error)
{
    return runloop_params_set_bool(params, "/axon_event", value, error);
}

/// Whether requests through its tunnel resume the devbox.
static inline int32_t runloop_resume_triggers_set_http(const runloop_params *params, int32_t value, runloop_error **error)
{
    return runloop_params_set_bool(params, "/http", value, error);
}

/* ---------------------------------------------------------------------
 * LifecycleConfiguration: When a devbox is suspended and resumed.
 * --------------------------------------------------------------------- */

/// What happens to an idle devbox.
static inline int32_t runloop_lifecycle_configuration_set_after_idle(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_set_params(params, "/after_idle", value, error);
}

/// What runs before it is suspended.
static inline int32_t runloop_lifecycle_configuration_set_lifecycle_hooks(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_set_params(params, "/lifecycle_hooks", value, error);
}

/// What resumes it.
static inline int32_t runloop_lifecycle_configuration_set_resume_triggers(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_set_params(params, "/resume_triggers", value, error);
}

/* ---------------------------------------------------------------------
 * UserParameters: The user that runs commands in a devbox.
 * --------------------------------------------------------------------- */

/// The number of the user (uid). Required.
static inline int32_t runloop_user_parameters_set_uid(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/uid", value, error);
}

/// The name of the user. Required.
static inline int32_t runloop_user_parameters_set_username(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/username", value, error);
}

/* ---------------------------------------------------------------------
 * LaunchParameters: The size of a devbox, and how it starts, idles and ends.
 * --------------------------------------------------------------------- */

/// What happens to an idle devbox; `keep_alive_time_seconds` is then ignored. Prefer the one in
/// `lifecycle`.
static inline int32_t runloop_launch_parameters_set_after_idle(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_set_params(params, "/after_idle", value, error);
}

/// The processor architecture. Default: x86_64.
static inline int32_t runloop_launch_parameters_set_architecture(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/architecture", value, error);
}

/// Ignored by the service: a tunnel reaches all ports.
static inline int32_t runloop_launch_parameters_append_available_ports(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_append_int(params, "/available_ports", value, error);
}

/// The number of processor cores, for the size CUSTOM_SIZE: 0.5, 1, or an even number up to 16.
static inline int32_t runloop_launch_parameters_set_custom_cpu_cores(const runloop_params *params, double value, runloop_error **error)
{
    return runloop_params_set_double(params, "/custom_cpu_cores", value, error);
}

/// The disk in GiB, for the size CUSTOM_SIZE: an even number from 2 to 64.
static inline int32_t runloop_launch_parameters_set_custom_disk_size(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/custom_disk_size", value, error);
}

/// The memory in GiB, for the size CUSTOM_SIZE: 1, or an even number up to 64.
static inline int32_t runloop_launch_parameters_set_custom_gb_memory(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/custom_gb_memory", value, error);
}

/// How long it runs before it is shut down, unless it is kept alive, in seconds. Default: one hour;
/// at most 48 hours.
static inline int32_t runloop_launch_parameters_set_keep_alive_time_seconds(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/keep_alive_time_seconds", value, error);
}

/// Commands to run at each start, before the entrypoint.
static inline int32_t runloop_launch_parameters_append_launch_commands(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_append_string(params, "/launch_commands", value, error);
}

/// When it is suspended and resumed.
static inline int32_t runloop_launch_parameters_set_lifecycle(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_set_params(params, "/lifecycle", value, error);
}

/// The network policy of the devbox.
static inline int32_t runloop_launch_parameters_set_network_policy_id(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/network_policy_id", value, error);
}

/// Whether it is available at once, or later and can be withdrawn. Not final at the service.
static inline int32_t runloop_launch_parameters_set_provisioning_tier(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/provisioning_tier", value, error);
}

/// The names of the blueprint's services to start with it.
static inline int32_t runloop_launch_parameters_append_required_services(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_append_string(params, "/required_services", value, error);
}

/// Its size; with CUSTOM_SIZE, as given by the `custom_…` fields.
static inline int32_t runloop_launch_parameters_set_resource_size_request(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/resource_size_request", value, error);
}

/// The user that runs its commands.
static inline int32_t runloop_launch_parameters_set_user_parameters(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_set_params(params, "/user_parameters", value, error);
}

/* ---------------------------------------------------------------------
 * ServiceCredentials: The credentials for fetching a service's image.
 * --------------------------------------------------------------------- */

/// The password. A credential. Required.
static inline int32_t runloop_service_credentials_set_password(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/password", value, error);
}

/// The name of the user. Required.
static inline int32_t runloop_service_credentials_set_username(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/username", value, error);
}

/* ---------------------------------------------------------------------
 * Service: A container that devboxes of the blueprint can start.
 * --------------------------------------------------------------------- */

/// The image. Required.
static inline int32_t runloop_service_set_image(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/image", value, error);
}

/// The name by which a devbox requests it. Required.
static inline int32_t runloop_service_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/// The credentials for fetching the image.
static inline int32_t runloop_service_set_credentials(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_set_params(params, "/credentials", value, error);
}

/// Its environment variables.
static inline int32_t runloop_service_set_env(const runloop_params *params, const char *key, const char *value, runloop_error **error)
{
    return runloop_params_set_member_string(params, "/env", key, value, error);
}

/// Further options of the container, as for Docker.
static inline int32_t runloop_service_set_options(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/options", value, error);
}

/// Port mappings between the devbox and the container, such as `8080:80`.
static inline int32_t runloop_service_append_port_mappings(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_append_string(params, "/port_mappings", value, error);
}

/* ---------------------------------------------------------------------
 * BlueprintCreateParams: The request body of `POST /v1/blueprints`.
 * --------------------------------------------------------------------- */

/// The name of the blueprint; a devbox created by name uses the newest blueprint of that name.
/// Required.
static inline int32_t runloop_blueprint_create_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/// The blueprint to build on.
static inline int32_t runloop_blueprint_create_params_set_base_blueprint_id(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/base_blueprint_id", value, error);
}

/// The name of the blueprint to build on, the newest of that name; instead of `base_blueprint_id`.
static inline int32_t runloop_blueprint_create_params_set_base_blueprint_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/base_blueprint_name", value, error);
}

/// Values of the Dockerfile's ARG instructions.
static inline int32_t runloop_blueprint_create_params_set_build_args(const runloop_params *params, const char *key, const char *value, runloop_error **error)
{
    return runloop_params_set_member_string(params, "/build_args", key, value, error);
}

/// The files for the Dockerfile's COPY and ADD instructions.
static inline int32_t runloop_blueprint_create_params_set_build_context(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_set_params(params, "/build_context", value, error);
}

/// Repositories to clone.
static inline int32_t runloop_blueprint_create_params_append_code_mounts(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_append_params(params, "/code_mounts", value, error);
}

/// The text of the Dockerfile.
static inline int32_t runloop_blueprint_create_params_set_dockerfile(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/dockerfile", value, error);
}

/// Files to write before the build: paths and contents.
static inline int32_t runloop_blueprint_create_params_set_file_mounts(const runloop_params *params, const char *key, const char *value, runloop_error **error)
{
    return runloop_params_set_member_string(params, "/file_mounts", key, value, error);
}

/// The size of its devboxes, and how they start, idle and end.
static inline int32_t runloop_blueprint_create_params_set_launch_parameters(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_set_params(params, "/launch_parameters", value, error);
}

/// Names and values; any.
static inline int32_t runloop_blueprint_create_params_set_metadata(const runloop_params *params, const char *key, const char *value, runloop_error **error)
{
    return runloop_params_set_member_string(params, "/metadata", key, value, error);
}

/// The network policy during the build. For devboxes created from the blueprint, set the one in
/// `launch_parameters`.
static inline int32_t runloop_blueprint_create_params_set_network_policy_id(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/network_policy_id", value, error);
}

/// Secrets for the build's commands: the name of the variable, and of the secret. They are not
/// stored in the image.
static inline int32_t runloop_blueprint_create_params_set_secrets(const runloop_params *params, const char *key, const char *value, runloop_error **error)
{
    return runloop_params_set_member_string(params, "/secrets", key, value, error);
}

/// Containers that its devboxes can start.
static inline int32_t runloop_blueprint_create_params_append_services(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_append_params(params, "/services", value, error);
}

/// Commands to run during the build.
static inline int32_t runloop_blueprint_create_params_append_system_setup_commands(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_append_string(params, "/system_setup_commands", value, error);
}

/* ---------------------------------------------------------------------
 * BlueprintListParams: The query parameters of `GET /v1/blueprints`.
 * --------------------------------------------------------------------- */

/// The number of items per page.
static inline int32_t runloop_blueprint_list_params_set_limit(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/limit", value, error);
}

/// Only blueprints with this name.
static inline int32_t runloop_blueprint_list_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/// Only blueprints with this status.
static inline int32_t runloop_blueprint_list_params_set_status(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/status", value, error);
}

/* ---------------------------------------------------------------------
 * BrokerMount: Delivers the events of an axon to an agent in the devbox.
 * --------------------------------------------------------------------- */

/// Creates parameters of this kind; set the other fields afterwards.
static inline int32_t runloop_broker_mount_new(runloop_params **params, runloop_error **error)
{
    return runloop_params_from_json("{\"type\":\"broker_mount\"}", 23, params, error);
}

/// The axon. Required.
static inline int32_t runloop_broker_mount_set_axon_id(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/axon_id", value, error);
}

/// The program to start as the agent.
static inline int32_t runloop_broker_mount_set_agent_binary(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/agent_binary", value, error);
}

/// The arguments of the agent.
static inline int32_t runloop_broker_mount_append_launch_args(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_append_string(params, "/launch_args", value, error);
}

/// The protocol by which the agent receives events.
static inline int32_t runloop_broker_mount_set_protocol(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/protocol", value, error);
}

/// The working directory of the agent. Default: the home directory.
static inline int32_t runloop_broker_mount_set_working_directory(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/working_directory", value, error);
}

/* ---------------------------------------------------------------------
 * CodeMount: A GitHub repository that is cloned into the devbox.
 * --------------------------------------------------------------------- */

/// Creates parameters of this kind; set the other fields afterwards.
static inline int32_t runloop_code_mount_new(runloop_params **params, runloop_error **error)
{
    return runloop_params_from_json("{\"type\":\"code_mount\"}", 21, params, error);
}

/// The name of the repository. Required.
static inline int32_t runloop_code_mount_set_repo_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/repo_name", value, error);
}

/// The owner of the repository. Required.
static inline int32_t runloop_code_mount_set_repo_owner(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/repo_owner", value, error);
}

/// The token for fetching a private repository. A credential.
static inline int32_t runloop_code_mount_set_token(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/token", value, error);
}

/// The branch, tag or commit.
static inline int32_t runloop_code_mount_set_git_ref(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/git_ref", value, error);
}

/// A command to run in it after cloning.
static inline int32_t runloop_code_mount_set_install_command(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/install_command", value, error);
}

/* ---------------------------------------------------------------------
 * CustomHeader: A header that a gateway adds to requests; its value is given directly, or is a secret.
 * --------------------------------------------------------------------- */

/// The name of the header. Required.
static inline int32_t runloop_custom_header_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/// The secret that is the value of the header, by its identifier or name; instead of `value`.
static inline int32_t runloop_custom_header_set_secret(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/secret", value, error);
}

/// The value.
static inline int32_t runloop_custom_header_set_value(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/value", value, error);
}

/* ---------------------------------------------------------------------
 * DevboxCreateGatewayTokenParams: The request body of `POST /v1/devboxes/{id}/create_gateway_token`.
 * --------------------------------------------------------------------- */

/// The gateway config, by its identifier or name. Required.
static inline int32_t runloop_devbox_create_gateway_token_params_set_gateway(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/gateway", value, error);
}

/// The secret that is the credential, by its identifier or name. Required.
static inline int32_t runloop_devbox_create_gateway_token_params_set_secret(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/secret", value, error);
}

/* ---------------------------------------------------------------------
 * DevboxCreateMcpTokenParams: The request body of `POST /v1/devboxes/{id}/create_mcp_token`.
 * --------------------------------------------------------------------- */

/// The MCP config, by its identifier or name. Required.
static inline int32_t runloop_devbox_create_mcp_token_params_set_mcp_config(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/mcp_config", value, error);
}

/// The secret that is the credential, by its identifier or name. Required.
static inline int32_t runloop_devbox_create_mcp_token_params_set_secret(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/secret", value, error);
}

/* ---------------------------------------------------------------------
 * DevboxGateway: A gateway config that a devbox uses, and the secret for it.
 * --------------------------------------------------------------------- */

/// The gateway config, by its identifier or name. Required.
static inline int32_t runloop_devbox_gateway_set_gateway(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/gateway", value, error);
}

/// The secret that is the credential, by its identifier or name. Required.
static inline int32_t runloop_devbox_gateway_set_secret(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/secret", value, error);
}

/* ---------------------------------------------------------------------
 * DevboxMcp: An MCP config that a devbox uses, and the secret for it.
 * --------------------------------------------------------------------- */

/// The MCP config, by its identifier or name. Required.
static inline int32_t runloop_devbox_mcp_set_mcp_config(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/mcp_config", value, error);
}

/// The secret that is the credential, by its identifier or name. Required.
static inline int32_t runloop_devbox_mcp_set_secret(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/secret", value, error);
}

/* ---------------------------------------------------------------------
 * ObjectMount: An object to put into the devbox; an archive is unpacked.
 * --------------------------------------------------------------------- */

/// Creates parameters of this kind; set the other fields afterwards.
static inline int32_t runloop_object_mount_new(runloop_params **params, runloop_error **error)
{
    return runloop_params_from_json("{\"type\":\"object_mount\"}", 23, params, error);
}

/// The object. Required.
static inline int32_t runloop_object_mount_set_object_id(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/object_id", value, error);
}

/// The path in the devbox. Required.
static inline int32_t runloop_object_mount_set_object_path(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/object_path", value, error);
}

/* ---------------------------------------------------------------------
 * FileMount: A file with the given contents, written into the devbox.
 * --------------------------------------------------------------------- */

/// Creates parameters of this kind; set the other fields afterwards.
static inline int32_t runloop_file_mount_new(runloop_params **params, runloop_error **error)
{
    return runloop_params_from_json("{\"type\":\"file_mount\"}", 21, params, error);
}

/// The contents of the file. Required.
static inline int32_t runloop_file_mount_set_content(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/content", value, error);
}

/// The path in the devbox. Required.
static inline int32_t runloop_file_mount_set_target(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/target", value, error);
}

/* ---------------------------------------------------------------------
 * DevboxTunnel: A tunnel to open when a devbox is created.
 * --------------------------------------------------------------------- */

/// Whether the URL alone gives access, or the token is required too. Default: open.
static inline int32_t runloop_devbox_tunnel_set_auth_mode(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/auth_mode", value, error);
}

/// Whether requests through the tunnel count as activity. Default: yes.
static inline int32_t runloop_devbox_tunnel_set_http_keep_alive(const runloop_params *params, int32_t value, runloop_error **error)
{
    return runloop_params_set_bool(params, "/http_keep_alive", value, error);
}

/// Whether requests through the tunnel resume the devbox. Default: no. Prefer `resume_triggers`.
static inline int32_t runloop_devbox_tunnel_set_wake_on_http(const runloop_params *params, int32_t value, runloop_error **error)
{
    return runloop_params_set_bool(params, "/wake_on_http", value, error);
}

/* ---------------------------------------------------------------------
 * DevboxCreateParams: The request body of `POST /v1/devboxes`.
 * --------------------------------------------------------------------- */

/// The blueprint to create it from; at most one of this, `blueprint_name` and `snapshot_id`.
static inline int32_t runloop_devbox_create_params_set_blueprint_id(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/blueprint_id", value, error);
}

/// The name of the blueprint to create it from, the newest of that name.
static inline int32_t runloop_devbox_create_params_set_blueprint_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/blueprint_name", value, error);
}

/// Repositories to clone. Prefer `mounts`.
static inline int32_t runloop_devbox_create_params_append_code_mounts(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_append_params(params, "/code_mounts", value, error);
}

/// The main program of the devbox; when it ends, the devbox is shut down.
static inline int32_t runloop_devbox_create_params_set_entrypoint(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/entrypoint", value, error);
}

/// Environment variables of its commands.
static inline int32_t runloop_devbox_create_params_set_environment_variables(const runloop_params *params, const char *key, const char *value, runloop_error **error)
{
    return runloop_params_set_member_string(params, "/environment_variables", key, value, error);
}

/// Files to write at the start: paths and contents. Prefer `mounts`.
static inline int32_t runloop_devbox_create_params_set_file_mounts(const runloop_params *params, const char *key, const char *value, runloop_error **error)
{
    return runloop_params_set_member_string(params, "/file_mounts", key, value, error);
}

/// The gateways that it uses, by the prefix of their environment variables, such as
/// `GWS_ANTHROPIC`.
static inline int32_t runloop_devbox_create_params_set_gateways(const runloop_params *params, const char *key, const runloop_params *value, runloop_error **error)
{
    return runloop_params_set_member_params(params, "/gateways", key, value, error);
}

/// The size of its devboxes, and how they start, idle and end.
static inline int32_t runloop_devbox_create_params_set_launch_parameters(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_set_params(params, "/launch_parameters", value, error);
}

/// The MCP servers that it uses, by the name of the environment variable that receives the token.
static inline int32_t runloop_devbox_create_params_set_mcp(const runloop_params *params, const char *key, const runloop_params *value, runloop_error **error)
{
    return runloop_params_set_member_params(params, "/mcp", key, value, error);
}

/// Names and values; any.
static inline int32_t runloop_devbox_create_params_set_metadata(const runloop_params *params, const char *key, const char *value, runloop_error **error)
{
    return runloop_params_set_member_string(params, "/metadata", key, value, error);
}

/// What to mount in its file system.
static inline int32_t runloop_devbox_create_params_append_mounts(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_append_params(params, "/mounts", value, error);
}

/// The name.
static inline int32_t runloop_devbox_create_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/// Secrets to pass to it as environment variables: the name of the variable, and of the secret.
static inline int32_t runloop_devbox_create_params_set_secrets(const runloop_params *params, const char *key, const char *value, runloop_error **error)
{
    return runloop_params_set_member_string(params, "/secrets", key, value, error);
}

/// The disk snapshot to create it from.
static inline int32_t runloop_devbox_create_params_set_snapshot_id(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/snapshot_id", value, error);
}

/// A tunnel to open for it.
static inline int32_t runloop_devbox_create_params_set_tunnel(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_set_params(params, "/tunnel", value, error);
}

/* ---------------------------------------------------------------------
 * DevboxEnableTunnelParams: The request body of `POST /v1/devboxes/{id}/enable_tunnel`.
 * --------------------------------------------------------------------- */

/// Whether the URL alone gives access, or the token is required too. Default: open.
static inline int32_t runloop_devbox_enable_tunnel_params_set_auth_mode(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/auth_mode", value, error);
}

/// Whether requests through the tunnel count as activity. Default: yes.
static inline int32_t runloop_devbox_enable_tunnel_params_set_http_keep_alive(const runloop_params *params, int32_t value, runloop_error **error)
{
    return runloop_params_set_bool(params, "/http_keep_alive", value, error);
}

/// Whether requests through the tunnel resume the devbox. Default: no. Prefer `resume_triggers`.
static inline int32_t runloop_devbox_enable_tunnel_params_set_wake_on_http(const runloop_params *params, int32_t value, runloop_error **error)
{
    return runloop_params_set_bool(params, "/wake_on_http", value, error);
}

/* ---------------------------------------------------------------------
 * DevboxListParams: The query parameters of `GET /v1/devboxes`.
 * --------------------------------------------------------------------- */

/// The number of items per page.
static inline int32_t runloop_devbox_list_params_set_limit(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/limit", value, error);
}

/// Only devboxes with this status.
static inline int32_t runloop_devbox_list_params_set_status(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/status", value, error);
}

/* ---------------------------------------------------------------------
 * DevboxLogsParams: The query parameters of `GET /v1/devboxes/{id}/logs`.
 * --------------------------------------------------------------------- */

/// Only the logs of this execution.
static inline int32_t runloop_devbox_logs_params_set_execution_id(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/execution_id", value, error);
}

/* ---------------------------------------------------------------------
 * DevboxSnapshotDiskParams: The request body of `POST /v1/devboxes/{id}/snapshot_disk`.
 * --------------------------------------------------------------------- */

/// A description; any text.
static inline int32_t runloop_devbox_snapshot_disk_params_set_commit_message(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/commit_message", value, error);
}

/// Names and values; any.
static inline int32_t runloop_devbox_snapshot_disk_params_set_metadata(const runloop_params *params, const char *key, const char *value, runloop_error **error)
{
    return runloop_params_set_member_string(params, "/metadata", key, value, error);
}

/// The name.
static inline int32_t runloop_devbox_snapshot_disk_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/* ---------------------------------------------------------------------
 * DevboxUpdateParams: The request body of `POST /v1/devboxes/{id}`.
 * --------------------------------------------------------------------- */

/// Names and values; any.
static inline int32_t runloop_devbox_update_params_set_metadata(const runloop_params *params, const char *key, const char *value, runloop_error **error)
{
    return runloop_params_set_member_string(params, "/metadata", key, value, error);
}

/// The name.
static inline int32_t runloop_devbox_update_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/* ---------------------------------------------------------------------
 * GatewayConfigCreateParams: The request body of `POST /v1/gateway-configs`.
 * --------------------------------------------------------------------- */

/// How requests carry the credential. Required.
static inline int32_t runloop_gateway_config_create_params_set_auth_mechanism(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_set_params(params, "/auth_mechanism", value, error);
}

/// The URL of the API. Required.
static inline int32_t runloop_gateway_config_create_params_set_endpoint(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/endpoint", value, error);
}

/// The name. Required.
static inline int32_t runloop_gateway_config_create_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/// Headers to add to requests.
static inline int32_t runloop_gateway_config_create_params_append_custom_headers(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_append_params(params, "/custom_headers", value, error);
}

/// A description; any text.
static inline int32_t runloop_gateway_config_create_params_set_description(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/description", value, error);
}

/* ---------------------------------------------------------------------
 * GatewayConfigListParams: The query parameters of `GET /v1/gateway-configs`.
 * --------------------------------------------------------------------- */

/// Only the one with this identifier.
static inline int32_t runloop_gateway_config_list_params_set_id(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/id", value, error);
}

/// The number of items per page.
static inline int32_t runloop_gateway_config_list_params_set_limit(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/limit", value, error);
}

/// Only those with this name.
static inline int32_t runloop_gateway_config_list_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/// Only those whose name or identifier contains this text.
static inline int32_t runloop_gateway_config_list_params_set_search(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/search", value, error);
}

/* ---------------------------------------------------------------------
 * GatewayConfigUpdateParams: The request body of `POST /v1/gateway-configs/{id}`.
 * --------------------------------------------------------------------- */

/// How requests carry the credential.
static inline int32_t runloop_gateway_config_update_params_set_auth_mechanism(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_set_params(params, "/auth_mechanism", value, error);
}

/// Headers to add to requests.
static inline int32_t runloop_gateway_config_update_params_append_custom_headers(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_append_params(params, "/custom_headers", value, error);
}

/// A description; any text.
static inline int32_t runloop_gateway_config_update_params_set_description(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/description", value, error);
}

/// The URL of the API.
static inline int32_t runloop_gateway_config_update_params_set_endpoint(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/endpoint", value, error);
}

/// The name.
static inline int32_t runloop_gateway_config_update_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/* ---------------------------------------------------------------------
 * McpConfigCreateParams: The request body of `POST /v1/mcp-configs`.
 * --------------------------------------------------------------------- */

/// The tools that may be used, as patterns, such as `*` or `github.get_*`. Required.
static inline int32_t runloop_mcp_config_create_params_append_allowed_tools(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_append_string(params, "/allowed_tools", value, error);
}

/// The URL of the MCP server. Required.
static inline int32_t runloop_mcp_config_create_params_set_endpoint(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/endpoint", value, error);
}

/// The name. Required.
static inline int32_t runloop_mcp_config_create_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/// How requests carry the credential.
static inline int32_t runloop_mcp_config_create_params_set_auth_mechanism(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_set_params(params, "/auth_mechanism", value, error);
}

/// Headers to add to requests.
static inline int32_t runloop_mcp_config_create_params_append_custom_headers(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_append_params(params, "/custom_headers", value, error);
}

/// A description; any text.
static inline int32_t runloop_mcp_config_create_params_set_description(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/description", value, error);
}

/* ---------------------------------------------------------------------
 * McpConfigListParams: The query parameters of `GET /v1/mcp-configs`.
 * --------------------------------------------------------------------- */

/// Only the one with this identifier.
static inline int32_t runloop_mcp_config_list_params_set_id(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/id", value, error);
}

/// The number of items per page.
static inline int32_t runloop_mcp_config_list_params_set_limit(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/limit", value, error);
}

/// Only those with this name.
static inline int32_t runloop_mcp_config_list_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/// Only those whose name or identifier contains this text.
static inline int32_t runloop_mcp_config_list_params_set_search(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/search", value, error);
}

/* ---------------------------------------------------------------------
 * McpConfigUpdateParams: The request body of `POST /v1/mcp-configs/{id}`.
 * --------------------------------------------------------------------- */

/// The tools that may be used, as patterns, such as `*` or `github.get_*`.
static inline int32_t runloop_mcp_config_update_params_append_allowed_tools(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_append_string(params, "/allowed_tools", value, error);
}

/// How requests carry the credential.
static inline int32_t runloop_mcp_config_update_params_set_auth_mechanism(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_set_params(params, "/auth_mechanism", value, error);
}

/// Headers to add to requests.
static inline int32_t runloop_mcp_config_update_params_append_custom_headers(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_append_params(params, "/custom_headers", value, error);
}

/// A description; any text.
static inline int32_t runloop_mcp_config_update_params_set_description(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/description", value, error);
}

/// The URL of the MCP server.
static inline int32_t runloop_mcp_config_update_params_set_endpoint(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/endpoint", value, error);
}

/// The name.
static inline int32_t runloop_mcp_config_update_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/* ---------------------------------------------------------------------
 * NetworkPolicyCreateParams: The request body of `POST /v1/network-policies`.
 * --------------------------------------------------------------------- */

/// The name. Required.
static inline int32_t runloop_network_policy_create_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/// Whether the gateways to APIs can be reached. Default: no.
static inline int32_t runloop_network_policy_create_params_set_allow_agent_gateway(const runloop_params *params, int32_t value, runloop_error **error)
{
    return runloop_params_set_bool(params, "/allow_agent_gateway", value, error);
}

/// Whether everything can be reached. Default: no.
static inline int32_t runloop_network_policy_create_params_set_allow_all(const runloop_params *params, int32_t value, runloop_error **error)
{
    return runloop_params_set_bool(params, "/allow_all", value, error);
}

/// Whether the account's other devboxes can be reached, through their tunnels. Default: no.
static inline int32_t runloop_network_policy_create_params_set_allow_devbox_to_devbox(const runloop_params *params, int32_t value, runloop_error **error)
{
    return runloop_params_set_bool(params, "/allow_devbox_to_devbox", value, error);
}

/// Whether the gateway to MCP servers can be reached. Default: no.
static inline int32_t runloop_network_policy_create_params_set_allow_mcp_gateway(const runloop_params *params, int32_t value, runloop_error **error)
{
    return runloop_params_set_bool(params, "/allow_mcp_gateway", value, error);
}

/// Whether the service's mirrors of package and image registries can be reached. Default: no.
static inline int32_t runloop_network_policy_create_params_set_allow_runloop_mirrors(const runloop_params *params, int32_t value, runloop_error **error)
{
    return runloop_params_set_bool(params, "/allow_runloop_mirrors", value, error);
}

/// Address ranges that can be reached, in addition to `allowed_hostnames`.
static inline int32_t runloop_network_policy_create_params_append_allowed_cidrs(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_append_params(params, "/allowed_cidrs", value, error);
}

/// Hosts that can be reached, such as `github.com` or `*.example.com`.
static inline int32_t runloop_network_policy_create_params_append_allowed_hostnames(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_append_string(params, "/allowed_hostnames", value, error);
}

/// A description; any text.
static inline int32_t runloop_network_policy_create_params_set_description(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/description", value, error);
}

/* ---------------------------------------------------------------------
 * NetworkPolicyListParams: The query parameters of `GET /v1/network-policies`.
 * --------------------------------------------------------------------- */

/// Only the one with this identifier.
static inline int32_t runloop_network_policy_list_params_set_id(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/id", value, error);
}

/// The number of items per page.
static inline int32_t runloop_network_policy_list_params_set_limit(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/limit", value, error);
}

/// Only those with this name.
static inline int32_t runloop_network_policy_list_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/// Only those whose name or identifier contains this text.
static inline int32_t runloop_network_policy_list_params_set_search(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/search", value, error);
}

/* ---------------------------------------------------------------------
 * NetworkPolicyUpdateParams: The request body of `POST /v1/network-policies/{id}`.
 * --------------------------------------------------------------------- */

/// Whether the gateways to APIs can be reached. Default: no.
static inline int32_t runloop_network_policy_update_params_set_allow_agent_gateway(const runloop_params *params, int32_t value, runloop_error **error)
{
    return runloop_params_set_bool(params, "/allow_agent_gateway", value, error);
}

/// Whether everything can be reached. Default: no.
static inline int32_t runloop_network_policy_update_params_set_allow_all(const runloop_params *params, int32_t value, runloop_error **error)
{
    return runloop_params_set_bool(params, "/allow_all", value, error);
}

/// Whether the account's other devboxes can be reached, through their tunnels. Default: no.
static inline int32_t runloop_network_policy_update_params_set_allow_devbox_to_devbox(const runloop_params *params, int32_t value, runloop_error **error)
{
    return runloop_params_set_bool(params, "/allow_devbox_to_devbox", value, error);
}

/// Whether the gateway to MCP servers can be reached. Default: no.
static inline int32_t runloop_network_policy_update_params_set_allow_mcp_gateway(const runloop_params *params, int32_t value, runloop_error **error)
{
    return runloop_params_set_bool(params, "/allow_mcp_gateway", value, error);
}

/// Whether the service's mirrors of package and image registries can be reached. Default: no.
static inline int32_t runloop_network_policy_update_params_set_allow_runloop_mirrors(const runloop_params *params, int32_t value, runloop_error **error)
{
    return runloop_params_set_bool(params, "/allow_runloop_mirrors", value, error);
}

/// Address ranges that can be reached, in addition to `allowed_hostnames`.
static inline int32_t runloop_network_policy_update_params_append_allowed_cidrs(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_append_params(params, "/allowed_cidrs", value, error);
}

/// Hosts that can be reached, such as `github.com` or `*.example.com`.
static inline int32_t runloop_network_policy_update_params_append_allowed_hostnames(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_append_string(params, "/allowed_hostnames", value, error);
}

/// A description; any text.
static inline int32_t runloop_network_policy_update_params_set_description(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/description", value, error);
}

/// The name.
static inline int32_t runloop_network_policy_update_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/* ---------------------------------------------------------------------
 * ObjectCreateParams: The request body of `POST /v1/objects`.
 * --------------------------------------------------------------------- */

/// The type of the content. Required.
static inline int32_t runloop_object_create_params_set_content_type(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/content_type", value, error);
}

/// The name of the object. Required.
static inline int32_t runloop_object_create_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/// Names and values; any.
static inline int32_t runloop_object_create_params_set_metadata(const runloop_params *params, const char *key, const char *value, runloop_error **error)
{
    return runloop_params_set_member_string(params, "/metadata", key, value, error);
}

/// After how many milliseconds it is deleted. Default: never.
static inline int32_t runloop_object_create_params_set_ttl_ms(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/ttl_ms", value, error);
}

/* ---------------------------------------------------------------------
 * ObjectDownloadParams: The query parameters of `GET /v1/objects/{id}/download`.
 * --------------------------------------------------------------------- */

/// How long the URL is valid, in seconds.
static inline int32_t runloop_object_download_params_set_duration_seconds(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/duration_seconds", value, error);
}

/* ---------------------------------------------------------------------
 * ObjectListParams: The query parameters of `GET /v1/objects`.
 * --------------------------------------------------------------------- */

/// Only those with this type of content.
static inline int32_t runloop_object_list_params_set_content_type(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/content_type", value, error);
}

/// The number of items per page.
static inline int32_t runloop_object_list_params_set_limit(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/limit", value, error);
}

/// Only those with this name.
static inline int32_t runloop_object_list_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/// Only those whose name or identifier contains this text.
static inline int32_t runloop_object_list_params_set_search(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/search", value, error);
}

/// Only those in this state.
static inline int32_t runloop_object_list_params_set_state(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/state", value, error);
}

/* ---------------------------------------------------------------------
 * ScopeEntryView: What a restricted key permits for one type of resource.
 * --------------------------------------------------------------------- */

/// The permitted access.
static inline int32_t runloop_scope_entry_view_set_access_level(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/access_level", value, error);
}

/// The type of resource.
static inline int32_t runloop_scope_entry_view_set_resource_type(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/resource_type", value, error);
}

/* ---------------------------------------------------------------------
 * RestrictedKeyCreateParams: The request body of `POST /v1/restricted_keys`.
 * --------------------------------------------------------------------- */

/// When it expires, in milliseconds of Unix time.
static inline int32_t runloop_restricted_key_create_params_set_expires_at_ms(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/expires_at_ms", value, error);
}

/// The name.
static inline int32_t runloop_restricted_key_create_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

/// What the key permits.
static inline int32_t runloop_restricted_key_create_params_append_scopes(const runloop_params *params, const runloop_params *value, runloop_error **error)
{
    return runloop_params_append_params(params, "/scopes", value, error);
}

/* ---------------------------------------------------------------------
 * SecretListParams: The query parameters of `GET /v1/secrets`.
 * --------------------------------------------------------------------- */

/// The number of items per page.
static inline int32_t runloop_secret_list_params_set_limit(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/limit", value, error);
}

/* ---------------------------------------------------------------------
 * SnapshotListParams: The query parameters of `GET /v1/devboxes/disk_snapshots`.
 * --------------------------------------------------------------------- */

/// Only snapshots of this devbox.
static inline int32_t runloop_snapshot_list_params_set_devbox_id(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/devbox_id", value, error);
}

/// The number of items per page.
static inline int32_t runloop_snapshot_list_params_set_limit(const runloop_params *params, int64_t value, runloop_error **error)
{
    return runloop_params_set_int(params, "/limit", value, error);
}

/// Only snapshots of devboxes that were created from this blueprint.
static inline int32_t runloop_snapshot_list_params_set_source_blueprint_id(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/source_blueprint_id", value, error);
}

/* ---------------------------------------------------------------------
 * SnapshotUpdateParams: The request body of `POST /v1/devboxes/disk_snapshots/{id}`.
 * --------------------------------------------------------------------- */

/// A description; any text.
static inline int32_t runloop_snapshot_update_params_set_commit_message(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/commit_message", value, error);
}

/// Names and values; any.
static inline int32_t runloop_snapshot_update_params_set_metadata(const runloop_params *params, const char *key, const char *value, runloop_error **error)
{
    return runloop_params_set_member_string(params, "/metadata", key, value, error);
}

/// The name.
static inline int32_t runloop_snapshot_update_params_set_name(const runloop_params *params, const char *value, runloop_error **error)
{
    return runloop_params_set_string(params, "/name", value, error);
}

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* RUNLOOP_PARAMS_H */
