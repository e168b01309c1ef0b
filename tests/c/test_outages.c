/* Servers that are away for a while, busy servers, and connections that end while they are idle. */

#include "harness.h"
#include "heard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#define RUNNING "{\"id\":\"dbx_1\",\"status\":\"running\"}"
#define PROVISIONING "{\"id\":\"dbx_1\",\"status\":\"provisioning\"}"
#define COMPLETED "{\"execution_id\":\"exec_1\",\"devbox_id\":\"dbx_1\",\"status\":\"completed\",\"exit_status\":0,\"stdout\":\"hi\\n\",\"stderr\":\"\"}"

enum { MOST = 1000, LONGEST = 4000 };

/* ---- a server that answers by a function, on as many connections at a time as come ---- */

struct host {
    int listener;
    struct sockaddr_in address;
    char url[64];
    pthread_t thread;
    pthread_mutex_t lock;
    int connections, open, closing;
    int count;
    struct {
        char line[80];
        double at;
    } requests[MOST];
    /* Writes the answer to the nth request, of a connection's mth; nothing for none. */
    void (*answer)(struct host *host, int nth, int of_connection, const char *line, char *to);
    int at_most;
};

struct visit {
    struct host *host;
    int fd;
};

static void json(char *to, int status, const char *headers, const char *body)
{
    snprintf(to, LONGEST, "HTTP/1.1 %d Said\r\nContent-Type: application/json\r\n%sContent-Length: %zu\r\n\r\n%s", status, headers,
             strlen(body), body);
}

static int note(struct host *host, const char *request)
{
    int nth;
    pthread_mutex_lock(&host->lock);
    nth = host->count++;
    if (nth < MOST) {
        snprintf(host->requests[nth].line, sizeof host->requests[nth].line, "%.*s", (int)strcspn(request, "\r"), request);
        host->requests[nth].at = seconds();
    }
    pthread_mutex_unlock(&host->lock);
    return nth;
}

