/* Files as people have them, one at a time: whose size is not what the system says, that shrink while they
 * are sent, that are replaced. */

#include "local_files.h"
#include "scripted.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static runloop_devbox *devbox;

/* ---- what the library does with files, in the order in which it does it ---- */

static char steps[64];

static void step(char what)
{
    size_t length = strlen(steps);
    if (length + 1 < sizeof steps) steps[length] = what;
}

/* In place of the C library's. */
int fsync(int fd)
{
    struct stat about;
    CHECK(!fstat(fd, &about));
    step(S_ISDIR(about.st_mode) ? 'd' : 'f');
    return 0;
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    step('r');
    return renameat2(from_folder, from, to_folder, to, 0);
}

/* Network file systems end an open for a signal. */
static atomic_int interrupted, to_interrupt;

int openat(int folder, const char *name, int flags, ...)
{
    va_list more;
    mode_t mode;
    va_start(more, flags);
    mode = va_arg(more, mode_t);
    va_end(more);
    if (atomic_load(&to_interrupt) && atomic_fetch_add(&interrupted, 1) % 2 == 0) {
        errno = EINTR;
        return -1;
    }
    return (int)syscall(SYS_openat, folder, name, flags, mode);
}

/* ---- up ---- */

static runloop_source of_path(const char *path)
{
    runloop_source source = RUNLOOP_SOURCE_INIT;
    source.path = path;
    return source;
}

/* The last request's body ends with this content and the form's end. */
static void check_content(const char *content, size_t length)
{
    const char *request = script_request(server, script_requests(server) - 1), *at;
    char *announced = script_header(server, script_requests(server) - 1, "content-length");
    CHECK(request != NULL);
    CHECK(announced != NULL); /* it is known by then */
    free(announced);
    at = strstr(request, "application/octet-stream\r\n\r\n");
    CHECK(at != NULL);
    at += strlen("application/octet-stream\r\n\r\n");
    CHECK(!memcmp(at, content, length));
    CHECK(!strncmp(at + length, "\r\n--librunloop-", 15));
}

static char *read_all(const char *path, size_t *length)
{
    char *text = (char *)allocate(1 << 20);
    int fd = open(path, O_RDONLY);
    ssize_t count;
    CHECK(fd >= 0);
    *length = 0;
    while ((count = read(fd, text + *length, (1 << 20) - *length)) > 0) *length += (size_t)count;
    close(fd);
    return text;
}

static void sizes_that_are_untrue(void)
{
    /* The first is said to be empty, the second to have 4,096 bytes. */
    static const char *const paths[] = {"/proc/version", "/sys/kernel/mm/transparent_hugepage/enabled", "/proc/filesystems"};
    size_t i, length;
    for (i = 0; i < sizeof paths / sizeof *paths; i++) {
        runloop_source source = of_path(paths[i]);
        char *content;
        int fd;
        if (access(paths[i], R_OK)) continue;
        content = read_all(paths[i], &length);
        CHECK(length > 0);
        answer("{}");
        OK(runloop_devbox_upload_file(devbox, "f", &source, NULL, E));
        check_content(content, length);
        CHECK((fd = open(paths[i], O_RDONLY)) >= 0);
        source = (runloop_source)RUNLOOP_SOURCE_INIT;
        source.fd = fd;
        answer("{}");
        OK(runloop_devbox_upload_file(devbox, "f", &source, NULL, E));
        check_content(content, length);
        close(fd);
        free(content);
    }
    {
        const char *empty = temporary("empty");
        runloop_source source = of_path(empty);
        make_file(empty, 0);
        answer("{}");
        OK(runloop_devbox_upload_file(devbox, "f", &source, NULL, E));
        check_content("", 0);
    }
    group("files whose size is not what the system says, and one that is empty");
}

static const char *shrinking;

static int32_t shrink(void *data, int64_t done, int64_t total)
{
    (void)done;
    (void)total;
    if (!*(int *)data) CHECK(!truncate(shrinking, 400000));
    *(int *)data = 1;
    return 0;
}

static void shrinking_files(void)
{
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    size_t length;
    char *content;
    int shrunk = 0;
    shrinking = temporary("shrinking");
    make_file(shrinking, 3000000);
    source.path = shrinking;
    opts.progress = shrink;
    opts.progress_data = &shrunk;
    answer("{}");
    OK(runloop_devbox_upload_file(devbox, "f", &source, &opts, E));
    content = file_contents(shrinking, &length);
    CHECK_INT(length, 400000);
    check_content(content, length);
    free(content);
    group("a file that becomes shorter while it is sent is sent as it is then");
}

