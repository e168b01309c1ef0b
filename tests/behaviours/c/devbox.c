/* Devboxes: their creation and their end. */

#include "call.h"
#include "step.h"

FIND(client)
FIND(devbox)
KEEP(devbox)

GIVE(devbox_create, devbox, runloop_devbox_create(the_client(), params("/params"), options(), &made, &error))
GIVE(devbox_create_async, devbox, runloop_devbox_create_async(the_client(), params("/params"), options(), &made, &error))
GIVE(devbox_create_from_blueprint_id, devbox,
     runloop_devbox_create_from_blueprint_id(the_client(), text("/id"), params("/params"), options(), &made, &error))
GIVE(devbox_create_from_blueprint_name, devbox,
     runloop_devbox_create_from_blueprint_name(the_client(), text("/name"), params("/params"), options(), &made, &error))
GIVE(devbox_create_from_snapshot, devbox,
     runloop_devbox_create_from_snapshot(the_client(), text("/id"), params("/params"), options(), &made, &error))
GIVE(devbox_from_id, devbox, runloop_devbox_from_id(the_client(), text("/id"), options(), &made, &error))
GIVE(devbox_attach, devbox, runloop_devbox_attach(the_client(), text("/id"), &made, &error))
LIST(devbox_list, devbox, runloop_devbox_list(the_client(), params("/params"), &cursor, &error))
VIEW(devbox_get_info, runloop_devbox_get_info(the_devbox(), options(), &value, &error))
VIEW(devbox_update, runloop_devbox_update(the_devbox(), params("/params"), options(), &value, &error))
VIEW(devbox_await_running, runloop_devbox_await_running(the_devbox(), options(), &value, &error))
VIEW(devbox_await_suspended, runloop_devbox_await_suspended(the_devbox(), options(), &value, &error))
VIEW(devbox_suspend, runloop_devbox_suspend(the_devbox(), options(), &value, &error))
VIEW(devbox_resume, runloop_devbox_resume(the_devbox(), options(), &value, &error))
VIEW(devbox_resume_async, runloop_devbox_resume_async(the_devbox(), options(), &value, &error))
VIEW(devbox_usage, runloop_devbox_usage(the_devbox(), options(), &value, &error))
VIEW(devbox_logs, runloop_devbox_logs(the_devbox(), params("/params"), options(), &value, &error))
VIEW(devbox_create_ssh_key, runloop_devbox_create_ssh_key(the_devbox(), options(), &value, &error))
VIEW(devbox_create_pty_tunnel, runloop_devbox_create_pty_tunnel(the_devbox(), options(), &value, &error))
VIEW(devbox_create_gateway_token, runloop_devbox_create_gateway_token(the_devbox(), params("/params"), options(), &value, &error))
VIEW(devbox_create_mcp_token, runloop_devbox_create_mcp_token(the_devbox(), params("/params"), options(), &value, &error))
VIEW(devbox_enable_tunnel, runloop_devbox_enable_tunnel(the_devbox(), params("/params"), options(), &value, &error))
DO(devbox_remove_tunnel, runloop_devbox_remove_tunnel(the_devbox(), options(), &error))
VIEW(devbox_get_tunnel, runloop_devbox_get_tunnel(the_devbox(), options(), &value, &error))
BYTES(devbox_get_tunnel_url, "url",
      runloop_devbox_get_tunnel_url(the_devbox(), (int32_t)number("/port", 0), options(), &made, &error))
DO(devbox_keep_alive, runloop_devbox_keep_alive(the_devbox(), options(), &error))
/* Not every language gives the answer. */
DO(devbox_shutdown, runloop_devbox_shutdown(the_devbox(), options(), NULL, &error))
DO(devbox_set_shutdown_on_free, runloop_devbox_set_shutdown_on_free(the_devbox(), number("/timeout_ms", 0), &error))

static void devbox_free(void)
{
    drop_handle("devbox");
}

/* A devbox that goes at the end of a part of the program, in the language's own way. */
static void devbox_scope(void)
{
    runloop_devbox *devbox = NULL;
    runloop_error *error = NULL;
    int32_t status = runloop_devbox_create(the_client(), params("/params"), options(), &devbox, &error);
    if (!status) status = runloop_devbox_set_shutdown_on_free(devbox, 30000, &error);
    if (!status) answer_text("id", runloop_devbox_id(devbox));
    runloop_devbox_free(devbox);
    did(status, error);
}

const operation devbox_operations[] = {
    {"devbox_create", devbox_create},
    {"devbox_create_async", devbox_create_async},
    {"devbox_create_from_blueprint_id", devbox_create_from_blueprint_id},
    {"devbox_create_from_blueprint_name", devbox_create_from_blueprint_name},
    {"devbox_create_from_snapshot", devbox_create_from_snapshot},
    {"devbox_from_id", devbox_from_id},
    {"devbox_attach", devbox_attach},
    {"devbox_list", devbox_list},
    {"devbox_get_info", devbox_get_info},
    {"devbox_update", devbox_update},
    {"devbox_await_running", devbox_await_running},
    {"devbox_await_suspended", devbox_await_suspended},
    {"devbox_suspend", devbox_suspend},
    {"devbox_resume", devbox_resume},
    {"devbox_resume_async", devbox_resume_async},
    {"devbox_usage", devbox_usage},
    {"devbox_logs", devbox_logs},
    {"devbox_create_ssh_key", devbox_create_ssh_key},
    {"devbox_create_pty_tunnel", devbox_create_pty_tunnel},
    {"devbox_create_gateway_token", devbox_create_gateway_token},
    {"devbox_create_mcp_token", devbox_create_mcp_token},
    {"devbox_enable_tunnel", devbox_enable_tunnel},
    {"devbox_remove_tunnel", devbox_remove_tunnel},
    {"devbox_get_tunnel", devbox_get_tunnel},
    {"devbox_get_tunnel_url", devbox_get_tunnel_url},
    {"devbox_keep_alive", devbox_keep_alive},
    {"devbox_shutdown", devbox_shutdown},
    {"devbox_free", devbox_free},
    {"devbox_set_shutdown_on_free", devbox_set_shutdown_on_free},
    {"devbox_scope", devbox_scope},
    {NULL, NULL},
};
