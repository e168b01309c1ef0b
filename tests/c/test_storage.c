/* The storage behind the objects, where it or somebody on the way to it answers as it should not: with a web page, before
 * it has the content, on connections that end while they are idle, without saying which content it gives. */

#include "harness.h"
#include "heard.h"
#include "local_files.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

/* More than the buffers of a connection hold. */
enum { LARGE = 16 << 20, HEAD = 1 << 14 };

/* ---- a server that is the API, the storage and a devbox, and answers by a function ---- */

struct exchange {
    /* Of all exchanges of this method and path, and of its connection. */
    int nth, of_connection;
    char head[HEAD];
    /* The answer, and whether the connection ends with it. */
    const char *answer;
    size_t length;
    int close;
    /* How many bytes of the body are read before the answer; all of them by default. */
    long long read;
};

static struct {
    int listener, open, ending;
    pthread_t thread;
    pthread_mutex_t lock;
    char url[64];
    int puts, gets, completes, views, uploads;
    char *got;
    size_t got_length;
    void (*put)(struct exchange *), (*get)(struct exchange *), (*complete)(struct exchange *), (*upload)(struct exchange *);
    char last_get[HEAD], view[1024], created[1024], asked[1024];
} storage = {.lock = PTHREAD_MUTEX_INITIALIZER};

static runloop_client *client;

static void say(struct exchange *exchange, const char *answer)
{
    exchange->answer = answer;
    exchange->length = strlen(answer);
}

#define EMPTY(status) "HTTP/1.1 " status "\r\nContent-Length: 0\r\n\r\n"
#define JSON "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
#define PAGE "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>"

