/* A record that cannot be decrypted, or an alert, behind a request: whatever the connection says then, the server has had
 * the request. */

#include "support.h"

int main(void)
{
    runloop_client *client;
    runloop_devbox *devbox, *created;
    runloop_exec_result *result;
    int round;
    begin("odd_records");
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
    return finish();
}
