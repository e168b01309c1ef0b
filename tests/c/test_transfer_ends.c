/* The caller's ends of transfers that fail: what can be put back is as it was before, so that the same call made again does
 * the same; of what cannot, `retryable` does not say YES. */

#include "local_files.h"
#include "object_server.h"
#include "scripted.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LARGE = 300000, BEFORE = 6 };

static const char unavailable[] = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
/* The connection ends within the content. */
static const char cut[] = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 100\r\nConnection: close\r\n\r\nthe first part";

static runloop_devbox *devbox;
static runloop_call_options once = RUNLOOP_CALL_OPTIONS_INIT;
static char *content;

static int retryable(void)
{
    return runloop_error_retryable(last_error());
}

/* A descriptor of a file that holds `length` bytes of the content, behind a beginning that has been read. */
static int regular(size_t length)
{
    int fd = open(temporary("source"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK(fd >= 0 && write(fd, "before", BEFORE) == BEFORE && write(fd, content, length) == (ssize_t)length);
    CHECK_INT(lseek(fd, BEFORE, SEEK_SET), BEFORE);
    return fd;
}

struct writing {
    int fd;
    size_t length;
};

static void *fill(void *data)
{
    struct writing *writing = (struct writing *)data;
    size_t done = 0;
    while (done < writing->length) {
        ssize_t count = write(writing->fd, content + done, writing->length - done);
        CHECK(count > 0);
        done += (size_t)count;
    }
    close(writing->fd);
    return NULL;
}

static int64_t gives(void *user_data, char *buffer, size_t capacity)
{
    size_t *left = (size_t *)user_data, count = *left < capacity ? *left : capacity;
    memcpy(buffer, content + LARGE - *left, count);
    *left -= count;
    return (int64_t)count;
}

static int32_t upload(const runloop_source *source)
{
    return runloop_devbox_upload_file(devbox, "/f", source, &once, E);
}

/* The body of the last request holds so many bytes of the content. */
static void check_whole(size_t length)
{
    const char *request = script_request(server, script_requests(server) - 1), *sent = strstr(request, "octet-stream\r\n\r\n");
    CHECK(sent != NULL);
    sent += strlen("octet-stream\r\n\r\n");
    CHECK_INT(strncmp(sent, content, length), 0);
    CHECK_INT(strncmp(sent + length, "\r\n--", 4), 0);
}

static void uploads(void)
{
    static const size_t lengths[] = {1000, LARGE};
    runloop_source source = RUNLOOP_SOURCE_INIT;
    size_t i, left = LARGE;
    for (i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        int fd = regular(lengths[i]);
        source = (runloop_source)RUNLOOP_SOURCE_INIT;
        source.fd = fd;
        script_add(server, unavailable, SCRIPT_CLOSE);
        CHECK_STATUS(upload(&source), RUNLOOP_SERVER);
        CHECK_INT(retryable(), RUNLOOP_RETRYABLE_YES);
        CHECK_INT(lseek(fd, 0, SEEK_CUR), BEFORE);
        /* Nothing is sent: it is read ahead all the same. */
        CHECK_STATUS(runloop_devbox_upload_file(devbox, "", &source, &once, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK_INT(lseek(fd, 0, SEEK_CUR), BEFORE);
        answer("{}");
        OK(upload(&source));
        check_whole(lengths[i]);
        CHECK_INT(lseek(fd, 0, SEEK_CUR), (long long)(BEFORE + lengths[i]));
        close(fd);
    }
    for (i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct writing writing = {-1, lengths[i]};
        pthread_t thread;
        int ends[2];
        CHECK(!pipe(ends));
        writing.fd = ends[1];
        CHECK(!pthread_create(&thread, NULL, fill, &writing));
        source = (runloop_source)RUNLOOP_SOURCE_INIT;
        source.fd = ends[0];
        script_add(server, unavailable, SCRIPT_CLOSE);
        CHECK_STATUS(upload(&source), RUNLOOP_SERVER);
        CHECK_INT(retryable(), RUNLOOP_RETRYABLE_UNKNOWN);
        CHECK_HAS(last_message(), "starts from its beginning");
        CHECK(!pthread_join(thread, NULL));
        close(ends[0]);
    }
    source = (runloop_source)RUNLOOP_SOURCE_INIT;
    source.read = gives;
    source.user_data = &left;
    script_add(server, unavailable, SCRIPT_CLOSE);
    CHECK_STATUS(upload(&source), RUNLOOP_SERVER);
    CHECK_INT(retryable(), RUNLOOP_RETRYABLE_UNKNOWN);
    group("sources of devbox uploads");
}

/* Where nothing was read or written, the call can be made again as it is. */
static void untouched(void)
{
    runloop_client *nowhere = new_client("http://127.0.0.1:1");
    runloop_devbox *there;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    int ends[2];
    OK(runloop_devbox_attach(nowhere, "dbx_1", &there, E));
    CHECK(!pipe(ends));
    sink.fd = ends[1];
    CHECK_STATUS(runloop_devbox_download_file(there, "/f", &sink, &once, NULL, E), RUNLOOP_CONNECT);
    CHECK_INT(retryable(), RUNLOOP_RETRYABLE_YES);
    source.fd = ends[0];
    CHECK_STATUS(runloop_devbox_upload_file(there, "/f", &source, &once, E), RUNLOOP_CONNECT);
    CHECK_INT(retryable(), RUNLOOP_RETRYABLE_YES);
    close(ends[0]);
    close(ends[1]);
    runloop_devbox_free(there);
    runloop_client_free(nowhere);
    group("ends that nothing was read from or written to");
}

static int32_t takes(void *user_data, const char *data, size_t length)
{
    (void)data;
    *(size_t *)user_data += length;
    return 0;
}

static int32_t download(const runloop_sink *sink, const runloop_call_options *opts)
{
    return runloop_devbox_download_file(devbox, "/f", sink, opts, NULL, E);
}

/* The file of this descriptor holds just that. */
static void check_holds(int fd, const char *expected)
{
    char held[200];
    ssize_t length = pread(fd, held, sizeof held - 1, 0);
    CHECK(length >= 0);
    held[length] = 0;
    CHECK_TEXT(held, expected);
}

static void downloads(void)
{
    const char *name = temporary("sink");
    runloop_sink sink = RUNLOOP_SINK_INIT;
    runloop_call_options twice = RUNLOOP_CALL_OPTIONS_INIT;
    size_t taken = 0;
    int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600), ends[2];
    CHECK(fd >= 0 && write(fd, "before and after", 16) == 16);
    CHECK_INT(lseek(fd, BEFORE, SEEK_SET), BEFORE);
    sink.fd = fd;
    script_add(server, cut, SCRIPT_CLOSE);
    CHECK_STATUS(download(&sink, &once), RUNLOOP_BROKEN);
    CHECK_INT(retryable(), RUNLOOP_RETRYABLE_YES);
    CHECK_INT(lseek(fd, 0, SEEK_CUR), BEFORE);
    /* What lay in the way is overwritten, and no more than that. */
    check_holds(fd, "beforethe first ");
    /* One that can be put back is fetched again by the call itself. */
    twice.max_retries = 1;
    script_add(server, cut, SCRIPT_CLOSE);
    answer("whole");
    OK(download(&sink, &twice));
    CHECK_INT(lseek(fd, 0, SEEK_CUR), BEFORE + 5);
    check_holds(fd, "beforewholeirst ");
    close(fd);

    /* Others write to the end as well. */
    fd = open(name, O_RDWR | O_APPEND | O_TRUNC);
    sink.fd = fd;
    script_add(server, cut, SCRIPT_CLOSE);
    CHECK_STATUS(download(&sink, &once), RUNLOOP_BROKEN);
    CHECK_INT(retryable(), RUNLOOP_RETRYABLE_UNKNOWN);
    CHECK_HAS(last_message(), "empty that");
    check_holds(fd, "the first part");
    close(fd);

    CHECK(!pipe(ends));
    sink.fd = ends[1];
    script_add(server, cut, SCRIPT_CLOSE);
    CHECK_STATUS(download(&sink, &once), RUNLOOP_BROKEN);
    CHECK_INT(retryable(), RUNLOOP_RETRYABLE_UNKNOWN);
    close(ends[0]);
    close(ends[1]);

    sink.fd = -1;
    sink.write = takes;
    sink.user_data = &taken;
    script_add(server, cut, SCRIPT_CLOSE);
    CHECK_STATUS(download(&sink, &once), RUNLOOP_BROKEN);
    CHECK_INT(taken, 14);
    CHECK_INT(retryable(), RUNLOOP_RETRYABLE_UNKNOWN);

    sink = (runloop_sink)RUNLOOP_SINK_INIT;
    sink.path = name;
    script_add(server, cut, SCRIPT_CLOSE);
    CHECK_STATUS(download(&sink, &once), RUNLOOP_BROKEN);
    CHECK_INT(retryable(), RUNLOOP_RETRYABLE_YES);
    group("sinks of devbox downloads");
}

/* What can never be read or written is found out before anything is sent. */
static void wrong_modes(void)
{
    const char *name = temporary("mode");
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    static const char *const directories[] = {"directory/", "directory/.", "directory/..", "directory/../..", "directory//"};
    size_t i;
    int reads, writes, before = script_requests(server);
    char too_long[300] = "";
    memset(too_long, 'x', 280);
    writes = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(writes >= 0 && !ftruncate(writes, LARGE));
    reads = open(name, O_RDONLY);
    source.fd = writes;
    CHECK_STATUS(upload(&source), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), "not open for reading");
    sink.fd = reads;
    CHECK_STATUS(download(&sink, &once), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), "not open for writing");
    sink.fd = -1;
    for (i = 0; i < sizeof directories / sizeof *directories; i++) {
        sink.path = temporary(directories[i]);
        CHECK_STATUS(download(&sink, &once), RUNLOOP_INVALID_ARGUMENT);
        CHECK_HAS(last_message(), "directory");
        if (i == 0) continue;
        unlink(temporary("link"));
        CHECK(!symlink(directories[i], temporary("link")));
        sink.path = temporary("link");
        CHECK_STATUS(download(&sink, &once), RUNLOOP_INVALID_ARGUMENT);
    }
    unlink(temporary("link"));
    sink.path = temporary(too_long);
    CHECK_STATUS(download(&sink, &once), RUNLOOP_LOCAL_IO);
    CHECK_INT(script_requests(server), before);
    close(reads);
    close(writes);
    group("what can never be read or written");
}

static void objects(void)
{
    object_server *storage = object_server_start();
    runloop_client *own = new_client(object_server_url(storage));
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    runloop_object *object;
    struct writing writing = {-1, 1000};
    pthread_t thread;
    size_t length;
    int fd = regular(LARGE), ends[2];
    char *back, path[64];

    source.fd = fd;
    object_server_fault(storage, "put", 1, FAULT_STATUS, 503, 0);
    CHECK_STATUS(runloop_object_upload_from_source(own, "o", &source, NULL, &once, &object, E), RUNLOOP_SERVER);
    CHECK_INT(retryable(), RUNLOOP_RETRYABLE_YES);
    CHECK_INT(lseek(fd, 0, SEEK_CUR), BEFORE);
    OK(runloop_object_upload_from_source(own, "o", &source, NULL, &once, &object, E));
    back = file_contents(object_server_content(storage, runloop_object_id(object)), &length);
    CHECK(length == LARGE && !memcmp(back, content, LARGE));
    free(back);
    close(fd);

    /* It is gathered before the object is created. */
    CHECK(!pipe(ends));
    writing.fd = ends[1];
    CHECK(!pthread_create(&thread, NULL, fill, &writing));
    source.fd = ends[0];
    object_server_fault(storage, "create", 1, FAULT_STATUS, 429, 0);
    {
        runloop_object *none;
        CHECK_STATUS(runloop_object_upload_from_source(own, "o", &source, NULL, &once, &none, E), RUNLOOP_RATE_LIMITED);
    }
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_NONE);
    CHECK_INT(retryable(), RUNLOOP_RETRYABLE_UNKNOWN);
    CHECK(!pthread_join(thread, NULL));
    close(ends[0]);

    /* The same by its path, and a pipe that has taken a part of a download. */
    CHECK(!pipe(ends));
    writing.fd = ends[1];
    CHECK(!pthread_create(&thread, NULL, fill, &writing));
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    object_server_fault(storage, "create", 1, FAULT_STATUS, 429, 0);
    {
        runloop_object *none;
        CHECK_STATUS(runloop_object_upload_from_file(own, path, NULL, &once, &none, E), RUNLOOP_RATE_LIMITED);
    }
    CHECK_INT(retryable(), RUNLOOP_RETRYABLE_UNKNOWN);
    CHECK_HAS(last_message(), "starts from its beginning");
    CHECK(!pthread_join(thread, NULL));
    close(ends[0]);
    CHECK(!pipe(ends));
    snprintf(path, sizeof path, "/dev/fd/%d", ends[1]);
    object_server_fault(storage, "get", 1, FAULT_CLOSE, 0, 1000);
    CHECK_STATUS(runloop_object_download_to_file(object, path, NULL, &once, E), RUNLOOP_BROKEN);
    CHECK_INT(retryable(), RUNLOOP_RETRYABLE_UNKNOWN);
    CHECK_HAS(last_message(), "keeps what it has taken");
    close(ends[0]);
    close(ends[1]);

    fd = open(temporary("object"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    sink.fd = fd;
    object_server_ranges(storage, 0);
    object_server_changing(storage, 1);
    object_server_fault(storage, "get", 1, FAULT_CLOSE, 0, 100000);
    once.max_retries = -1;
    CHECK_STATUS(runloop_object_download_to_sink(object, &sink, NULL, &once, E), RUNLOOP_BROKEN);
    CHECK_INT(retryable(), RUNLOOP_RETRYABLE_YES);
    CHECK_INT(lseek(fd, 0, SEEK_CUR), 0);
    CHECK_INT(lseek(fd, 0, SEEK_END), 0);
    close(fd);
    runloop_object_free(object);
    OK(runloop_client_close(own, E));
    runloop_client_free(own);
    object_server_stop(storage);
    group("sources and sinks of objects");
}

/* An empty name is a mistake of the program's, wherever it is given. */
static void empty_paths(void)
{
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    runloop_object *object, *made;
    int before = script_requests(server);
    source.path = sink.path = "";
    OK(runloop_object_from_id(client, "obj_1", &object, E));
#define INVALID(call) CHECK_STATUS(call, RUNLOOP_INVALID_ARGUMENT), CHECK_HAS(last_message(), "empty")
    INVALID(upload(&source));
    INVALID(download(&sink, &once));
    INVALID(runloop_devbox_upload_dir(devbox, "", "/d", NULL, &once, E));
    INVALID(runloop_devbox_download_dir(devbox, "/d", "", NULL, &once, E));
    INVALID(runloop_object_upload_from_file(client, "", NULL, &once, &made, E));
    INVALID(runloop_object_upload_from_source(client, "o", &source, NULL, &once, &made, E));
    INVALID(runloop_object_upload_from_dir(client, "", NULL, NULL, &once, &made, E));
    INVALID(runloop_docker_context_upload(client, "", NULL, NULL, &once, &made, E));
    INVALID(runloop_object_download_to_file(object, "", NULL, &once, E));
    INVALID(runloop_object_download_to_sink(object, &sink, NULL, &once, E));
    INVALID(runloop_object_download_to_dir(object, "", NULL, NULL, &once, E));
#undef INVALID
    CHECK_INT(script_requests(server), before);
    runloop_object_free(object);
    group("empty paths of this machine");
}

/* A path that names a descriptor is as good as the descriptor: what the host program reads and writes by it itself goes on from there. */
static void named_descriptors(void)
{
    static const char *const folders[] = {"/dev/fd", "/proc/self/fd", "/proc/thread-self/fd", NULL};
    runloop_object *object;
    size_t i;
    for (i = 0; i < sizeof folders / sizeof *folders; i++) {
        runloop_source source = RUNLOOP_SOURCE_INIT;
        runloop_sink sink = RUNLOOP_SINK_INIT;
        const char *name = temporary("by descriptor"), *link = temporary("link");
        char path[64];
        int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
        CHECK(fd >= 0 && write(fd, "before ", 7) == 7);
        if (folders[i]) snprintf(path, sizeof path, "%s/%d", folders[i], fd);
        else snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)getpid(), fd);
        unlink(link);
        CHECK(!symlink(path, link));
        sink.path = i % 2 ? path : link;
        script_add(server, cut, SCRIPT_CLOSE);
        CHECK_STATUS(download(&sink, &once), RUNLOOP_BROKEN);
        CHECK_INT(retryable(), RUNLOOP_RETRYABLE_YES);
        check_holds(fd, "before ");
        script_answer(server, 200, "Content-Type: application/octet-stream\r\n", "content");
        OK(download(&sink, &once));
        CHECK(write(fd, " and after", 10) == 10);
        check_holds(fd, "before content and after");
        CHECK_INT(lseek(fd, 7, SEEK_SET), 7);
        source.path = i % 2 ? path : link;
        answer("{}");
        OK(upload(&source));
        CHECK_HAS(script_request(server, script_requests(server) - 1), "octet-stream\r\n\r\ncontent and after\r\n");
        CHECK_HAS_NOT(script_request(server, script_requests(server) - 1), "before");
        CHECK_INT(lseek(fd, 0, SEEK_CUR), 24);
        close(fd);
        CHECK_STATUS(upload(&source), RUNLOOP_LOCAL_IO);
        CHECK_STATUS(download(&sink, &once), RUNLOOP_LOCAL_IO);
    }
    OK(runloop_object_from_id(client, "obj_1", &object, E));
    CHECK_STATUS(runloop_object_download_to_file(object, "/dev/fd/1000000", NULL, &once, E), RUNLOOP_LOCAL_IO);
    runloop_object_free(object);
    group("paths that name descriptors");
}