static void answer_view(struct exchange *exchange, char *to, const char *body)
{
    snprintf(to, 1024, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
    say(exchange, to);
}

static void created(struct exchange *exchange)
{
    char body[256];
    snprintf(body, sizeof body, "{\"id\":\"obj_1\",\"state\":\"UPLOADING\",\"upload_url\":\"%s/content?sig=1\"}", storage.url);
    answer_view(exchange, storage.created, body);
}

static void asked_for_url(struct exchange *exchange)
{
    char body[256];
    snprintf(body, sizeof body, "{\"download_url\":\"%s/content?sig=1\"}", storage.url);
    answer_view(exchange, storage.asked, body);
}

static void route(struct exchange *exchange)
{
    const char *head = exchange->head;
    if (!strncmp(head, "PUT /content", 12)) {
        exchange->nth = storage.puts++;
        storage.put(exchange);
    } else if (!strncmp(head, "GET /content", 12)) {
        exchange->nth = storage.gets++;
        snprintf(storage.last_get, sizeof storage.last_get, "%s", head);
        storage.get(exchange);
    } else if (strstr(head, "/complete ")) {
        exchange->nth = storage.completes++;
        if (storage.complete) storage.complete(exchange);
        else say(exchange, JSON);
    } else if (strstr(head, "/upload_file ")) {
        exchange->nth = storage.uploads++;
        storage.upload(exchange);
    } else if (!strncmp(head, "POST /v1/objects ", 17)) {
        created(exchange);
    } else if (strstr(head, "/download ") || strstr(head, "/download?")) {
        asked_for_url(exchange);
    } else if (!strncmp(head, "GET /v1/objects/", 16)) {
        exchange->nth = storage.views++;
        answer_view(exchange, storage.view, "{\"id\":\"obj_1\",\"state\":\"UPLOADING\"}");
    } else {
        say(exchange, JSON);
    }
}

/* Reads a head, byte by byte, so that the body stays where it is. */
static int read_head(int fd, char *head)
{
    size_t used = 0;
    head[0] = 0;
    while (!strstr(head, "\r\n\r\n")) {
        if (used >= HEAD - 1 || recv(fd, head + used, 1, 0) <= 0) return 0;
        head[++used] = 0;
    }
    return 1;
}

static long long read_body(int fd, const char *head, long long most)
{
    const char *announced = strcasestr(head, "\r\ncontent-length:");
    long long length = announced ? atoll(announced + 17) : 0, done = 0;
    char *body = (char *)allocate((size_t)length + 1);
    if (most < 0 || most > length) most = length;
    while (done < most) {
        ssize_t got = recv(fd, body + done, (size_t)(most - done), 0);
        if (got <= 0) break;
        done += got;
    }
    pthread_mutex_lock(&storage.lock);
    free(storage.got);
    storage.got = body;
    storage.got_length = (size_t)done;
    pthread_mutex_unlock(&storage.lock);
    return length - done;
}

static void *attend(void *argument)
{
    int fd = (int)(intptr_t)argument, goes_on = 1;
    struct exchange *exchange = (struct exchange *)allocate(sizeof *exchange);
    int of_connection = 0;
    while (goes_on) {
        size_t sent = 0;
        memset(exchange, 0, sizeof *exchange);
        exchange->read = -1;
        exchange->of_connection = of_connection++;
        if (!read_head(fd, exchange->head)) break;
        pthread_mutex_lock(&storage.lock);
        route(exchange);
        pthread_mutex_unlock(&storage.lock);
        goes_on = !read_body(fd, exchange->head, exchange->read) && !exchange->close && exchange->answer;
        while (exchange->answer && sent < exchange->length) {
            ssize_t count = send(fd, exchange->answer + sent, exchange->length - sent, MSG_NOSIGNAL);
            if (count <= 0) break;
            sent += (size_t)count;
        }
    }
    /* An answer that came before all was read must not be lost by a reset. */
    shutdown(fd, SHUT_WR);
    if (exchange->answer) {
        struct timeval patience = {2, 0};
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        while (recv(fd, exchange->head, sizeof exchange->head, 0) > 0) continue;
    }
    close(fd);
    free(exchange);
    pthread_mutex_lock(&storage.lock);
    storage.open--;
    pthread_mutex_unlock(&storage.lock);
    return NULL;
}

static void *serve(void *argument)
{
    (void)argument;
    for (;;) {
        pthread_t thread;
        int fd = accept(storage.listener, NULL, NULL);
        if (fd < 0) return NULL;
        pthread_mutex_lock(&storage.lock);
        storage.open++;
        pthread_mutex_unlock(&storage.lock);
        CHECK(!pthread_create(&thread, NULL, attend, (void *)(intptr_t)fd));
        pthread_detach(thread);
    }
}

static void storage_start(void)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    int small = 1 << 16;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    storage.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(storage.listener >= 0);
    CHECK(!setsockopt(storage.listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof small));
    CHECK(!bind(storage.listener, (struct sockaddr *)&address, sizeof address));
    CHECK(!listen(storage.listener, 64));
    CHECK(!getsockname(storage.listener, (struct sockaddr *)&address, &size));
    snprintf(storage.url, sizeof storage.url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    CHECK(!pthread_create(&storage.thread, NULL, serve, NULL));
}

static int connections_open(void)
{
    int open;
    pthread_mutex_lock(&storage.lock);
    open = storage.open;
    pthread_mutex_unlock(&storage.lock);
    return open;
}

static void storage_stop(void)
{
    shutdown(storage.listener, SHUT_RDWR);
    pthread_join(storage.thread, NULL);
    close(storage.listener);
    EVENTUALLY(connections_open() == 0);
    free(storage.got);
}

static void forget(void)
{
    pthread_mutex_lock(&storage.lock);
    storage.puts = storage.gets = storage.completes = storage.views = storage.uploads = 0;
    pthread_mutex_unlock(&storage.lock);
}

static int counted(const int *what)
{
    int count;
    pthread_mutex_lock(&storage.lock);
    count = *what;
    pthread_mutex_unlock(&storage.lock);
    return count;
}

/* ---- uploads ---- */

static void take_all(struct exchange *exchange)
{
    say(exchange, EMPTY("200 OK"));
}

static void page_first(struct exchange *exchange)
{
    say(exchange, exchange->nth ? EMPTY("201 Created") : PAGE);
}

static void page_always(struct exchange *exchange)
{
    say(exchange, PAGE);
}

/* As Google's storage answers: what it would be, and nothing of it. */
static void no_page(struct exchange *exchange)
{
    say(exchange, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Length: 0\r\n\r\n");
}

static void early_first(struct exchange *exchange)
{
    if (!exchange->nth) exchange->read = 1000;
    say(exchange, strstr(exchange->head, "PUT ") ? EMPTY("200 OK") : JSON);
}

static void early_always(struct exchange *exchange)
{
    exchange->read = 1000;
    say(exchange, strstr(exchange->head, "PUT ") ? EMPTY("200 OK") : JSON);
}

static char *large;

static void put_answers(void)
{
    static const struct {
        void (*put)(struct exchange *);
        int status, puts;
    } cases[] = {
        {page_first, RUNLOOP_OK, 2},       {page_always, RUNLOOP_PROTOCOL, 2}, {no_page, RUNLOOP_OK, 1},
        {early_first, RUNLOOP_OK, 2},      {early_always, RUNLOOP_PROTOCOL, 2},
    };
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_object *object;
    size_t i;
    opts.max_retries = 1;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        forget();
        storage.put = cases[i].put;
        CHECK_STATUS(runloop_object_upload_from_bytes(client, "x", large, LARGE, NULL, &opts, &object, E), cases[i].status);
        CHECK_INT(counted(&storage.puts), cases[i].puts);
        CHECK_INT(counted(&storage.completes), cases[i].status == RUNLOOP_OK);
        if (cases[i].status == RUNLOOP_OK) {
            CHECK(storage.got_length == 0 || storage.got_length == LARGE);
        } else {
            CHECK_INT(runloop_error_http_status(last_error()), 200);
            CHECK_HAS(last_message(), "Does a proxy answer in its place?");
        }
        runloop_object_free(object);
    }
    /* The content alone: the object is there, and what became of the content is not known. */
    storage.put = early_always;
    opts.keep_on_failure = 1;
    {
        runloop_params *params = params_of("{\"name\":\"x\",\"content_type\":\"text\"}");
        runloop_source source = RUNLOOP_SOURCE_INIT;
        OK(runloop_object_create(client, params, NULL, &object, E));
        runloop_params_free(params);
        source.data = large;
        source.length = LARGE;
        CHECK_STATUS(runloop_object_upload_content(object, &source, &opts, E), RUNLOOP_PROTOCOL);
        CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
        runloop_object_free(object);
    }
    storage.put = take_all;
    group("a web page, or an answer that comes before the content is there, is no success of an upload");
}

#define AZURE "HTTP/1.1 409 Conflict\r\nx-ms-error-code: BlobAlreadyExists\r\nContent-Length: 0\r\n\r\n"

static void there_already(struct exchange *exchange)
{
    say(exchange, EMPTY("412 Precondition Failed"));
}

static void there_already_in_azure(struct exchange *exchange)
{
    say(exchange, AZURE);
}

/* The first answer is lost. */
static void there_afterwards(struct exchange *exchange)
{
    if (exchange->nth) say(exchange, EMPTY("412 Precondition Failed"));
}

static void there_afterwards_in_azure(struct exchange *exchange)
{
    if (exchange->nth) say(exchange, AZURE);
}

/* Whose content a storage has that replaces none is told as far as it is known. */
static void conditional_puts(void)
{
    static const struct {
        void (*put)(struct exchange *);
        int puts, http, side_effect;
        const char *whose;
    } cases[] = {
        {there_already, 1, 412, RUNLOOP_SIDE_EFFECT_NONE, "It is not of this call."},
        {there_already_in_azure, 1, 409, RUNLOOP_SIDE_EFFECT_NONE, "It is not of this call."},
        {there_afterwards, 2, 412, RUNLOOP_SIDE_EFFECT_UNKNOWN, "It may be that of an earlier attempt, whose answer was lost, or another's."},
        {there_afterwards_in_azure, 2, 409, RUNLOOP_SIDE_EFFECT_UNKNOWN, "It may be that of an earlier attempt, whose answer was lost, or another's."},
    };
    runloop_params *params = params_of("{\"name\":\"x\",\"content_type\":\"text\"}");
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_object *object;
    size_t i;
    source.data = "content";
    source.length = 7;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        forget();
        storage.put = cases[i].put;
        OK(runloop_object_create(client, params, NULL, &object, E));
        CHECK(runloop_object_upload_content(object, &source, NULL, E) != RUNLOOP_OK);
        CHECK_INT(counted(&storage.puts), cases[i].puts);
        CHECK_INT(runloop_error_http_status(last_error()), cases[i].http);
        CHECK_INT(runloop_error_side_effect(last_error()), cases[i].side_effect);
        CHECK_HAS(last_message(), "it has content there already");
        CHECK_HAS(last_message(), cases[i].whose);
        runloop_object_free(object);
    }
    runloop_params_free(params);
    storage.put = take_all;
    group("a storage that has content already, which is not to be replaced");
}

