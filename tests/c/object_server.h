/* The objects of the API, and the storage that their signed URLs lead to, on two ports of this
 * process: strict about what a client may send, and failing on demand at any byte. Contents lie in
 * files, so that the memory that is measured is the client's. */

#ifndef OBJECT_SERVER_H
#define OBJECT_SERVER_H

#include <stddef.h>
#include <stdint.h>

/* What every signed URL and every header that belongs to one holds. */
#define SIGNATURE "s1gnature-7c41"

typedef struct object_server object_server;

enum object_fault {
    /* Answers with a status instead. */
    FAULT_STATUS,
    /* Resets the connection after so many bytes of the body. */
    FAULT_RESET,
    /* Closes the connection after so many bytes of the body. */
    FAULT_CLOSE,
    /* Falls silent after so many bytes of the body. */
    FAULT_STALL,
    /* Does what was asked, and closes the connection without a word. */
    FAULT_LOST
};

object_server *object_server_start(void);
void object_server_stop(object_server *server);
const char *object_server_url(const object_server *server);

/* Operations: create, retrieve, complete, delete, list, download; put and get of the storage. */
void object_server_fault(object_server *server, const char *operation, int times, enum object_fault kind, int status, int64_t after);
void object_server_no_faults(object_server *server);
int object_server_requests(object_server *server, const char *operation);
void object_server_forget_requests(object_server *server);
/* The head of an operation's last request; "" if there was none. The caller frees it. */
char *object_server_head(object_server *server, const char *operation);

/* The storage gives no parts, however it is asked. */
void object_server_ranges(object_server *server, int given);
/* The storage gives no tags. */
void object_server_tags(object_server *server, int given);
/* The contents change under the clients' hands: with each GET. */
void object_server_changing(object_server *server, int changing);
/* The storage redirects to the API. */
void object_server_redirect(object_server *server, int redirecting);

/* How many objects there are, of a state or (NULL) of any but DELETED. */
int object_server_count(object_server *server, const char *state);
/* The file that holds an object's content; NULL if it has none. */
const char *object_server_content(object_server *server, const char *id);
/* Makes a finished object of bytes; gives its identifier. */
const char *object_server_put(object_server *server, const void *data, size_t length);

#endif
