/* Files into and out of a devbox: memory, paths, descriptors, functions. */

#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BIG = 20 << 20 };

static runloop_client *client;
static runloop_devbox *devbox;
static char *big;

/* Bytes that are no text, do not repeat soon, and hold every value. */
static void fill(char *data, size_t length)
{
    uint32_t state = 12345;
    size_t i;
    for (i = 0; i < length; i++) {
        state = state * 1664525u + 1013904223u;
        data[i] = (char)(state >> 24);
    }
}

static void check_sum(const char *path, const char *name)
{
    char command[256], local[256];
    runloop_bytes *out;
    FILE *sum;
    snprintf(command, sizeof command, "sha256sum <%s", path);
    CHECK_INT(run(devbox, command, &out, NULL), 0);
    snprintf(command, sizeof command, "sha256sum <'%s'", name);
    CHECK((sum = popen(command, "r")) != NULL);
    CHECK(fgets(local, sizeof local, sum) != NULL);
    pclose(sum);
    CHECK_OUTPUT(out, local);
}

static void check_file(const char *name, const void *data, size_t length)
{
    size_t count;
    char *contents = file_contents(name, &count);
    CHECK(contents != NULL);
    CHECK_INT(count, length);
    CHECK(!memcmp(contents, data, length));
    free(contents);
}

static void write_local(const char *name, const void *data, size_t length)
{
    FILE *file = fopen(name, "wb");
    CHECK(file != NULL && fwrite(data, 1, length, file) == length && !fclose(file));
}

/* ---- text ---- */

static void text(void)
{
    static const char words[] = "first line\n\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80 'quoted' \"twice\" $HOME `x` \\ \r\n\ttab\n\nlast, without a line feed";
    runloop_bytes *contents;
    OK(runloop_devbox_write_file(devbox, "notes.txt", words, sizeof words - 1, NULL, E));
    OK(runloop_devbox_read_file(devbox, "notes.txt", NULL, &contents, E));
    CHECK_BYTES(contents, words, sizeof words - 1);
    /* It is replaced, not added to; a relative path is relative to the home directory. */
    OK(runloop_devbox_write_file(devbox, "notes.txt", "short", 5, NULL, E));
    CHECK_INT(run(devbox, "cat ~/notes.txt; pwd | grep -q ^/", &contents, NULL), 0);
    CHECK_OUTPUT(contents, "short");
    OK(runloop_devbox_write_file(devbox, "a b/c'd/\xc3\xbc.txt", "x", 1, NULL, E));
    OK(runloop_devbox_read_file(devbox, "a b/c'd/\xc3\xbc.txt", NULL, &contents, E));
    CHECK_OUTPUT(contents, "x");
    OK(runloop_devbox_write_file(devbox, "empty", NULL, 0, NULL, E));
    OK(runloop_devbox_read_file(devbox, "empty", NULL, &contents, E));
    CHECK_OUTPUT(contents, "");
    group("text, empty files, odd names");
}

static void binary_by_write(void)
{
    static const char nul[] = "a\0b\0";
    char all[256];
    runloop_bytes *contents;
    int i;
    for (i = 0; i < 256; i++) all[i] = (char)i;
    OK(runloop_devbox_write_file(devbox, "all.bin", all, sizeof all, NULL, E));
    OK(runloop_devbox_download_file(devbox, "all.bin", NULL, NULL, &contents, E));
    CHECK_BYTES(contents, all, sizeof all);
    OK(runloop_devbox_write_file(devbox, "nul.bin", nul, 4, NULL, E));
    OK(runloop_devbox_read_file(devbox, "nul.bin", NULL, &contents, E));
    CHECK_BYTES(contents, nul, 4);
    group("bytes that are no text");
}

/* ---- transfers ---- */

static void upload(const char *path, const runloop_source *source)
{
    OK(runloop_devbox_upload_file(devbox, path, source, NULL, E));
}

static int64_t read_big(void *user_data, char *buffer, size_t capacity)
{
    size_t *at = (size_t *)user_data, count = BIG - *at;
    if (count > capacity) count = capacity;
    if (count > 70001) count = 70001; /* less than it could */
    memcpy(buffer, big + *at, count);
    *at += count;
    return (int64_t)count;
}