static void devbox_uploads(void)
{
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_devbox *devbox;
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    opts.max_retries = 1;
    source.data = large;
    source.length = LARGE;
    forget();
    storage.upload = early_first;
    OK(runloop_devbox_upload_file(devbox, "f", &source, &opts, E));
    CHECK_INT(counted(&storage.uploads), 2);
    forget();
    storage.upload = early_always;
    CHECK_STATUS(runloop_devbox_upload_file(devbox, "f", &source, &opts, E), RUNLOOP_PROTOCOL);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
    CHECK_INT(counted(&storage.uploads), 2);
    runloop_devbox_free(devbox);
    group("the same for a devbox's file");
}

/* ---- connections that end while they are idle ---- */

static void once_each(struct exchange *exchange)
{
    if (exchange->of_connection == 0) say(exchange, strstr(exchange->head, "PUT ") ? EMPTY("200 OK") : "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
}

static void idle_connections(void)
{
    runloop_object *object;
    runloop_bytes *bytes;
    int i;
    forget();
    storage.put = storage.get = once_each;
    for (i = 0; i < 2; i++) {
        if (i) OK(runloop_log_set(hear, NULL, RUNLOOP_LOG_DEBUG, E));
        OK(runloop_object_upload_from_text(client, "x", "abc", NULL, NULL, &object, E));
        runloop_object_free(object);
    }
    CHECK_INT(counted(&storage.puts), 3);
    EVENTUALLY(times_heard("PUT of the content of obj_1: attempt 1 failed (sent), again in 0 ms"));
    OK(runloop_object_from_id(client, "obj_1", &object, E));
    OK(runloop_object_download_as_bytes(object, NULL, NULL, &bytes, E));
    CHECK_BYTES(bytes, "abc", 3);
    EVENTUALLY(times_heard("GET of the content of obj_1: attempt 1 failed (sent), again in 0 ms"));
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    runloop_object_free(object);
    storage.put = take_all;
    group("a connection to a storage that ended while it was idle costs no pause");
}

/* ---- completions ---- */

static void lost(struct exchange *exchange)
{
    exchange->close = 1;
}

static void lost_first(struct exchange *exchange)
{
    if (exchange->nth < 2) exchange->close = 1;
    else say(exchange, JSON);
}

static void much_later(struct exchange *exchange)
{
    say(exchange, "HTTP/1.1 503 Unavailable\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n");
}

static void completions(void)
{
    static const struct {
        void (*complete)(struct exchange *);
        int retries, status, completes;
    } cases[] = {
        {lost_first, 2, RUNLOOP_OK, 3},   {lost, 2, RUNLOOP_BROKEN, 3},       {lost, -1, RUNLOOP_BROKEN, 1},
        {much_later, 2, RUNLOOP_SERVER, 1},
    };
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_object *object;
    size_t i;
    OK(runloop_object_from_id(client, "obj_1", &object, E));
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        forget();
        storage.complete = cases[i].complete;
        opts.max_retries = cases[i].retries;
        CHECK_STATUS(runloop_object_complete(object, &opts, NULL, E), cases[i].status);
        CHECK_INT(counted(&storage.completes), cases[i].completes);
        if (cases[i].status != RUNLOOP_OK) CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
        if (cases[i].complete == much_later) CHECK_INT(runloop_error_retry_after_ms(last_error()), 120000);
    }
    /* The pauses are within the call. */
    storage.complete = lost;
    opts.max_retries = 0;
    opts.deadline_ms = 1500;
    CHECK_STATUS(runloop_object_complete(object, &opts, NULL, E), RUNLOOP_DEADLINE);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
    CHECK_TEXT(runloop_error_resource_id(last_error()), "obj_1");
    CHECK(runloop_error_cause(last_error()) != NULL);
    runloop_object_free(object);
    storage.complete = NULL;
    group("a completion is repeated within the bounds of all requests");
}

