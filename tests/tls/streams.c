/* HTTP/2: as many streams as the server allows, few connections, no window that one stream takes from another; and
 * HTTP/1.1 where the server chooses that or nothing. */

#include "sockets.h"
#include "support.h"

#include <unistd.h>

static runloop_client *client;
static runloop_devbox *devbox;

static void begin_at(const char *listener)
{
    client = client_at(port(listener));
    devbox = devbox_of(client);
}

static void end(void)
{
    runloop_devbox_free(devbox);
    OK(runloop_client_close(client, E));
    runloop_client_free(client);
}

static void one_call(int number)
{
    (void)number;
    OK(get_info(devbox));
}

static void one_wait(int number)
{
    runloop_value *info = NULL;
    (void)number;
    OK(runloop_devbox_await_running(devbox, NULL, &info, E));
    runloop_value_free(info);
}

static void what_is_spoken(void)
{
    server_set("{}");
    begin_at("TLS_BOTH");
    OK(get_info(devbox));
    OK(get_info(devbox));
    end();
    CHECK_INT(server_seen("by h2"), 1);

    server_set("{}");
    begin_at("TLS_HTTP1");
    at_once(20, one_call);
    OK(get_info(devbox));
    end();
    CHECK(server_seen("by http~11.1") <= 21);
    CHECK_INT(server_seen("requests"), 21);

    server_set("{}");
    begin_at("TLS_NO_ALPN");
    at_once(20, one_call);
    end();
    CHECK_INT(server_seen("by h2"), 0);
    CHECK_INT(server_seen("requests"), 20);
    group("HTTP/2 where the server chooses it, HTTP/1.1 where it chooses that or nothing");
}

/* All are under way at a time, whatever the server allows on one connection. */
static void waits_with(int streams, int count, int connections)
{
    char json[64];
    snprintf(json, sizeof json, "{\"streams\": %d}", streams);
    server_set(json);
    begin_at("TLS_BOTH");
    at_once_begin(count, one_wait);
    EVENTUALLY(server_seen("held") == count);
    CHECK(server_seen("connections") >= (count + streams - 1) / streams);
    CHECK(server_seen("connections") <= connections);
    server_release();
    at_once_end();
    end();
}

static void limits_of_the_server(void)
{
    waits_with(1, 6, 9);
    waits_with(2, 8, 6);
    waits_with(100, 24, 5);
    group("1, 2 and 100 streams a connection: all waits are under way at a time");
}

static void no_streams_at_all(void)
{
    runloop_config *config = config_at(port("TLS_BOTH"));
    OK(runloop_config_set_max_retries(config, -1, E));
    OK(runloop_config_set_timeout_ms(config, 1000, E));
    server_set("{\"streams\": 0, \"hold\": true}");
    client = client_of(config);
    devbox = devbox_of(client);
    /* One may go before the server has said that it takes none. */
    CHECK(get_info(devbox) != RUNLOOP_OK);
    CHECK(get_info(devbox) != RUNLOOP_OK);
    CHECK(server_seen("connections") <= 4);
    end();
    group("a server that allows no streams: an error, and no connection after the other");
}

static void a_burst(void)
{
    server_set("{\"hold\": true}");
    begin_at("TLS_BOTH");
    at_once_begin(150, one_call);
    EVENTUALLY(server_seen("held") == 150);
    CHECK(server_seen("connections") >= 5);
    CHECK(server_seen("connections") <= 7);
    server_release();
    at_once_end();
    OK(get_info(devbox));
    CHECK(server_seen("connections") <= 7);
    end();
    group("150 calls at once: five connections, not one each");
}

/* The server answers none of them before all have come. */
static void held_at_once(const char *listener, const char *wanted, int count)
{
    server_set(wanted);
    begin_at(listener);
    at_once_begin(count, one_call);
    EVENTUALLY(server_seen("held") == count);
    server_release();
    at_once_end();
    CHECK_INT(server_seen("requests"), count);
    end();
}

static void as_many_at_once_as_by_http1(void)
{
    held_at_once("TLS_HTTP1", "{\"hold\": true}", 100);
    held_at_once("TLS_BOTH", "{\"hold\": true}", 100);
    held_at_once("TLS_BOTH", "{\"hold\": true, \"streams\": 4}", 100);
    group("100 calls are under way at a time by HTTP/2, 4 or 100 streams a connection, as by HTTP/1.1");
}

static runloop_output_stream *output_of(const char *id)
{
    runloop_execution *execution;
    runloop_output_stream *stream;
    OK(runloop_execution_attach(devbox, id, &execution, E));
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &stream, E));
    runloop_execution_free(execution);
    return stream;
}

static void windows(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_output_stream *unread[2], *third;
    const char *data;
    size_t length;
    int32_t which;
    int i;
    server_set("{}");
    begin_at("TLS_BOTH");
    for (i = 0; i < 2; i++) {
        unread[i] = output_of("exec_flood");
        OK(runloop_output_stream_next(unread[i], NULL, &which, &data, &length, E));
    }
    EVENTUALLY(server_seen("stalled") == 2);
    options.deadline_ms = 30000;
    third = output_of("exec_1");
    OK(runloop_output_stream_next(third, &options, &which, &data, &length, E));
    CHECK(length == 6 && !memcmp(data, "hello\n", 6));
    CHECK_INT(server_seen("connections"), 1);
    runloop_output_stream_free(third);
    for (i = 0; i < 2; i++) runloop_output_stream_free(unread[i]);
    EVENTUALLY(server_seen("resets") >= 2);
    end();
    group("two streams that nobody reads do not stop a third on their connection");
}

