#include "cutting_proxy.h"
#include "harness.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PIECE = 1 << 14 };

/* Once the other end of the pipe is closed, all who look at this end see it. */
struct notice {
    int fd[2];
};

struct cutting_proxy {
    /* A second socket keeps the port while nobody listens. */
    int listener, reserve;
    struct notice stop, away, back;
    struct sockaddr_in address, target;
    char url[64];
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t idle;
    int busy, armed, fired, pages, is_back;
    enum outage_kind outage;
    enum cut_direction direction;
    enum cut_kind kind;
    int64_t left, carried[2];
};

struct pair {
    cutting_proxy *proxy;
    /* The client's, and the other server's, which is -1 during an outage. */
    int fd[2];
    /* The outage during which the connection came, and whether it came after it. */
    enum outage_kind outage;
    int late;
};

static void give(struct notice *notice)
{
    if (notice->fd[1] >= 0) close(notice->fd[1]);
    notice->fd[1] = -1;
}

static int send_all(int fd, const char *bytes, size_t length)
{
    while (length) {
        ssize_t count = send(fd, bytes, length, MSG_NOSIGNAL);
        if (count <= 0) return 0;
        bytes += count;
        length -= (size_t)count;
    }
    return 1;
}

/* How many of so many bytes come through; fewer than all if this is where to cut. */
static size_t let_through(cutting_proxy *proxy, int from, size_t length, int *cut, enum cut_kind *kind)
{
    *cut = 0;
    pthread_mutex_lock(&proxy->lock);
    if (proxy->armed && (int)proxy->direction == from) {
        if (proxy->left <= (int64_t)length) {
            length = (size_t)proxy->left;
            *cut = 1;
            *kind = proxy->kind;
            proxy->armed = 0;
            proxy->fired = 1;
        } else {
            proxy->left -= (int64_t)length;
        }
    }
    proxy->carried[from] += (int64_t)length;
    pthread_mutex_unlock(&proxy->lock);
    return length;
}

/* Until the client goes away, or the proxy is stopped. */
static void stall(const struct pair *pair)
{
    struct pollfd ends[2] = {{pair->fd[0], POLLRDHUP, 0}, {pair->proxy->stop.fd[0], POLLIN, 0}};
    while (poll(ends, 2, -1) < 0) continue;
}

/* Until the outage is over, which it tells, or the client goes away, or the proxy is stopped. */
static int sit_out(const struct pair *pair)
{
    struct pollfd ends[3] = {{pair->fd[0], POLLRDHUP, 0}, {pair->proxy->stop.fd[0], POLLIN, 0}, {pair->proxy->back.fd[0], POLLIN, 0}};
    while (poll(ends, 3, -1) < 0) continue;
    return ends[2].revents && !ends[1].revents;
}

/* Answers in the other server's place, and waits for the client's end: nothing of what it still sends is to reset the answer. */
static void answer_with_a_page(struct pair *pair)
{
    char request[PIECE], answer[256];
    size_t used = 0;
    ssize_t got;
    int number;
    request[0] = 0;
    while (!strstr(request, "\r\n\r\n") && used < sizeof request - 1 && (got = recv(pair->fd[0], request + used, sizeof request - 1 - used, 0)) > 0)
        request[used += (size_t)got] = 0;
    pthread_mutex_lock(&pair->proxy->lock);
    number = pair->proxy->pages++;
    pthread_mutex_unlock(&pair->proxy->lock);
    snprintf(answer, sizeof answer,
             "HTTP/1.1 %s\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: 25\r\n\r\n<html>a moment</html>\r\n\r\n",
             number % 2 ? "503 Service Unavailable" : "502 Bad Gateway");
    if (!used || !send_all(pair->fd[0], answer, strlen(answer))) return;
    shutdown(pair->fd[0], SHUT_WR);
    while (recv(pair->fd[0], request, sizeof request, 0) > 0) continue;
}

static enum outage_kind present_outage(cutting_proxy *proxy)
{
    enum outage_kind outage;
    pthread_mutex_lock(&proxy->lock);
    outage = proxy->outage;
    pthread_mutex_unlock(&proxy->lock);
    return outage;
}