/* ---- downloads that break off ---- */

enum { CONTENT = 300000 };
#define THEN "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
#define NOW "Date: Thu, 01 Jan 2026 00:00:01 GMT\r\n"

static char content[2][CONTENT], answered[CONTENT + 1000];

/* One answer after the other: what it says of the content, which content it is, whether it heeds a range, and after how many
 * bytes it breaks off. */
static struct giving {
    const char *headers;
    int content, ranges;
    size_t breaks_after;
} givings[4];

static void give(struct exchange *exchange)
{
    struct giving *giving = &givings[exchange->nth < 4 ? exchange->nth : 3];
    const char *range = strcasestr(exchange->head, "\r\nrange: bytes=");
    size_t from = range && giving->ranges ? strtoul(range + 15, NULL, 10) : 0, length = CONTENT - from, head;
    head = (size_t)sprintf(answered, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n", range && giving->ranges ? "206 Part" : "200 OK",
                           giving->headers, length);
    if (range && giving->ranges) head += (size_t)sprintf(answered + head, "Content-Range: bytes %zu-%d/%d\r\n", from, CONTENT - 1, CONTENT);
    head += (size_t)sprintf(answered + head, "\r\n");
    memcpy(answered + head, content[giving->content] + from, length);
    exchange->answer = answered;
    exchange->length = head + (giving->breaks_after ? giving->breaks_after : length);
    exchange->close = 1;
}

