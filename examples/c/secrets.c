/* secrets.c: values that the service keeps, given to devboxes as environment variables.
 *
 * It prints:
 *
 *     secret EXAMPLE_DATABASE_PASSWORD is kept as sec_…
 *     its view holds the value: no
 *     the devbox sees 15 characters in $PGPASSWORD
 *     a new one after the change: 7 characters
 *     deleted: RUNLOOP_NOT_FOUND
 */
#include "check.h"

#include <string.h>

/* What a devbox sees: the environment is set when the devbox is created. */
static void look(runloop_client *client, const char *format)
{
    runloop_error *error = NULL;
    runloop_params *params = NULL;
    runloop_devbox *devbox = NULL;
    runloop_exec_result *result = NULL;
    runloop_bytes *output = NULL;
    check(runloop_params_new(&params, &error), &error);
    /* The variable's name, and the secret's. The value never passes through this program. */
    check(runloop_params_set_string(params, "/secrets/PGPASSWORD", "EXAMPLE_DATABASE_PASSWORD", &error), &error);
    check(runloop_devbox_create(client, params, NULL, &devbox, &error), &error);
    runloop_params_free(params);
    check(runloop_devbox_exec(devbox, "printf ${#PGPASSWORD}", NULL, NULL, &result, &error), &error);
    check(runloop_exec_result_stdout(result, 0, NULL, &output, &error), &error);
    printf(format, runloop_bytes_data(output));
    runloop_bytes_free(output);
    runloop_exec_result_free(result);
    check(runloop_devbox_shutdown(devbox, NULL, NULL, &error), &error);
    runloop_devbox_free(devbox);
}

int main(void)
{
    runloop_error *error = NULL;
    runloop_client *client = NULL;
    runloop_secret *secret = NULL;
    check(runloop_client_new(NULL, &client, &error), &error);

    check(runloop_secret_create(client, "EXAMPLE_DATABASE_PASSWORD", "fifteen letters", NULL, &secret, &error), &error);
    printf("secret %s is kept as %s\n", runloop_secret_name(secret), runloop_secret_id(secret));

    /* The service never gives a value back. */
    runloop_value *info = NULL;
    check(runloop_secret_get_info(secret, NULL, &info, &error), &error);
    printf("its view holds the value: %s\n", strstr(runloop_value_json(info, NULL), "fifteen") ? "yes" : "no");
    runloop_value_free(info);

    look(client, "the devbox sees %s characters in $PGPASSWORD\n");
    check(runloop_secret_update(secret, "shorter", NULL, NULL, &error), &error);
    look(client, "a new one after the change: %s characters\n");

    check(runloop_secret_delete(secret, NULL, NULL, &error), &error);
    printf("deleted: %s\n", runloop_status_name(runloop_secret_get_info(secret, NULL, &info, NULL)));
    runloop_secret_free(secret);
    runloop_client_free(client);
    return 0;
}
