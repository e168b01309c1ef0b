/* Storage objects: made, filled, completed, read, listed, deleted; and what is left where that fails. */

#include "harness.h"
#include "object_server.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

static object_server *server;
static runloop_client *client;

/* Everything that the library logs, to be searched for secrets. */
static char logged[1 << 20];
static size_t logged_length;
static pthread_mutex_t logging = PTHREAD_MUTEX_INITIALIZER;

static void note(void *data, int32_t level, const char *message)
{
    size_t length = strlen(message);
    (void)data;
    (void)level;
    pthread_mutex_lock(&logging);
    if (logged_length + length + 2 < sizeof logged) {
        memcpy(logged + logged_length, message, length);
        logged_length += length;
        logged[logged_length++] = '\n';
        logged[logged_length] = 0;
    }
    pthread_mutex_unlock(&logging);
}

static runloop_params *json(const char *text)
{
    runloop_params *params;
    OK(runloop_params_from_json(text, strlen(text), &params, E));
    return params;
}

static void check_member(runloop_object *object, const char *pointer, const char *expected)
{
    runloop_value *info;
    const char *text;
    OK(runloop_object_refresh(object, NULL, &info, E));
    OK(runloop_value_get_string(info, pointer, &text, NULL, E));
    CHECK_TEXT(text, expected);
    runloop_value_free(info);
}

static void check_content(runloop_object *object, const void *data, size_t length)
{
    runloop_bytes *bytes;
    OK(runloop_object_download_as_bytes(object, NULL, NULL, &bytes, E));
    CHECK_BYTES(bytes, data, length);
}

static void step_by_step(void)
{
    runloop_params *params = json("{\"name\":\"greeting.txt\",\"content_type\":\"text\",\"metadata\":{\"a\":\"\\u00e4\"},\"ttl_ms\":60000}");
    runloop_object *object, *again;
    runloop_source from = RUNLOOP_SOURCE_INIT;
    runloop_value *info, *context, *view;
    runloop_bytes *bytes;
    const char *text, *url;
    char *head;
    OK(runloop_object_create(client, params, NULL, &object, E));
    runloop_params_free(params);
    CHECK_HAS(runloop_object_id(object), "obj_");
    CHECK_HAS(url = runloop_object_upload_url(object), SIGNATURE);
    check_member(object, "/state", "UPLOADING");
    check_member(object, "/metadata/a", "\xc3\xa4");
    CHECK_STATUS(runloop_object_complete(object, NULL, NULL, E), RUNLOOP_BAD_REQUEST);
    CHECK_TEXT(runloop_error_resource_id(last_error()), runloop_object_id(object));
    from.data = "Hello";
    from.length = 5;
    OK(runloop_object_upload_content(object, &from, NULL, E));
    OK(runloop_object_complete(object, NULL, &info, E));
    OK(runloop_value_get_string(info, "/state", &text, NULL, E));
    CHECK_TEXT(text, "READ_ONLY");
    runloop_value_free(info);
    CHECK(runloop_object_upload_url(object) == NULL);
    CHECK_HAS(url, SIGNATURE); /* still borrowed */
    CHECK_STATUS(runloop_object_upload_content(object, &from, NULL, E), RUNLOOP_WRONG_STATE);

    /* What went to the storage: the headers that were asked for, and nothing of the API's. */
    head = object_server_head(server, "put");
    CHECK_HAS(head, "\r\nx-ms-blob-type: BlockBlob\r\n");
    CHECK_HAS(head, "\r\ncontent-length: 5\r\n");
    CHECK_HAS_NOT(head, "uthorization");
    CHECK_HAS_NOT(head, "librunloop");
    CHECK_HAS_NOT(head, "x-request-id");
    CHECK_HAS_NOT(head, "ookie");
    CHECK_HAS_NOT(head, "ransfer-encoding");
    CHECK_HAS_NOT(head, "ontent-type");
    free(head);

    check_content(object, "Hello", 5);
    head = object_server_head(server, "get");
    CHECK_HAS_NOT(head, "uthorization");
    CHECK_HAS_NOT(head, "ange:");
    free(head);
    OK(runloop_object_download_as_text(object, NULL, NULL, &bytes, E));
    CHECK_OUTPUT(bytes, "Hello");
    params = json("{\"duration_seconds\":77}");
    OK(runloop_object_get_download_url(object, params, NULL, &view, E));
    OK(runloop_value_get_string(view, "/download_url", &text, NULL, E));
    CHECK_HAS(text, SIGNATURE);
    runloop_value_free(view);
    runloop_params_free(params);
    head = object_server_head(server, "download");
    CHECK_HAS(head, "/download?duration_seconds=77 HTTP");
    free(head);

    OK(runloop_object_as_build_context(object, &context, E));
    OK(runloop_value_get_string(context, "/object_id", &text, NULL, E));
    CHECK_TEXT(text, runloop_object_id(object));
    OK(runloop_value_get_string(context, "/type", &text, NULL, E));
    CHECK_TEXT(text, "object");
    OK(runloop_params_new(&params, E));
    OK(runloop_params_set_json(params, "/build_context", runloop_value_json(context, NULL), E));
    runloop_params_free(params);
    runloop_value_free(context);

    OK(runloop_object_from_id(client, runloop_object_id(object), &again, E));
    CHECK(runloop_object_upload_url(again) == NULL);
    check_content(again, "Hello", 5);
    OK(runloop_object_delete(again, NULL, NULL, E));
    CHECK_STATUS(runloop_object_download_as_bytes(again, NULL, NULL, &bytes, E), RUNLOOP_BAD_REQUEST);
    CHECK(bytes == NULL);
    runloop_object_free(again);
    runloop_object_free(object);
    CHECK_INT(object_server_count(server, NULL), 0);
    group("an object, step by step");
}