static int reach(const cutting_proxy *proxy)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    CHECK(!connect(fd, (const struct sockaddr *)&proxy->target, sizeof proxy->target));
    return fd;
}

/* An outage begins, or has begun before the connection came. Tells whether the connection outlives it. */
static int go_through_outage(struct pair *pair, int *abrupt)
{
    enum outage_kind outage = pair->outage ? pair->outage : present_outage(pair->proxy);
    *abrupt = 1;
    if (pair->outage == OUTAGE_PAGES) {
        answer_with_a_page(pair);
        *abrupt = 0;
        return 0;
    }
    if ((outage != OUTAGE_SILENT && outage != OUTAGE_STALLED) || !sit_out(pair)) return 0;
    if (outage == OUTAGE_SILENT) return 0;
    if (pair->fd[1] < 0) pair->fd[1] = reach(pair->proxy);
    return 1;
}

static void *carry(void *argument)
{
    struct pair pair = *(struct pair *)argument;
    struct linger now = {1, 0};
    int open[2] = {1, 1}, abrupt = 0, outlived = pair.late, i;
    free(argument);
    if (pair.outage) {
        if (!go_through_outage(&pair, &abrupt)) goto over;
        outlived = 1;
    }
    while (open[0] || open[1]) {
        struct pollfd ends[4] = {{open[0] ? pair.fd[0] : -1, POLLIN, 0},
                                 {open[1] ? pair.fd[1] : -1, POLLIN, 0},
                                 {pair.proxy->stop.fd[0], POLLIN, 0},
                                 {outlived ? -1 : pair.proxy->away.fd[0], POLLIN, 0}};
        if (poll(ends, 4, -1) < 0) continue;
        if (ends[2].revents) break;
        if (ends[3].revents) {
            if (!go_through_outage(&pair, &abrupt)) goto over;
            outlived = 1;
            continue;
        }
        for (i = 0; i < 2; i++) {
            char piece[PIECE];
            enum cut_kind kind = CUT_CLOSE;
            ssize_t got;
            size_t through;
            int cut;
            if (!ends[i].revents) continue;
            got = recv(pair.fd[i], piece, sizeof piece, 0);
            if (got < 0) {
                abrupt = 1;
                goto over;
            }
            if (got == 0) {
                open[i] = 0;
                shutdown(pair.fd[1 - i], SHUT_WR);
                continue;
            }
            through = let_through(pair.proxy, i, (size_t)got, &cut, &kind);
            if (!send_all(pair.fd[1 - i], piece, through)) goto over;
            if (cut) {
                if (kind == CUT_STALL) stall(&pair);
                abrupt = kind == CUT_RESET;
                goto over;
            }
        }
    }
over:
    for (i = 0; i < 2; i++) {
        if (abrupt && pair.fd[i] >= 0) setsockopt(pair.fd[i], SOL_SOCKET, SO_LINGER, &now, sizeof now);
        if (pair.fd[i] >= 0) close(pair.fd[i]);
    }
    pthread_mutex_lock(&pair.proxy->lock);
    pair.proxy->busy--;
    pthread_cond_broadcast(&pair.proxy->idle);
    pthread_mutex_unlock(&pair.proxy->lock);
    return NULL;
}

static void *accept_all(void *argument)
{
    cutting_proxy *proxy = (cutting_proxy *)argument;
    for (;;) {
        struct pair *pair;
        pthread_t thread;
        int fd = accept(proxy->listener, NULL, NULL);
        if (fd < 0) return NULL;
        pair = (struct pair *)allocate(sizeof *pair);
        pair->proxy = proxy;
        pair->fd[0] = fd;
        pthread_mutex_lock(&proxy->lock);
        pair->outage = proxy->outage;
        pair->late = proxy->is_back;
        pthread_mutex_unlock(&proxy->lock);
        pair->fd[1] = pair->outage ? -1 : reach(proxy);
        pthread_mutex_lock(&proxy->lock);
        proxy->busy++;
        pthread_mutex_unlock(&proxy->lock);
        CHECK(!pthread_create(&thread, NULL, carry, pair));
        pthread_detach(thread);
    }
}

