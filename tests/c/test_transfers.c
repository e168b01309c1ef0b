/* Contents of any size, up and down: whole or an error, whatever breaks on the way, and in little
 * memory. RUNLOOP_TEST_LARGE moves 5 GB instead of 200 MB. */

#include "harness.h"
#include "local_files.h"
#include "memory.h"
#include "object_server.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

enum { EDGE = 1 << 16 };

static object_server *server;
static runloop_client *client;
static runloop_object *uploaded(const char *path)
{
    runloop_object *object;
    OK(runloop_object_upload_from_file(client, path, NULL, NULL, &object, E));
    return object;
}

static void gone(runloop_object *object)
{
    OK(runloop_object_delete(object, NULL, NULL, E));
    runloop_object_free(object);
}

static void sizes(void)
{
    static const int64_t lengths[] = {0, 1, EDGE, (256 << 10) - 1, 256 << 10, (256 << 10) + 1, 5000000};
    const char *from = temporary("from"), *to = temporary("to");
    size_t i;
    for (i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        runloop_object *object;
        runloop_sink sink = RUNLOOP_SINK_INIT;
        make_file(from, lengths[i]);
        object = uploaded(from);
        CHECK(same_files(from, object_server_content(server, runloop_object_id(object))));
        OK(runloop_object_download_to_file(object, to, NULL, NULL, E));
        CHECK(same_files(from, to));
        unlink(to);
        sink.path = to;
        OK(runloop_object_download_to_sink(object, &sink, NULL, NULL, E));
        CHECK(same_files(from, to));
        gone(object);
    }
    CHECK_INT(parts_left(), 0);
    group("lengths around the edges");
}

struct taken {
    char *bytes;
    size_t length, room;
    int stop_after;
};

static int32_t take(void *data, const char *bytes, size_t length)
{
    struct taken *taken = (struct taken *)data;
    if (taken->length + length > taken->room) abort();
    memcpy(taken->bytes + taken->length, bytes, length);
    taken->length += length;
    return taken->stop_after && --taken->stop_after == 0;
}