static int64_t give_numbers(void *data, char *buffer, size_t capacity)
{
    int *left = (int *)data;
    if (!*left) return 0;
    if (capacity > 1000) capacity = 1000;
    memset(buffer, 'a' + *left % 26, capacity);
    --*left;
    return (int64_t)capacity;
}

static void write_file(const char *path, const char *contents)
{
    FILE *file = fopen(path, "wb");
    CHECK(file && fwrite(contents, 1, strlen(contents), file) == strlen(contents) && !fclose(file));
}

static void from_everything(void)
{
    const char binary[] = "\0\xff\r\n\0end";
    runloop_object *object;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_params *params = json("{\"name\":\"other\",\"content_type\":\"binary\",\"metadata\":{\"k\":\"v\"},\"ttl_ms\":null}");
    runloop_bytes *bytes;
    int ends[2], left = 7000, fd;
    OK(runloop_object_upload_from_text(client, "a.md", "T\xc3\xa4xt", NULL, NULL, &object, E));
    check_member(object, "/name", "a.md");
    check_member(object, "/content_type", "text");
    check_member(object, "/state", "READ_ONLY");
    check_content(object, "T\xc3\xa4xt", 5);
    runloop_object_free(object);
    OK(runloop_object_upload_from_bytes(client, "b.TAR.gz", binary, sizeof binary, NULL, NULL, &object, E));
    check_member(object, "/content_type", "tgz");
    check_content(object, binary, sizeof binary);
    OK(runloop_object_download_as_text(object, NULL, NULL, &bytes, E));
    CHECK_BYTES(bytes, "\0\xef\xbf\xbd\r\n\0end", sizeof binary + 2);
    runloop_object_free(object);
    OK(runloop_object_upload_from_bytes(client, "empty", NULL, 0, NULL, NULL, &object, E));
    check_content(object, "", 0);
    check_member(object, "/content_type", "unspecified");
    runloop_object_free(object);

    write_file(temporary("page.html"), "<p>");
    OK(runloop_object_upload_from_file(client, temporary("page.html"), NULL, NULL, &object, E));
    check_member(object, "/name", "page.html");
    check_member(object, "/content_type", "text");
    check_content(object, "<p>", 3);
    runloop_object_free(object);
    OK(runloop_object_upload_from_file(client, temporary("page.html"), params, NULL, &object, E));
    check_member(object, "/name", "other");
    check_member(object, "/content_type", "binary");
    check_member(object, "/metadata/k", "v");
    runloop_object_free(object);

    /* Of unknown length: few bytes, and many. */
    CHECK(!pipe(ends));
    CHECK(write(ends[1], "piped", 5) == 5);
    close(ends[1]);
    source.fd = ends[0];
    OK(runloop_object_upload_from_source(client, "piped.txt", &source, NULL, NULL, &object, E));
    close(ends[0]);
    check_content(object, "piped", 5);
    runloop_object_free(object);
    source.fd = -1;
    source.read = give_numbers;
    source.user_data = &left;
    source.length = -1;
    OK(runloop_object_upload_from_source(client, "given", &source, NULL, NULL, &object, E));
    OK(runloop_object_download_as_bytes(object, NULL, NULL, &bytes, E));
    CHECK_INT(runloop_bytes_length(bytes), 7000 * 1000);
    CHECK_INT(runloop_bytes_data(bytes)[6999999], 'a' + 1);
    runloop_bytes_free(bytes);
    runloop_object_free(object);
    /* A descriptor is read from where it stands. */
    fd = open(temporary("page.html"), O_RDONLY);
    CHECK(lseek(fd, 1, SEEK_SET) == 1);
    source.read = NULL;
    source.length = 0;
    source.fd = fd;
    OK(runloop_object_upload_from_source(client, "rest", &source, NULL, NULL, &object, E));
    check_content(object, "p>", 2);
    runloop_object_free(object);
    close(fd);
    runloop_params_free(params);
    group("objects of texts, bytes, files, pipes, functions");
}

