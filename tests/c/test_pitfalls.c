/* What other clients of such services have got wrong, where no other program here shows it; docs/pitfalls.md lists all. */

#include "scripted.h"
#include "sockets.h"

#include <pthread.h>

enum { THREADS = 16, COMMANDS = 200, CLIENTS = 1000, STREAMS = 1000, AT_A_TIME = 50 };

static runloop_devbox *devbox;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int next_number, numbers_end;

/* The next of the numbers that all threads share; -1 when there is none. */
static int take(void)
{
    int mine = -1;
    pthread_mutex_lock(&lock);
    if (next_number < numbers_end) mine = next_number++;
    pthread_mutex_unlock(&lock);
    return mine;
}

static void with_threads(int count, void *(*work)(void *))
{
    pthread_t threads[THREADS];
    int i;
    next_number = 0;
    numbers_end = count;
    for (i = 0; i < THREADS; i++) CHECK(!pthread_create(&threads[i], NULL, work, NULL));
    for (i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
}

/* ---- identifiers ---- */

static void *say_numbers(void *unused)
{
    int number;
    (void)unused;
    while ((number = take()) >= 0) {
        char command[64], expected[32];
        runloop_bytes *out;
        snprintf(command, sizeof command, "echo number %d", number);
        snprintf(expected, sizeof expected, "number %d\n", number);
        CHECK_INT(run(devbox, command, &out, NULL), 0);
        CHECK_OUTPUT(out, expected);
    }
    forget_error();
    return NULL;
}

static int compare(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void identifiers(void)
{
    static char *ids[COMMANDS];
    char *first, *second;
    int i;
    journal_clear();
    with_threads(COMMANDS, say_numbers);
    CHECK_INT(journal_count("devboxes.execute"), COMMANDS);
    for (i = 0; i < COMMANDS; i++) CHECK((ids[i] = journal_at("devboxes.execute", i, "/body/command_id")) != NULL);
    qsort(ids, COMMANDS, sizeof *ids, compare);
    for (i = 1; i < COMMANDS; i++) CHECK(strcmp(ids[i - 1], ids[i]));
    for (i = 0; i < COMMANDS; i++) free(ids[i]);
    /* An attempt that is refused for the moment is repeated as the same command. */
    journal_clear();
    fault("devboxes.execute", 0, 1, "{\"type\":\"status\",\"status\":429,\"headers\":{\"retry-after-ms\":\"20\"}}");
    CHECK_INT(run(devbox, "true", NULL, NULL), 0);
    faults_clear();
    CHECK_INT(journal_count("devboxes.execute"), 2);
    first = journal_at("devboxes.execute", 0, "/body/command_id");
    second = journal_at("devboxes.execute", 1, "/body/command_id");
    CHECK(first != NULL);
    CHECK_TEXT(second, first);
    free(first);
    free(second);
    group("200 commands: an identifier each, each its own output; a repetition keeps it");
}

/* ---- many clients, many streams ---- */

static runloop_devbox *handles[CLIENTS];

static void *ask_by_each(void *unused)
{
    int number;
    (void)unused;
    while ((number = take()) >= 0) {
        runloop_value *info;
        OK(runloop_devbox_get_info(handles[number], NULL, &info, E));
        runloop_value_free(info);
    }
    forget_error();
    return NULL;
}

static void many_clients(void)
{
    static runloop_client *clients[CLIENTS];
    int i;
    for (i = 0; i < CLIENTS; i++) {
        clients[i] = new_client(NULL);
        OK(runloop_devbox_attach(clients[i], runloop_devbox_id(devbox), &handles[i], E));
    }
    with_threads(CLIENTS, ask_by_each);
    /* All live, and share what is connected: no more than were in use at a time, and the harness's own. */
    CHECK(sockets() <= 4 * THREADS);
    for (i = 0; i < CLIENTS; i++) {
        runloop_devbox_free(handles[i]);
        runloop_client_free(clients[i]);
    }
    group("1,000 clients with a call each share their connections");
}

static void abandoned_streams(void)
{
    runloop_output_stream *streams[AT_A_TIME];
    runloop_execution *execution;
    const char *data;
    size_t length;
    int32_t from;
    int i, begun, before;
    OK(runloop_devbox_exec_async(devbox, "echo ready; exec sleep 987", NULL, NULL, &execution, E));
    before = sockets();
    for (begun = 0; begun < STREAMS; begun += AT_A_TIME) {
        for (i = 0; i < AT_A_TIME; i++) {
            OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &streams[i], E));
            OK(runloop_output_stream_next(streams[i], NULL, &from, &data, &length, E));
            CHECK(length == 6 && !memcmp(data, "ready\n", 6));
        }
        /* In the midst of what they wait for. */
        for (i = 0; i < AT_A_TIME; i++) runloop_output_stream_free(streams[i]);
    }
    CHECK_INT(runloop_live_handles("output_stream"), 0);
    EVENTUALLY(sockets() <= before + 1);
    OK(runloop_execution_kill(execution, 1, NULL, E));
    runloop_execution_free(execution);
    group("1,000 streams that are left before their end leave no descriptor");
}