static void one_upload(int number)
{
    static char content[1 << 20];
    runloop_source source = RUNLOOP_SOURCE_INIT;
    (void)number;
    source.data = content;
    source.length = sizeof content;
    OK(runloop_devbox_upload_file(devbox, "uploaded", &source, NULL, E));
}

static int64_t as_much_as_wanted(void *user_data, char *buffer, size_t capacity)
{
    (void)user_data;
    memset(buffer, 'x', capacity);
    return (int64_t)capacity;
}

static int32_t stop_behind_much(void *user_data, int64_t done, int64_t total)
{
    (void)user_data;
    (void)total;
    return done > 2 << 20;
}

static int64_t fails_behind_much(void *user_data, char *buffer, size_t capacity)
{
    size_t *given = (size_t *)user_data;
    *given += capacity;
    return *given > 2 << 20 ? -1 : as_much_as_wanted(NULL, buffer, capacity);
}

static runloop_cancel *breaking;

static void one_cancelled(int number)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    (void)number;
    options.cancel = breaking;
    source.read = as_much_as_wanted;
    CHECK_STATUS(runloop_devbox_upload_file(devbox, "uploaded", &source, &options, E), RUNLOOP_CANCELLED);
}

/* The server notes a request when it ends; of one that was reset it keeps nothing. */
static void uploads_that_are_broken_off(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    size_t given = 0;
    options.progress = stop_behind_much;
    source.read = as_much_as_wanted;
    server_set("{}");
    begin_at("TLS_BOTH");
    CHECK_STATUS(runloop_devbox_upload_file(devbox, "uploaded", &source, &options, E), RUNLOOP_STOPPED);
    EVENTUALLY(server_seen("resets") + server_seen("requests") == 1);
    CHECK_INT(server_seen("resets"), 1);
    source.read = fails_behind_much;
    source.user_data = &given;
    CHECK(runloop_devbox_upload_file(devbox, "uploaded", &source, NULL, E) != RUNLOOP_OK);
    EVENTUALLY(server_seen("resets") + server_seen("requests") == 2);
    CHECK_INT(server_seen("resets"), 2);
    end();
    /* While its body waits for a window. */
    server_set("{\"starve\": true}");
    begin_at("TLS_BOTH");
    OK(runloop_cancel_new(&breaking, E));
    at_once_begin(1, one_cancelled);
    EVENTUALLY(server_seen("filled") == 1);
    OK(runloop_cancel_trigger(breaking, E));
    at_once_end();
    runloop_cancel_free(breaking);
    server_release();
    EVENTUALLY(server_seen("resets") + server_seen("requests") == 1);
    CHECK_INT(server_seen("resets"), 1);
    end();
    group("uploads that are broken off are never ended as if they were whole");
}

static void uploads_without_credit(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_params *params = params_of("{\"name\":\"beside the uploads\"}");
    runloop_devbox *made;
    server_set("{\"starve\": true}");
    begin_at("TLS_BOTH");
    OK(get_info(devbox));
    at_once_begin(6, one_upload);
    EVENTUALLY(server_seen("uploads") == 6);
    /* Their bodies have filled the windows of the connections that they are on. */
    EVENTUALLY(server_seen("filled") == server_seen("with_uploads"));
    options.deadline_ms = 30000;
    OK(runloop_devbox_create(client, params, &options, &made, E));
    OK(get_info(made));
    runloop_devbox_free(made);
    server_release();
    at_once_end();
    runloop_params_free(params);
    end();
    group("uploads that get no window do not hold up a create");
}

static void what_stays_open(void)
{
    runloop_client *other;
    runloop_devbox *its;
    int before;
    EVENTUALLY(sockets() == 0);
    server_set("{}");
    begin_at("TLS_BOTH");
    other = client_at(port("TLS_BOTH"));
    its = devbox_of(other);
    OK(get_info(devbox));
    OK(get_info(its));
    CHECK_INT(server_seen("connections"), 1);
    before = sockets();
    CHECK(before >= 1);
    /* The other one may still need it. */
    OK(runloop_client_close(client, E));
    runloop_client_free(client);
    OK(get_info(its));
    CHECK_INT(server_seen("connections"), 1);
    OK(runloop_client_close(other, E));
    runloop_client_free(other);
    EVENTUALLY(sockets() == 0);
    runloop_devbox_free(devbox);
    runloop_devbox_free(its);
    group("closing the last client of a server closes its idle connections, though devboxes' handles live");
}

int main(void)
{
    begin("tls/streams");
    what_is_spoken();
    limits_of_the_server();
    no_streams_at_all();
    a_burst();
    as_many_at_once_as_by_http1();
    windows();
    uploads_that_are_broken_off();
    uploads_without_credit();
    what_stays_open();
    return finish();
}
