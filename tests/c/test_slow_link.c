/* Many uploads over a link that carries a little of each in turn, as a service sees them that gives up on a body that pauses. */

#include "scripted.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { UPLOADS = 64, SIZE = 256 << 10, PIECE = 16 << 10, MOST = 4 * UPLOADS };

static char content[SIZE];

struct upload {
    int fd;
    char head[4096];
    size_t used, expected, got;
    int refused;
};

static struct link {
    int listener;
    struct upload open[MOST];
    int count, begun, whole, cut, refused;
} link_;

static void accept_waiting(int block)
{
    for (;;) {
        struct pollfd ready = {link_.listener, POLLIN, 0};
        int fd;
        if (poll(&ready, 1, block && !link_.count ? -1 : 0) <= 0) return;
        if ((fd = accept(link_.listener, NULL, NULL)) < 0) return;
        CHECK(link_.count < MOST);
        memset(&link_.open[link_.count], 0, sizeof link_.open[0]);
        link_.open[link_.count++].fd = fd;
    }
}

/* The head, as far as it has come; what follows it belongs to the body. */
static void note_head(struct upload *upload, const char *piece, size_t length)
{
    size_t room = sizeof upload->head - 1 - upload->used, before = upload->used;
    const char *end, *announced;
    memcpy(upload->head + upload->used, piece, length < room ? length : room);
    upload->used += length < room ? length : room;
    if (!(end = strstr(upload->head, "\r\n\r\n"))) return;
    announced = strcasestr(upload->head, "\r\ncontent-length:");
    CHECK(announced != NULL);
    upload->expected = strtoul(announced + 17, NULL, 10);
    CHECK(upload->expected > SIZE);
    upload->got = length - (size_t)(end + 4 - upload->head - before);
}

static void say(int fd, const char *status, const char *body)
{
    char bytes[512];
    int length = snprintf(bytes, sizeof bytes, "HTTP/1.1 %s\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s",
                          status, (int)strlen(body), body);
    CHECK(send(fd, bytes, (size_t)length, MSG_NOSIGNAL) == length);
    shutdown(fd, SHUT_WR);
}

/* Carries one piece of an upload; 0 when its connection is over. A body that has begun is waited for: the test hangs, and fails, if it
 * goes on only when another has been carried. */
static int carry(struct upload *upload)
{
    char piece[PIECE];
    struct pollfd ready = {upload->fd, POLLIN, 0};
    int body = upload->expected && !upload->refused && upload->got < upload->expected;
    ssize_t got;
    if (!body && poll(&ready, 1, 0) <= 0) return 1;
    if ((got = recv(upload->fd, piece, sizeof piece, 0)) <= 0) {
        link_.cut += body;
        return 0;
    }
    if (upload->expected) {
        upload->got += (size_t)got;
    } else {
        note_head(upload, piece, (size_t)got);
        link_.begun += upload->expected > 0;
    }
    if (!link_.refused && upload->expected && upload->got < upload->expected) {
        link_.refused = upload->refused = 1;
        say(upload->fd, "408 Request Timeout", "{\"message\":\"Request timed out waiting for request data\"}");
    } else if (upload->expected && !upload->refused && upload->got >= upload->expected) {
        link_.whole++;
        say(upload->fd, "200 OK", "{}");
    }
    return 1;
}

static void *carry_all(void *unused)
{
    (void)unused;
    while (link_.whole < UPLOADS) {
        int i;
        accept_waiting(1);
        for (i = 0; i < link_.count; i++) {
            if (carry(&link_.open[i])) continue;
            close(link_.open[i].fd);
            link_.open[i--] = link_.open[--link_.count];
        }
    }
    return NULL;
}

static runloop_devbox *devbox;

static void *upload_one(void *number)
{
    runloop_source source = RUNLOOP_SOURCE_INIT;
    char path[32];
    snprintf(path, sizeof path, "file-%d", *(int *)number);
    source.data = content;
    source.length = sizeof content;
    OK(runloop_devbox_upload_file(devbox, path, &source, NULL, E));
    forget_error();
    return NULL;
}

static void uploads(void)
{
    pthread_t carrier, threads[UPLOADS];
    int numbers[UPLOADS], little = PIECE, i;
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    char url[64];
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK((link_.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) >= 0);
    /* Bodies wait at their sender, not on the way. */
    CHECK(!setsockopt(link_.listener, SOL_SOCKET, SO_RCVBUF, &little, sizeof little));
    CHECK(!bind(link_.listener, (struct sockaddr *)&address, sizeof address));
    CHECK(!listen(link_.listener, MOST));
    CHECK(!getsockname(link_.listener, (struct sockaddr *)&address, &size));
    snprintf(url, sizeof url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    client = new_client(url);
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    memset(content, 'x', sizeof content);
    CHECK(!pthread_create(&carrier, NULL, carry_all, NULL));
    for (i = 0; i < UPLOADS; i++) {
        numbers[i] = i;
        CHECK(!pthread_create(&threads[i], NULL, upload_one, &numbers[i]));
    }
    for (i = 0; i < UPLOADS; i++) pthread_join(threads[i], NULL);
    pthread_join(carrier, NULL);
    CHECK_INT(link_.whole, UPLOADS);
    CHECK_INT(link_.cut, 0);
    CHECK_INT(link_.begun, UPLOADS + 1);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    for (i = 0; i < link_.count; i++) close(link_.open[i].fd);
    close(link_.listener);
    group("64 uploads over a slow link: none pauses for another, and only the one that was given up is sent again");
}

int main(void)
{
    begin("test_slow_link");
    uploads();
    return finish();
}