/* A socket with the proxy's port; with port 0 it gets one. */
static int bind_one(cutting_proxy *proxy)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    socklen_t size = sizeof proxy->address;
    CHECK(fd >= 0);
    CHECK(!setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on));
    CHECK(!bind(fd, (struct sockaddr *)&proxy->address, sizeof proxy->address));
    CHECK(!getsockname(fd, (struct sockaddr *)&proxy->address, &size));
    return fd;
}

static void begin_to_listen(cutting_proxy *proxy)
{
    proxy->listener = bind_one(proxy);
    CHECK(!listen(proxy->listener, 64));
    CHECK(!pthread_create(&proxy->thread, NULL, accept_all, proxy));
}

static void end_listening(cutting_proxy *proxy)
{
    shutdown(proxy->listener, SHUT_RDWR);
    CHECK(!pthread_join(proxy->thread, NULL));
    close(proxy->listener);
    proxy->listener = -1;
}

cutting_proxy *cutting_proxy_start(const char *url)
{
    cutting_proxy *proxy = (cutting_proxy *)calloc(1, sizeof *proxy);
    if (!proxy) abort();
    proxy->address.sin_family = AF_INET;
    proxy->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    proxy->target = proxy->address;
    proxy->target.sin_port = htons((uint16_t)atoi(strrchr(url, ':') + 1));
    CHECK(!pipe(proxy->stop.fd) && !pipe(proxy->away.fd) && !pipe(proxy->back.fd));
    pthread_mutex_init(&proxy->lock, NULL);
    pthread_cond_init(&proxy->idle, NULL);
    proxy->reserve = bind_one(proxy);
    snprintf(proxy->url, sizeof proxy->url, "http://127.0.0.1:%d", ntohs(proxy->address.sin_port));
    begin_to_listen(proxy);
    return proxy;
}

const char *cutting_proxy_url(const cutting_proxy *proxy)
{
    return proxy->url;
}

void cutting_proxy_arm(cutting_proxy *proxy, enum cut_direction direction, enum cut_kind kind, int64_t after)
{
    pthread_mutex_lock(&proxy->lock);
    proxy->direction = direction;
    proxy->kind = kind;
    proxy->left = after;
    proxy->fired = 0;
    proxy->armed = 1;
    pthread_mutex_unlock(&proxy->lock);
}

int cutting_proxy_disarm(cutting_proxy *proxy)
{
    int fired;
    pthread_mutex_lock(&proxy->lock);
    proxy->armed = 0;
    fired = proxy->fired;
    pthread_mutex_unlock(&proxy->lock);
    return fired;
}

int64_t cutting_proxy_carried(cutting_proxy *proxy, enum cut_direction direction)
{
    int64_t carried;
    pthread_mutex_lock(&proxy->lock);
    carried = proxy->carried[direction];
    pthread_mutex_unlock(&proxy->lock);
    return carried;
}

void cutting_proxy_go_away(cutting_proxy *proxy, enum outage_kind kind)
{
    if (kind == OUTAGE_REFUSED) end_listening(proxy);
    pthread_mutex_lock(&proxy->lock);
    proxy->outage = kind;
    pthread_mutex_unlock(&proxy->lock);
    give(&proxy->away);
}

void cutting_proxy_come_back(cutting_proxy *proxy)
{
    int refused = present_outage(proxy) == OUTAGE_REFUSED;
    pthread_mutex_lock(&proxy->lock);
    proxy->outage = OUTAGE_NONE;
    proxy->is_back = 1;
    pthread_mutex_unlock(&proxy->lock);
    give(&proxy->back);
    if (refused) begin_to_listen(proxy);
}

void cutting_proxy_stop(cutting_proxy *proxy)
{
    if (proxy->listener >= 0) end_listening(proxy);
    give(&proxy->stop);
    pthread_mutex_lock(&proxy->lock);
    while (proxy->busy) pthread_cond_wait(&proxy->idle, &proxy->lock);
    pthread_mutex_unlock(&proxy->lock);
    give(&proxy->away);
    give(&proxy->back);
    close(proxy->reserve);
    close(proxy->stop.fd[0]);
    close(proxy->away.fd[0]);
    close(proxy->back.fd[0]);
    pthread_mutex_destroy(&proxy->lock);
    pthread_cond_destroy(&proxy->idle);
    free(proxy);
}
