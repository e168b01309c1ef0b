/* How a connection or a stream ends under a request, and what becomes of the request: one that the server has not
 * looked at is sent again whatever it is, one that it may have looked at only where that is harmless. */

#include "support.h"

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
    no_more();
    return finish();
}
