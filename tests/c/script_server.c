#include "script_server.h"
#include "harness.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 256 };

struct answer {
    char *bytes;
    size_t length;
    enum script_end end;
};

struct script_server {
    int listener;
    char url[64];
    pthread_t thread;
    pthread_mutex_t lock;
    struct answer answers[MOST];
    int answer_count, answers_given;
    char *requests[MOST];
    int request_count;
    int held[MOST];
    int held_count;
};

/* Reads one request, by its Content-Length or its last chunk; NULL if none came. */
static char *read_request(int fd)
{
    size_t capacity = 1 << 16, used = 0, wanted = 0;
    char *request = (char *)allocate(capacity), *body = NULL;
    for (;;) {
        ssize_t got = recv(fd, request + used, capacity - used - 1, 0);
        if (got <= 0) break;
        used += (size_t)got;
        request[used] = 0;
        if (!body && (body = strstr(request, "\r\n\r\n"))) {
            const char *length = strcasestr(request, "\r\ncontent-length:");
            wanted = (size_t)(body + 4 - request) + (length ? strtoul(length + 17, NULL, 10) : 0);
        }
        if (body && strcasestr(request, "\r\ntransfer-encoding: chunked")) {
            if (used >= 5 && !memcmp(request + used - 5, "0\r\n\r\n", 5)) return request;
        } else if (body && used >= wanted) {
            return request;
        }
        if (capacity - used < 1024) {
            size_t offset = body ? (size_t)(body - request) : 0;
            char *larger = (char *)realloc(request, capacity *= 2);
            if (!larger) abort();
            request = larger;
            if (body) body = request + offset;
        }
    }
    free(request);
    return NULL;
}

static void reset(int fd)
{
    struct linger now = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static void serve(script_server *server, int fd)
{
    char *request = read_request(fd);
    struct answer answer = {NULL, 0, SCRIPT_CLOSE};
    size_t sent = 0;
    if (!request) {
        close(fd);
        return;
    }
    pthread_mutex_lock(&server->lock);
    if (server->request_count < MOST) server->requests[server->request_count++] = request;
    if (server->answers_given < server->answer_count) answer = server->answers[server->answers_given++];
    pthread_mutex_unlock(&server->lock);
    while (sent < answer.length) {
        ssize_t count = send(fd, answer.bytes + sent, answer.length - sent, MSG_NOSIGNAL);
        if (count <= 0) break;
        sent += (size_t)count;
    }
    if (answer.end == SCRIPT_HOLD && server->held_count < MOST) {
        server->held[server->held_count++] = fd;
        return;
    }
    if (answer.end == SCRIPT_RESET) reset(fd);
    if (answer.end == SCRIPT_CUT_OFF) usleep(1100000);
    close(fd);
}

static void *serve_all(void *argument)
{
    script_server *server = (script_server *)argument;
    for (;;) {
        int fd = accept(server->listener, NULL, NULL);
        if (fd < 0) return NULL;
        serve(server, fd);
    }
}

static script_server *start(int port)
{
    script_server *server = (script_server *)calloc(1, sizeof *server);
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    int yes = 1;
    if (!server) abort();
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)port);
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(server->listener >= 0);
    CHECK(!setsockopt(server->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes));
    CHECK(!bind(server->listener, (struct sockaddr *)&address, sizeof address));
    CHECK(!listen(server->listener, 64));
    CHECK(!getsockname(server->listener, (struct sockaddr *)&address, &size));
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    pthread_mutex_init(&server->lock, NULL);
    CHECK(!pthread_create(&server->thread, NULL, serve_all, server));
    return server;
}

script_server *script_start(void)
{
    return start(0);
}

script_server *script_start_at(const char *url)
{
    return start(atoi(strrchr(url, ':') + 1));
}

const char *script_url(const script_server *server)
{
    return server->url;
}

void script_add_bytes(script_server *server, const char *bytes, size_t length, enum script_end end)
{
    pthread_mutex_lock(&server->lock);
    if (server->answer_count < MOST) {
        struct answer *answer = &server->answers[server->answer_count++];
        answer->bytes = (char *)memcpy(allocate(length), bytes, length);
        answer->length = length;
        answer->end = end;
    }
    pthread_mutex_unlock(&server->lock);
}

void script_add(script_server *server, const char *bytes, enum script_end end)
{
    script_add_bytes(server, bytes, strlen(bytes), end);
}

void script_answer(script_server *server, int status, const char *headers, const char *body)
{
    char *answer = (char *)allocate(strlen(headers) + strlen(body) + 200);
    const char *type = strcasestr(headers, "content-type:") ? "" : "Content-Type: application/json\r\n";
    sprintf(answer, "HTTP/1.1 %d Scripted\r\nConnection: close\r\n%s%sContent-Length: %zu\r\n\r\n%s", status, type, headers, strlen(body),
            body);
    script_add(server, answer, SCRIPT_CLOSE);
    free(answer);
}

int script_requests(script_server *server)
{
    int count;
    pthread_mutex_lock(&server->lock);
    count = server->request_count;
    pthread_mutex_unlock(&server->lock);
    return count;
}

const char *script_request(script_server *server, int nth)
{
    const char *request;
    pthread_mutex_lock(&server->lock);
    request = nth < server->request_count ? server->requests[nth] : NULL;
    pthread_mutex_unlock(&server->lock);
    return request;
}

char *script_header(script_server *server, int nth, const char *name)
{
    const char *request = script_request(server, nth), *line = request, *end = request ? strstr(request, "\r\n\r\n") : NULL;
    size_t length = strlen(name);
    while (line && line < end) {
        line = strstr(line, "\r\n") + 2;
        if (!strncasecmp(line, name, length) && line[length] == ':') {
            const char *value = line + length + 1 + strspn(line + length + 1, " ");
            return strndup(value, strcspn(value, "\r\n"));
        }
    }
    return NULL;
}

void script_stop(script_server *server)
{
    int i;
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
    for (i = 0; i < server->held_count; i++) close(server->held[i]);
    for (i = 0; i < server->answer_count; i++) free(server->answers[i].bytes);
    for (i = 0; i < server->request_count; i++) free(server->requests[i]);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