/* Whatever says it: the parameters, or extra_body, which replaces them. */
static void names_of_objects(void)
{
    static const char *const all[] = {"*", NULL};
    runloop_params *params = json("{\"name\":\"of-params.md\"}"), *extra = json("{\"name\":\"of-extra.json\"}");
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_tree_options tree = RUNLOOP_TREE_OPTIONS_INIT;
    runloop_object *object;
    options.extra_body = extra;
    OK(runloop_object_upload_from_bytes(client, "", "x", 1, NULL, &options, &object, E));
    check_member(object, "/name", "of-extra.json");
    check_member(object, "/content_type", "text");
    runloop_object_free(object);
    OK(runloop_object_upload_from_bytes(client, "b.tar", "x", 1, params, &options, &object, E));
    check_member(object, "/name", "of-extra.json");
    check_member(object, "/content_type", "text");
    runloop_object_free(object);
    /* A directory without a name that an object could take. */
    tree.ignore = all;
    CHECK_STATUS(runloop_object_upload_from_dir(client, "/", &tree, NULL, NULL, &object, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "/name");
    OK(runloop_object_upload_from_dir(client, "/", &tree, params, NULL, &object, E));
    check_member(object, "/name", "of-params.md");
    runloop_object_free(object);
    OK(runloop_object_upload_from_dir(client, "/", &tree, NULL, &options, &object, E));
    check_member(object, "/name", "of-extra.json");
    runloop_object_free(object);
    runloop_params_free(params);
    runloop_params_free(extra);
    group("what names an object");
}

static void lists(void)
{
    runloop_object_cursor *cursor;
    runloop_object *object;
    runloop_value *info;
    int wanted = object_server_count(server, NULL), found = 0, round;
    CHECK(wanted > 6); /* more than a page has */
    for (round = 0; round < 2; round++, found = 0) {
        runloop_params *params = round ? json("{\"name\":\"x y\",\"limit\":3}") : NULL;
        if (round) OK(runloop_object_list_public(client, params, &cursor, E));
        else OK(runloop_object_list(client, params, &cursor, E));
        runloop_params_free(params);
        for (;;) {
            OK(runloop_object_cursor_next(cursor, NULL, &object, &info, E));
            if (!object) break;
            CHECK(info != NULL);
            found++;
            runloop_value_free(info);
            if (!round) OK(runloop_object_delete(object, NULL, NULL, E));
            runloop_object_free(object);
        }
        runloop_object_cursor_free(cursor);
        CHECK_INT(found, round ? 0 : wanted);
    }
    {
        char *head = object_server_head(server, "list");
        CHECK_HAS(head, "GET /v1/objects/list_public?name=x%20y&limit=3 HTTP");
        free(head);
    }
    CHECK_INT(object_server_count(server, NULL), 0);
    group("lists, page after page");
}

static int stop_at_once(void *data, int64_t done, int64_t total)
{
    (void)data;
    (void)done;
    (void)total;
    return 1;
}

static int64_t fail_to_read(void *data, char *buffer, size_t capacity)
{
    (void)data;
    (void)buffer;
    (void)capacity;
    return -1;
}

/* What fails deletes what it began, and says which it was. */
static void nothing_is_left(void)
{
    static const struct {
        const char *operation;
        enum object_fault kind;
        int answer, status, unnamed;
    } cases[] = {
        {"put", FAULT_STATUS, 403, RUNLOOP_PERMISSION, 0},  {"put", FAULT_STATUS, 500, RUNLOOP_SERVER, 0},
        {"put", FAULT_RESET, 0, RUNLOOP_BROKEN, 0},         {"put", FAULT_CLOSE, 0, RUNLOOP_BROKEN, 0},
        {"put", FAULT_STALL, 0, RUNLOOP_TIMEOUT, 0},        {"complete", FAULT_STATUS, 400, RUNLOOP_BAD_REQUEST, 0},
        {"complete", FAULT_CLOSE, 0, RUNLOOP_BROKEN, 0},    {"create", FAULT_LOST, 0, RUNLOOP_BROKEN, 1},
        {"create", FAULT_STATUS, 400, RUNLOOP_BAD_REQUEST, 1},
    };
    size_t i, length = 3 << 20;
    char *data = (char *)allocate(length), *id;
    runloop_object *object;
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_cancel *cancel;
    int before;
    memset(data, 'x', length);
    opts.max_retries = -1;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        opts.timeout_ms = cases[i].kind == FAULT_STALL ? 400 : 60000;
        object_server_fault(server, cases[i].operation, 9, cases[i].kind, cases[i].answer, 1 << 20);
        CHECK_STATUS(runloop_object_upload_from_bytes(client, "doomed", data, length, NULL, &opts, &object, E), cases[i].status);
        CHECK(object == NULL);
        check_no_secret(SIGNATURE);
        if (!cases[i].unnamed) {
            CHECK_HAS(runloop_error_resource_id(last_error()), "obj_");
            CHECK_HAS(last_message(), runloop_error_resource_id(last_error()));
            CHECK_HAS(last_message(), "being deleted");
            CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_HAPPENED);
        }
        object_server_no_faults(server);
        EVENTUALLY(object_server_count(server, NULL) == 0);
    }
    CHECK_INT(runloop_error_http_status(last_error()), 400);

    opts.timeout_ms = 60000;
    /* A code that the storage gives is told; its words, which repeat the signature, are not. */
    object_server_fault(server, "put", 1, FAULT_STATUS, 403, 0);
    CHECK_STATUS(runloop_object_upload_from_bytes(client, "doomed", "x", 1, NULL, &opts, &object, E), RUNLOOP_PERMISSION);
    CHECK_TEXT(runloop_error_code(last_error()), "AsAsked");
    CHECK_HAS(last_message(), "expired");
    check_no_secret(SIGNATURE);

    /* Stopped and cancelled. */
    opts.progress = stop_at_once;
    CHECK_STATUS(runloop_object_upload_from_bytes(client, "doomed", data, length, NULL, &opts, &object, E), RUNLOOP_STOPPED);
    CHECK_HAS(last_message(), "being deleted");
    opts.progress = NULL;
    source.read = fail_to_read;
    source.length = 5;
    CHECK_STATUS(runloop_object_upload_from_source(client, "doomed", &source, NULL, &opts, &object, E), RUNLOOP_STOPPED);
    source.length = -1;
    before = object_server_requests(server, "create");
    CHECK_STATUS(runloop_object_upload_from_source(client, "doomed", &source, NULL, &opts, &object, E), RUNLOOP_STOPPED);
    CHECK_INT(object_server_requests(server, "create"), before); /* gathered before anything is created */
    OK(runloop_cancel_new(&cancel, E));
    OK(runloop_cancel_trigger(cancel, E));
    opts.cancel = cancel;
    CHECK_STATUS(runloop_object_upload_from_bytes(client, "doomed", data, length, NULL, &opts, &object, E), RUNLOOP_CANCELLED);
    CHECK_INT(object_server_requests(server, "create"), before);
    opts.cancel = NULL;
    runloop_cancel_free(cancel);
    EVENTUALLY(object_server_count(server, NULL) == 0);

    /* Past its deadline while the storage is silent. */
    object_server_fault(server, "put", 9, FAULT_STALL, 0, 1000);
    opts.timeout_ms = 0;
    opts.deadline_ms = 2000;
    CHECK_STATUS(runloop_object_upload_from_bytes(client, "doomed", data, length, NULL, &opts, &object, E), RUNLOOP_DEADLINE);
    CHECK_HAS(last_message(), "being deleted");
    opts.deadline_ms = 0;
    EVENTUALLY(object_server_count(server, NULL) == 0);
    object_server_no_faults(server);

    /* Kept where that is asked for, and named. */
    object_server_fault(server, "put", 1, FAULT_STATUS, 403, 0);
    opts.keep_on_failure = 1;
    CHECK_STATUS(runloop_object_upload_from_bytes(client, "kept", "x", 1, NULL, &opts, &object, E), RUNLOOP_PERMISSION);
    CHECK_INT(object_server_count(server, "UPLOADING"), 1);
    CHECK(runloop_error_retryable(last_error()) != RUNLOOP_RETRYABLE_YES);
    id = strdup(runloop_error_resource_id(last_error()));
    OK(runloop_object_from_id(client, id, &object, E));
    OK(runloop_object_delete(object, NULL, NULL, E));
    runloop_object_free(object);
    free(id);
    free(data);
    group("a failed upload leaves nothing, and names what it was");
}