/* ---- an upload that the service has waited for too long ---- */

static void idle_body(void)
{
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_bytes *contents;
    static char content[100000];
    memset(content, 'x', sizeof content);
    source.data = content;
    source.length = sizeof content;
    journal_clear();
    fault("devboxes.upload_file", 0, 1,
          "{\"type\":\"status\",\"status\":408,\"body\":\"{\\\"message\\\":\\\"Request timed out waiting for request data\\\"}\"}");
    OK(runloop_devbox_upload_file(devbox, "idle", &source, NULL, E));
    faults_clear();
    CHECK_INT(journal_count("devboxes.upload_file"), 2);
    OK(runloop_devbox_download_file(devbox, "idle", NULL, NULL, &contents, E));
    CHECK_BYTES(contents, content, sizeof content);
    group("an upload whose body came too slowly for the service is sent again once, whole");
}

/* ---- by a script ---- */

static void unknown_status(void)
{
    static const char strange[] = "{\"id\":\"dbx_1\",\"status\":\"rehearsing\"}", running[] = "{\"id\":\"dbx_1\",\"status\":\"running\"}";
    runloop_devbox *there;
    runloop_value *info;
    int i;
    scripted_start();
    OK(runloop_devbox_attach(client, "dbx_1", &there, E));
    for (i = 0; i < 3; i++) answer(strange);
    answer(running);
    OK(runloop_devbox_await_running(there, NULL, &info, E));
    check_answer(info, "/status", "running");
    CHECK_INT(script_requests(server), 4);
    runloop_devbox_free(there);
    for (i = 0; i < 3; i++) answer(strange);
    answer(running);
    OK(runloop_devbox_create(client, NULL, NULL, &there, E));
    CHECK_INT(script_requests(server), 8);
    /* The text itself is there for whoever knows it. */
    answer(strange);
    OK(runloop_devbox_get_info(there, NULL, &info, E));
    check_answer(info, "/status", "rehearsing");
    runloop_devbox_free(there);
    scripted_stop();
    group("a status that nobody knows is waited through");
}

