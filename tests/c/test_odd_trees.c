/* Trees as people have them, and archives of such: deep, with paths longer than a system call takes, changing
 * while they are read, with files whose sizes are untrue; in little memory, and ended in time. */

#include "harness.h"
#include "local_files.h"
#include "memory.h"
#include "object_server.h"
#include "trees.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static object_server *server;
static runloop_client *client;
static char root[512];

/* Whether this thread is refused threads. */
static _Thread_local int refuse_threads;

/* In place of the C library's. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*function)(void *), void *argument)
{
    static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    return refuse_threads ? EAGAIN : real(thread, attributes, function, argument);
}

static runloop_object *uploaded(const char *tree, const runloop_tree_options *options)
{
    runloop_object *object;
    OK(runloop_object_upload_from_dir(client, tree, options, NULL, NULL, &object, E));
    return object;
}

static void remove_deep(const char *path)
{
    char command[1200];
    snprintf(command, sizeof command, "rm -rf '%s' 2>/dev/null || { chmod -R u+rwx '%s'; rm -rf '%s'; }", path, path, path);
    CHECK_INT(system(command), 0);
}

/* ---- an archive of directories, one within the other ---- */

static void header(FILE *out, const char *name, char kind, size_t size)
{
    unsigned char record[512];
    unsigned sum = 0;
    size_t i;
    memset(record, 0, sizeof record);
    memcpy(record, name, strlen(name) < 100 ? strlen(name) : 100);
    memcpy(record + 100, "0000755", 8);
    memcpy(record + 108, "0000000", 8);
    memcpy(record + 116, "0000000", 8);
    snprintf((char *)record + 124, 12, "%011zo", size);
    memcpy(record + 136, "00000000001", 12);
    memset(record + 148, ' ', 8);
    record[156] = (unsigned char)kind;
    memcpy(record + 257, "ustar  ", 8);
    for (i = 0; i < 512; i++) sum += record[i];
    snprintf((char *)record + 148, 8, "%06o", sum);
    CHECK(fwrite(record, 1, 512, out) == 512);
}

static void entry(FILE *out, const char *name, char kind)
{
    static const char zeros[1024];
    size_t length = strlen(name) + 1;
    if (length > 100) {
        header(out, "././@LongLink", 'L', length);
        CHECK(fwrite(name, 1, length, out) == length);
        CHECK(fwrite(zeros, 1, (512 - length % 512) % 512, out) == (512 - length % 512) % 512);
    }
    header(out, name, kind, 0);
}

/* A pipe, which is told of, lies behind the first of them, and another behind so many. */
static runloop_object *archive_of_chains(int chains, int deep, int second_pipe)
{
    const char *path = temporary("chains.tgz");
    static const char zeros[1024];
    char command[1200], name[4096];
    runloop_object *object;
    size_t length;
    char *bytes;
    FILE *out;
    int i, j;
    unlink(path);
    snprintf(command, sizeof command, "gzip -1 >'%s'", path);
    CHECK((out = popen(command, "w")) != NULL);
    entry(out, "pipe", '6'); /* which is told of first */
    for (i = 0; i < chains; i++) {
        int at = snprintf(name, sizeof name, "%d/", i);
        if (i == second_pipe) entry(out, "pipe", '6');
        for (j = 0; j < deep; j++) {
            entry(out, name, '5');
            at += snprintf(name + at, sizeof name - (size_t)at, "d/");
        }
    }
    CHECK(fwrite(zeros, 1, sizeof zeros, out) == sizeof zeros);
    CHECK_INT(pclose(out), 0);
    bytes = file_contents(path, &length);
    OK(runloop_object_from_id(client, object_server_put(server, bytes, length), &object, E));
    free(bytes);
    return object;
}

static int told, told_to_end;

static void trigger(void *cancel, const char *path, const char *reason)
{
    (void)path;
    (void)reason;
    if (++told == told_to_end) OK(runloop_cancel_trigger((runloop_cancel *)cancel, E));
}