static int is_whole(const char *request)
{
    const char *end = strstr(request, "\r\n\r\n"), *length = strcasestr(request, "\r\ncontent-length:");
    return end && strlen(end + 4) >= (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
}

static void *serve_one(void *argument)
{
    struct visit *visit = (struct visit *)argument;
    struct host *host = visit->host;
    char request[1 << 14], answer[LONGEST];
    int of_connection;
    for (of_connection = 0;; of_connection++) {
        size_t used = 0;
        ssize_t got = 0;
        request[0] = 0;
        while (!is_whole(request) && (got = recv(visit->fd, request + used, sizeof request - used - 1, 0)) > 0) {
            used += (size_t)got;
            request[used] = 0;
        }
        if (!is_whole(request)) break;
        answer[0] = 0;
        host->answer(host, note(host, request), of_connection, request, answer);
        if (!answer[0] || send(visit->fd, answer, strlen(answer), MSG_NOSIGNAL) < 0) break;
        if (strstr(answer, "Connection: close")) break;
    }
    close(visit->fd);
    free(visit);
    pthread_mutex_lock(&host->lock);
    host->open--;
    pthread_mutex_unlock(&host->lock);
    return NULL;
}

static void *serve(void *argument)
{
    struct host *host = (struct host *)argument;
    for (;;) {
        struct visit *visit = (struct visit *)malloc(sizeof *visit);
        pthread_t thread;
        if (!visit) abort();
        visit->host = host;
        visit->fd = accept(host->listener, NULL, NULL);
        if (visit->fd < 0) {
            free(visit);
            return NULL;
        }
        pthread_mutex_lock(&host->lock);
        host->connections++;
        host->open++;
        pthread_mutex_unlock(&host->lock);
        if (pthread_create(&thread, NULL, serve_one, visit)) abort();
        pthread_detach(thread);
    }
}

static void host_listen(struct host *host)
{
    int on = 1;
    socklen_t size = sizeof host->address;
    host->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(host->listener >= 0);
    CHECK(!setsockopt(host->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
    CHECK(!bind(host->listener, (struct sockaddr *)&host->address, sizeof host->address));
    CHECK(!listen(host->listener, 512));
    CHECK(!getsockname(host->listener, (struct sockaddr *)&host->address, &size));
    CHECK(!pthread_create(&host->thread, NULL, serve, host));
}

static void host_start(struct host *host, void (*answer)(struct host *, int, int, const char *, char *))
{
    memset(host, 0, sizeof *host);
    pthread_mutex_init(&host->lock, NULL);
    host->address.sin_family = AF_INET;
    host->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    host->answer = answer;
    host_listen(host);
    snprintf(host->url, sizeof host->url, "http://127.0.0.1:%d", ntohs(host->address.sin_port));
}

static void host_away(struct host *host)
{
    shutdown(host->listener, SHUT_RDWR);
    CHECK(!pthread_join(host->thread, NULL));
    close(host->listener);
}

static int host_count(struct host *host)
{
    int count;
    pthread_mutex_lock(&host->lock);
    count = host->count;
    pthread_mutex_unlock(&host->lock);
    return count;
}

static int host_open(struct host *host)
{
    int open;
    pthread_mutex_lock(&host->lock);
    open = host->open;
    pthread_mutex_unlock(&host->lock);
    return open;
}

/* The clients are gone, and with them the connections. */
static void host_stop(struct host *host)
{
    EVENTUALLY(host_open(host) == 0);
    host_away(host);
}

static struct host host;

/* ---- outages ---- */

/* Longer than a server that has never answered is given. */
#define AWAY 3

static void *come_back(void *unused)
{
    (void)unused;
    sleep(AWAY);
    host_listen(&host);
    return NULL;
}

/* The first answer of each call is its last before the outage. */
static void before_and_after(struct host *of, int nth, int of_connection, const char *line, char *to)
{
    const char *body = strstr(line, "/execute ") ? COMPLETED : nth == 0 || strstr(line, "GET ") ? PROVISIONING : RUNNING;
    (void)of;
    (void)of_connection;
    json(to, 200, "Connection: close\r\n", body);
}

static void *leave_when_asked(void *unused)
{
    (void)unused;
    EVENTUALLY(host_count(&host) >= 1);
    host_away(&host);
    return come_back(NULL);
}

static void outages(void)
{
    runloop_client *client;
    runloop_devbox *devbox, *created;
    runloop_exec_result *result;
    runloop_value *info;
    pthread_t thread;
    int what;
    for (what = 0; what < 4; what++) {
        host_start(&host, before_and_after);
        client = new_client(host.url);
        OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
        if (what) {
            /* The server has answered before. */
            OK(runloop_devbox_get_info(devbox, NULL, &info, E));
            runloop_value_free(info);
            host_away(&host);
        }
        CHECK(!pthread_create(&thread, NULL, what ? come_back : leave_when_asked, NULL));
        switch (what) {
        case 0:
            OK(runloop_devbox_await_running(devbox, NULL, &info, E));
            runloop_value_free(info);
            break;
        case 1:
            OK(runloop_devbox_create(client, NULL, NULL, &created, E));
            runloop_devbox_free(created);
            break;
        case 2:
            OK(runloop_devbox_exec(devbox, "echo hi", NULL, NULL, &result, E));
            runloop_exec_result_free(result);
            break;
        case 3: OK(runloop_devbox_keep_alive(devbox, NULL, E)); break;
        }
        CHECK(!pthread_join(thread, NULL));
        runloop_devbox_free(devbox);
        runloop_client_free(client);
        host_stop(&host);
    }
    group("an outage in a wait, before a create, an exec, a keep_alive");
}

static void patience_ends(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_client *client;
    runloop_devbox *devbox;
    runloop_value *info;
    double from;
    host_start(&host, before_and_after);
    client = new_client(host.url);
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    OK(runloop_devbox_get_info(devbox, NULL, &info, E));
    runloop_value_free(info);
    host_away(&host);
    /* A number of attempts that the caller names counts those that reach nobody. */
    options.max_retries = 2;
    CHECK_STATUS(runloop_devbox_get_info(devbox, &options, &info, E), RUNLOOP_CONNECT);
    CHECK_INT(runloop_error_attempts(last_error()), 3);
    options.max_retries = -1;
    CHECK_STATUS(runloop_devbox_get_info(devbox, &options, &info, E), RUNLOOP_CONNECT);
    CHECK_INT(runloop_error_attempts(last_error()), 1);
    /* The deadline does too, and the outage is its cause. */
    options.max_retries = 0;
    options.deadline_ms = 1500;
    from = seconds();
    CHECK_STATUS(runloop_devbox_keep_alive(devbox, &options, E), RUNLOOP_DEADLINE);
    CHECK(seconds() - from >= 1.4);
    CHECK_HAS(runloop_error_cause(last_error()), "refused");
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_NONE);
    CHECK_INT(runloop_error_retryable(last_error()), RUNLOOP_RETRYABLE_YES);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    group("the call's own bounds hold in an outage");
}

/* ---- busy servers ---- */

struct caller {
    runloop_client *client;
    int number;
    int32_t status;
    pthread_t thread;
};

static void *ask(void *argument)
{
    struct caller *caller = (struct caller *)argument;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_error *error = NULL;
    runloop_devbox *devbox = NULL;
    runloop_value *info = NULL;
    char id[32];
    snprintf(id, sizeof id, "dbx_%d", caller->number);
    options.deadline_ms = 30000;
    runloop_devbox_attach(caller->client, id, &devbox, NULL);
    caller->status = runloop_devbox_get_info(devbox, &options, &info, &error);
    runloop_value_free(info);
    runloop_devbox_free(devbox);
    runloop_error_free(error);
    return NULL;
}

/* So many calls at a time, half of them of one client and half of another. */
static void work_at_once(void *(*work)(void *), struct caller *callers, int count)
{
    runloop_client *clients[2];
    int i;
    clients[0] = new_client(host.url);
    clients[1] = new_client(host.url);
    for (i = 0; i < count; i++) {
        callers[i].client = clients[i % 2];
        callers[i].number = i;
        CHECK(!pthread_create(&callers[i].thread, NULL, work, &callers[i]));
    }
    for (i = 0; i < count; i++) CHECK(!pthread_join(callers[i].thread, NULL));
    runloop_client_free(clients[0]);
    runloop_client_free(clients[1]);
}

static void ask_at_once(struct caller *callers, int count)
{
    work_at_once(ask, callers, count);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

#define TOLD "retry-after-ms: 1000\r\nConnection: close\r\n"

static void busy_at_first(struct host *of, int nth, int of_connection, const char *line, char *to)
{
    (void)of_connection;
    (void)line;
    json(to, nth < of->at_most ? 429 : 200, TOLD, nth < of->at_most ? "{}" : RUNNING);
}

static void come_back_spread_out(void)
{
    enum { CALLS = 100 };
    struct caller callers[CALLS];
    double first[CALLS], later[CALLS];
    int i, j, seen[CALLS] = {0}, apart = 0;
    host_start(&host, busy_at_first);
    host.at_most = CALLS;
    ask_at_once(callers, CALLS);
    CHECK_INT(host.count, 2 * CALLS);
    for (i = 0; i < host.count; i++) {
        CHECK_INT(sscanf(host.requests[i].line, "GET /v1/devboxes/dbx_%d ", &j), 1);
        *(seen[j]++ ? &later[j] : &first[j]) = host.requests[i].at;
    }
    for (i = 0; i < CALLS; i++) {
        CHECK_INT(callers[i].status, RUNLOOP_OK);
        CHECK_INT(seen[i], 2);
        /* Never earlier than asked for. */
        CHECK(later[i] - first[i] >= 0.99);
    }
    qsort(later, CALLS, sizeof *later, compare);
    for (i = 1; i < CALLS; i++) apart += later[i] - later[i - 1] > 0.001;
    printf("test_outages: %d calls told to wait a second came back within %.2f s, %d of them more than 1 ms apart\n", CALLS,
           later[CALLS - 1] - later[0], apart);
    CHECK(later[CALLS - 1] - later[0] > 0.3);
    CHECK(apart > CALLS / 4);
    host_stop(&host);
    group("calls that were told to wait come back later than that, and spread out");
}

/* Holds the first question of each until all have come and have been held for a while, and leaves them without an answer then. */
static void leaves_all(struct host *of, int nth, int of_connection, const char *line, char *to)
{
    (void)of_connection;
    (void)line;
    if (nth >= of->at_most) {
        json(to, 200, "Connection: close\r\n", RUNNING);
        return;
    }
    while (host_count(of) < of->at_most) brief_pause();
    usleep(1200 * 1000);
}

static void *await(void *argument)
{
    struct caller *caller = (struct caller *)argument;
    runloop_devbox *devbox = NULL;
    runloop_value *info = NULL;
    char id[32];
    snprintf(id, sizeof id, "dbx_%d", caller->number);
    runloop_devbox_attach(caller->client, id, &devbox, NULL);
    caller->status = runloop_devbox_await_running(devbox, NULL, &info, NULL);
    runloop_value_free(info);
    runloop_devbox_free(devbox);
    return NULL;
}

/* The pauses that the log tells of. */
static double pauses[MOST];
static int pauses_told;

static void note_pause(void *user_data, int32_t level, const char *line)
{
    const char *again = strstr(line, ", again in ");
    (void)user_data;
    (void)level;
    pthread_mutex_lock(&host.lock);
    if (again && pauses_told < MOST) pauses[pauses_told++] = atof(again + strlen(", again in "));
    pthread_mutex_unlock(&host.lock);
}

static int count_pauses(void)
{
    int count;
    pthread_mutex_lock(&host.lock);
    count = pauses_told;
    pthread_mutex_unlock(&host.lock);
    return count;
}

static void waits_come_back_spread_out(void)
{
    enum { CALLS = 100 };
    struct caller callers[CALLS];
    int i, apart = 0;
    host_start(&host, leaves_all);
    host.at_most = CALLS;
    OK(runloop_log_set(note_pause, NULL, RUNLOOP_LOG_WARN, E));
    work_at_once(await, callers, CALLS);
    CHECK_INT(host.count, 2 * CALLS);
    for (i = 0; i < CALLS; i++) CHECK_INT(callers[i].status, RUNLOOP_OK);
    EVENTUALLY(count_pauses() >= CALLS);
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    qsort(pauses, CALLS, sizeof *pauses, compare);
    for (i = 1; i < CALLS; i++) apart += pauses[i] - pauses[i - 1] >= 1;
    printf("test_outages: %d waits whose server left come back after %.0f to %.0f ms, %d of them apart\n", CALLS, pauses[0], pauses[CALLS - 1], apart);
    CHECK(pauses[CALLS - 1] - pauses[0] > 500);
    CHECK(apart > CALLS / 2);
    host_stop(&host);
    group("waits that a server leaves together come back spread out");
}

static void always_busy(struct host *of, int nth, int of_connection, const char *line, char *to)
{
    (void)of;
    (void)nth;
    (void)of_connection;
    (void)line;
    json(to, 503, "retry-after-ms: 100\r\nConnection: close\r\n", "{}");
}

static void within_the_budget(void)
{
    enum { CALLS = 100 };
    struct caller callers[CALLS];
    double from = seconds(), took;
    int i;
    host_start(&host, always_busy);
    ask_at_once(callers, CALLS);
    took = seconds() - from;
    for (i = 0; i < CALLS; i++) CHECK_INT(callers[i].status, RUNLOOP_SERVER);
    printf("test_outages: %d calls made %d requests of a server that answers 503, in %.1f s\n", CALLS, host.count, took);
    /* Each its first, what is saved up, a tenth of the requests, and what time adds. Without a budget they were 600. */
    CHECK(host.count > CALLS);
    CHECK(host.count <= CALLS + 50 + CALLS / 10 + (int)(5 * took) + 1);
    CHECK(host.count < 4 * CALLS);
    host_stop(&host);
    group("all calls together stay within the budget for retries");
}

/* ---- idle connections ---- */

/* A connection carries one request; the second is read, and gets no answer. */
static void once_each(struct host *of, int nth, int of_connection, const char *line, char *to)
{
    (void)of;
    (void)nth;
    (void)line;
    if (of_connection == 0) json(to, 200, "", RUNNING);
}

static void idle_connections(void)
{
    runloop_client *client;
    runloop_devbox *devbox, *created;
    runloop_value *info;
    host_start(&host, once_each);
    client = new_client(host.url);
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    OK(runloop_devbox_get_info(devbox, NULL, &info, E));
    runloop_value_free(info);
    OK(runloop_log_set(hear, NULL, RUNLOOP_LOG_DEBUG, E));
    OK(runloop_devbox_get_info(devbox, NULL, &info, E));
    runloop_value_free(info);
    CHECK_INT(host_count(&host), 3);
    EVENTUALLY(times_heard("attempt 1 failed (sent), again in 0 ms"));
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    /* What must not happen twice is not sent again. */
    CHECK_STATUS(runloop_devbox_create_async(client, NULL, NULL, &created, E), RUNLOOP_BROKEN);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
    CHECK_INT(host_count(&host), 4);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    host_stop(&host);
    group("a connection that ended while it was idle costs no pause");
}

int main(void)
{
    begin("test_outages");
    idle_connections();
    outages();
    patience_ends();
    come_back_spread_out();
    waits_come_back_spread_out();
    within_the_budget();
    return finish();
}