static void uploads(void)
{
    runloop_source source = RUNLOOP_SOURCE_INIT;
    const char *name = temporary("big");
    size_t at = 0;
    int fd;
    write_local(name, big, BIG);

    source.data = big;
    source.length = BIG;
    upload("memory", &source);
    check_sum("memory", name);

    source = (runloop_source)RUNLOOP_SOURCE_INIT;
    source.path = name;
    upload("up/path", &source);
    check_sum("up/path", name);

    source = (runloop_source)RUNLOOP_SOURCE_INIT;
    CHECK((fd = open(name, O_RDONLY)) >= 0);
    source.fd = fd;
    upload("descriptor", &source);
    check_sum("descriptor", name);
    CHECK_INT(lseek(fd, 0, SEEK_CUR), BIG); /* still ours, and read to its end */
    close(fd);

    source = (runloop_source)RUNLOOP_SOURCE_INIT;
    source.read = read_big;
    source.user_data = &at;
    source.length = BIG;
    upload("function", &source);
    check_sum("function", name);
    at = 0;
    source.length = BIG - 1;
    CHECK_STATUS(runloop_devbox_upload_file(devbox, "part", &source, NULL, E), RUNLOOP_LOCAL_IO);
    CHECK_INT(run(devbox, "test ! -e part", NULL, NULL), 0);
    at = 0;
    source.length = -1;
    upload("function2", &source);
    check_sum("function2", name);

    source = (runloop_source)RUNLOOP_SOURCE_INIT;
    source.data = "";
    source.length = 0;
    upload("nothing", &source);
    CHECK_INT(run(devbox, "test -f nothing && test ! -s nothing", NULL, NULL), 0);

    /* From a pipe, whose length nobody knows. */
    {
        int ends[2];
        CHECK(!pipe(ends));
        CHECK(write(ends[1], "from a pipe", 11) == 11);
        close(ends[1]);
        source = (runloop_source)RUNLOOP_SOURCE_INIT;
        source.fd = ends[0];
        upload("piped", &source);
        close(ends[0]);
        CHECK_INT(run(devbox, "test \"$(cat piped)\" = 'from a pipe'", NULL, NULL), 0);
    }
    group("20 MB up, from memory, path, descriptor, function; a pipe; nothing");
}

struct taker {
    size_t at, stop_at;
};

static int32_t take(void *user_data, const char *data, size_t length)
{
    struct taker *taker = (struct taker *)user_data;
    CHECK(length > 0 && taker->at + length <= BIG && !memcmp(big + taker->at, data, length));
    taker->at += length;
    return taker->stop_at && taker->at >= taker->stop_at;
}

static void downloads(void)
{
    runloop_sink sink = RUNLOOP_SINK_INIT;
    struct taker taker = {0, 0};
    runloop_bytes *contents = (runloop_bytes *)1;
    const char *name = temporary("down");
    int fd;

    OK(runloop_devbox_download_file(devbox, "memory", NULL, NULL, &contents, E));
    CHECK_BYTES(contents, big, BIG);

    sink.path = name;
    OK(runloop_devbox_download_file(devbox, "memory", &sink, NULL, NULL, E));
    check_file(name, big, BIG);
    /* What was there is replaced. */
    OK(runloop_devbox_download_file(devbox, "nothing", &sink, NULL, NULL, E));
    check_file(name, "", 0);

    sink = (runloop_sink)RUNLOOP_SINK_INIT;
    CHECK((fd = open(name, O_RDWR | O_TRUNC)) >= 0);
    CHECK(write(fd, "before", 6) == 6);
    sink.fd = fd;
    OK(runloop_devbox_download_file(devbox, "all.bin", &sink, NULL, NULL, E));
    CHECK_INT(lseek(fd, 0, SEEK_CUR), 6 + 256);
    close(fd);

    sink = (runloop_sink)RUNLOOP_SINK_INIT;
    sink.write = take;
    sink.user_data = &taker;
    OK(runloop_devbox_download_file(devbox, "up/path", &sink, NULL, NULL, E));
    CHECK_INT(taker.at, BIG);

    taker.at = 0;
    taker.stop_at = 1 << 20;
    CHECK_STATUS(runloop_devbox_download_file(devbox, "up/path", &sink, NULL, NULL, E), RUNLOOP_STOPPED);
    CHECK(taker.at < BIG);
    group("20 MB down, to memory, path, descriptor, function");
}

/* ---- progress ---- */

struct meter {
    int64_t done, total, stop_at;
    int calls;
};

static struct meter meter;

