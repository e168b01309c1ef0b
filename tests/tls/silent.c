/* A peer that reads nothing any more and says nothing, while its machine still confirms what it is sent: nothing but the library's
 * pings can find that out. It takes 25 s, so that run.sh runs this beside the other programs. */

#include "support.h"

static runloop_client *client;
static runloop_devbox *devbox;

static void call(int number)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_value *value = NULL;
    options.timeout_ms = 600000;
    if (number == 0) {
        OK(runloop_devbox_get_info(devbox, &options, &value, E));
        runloop_value_free(value);
        return;
    }
    CHECK_STATUS(runloop_client_request(client, "POST", "/v1/devboxes", NULL, NULL, &options, NULL, NULL, &value, NULL, E), RUNLOOP_BROKEN);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
}

int main(void)
{
    begin("tls/silent");
    server_set("{\"plan\": [\"answer\", \"silence\"]}");
    client = client_at(port("TLS_BOTH"));
    devbox = devbox_of(client);
    OK(get_info(devbox));
    at_once(2, call);
    CHECK_INT(server_seen("connections"), 2);
    runloop_devbox_free(devbox);
    OK(runloop_client_close(client, E));
    runloop_client_free(client);
    group("a peer that falls silent is given up: a GET is sent again, a POST is not");
    return finish();
}
