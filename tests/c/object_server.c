#include "harness.h"
#include "object_server_parts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const operations[OPERATIONS] = {"create", "retrieve", "complete", "delete", "list", "download", "put", "get"};

static int number_of(const char *operation)
{
    int i;
    for (i = 0; i < OPERATIONS; i++)
        if (!strcmp(operations[i], operation)) return i;
    abort();
}

int send_all(int fd, const char *bytes, size_t length)
{
    while (length) {
        ssize_t count = send(fd, bytes, length, MSG_NOSIGNAL);
        if (count <= 0) return 0;
        bytes += count;
        length -= (size_t)count;
    }
    return 1;
}

void answer(int fd, int status, const char *headers, const char *body)
{
    char head[2048];
    int count = snprintf(head, sizeof head, "HTTP/1.1 %d Given\r\nConnection: close\r\n%sContent-Length: %zu\r\n\r\n", status, headers,
                         strlen(body));
    if (send_all(fd, head, (size_t)count)) send_all(fd, body, strlen(body));
}

char *header_of(const struct request *request, const char *name)
{
    const char *line = request->head;
    size_t length = strlen(name);
    while ((line = strstr(line, "\r\n")) && line[2] != '\r') {
        line += 2;
        if (!strncasecmp(line, name, length) && line[length] == ':') {
            const char *value = line + length + 1 + strspn(line + length + 1, " ");
            return strndup(value, strcspn(value, "\r"));
        }
    }
    return NULL;
}

static int read_head(int fd, struct request *request)
{
    size_t used = 0;
    char *end = NULL, *length, *coding, *mark;
    while (!end) {
        ssize_t got = used < sizeof request->head - 1 ? recv(fd, request->head + used, sizeof request->head - 1 - used, 0) : 0;
        if (got <= 0) return 0;
        used += (size_t)got;
        request->head[used] = 0;
        end = strstr(request->head, "\r\n\r\n");
    }
    request->body = (char *)allocate(used);
    request->have = used - (size_t)(end + 4 - request->head);
    memcpy(request->body, end + 4, request->have);
    end[4] = 0;
    request->query[0] = 0;
    if (sscanf(request->head, "%7s %511s", request->method, request->path) != 2) return 0;
    if ((mark = strchr(request->path, '?'))) {
        snprintf(request->query, sizeof request->query, "%s", mark + 1);
        *mark = 0;
    }
    length = header_of(request, "content-length");
    coding = header_of(request, "transfer-encoding");
    request->length = length ? atoll(length) : 0;
    request->chunked = coding != NULL || (!length && !strcmp(request->method, "PUT"));
    free(length);
    free(coding);
    return 1;
}

char *read_body(int fd, struct request *request)
{
    char *body = (char *)realloc(request->body, (size_t)request->length + request->have + 1);
    if (!body) abort();
    while ((int64_t)request->have < request->length) {
        ssize_t got = recv(fd, body + request->have, (size_t)request->length - request->have, 0);
        if (got <= 0) break;
        request->have += (size_t)got;
    }
    body[request->have] = 0;
    return request->body = body;
}

struct fault take_fault(object_server *server, const char *operation)
{
    struct fault none = {NULL, 0, 0, FAULT_STATUS, 0}, found = none;
    int i;
    pthread_mutex_lock(&server->lock);
    for (i = 0; i < server->fault_count && !found.operation; i++) {
        struct fault *fault = &server->faults[i];
        if (fault->times > 0 && !strcmp(fault->operation, operation)) {
            fault->times--;
            found = *fault;
        }
    }
    pthread_mutex_unlock(&server->lock);
    return found;
}

/* Until the client gives up, or the server is stopped. */
static void stall(object_server *server, int fd)
{
    char rest[PIECE];
    struct timeval tick = {0, 20000};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof tick);
    for (;;) {
        /* Only looked at, so that the client's own sending stalls too. */
        ssize_t got = recv(fd, rest, 1, MSG_PEEK);
        int stopping;
        pthread_mutex_lock(&server->lock);
        stopping = server->stopping;
        pthread_mutex_unlock(&server->lock);
        if (stopping || got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return;
        if (got > 0) brief_pause();
        if (send(fd, "", 0, MSG_NOSIGNAL) < 0) return;
    }
}