/* ---- down ---- */

static void octets(const char *body)
{
    script_answer(server, 200, "Content-Type: application/octet-stream\r\n", body);
}

static void replaced_files(void)
{
    const char *path = temporary("replaced");
    runloop_sink sink = RUNLOOP_SINK_INIT;
    struct stat before, after;
    mode_t mask = umask(022);
    sink.path = path;
    make_file(path, 10);
    CHECK(!chmod(path, 0600));
    if (!geteuid()) CHECK(!chown(path, 12345, 54321));
    CHECK(!stat(path, &before));
    octets("new");
    OK(runloop_devbox_download_file(devbox, "f", &sink, NULL, NULL, E));
    CHECK(!stat(path, &after));
    CHECK_INT(after.st_size, 3);
    CHECK_INT(after.st_mode, before.st_mode);
    CHECK_INT(after.st_uid, before.st_uid);
    CHECK_INT(after.st_gid, before.st_gid);
    CHECK(!chmod(path, 0751));
    octets("new");
    OK(runloop_devbox_download_file(devbox, "f", &sink, NULL, NULL, E));
    CHECK(!stat(path, &after) && (after.st_mode & 07777) == 0751);
    CHECK(!unlink(path));
    octets("new");
    memset(steps, 0, sizeof steps);
    OK(runloop_devbox_download_file(devbox, "f", &sink, NULL, NULL, E));
    CHECK_TEXT(steps, "frd");
    CHECK(!stat(path, &after) && (after.st_mode & 07777) == 0644);
    umask(mask);
    CHECK(!unlink(path));
    group("a file that is replaced keeps its permissions and owner; it is on the disk before it has its name");
}

static void interrupted_opens(void)
{
    const char *path = temporary("interrupted");
    runloop_sink sink = RUNLOOP_SINK_INIT;
    sink.path = path;
    atomic_store(&to_interrupt, 1);
    octets("new");
    OK(runloop_devbox_download_file(devbox, "f", &sink, NULL, NULL, E));
    atomic_store(&to_interrupt, 0);
    CHECK(atomic_load(&interrupted) > 2);
    CHECK(exists(path));
    CHECK(!unlink(path));
    group("opening that a signal has interrupted is done again");
}

/* What a link leads to is written, and the link stays one. */
static void behind_links(void)
{
    static const struct {
        const char *name, *target;
        const char *lands;
    } links[] = {
        {"to-file", "elsewhere/file", "elsewhere/file"}, {"to-nothing", "elsewhere/new", "elsewhere/new"}, {"to-link", "to-file", "elsewhere/file"},
        {"through", "elsewhere/back", "last"},
    };
    char dir[400], path[500], lands[500], text[100];
    runloop_sink sink = RUNLOOP_SINK_INIT;
    struct stat about;
    ssize_t length;
    size_t i;
    snprintf(dir, sizeof dir, "%s", temporary("links"));
    CHECK(!mkdir(dir, 0700));
    snprintf(path, sizeof path, "%s/elsewhere", dir);
    CHECK(!mkdir(path, 0700));
    snprintf(path, sizeof path, "%s/elsewhere/file", dir);
    make_file(path, 10);
    CHECK(!chmod(path, 0640));
    snprintf(path, sizeof path, "%s/elsewhere/back", dir);
    CHECK(!symlink("../last", path));
    sink.path = path;
    for (i = 0; i < sizeof links / sizeof *links; i++) {
        char *written;
        size_t count;
        snprintf(path, sizeof path, "%s/%s", dir, links[i].name);
        snprintf(lands, sizeof lands, "%s/%s", dir, links[i].lands);
        CHECK(!symlink(links[i].target, path));
        snprintf(text, sizeof text, "by %s", links[i].name);
        octets(text);
        OK(runloop_devbox_download_file(devbox, "f", &sink, NULL, NULL, E));
        CHECK((length = readlink(path, text, sizeof text - 1)) > 0);
        text[length] = 0;
        CHECK_TEXT(text, links[i].target);
        CHECK(!lstat(lands, &about) && S_ISREG(about.st_mode));
        if (!strcmp(links[i].lands, "elsewhere/file")) CHECK_INT(about.st_mode & 07777, 0640);
        CHECK((written = file_contents(lands, &count)) != NULL);
        CHECK(count == 3 + strlen(links[i].name) && !memcmp(written + 3, links[i].name, count - 3));
        free(written);
    }
    /* Links that lead nowhere a file could be. */
    snprintf(path, sizeof path, "%s/to-missing", dir);
    CHECK(!symlink("missing/file", path));
    CHECK_STATUS(runloop_devbox_download_file(devbox, "f", &sink, NULL, NULL, E), RUNLOOP_LOCAL_IO);
    snprintf(path, sizeof path, "%s/round", dir);
    CHECK(!symlink("round", path));
    CHECK_STATUS(runloop_devbox_download_file(devbox, "f", &sink, NULL, NULL, E), RUNLOOP_LOCAL_IO);
    CHECK(!lstat(path, &about) && S_ISLNK(about.st_mode));
    group("a download to a symbolic link is written to what the link leads to");
}

