/* Connections that nobody uses: how long they are kept, and what becomes of a request that finds its own dead. */

#include "support.h"

#include <time.h>

void suspend_for(int seconds) __attribute__((weak));

static runloop_client *client;
static runloop_devbox *devbox;

static void begin_with(const char *json)
{
    server_set(json);
    client = client_at(port("TLS_HTTP1"));
    devbox = devbox_of(client);
}

static void end(void)
{
    runloop_devbox_free(devbox);
    OK(runloop_client_close(client, E));
    runloop_client_free(client);
}

static void the_servers_word(void)
{
    begin_with("{\"plan\": [\"short\"]}");
    OK(get_info(devbox));
    CHECK_INT(server_seen("open"), 1);
    /* The server would wait for ever: who closes is the library. */
    EVENTUALLY(server_seen("open") == 0);
    OK(get_info(devbox));
    CHECK_INT(server_seen("connections"), 2);
    end();
    group("Keep-Alive: timeout=2 is kept");
}

static void so_many_requests(void)
{
    begin_with("{\"plan\": [\"last but one\"]}");
    OK(get_info(devbox));
    OK(get_info(devbox));
    CHECK_INT(server_seen("connections"), 1);
    OK(get_info(devbox));
    CHECK_INT(server_seen("connections"), 2);
    end();
    group("Keep-Alive: max=2 is kept");
}

static void suspended(void)
{
    static const char *const listeners[] = {"TLS_HTTP1", "TLS_BOTH"};
    int i;
    for (i = 0; i < 2; i++) {
        server_set("{}");
        client = client_at(port(listeners[i]));
        devbox = devbox_of(client);
        OK(get_info(devbox));
        OK(get_info(devbox));
        CHECK_INT(server_seen("connections"), 1);
        suspend_for(60);
        OK(get_info(devbox));
        CHECK_INT(server_seen("connections"), 2);
        end();
    }
    group("a machine that was suspended uses no connection from before");
}

static void closed_under_a_request(void)
{
    begin_with("{\"plan\": [\"answer\", \"close\"]}");
    OK(get_info(devbox));
    OK(get_info(devbox));
    CHECK_INT(server_seen("requests"), 3);
    CHECK_INT(server_seen("connections"), 2);
    end();
    group("a kept connection that is closed under a harmless request: another one");
}

static void old_ones(void)
{
    struct timespec old = {4, 0};
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_value *info;
    begin_with("{}");
    OK(get_info(devbox));
    OK(post(client));
    CHECK_INT(server_seen("connections"), 1);
    nanosleep(&old, NULL);
    OK(get_info(devbox));
    CHECK_INT(server_seen("connections"), 1);
    nanosleep(&old, NULL);
    OK(post(client));
    CHECK_INT(server_seen("connections"), 2);
    /* Nor what cannot be sent twice: it may not, or its content may be gone. */
    nanosleep(&old, NULL);
    options.max_retries = -1;
    OK(runloop_devbox_get_info(devbox, &options, &info, E));
    runloop_value_free(info);
    CHECK_INT(server_seen("connections"), 3);
    nanosleep(&old, NULL);
    source.data = "x";
    source.length = 1;
    OK(runloop_devbox_upload_file(devbox, "/x", &source, NULL, E));
    CHECK_INT(server_seen("connections"), 4);
    end();
    group("what must not happen twice is not sent on a connection that has been idle for long");
}

int main(void)
{
    begin("tls/idle");
    if (!suspend_for) fail_at(__FILE__, __LINE__, "suspend.so is not loaded: start this program by tests/tls/run.sh");
    the_servers_word();
    so_many_requests();
    suspended();
    closed_under_a_request();
    old_ones();
    return finish();
}