/* "{}" in gzip, whole and without its end, where no encoding was asked for. */
static void encoded_answers(void)
{
    static const char head[] = "HTTP/1.1 %d Scripted\r\nContent-Type: %s\r\n%s-Encoding: gzip\r\nContent-Length: %d\r\nConnection: close\r\n\r\n";
    static const char packed[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00";
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_devbox *there;
    runloop_value *info;
    runloop_params *asks;
    runloop_bytes *bytes_of_answer;
    runloop_execution *execution;
    runloop_output_stream *stream;
    const char *data;
    size_t length_of_data;
    int32_t which;
    int cut, status, transfer;
    scripted_start();
    OK(runloop_devbox_attach(client, "dbx_1", &there, E));
    options.max_retries = -1;
#define PACKED(status, kind, transfer, length) do { \
        char bytes[512]; \
        int headers = snprintf(bytes, sizeof bytes, head, status, kind, transfer ? "Transfer" : "Content", length); \
        memcpy(bytes + headers, packed, length); \
        script_add_bytes(server, bytes, headers + length, SCRIPT_CLOSE); \
    } while (0)
    for (transfer = 0; transfer < 2; transfer++) {
        for (cut = 0; cut < 2; cut++) {
            PACKED(200, "application/json", transfer, (int)sizeof packed - 1 - (cut ? 9 : 0));
            CHECK_STATUS(runloop_devbox_get_info(there, &options, &info, E), RUNLOOP_PROTOCOL);
            CHECK(info == NULL);
            CHECK_HAS(last_message(), "encoded (gzip)");
            CHECK(runloop_error_body(last_error(), NULL) == NULL);
        }
        /* What an error says cannot be read, and its status can. */
        for (status = 400; status < 409; status += 4) {
            PACKED(status, "application/json", transfer, (int)sizeof packed - 1);
            CHECK_STATUS(runloop_devbox_get_info(there, &options, &info, E), status == 400 ? RUNLOOP_BAD_REQUEST : status == 404 ? RUNLOOP_NOT_FOUND : RUNLOOP_TIMEOUT);
            CHECK_HAS(last_message(), "encoded (gzip)");
            CHECK_INT(runloop_error_http_status(last_error()), status);
        }
        PACKED(200, "application/json", transfer, (int)sizeof packed - 1);
        CHECK_STATUS(runloop_client_request(client, "GET", "/v1/x", NULL, NULL, &options, NULL, NULL, NULL, &bytes_of_answer, E), RUNLOOP_PROTOCOL);
        CHECK_INT(runloop_error_http_status(last_error()), 200);
        CHECK_INT(runloop_error_attempts(last_error()), 1);
    }
    /* Whoever asks for an encoding gets it. */
    asks = params_of("{\"Accept-Encoding\":\"gzip\"}");
    options.extra_headers = asks;
    PACKED(200, "application/json", 0, (int)sizeof packed - 1);
    OK(runloop_client_request(client, "GET", "/v1/x", NULL, NULL, &options, NULL, NULL, NULL, &bytes_of_answer, E));
    CHECK_INT(runloop_bytes_length(bytes_of_answer), sizeof packed - 1);
    runloop_bytes_free(bytes_of_answer);
    runloop_params_free(asks);
    /* A stream of which nothing can be read does not end without a word. */
    OK(runloop_execution_attach(there, "exec_1", &execution, E));
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &stream, E));
    for (cut = 0; cut < 10; cut++) PACKED(200, "text/event-stream", 0, (int)sizeof packed - 1);
    CHECK_STATUS(runloop_output_stream_next(stream, NULL, &which, &data, &length_of_data, E), RUNLOOP_PROTOCOL);
    CHECK_HAS(last_message(), "encoded (gzip)");
    runloop_output_stream_free(stream);
    runloop_execution_free(execution);
    runloop_devbox_free(there);
    scripted_stop();
    group("an answer in gzip, whole or cut off, is an error and no content");
}

/* ---- a tunnel that is not ready ---- */

/* `http://8080-k3y.tunnel.localhost:PORT` leads to the script server too: a request through the tunnel would be counted. */
static void a_tunnel_that_is_not_ready(void)
{
    static const char with_tunnel[] = "{\"id\":\"dbx_1\",\"status\":\"running\",\"tunnel\":{\"tunnel_key\":\"k3y\",\"auth_mode\":\"open\"}}";
    static const char not_ready[] = "{\"code\":\"tunnel_service_not_ready\",\"message\":\"nothing listens on port 8080 yet\"}";
    runloop_call_options once = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_devbox *there;
    runloop_bytes *url;
    int i;
    once.max_retries = -1;
    scripted_start();
    OK(runloop_devbox_attach(client, "dbx_1", &there, E));
    /* Whether something listens there is not asked. */
    answer(with_tunnel);
    OK(runloop_devbox_get_tunnel_url(there, 8080, NULL, &url, E));
    CHECK(url != NULL);
    runloop_bytes_free(url);
    CHECK_INT(script_requests(server), 1);
    /* Where the service says so itself, it is a failure that may pass, and its code tells it from others. */
    for (i = 0; i < 3; i++) script_answer(server, 503, "retry-after-ms: 1\r\n", not_ready);
    answer(with_tunnel);
    OK(runloop_devbox_get_tunnel_url(there, 8080, NULL, &url, E));
    CHECK(url != NULL);
    runloop_bytes_free(url);
    CHECK_INT(script_requests(server), 5);
    script_answer(server, 503, "", not_ready);
    CHECK_STATUS(runloop_devbox_get_tunnel_url(there, 8080, &once, &url, E), RUNLOOP_SERVER);
    CHECK_TEXT(runloop_error_code(last_error()), "tunnel_service_not_ready");
    CHECK_INT(runloop_error_retryable(last_error()), 1);
    /* The failure of a service or a gateway has no such code. */
    script_answer(server, 502, "", "<html>tunnel_service_not_ready</html>");
    CHECK_STATUS(runloop_devbox_get_tunnel_url(there, 8080, &once, &url, E), RUNLOOP_SERVER);
    CHECK_INT(runloop_error_http_status(last_error()), 502);
    CHECK(runloop_error_code(last_error()) == NULL);
    CHECK_INT(script_requests(server), 7);
    runloop_devbox_free(there);
    scripted_stop();
    group("a tunnel's URL is given whatever listens there; a tunnel that is not ready is told from a service that fails");
}