static int32_t measure(void *user_data, int64_t done, int64_t total)
{
    struct meter *m = (struct meter *)user_data;
    CHECK(done >= m->done);
    m->done = done;
    m->total = total;
    m->calls++;
    return m->stop_at && done >= m->stop_at;
}

static void progress(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    const char *name = temporary("stopped");
    options.progress = measure;
    options.progress_data = &meter;
    source.data = big;
    source.length = BIG;
    OK(runloop_devbox_upload_file(devbox, "measured", &source, &options, E));
    CHECK(meter.calls > 2 && meter.done >= BIG && meter.total == meter.done);
    memset(&meter, 0, sizeof meter);
    sink.path = name;
    OK(runloop_devbox_download_file(devbox, "measured", &sink, &options, NULL, E));
    CHECK(meter.calls > 2 && meter.done == BIG && (meter.total == BIG || meter.total == -1));
    unlink(name);

    memset(&meter, 0, sizeof meter);
    meter.stop_at = 1 << 20;
    CHECK_STATUS(runloop_devbox_download_file(devbox, "measured", &sink, &options, NULL, E), RUNLOOP_STOPPED);
    CHECK(access(name, F_OK) != 0);
    memset(&meter, 0, sizeof meter);
    meter.stop_at = 1 << 20;
    CHECK_STATUS(runloop_devbox_upload_file(devbox, "stopped", &source, &options, E), RUNLOOP_STOPPED);
    CHECK(meter.done < BIG);
    group("progress, and how it stops a transfer");
}

/* ---- what goes wrong ---- */

static int64_t fails_half_way(void *user_data, char *buffer, size_t capacity)
{
    int *calls = (int *)user_data;
    if ((*calls)++ == 3) return -1;
    memset(buffer, 'x', capacity);
    return (int64_t)capacity;
}

static int32_t count(void *user_data, const char *data, size_t length)
{
    (void)data;
    *(size_t *)user_data += length;
    return 0;
}

static int is_whole_or_absent(const char *path)
{
    char command[128];
    snprintf(command, sizeof command, "! test -e %s || test \"$(cat %s)\" = before", path, path);
    return run(devbox, command, NULL, NULL) == 0;
}