/* What would be passed over without a word is refused. */
static void unheeded(void)
{
    const char *name = temporary("unheeded");
    static const char *const patterns[] = {"*.o", NULL};
    runloop_tree_options tree = RUNLOOP_TREE_OPTIONS_INIT;
    runloop_object *object;
    int i;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    int before = script_requests(server), fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600), folder;
    CHECK(fd >= 0);
    source.length = 3;
    source.path = name;
    CHECK_STATUS(upload(&source), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "length");
    source.path = NULL;
    source.fd = fd;
    CHECK_STATUS(upload(&source), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "length");
    close(fd);
    CHECK((folder = open("/", O_RDONLY | O_DIRECTORY)) >= 0);
    source = (runloop_source)RUNLOOP_SOURCE_INIT;
    source.fd = folder;
    CHECK_STATUS(upload(&source), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "directory");
    close(folder);
    OK(runloop_object_from_id(client, "obj_1", &object, E));
    tree.ignore = patterns;
    for (i = 0; i < 2; i++) {
        CHECK_STATUS(runloop_devbox_download_dir(devbox, "/d", temporary("d"), &tree, &once, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK_HAS(last_message(), "ignore");
        CHECK_STATUS(runloop_object_download_to_dir(object, temporary("d"), &tree, NULL, &once, E), RUNLOOP_INVALID_ARGUMENT);
        tree.ignore = NULL;
        tree.ignore_file = name;
    }
    runloop_object_free(object);
    CHECK_INT(script_requests(server), before);
    group("a length or ignore rules that have no meaning; a directory for a file");
}

/* A namespace of mounts of this process's own. */
static int own_mounts(void)
{
    return (!unshare(CLONE_NEWNS) || !unshare(CLONE_NEWUSER | CLONE_NEWNS)) && !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

static void write_file(const char *name, const char *text)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0640);
    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

static void check_file(const char *name, const char *expected)
{
    size_t length;
    char *held = file_contents(name, &length);
    CHECK(held != NULL);
    if (length != strlen(expected) || memcmp(held, expected, length)) fail_at(__FILE__, __LINE__, "%s holds %zu bytes, not \"%s\"", name, length, expected);
    free(held);
}

/* Something is mounted on the file, as containers do it: no other can take its name. What is whole is copied into it. */
static void into_mounted(const char *folder, const char *name, const char *beneath, int read_only)
{
    runloop_sink sink = RUNLOOP_SINK_INIT;
    runloop_client *own = new_client(script_url(server));
    struct stat before, after;
    CHECK(!read_only || (!mount(folder, folder, NULL, MS_BIND, NULL) && !mount(NULL, folder, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL)));
    CHECK(!mount(beneath, name, NULL, MS_BIND, NULL));
    CHECK(!stat(name, &before));
    OK(runloop_devbox_attach(own, "dbx_1", &devbox, E));
    sink.path = name;
    CHECK_STATUS(download(&sink, &once), RUNLOOP_BROKEN);
    check_file(beneath, "what was there before");
    OK(download(&sink, &once));
    check_file(beneath, "whole");
    OK(download(&sink, &once));
    check_file(name, "a longer text than the one that was there before");
    CHECK(!stat(name, &after) && after.st_ino == before.st_ino && after.st_mode == before.st_mode);
    runloop_devbox_free(devbox);
    runloop_client_free(own);
}

static void in_place(void)
{
    const char *folder = temporary("mounts"), *name = temporary("mounts/name"), *beneath = temporary("beneath");
    int read_only, status;
    CHECK(!mkdir(folder, 0700));
    write_file(name, "");
    for (read_only = 0; read_only < 2; read_only++) {
        pid_t child;
        write_file(beneath, "what was there before");
        script_add(server, cut, SCRIPT_CLOSE);
        answer("whole");
        answer("a longer text than the one that was there before");
        child = fork();
        if (!child) {
            alarm(100);
            if (!own_mounts()) _exit(77);
            into_mounted(folder, name, beneath, read_only);
            _exit(0);
        }
        CHECK_INT(waitpid(child, &status, 0), child);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
            group("(nothing can be mounted here)");
            return;
        }
        CHECK_INT(status, 0);
        check_file(name, "");
    }
    CHECK_INT(parts_left(), 0);
    group("files that cannot be replaced");
}

int main(void)
{
    size_t i;
    begin("test_transfer_ends");
    content = (char *)allocate(LARGE + 1);
    for (i = 0; i < LARGE; i++) content[i] = (char)('a' + i % 23);
    once.max_retries = -1;
    scripted_start();
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    uploads();
    untouched();
    downloads();
    wrong_modes();
    objects();
    empty_paths();
    named_descriptors();
    unheeded();
    in_place();
    runloop_devbox_free(devbox);
    scripted_stop();
    free(content);
    return finish();
}