/* Ends by its token when so many pipes have been told of. */
static void ended(runloop_object *object, const char *back, int pipes)
{
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_cancel *cancel;
    told = 0;
    told_to_end = pipes;
    OK(runloop_cancel_new(&cancel, E));
    options.on_skipped = trigger;
    options.user_data = cancel;
    opts.cancel = cancel;
    CHECK_STATUS(runloop_object_download_to_dir(object, back, &options, NULL, &opts, E), RUNLOOP_CANCELLED);
    CHECK_INT(told, pipes);
    runloop_cancel_free(cancel);
}

static int counted;

static int count_one(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)path;
    (void)about;
    (void)kind;
    (void)walk;
    counted++;
    return 0;
}

/* What is in a directory, itself included. */
static int entries_in(const char *path)
{
    counted = 0;
    nftw(path, count_one, 300, FTW_PHYS);
    return counted;
}

enum { DEEP = 250, BEFORE_THE_END = 20 };

/* Where so many directories are made and removed quickly; on a disk there are fewer. */
static const char *quick_place(int *chains)
{
    static char place[] = "/dev/shm/runloop-test-XXXXXX";
    *chains = 400;
    if (mkdtemp(place)) return place;
    *chains = 40;
    folder(in(root, "place"));
    return in(root, "place");
}

static void many_chains(void)
{
    int chains;
    const char *place = quick_place(&chains), *back = in(place, "chains");
    runloop_object *object = archive_of_chains(chains, DEEP, BEFORE_THE_END);
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    struct stat about;
    char path[2048];
    long before = memory_baseline();
    int i, at, left;
    OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
    check_memory("100,000 directories, 250 deep", before, 24);
    at = snprintf(path, sizeof path, "%s/%d", back, chains - 1);
    for (i = 1; i < DEEP; i++) at += snprintf(path + at, sizeof path - (size_t)at, "/d");
    CHECK(!stat(path, &about) && about.st_mtime == 1);
    CHECK(!stat(in(back, "0"), &about) && about.st_mtime == 1);
    remove_deep(back);
    group("100,000 directories, 250 deep: in little memory");
    /* Ended in the midst, with all bytes here: not an entry is made behind that. In a directory that was there what
     * has come stays. */
    folder(back);
    ended(object, back, 2);
    CHECK_INT(entries_in(back), 1 + BEFORE_THE_END * DEEP);
    remove_deep(back);
    /* Of a new one, the call itself removes a part. Without a thread for the rest that stays, beside the target. */
    refuse_threads = 1;
    ended(object, back, 2);
    refuse_threads = 0;
    CHECK(!exists(back));
    left = entries_in(place);
    if (left < BEFORE_THE_END * DEEP - 600 || left > BEFORE_THE_END * DEEP)
        fail_at(__FILE__, __LINE__, "%d entries are left of %d", left, BEFORE_THE_END * DEEP);
    remove_deep(place);
    CHECK(!mkdir(place, 0700));
    /* With one it goes soon. */
    ended(object, back, 2);
    CHECK(!exists(back));
    EVENTUALLY(entries_in(place) == 1);
    /* A deadline that comes somewhere, if the machine is not quicker. */
    opts.deadline_ms = 2000;
    if (runloop_object_download_to_dir(object, back, NULL, NULL, &opts, E) != RUNLOOP_OK) {
        CHECK_INT(runloop_error_status(last_error()), RUNLOOP_DEADLINE);
        CHECK(!exists(back));
    }
    EVENTUALLY(entries_in(place) == 1 || exists(back));
    remove_deep(place);
    runloop_object_free(object);
    group("ended between two of them: nothing is made behind the end, and little is removed by the call itself");
}

/* ---- deeper than a path can be ---- */

