#include "cutting_proxy.h"
#include "harness.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PIECE = 1 << 14 };

struct cutting_proxy {
    int listener, stop[2];
    struct sockaddr_in target;
    char url[64];
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t idle;
    int busy, armed, fired;
    enum cut_direction direction;
    enum cut_kind kind;
    int64_t left, carried[2];
};

struct pair {
    cutting_proxy *proxy;
    /* The client's, and the other server's. */
    int fd[2];
};

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
    struct pollfd ends[2] = {{pair->fd[0], POLLRDHUP, 0}, {pair->proxy->stop[0], POLLIN, 0}};
    while (poll(ends, 2, -1) < 0) continue;
}

static void *carry(void *argument)
{
    struct pair pair = *(struct pair *)argument;
    struct linger now = {1, 0};
    int open[2] = {1, 1}, abrupt = 0, i;
    free(argument);
    while (open[0] || open[1]) {
        struct pollfd ends[3] = {{open[0] ? pair.fd[0] : -1, POLLIN, 0}, {open[1] ? pair.fd[1] : -1, POLLIN, 0}, {pair.proxy->stop[0], POLLIN, 0}};
        if (poll(ends, 3, -1) < 0) continue;
        if (ends[2].revents) break;
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
        if (abrupt) setsockopt(pair.fd[i], SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close(pair.fd[i]);
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
        pair->fd[1] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        CHECK(pair->fd[1] >= 0);
        CHECK(!connect(pair->fd[1], (struct sockaddr *)&proxy->target, sizeof proxy->target));
        pthread_mutex_lock(&proxy->lock);
        proxy->busy++;
        pthread_mutex_unlock(&proxy->lock);
        CHECK(!pthread_create(&thread, NULL, carry, pair));
        pthread_detach(thread);
    }
}

cutting_proxy *cutting_proxy_start(const char *url)
{
    cutting_proxy *proxy = (cutting_proxy *)calloc(1, sizeof *proxy);
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    if (!proxy) abort();
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    proxy->target = address;
    proxy->target.sin_port = htons((uint16_t)atoi(strrchr(url, ':') + 1));
    proxy->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(proxy->listener >= 0);
    CHECK(!bind(proxy->listener, (struct sockaddr *)&address, sizeof address));
    CHECK(!listen(proxy->listener, 64));
    CHECK(!getsockname(proxy->listener, (struct sockaddr *)&address, &size));
    CHECK(!pipe(proxy->stop));
    snprintf(proxy->url, sizeof proxy->url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    pthread_mutex_init(&proxy->lock, NULL);
    pthread_cond_init(&proxy->idle, NULL);
    CHECK(!pthread_create(&proxy->thread, NULL, accept_all, proxy));
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

void cutting_proxy_stop(cutting_proxy *proxy)
{
    shutdown(proxy->listener, SHUT_RDWR);
    pthread_join(proxy->thread, NULL);
    close(proxy->listener);
    /* Seen by all who wait. */
    close(proxy->stop[1]);
    pthread_mutex_lock(&proxy->lock);
    while (proxy->busy) pthread_cond_wait(&proxy->idle, &proxy->lock);
    pthread_mutex_unlock(&proxy->lock);
    close(proxy->stop[0]);
    pthread_mutex_destroy(&proxy->lock);
    pthread_cond_destroy(&proxy->idle);
    free(proxy);
}
