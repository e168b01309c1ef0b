/* The typed setters of runloop_params.h: what they make is what the API describes. */

#include "harness.h"

#include <runloop_params.h>

static void check_json(const runloop_params *params, const char *expected)
{
    runloop_bytes *json;
    OK(runloop_params_to_json(params, &json, E));
    CHECK_OUTPUT(json, expected);
}

static runloop_params *empty(void)
{
    runloop_params *params;
    OK(runloop_params_new(&params, E));
    return params;
}

static void every_kind(void)
{
    runloop_params *params = empty(), *launch = empty(), *mount = NULL, *gateway = empty();
    OK(runloop_launch_parameters_set_keep_alive_time_seconds(launch, 600, E));
    OK(runloop_launch_parameters_set_custom_cpu_cores(launch, 0.5, E));
    OK(runloop_launch_parameters_append_launch_commands(launch, "echo one", E));
    OK(runloop_launch_parameters_append_launch_commands(launch, "echo two", E));
    OK(runloop_launch_parameters_set_resource_size_request(launch, RUNLOOP_LAUNCH_PARAMETERS_RESOURCE_SIZE_REQUEST_SMALL, E));
    check_json(launch, "{\"keep_alive_time_seconds\":600,\"custom_cpu_cores\":0.5,\"launch_commands\":[\"echo one\",\"echo two\"],"
                       "\"resource_size_request\":\"SMALL\"}");
    OK(runloop_object_mount_new(&mount, E));
    OK(runloop_object_mount_set_object_id(mount, "obj_1", E));
    OK(runloop_object_mount_set_object_path(mount, "/data", E));
    OK(runloop_devbox_gateway_set_gateway(gateway, "gw", E));
    OK(runloop_devbox_gateway_set_secret(gateway, "key", E));
    OK(runloop_devbox_create_params_set_name(params, "typed", E));
    OK(runloop_devbox_create_params_set_metadata(params, "a/b~c", "odd", E));
    OK(runloop_devbox_create_params_set_metadata(params, "", "none", E));
    OK(runloop_devbox_create_params_set_launch_parameters(params, launch, E));
    OK(runloop_devbox_create_params_append_mounts(params, mount, E));
    OK(runloop_devbox_create_params_append_mounts(params, mount, E));
    OK(runloop_devbox_create_params_set_gateways(params, "GATE", gateway, E));
    check_json(params, "{\"name\":\"typed\",\"metadata\":{\"a/b~c\":\"odd\",\"\":\"none\"},\"launch_parameters\":{\"keep_alive_time_seconds\":600,"
                       "\"custom_cpu_cores\":0.5,\"launch_commands\":[\"echo one\",\"echo two\"],\"resource_size_request\":\"SMALL\"},"
                       "\"mounts\":[{\"type\":\"object_mount\",\"object_id\":\"obj_1\",\"object_path\":\"/data\"},"
                       "{\"type\":\"object_mount\",\"object_id\":\"obj_1\",\"object_path\":\"/data\"}],"
                       "\"gateways\":{\"GATE\":{\"gateway\":\"gw\",\"secret\":\"key\"}}}");
    /* What is copied is the caller's still. */
    runloop_params_free(launch);
    runloop_params_free(mount);
    runloop_params_free(gateway);
    runloop_params_free(params);
    group("every kind of field");
}

static void refusals(void)
{
    runloop_params *params = empty(), *other = empty();
    runloop_params_free(other);
    CHECK_STATUS(runloop_devbox_create_params_set_name(params, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_devbox_create_params_set_metadata(params, NULL, "x", E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_devbox_create_params_set_launch_parameters(params, NULL, E), RUNLOOP_INVALID_HANDLE);
    CHECK_STATUS(runloop_devbox_create_params_append_mounts(params, other, E), RUNLOOP_INVALID_HANDLE);
    CHECK_STATUS(runloop_devbox_create_params_set_name(other, "x", E), RUNLOOP_INVALID_HANDLE);
    CHECK_STATUS(runloop_axon_sql_query_params_append_params(params, "{", E), RUNLOOP_INVALID_ARGUMENT);
    check_json(params, "{}");
    runloop_params_free(params);
    group("refusals leave the parameters as they were");
}

/* With strict parameters, a name that the API does not describe would be refused. */
static void as_the_api_describes_it(void)
{
    runloop_config *config = new_config(NULL);
    runloop_client *client;
    runloop_params *params = empty(), *launch = empty(), *filter = empty();
    runloop_devbox *devbox;
    runloop_devbox_cursor *cursor;
    runloop_value *info;
    const char *text;
    OK(runloop_config_set_strict_params(config, 1, E));
    OK(runloop_client_new(config, &client, E));
    runloop_config_free(config);
    OK(runloop_launch_parameters_set_keep_alive_time_seconds(launch, 600, E));
    OK(runloop_devbox_create_params_set_launch_parameters(params, launch, E));
    OK(runloop_devbox_create_params_set_name(params, "typed", E));
    OK(runloop_devbox_create_params_set_environment_variables(params, "GREETING", "hello", E));
    OK(runloop_devbox_create(client, params, NULL, &devbox, E));
    CHECK_INT(run(devbox, "test \"$GREETING\" = hello", NULL, NULL), 0);
    OK(runloop_devbox_list_params_set_status(filter, RUNLOOP_DEVBOX_STATUS_RUNNING, E));
    OK(runloop_devbox_list_params_set_limit(filter, 1, E));
    OK(runloop_devbox_list(client, filter, &cursor, E));
    {
        runloop_devbox *listed;
        OK(runloop_devbox_cursor_next(cursor, NULL, &listed, &info, E));
        CHECK(listed != NULL);
        OK(runloop_value_get_string(info, "/name", &text, NULL, E));
        CHECK_TEXT(text, "typed");
        runloop_value_free(info);
        runloop_devbox_free(listed);
    }
    runloop_devbox_cursor_free(cursor);
    runloop_params_free(filter);
    runloop_params_free(launch);
    runloop_params_free(params);
    shut_down_and_free(devbox);
    runloop_client_free(client);
    group("as the API describes it");
}

int main(void)
{
    begin("test_setters");
    every_kind();
    refusals();
    emulator_start(NULL);
    as_the_api_describes_it();
    return finish();
}
