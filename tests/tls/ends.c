/* How a connection or a stream ends under a request, and what becomes of the request: one that the server has not
 * looked at is sent again whatever it is, one that it may have looked at only where that is harmless. */

#include "support.h"

#include <unistd.h>

static runloop_client *client;
static runloop_devbox *devbox;

static void plan(const char *listener, const char *actions)
{
    char json[200];
    snprintf(json, sizeof json, "{\"plan\": [%s]}", actions);
    server_set(json);
    client = client_at(port(listener));
    devbox = devbox_of(client);
}

static void end(int requests)
{
    CHECK_INT(server_seen("requests"), requests);
    runloop_devbox_free(devbox);
    OK(runloop_client_close(client, E));
    runloop_client_free(client);
}

static void check_unsure(void)
{
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
    CHECK_INT(runloop_error_retryable(last_error()), RUNLOOP_RETRYABLE_UNKNOWN);
}

static void not_looked_at(void)
{
    static const char *const actions[] = {"\"refuse\"", "\"goaway unprocessed\""};
    size_t i;
    for (i = 0; i < sizeof actions / sizeof *actions; i++) {
        plan("TLS_BOTH", actions[i]);
        OK(post(client));
        end(2);
        plan("TLS_BOTH", actions[i]);
        OK(get_info(devbox));
        end(2);
    }
    group("REFUSED_STREAM, and a GOAWAY without the stream: sent again, a POST too");
}

static void announced(void)
{
    plan("TLS_BOTH", "\"answer\", \"goaway first\"");
    OK(post(client));
    OK(post(client));
    OK(post(client));
    CHECK_INT(server_seen("connections"), 2);
    end(3);
    group("a GOAWAY with the stream: it is answered, and the next goes on another connection");
}

static void cut(void)
{
    static const char *const actions[] = {"\"reset\"", "\"close\"", "\"half\"", "\"garbage\""};
    size_t i;
    for (i = 0; i < sizeof actions / sizeof *actions; i++) {
        plan("TLS_BOTH", actions[i]);
        CHECK_STATUS(post(client), RUNLOOP_BROKEN);
        check_unsure();
        end(1);
        plan("TLS_BOTH", actions[i]);
        OK(get_info(devbox));
        end(2);
    }
    plan("TLS_HTTP1", "\"close\"");
    CHECK_STATUS(post(client), RUNLOOP_BROKEN);
    check_unsure();
    end(1);
    group("RST_STREAM, a connection or an answer cut off, TLS that breaks: a POST is not sent again, a GET is");
}

static void odd_bodies(void)
{
    plan("TLS_BOTH", "\"too short\"");
    CHECK_STATUS(post(client), RUNLOOP_BROKEN);
    check_unsure();
    end(1);
    plan("TLS_BOTH", "\"too short\"");
    OK(get_info(devbox));
    end(2);
    plan("TLS_BOTH", "\"drip\", \"drip\"");
    OK(post(client));
    OK(get_info(devbox));
    end(2);
    group("an answer shorter than announced is no answer; one that comes byte by byte is");
}

enum { CONTENT = 1000 };

static int is_content(const runloop_bytes *bytes)
{
    return runloop_bytes_length(bytes) == CONTENT && !memcmp(runloop_bytes_data(bytes), "0123456789", 10);
}

/* A file that is replaced by a whole one or not at all. */
static int32_t download_to(const char *path, const runloop_call_options *options)
{
    runloop_sink sink = RUNLOOP_SINK_INIT;
    sink.path = path;
    return runloop_devbox_download_file(devbox, "f", &sink, options, NULL, E);
}

static void write_good(const char *path)
{
    FILE *file = fopen(path, "w");
    CHECK(file && fputs("good", file) >= 0 && !fclose(file));
}

static int64_t length_of(const char *path)
{
    FILE *file = fopen(path, "r");
    int64_t length;
    CHECK(file && !fseek(file, 0, SEEK_END));
    length = ftell(file);
    fclose(file);
    return length;
}

