/* A handle that shuts its devbox down when it is freed; off until it is asked for. */

#include "scripted.h"

#include <sys/wait.h>
#include <unistd.h>

#define GONE "{\"id\":\"dbx_1\",\"status\":\"shutdown\"}"

static runloop_devbox *attached(int64_t timeout_ms)
{
    runloop_devbox *devbox;
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    if (timeout_ms) OK(runloop_devbox_set_shutdown_on_free(devbox, timeout_ms, E));
    return devbox;
}

static void only_where_asked_for(void)
{
    int before = script_requests(server);
    runloop_devbox *devbox = attached(0), *other;
    runloop_devbox_free(devbox);
    CHECK_INT(script_requests(server), before);

    answer(GONE);
    devbox = attached(5000);
    other = attached(0);
    runloop_devbox_free(devbox);
    CHECK_INT(script_requests(server), before + 1);
    check_sent(0, "POST /v1/devboxes/dbx_1/shutdown", "");
    runloop_devbox_free(other);
    runloop_devbox_free(devbox);
    CHECK_INT(script_requests(server), before + 1);

    /* Called off; and not needed any more. */
    devbox = attached(5000);
    OK(runloop_devbox_set_shutdown_on_free(devbox, 0, E));
    runloop_devbox_free(devbox);
    CHECK_INT(script_requests(server), before + 1);
    devbox = attached(5000);
    answer(GONE);
    OK(runloop_devbox_shutdown(devbox, NULL, NULL, E));
    runloop_devbox_free(devbox);
    CHECK_INT(script_requests(server), before + 2);

    devbox = attached(0);
    CHECK_STATUS(runloop_devbox_set_shutdown_on_free(devbox, -1, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "timeout_ms");
    runloop_devbox_free(devbox);
    CHECK_INT(script_requests(server), before + 2);
    CHECK_STATUS(runloop_devbox_set_shutdown_on_free(devbox, 1, E), RUNLOOP_INVALID_HANDLE);
    group("only where it is asked for");
}

static void not_in_a_forked_child(void)
{
    int before = script_requests(server), status;
    runloop_devbox *devbox = attached(5000);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        runloop_devbox_free(devbox);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    CHECK_INT(script_requests(server), before);
    answer(GONE);
    runloop_devbox_free(devbox);
    CHECK_INT(script_requests(server), before + 1);
    group("not in a forked child");
}

static void through_a_gateways_pages(void)
{
    int before = script_requests(server);
    runloop_devbox *devbox = attached(60000);
    script_answer(server, 404, "Content-Type: text/html\r\n", "<html>");
    script_answer(server, 200, "Content-Type: text/html\r\n", "<html>");
    answer(GONE);
    runloop_devbox_free(devbox);
    CHECK_INT(script_requests(server), before + 3);
    check_sent(0, "POST /v1/devboxes/dbx_1/shutdown", "");
    group("a gateway's page is not the service's answer");
}

static char told[1000];

static void note(void *user_data, int32_t level, const char *message)
{
    (void)user_data;
    if (level == RUNLOOP_LOG_WARN && strstr(message, "handle was freed")) snprintf(told, sizeof told, "%s", message);
}

static void what_fails_is_told_to_the_log(void)
{
    int before = script_requests(server);
    runloop_devbox *devbox = attached(5000);
    OK(runloop_log_set(note, NULL, RUNLOOP_LOG_WARN, E));
    script_answer(server, 403, "", "{\"message\":\"not yours\"}");
    runloop_devbox_free(devbox);
    CHECK_INT(script_requests(server), before + 1);
    CHECK_HAS(told, "dbx_1");
    CHECK_HAS(told, "not yours");
    /* A server that never answers holds nobody up for longer than was said: with its time left to it, the
     * request would wait for 30 s. */
    script_add(server, "", SCRIPT_HOLD);
    devbox = attached(100);
    runloop_devbox_free(devbox);
    CHECK_HAS(told, "no answer within 100 ms");
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    group("what fails is told to the log");
}

static void of_a_closed_client(void)
{
    int before;
    runloop_client *closing = new_client(script_url(server));
    runloop_devbox *devbox;
    OK(runloop_devbox_attach(closing, "dbx_1", &devbox, E));
    OK(runloop_devbox_set_shutdown_on_free(devbox, 5000, E));
    OK(runloop_client_close(closing, E));
    runloop_client_free(closing);
    before = script_requests(server);
    answer(GONE);
    runloop_devbox_free(devbox);
    CHECK_INT(script_requests(server), before + 1);
    check_sent(0, "POST /v1/devboxes/dbx_1/shutdown", "");
    group("also where the client is closed");
}

/* A client with connections of its own, which nobody else keeps open; the server closes each behind its answer. */
static void of_the_only_client(void)
{
    int before = script_requests(server);
    runloop_config *config = new_config(script_url(server));
    runloop_client *closing;
    runloop_devbox *devbox;
    OK(runloop_config_set_http_version(config, RUNLOOP_HTTP_1, E));
    OK(runloop_config_set_connect_timeout_ms(config, 12345, E));
    OK(runloop_client_new(config, &closing, E));
    runloop_config_free(config);
    OK(runloop_devbox_attach(closing, "dbx_1", &devbox, E));
    OK(runloop_devbox_set_shutdown_on_free(devbox, 5000, E));
    OK(runloop_client_close(closing, E));
    runloop_client_free(closing);
    answer(GONE);
    runloop_devbox_free(devbox);
    CHECK_INT(script_requests(server), before + 1);
    check_sent(0, "POST /v1/devboxes/dbx_1/shutdown", "");
    group("also where no client uses its connections any more");
}

int main(void)
{
    begin("test_shutdown_on_free");
    scripted_start();
    only_where_asked_for();
    not_in_a_forked_child();
    through_a_gateways_pages();
    what_fails_is_told_to_the_log();
    of_a_closed_client();
    of_the_only_client();
    scripted_stop();
    return finish();
}