/* ---- a file put whole is the same when it is put twice ---- */

static void put_again(void)
{
    const char *path = temporary("again");
    runloop_source source = of_path(path);
    int before, ends[2];
    make_file(path, 1000);
    before = script_requests(server);
    script_add(server, "", SCRIPT_CLOSE);
    answer("{}");
    OK(runloop_devbox_upload_file(devbox, "f", &source, NULL, E));
    CHECK_INT(script_requests(server) - before, 2);
    before = script_requests(server);
    script_add(server, "", SCRIPT_CLOSE);
    answer("{}");
    OK(runloop_devbox_write_file(devbox, "f", "text", 4, NULL, E));
    CHECK_INT(script_requests(server) - before, 2);
    before = script_requests(server);
    script_add(server, "", SCRIPT_CLOSE);
    answer("{}");
    OK(runloop_devbox_write_file(devbox, "f", "\xff", 1, NULL, E));
    CHECK_INT(script_requests(server) - before, 2);
    /* What a pipe gave cannot be had again. */
    CHECK(!pipe(ends));
    CHECK(write(ends[1], "x", 1) == 1);
    close(ends[1]);
    source = (runloop_source)RUNLOOP_SOURCE_INIT;
    source.fd = ends[0];
    before = script_requests(server);
    script_add(server, "", SCRIPT_CLOSE);
    CHECK_STATUS(runloop_devbox_upload_file(devbox, "f", &source, NULL, E), RUNLOOP_BROKEN);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
    CHECK_INT(script_requests(server) - before, 1);
    close(ends[0]);
    group("a put whose answer was lost is repeated, if the content can be had again");
}

/* ---- extra_body in a form ---- */

