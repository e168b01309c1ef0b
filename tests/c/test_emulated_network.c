/* Against the emulator: a tunnel opened, found and closed. */

#include "harness.h"

static runloop_client *client;

static void tunnels(void)
{
    runloop_devbox *devbox = new_devbox(client);
    runloop_params *params;
    runloop_value *tunnel;
    runloop_bytes *url;
    const char *key;
    char expected[200];
    OK(runloop_devbox_get_tunnel(devbox, NULL, &tunnel, E));
    CHECK(tunnel == NULL);
    OK(runloop_devbox_get_tunnel_url(devbox, 8080, NULL, &url, E));
    CHECK(url == NULL);
    OK(runloop_params_new(&params, E));
    OK(runloop_params_set_string(params, "/auth_mode", "authenticated", E));
    OK(runloop_devbox_enable_tunnel(devbox, params, NULL, &tunnel, E));
    runloop_params_free(params);
    OK(runloop_value_get_string(tunnel, "/tunnel_key", &key, NULL, E));
    snprintf(expected, sizeof expected, "http://8080-%s.tunnel.localhost%s", key, strrchr(emulator_url(), ':'));
    CHECK_INT(runloop_value_kind(tunnel, "/auth_token"), RUNLOOP_KIND_STRING);
    OK(runloop_devbox_get_tunnel_url(devbox, 8080, NULL, &url, E));
    CHECK_OUTPUT(url, expected);
    runloop_value_free(tunnel);
    OK(runloop_devbox_remove_tunnel(devbox, NULL, E));
    OK(runloop_devbox_get_tunnel(devbox, NULL, &tunnel, E));
    CHECK(tunnel == NULL);
    OK(runloop_devbox_create_pty_tunnel(devbox, NULL, &tunnel, E));
    CHECK_INT(runloop_value_kind(tunnel, "/auth_token"), RUNLOOP_KIND_STRING);
    runloop_value_free(tunnel);
    shut_down_and_free(devbox);
    group("a tunnel is opened, found and closed");
}

int main(void)
{
    begin("test_emulated_network");
    emulator_start(NULL);
    client = new_client(NULL);
    tunnels();
    runloop_client_free(client);
    return finish();
}