#define CHUNKED "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"

/* All comes, and its end does not; behind it there is nothing to give. */
static void without_its_end(struct exchange *exchange)
{
    static const char *const answers[] = {CHUNKED, "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */3\r\nContent-Length: 0\r\n\r\n",
                                          CHUNKED "0\r\n\r\n"};
    say(exchange, answers[exchange->nth < 3 ? exchange->nth : 2]);
    exchange->close = 1;
}

struct gathered {
    size_t length;
    char bytes[2 * CONTENT];
};

static int32_t gather(void *data, const char *bytes, size_t length)
{
    struct gathered *gathered = (struct gathered *)data;
    if (gathered->length + length > sizeof gathered->bytes) return 1;
    memcpy(gathered->bytes + gathered->length, bytes, length);
    gathered->length += length;
    return 0;
}

static void broken_downloads(void)
{
    static const struct {
        struct giving givings[3];
        int gets, ranged, function, content;
    } cases[] = {
        /* Nothing says which content it is: it begins anew, and what was given away is compared. */
        {{{"", 0, 1, 100000}, {"", 1, 1, 0}}, 2, 0, RUNLOOP_BROKEN, 1},
        {{{"", 0, 1, 100000}, {"", 0, 1, 50000}, {"", 0, 1, 0}}, 3, 0, RUNLOOP_OK, 0},
        {{{"ETag: W/\"1\"\r\n", 0, 1, 100000}, {"ETag: W/\"1\"\r\n", 1, 1, 0}}, 2, 0, RUNLOOP_BROKEN, 1},
        {{{THEN, 0, 1, 100000}, {THEN, 1, 1, 0}}, 2, 0, RUNLOOP_BROKEN, 1},
        /* A time of its last change, which is over, does. */
        {{{THEN NOW, 0, 1, 100000}, {NOW, 0, 1, 0}}, 2, 1, RUNLOOP_OK, 0},
        {{{THEN NOW, 0, 1, 100000}, {"Last-Modified: Thu, 01 Jan 2026 00:00:02 GMT\r\n", 1, 0, 0}}, 2, 1, RUNLOOP_BROKEN, 1},
        /* A storage that gives parts only now and then. */
        {{{"ETag: \"1\"\r\n", 0, 1, 100000}, {"ETag: \"1\"\r\n", 0, 0, 40000}, {"ETag: \"1\"\r\n", 0, 1, 0}}, 3, 1, RUNLOOP_OK, 0},
        {{{"ETag: \"1\"\r\n", 0, 1, 100000}, {"ETag: \"1\"\r\n", 0, 0, 40000}, {"ETag: \"2\"\r\n", 1, 0, 0}}, 3, 1, RUNLOOP_BROKEN, 1},
    };
    const char *path = temporary("content");
    struct gathered *gathered = (struct gathered *)allocate(sizeof *gathered);
    runloop_sink sink = RUNLOOP_SINK_INIT;
    runloop_object *object;
    size_t i, length;
    char *whole;
    for (i = 0; i < 2 * CONTENT; i++) content[i / CONTENT][i % CONTENT] = (char)(i * 7 / 3 + i / 100003 * (i / CONTENT));
    CHECK(memcmp(content[0], content[1], 100000));
    OK(runloop_object_from_id(client, "obj_1", &object, E));
    storage.get = give;
    sink.write = gather;
    sink.user_data = gathered;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        memset(givings, 0, sizeof givings);
        memcpy(givings, cases[i].givings, sizeof cases[i].givings);
        forget();
        OK(runloop_object_download_to_file(object, path, NULL, NULL, E));
        whole = file_contents(path, &length);
        if (length != CONTENT || memcmp(whole, content[cases[i].content], CONTENT)) fail_at(__FILE__, __LINE__, "case %zu: not the content", i);
        free(whole);
        CHECK_INT(counted(&storage.gets), cases[i].gets);
        CHECK_INT(strcasestr(storage.last_get, "\r\nrange:") != NULL, cases[i].ranged);
        CHECK_INT(strcasestr(storage.last_get, "\r\nif-range:") != NULL, cases[i].ranged);
        CHECK(!unlink(path));
        forget();
        gathered->length = 0;
        CHECK_STATUS(runloop_object_download_to_sink(object, &sink, NULL, NULL, E), cases[i].function);
        if (cases[i].function == RUNLOOP_OK) {
            CHECK(gathered->length == CONTENT && !memcmp(gathered->bytes, content[cases[i].content], CONTENT));
        } else {
            CHECK(gathered->length == 100000 && !memcmp(gathered->bytes, content[0], 100000));
            CHECK_HAS(last_message(), "another content");
            CHECK_TEXT(runloop_error_resource_id(last_error()), "obj_1");
        }
    }
    storage.get = without_its_end;
    forget();
    gathered->length = 0;
    OK(runloop_object_download_to_sink(object, &sink, NULL, NULL, E));
    CHECK(gathered->length == 3 && !memcmp(gathered->bytes, "abc", 3));
    CHECK_INT(counted(&storage.gets), 3);
    runloop_object_free(object);
    free(gathered);
    group("a download that broke off goes on in the same content alone");
}

int main(void)
{
    begin("test_storage");
    large = (char *)allocate(LARGE);
    memset(large, 'x', LARGE);
    storage_start();
    client = new_client(storage.url);
    put_answers();
    devbox_uploads();
    idle_connections();
    completions();
    broken_downloads();
    conditional_puts();
    runloop_client_free(client);
    storage_stop();
    free(large);
    return finish();
}
