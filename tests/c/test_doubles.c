/* What more than one attempt of a create may have made: all of it is ended but what the call gives back, whichever answer comes first,
 * and on the way that the call has gone. */

#include "harness.h"
#include "heard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEAD = 1 << 14, MOST = 8 };

/* ---- a service whose creates fail as they are told to, having made something all the same ---- */

static struct {
    int listener;
    pthread_t thread;
    pthread_mutex_t lock;
    char url[64];
    /* How the creates are answered, one after the other: the identifier, "" for a useless answer, NULL for a refusal that asks for
     * another attempt. */
    const char *creates[MOST];
    int created, lists;
    /* The second create is answered when this is over. */
    int holds;
    /* What is made is in the lists from then on. */
    int shows_after_ended;
    char made[MOST][16];
    int made_count, ended[MOST], ended_count;
    /* What the ends are answered with, instead of success. */
    const char *refusal;
    char mark[37], last_list[HEAD], last_end[HEAD];
} api = {.lock = PTHREAD_MUTEX_INITIALIZER};

static int is_ended(const char *id)
{
    int i, found = 0;
    pthread_mutex_lock(&api.lock);
    for (i = 0; i < api.made_count; i++) found |= !strcmp(api.made[i], id) && api.ended[i];
    pthread_mutex_unlock(&api.lock);
    return found;
}

static void make_one(const char *id)
{
    CHECK(api.made_count < MOST);
    snprintf(api.made[api.made_count], sizeof api.made[0], "%s", id);
    api.ended[api.made_count++] = 0;
}

