/* What tests with scripted answers share: a client of a script server, and what it has been sent. */

#ifndef SCRIPTED_H
#define SCRIPTED_H

#include "harness.h"
#include "script_server.h"

static script_server *server;
static runloop_client *client;

static inline void scripted_start(void)
{
    server = script_start();
    client = new_client(script_url(server));
}

static inline void scripted_stop(void)
{
    runloop_client_free(client);
    script_stop(server);
}

/* An answer of 200 with this body. */
static inline void answer(const char *body)
{
    script_answer(server, 200, "", body);
}

/* The nth request from the end (0 is the last) begins so and has exactly this body. */
static inline void check_sent(int from_end, const char *line, const char *body)
{
    const char *request = script_request(server, script_requests(server) - 1 - from_end), *end;
    size_t length = strlen(line);
    CHECK(request != NULL);
    if (strncmp(request, line, length) || request[length] != ' ')
        fail_at(__FILE__, __LINE__, "sent was \"%.120s\", not \"%s\"", request, line);
    end = strstr(request, "\r\n\r\n");
    CHECK(end != NULL);
    CHECK_TEXT(end + 4, body);
}

static inline void check_field(const runloop_value *value, const char *pointer, const char *expected)
{
    const char *text;
    OK(runloop_value_get_string(value, pointer, &text, NULL, E));
    CHECK_TEXT(text, expected);
}

/* Checks a place, and frees the value. */
static inline void check_answer(runloop_value *value, const char *pointer, const char *expected)
{
    CHECK(value != NULL);
    check_field(value, pointer, expected);
    runloop_value_free(value);
}

#endif
