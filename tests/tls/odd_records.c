/* What comes in the place of TLS. A record that cannot be decrypted, or an alert, behind a request: whatever the connection says then, the server has had
 * the request. */

#include "support.h"

static void behind_requests(void)
{
    runloop_client *client;
    runloop_devbox *devbox, *created;
    runloop_exec_result *result;
    int round;
    client = client_at(port("TLS_ODD"));
    devbox = devbox_of(client);
    for (round = 0; round < 4; round++) {
        int32_t status = runloop_devbox_create_async(client, NULL, NULL, &created, E);
        CHECK(status == RUNLOOP_BROKEN || status == RUNLOOP_TLS);
        CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
        CHECK(runloop_error_retryable(last_error()) != RUNLOOP_RETRYABLE_YES);
        CHECK_INT(runloop_error_attempts(last_error()), 1);
        status = runloop_devbox_exec(devbox, "git push", NULL, NULL, &result, E);
        CHECK(status == RUNLOOP_BROKEN || status == RUNLOOP_TLS);
        CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
        /* What only reads is repeated, and says that nothing happened. */
        OK(get_info(devbox));
    }
    /* The clean-up of a create begins, since there may be something to find. */
    CHECK(runloop_devbox_create(client, NULL, NULL, &created, E) != RUNLOOP_OK);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
    CHECK_HAS(last_message(), "it is being shut down");
    runloop_devbox_free(devbox);
    OK(runloop_client_close(client, E));
    runloop_client_free(client);
    group("odd records behind a request");
}

/* A host that has been reached before is tried again; one that never was, a few times. */
static void odd_handshakes(void)
{
    runloop_client *client = client_at(port("TLS_ODD_HANDSHAKES"));
    runloop_devbox *devbox = devbox_of(client);
    OK(get_info(devbox));
    OK(get_info(devbox));
    runloop_devbox_free(devbox);
    OK(runloop_client_close(client, E));
    runloop_client_free(client);
    group("handshakes that a gateway answers by something else");
}

int main(void)
{
    begin("odd_records");
    behind_requests();
    odd_handshakes();
    return finish();
}