/* ---- terminals ---- */

/* A client of the terminals' tunnel, which is given a token. */
static runloop_client *terminal_client(const char *key, const char *token)
{
    char url[256], authorization[256];
    runloop_config *config;
    runloop_client *made;
    snprintf(url, sizeof url, "%s/_tunnel/7000-%s", emulator_url(), key);
    snprintf(authorization, sizeof authorization, "Bearer %s", token);
    config = new_config(url);
    OK(runloop_config_add_header(config, "X-Runloop-Tunnel-Authorization", authorization, E));
    OK(runloop_client_new(config, &made, E));
    runloop_config_free(config);
    return made;
}

static runloop_value *terminal(runloop_client *of, const char *method, const char *path, const char *body)
{
    runloop_params *params = body ? params_of(body) : NULL;
    runloop_value *answered;
    OK(runloop_client_request(of, method, path, NULL, params, NULL, NULL, NULL, &answered, NULL, E));
    runloop_params_free(params);
    return answered;
}

static void terminals(void)
{
    runloop_value *tunnel, *session;
    runloop_client *to_terminals, *stranger;
    const char *key, *token;
    int32_t created;
    OK(runloop_devbox_create_pty_tunnel(devbox, NULL, &tunnel, E));
    OK(runloop_value_get_string(tunnel, "/tunnel_key", &key, NULL, E));
    OK(runloop_value_get_string(tunnel, "/auth_token", &token, NULL, E));
    to_terminals = terminal_client(key, token);
    session = terminal(to_terminals, "GET", "/pty/main", NULL);
    check_field(session, "/connect_url", "/pty/main/ws");
    OK(runloop_value_get_bool(session, "/created", &created, E));
    CHECK_INT(created, 1);
    runloop_value_free(session);
    /* The session stays for whoever asks for it by its name, and no other token leads to it. */
    session = terminal(to_terminals, "GET", "/pty/main", NULL);
    OK(runloop_value_get_bool(session, "/created", &created, E));
    CHECK_INT(created, 0);
    runloop_value_free(session);
    stranger = terminal_client(key, "another");
    CHECK_STATUS(runloop_client_request(stranger, "GET", "/pty/main", NULL, NULL, NULL, NULL, NULL, &session, NULL, E), RUNLOOP_AUTHENTICATION);
    runloop_client_free(stranger);
    runloop_value_free(terminal(to_terminals, "POST", "/pty/main/control", "{\"action\":\"close\"}"));
    session = terminal(to_terminals, "GET", "/pty/main", NULL);
    OK(runloop_value_get_bool(session, "/created", &created, E));
    CHECK_INT(created, 1);
    runloop_value_free(session);
    runloop_client_free(to_terminals);
    runloop_value_free(tunnel);
    group("the key and the token of a terminal's tunnel lead to the devbox's terminals");
}

int main(void)
{
    begin("test_pitfalls");
    emulator_start(NULL);
    client = new_client(NULL);
    devbox = new_devbox(client);
    identifiers();
    many_clients();
    abandoned_streams();
    idle_body();
    terminals();
    shut_down_and_free(devbox);
    runloop_client_free(client);
    unknown_status();
    encoded_answers();
    a_tunnel_that_is_not_ready();
    return finish();
}
