/* Strict parameters: what the API does not describe is refused before it is sent, by name. */

#include "scripted.h"

static void expect(int32_t status, const char *part, const char *other_part)
{
    CHECK_INT(status, RUNLOOP_INVALID_ARGUMENT);
    CHECK_INT(runloop_error_status(last_error()), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), part);
    CHECK_HAS(last_message(), other_part);
}

static int32_t create_with(const char *json)
{
    runloop_params *params = params_of(json);
    runloop_devbox *devbox;
    int32_t status = runloop_devbox_create(client, params, NULL, &devbox, E);
    CHECK(devbox == NULL);
    runloop_params_free(params);
    return status;
}

static void refused(void)
{
    runloop_devbox_cursor *cursor;
    runloop_devbox *devbox;
    runloop_blueprint *blueprint;
    runloop_params *params;
    expect(create_with("{\"nmae\":\"a\"}"), "\"/nmae\" is no parameter", "Did you mean \"name\"?");
    expect(create_with("{\"launch_parameters\":{\"keepalive_time_seconds\":60}}"), "/launch_parameters/keepalive_time_seconds",
           "\"keep_alive_time_seconds\"");
    expect(create_with("{\"launch_parameters\":{\"keep_alive_time_seconds\":\"60\"}}"), "/launch_parameters/keep_alive_time_seconds",
           "a whole number, not text");
    expect(create_with("{\"metadata\":{\"a\":1}}"), "/metadata/a", "must be text");
    params = params_of("{\"dockerfile\":\"FROM x\"}");
    expect(runloop_blueprint_create(client, params, NULL, NULL, NULL, &blueprint, E), "POST /v1/blueprints", "\"/name\" is required");
    runloop_params_free(params);

    params = params_of("{\"statsu\":\"running\"}");
    OK(runloop_devbox_list(client, params, &cursor, E));
    expect(runloop_devbox_cursor_next(cursor, NULL, &devbox, NULL, E), "\"statsu\" is no filter", "Did you mean \"status\"?");
    expect(runloop_client_request(client, "POST", "/v1/secrets", NULL, params, NULL, NULL, NULL, NULL, NULL, E), "\"/statsu\"", "name");
    runloop_devbox_cursor_free(cursor);
    {
        runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
        options.extra_body = params;
        CHECK_INT(runloop_devbox_create(client, NULL, &options, &devbox, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK_HAS(last_message(), "/statsu");
    }
    runloop_params_free(params);
    CHECK_INT(script_requests(server), 0);
    group("refused before anything is sent");
}

static void accepted(void)
{
    runloop_params *params = params_of(
        "{\"name\":null,\"metadata\":{\"a\":\"b\"},\"launch_parameters\":{\"custom_cpu_cores\":2,\"after_idle\":{\"idle_time_seconds\":5,"
        "\"on_idle\":\"suspend\"}},\"mounts\":[{\"type\":\"file_mount\",\"target\":\"/f\",\"content\":\"c\"}]}");
    runloop_devbox *devbox;
    answer("{\"id\":\"dbx_1\",\"status\":\"provisioning\"}");
    answer("{\"id\":\"dbx_1\",\"status\":\"running\"}");
    OK(runloop_devbox_create(client, params, NULL, &devbox, E));
    runloop_params_free(params);
    /* What the API has no description of cannot be checked. */
    params = params_of("{\"anything\":1}");
    answer("{}");
    OK(runloop_client_request(client, "POST", "/v1/things_to_come", params, params, NULL, NULL, NULL, NULL, NULL, E));
    runloop_devbox_free(devbox);

    /* Without the switch all of it is the service's business. */
    {
        runloop_client *lenient = new_client(script_url(server));
        answer("{\"id\":\"dbx_2\",\"status\":\"running\"}");
        OK(runloop_devbox_create_async(lenient, params, NULL, &devbox, E));
        check_sent(0, "POST /v1/devboxes", "{\"anything\":1}");
        runloop_devbox_free(devbox);
        runloop_client_free(lenient);
    }
    runloop_params_free(params);
    group("what is described passes");
}

int main(void)
{
    runloop_config *config;
    begin("test_strict");
    server = script_start();
    config = new_config(script_url(server));
    OK(runloop_config_set_strict_params(config, 1, E));
    OK(runloop_client_new(config, &client, E));
    refused();
    accepted();
    runloop_config_free(config);
    scripted_stop();
    return finish();
}
