/* What the parts of the object server have in common: object_server.c (connections, faults, control),
 * object_api.c and object_storage.c. */

#ifndef OBJECT_SERVER_PARTS_H
#define OBJECT_SERVER_PARTS_H

#include "object_server.h"

#include <pthread.h>

enum { MOST = 4096, FAULTS = 64, OPERATIONS = 8, PIECE = 1 << 16 };

struct object {
    char id[32], state[16], name[256], kind[32], path[128];
    char *metadata;
    int whole, version;
};

struct fault {
    const char *operation;
    int times, status;
    enum object_fault kind;
    int64_t after;
};

struct object_server {
    int listener[2];
    char url[2][64], folder[64];
    pthread_t thread[2];
    pthread_mutex_t lock;
    pthread_cond_t idle;
    int busy, stopping;
    struct object objects[MOST];
    int count, ranges, tags, changing, redirecting;
    struct fault faults[FAULTS];
    int fault_count, requests[OPERATIONS];
    char *heads[OPERATIONS];
};

struct visit {
    object_server *server;
    int fd, storage;
};

/* One request's head, and what of the body came with it. */
struct request {
    char head[16384], *body;
    size_t have;
    char method[8], path[512], query[512];
    int64_t length;
    int chunked;
};

/* ---- a connection's request and answer ---- */

int send_all(int fd, const char *bytes, size_t length);
void answer(int fd, int status, const char *headers, const char *body);
/* The caller frees it. */
char *header_of(const struct request *request, const char *name);
/* What remains of a small body. */
char *read_body(int fd, struct request *request);

/* ---- what is known and asked for ---- */

struct object *find(object_server *server, const char *id);
struct object *add(object_server *server, const char *name, const char *kind, const char *metadata);
/* Counts a request, and keeps its head. */
void remember(object_server *server, const char *operation, const struct request *request);
/* The fault that this request is to meet; its operation is NULL if there is none. */
struct fault take_fault(object_server *server, const char *operation);
/* Ends a connection in the manner of a fault. */
void end_badly(object_server *server, int fd, enum object_fault kind);

/* ---- the two sides ---- */

void serve_api(object_server *server, int fd, struct request *request);
void serve_storage(object_server *server, int fd, struct request *request);

#endif
