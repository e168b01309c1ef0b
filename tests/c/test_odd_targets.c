/* Places for downloads as they are found: files with access control lists and other names, files that are uploaded or downloaded to
 * at the same time, disks without room, sources that grow or are larger than 4 GiB. */

#include "local_files.h"
#include "scripted.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { LARGE = 3000000 };

static runloop_devbox *devbox;

static void octets(const char *body)
{
    script_answer(server, 200, "Content-Type: application/octet-stream\r\n", body);
}

static int32_t download(const char *path)
{
    runloop_sink sink = RUNLOOP_SINK_INIT;
    sink.path = path;
    return runloop_devbox_download_file(devbox, "/f", &sink, NULL, NULL, E);
}

static void check_file(const char *name, const char *expected)
{
    size_t length;
    char *held = file_contents(name, &length);
    CHECK(held != NULL);
    CHECK(length == strlen(expected) && !memcmp(held, expected, length));
    free(held);
}

/* ---- access control lists ---- */

struct entry {
    uint16_t tag, permissions;
    uint32_t id;
};

/* As Linux keeps it: the owner and user 12345 may read and write, the group nothing. */
static const struct {
    uint32_t version;
    struct entry entries[5];
} list = {2, {{0x01, 6, ~0u}, {0x02, 6, 12345}, {0x04, 0, ~0u}, {0x10, 6, ~0u}, {0x20, 0, ~0u}}};

static void access_lists(void)
{
    static const char access_list[] = "system.posix_acl_access", default_list[] = "system.posix_acl_default";
    const char *folder = temporary("lists"), *path = temporary("lists/file");
    char held[200];
    struct stat about;
    CHECK(!mkdir(folder, 0700));
    make_file(path, 10);
    CHECK(!chmod(path, 0600));
    if (setxattr(path, access_list, &list, sizeof list, 0)) {
        CHECK_INT(errno, ENOTSUP);
        return;
    }
    octets("new");
    OK(download(path));
    check_file(path, "new");
    CHECK(!stat(path, &about));
    CHECK_INT(about.st_mode & 07777, 0660); /* of which the group's are the list's mask */
    CHECK_INT(getxattr(path, access_list, held, sizeof held), sizeof list);
    CHECK(!memcmp(held, &list, sizeof list));
    /* One without a list gets none, though every new file in its directory does. */
    CHECK(!removexattr(path, access_list) && !chmod(path, 0640));
    CHECK(!setxattr(folder, default_list, &list, sizeof list, 0));
    octets("newer");
    OK(download(path));
    CHECK(getxattr(path, access_list, held, sizeof held) < 0 && errno == ENODATA);
    CHECK(!stat(path, &about) && (about.st_mode & 07777) == 0640);
    group("a file that is replaced keeps its access control list");
}

/* ---- other names, other directories ---- */

static void hard_links(void)
{
    const char *path = temporary("one name"), *other = temporary("other name"), *folder = temporary("sticky"), *in_it = temporary("sticky/file");
    make_file(path, 0);
    octets("old");
    OK(download(path));
    CHECK(!link(path, other));
    octets("new");
    OK(download(path));
    check_file(path, "new");
    check_file(other, "old");
    CHECK(!mkdir(folder, 0700) && !chmod(folder, 01777));
    octets("first");
    OK(download(in_it));
    octets("second");
    OK(download(in_it));
    check_file(in_it, "second");
    CHECK_INT(parts_left(), 0);
    group("hard links, sticky directories");
}

/* ---- at the same time ---- */

static void *download_here(void *path)
{
    OK(download((const char *)path));
    forget_error();
    return NULL;
}