static void broken_answers(void)
{
    runloop_object *object;
    runloop_bytes *bytes;
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    int before, left = 1;
    /* A completion whose answer is lost has happened all the same. */
    object_server_fault(server, "complete", 1, FAULT_LOST, 0, 0);
    OK(runloop_object_upload_from_text(client, "lost", "x", NULL, NULL, &object, E));
    check_member(object, "/state", "READ_ONLY");
    OK(runloop_object_delete(object, NULL, NULL, E));
    runloop_object_free(object);
    /* One that did not is asked for again. */
    object_server_fault(server, "complete", 1, FAULT_CLOSE, 0, 0);
    OK(runloop_object_upload_from_text(client, "again", "x", NULL, NULL, &object, E));
    check_member(object, "/state", "READ_ONLY");

    /* A redirect is not followed: neither there nor back. */
    object_server_redirect(server, 1);
    before = object_server_requests(server, "list");
    CHECK_STATUS(runloop_object_download_as_bytes(object, NULL, NULL, &bytes, E), RUNLOOP_API);
    CHECK_INT(runloop_error_http_status(last_error()), 307);
    CHECK_HAS(last_message(), "redirect");
    runloop_object_free(object);
    CHECK_STATUS(runloop_object_upload_from_text(client, "there", "x", NULL, NULL, &object, E), RUNLOOP_API);
    check_no_secret(SIGNATURE);
    CHECK_INT(object_server_requests(server, "list"), before);
    object_server_redirect(server, 0);
    EVENTUALLY(object_server_count(server, "UPLOADING") == 0);

    /* A length that was given wrong: nothing is passed off as whole. */
    opts.max_retries = -1;
    source.read = give_numbers;
    source.length = 1001;
    source.user_data = &left;
    CHECK_STATUS(runloop_object_upload_from_source(client, "short", &source, NULL, &opts, &object, E), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), "before the length");
    CHECK(object == NULL);
    EVENTUALLY(object_server_count(server, "UPLOADING") == 0);
    source.length = 1500;
    left = 3;
    CHECK_STATUS(runloop_object_upload_from_source(client, "long", &source, NULL, &opts, &object, E), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), "more than the 1500 bytes");
    CHECK(object == NULL);
    EVENTUALLY(object_server_count(server, "UPLOADING") == 0);
    left = 3;
    source.length = 3000;
    before = object_server_count(server, "READ_ONLY");
    OK(runloop_object_upload_from_source(client, "right", &source, NULL, &opts, &object, E));
    CHECK_INT(object_server_count(server, "READ_ONLY"), before + 1);
    runloop_object_free(object);
    group("lost answers, redirects, wrong lengths");
}