/* RST_STREAM with NO_ERROR: behind the whole answer it says nothing about that, before its end it cuts it off. */
static void quiet_resets(void)
{
    runloop_call_options once = RUNLOOP_CALL_OPTIONS_INIT;
    char path[512];
    runloop_object *object;
    runloop_bytes *bytes;
    snprintf(path, sizeof path, "%s", temporary("content"));
    once.max_retries = -1;
    write_good(path);

    plan("TLS_BOTH", "\"quiet\"");
    CHECK_STATUS(download_to(path, &once), RUNLOOP_BROKEN);
    CHECK_INT(runloop_error_retryable(last_error()), RUNLOOP_RETRYABLE_YES);
    CHECK_INT(length_of(path), 4);
    end(1);
    plan("TLS_BOTH", "\"quiet\", \"quiet behind\"");
    OK(download_to(path, NULL));
    CHECK_INT(length_of(path), CONTENT);
    end(2);

    plan("TLS_BOTH", "\"quiet\"");
    CHECK_STATUS(runloop_devbox_download_file(devbox, "f", NULL, &once, &bytes, E), RUNLOOP_BROKEN);
    end(1);
    plan("TLS_BOTH", "\"quiet\"");
    CHECK_STATUS(runloop_devbox_read_file(devbox, "f", &once, &bytes, E), RUNLOOP_BROKEN);
    end(1);
    plan("TLS_BOTH", "\"quiet\"");
    OK(runloop_devbox_read_file(devbox, "f", NULL, &bytes, E));
    CHECK(is_content(bytes));
    runloop_bytes_free(bytes);
    end(2);

    plan("TLS_BOTH", "\"quiet\"");
    CHECK_STATUS(runloop_client_request(client, "GET", "/v1/devboxes/dbx_1/download_file", NULL, NULL, &once, NULL, NULL, NULL, &bytes, E),
                 RUNLOOP_BROKEN);
    end(1);
    plan("TLS_BOTH", "\"quiet\"");
    CHECK_STATUS(post(client), RUNLOOP_BROKEN);
    check_unsure();
    end(1);
    plan("TLS_BOTH", "\"quiet behind\"");
    OK(post(client));
    end(1);

    plan("TLS_BOTH", "\"answer\", \"quiet\"");
    OK(runloop_object_from_id(client, "obj_1", &object, E));
    CHECK_STATUS(runloop_object_download_as_bytes(object, NULL, &once, &bytes, E), RUNLOOP_BROKEN);
    runloop_object_free(object);
    end(2);
    plan("TLS_BOTH", "\"answer\", \"quiet\"");
    OK(runloop_object_from_id(client, "obj_1", &object, E));
    OK(runloop_object_download_as_bytes(object, NULL, NULL, &bytes, E));
    CHECK(is_content(bytes));
    runloop_bytes_free(bytes);
    runloop_object_free(object);
    end(4);
    CHECK(!unlink(path));
    group("a stream that is reset without an error before its end has cut the answer off; behind it, it has not");
}

/* An answer that ends with its connection: TLS says whether that was meant. */
static void unframed(void)
{
    runloop_call_options once = RUNLOOP_CALL_OPTIONS_INIT;
    char path[512];
    once.max_retries = -1;
    snprintf(path, sizeof path, "%s", temporary("content"));
    write_good(path);
    plan("TLS_HTTP1", "\"unframed, cut\"");
    CHECK_STATUS(download_to(path, &once), RUNLOOP_BROKEN);
    CHECK_INT(length_of(path), 4);
    end(1);
    plan("TLS_HTTP1", "\"unframed, cut\", \"unframed\"");
    OK(download_to(path, NULL));
    CHECK_INT(length_of(path), CONTENT);
    end(2);
    CHECK(!unlink(path));
    group("an answer that ends with its connection is whole only where TLS was ended too");
}

static void no_more(void)
{
    plan("TLS_BOTH", "\"no more\"");
    OK(get_info(devbox));
    OK(post(client));
    OK(get_info(devbox));
    CHECK_INT(server_seen("connections"), 2);
    end(3);
    group("a server that allows no more streams on a connection answers what it has taken; the next goes on another one");
}

int main(void)
{
    begin("tls/ends");
    not_looked_at();
    announced();
    cut();
    odd_bodies();
    quiet_resets();
    unframed();
    no_more();
    return finish();
}