static void failures(void)
{
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_bytes *contents = (runloop_bytes *)1;
    const char *name = temporary("kept");
    int calls = 0;

    CHECK_STATUS(runloop_devbox_read_file(devbox, "no/such/file", NULL, &contents, E), RUNLOOP_NOT_FOUND);
    CHECK(contents == NULL);
    CHECK_HAS(last_message(), "no/such/file");
    CHECK_TEXT(runloop_error_resource_id(last_error()), runloop_devbox_id(devbox));
    CHECK_STATUS(runloop_devbox_download_file(devbox, "no/such/file", NULL, NULL, &contents, E), RUNLOOP_NOT_FOUND);
    CHECK_HAS(last_message(), "no/such/file");
    CHECK(runloop_devbox_read_file(devbox, "/tmp", NULL, &contents, E) != RUNLOOP_OK);
    CHECK(runloop_devbox_write_file(devbox, "/proc/nope/x", "x", 1, NULL, E) != RUNLOOP_OK);
    CHECK_HAS(last_message(), "/proc/nope/x");

    source.path = "/no/such/local/file";
    journal_clear();
    CHECK_STATUS(runloop_devbox_upload_file(devbox, "x", &source, NULL, E), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), "/no/such/local/file");
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_NONE);
    source.path = "/tmp"; /* a directory */
    CHECK_STATUS(runloop_devbox_upload_file(devbox, "x", &source, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "/tmp is a directory");
    CHECK_INT(journal_count(NULL), 0);
    sink.path = "/no/such/local/folder/file";
    CHECK_STATUS(runloop_devbox_download_file(devbox, "all.bin", &sink, NULL, NULL, E), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), "/no/such/local/folder/file");

    /* A source that gives up. */
    CHECK_INT(run(devbox, "printf before >target", NULL, NULL), 0);
    source = (runloop_source)RUNLOOP_SOURCE_INIT;
    source.read = fails_half_way;
    source.user_data = &calls;
    source.length = -1;
    CHECK_STATUS(runloop_devbox_upload_file(devbox, "target", &source, NULL, E), RUNLOOP_STOPPED);
    CHECK(is_whole_or_absent("target"));
    /* A source that ends before the length that it was said to have. */
    source = (runloop_source)RUNLOOP_SOURCE_INIT;
    {
        size_t at = BIG - 1000;
        source.read = read_big;
        source.user_data = &at;
        source.length = BIG;
        CHECK_STATUS(runloop_devbox_upload_file(devbox, "target", &source, NULL, E), RUNLOOP_LOCAL_IO);
    }
    CHECK(is_whole_or_absent("target"));

    /* A download that breaks leaves what was there, and no piece of its own. */
    write_local(name, "before", 6);
    sink.path = name;
    fault("devboxes.download_file", 0, 0, "{\"type\":\"cut\",\"after_bytes\":5000000,\"how\":\"reset\"}");
    CHECK_STATUS(runloop_devbox_download_file(devbox, "memory", &sink, NULL, NULL, E), RUNLOOP_BROKEN);
    faults_clear();
    fault("devboxes.download_file", 0, 0, "{\"type\":\"cut\",\"after_bytes\":5000000,\"how\":\"truncate\"}");
    CHECK_STATUS(runloop_devbox_download_file(devbox, "memory", NULL, NULL, &contents, E), RUNLOOP_BROKEN);
    CHECK(contents == NULL);
    faults_clear();
    /* Once: fetched again, where that can be. */
    fault("devboxes.download_file", 0, 1, "{\"type\":\"cut\",\"after_bytes\":5000000,\"how\":\"reset\"}");
    OK(runloop_devbox_download_file(devbox, "memory", NULL, NULL, &contents, E));
    CHECK_BYTES(contents, big, BIG);
    CHECK_INT(faults_fired(), 1);
    faults_clear();
    fault("devboxes.download_file", 0, 1, "{\"type\":\"cut\",\"after_bytes\":5000000,\"how\":\"reset\"}");
    {
        runloop_sink counting = RUNLOOP_SINK_INIT;
        size_t taken = 0;
        counting.write = count;
        counting.user_data = &taken;
        CHECK_STATUS(runloop_devbox_download_file(devbox, "memory", &counting, NULL, NULL, E), RUNLOOP_BROKEN);
        CHECK(taken > 0 && taken <= 5000000);
        CHECK_HAS(last_message(), "had already been passed on");
    }
    faults_clear();
    /* One that stands still ends after timeout_ms, not after the whole time that it takes. */
    options.timeout_ms = 300;
    options.max_retries = 0;
    fault("devboxes.download_file", 0, 0, "{\"type\":\"stall_after\",\"after_bytes\":5000000}");
    CHECK_STATUS(runloop_devbox_download_file(devbox, "memory", &sink, &options, NULL, E), RUNLOOP_TIMEOUT);
    faults_clear();
    check_file(name, "before", 6);
    {
        char command[512];
        snprintf(command, sizeof command, "test \"$(ls -A \"$(dirname '%s')\" | grep -c kept)\" = 1", name);
        CHECK_INT(system(command), 0);
    }
    group("what goes wrong leaves what was there");
}

static void refused_for_a_moment(void)
{
    runloop_source source = RUNLOOP_SOURCE_INIT;
    const char *name = temporary("big");
    size_t at = 0;
    /* Nothing has been done yet: sent again, from the first byte. */
    fault("devboxes.upload_file", 0, 1, "{\"type\":\"status\",\"status\":503,\"headers\":{\"retry-after-ms\":\"20\"}}");
    source.path = name;
    upload("again", &source);
    CHECK_INT(faults_fired(), 1);
    faults_clear();
    check_sum("again", name);
    /* A function cannot give its bytes twice. */
    fault("devboxes.upload_file", 0, 1, "{\"type\":\"status\",\"status\":503,\"headers\":{\"retry-after-ms\":\"20\"}}");
    source = (runloop_source)RUNLOOP_SOURCE_INIT;
    source.read = read_big;
    source.user_data = &at;
    source.length = BIG;
    CHECK_STATUS(runloop_devbox_upload_file(devbox, "once", &source, NULL, E), RUNLOOP_SERVER);
    faults_clear();
    group("an upload that was refused for a moment");
}

int main(void)
{
    begin("test_files");
    big = (char *)allocate(BIG);
    fill(big, BIG);
    emulator_start(NULL);
    client = new_client(NULL);
    devbox = new_devbox(client);
    text();
    binary_by_write();
    uploads();
    downloads();
    progress();
    failures();
    refused_for_a_moment();
    shut_down_and_free(devbox);
    runloop_client_free(client);
    free(big);
    return finish();
}