static void deep_trees(void)
{
    struct rlimit before, few = {160, 160};
    const char *tree = in(root, "deep"), *back = in(root, "deep-back");
    runloop_object *object;
    char longest[201];
    struct stat about;
    int at, i;
    memset(longest, 'n', 200);
    longest[200] = 0;
    folder(tree);
    CHECK((at = open(tree, O_RDONLY | O_DIRECTORY)) >= 0);
    for (i = 0; i < 300; i++) {
        const char *name = i < 30 ? longest : "d";
        int next;
        CHECK(!mkdirat(at, name, 0700));
        CHECK((next = openat(at, name, O_RDONLY | O_DIRECTORY)) >= 0);
        close(at);
        at = next;
    }
    i = openat(at, "bottom", O_WRONLY | O_CREAT, 0640);
    CHECK(i >= 0 && write(i, "x", 1) == 1);
    close(i);
    close(at);
    CHECK(!getrlimit(RLIMIT_NOFILE, &before));
    few.rlim_max = before.rlim_max;
    CHECK(!setrlimit(RLIMIT_NOFILE, &few));
    object = uploaded(tree, NULL);
    OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
    CHECK(!setrlimit(RLIMIT_NOFILE, &before));
    CHECK((at = open(back, O_RDONLY | O_DIRECTORY)) >= 0);
    for (i = 0; i < 300; i++) {
        int next = openat(at, i < 30 ? longest : "d", O_RDONLY | O_DIRECTORY);
        CHECK(next >= 0);
        CHECK(!fstat(next, &about) && (about.st_mode & 07777) == 0700);
        close(at);
        at = next;
    }
    CHECK(!fstatat(at, "bottom", &about, 0) && about.st_size == 1);
    close(at);
    runloop_object_free(object);
    remove_deep(tree);
    remove_deep(back);
    group("paths of 6,000 bytes, 300 deep, with few descriptors");
}

/* ---- a directory that is exchanged for a link while it is packed ---- */

static atomic_int over;

static void *exchange(void *unused)
{
    (void)unused;
    while (!atomic_load(&over)) {
        CHECK(!syscall(SYS_renameat2, AT_FDCWD, in(root, "changing/sub"), AT_FDCWD, in(root, "changing/link"), 2));
        usleep(20);
    }
    return NULL;
}

static void exchanged(void)
{
    const char *tree = in(root, "changing"), *outside = in(root, "outside"), *back = in(root, "changing-back");
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    struct skips skips = {"", 0};
    pthread_t thread;
    char path[1200];
    int i, j, packed = 0;
    folder(tree);
    folder(outside);
    folder(in(tree, "sub"));
    for (i = 0; i < 200; i++) {
        snprintf(path, sizeof path, "%s/sub/f%d", tree, i);
        file(path, "mine");
        snprintf(path, sizeof path, "%s/f%d", outside, i);
        file(path, "secret");
    }
    CHECK(!symlink(outside, in(tree, "link")));
    (void)in(root, "changing/sub"), (void)in(root, "changing/link");
    options.on_skipped = skipped;
    options.user_data = &skips;
    CHECK(!pthread_create(&thread, NULL, exchange, NULL));
    for (i = 0; i < 8; i++) {
        runloop_object *object;
        skips.text[0] = 0;
        object = uploaded(tree, &options);
        OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
        for (j = 0; j < 400; j++) {
            size_t length;
            char *contents;
            snprintf(path, sizeof path, "%s/%s/f%d", back, j % 2 ? "sub" : "link", j / 2);
            if ((contents = file_contents(path, &length)) == NULL) continue;
            packed++;
            if (length != 4 || memcmp(contents, "mine", 4)) fail_at(__FILE__, __LINE__, "%s is from outside", path);
            free(contents);
        }
        remove_deep(back);
        runloop_object_free(object);
    }
    atomic_store(&over, 1);
    pthread_join(thread, NULL);
    CHECK(packed > 0);
    remove_deep(tree);
    remove_deep(outside);
    group("a directory that is exchanged for a link brings nothing from outside");
}

/* ---- files whose sizes are untrue ---- */