static void fields_of_the_form(void)
{
    static const struct {
        const char *extra, *sent[3];
    } good[] = {
        {"{\"flavour\":\"sweet\",\"number\":7,\"truth\":false}",
         {"name=\"flavour\"\r\n\r\nsweet\r\n--", "name=\"number\"\r\n\r\n7\r\n--", "name=\"truth\"\r\n\r\nfalse\r\n--"}},
        {"{\"path\":\"elsewhere\"}", {"name=\"path\"\r\n\r\nelsewhere\r\n--", NULL, NULL}},
        {"{\"a\\r\\nb\\\"\":\"x\"}", {"name=\"a%0D%0Ab%22\"\r\n\r\nx\r\n--", NULL, NULL}},
    };
    static const char *const bad[] = {"{\"file\":\"x\"}", "{\"a\":[1]}", "{\"a\":{}}", "{\"a\":null}"};
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    int before = script_requests(server);
    size_t i, j;
    source.data = "content";
    source.length = 7;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        runloop_params *extra = params_of(bad[i]);
        options.extra_body = extra;
        CHECK_STATUS(runloop_devbox_upload_file(devbox, "f", &source, &options, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK_HAS(last_message(), "extra_body");
        runloop_params_free(extra);
    }
    CHECK_INT(script_requests(server), before);
    for (i = 0; i < sizeof good / sizeof *good; i++) {
        runloop_params *extra = params_of(good[i].extra);
        options.extra_body = extra;
        answer("{}");
        OK(runloop_devbox_upload_file(devbox, "f", &source, &options, E));
        for (j = 0; j < 3 && good[i].sent[j]; j++) CHECK_HAS(script_request(server, script_requests(server) - 1), good[i].sent[j]);
        check_content("content", 7);
        runloop_params_free(extra);
    }
    CHECK_HAS_NOT(script_request(server, before + 1), "\r\nf\r\n");
    group("the members of extra_body are fields of an upload's form");
}

/* ---- answers that are not what was asked for ---- */

static const struct {
    int status;
    const char *headers;
} wrong[] = {
    {200, "Content-Type: application/octet-stream\r\nContent-Encoding: gzip\r\n"},
    {200, "Content-Type: text/plain\r\nContent-Encoding: br\r\n"},
    {200, "Content-Type: text/html; charset=utf-8\r\n"},
    {200, "Content-Type: application/octet-stream\r\nContent-Encoding: identity\r\nContent-Encoding: gzip\r\n"},
    {200, "Content-Type: application/xhtml+xml\r\n"},
    {200, "Content-Type: application/octet-stream\r\nTransfer-Encoding: gzip\r\n"},
    {200, "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked, identity\r\n"},
    {202, "Content-Type: application/octet-stream\r\n"},
    {203, "Content-Type: application/octet-stream\r\n"},
    {206, "Content-Type: application/octet-stream\r\nContent-Range: bytes 0-3/9\r\n"},
};

static void url_answer(void)
{
    char text[256];
    snprintf(text, sizeof text, "{\"download_url\":\"%s/content?sig=1\"}", script_url(server));
    answer(text);
}

static void wrong_answers(void)
{
    const char *path = temporary("wrong");
    runloop_sink sink = RUNLOOP_SINK_INIT;
    runloop_object *object;
    runloop_bytes *contents;
    char *asked;
    size_t i;
    sink.path = path;
    OK(runloop_object_from_id(client, "obj_1", &object, E));
    for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        script_answer(server, wrong[i].status, wrong[i].headers, "page");
        CHECK_STATUS(runloop_devbox_download_file(devbox, "f", &sink, NULL, NULL, E), RUNLOOP_PROTOCOL);
        CHECK(!exists(path));
        script_answer(server, wrong[i].status, wrong[i].headers, "page");
        CHECK_STATUS(runloop_devbox_read_file(devbox, "f", NULL, &contents, E), RUNLOOP_PROTOCOL);
        url_answer();
        script_answer(server, wrong[i].status, wrong[i].headers, "page");
        if (strstr(wrong[i].headers, "html")) answer("{\"id\":\"obj_1\",\"name\":\"x.tgz\",\"content_type\":\"tgz\",\"size_bytes\":4711}");
        CHECK_STATUS(runloop_object_download_to_file(object, path, NULL, NULL, E), RUNLOOP_PROTOCOL);
        CHECK(!exists(path));
    }
    script_add(server, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", SCRIPT_CLOSE);
    CHECK_STATUS(runloop_devbox_download_file(devbox, "f", &sink, NULL, NULL, E), RUNLOOP_PROTOCOL);
    CHECK(!exists(path));
    /* An object that is a web page, and one whose storage says nothing of its own length's like. */
    url_answer();
    script_answer(server, 200, "Content-Type: text/html\r\n", "<html>");
    answer("{\"id\":\"obj_1\",\"name\":\"x\",\"content_type\":\"unspecified\",\"size_bytes\":6}");
    OK(runloop_object_download_as_bytes(object, NULL, NULL, &contents, E));
    CHECK_OUTPUT(contents, "<html>");
    url_answer();
    script_answer(server, 200, "Content-Type: text/html\r\n", "<html>");
    answer("{\"id\":\"obj_1\",\"name\":\"x.html\",\"content_type\":\"text\"}");
    OK(runloop_object_download_as_bytes(object, NULL, NULL, &contents, E));
    CHECK_OUTPUT(contents, "<html>");
    /* The question for that is not the call's first request. */
    {
        runloop_params *extra = params_of("{\"flavour\":\"sweet\"}");
        runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
        options.extra_query = extra;
        url_answer();
        script_answer(server, 200, "Content-Type: text/html\r\n", "<html>");
        answer("{\"id\":\"obj_1\",\"name\":\"x.html\",\"content_type\":\"text\"}");
        OK(runloop_object_download_as_bytes(object, NULL, &options, &contents, E));
        CHECK_OUTPUT(contents, "<html>");
        check_sent(2, "GET /v1/objects/obj_1/download?flavour=sweet", "");
        check_sent(0, "GET /v1/objects/obj_1", "");
        runloop_params_free(extra);
    }
    /* What was asked for. */
    octets("fine");
    OK(runloop_devbox_download_file(devbox, "f", &sink, NULL, NULL, E));
    asked = script_header(server, script_requests(server) - 1, "accept-encoding");
    CHECK_TEXT(asked, "identity");
    free(asked);
    runloop_object_free(object);
    group("answers that are encoded, parts, pages or empty are no content");
}

int main(void)
{
    begin("test_odd_files");
    scripted_start();
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    sizes_that_are_untrue();
    shrinking_files();
    replaced_files();
    interrupted_opens();
    behind_links();
    put_again();
    fields_of_the_form();
    wrong_answers();
    runloop_devbox_free(devbox);
    scripted_stop();
    return finish();
}