static void say(int fd, const char *status, const char *body)
{
    char answer[4096];
    int length = snprintf(answer, sizeof answer, "HTTP/1.1 %s\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                          status, strlen(body), body);
    CHECK(send(fd, answer, (size_t)length, MSG_NOSIGNAL) == length);
}

static void create(int fd, const char *head)
{
    const char *mark = strstr(head, "librunloop_create_id\":\""), *id = api.creates[api.created++];
    char body[100], own[16];
    CHECK(mark != NULL);
    snprintf(api.mark, sizeof api.mark, "%.36s", mark + strlen("librunloop_create_id\":\""));
    snprintf(own, sizeof own, "x_%d", api.created);
    while (api.created == 2 && api.holds) {
        pthread_mutex_unlock(&api.lock);
        brief_pause();
        pthread_mutex_lock(&api.lock);
    }
    if (!id) {
        make_one(own);
        say(fd, "503 Lost\r\nx-should-retry: true\r\nretry-after-ms: 1000", "{}");
        return;
    }
    make_one(*id ? id : own);
    snprintf(body, sizeof body, "{\"id\":\"%s\",\"status\":\"running\"}", id);
    say(fd, "200 OK", *id ? body : "{}");
}

/* Each list shows one more of what has been made, the newest first, and nothing at all until something has ended where it is to be so. */
static void list(int fd)
{
    char body[4000] = "{\"has_more\":false,\"devboxes\":[", *end = body + strlen(body);
    int i, shown = api.shows_after_ended && !api.ended_count ? 0 : ++api.lists;
    for (i = api.made_count - 1; i >= 0 && shown-- > 0; i--)
        end += sprintf(end, "%s{\"id\":\"%s\",\"status\":\"running\",\"metadata\":{\"librunloop_create_id\":\"%s\"}}", i == api.made_count - 1 ? "" : ",",
                       api.made[i], api.mark);
    strcpy(end, "]}");
    say(fd, "200 OK", body);
}

static void end_one(int fd, const char *head)
{
    int i;
    snprintf(api.last_end, sizeof api.last_end, "%s", head);
    if (api.refusal) {
        say(fd, "400 Refused", api.refusal);
        api.refusal = NULL;
        return;
    }
    for (i = 0; i < api.made_count; i++) {
        char path[40];
        snprintf(path, sizeof path, "/%s/shutdown", api.made[i]);
        if (strstr(head, path) && !api.ended[i]) api.ended[i] = 1, api.ended_count++;
    }
    say(fd, "200 OK", "{}");
}

/* Head and body: none of them is longer than there is room for. */
static int read_request(int fd, char *head)
{
    size_t used = 0, whole = 0;
    while (!whole || used < whole) {
        ssize_t got = recv(fd, head + used, HEAD - 1 - used, 0);
        char *body, *length;
        if (got <= 0) return 0;
        head[used += (size_t)got] = 0;
        if (whole || !(body = strstr(head, "\r\n\r\n"))) continue;
        length = strcasestr(head, "content-length:");
        whole = (size_t)(body + 4 - head) + (length && length < body ? (size_t)atoi(length + 15) : 0);
    }
    return 1;
}

static void *serve(void *argument)
{
    char *head = (char *)allocate(HEAD);
    (void)argument;
    for (;;) {
        int fd = accept(api.listener, NULL, NULL);
        if (fd < 0) break;
        if (read_request(fd, head)) {
            pthread_mutex_lock(&api.lock);
            if (!strncmp(head, "POST /v1/devboxes/create_and_await_running", 42)) {
                create(fd, head);
            } else if (!strncmp(head, "GET /v1/devboxes?", 17)) {
                snprintf(api.last_list, HEAD, "%s", head);
                list(fd);
            } else if (strstr(head, "/shutdown")) {
                end_one(fd, head);
            } else {
                say(fd, "400 Unknown", "{}");
            }
            pthread_mutex_unlock(&api.lock);
        }
        close(fd);
    }
    free(head);
    return NULL;
}

static void api_start(void)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    api.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(api.listener >= 0 && !bind(api.listener, (struct sockaddr *)&address, sizeof address) && !listen(api.listener, 64));
    CHECK(!getsockname(api.listener, (struct sockaddr *)&address, &size));
    snprintf(api.url, sizeof api.url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    CHECK(!pthread_create(&api.thread, NULL, serve, NULL));
}

static void forget(void)
{
    pthread_mutex_lock(&api.lock);
    memset(api.creates, 0, sizeof api.creates);
    api.created = api.lists = api.made_count = api.ended_count = api.shows_after_ended = 0;
    api.refusal = NULL;
    api.holds = 0;
    pthread_mutex_unlock(&api.lock);
}

static int created(void)
{
    int count;
    pthread_mutex_lock(&api.lock);
    count = api.created;
    pthread_mutex_unlock(&api.lock);
    return count;
}

static void copy(char *to, const char *from)
{
    pthread_mutex_lock(&api.lock);
    snprintf(to, HEAD, "%s", from);
    pthread_mutex_unlock(&api.lock);
}

/* ---- the tests ---- */

/* Two attempts have made something before the third, and the lists show one after the other. */
static void every_double(void)
{
    runloop_client *client = new_client(api.url);
    runloop_devbox *devbox;
    forget();
    api.creates[2] = "dbx_own";
    OK(runloop_devbox_create(client, NULL, NULL, &devbox, E));
    CHECK_TEXT(runloop_devbox_id(devbox), "dbx_own");
    EVENTUALLY(is_ended("x_1") && is_ended("x_2"));
    EVENTUALLY(times_heard("create of dbx_own may have made is x_2, and was shut down; is x_1, and was shut down.") == 1);
    CHECK(!is_ended("dbx_own"));
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    group("all that earlier attempts have made is ended, and what the call gives back is kept");
}

/* The last answer names nothing. */
static void useless_answer(void)
{
    runloop_client *client = new_client(api.url);
    runloop_devbox *devbox;
    forget();
    api.creates[1] = "";
    CHECK_STATUS(runloop_devbox_create(client, NULL, NULL, &devbox, E), RUNLOOP_PROTOCOL);
    EVENTUALLY(is_ended("x_1") && is_ended("x_2"));
    runloop_client_free(client);
    group("where no attempt's answer can be used, all are ended");
}

static void *cancel_after_first(void *argument)
{
    EVENTUALLY(created() == 1);
    OK(runloop_cancel_trigger((runloop_cancel *)argument, E));
    return NULL;
}

/* The call is cancelled before its second attempt is answered. That goes on behind it, and its answer says what it has made; what the first
 * has made shows only then. */
static void answered_behind_the_call(void)
{
    runloop_client *client = new_client(api.url);
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_cancel *cancel;
    runloop_devbox *devbox;
    pthread_t thread;
    forget();
    api.creates[1] = "dbx_2";
    api.shows_after_ended = api.holds = 1;
    OK(runloop_cancel_new(&cancel, E));
    options.cancel = cancel;
    CHECK(!pthread_create(&thread, NULL, cancel_after_first, cancel));
    CHECK_STATUS(runloop_devbox_create(client, NULL, &options, &devbox, E), RUNLOOP_CANCELLED);
    pthread_mutex_lock(&api.lock);
    api.holds = 0;
    pthread_mutex_unlock(&api.lock);
    pthread_join(thread, NULL);
    EVENTUALLY(is_ended("dbx_2") && is_ended("x_1"));
    runloop_cancel_free(cancel);
    runloop_client_free(client);
    group("what is answered behind the call is ended, and what the attempt before has made");
}

/* One that cannot be ended keeps none of the others. */
static void one_refused(void)
{
    runloop_client *client = new_client(api.url);
    runloop_devbox *devbox;
    forget();
    api.creates[2] = "dbx_own";
    api.refusal = "{\"message\":\"this one stays\"}";
    OK(runloop_devbox_create(client, NULL, NULL, &devbox, E));
    EVENTUALLY(is_ended("x_1"));
    EVENTUALLY(times_heard("may have made could not be cleaned up: POST /v1/devboxes/x_2/shutdown: HTTP 400: this one stays") == 1);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    group("the others are ended though one cannot be");
}

/* The clean-up goes through the gateway that the call has gone through, and is no repetition of the create. */
static void same_way(void)
{
    runloop_client *client = new_client(api.url);
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_params *headers = params_of("{\"x-gate\":\"open-sesame\",\"X-Request-Id\":\"the-create\"}");
    runloop_params *query = params_of("{\"gate\":\"west\",\"limit\":\"1\"}");
    runloop_devbox *devbox;
    char seen[HEAD];
    forget();
    api.creates[0] = "";
    options.extra_headers = headers;
    options.extra_query = query;
    CHECK_STATUS(runloop_devbox_create(client, NULL, &options, &devbox, E), RUNLOOP_PROTOCOL);
    EVENTUALLY(is_ended("x_1"));
    copy(seen, api.last_list);
    CHECK_HAS(seen, "x-gate: open-sesame\r\n");
    CHECK_HAS(seen, "gate=west");
    CHECK_HAS(seen, "limit=100");
    CHECK_HAS_NOT(seen, "limit=1 ");
    CHECK_HAS_NOT(seen, "limit=1&");
    copy(seen, api.last_end);
    CHECK_HAS(seen, "x-gate: open-sesame\r\n");
    CHECK_HAS(seen, "gate=west");
    CHECK_HAS_NOT(seen, "the-create");
    runloop_params_free(headers);
    runloop_params_free(query);
    runloop_client_free(client);
    group("a clean-up goes the way of its call");
}

/* What the create was given is told by no line about its clean-up. */
static void secrets(void)
{
    runloop_client *client = new_client(api.url);
    runloop_params *params = params_of("{\"environment_variables\":{\"DATABASE\":\"postgres-7f31c\"},\"metadata\":{\"api_key\":\"vault-88ab2\"}}");
    runloop_devbox *devbox;
    forget();
    api.creates[0] = "";
    api.refusal = "{\"message\":\"it was made with postgres-7f31c and vault-88ab2\"}";
    CHECK_STATUS(runloop_devbox_create(client, params, NULL, &devbox, E), RUNLOOP_PROTOCOL);
    EVENTUALLY(times_heard("HTTP 400: it was made with ") >= 1);
    CHECK_INT(times_heard("postgres-7f31c"), 0);
    CHECK_INT(times_heard("vault-88ab2"), 0);
    runloop_params_free(params);
    runloop_client_free(client);
    group("no line about a clean-up tells what its create was given");
}

int main(void)
{
    begin("test_doubles");
    OK(runloop_log_set(hear, NULL, RUNLOOP_LOG_DEBUG, E));
    api_start();
    every_double();
    useless_answer();
    answered_behind_the_call();
    one_refused();
    same_way();
    secrets();
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    shutdown(api.listener, SHUT_RDWR);
    pthread_join(api.thread, NULL);
    close(api.listener);
    return finish();
}