static void wrong_arguments(void)
{
    runloop_object *object = (runloop_object *)(void *)client;
    runloop_params *params = json("{\"name\":\"\"}");
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    runloop_bytes *bytes;
    CHECK_STATUS(runloop_object_from_id(client, "", &object, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK(object == NULL);
    CHECK_STATUS(runloop_object_from_id(client, NULL, &object, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_object_refresh(NULL, NULL, (runloop_value **)&bytes, E), RUNLOOP_INVALID_HANDLE);
    CHECK_STATUS(runloop_object_refresh((runloop_object *)(void *)client, NULL, (runloop_value **)&bytes, E), RUNLOOP_INVALID_HANDLE);
    CHECK_HAS(last_message(), "object");
    CHECK_STATUS(runloop_object_upload_from_text(client, "", "x", NULL, NULL, &object, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_object_upload_from_text(client, "a", "x", params, NULL, &object, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_object_upload_from_text(client, NULL, "x", NULL, NULL, &object, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_object_upload_from_text(client, "a", "\xff", NULL, NULL, &object, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_object_upload_from_bytes(client, "a", NULL, 1, NULL, NULL, &object, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_object_upload_from_source(client, "a", NULL, NULL, NULL, &object, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_object_upload_from_source(client, "a", &source, NULL, NULL, &object, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_object_upload_from_file(client, temporary("missing"), NULL, NULL, &object, E), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), "missing");
    CHECK_STATUS(runloop_object_upload_from_file(client, "/tmp", NULL, NULL, &object, E), RUNLOOP_INVALID_ARGUMENT);
    OK(runloop_object_from_id(client, "obj_0", &object, E));
    CHECK_STATUS(runloop_object_download_to_sink(object, NULL, NULL, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_object_download_to_sink(object, &sink, NULL, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_object_upload_content(object, NULL, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_object_as_build_context(object, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_INT(runloop_live_handles("object"), 1);
    runloop_object_free(object);
    runloop_object_free(NULL);
    runloop_object_cursor_free(NULL);
    CHECK(runloop_object_id(object) == NULL);
    CHECK(runloop_object_upload_url(NULL) == NULL);
    runloop_params_free(params);
    group("wrong arguments");
}

int main(void)
{
    begin("test_objects");
    OK(runloop_log_set(note, NULL, RUNLOOP_LOG_DEBUG, E));
    server = object_server_start();
    client = new_client(object_server_url(server));
    step_by_step();
    from_everything();
    names_of_objects();
    lists();
    nothing_is_left();
    broken_answers();
    wrong_arguments();
    runloop_client_free(client);
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    CHECK_HAS(logged, "PUT of the content of obj_");
    CHECK_HAS_NOT(logged, SIGNATURE);
    CHECK_HAS_NOT(logged, TOKEN);
    group("no signature and no token in the log");
    object_server_stop(server);
    return finish();
}