static void untrue_sizes(void)
{
    static const char from[] = "/proc/sys/kernel/random";
    const char *back = in(root, "proc");
    char path[256];
    char first[128] = "", second[128] = "";
    runloop_object *object;
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    struct skips skips = {"", 0};
    FILE *opened;
    options.on_skipped = skipped;
    options.user_data = &skips;
    snprintf(path, sizeof path, "%s/boot_id", from);
    if ((opened = fopen(path, "r")) == NULL) return;
    CHECK(fgets(first, sizeof first, opened) != NULL);
    fclose(opened);
    object = uploaded(from, &options);
    OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
    CHECK((opened = fopen(in(back, "boot_id"), "r")) != NULL);
    CHECK(fgets(second, sizeof second, opened) != NULL);
    fclose(opened);
    CHECK_TEXT(second, first);
    runloop_object_free(object);
    remove_deep(back);
    group("files that are said to be empty and are not");
}

/* ---- a file that becomes shorter ---- */

#define SHRUNK (1 << 20)

/* The file that becomes shorter, when it is read for the second time. */
static struct {
    ino_t inode;
    int reads;
} shrinking;

static void shrink(int descriptor)
{
    struct stat about;
    if (!shrinking.inode || fstat(descriptor, &about) || about.st_ino != shrinking.inode) return;
    if (++shrinking.reads == 2) CHECK(!truncate(in(root, "shrunk/file"), SHRUNK / 2));
}

/* In place of the C library's, so that it is certain how much has been read by then. */
ssize_t read(int descriptor, void *buffer, size_t size)
{
    static ssize_t (*real)(int, void *, size_t);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "read");
    shrink(descriptor);
    return real(descriptor, buffer, size);
}

static void shrunk(void)
{
    static const char *const kinds[] = {"without holes", "with holes", "with a hole at its end"};
    const char *tree = in(root, "shrunk"), *path = in(root, "shrunk/file");
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    int kind;
    folder(tree);
    options.on_skipped = skipped;
    for (kind = 0; kind < 3; kind++) {
        struct skips skips = {"", 0};
        runloop_object *object;
        struct stat about;
        int opened, at;
        options.user_data = &skips;
        CHECK((opened = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600)) >= 0);
        CHECK(!ftruncate(opened, SHRUNK));
        for (at = 0; at < (kind == 2 ? SHRUNK / 4 : SHRUNK); at += kind == 1 ? SHRUNK / 16 : 4096) CHECK(pwrite(opened, "data", 4, at) == 4);
        CHECK(!fsync(opened) && !fstat(opened, &about));
        close(opened);
        shrinking.reads = 0;
        shrinking.inode = about.st_ino;
        object = uploaded(tree, &options);
        shrinking.inode = 0;
        if (shrinking.reads < 2 || strcmp(skips.text, "file: its last 524288 bytes, which are zeros in the archive: it became shorter while it was packed\n"))
            fail_at(__FILE__, __LINE__, "%s: %d reads, and told: \"%s\"", kinds[kind], shrinking.reads, skips.text);
        runloop_object_free(object);
    }
    remove_deep(tree);
    group("a file that becomes shorter is told of, with holes and without");
}

/* ---- names that are no text ---- */

static void look_alikes(void)
{
    const char *tree = in(root, "look-alikes");
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    struct skips skips = {"", 0};
    folder(tree);
    CHECK(!mkfifo(in(tree, "\xfe"), 0600) || errno == EILSEQ);
    CHECK(!mkfifo(in(tree, "\xff"), 0600) || errno == EILSEQ);
    options.on_skipped = skipped;
    options.user_data = &skips;
    runloop_object_free(uploaded(tree, &options));
    CHECK_INT(skips.count, exists(in(tree, "\xff")) ? 2 : 0);
    remove_deep(tree);
    group("two entries whose names look alike are both told of");
}

int main(void)
{
    begin("test_odd_trees");
    snprintf(root, sizeof root, "%s", temporary("odd-trees"));
    folder(root);
    server = object_server_start();
    client = new_client(object_server_url(server));
    many_chains();
    deep_trees();
    exchanged();
    untrue_sizes();
    shrunk();
    look_alikes();
    runloop_client_free(client);
    object_server_stop(server);
    remove_deep(root);
    return finish();
}
