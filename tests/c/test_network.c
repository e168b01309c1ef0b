/* How a devbox is reached: tunnels and their URLs, ssh keys, tokens; and none of them is told. */

#include "scripted.h"

#define TUNNEL "{\"tunnel_key\":\"k3y\",\"auth_mode\":\"authenticated\",\"auth_token\":\"t0ken-of-tunnel\"}"

static runloop_devbox *devbox;
static char logged[1 << 16];

static void keep(void *user_data, int32_t level, const char *message)
{
    size_t used = strlen(logged);
    (void)user_data;
    (void)level;
    snprintf(logged + used, sizeof logged - used, "%s\n", message);
}

static void tunnels(void)
{
    runloop_params *params = params_of("{\"auth_mode\":\"authenticated\"}");
    runloop_value *tunnel;
    runloop_bytes *url;
    char expected[100];
    answer(TUNNEL);
    OK(runloop_devbox_enable_tunnel(devbox, params, NULL, &tunnel, E));
    check_answer(tunnel, "/auth_token", "t0ken-of-tunnel");
    check_sent(0, "POST /v1/devboxes/dbx_1/enable_tunnel", "{\"auth_mode\":\"authenticated\"}");
    runloop_params_free(params);
    answer("{\"id\":\"dbx_1\",\"status\":\"running\",\"tunnel\":" TUNNEL "}");
    OK(runloop_devbox_get_tunnel(devbox, NULL, &tunnel, E));
    check_answer(tunnel, "/tunnel_key", "k3y");
    check_sent(0, "GET /v1/devboxes/dbx_1", "");
    answer("{\"id\":\"dbx_1\",\"status\":\"running\",\"tunnel\":null}");
    OK(runloop_devbox_get_tunnel(devbox, NULL, &tunnel, E));
    CHECK(tunnel == NULL);

    answer("{\"id\":\"dbx_1\",\"tunnel\":" TUNNEL "}");
    OK(runloop_devbox_get_tunnel_url(devbox, 8080, NULL, &url, E));
    snprintf(expected, sizeof expected, "http://8080-k3y.tunnel.localhost%s", strrchr(script_url(server), ':'));
    CHECK_OUTPUT(url, expected);
    answer("{\"id\":\"dbx_1\"}");
    OK(runloop_devbox_get_tunnel_url(devbox, 65535, NULL, &url, E));
    CHECK(url == NULL);
    answer("{\"id\":\"dbx_1\",\"tunnel\":{\"auth_token\":\"t0ken-of-tunnel\"}}");
    CHECK_STATUS(runloop_devbox_get_tunnel_url(devbox, 1, NULL, &url, E), RUNLOOP_PROTOCOL);
    check_no_secret("t0ken");
    CHECK_STATUS(runloop_devbox_get_tunnel_url(devbox, 0, NULL, &url, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_devbox_get_tunnel_url(devbox, 65536, NULL, &url, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_devbox_get_tunnel_url(devbox, -1, NULL, &url, E), RUNLOOP_INVALID_ARGUMENT);
    answer("{}");
    OK(runloop_devbox_remove_tunnel(devbox, NULL, E));
    check_sent(0, "POST /v1/devboxes/dbx_1/remove_tunnel", "");
    answer("{\"tunnel_key\":\"p3y\",\"auth_token\":\"t0ken-of-pty\"}");
    OK(runloop_devbox_create_pty_tunnel(devbox, NULL, &tunnel, E));
    check_answer(tunnel, "/auth_token", "t0ken-of-pty");
    check_sent(0, "POST /v1/devboxes/dbx_1/create_pty_tunnel", "");
    group("tunnels");
}

static void keys_and_tokens(void)
{
    runloop_params *params = params_of("{\"gateway\":\"github\",\"secret\":\"TOKEN\"}");
    runloop_value *value;
    int before;
    answer("{\"id\":\"k\",\"ssh_user\":\"user\",\"ssh_private_key\":\"t0ken-key\",\"url\":\"x.ssh.runloop.ai\"}");
    OK(runloop_devbox_create_ssh_key(devbox, NULL, &value, E));
    check_answer(value, "/ssh_private_key", "t0ken-key");
    check_sent(0, "POST /v1/devboxes/dbx_1/create_ssh_key", "");
    answer("{\"token\":\"t0ken-gateway\",\"url\":\"u\"}");
    OK(runloop_devbox_create_gateway_token(devbox, params, NULL, &value, E));
    check_answer(value, "/token", "t0ken-gateway");
    check_sent(0, "POST /v1/devboxes/dbx_1/create_gateway_token", "{\"gateway\":\"github\",\"secret\":\"TOKEN\"}");
    answer("{\"token\":\"t0ken-mcp\",\"url\":\"u\"}");
    OK(runloop_devbox_create_mcp_token(devbox, params, NULL, &value, E));
    check_answer(value, "/token", "t0ken-mcp");
    check_sent(0, "POST /v1/devboxes/dbx_1/create_mcp_token", "{\"gateway\":\"github\",\"secret\":\"TOKEN\"}");
    /* Made once: what may have been made is not made again. */
    before = script_requests(server);
    script_add(server, "", SCRIPT_CLOSE);
    CHECK_STATUS(runloop_devbox_create_ssh_key(devbox, NULL, &value, E), RUNLOOP_BROKEN);
    CHECK(value == NULL);
    CHECK_INT(script_requests(server), before + 1);
    CHECK_TEXT(runloop_error_resource_id(last_error()), "dbx_1");
    runloop_params_free(params);
    group("keys and tokens");
}

static void told_to_nobody(void)
{
    runloop_value *value;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    /* An answer that breaks off within a key, and one that is no answer. */
    answer("{\"ssh_user\":\"user\",\"ssh_private_key\":\"t0ken-k");
    CHECK_STATUS(runloop_devbox_create_ssh_key(devbox, NULL, &value, E), RUNLOOP_PROTOCOL);
    check_no_secret("t0ken");
    script_answer(server, 422, "", "{\"message\":\"no\",\"tunnel\":" TUNNEL "}");
    CHECK_STATUS(runloop_devbox_enable_tunnel(devbox, NULL, NULL, &value, E), RUNLOOP_UNPROCESSABLE);
    CHECK_HAS(runloop_error_body(last_error(), NULL), "k3y");
    check_no_secret("t0ken");
    /* The last state of a wait, with the devbox's tunnel in it. */
    answer("{\"id\":\"dbx_1\",\"status\":\"failure\",\"tunnel\":" TUNNEL "}");
    CHECK_STATUS(runloop_devbox_await_running(devbox, NULL, NULL, E), RUNLOOP_DEVBOX_FAILED);
    CHECK_HAS(runloop_error_body(last_error(), NULL), "k3y");
    check_no_secret("t0ken");
    options.poll_timeout_ms = 1500;
    options.poll_interval_ms = 3000;
    answer("{\"id\":\"dbx_1\",\"status\":\"provisioning\",\"tunnel\":" TUNNEL "}");
    CHECK_STATUS(runloop_devbox_await_running(devbox, &options, NULL, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK_HAS(runloop_error_body(last_error(), NULL), "k3y");
    check_no_secret("t0ken");
    CHECK(strlen(logged) > 100);
    CHECK_HAS_NOT(logged, "t0ken");
    group("no key and no token is in an error or in the log");
}

int main(void)
{
    begin("test_network");
    OK(runloop_log_set(keep, NULL, RUNLOOP_LOG_DEBUG, E));
    scripted_start();
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    tunnels();
    keys_and_tokens();
    told_to_nobody();
    runloop_devbox_free(devbox);
    scripted_stop();
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    return finish();
}