/* Whether this thread's connection is to be reset rather than closed. */
static __thread int abrupt;

void end_badly(object_server *server, int fd, enum object_fault kind)
{
    if (kind == FAULT_STALL) stall(server, fd);
    abrupt = kind == FAULT_RESET;
}

struct object *find(object_server *server, const char *id)
{
    int i;
    for (i = 0; i < server->count; i++)
        if (!strcmp(server->objects[i].id, id)) return &server->objects[i];
    return NULL;
}

struct object *add(object_server *server, const char *name, const char *kind, const char *metadata)
{
    struct object *object;
    pthread_mutex_lock(&server->lock);
    if (server->count == MOST) abort();
    object = &server->objects[server->count];
    snprintf(object->id, sizeof object->id, "obj_%d", server->count);
    snprintf(object->name, sizeof object->name, "%s", name);
    snprintf(object->kind, sizeof object->kind, "%s", kind);
    snprintf(object->path, sizeof object->path, "%s/%d", server->folder, server->count);
    snprintf(object->state, sizeof object->state, "UPLOADING");
    object->metadata = strdup(metadata);
    server->count++;
    pthread_mutex_unlock(&server->lock);
    return object;
}

void remember(object_server *server, const char *operation, const struct request *request)
{
    int number = number_of(operation);
    pthread_mutex_lock(&server->lock);
    server->requests[number]++;
    free(server->heads[number]);
    server->heads[number] = strdup(request->head);
    pthread_mutex_unlock(&server->lock);
}

