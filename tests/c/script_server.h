/* A server that answers with the bytes it was given, one answer per request, for what a good
 * server never does. It takes one request per connection. */

#ifndef SCRIPT_SERVER_H
#define SCRIPT_SERVER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct script_server script_server;

enum script_end {
    /* The connection is closed behind the answer. */
    SCRIPT_CLOSE,
    /* The connection is reset behind the answer. */
    SCRIPT_RESET,
    /* The connection stays open until the server is stopped, without another word. */
    SCRIPT_HOLD,
    /* The connection is closed when it has been held for longer than a second. */
    SCRIPT_CUT_OFF
};

script_server *script_start(void);
/* One where another was, which has been stopped: the same URL. */
script_server *script_start_at(const char *url);
/* http://127.0.0.1:PORT */
const char *script_url(const script_server *server);
/* Adds an answer; when all have been given, connections are closed without one. */
void script_add(script_server *server, const char *bytes, enum script_end end);
void script_add_bytes(script_server *server, const char *bytes, size_t length, enum script_end end);
/* Adds a whole HTTP answer with a body; `headers` holds further lines, each with \r\n, or is "". */
void script_answer(script_server *server, int status, const char *headers, const char *body);

/* How many requests have come. */
int script_requests(script_server *server);
/* The nth request, headers and body; NULL if there was none. Lives until the server is stopped. */
const char *script_request(script_server *server, int nth);
/* The value of a header of the nth request; the caller frees it. NULL if it is not there. */
char *script_header(script_server *server, int nth, const char *name);
void script_stop(script_server *server);

#ifdef __cplusplus
}
#endif

#endif
