/* A defect of the library ends no process: against a library in which panics can be set off. */

#include "harness.h"
#include "script_server.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#define DEVBOX "{\"id\":\"dbx_1\",\"status\":\"running\"}"

static char told[2000];

static void hear(void *user_data, int32_t level, const char *message)
{
    (void)user_data;
    if (level == RUNLOOP_LOG_ERROR) snprintf(told, sizeof told, "%s", message);
}

static void set_off(const char *function)
{
    if (function)
        setenv("RUNLOOP_TEST_PANIC", function, 1);
    else
        unsetenv("RUNLOOP_TEST_PANIC");
}

int main(void)
{
    script_server *server;
    runloop_client *client;
    runloop_devbox *devbox, *other, *none;
    runloop_execution *execution;
    runloop_value *info;
    runloop_params *params;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    int output = dup(1), errors = dup(2), file;
    const char *path;
    char *said;
    size_t length;
    int32_t status;

    begin("test_panic");
    path = temporary("output");
    server = script_start();
    client = new_client(script_url(server));
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    OK(runloop_devbox_attach(client, "dbx_2", &other, E));
    OK(runloop_execution_attach(devbox, "exec_1", &execution, E));
    OK(runloop_params_new(&params, E));
    OK(runloop_log_set(hear, NULL, RUNLOOP_LOG_ERROR, E));

    file = open(path, O_CREAT | O_RDWR | O_TRUNC, 0600);
    CHECK(file >= 0 && dup2(file, 1) == 1 && dup2(file, 2) == 2);
    set_off("runloop_devbox_get_info");
    status = runloop_devbox_get_info(devbox, NULL, &info, E);
    set_off(NULL);
    dup2(output, 1);
    dup2(errors, 2);
    close(file);
    CHECK_STATUS(status, RUNLOOP_INTERNAL_PANIC);
    CHECK(info == NULL);
    CHECK_HAS(last_message(), "runloop_devbox_get_info");
    CHECK_HAS(last_message(), "free");
    CHECK_HAS(runloop_error_cause(last_error()), "injected");
    CHECK_INT(runloop_error_attempts(last_error()), 0);
    said = file_contents(path, &length);
    CHECK_TEXT(said, "");
    free(said);
    CHECK_HAS(told, "injected");
    CHECK_INT(script_requests(server), 0);
    group("a panic becomes a status, and prints nothing");

    /* The handle is out of use, for every call. */
    CHECK_STATUS(runloop_devbox_get_info(devbox, NULL, &info, E), RUNLOOP_INTERNAL_PANIC);
    CHECK_HAS(last_message(), "devbox");
    CHECK_STATUS(runloop_devbox_keep_alive(devbox, NULL, E), RUNLOOP_INTERNAL_PANIC);
    CHECK(runloop_devbox_id(devbox) == NULL);
    CHECK_INT(script_requests(server), 0);
    runloop_devbox_free(devbox);
    CHECK_INT(runloop_live_handles("devbox"), 1);
    CHECK_STATUS(runloop_devbox_get_info(devbox, NULL, &info, E), RUNLOOP_INVALID_HANDLE);
    group("its handle refuses further calls, and can be freed");

    /* Other handles work, those made from it among them. */
    script_answer(server, 200, "", DEVBOX);
    OK(runloop_devbox_get_info(other, NULL, &info, E));
    runloop_value_free(info);
    script_answer(server, 200, "", "{\"execution_id\":\"exec_1\",\"devbox_id\":\"dbx_1\",\"status\":\"running\"}");
    OK(runloop_execution_get_state(execution, NULL, &info, E));
    runloop_value_free(info);
    script_answer(server, 200, "", DEVBOX);
    OK(runloop_devbox_create_async(client, params, &options, &none, E));
    runloop_devbox_free(none);
    group("other handles work");

    /* Without an error to write to, without a handle, and where no status can be given. */
    runloop_params_free(params);
    set_off("runloop_params_new");
    CHECK_INT(runloop_params_new(&params, NULL), RUNLOOP_INTERNAL_PANIC);
    set_off("runloop_devbox_id");
    told[0] = 0;
    CHECK(runloop_devbox_id(other) == NULL);
    CHECK_HAS(told, "runloop_devbox_id");
    set_off("runloop_status_name");
    CHECK_TEXT(runloop_status_name(0), "RUNLOOP_OK");
    set_off(NULL);
    CHECK_TEXT(runloop_devbox_id(other), "dbx_2");
    group("panics elsewhere");

    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    runloop_execution_free(execution);
    runloop_devbox_free(other);
    runloop_client_free(client);
    script_stop(server);
    close(output);
    close(errors);
    return finish();
}
