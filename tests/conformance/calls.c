/* The library's side of the calls in cases.py: `calls NAME PARAMS`. */

#include "../c/json.h"

#include <runloop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static runloop_error *error;
static runloop_client *client;
static runloop_devbox *devbox;
static runloop_execution *execution;
static const runloop_params *params;
static const char *text;

static void must(int32_t status)
{
    if (status == RUNLOOP_OK) return;
    fprintf(stderr, "%s: %s\n", runloop_status_name(status), runloop_error_message(error));
    exit(1);
}

/* A member of the parameters, as text; it lives as long as the program. */
static const char *member(const char *pointer)
{
    return json_at(text, pointer);
}

/* ---- devboxes ---- */

static runloop_devbox *made;
static runloop_value *value;
static runloop_bytes *bytes;

static void devbox_create(void) { must(runloop_devbox_create(client, params, NULL, &made, &error)); }
static void devbox_create_async(void) { must(runloop_devbox_create_async(client, params, NULL, &made, &error)); }
static void devbox_create_from_blueprint_id(void)
{
    must(runloop_devbox_create_from_blueprint_id(client, "bpt_1", params, NULL, &made, &error));
}
static void devbox_create_from_blueprint_name(void)
{
    must(runloop_devbox_create_from_blueprint_name(client, "a name", params, NULL, &made, &error));
}
static void devbox_create_from_snapshot(void)
{
    must(runloop_devbox_create_from_snapshot(client, "snp_1", params, NULL, &made, &error));
}
static void devbox_from_id(void) { must(runloop_devbox_from_id(client, "dbx_1", NULL, &made, &error)); }
static void devbox_list(void)
{
    runloop_devbox_cursor *cursor;
    must(runloop_devbox_list(client, params, &cursor, &error));
    must(runloop_devbox_cursor_next(cursor, NULL, &made, NULL, &error));
    runloop_devbox_cursor_free(cursor);
}
static void devbox_get_info(void) { must(runloop_devbox_get_info(devbox, NULL, &value, &error)); }
static void devbox_odd_id(void)
{
    must(runloop_devbox_attach(client, "a b/c?d#e%\xc3\xbc", &made, &error));
    must(runloop_devbox_get_info(made, NULL, &value, &error));
}
static void devbox_await_running(void) { must(runloop_devbox_await_running(devbox, NULL, NULL, &error)); }
static void devbox_keep_alive(void) { must(runloop_devbox_keep_alive(devbox, NULL, &error)); }
static void devbox_shutdown(void) { must(runloop_devbox_shutdown(devbox, NULL, NULL, &error)); }

/* ---- commands ---- */

static int32_t ignore(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)user_data, (void)stream, (void)data, (void)length;
    return 0;
}

static void run(const runloop_exec_options *exec)
{
    runloop_exec_result *result;
    must(runloop_devbox_exec(devbox, member("/command"), exec, NULL, &result, &error));
    runloop_exec_result_free(result);
}
static void devbox_exec(void) { run(NULL); }
static void devbox_exec_output(void)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    exec.on_output = ignore;
    run(&exec);
}
static void devbox_exec_async(void)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_execution *started;
    exec.attach_stdin = member("/attach_stdin") != NULL;
    must(runloop_devbox_exec_async(devbox, member("/command"), &exec, NULL, &started, &error));
    runloop_execution_free(started);
}
static void execution_get_state(void) { must(runloop_execution_get_state(execution, NULL, &value, &error)); }
static void execution_result(void)
{
    runloop_exec_result *result;
    must(runloop_execution_result(execution, NULL, &result, &error));
    runloop_exec_result_free(result);
}
static void execution_kill(void) { must(runloop_execution_kill(execution, member("/kill_process_group") != NULL, NULL, &error)); }
static void execution_send_stdin(void) { must(runloop_execution_send_stdin(execution, member("/text"), NULL, &error)); }
static void execution_close_stdin(void) { must(runloop_execution_close_stdin(execution, NULL, &error)); }
static void execution_interrupt(void) { must(runloop_execution_interrupt(execution, NULL, &error)); }

/* ---- files ---- */

static void devbox_read_file(void) { must(runloop_devbox_read_file(devbox, member("/file_path"), NULL, &bytes, &error)); }
static void devbox_write_file(void)
{
    const char *contents = member("/contents");
    must(runloop_devbox_write_file(devbox, member("/file_path"), contents, strlen(contents), NULL, &error));
}
static void devbox_download_file(void) { must(runloop_devbox_download_file(devbox, member("/path"), NULL, NULL, &bytes, &error)); }
static void devbox_upload_file(void)
{
    runloop_source source = RUNLOOP_SOURCE_INIT;
    source.data = member("/text");
    source.length = (int64_t)strlen(member("/text"));
    must(runloop_devbox_upload_file(devbox, member("/path"), &source, NULL, &error));
}

#include "noun_calls.h"

#define CALL(name) {#name, name}
static const struct {
    const char *name;
    void (*call)(void);
} calls[] = {
    CALL(devbox_create),
    CALL(devbox_create_async),
    CALL(devbox_create_from_blueprint_id),
    CALL(devbox_create_from_blueprint_name),
    CALL(devbox_create_from_snapshot),
    CALL(devbox_from_id),
    CALL(devbox_list),
    CALL(devbox_get_info),
    CALL(devbox_odd_id),
    CALL(devbox_await_running),
    CALL(devbox_keep_alive),
    CALL(devbox_shutdown),
    CALL(devbox_exec),
    CALL(devbox_exec_output),
    CALL(devbox_exec_async),
    CALL(execution_get_state),
    CALL(execution_result),
    CALL(execution_kill),
    CALL(execution_send_stdin),
    CALL(execution_close_stdin),
    CALL(execution_interrupt),
    CALL(devbox_read_file),
    CALL(devbox_write_file),
    CALL(devbox_download_file),
    CALL(devbox_upload_file),
    NOUN_CALLS,
};

int main(int argc, char **argv)
{
    runloop_params *given = NULL;
    size_t i;
    if (argc != 3) {
        fprintf(stderr, "usage: calls NAME PARAMS\n");
        return 2;
    }
    text = argv[2];
    must(runloop_client_new(NULL, &client, &error));
    must(runloop_devbox_attach(client, "dbx_1", &devbox, &error));
    must(runloop_execution_attach(devbox, "exec_1", &execution, &error));
    if (strcmp(text, "{}")) must(runloop_params_from_json(text, strlen(text), &given, &error));
    params = given;
    for (i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (strcmp(calls[i].name, argv[1])) continue;
        calls[i].call();
        runloop_devbox_free(made);
        runloop_value_free(value);
        runloop_bytes_free(bytes);
        runloop_params_free(given);
        runloop_execution_free(execution);
        runloop_devbox_free(devbox);
        runloop_client_free(client);
        return 0;
    }
    fprintf(stderr, "there is no call %s in calls.c\n", argv[1]);
    return 2;
}