static void at_the_same_time(void)
{
    char *path = (char *)(size_t)temporary("same");
    pthread_t threads[4];
    size_t i, length;
    char *body = (char *)allocate(LARGE + 1), *held;
    memset(body, 'x', LARGE);
    body[LARGE] = 0;
    for (i = 0; i < 4; i++) octets(body);
    for (i = 0; i < 4; i++) CHECK(!pthread_create(&threads[i], NULL, download_here, path));
    for (i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    CHECK((held = file_contents(path, &length)) != NULL);
    CHECK(length == LARGE && !memcmp(held, body, LARGE));
    free(held);
    free(body);
    CHECK_INT(parts_left(), 0);
    group("downloads to one path at the same time");
}

static struct {
    const char *path;
    int64_t total;
    int grown;
} growing;

static int32_t grow(void *data, int64_t done, int64_t total)
{
    int stop = *(int *)data;
    (void)done;
    growing.total = total;
    if (stop) return 1;
    if (!growing.grown++) {
        int fd = open(growing.path, O_WRONLY | O_APPEND);
        CHECK(fd >= 0 && write(fd, "more", 4) == 4);
        close(fd);
    }
    return 0;
}

/* The file is replaced by a download while it is sent: what was there is what is sent. */
static int32_t replace(void *data, int64_t done, int64_t total)
{
    const char *other = (const char *)data;
    (void)done;
    (void)total;
    if (!growing.grown++) CHECK(!rename(other, growing.path));
    return 0;
}

static void changing_sources(void)
{
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    const char *request, *sent, *other = temporary("replacement");
    char *content;
    size_t length;
    int stop = 0, fd;
    source.path = growing.path = temporary("growing");
    opts.progress = grow;
    opts.progress_data = &stop;
    make_file(growing.path, 1000000);
    CHECK((content = file_contents(growing.path, &length)) != NULL);
    answer("{}");
    OK(runloop_devbox_upload_file(devbox, "/f", &source, &opts, E));
    CHECK(growing.grown > 0);
    request = script_request(server, script_requests(server) - 1);
    CHECK((sent = strstr(request, "octet-stream\r\n\r\n")) != NULL);
    sent += strlen("octet-stream\r\n\r\n");
    CHECK(!memcmp(sent, content, length) && !strncmp(sent + length, "\r\n--", 4));

    make_file(growing.path, 1000000);
    free(content);
    CHECK((content = file_contents(growing.path, &length)) != NULL);
    make_file(other, 10);
    growing.grown = 0;
    opts.progress = replace;
    opts.progress_data = (void *)(size_t)other;
    answer("{}");
    OK(runloop_devbox_upload_file(devbox, "/f", &source, &opts, E));
    CHECK(growing.grown > 0 && !exists(other));
    request = script_request(server, script_requests(server) - 1);
    CHECK((sent = strstr(request, "octet-stream\r\n\r\n")) != NULL);
    sent += strlen("octet-stream\r\n\r\n");
    CHECK(!memcmp(sent, content, length) && !strncmp(sent + length, "\r\n--", 4));
    free(content);

    /* One with a hole of more than 4 GiB. */
    fd = open(growing.path, O_RDWR | O_TRUNC);
    CHECK(fd >= 0);
    if (!ftruncate(fd, (off_t)5 << 30)) {
        stop = 1;
        opts.progress = grow;
        opts.progress_data = &stop;
        CHECK_STATUS(runloop_devbox_upload_file(devbox, "/f", &source, &opts, E), RUNLOOP_STOPPED);
        CHECK(growing.total > (int64_t)5 << 30 && growing.total < ((int64_t)5 << 30) + 10000);
    }
    close(fd);
    unlink(growing.path);
    group("files that grow, or are replaced, while they are sent; one of 5 GiB");
}

/* ---- a full disk ---- */

static void on_a_small_disk(const char *folder)
{
    runloop_client *own = new_client(script_url(server));
    runloop_sink sink = RUNLOOP_SINK_INIT;
    char path[600];
    struct stat about;
    int fd, i;
    CHECK(!mount("none", folder, "tmpfs", 0, "size=1m"));
    OK(runloop_devbox_attach(own, "dbx_1", &devbox, E));
    snprintf(path, sizeof path, "%s/file", folder);
    for (i = 0; i < 2; i++) {
        CHECK_STATUS(download(path), RUNLOOP_LOCAL_IO);
        CHECK_HAS(last_message(), path);
        CHECK_HAS(last_message(), "No space left");
        CHECK_INT(exists(path), i);
        if (i) check_file(path, "before");
        make_file(path, 0);
        OK(download(path));
    }
    CHECK((fd = open(path, O_RDWR)) >= 0);
    sink.fd = fd;
    CHECK_STATUS(runloop_devbox_download_file(devbox, "/f", &sink, NULL, NULL, E), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), "No space left");
    CHECK(!fstat(fd, &about) && about.st_size == 6);
    CHECK_INT(lseek(fd, 0, SEEK_CUR), 0);
    CHECK(!close(fd));
    /* All room is there again. */
    OK(download(path));
    runloop_devbox_free(devbox);
    runloop_client_free(own);
}

static void full_disks(void)
{
    const char *folder = temporary("small");
    char *body = (char *)allocate(LARGE + 1);
    int status, i;
    pid_t child;
    CHECK(!mkdir(folder, 0700));
    memset(body, 'x', LARGE);
    body[LARGE] = 0;
    for (i = 0; i < 2; i++) octets(body), octets("before");
    octets(body);
    body[1000000] = 0;
    octets(body);
    free(body);
    child = fork();
    if (!child) {
        alarm(100);
        if ((unshare(CLONE_NEWNS) && unshare(CLONE_NEWUSER | CLONE_NEWNS)) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL)) _exit(0);
        on_a_small_disk(folder);
        _exit(0);
    }
    CHECK_INT(waitpid(child, &status, 0), child);
    if (status) fail_at(__FILE__, __LINE__, "the child ended with the wait status 0x%x", status);
    group("a full disk");
}

int main(void)
{
    begin("test_odd_targets");
    scripted_start();
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    access_lists();
    hard_links();
    at_the_same_time();
    changing_sources();
    full_disks();
    runloop_devbox_free(devbox);
    scripted_stop();
    return finish();
}