static void *attend(void *argument)
{
    struct visit visit = *(struct visit *)argument;
    struct request *request = (struct request *)calloc(1, sizeof *request);
    char rest[4096];
    struct timeval patience = {0, 200000};
    struct linger now = {1, 0};
    free(argument);
    if (!request) abort();
    if (read_head(visit.fd, request)) {
        if (visit.storage) serve_storage(visit.server, visit.fd, request);
        else serve_api(visit.server, visit.fd, request);
    }
    free(request->body);
    free(request);
    if (abrupt) {
        setsockopt(visit.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    } else {
        /* What was answered before all of it was read must not be lost by a reset. */
        shutdown(visit.fd, SHUT_WR);
        setsockopt(visit.fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        while (recv(visit.fd, rest, sizeof rest, 0) > 0) continue;
    }
    close(visit.fd);
    pthread_mutex_lock(&visit.server->lock);
    visit.server->busy--;
    pthread_cond_broadcast(&visit.server->idle);
    pthread_mutex_unlock(&visit.server->lock);
    return NULL;
}

static void *listen_on(void *argument)
{
    struct visit *self = (struct visit *)argument;
    for (;;) {
        struct visit *visit;
        pthread_t thread;
        int fd = accept(self->server->listener[self->storage], NULL, NULL);
        if (fd < 0) break;
        visit = (struct visit *)allocate(sizeof *visit);
        *visit = *self;
        visit->fd = fd;
        pthread_mutex_lock(&self->server->lock);
        self->server->busy++;
        pthread_mutex_unlock(&self->server->lock);
        CHECK(!pthread_create(&thread, NULL, attend, visit));
        pthread_detach(thread);
    }
    free(self);
    return NULL;
}

object_server *object_server_start(void)
{
    object_server *server = (object_server *)calloc(1, sizeof *server);
    int i;
    if (!server) abort();
    strcpy(server->folder, "/tmp/runloop-objects-XXXXXX");
    if (!mkdtemp(server->folder)) abort();
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->idle, NULL);
    server->ranges = server->tags = 1;
    for (i = 0; i < 2; i++) {
        struct sockaddr_in address;
        socklen_t size = sizeof address;
        struct visit *self = (struct visit *)allocate(sizeof *self);
        memset(&address, 0, sizeof address);
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        server->listener[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        CHECK(server->listener[i] >= 0);
        CHECK(!bind(server->listener[i], (struct sockaddr *)&address, sizeof address));
        CHECK(!listen(server->listener[i], 64));
        CHECK(!getsockname(server->listener[i], (struct sockaddr *)&address, &size));
        snprintf(server->url[i], sizeof server->url[i], "http://127.0.0.1:%d", ntohs(address.sin_port));
        self->server = server;
        self->storage = i;
        self->fd = -1;
        CHECK(!pthread_create(&server->thread[i], NULL, listen_on, self));
    }
    return server;
}

void object_server_stop(object_server *server)
{
    int i;
    pthread_mutex_lock(&server->lock);
    server->stopping = 1;
    pthread_mutex_unlock(&server->lock);
    for (i = 0; i < 2; i++) {
        shutdown(server->listener[i], SHUT_RDWR);
        pthread_join(server->thread[i], NULL);
        close(server->listener[i]);
    }
    pthread_mutex_lock(&server->lock);
    while (server->busy) pthread_cond_wait(&server->idle, &server->lock);
    pthread_mutex_unlock(&server->lock);
    for (i = 0; i < server->count; i++) {
        unlink(server->objects[i].path);
        free(server->objects[i].metadata);
    }
    for (i = 0; i < OPERATIONS; i++) free(server->heads[i]);
    rmdir(server->folder);
    pthread_mutex_destroy(&server->lock);
    pthread_cond_destroy(&server->idle);
    free(server);
}

const char *object_server_url(const object_server *server)
{
    return server->url[0];
}

void object_server_fault(object_server *server, const char *operation, int times, enum object_fault kind, int status, int64_t after)
{
    struct fault fault = {operation, times, status, kind, after};
    number_of(operation);
    pthread_mutex_lock(&server->lock);
    if (server->fault_count == FAULTS) abort();
    server->faults[server->fault_count++] = fault;
    pthread_mutex_unlock(&server->lock);
}

void object_server_no_faults(object_server *server)
{
    pthread_mutex_lock(&server->lock);
    server->fault_count = 0;
    pthread_mutex_unlock(&server->lock);
}

int object_server_requests(object_server *server, const char *operation)
{
    int count;
    pthread_mutex_lock(&server->lock);
    count = server->requests[number_of(operation)];
    pthread_mutex_unlock(&server->lock);
    return count;
}

void object_server_forget_requests(object_server *server)
{
    pthread_mutex_lock(&server->lock);
    memset(server->requests, 0, sizeof server->requests);
    pthread_mutex_unlock(&server->lock);
}

char *object_server_head(object_server *server, const char *operation)
{
    char *head;
    pthread_mutex_lock(&server->lock);
    head = strdup(server->heads[number_of(operation)] ? server->heads[number_of(operation)] : "");
    pthread_mutex_unlock(&server->lock);
    return head;
}

void object_server_ranges(object_server *server, int given)
{
    server->ranges = given;
}

void object_server_tags(object_server *server, int given)
{
    server->tags = given;
}

void object_server_changing(object_server *server, int changing)
{
    server->changing = changing;
}

void object_server_redirect(object_server *server, int redirecting)
{
    server->redirecting = redirecting;
}

int object_server_count(object_server *server, const char *state)
{
    int i, count = 0;
    pthread_mutex_lock(&server->lock);
    for (i = 0; i < server->count; i++) count += state ? !strcmp(server->objects[i].state, state) : strcmp(server->objects[i].state, "DELETED") != 0;
    pthread_mutex_unlock(&server->lock);
    return count;
}

const char *object_server_content(object_server *server, const char *id)
{
    struct object *object = find(server, id);
    return object && object->whole ? object->path : NULL;
}

const char *object_server_put(object_server *server, const void *data, size_t length)
{
    struct object *object = add(server, "made", "unspecified", "null");
    int out = open(object->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(out >= 0 && write(out, data, length) == (ssize_t)length);
    close(out);
    object->whole = 1;
    strcpy(object->state, "READ_ONLY");
    return object->id;
}