static void to_everything(void)
{
    const char *from = temporary("from"), *to = temporary("to");
    runloop_object *object;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    struct taken taken = {(char *)allocate(4000000), 0, 4000000, 0};
    size_t length;
    char *whole;
    int fd;
    make_file(from, 3000000);
    whole = file_contents(from, &length);
    object = uploaded(from);
    sink.write = take;
    sink.user_data = &taken;
    OK(runloop_object_download_to_sink(object, &sink, NULL, NULL, E));
    CHECK(taken.length == length && !memcmp(taken.bytes, whole, length));
    taken.length = 0;
    taken.stop_after = 2;
    CHECK_STATUS(runloop_object_download_to_sink(object, &sink, NULL, NULL, E), RUNLOOP_STOPPED);
    CHECK(taken.length < length);
    taken.stop_after = 0;
    /* A descriptor is written from where it stands. */
    fd = open(to, O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK(write(fd, "before", 6) == 6);
    sink.write = NULL;
    sink.fd = fd;
    OK(runloop_object_download_to_sink(object, &sink, NULL, NULL, E));
    CHECK_INT(lseek(fd, 0, SEEK_CUR), (long long)length + 6);
    close(fd);
    {
        size_t all;
        char *written = file_contents(to, &all);
        CHECK(all == length + 6 && !memcmp(written, "before", 6) && !memcmp(written + 6, whole, length));
        free(written);
    }
    gone(object);
    free(taken.bytes);
    free(whole);
    group("to functions and descriptors");
}

static const struct {
    const char *name;
    enum object_fault kind;
} breaks[] = {{"reset", FAULT_RESET}, {"closed", FAULT_CLOSE}, {"silent", FAULT_STALL}};

static void going_on(void)
{
    const char *from = temporary("from"), *to = temporary("to");
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_object *object;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    struct taken taken = {(char *)allocate(4000000), 0, 4000000, 0};
    size_t i, length;
    char *whole, *head;
    make_file(from, 3000000);
    whole = file_contents(from, &length);
    object = uploaded(from);
    for (i = 0; i < sizeof breaks / sizeof *breaks; i++) {
        int silent = breaks[i].kind == FAULT_STALL;
        /* On a busy machine a server that answers may be silent for a while too, which costs a further request. */
        opts.timeout_ms = silent ? 1000 : 60000;
        object_server_no_faults(server);
        object_server_forget_requests(server);
        object_server_fault(server, "get", 1, breaks[i].kind, 0, 1000000);
        object_server_fault(server, "get", 1, breaks[i].kind, 0, 0);
        object_server_fault(server, "get", 1, breaks[i].kind, 0, 500001);
        OK(runloop_object_download_to_file(object, to, NULL, &opts, E));
        CHECK(same_files(from, to));
        CHECK(silent ? object_server_requests(server, "get") >= 4 : object_server_requests(server, "get") == 4);
        /* A fresh URL each time. */
        CHECK_INT(object_server_requests(server, "download"), object_server_requests(server, "get"));
        head = object_server_head(server, "get");
        /* A reset takes what was still on its way with it. */
        CHECK_HAS(head, breaks[i].kind != FAULT_CLOSE ? "\r\nrange: bytes=" : "\r\nrange: bytes=1500001-\r\n");
        CHECK_HAS(head, "\r\nif-range: \"obj_");
        free(head);
        unlink(to);
    }
    /* Without tags it begins anew. */
    object_server_tags(server, 0);
    object_server_fault(server, "get", 1, FAULT_RESET, 0, 777777);
    OK(runloop_object_download_to_file(object, to, NULL, &opts, E));
    CHECK(same_files(from, to));
    object_server_tags(server, 1);
    /* A storage that gives no parts: what is here already is passed over. */
    object_server_ranges(server, 0);
    object_server_fault(server, "get", 1, FAULT_RESET, 0, 777777);
    sink.write = take;
    sink.user_data = &taken;
    OK(runloop_object_download_to_sink(object, &sink, NULL, &opts, E));
    CHECK(taken.length == length && !memcmp(taken.bytes, whole, length));
    /* And another content is not mixed with the first: a file begins anew, a function cannot. */
    object_server_ranges(server, 1);
    object_server_changing(server, 1);
    object_server_fault(server, "get", 1, FAULT_RESET, 0, 777777);
    unlink(to);
    OK(runloop_object_download_to_file(object, to, NULL, &opts, E));
    CHECK(same_files(from, to));
    object_server_fault(server, "get", 1, FAULT_RESET, 0, 777777);
    taken.length = 0;
    CHECK_STATUS(runloop_object_download_to_sink(object, &sink, NULL, &opts, E), RUNLOOP_BROKEN);
    CHECK(taken.length > 0 && taken.length <= 777777);
    object_server_changing(server, 0);

    /* In vain: an error, and no file. */
    unlink(to);
    opts.max_retries = 2;
    object_server_fault(server, "get", 1, FAULT_CLOSE, 0, 1000);
    object_server_fault(server, "get", 1000, FAULT_RESET, 0, 0);
    CHECK_STATUS(runloop_object_download_to_file(object, to, NULL, &opts, E), RUNLOOP_BROKEN);
    CHECK_HAS(last_message(), "1000 bytes");
    CHECK_TEXT(runloop_error_resource_id(last_error()), runloop_object_id(object));
    check_no_secret(SIGNATURE);
    CHECK(!exists(to));
    object_server_no_faults(server);
    object_server_fault(server, "get", 1, FAULT_STATUS, 404, 0);
    CHECK_STATUS(runloop_object_download_to_file(object, to, NULL, &opts, E), RUNLOOP_NOT_FOUND);
    CHECK(!exists(to));
    CHECK_INT(parts_left(), 0);
    /* What had the name before stays until the new is whole. */
    make_file(to, 10);
    object_server_fault(server, "get", 1, FAULT_STATUS, 403, 0);
    CHECK_STATUS(runloop_object_download_to_file(object, to, NULL, &opts, E), RUNLOOP_PERMISSION);
    CHECK(exists(to) && !same_files(from, to));
    OK(runloop_object_download_to_file(object, to, NULL, &opts, E));
    CHECK(same_files(from, to));
    CHECK_STATUS(runloop_object_download_to_file(object, "/nowhere/at/all", NULL, &opts, E), RUNLOOP_LOCAL_IO);
    CHECK_STATUS(runloop_object_download_to_file(object, "/tmp", NULL, &opts, E), RUNLOOP_INVALID_ARGUMENT);
    gone(object);
    free(whole);
    free(taken.bytes);
    group("a download goes on where it broke off, and lands whole or not at all");
}

static void sent_again(void)
{
    const char *from = temporary("from");
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_object *object;
    size_t i;
    make_file(from, 3000000);
    for (i = 0; i < sizeof breaks / sizeof *breaks; i++) {
        int silent = breaks[i].kind == FAULT_STALL;
        /* On a busy machine a server that answers may be silent for a while too, which costs a further request. */
        opts.timeout_ms = silent ? 1000 : 60000;
        object_server_forget_requests(server);
        object_server_fault(server, "put", 1, breaks[i].kind, 0, 1000000);
        OK(runloop_object_upload_from_file(client, from, NULL, &opts, &object, E));
        CHECK(same_files(from, object_server_content(server, runloop_object_id(object))));
        CHECK_INT(object_server_requests(server, "put"), 2);
        CHECK_INT(object_server_requests(server, "create"), 1);
        gone(object);
    }
    object_server_no_faults(server);
    object_server_fault(server, "put", 1, FAULT_STATUS, 503, 1000);
    OK(runloop_object_upload_from_file(client, from, NULL, &opts, &object, E));
    gone(object);
    group("an upload that broke is sent again, whole");
}

struct watched {
    int64_t last, total, stop_at;
    int calls;
    runloop_cancel *cancel;
};

static int32_t watch(void *data, int64_t done, int64_t total)
{
    struct watched *watched = (struct watched *)data;
    CHECK(done >= watched->last);
    watched->last = done;
    watched->total = total;
    watched->calls++;
    if (watched->cancel && done > 1000000) OK(runloop_cancel_trigger(watched->cancel, E));
    return watched->stop_at && done >= watched->stop_at;
}

static void progress_and_ends(void)
{
    const char *from = temporary("from"), *to = temporary("to");
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    struct watched watched;
    runloop_object *object, *none;
    int64_t length = 20000000;
    make_file(from, length);
    memset(&watched, 0, sizeof watched);
    opts.progress = watch;
    opts.progress_data = &watched;
    OK(runloop_object_upload_from_file(client, from, NULL, &opts, &object, E));
    CHECK_INT(watched.last, length);
    CHECK_INT(watched.total, length);
    CHECK(watched.calls > 10);
    memset(&watched, 0, sizeof watched);
    /* Through a break too: the total is the content's, not that of the rest. */
    object_server_fault(server, "get", 1, FAULT_RESET, 0, 5000000);
    OK(runloop_object_download_to_file(object, to, NULL, &opts, E));
    CHECK_INT(watched.last, length);
    CHECK_INT(watched.total, length);

    memset(&watched, 0, sizeof watched);
    watched.stop_at = 5000000;
    unlink(to);
    CHECK_STATUS(runloop_object_download_to_file(object, to, NULL, &opts, E), RUNLOOP_STOPPED);
    CHECK(watched.last < length && !exists(to));
    memset(&watched, 0, sizeof watched);
    watched.stop_at = 5000000;
    CHECK_STATUS(runloop_object_upload_from_file(client, from, NULL, &opts, &none, E), RUNLOOP_STOPPED);
    CHECK(none == NULL);

    /* Cancelled in the middle, and on a connection that has fallen silent. */
    memset(&watched, 0, sizeof watched);
    OK(runloop_cancel_new(&watched.cancel, E));
    opts.cancel = watched.cancel;
    CHECK_STATUS(runloop_object_download_to_file(object, to, NULL, &opts, E), RUNLOOP_CANCELLED);
    CHECK(!exists(to));
    runloop_cancel_free(watched.cancel);
    opts.cancel = NULL;
    opts.progress = NULL;
    opts.deadline_ms = 300;
    object_server_fault(server, "get", 1, FAULT_STALL, 0, 5000000);
    CHECK_STATUS(runloop_object_download_to_file(object, to, NULL, &opts, E), RUNLOOP_DEADLINE);
    CHECK(!exists(to));
    CHECK_INT(parts_left(), 0);
    gone(object);
    EVENTUALLY(object_server_count(server, "UPLOADING") == 0);
    group("progress with totals; stopped, cancelled, past a deadline");
}

static void in_little_memory(void)
{
    int64_t length = getenv("RUNLOOP_TEST_LARGE") ? (int64_t)5 << 30 : 200 << 20;
    const char *from = temporary("large"), *to = temporary("large-again");
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    runloop_object *object;
    runloop_client *with_emulator;
    runloop_devbox *devbox;
    long before;
    make_file(from, length);
    before = memory_baseline();
    object = uploaded(from);
    check_memory("an object from a file", before, 32);
    CHECK(same_files(from, object_server_content(server, runloop_object_id(object))));
    before = memory_baseline();
    OK(runloop_object_download_to_file(object, to, NULL, NULL, E));
    check_memory("an object to a file", before, 32);
    CHECK(same_files(from, to));
    unlink(to);
    gone(object);

    emulator_start(NULL);
    with_emulator = new_client(NULL);
    devbox = new_devbox(with_emulator);
    source.path = from;
    sink.path = to;
    before = memory_baseline();
    OK(runloop_devbox_upload_file(devbox, "large", &source, NULL, E));
    check_memory("a devbox's file from a file", before, 32);
    before = memory_baseline();
    OK(runloop_devbox_download_file(devbox, "large", &sink, NULL, NULL, E));
    check_memory("a devbox's file to a file", before, 32);
    CHECK(same_files(from, to));
    shut_down_and_free(devbox);
    runloop_client_free(with_emulator);
    unlink(from);
    unlink(to);
    group("large contents in little memory");
}

int main(void)
{
    begin("test_transfers");
    server = object_server_start();
    client = new_client(object_server_url(server));
    /* The first, so that no memory that others have left behind hides what it takes. */
    in_little_memory();
    sizes();
    to_everything();
    going_on();
    sent_again();
    progress_and_ends();
    runloop_client_free(client);
    object_server_stop(server);
    return finish();
}
