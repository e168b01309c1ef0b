/* errors.c: what an error tells, and what to do with it.
 *
 * It prints:
 *
 *     not found: …dbx_nobody…
 *       HTTP 404, retryable: no, side effect: none, attempts: 1, about: dbx_nobody
 *     a key: …
 *     connect: …127.0.0.1:1…
 *       retryable: yes
 *     invalid argument: …
 *     a command that fails is no error: it exited with 7
 *     ended by its devbox: …
 */
#include "check.h"

#include <string.h>

static const char *const retryable[] = {"no", "yes", "unknown"};
static const char *const side_effect[] = {"none", "happened", "unknown"};

int main(void)
{
    runloop_error *error = NULL;
    runloop_client *client = NULL;
    runloop_devbox *devbox = NULL;
    runloop_value *info = NULL;
    check(runloop_client_new(NULL, &client, &error), &error);

    /* The status says what kind of thing went wrong, the message names the thing, the cause and the
     * next step. The rest is for programs that decide by it. */
    check(runloop_devbox_attach(client, "dbx_nobody", &devbox, &error), &error);
    if (runloop_devbox_get_info(devbox, NULL, &info, &error) == RUNLOOP_NOT_FOUND) {
        printf("not found: %s\n", runloop_error_message(error));
        printf("  HTTP %d, retryable: %s, side effect: %s, attempts: %d, about: %s\n", (int)runloop_error_http_status(error),
               retryable[runloop_error_retryable(error)], side_effect[runloop_error_side_effect(error)],
               (int)runloop_error_attempts(error), runloop_error_resource_id(error));
    }
    runloop_error_free(error);
    runloop_devbox_free(devbox);

    /* A key that cannot be one is refused before anything is sent. Secrets are in no message. */
    runloop_config *config = NULL;
    runloop_client *stranger = NULL;
    check(runloop_config_new(&config, &error), &error);
    check(runloop_config_set_bearer_token(config, "two\nlines", &error), &error);
    if (runloop_client_new(config, &stranger, &error) == RUNLOOP_INVALID_ARGUMENT)
        printf("a key: %s\n", runloop_error_message(error));
    runloop_error_free(error);
    runloop_config_free(config);

    /* Nobody there: told after a few spaced attempts, not after a long timeout. */
    check(runloop_config_new(&config, &error), &error);
    check(runloop_config_set_base_url(config, "http://127.0.0.1:1", &error), &error);
    check(runloop_config_set_max_retries(config, 1, &error), &error);
    check(runloop_client_new(config, &stranger, &error), &error);
    check(runloop_devbox_attach(stranger, "dbx_1", &devbox, &error), &error);
    if (runloop_devbox_get_info(devbox, NULL, &info, &error) == RUNLOOP_CONNECT) {
        printf("connect: %s\n", runloop_error_message(error));
        printf("  retryable: %s\n", retryable[runloop_error_retryable(error)]);
    }
    runloop_error_free(error);
    runloop_devbox_free(devbox);
    runloop_client_free(stranger);
    runloop_config_free(config);

    /* Misuse is an error like any other, not a crash. */
    if (runloop_devbox_attach(client, NULL, &devbox, &error) == RUNLOOP_INVALID_ARGUMENT)
        printf("invalid argument: %s\n", runloop_error_message(error));
    runloop_error_free(error);

    /* What a command makes of itself is its result. */
    check(runloop_devbox_create(client, NULL, NULL, &devbox, &error), &error);
    runloop_exec_result *result = NULL;
    check(runloop_devbox_exec(devbox, "exit 7", NULL, NULL, &result, &error), &error);
    printf("a command that fails is no error: it exited with %d\n", (int)runloop_exec_result_exit_code(result));
    runloop_exec_result_free(result);

    /* The end of a devbox is an error of what runs in it. */
    check(runloop_devbox_shutdown(devbox, NULL, NULL, &error), &error);
    if (runloop_devbox_exec(devbox, "true", NULL, NULL, &result, &error) != RUNLOOP_OK)
        printf("ended by its devbox: %s\n", runloop_error_message(error));
    runloop_error_free(error);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    return 0;
}
