/* Archives that nobody vouches for: whatever they hold, nothing lands outside the target. */

#include "harness.h"
#include "local_files.h"
#include "object_server.h"
#include "trees.h"

#include <errno.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static object_server *server;
static runloop_client *client;
static char root[512];

struct entry {
    const char *name;
    char kind;
    const char *target;
    const char *contents;
};

static char archive[1 << 20];
static size_t archive_length;

static void put_header(const char *name, char kind, const char *target, long long size)
{
    unsigned char *header = (unsigned char *)archive + archive_length;
    unsigned sum = 0;
    size_t i;
    memset(header, 0, 512);
    memcpy(header, name, strlen(name) < 100 ? strlen(name) : 100);
    memcpy(header + 100, "0006777", 8);
    memcpy(header + 108, "0000000", 8);
    memcpy(header + 116, "0000000", 8);
    snprintf((char *)header + 124, 12, "%011llo", (unsigned long long)size);
    memcpy(header + 136, "00000000001", 12);
    memset(header + 148, ' ', 8);
    header[156] = (unsigned char)kind;
    memcpy(header + 157, target, strlen(target) < 100 ? strlen(target) : 100);
    memcpy(header + 257, "ustar  ", 8);
    for (i = 0; i < 512; i++) sum += header[i];
    snprintf((char *)header + 148, 8, "%06o", sum);
    archive_length += 512;
}

static void put(const struct entry *entry)
{
    size_t length = strlen(entry->contents), padded = (length + 511) / 512 * 512;
    put_header(entry->name, entry->kind, entry->target, (long long)length);
    memset(archive + archive_length, 0, padded);
    memcpy(archive + archive_length, entry->contents, length);
    archive_length += padded;
}

static void end_archive(void)
{
    memset(archive + archive_length, 0, 1024);
    archive_length += 1024;
}

/* Unpacks into a directory of its own, beside which nothing may change. */
static int32_t unpack(const char *target, const runloop_tree_options *options)
{
    const char *id = object_server_put(server, archive, archive_length);
    runloop_object *object;
    int32_t status;
    OK(runloop_object_from_id(client, id, &object, E));
    status = runloop_object_download_to_dir(object, target, options, NULL, NULL, E);
    runloop_object_free(object);
    return status;
}

static void hostile(void)
{
    static char absolute[1024], through[1024];
    struct entry entries[][4] = {
        {{"../outside", '0', "", "x"}},
        {{absolute, '0', "", "x"}},
        {{"a/../../outside", '0', "", "x"}},
        {{"..", '5', "", ""}},
        {{"l", '1', "../outside", ""}, {"l", '0', "", "x"}},
        {{"l", '1', absolute, ""}},
        {{"s", '2', "..", ""}, {"s/outside", '0', "", "x"}},
        {{"s", '2', absolute, ""}, {"s", '0', "", "x"}},
        {{"s", '2', through, ""}, {"s/outside", '0', "", "x"}},
        {{"d", '5', "", ""}, {"s", '2', "d", ""}, {"s/../../outside", '0', "", "x"}},
        {{"d/e", '5', "", ""}, {"d/e/up", '2', "../..", ""}, {"out", '2', "d/e/up/..", ""}, {"out/outside", '0', "", "x"}},
        {{"d", '5', "", ""}, {"s", '2', "d", ""}, {"h", '1', "s", ""}, {"h/outside", '0', "", "x"}},
        {{"s", '2', "x", ""}, {"d/h", '1', "s", ""}},
        {{"null", '3', "", ""}, {"sda", '4', "", ""}, {"fifo", '6', "", ""}, {"s", '2', "../outside", ""}},
        {{"s", '2', "./.././outside", ""}, {"s", '0', "", "x"}},
        {{"existing/outside", '0', "", "x"}},
        {{"existing", '0', "", "x"}},
        {{"l", '1', "existing/outside", ""}, {"l", '0', "", "x"}},
        {{"existing", '5', "", ""}, {"existing/outside", '0', "", "x"}},
        {{"d", '5', "", ""}, {"d", '2', "..", ""}, {"d/outside", '0', "", "x"}},
    };
    char target[1024], evil[1024], *before, *after;
    struct skips skips = {"", 0};
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    size_t i, j;
    options.on_skipped = skipped;
    options.user_data = &skips;
    snprintf(evil, sizeof evil, "%s/evil", root);
    snprintf(absolute, sizeof absolute, "%.400s/outside", evil);
    snprintf(through, sizeof through, "%.500s", evil);
    folder(evil);
    file(absolute, "untouched");
    for (i = 0; i < sizeof entries / sizeof *entries; i++) {
        int32_t status;
        snprintf(target, sizeof target, "%.500s/t", evil);
        folder(target);
        /* A link that was there before, and leads out. */
        CHECK(!symlink("..", in(target, "existing")));
        before = described(evil);
        archive_length = 0;
        for (j = 0; j < 4 && entries[i][j].name; j++) put(&entries[i][j]);
        end_archive();
        status = unpack(target, &options);
        if (status != RUNLOOP_OK && status != RUNLOOP_BAD_ARCHIVE)
            fail_at(__FILE__, __LINE__, "archive %zu gave %s", i, runloop_status_name(status));
        remove_all(target);
        folder(target);
        CHECK(!symlink("..", in(target, "existing")));
        after = described(evil);
        if (strcmp(before, after)) fail_at(__FILE__, __LINE__, "archive %zu changed what is outside: %s, %s", i, before, after);
        free(before);
        free(after);
        remove_all(target);
    }
    CHECK(skips.count >= 8);
    CHECK_HAS(skips.text, "null: it is a device\nsda: it is a device\nfifo: it is a named pipe\ns: it is a link to ../outside");
    remove_all(evil);
    group("archives that would leave their target");
}

static void bombs_and_damage(void)
{
    const char *target = in(root, "bomb");
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    struct entry one = {"one", '0', "", "contents"}, two = {"two", '0', "", "contents"};
    size_t length, whole;
    struct stat about;
    archive_length = 0;
    put(&one);
    put(&two);
    end_archive();
    options.max_entries = 1;
    CHECK_STATUS(unpack(target, &options), RUNLOOP_BAD_ARCHIVE);
    CHECK_HAS(last_message(), "max_entries");
    CHECK(!exists(target));
    options.max_entries = 2;
    options.max_bytes = 15;
    CHECK_STATUS(unpack(target, &options), RUNLOOP_BAD_ARCHIVE);
    CHECK_HAS(last_message(), "max_bytes");
    CHECK(!exists(target));
    options.max_bytes = 16;
    OK(unpack(target, &options));
    CHECK(!stat(in(target, "one"), &about) && (about.st_mode & 07777) == 0777); /* no set-user-id */
    remove_all(target);
    whole = archive_length;
    for (length = 0; length < whole - 1024; length += 100) {
        archive_length = length;
        CHECK_STATUS(unpack(target, NULL), RUNLOOP_BAD_ARCHIVE);
        CHECK(!exists(target));
    }
    /* Sizes beyond everything, of a file and of a name. */
    archive_length = 0;
    put_header("huge", '0', "", 077777777777ll);
    CHECK_STATUS(unpack(target, NULL), RUNLOOP_BAD_ARCHIVE);
    archive_length = 0;
    put_header("huge", 'L', "", 077777777777ll);
    CHECK_STATUS(unpack(target, NULL), RUNLOOP_BAD_ARCHIVE);
    archive_length = 0;
    put(&one);
    archive[3] ^= 1;
    end_archive();
    CHECK_STATUS(unpack(target, NULL), RUNLOOP_BAD_ARCHIVE);
    CHECK_HAS(last_message(), "checksum");
    archive_length = (size_t)sprintf(archive, "<html>no archive</html>");
    CHECK_STATUS(unpack(target, NULL), RUNLOOP_BAD_ARCHIVE);
    CHECK(!exists(target));
    file(in(root, "plain"), "");
    CHECK_STATUS(unpack(in(root, "plain"), NULL), RUNLOOP_INVALID_ARGUMENT);
    group("bombs, truncations, damage");
}

/* Entries as others write them, and entries that cannot be made. */
static void odd_entries(void)
{
    const char *target = in(root, "odd");
    struct entry inner = {"d/f", '0', "", "x"}, link_to = {"l", '2', "d/f", ""}, in_the_way = {"way", '0', "", "x"}, last = {"last", '0', "", "x"};
    struct entry late = {"d/late", '0', "", "x"};
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    struct skips skips = {"", 0};
    struct stat about;
    size_t i;
    for (i = 0; i < 2; i++) {
        /* Directories and links that name a size, without and with contents of that size. */
        archive_length = 0;
        put_header("d/", '5', "", 1000);
        if (i) memset(archive + archive_length, 'z', 1024), archive_length += 1024;
        put(&inner);
        put_header("s", '2', "d/f", 7);
        if (i) memset(archive + archive_length, 'z', 512), archive_length += 512;
        put(&last);
        put(&late);
        end_archive();
        OK(unpack(target, NULL));
        CHECK(!stat(in(target, "d/f"), &about) && about.st_size == 1);
        CHECK(!stat(in(target, "s"), &about) && about.st_size == 1);
        CHECK(!stat(in(target, "last"), &about));
        /* Come back to, it has what the archive says of it all the same. */
        CHECK(!stat(in(target, "d"), &about) && about.st_mtime == 1 && (about.st_mode & 07777) == 0777);
        remove_all(target);
    }
    /* A directory stands where a file is to be. */
    folder(target);
    folder(in(target, "way"));
    archive_length = 0;
    put(&inner);
    put(&link_to);
    put(&in_the_way);
    put(&last);
    end_archive();
    CHECK_STATUS(unpack(target, NULL), RUNLOOP_BAD_ARCHIVE);
    CHECK_HAS(last_message(), "way cannot be made");
    options.on_skipped = skipped;
    options.user_data = &skips;
    OK(unpack(target, &options));
    CHECK_INT(skips.count, 1);
    CHECK_HAS(skips.text, "way: ");
    CHECK(exists(in(target, "last")));
    remove_all(target);
    group("entries that name sizes, come back to a directory, or cannot be made");
}

/* ---- archives as others write them ---- */

static int refuse_links;

/* In place of the C library's. */
int symlinkat(const char *target, int folder, const char *name)
{
    if (refuse_links) {
        errno = EPERM;
        return -1;
    }
    return (int)syscall(SYS_symlinkat, target, folder, name);
}

static int32_t unpack_object(const char *id, const char *target, const runloop_tree_options *options)
{
    runloop_object *object;
    int32_t status;
    OK(runloop_object_from_id(client, id, &object, E));
    status = runloop_object_download_to_dir(object, target, options, NULL, NULL, E);
    runloop_object_free(object);
    return status;
}

/* A record of an extended header. */
static void put_extended(const char *key, const char *value)
{
    char text[600], record[620];
    int length = snprintf(text, sizeof text, " %s=%s\n", key, value), whole;
    struct entry extended = {"extended", 'x', "", record};
    whole = length + 1 <= 9 ? length + 1 : length + 2 <= 99 ? length + 2 : length + 3;
    snprintf(record, sizeof record, "%d%s", whole, text);
    CHECK_INT(strlen(record), whole);
    put(&extended);
}

static void of_others(void)
{
    const char *target = in(root, "of-others");
    struct entry one = {"one", '0', "", "contents"}, odd = {"odd", 'A', "", "data"}, label = {"label", 'V', "", ""},
                 dump = {"dump", 'D', "", "Yx"}, part = {"part", 'M', "", "x"}, inner = {"dump/x", '0', "", "x"};
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    struct skips skips = {"", 0};
    char name[300], command[1500];
    const char *plain = in(root, "plain.tar"), *packed_twice = in(root, "twice.tgz");
    struct stat about;
    size_t length;
    char *bytes;
    FILE *out;
    /* What is not known is a file, as POSIX has it. */
    archive_length = 0;
    put(&label);
    put(&odd);
    put(&dump);
    put(&inner);
    end_archive();
    OK(unpack(target, NULL));
    CHECK(!stat(in(target, "odd"), &about) && S_ISREG(about.st_mode) && about.st_size == 4);
    CHECK(!stat(in(target, "dump"), &about) && S_ISDIR(about.st_mode));
    CHECK(exists(in(target, "dump/x")) && !exists(in(target, "label")));
    remove_all(target);
    archive_length = 0;
    put(&part);
    end_archive();
    options.on_skipped = skipped;
    options.user_data = &skips;
    CHECK_STATUS(unpack(target, &options), RUNLOOP_BAD_ARCHIVE);
    CHECK_HAS(last_message(), "several volumes");

    /* Line breaks, and what looks like another record, in a name; values that are taken back; times before 1970. */
    snprintf(name, sizeof name, "a\n12 path=no\n%0200d", 1);
    archive_length = 0;
    put_extended("path", name);
    put(&one);
    put_extended("path", "");
    put(&one);
    put_extended("mtime", "-1.5");
    put(&odd);
    end_archive();
    OK(unpack(target, NULL));
    snprintf(command, sizeof command, "%s/%s", target, name);
    CHECK(exists(command) && exists(in(target, "one")));
    CHECK(!stat(in(target, "odd"), &about) && about.st_mtim.tv_sec == -2 && about.st_mtim.tv_nsec == 500000000);
    remove_all(target);

    /* Compressed in several pieces, with nothing and with zeros behind them, but not with anything else. */
    archive_length = 0;
    put(&one);
    put(&odd);
    end_archive();
    CHECK((out = fopen(plain, "wb")) != NULL);
    CHECK(fwrite(archive, 1, archive_length, out) == archive_length && !fclose(out));
    snprintf(command, sizeof command, "cd %s && { head -c 700 plain.tar | gzip; gzip </dev/null; tail -c +701 plain.tar | gzip; head -c 9000 /dev/zero; } >twice.tgz", root);
    CHECK(!system(command));
    CHECK((bytes = file_contents(packed_twice, &length)) != NULL);
    OK(unpack_object(object_server_put(server, bytes, length), target, NULL));
    CHECK(exists(in(target, "one")) && exists(in(target, "odd")));
    remove_all(target);
    bytes[length - 1] = 'x';
    CHECK_STATUS(unpack_object(object_server_put(server, bytes, length), target, NULL), RUNLOOP_BAD_ARCHIVE);
    CHECK_HAS(last_message(), "follows");
    memcpy(bytes + length - 1000, "no gzip data", 12);
    CHECK_STATUS(unpack_object(object_server_put(server, bytes, length), target, NULL), RUNLOOP_BAD_ARCHIVE);
    CHECK_HAS(last_message(), "follows");
    CHECK_STATUS(unpack_object(object_server_put(server, bytes, length - 9001), target, NULL), RUNLOOP_BAD_ARCHIVE);
    CHECK_HAS(last_message(), "too early");
    CHECK(!exists(target));
    free(bytes);
    group("archives as others write them");
}

static const char *vanishing;

static void vanish(void *data, const char *path, const char *reason)
{
    (void)data;
    (void)path;
    (void)reason;
    remove_all(vanishing);
}

static void targets_that_fail(void)
{
    const char *target = in(root, "failing");
    struct entry pipe = {"pipe", '6', "", ""}, one = {"one", '0', "", "x"}, link = {"link", '2', "one", ""}, dir = {"dir", '5', "", ""};
    struct entry *behind[] = {&one, &dir};
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    size_t i;
    options.on_skipped = vanish;
    vanishing = target;
    /* All that follows would be skipped. */
    for (i = 0; i < 2; i++) {
        archive_length = 0;
        put(&pipe);
        put(behind[i]);
        end_archive();
        folder(target);
        CHECK_STATUS(unpack(target, &options), RUNLOOP_LOCAL_IO);
        CHECK_HAS(last_message(), "removed");
        CHECK(!exists(target));
    }
    /* Some file systems have no links: nothing is wrong with the archive. */
    archive_length = 0;
    put(&one);
    put(&link);
    end_archive();
    refuse_links = 1;
    CHECK_STATUS(unpack(target, NULL), RUNLOOP_LOCAL_IO);
    refuse_links = 0;
    CHECK_HAS(last_message(), "link cannot be made");
    group("targets that vanish, or take no links");
}

/* What has this mode is refused its time, as some file systems do. */
static mode_t refused_mode;

/* In place of the C library's. */
int futimens(int descriptor, const struct timespec times[2])
{
    struct stat about;
    if (refused_mode && !fstat(descriptor, &about) && about.st_mode == refused_mode) {
        errno = EPERM;
        return -1;
    }
    return (int)syscall(SYS_utimensat, descriptor, NULL, times, 0);
}

/* What cannot be given to a directory when it is left is told of that, and nothing else is lost by it. */
static void attributes_that_fail(void)
{
    static const char *const lost[] = {"d", "d/e"};
    const char *target = in(root, "attributes");
    struct entry dir = {"d/", '5', "", ""}, inner = {"d/e/", '5', "", ""}, deep = {"d/e/f", '0', "", "x"}, file = {"last", '0', "", "x"};
    struct entry link = {"link", '2', "last", ""}, late = {"d/late", '0', "", "x"}, other = {"other/", '5', "", ""};
    struct entry hard = {"hard", '1', "d/e/f", ""};
    struct entry *next[] = {&file, &link, &other};
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    struct skips skips;
    size_t i, j;
    options.on_skipped = skipped;
    options.user_data = &skips;
    for (i = 0; i < sizeof next / sizeof *next; i++) {
        memset(&skips, 0, sizeof skips);
        archive_length = 0;
        put(&dir);
        put(&inner);
        put(&deep);
        put(next[i]);
        put(&late);
        end_archive();
        refused_mode = S_IFDIR | 0777;
        OK(unpack(target, &options));
        refused_mode = 0;
        for (j = 0; j < 2; j++) {
            char told[256];
            snprintf(told, sizeof told, "%s: %s is there, but cannot be given its permissions and its time", lost[j], lost[j]);
            CHECK_HAS(skips.text, told);
        }
        CHECK_INT(skips.count, next[i] == &other ? 3 : 2);
        CHECK(exists(in(target, "d/late")) && exists(in(target, "d/e/f")) && exists(in(target, next[i]->name)));
        remove_all(target);
    }
    refused_mode = S_IFREG | 0777;
    memset(&skips, 0, sizeof skips);
    archive_length = 0;
    put(&deep);
    put(&hard);
    end_archive();
    OK(unpack(target, &options));
    CHECK_INT(skips.count, 1);
    CHECK(exists(in(target, "hard")));
    CHECK_HAS(skips.text, "d/e/f: d/e/f is there, but");
    CHECK(exists(in(target, "d/e/f")));
    remove_all(target);
    CHECK_STATUS(unpack(target, NULL), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), "d/e/f is there, but");
    CHECK(!exists(target));
    refused_mode = 0;
    group("permissions and times that cannot be given");
}

/* What was there stays until the new is whole, and nothing that is not whole has its name. */
static void cut_within_a_file(void)
{
    const char *target = in(root, "cut");
    struct entry before = {"before", '0', "", "new"}, in_new = {"new/file", '0', "", "contents that are cut"};
    struct entry existing = {"existing", '0', "", "contents that are cut"};
    struct entry *last[] = {&existing, &in_new};
    struct stat about;
    char *text, *left;
    size_t i, length;
    for (i = 0; i < 2; i++) {
        folder(target);
        file(in(target, "existing"), "old");
        file(in(target, "before"), "old");
        archive_length = 0;
        put(&before);
        put(last[i]);
        archive_length -= 512 - 10;
        CHECK_STATUS(unpack(target, NULL), RUNLOOP_BAD_ARCHIVE);
        CHECK((text = file_contents(in(target, "existing"), &length)) != NULL);
        CHECK(length == 3 && !memcmp(text, "old", 3));
        free(text);
        CHECK(!stat(in(target, "before"), &about) && (about.st_mode & 0777) == 0777);
        left = names(target);
        CHECK_HAS_NOT(left, ".part");
        CHECK_HAS_NOT(left, "new/file");
        free(left);
        remove_all(target);
    }
    group("a file that is there stays until the new one is whole");
}

/* ---- several downloads into one directory ---- */

enum { UNPACKERS = 4, FILES = 400 };

static struct {
    pthread_barrier_t begin;
    const char *id;
    char target[600];
} together;

static void *unpack_too(void *argument)
{
    runloop_object *object;
    (void)argument;
    OK(runloop_object_from_id(client, together.id, &object, E));
    pthread_barrier_wait(&together.begin);
    OK(runloop_object_download_to_dir(object, together.target, NULL, NULL, NULL, E));
    runloop_object_free(object);
    forget_error();
    return NULL;
}

static void at_the_same_time(void)
{
    pthread_t threads[UNPACKERS];
    char name[FILES][3][40];
    int round, i;
    archive_length = 0;
    for (i = 0; i < FILES; i++) {
        struct entry file = {name[i][0], '0', "", "whole"}, link = {name[i][1], '2', "f", ""}, dir = {name[i][2], '5', "", ""};
        snprintf(name[i][0], sizeof name[i][0], "d%d/f", i);
        snprintf(name[i][1], sizeof name[i][1], "d%d/l", i);
        snprintf(name[i][2], sizeof name[i][2], "d%d/e", i);
        put(&file);
        put(&link);
        put(&dir);
    }
    end_archive();
    together.id = object_server_put(server, archive, archive_length);
    snprintf(together.target, sizeof together.target, "%s", in(root, "together"));
    folder(together.target);
    CHECK(!pthread_barrier_init(&together.begin, NULL, UNPACKERS));
    for (round = 0; round < 3; round++) {
        for (i = 0; i < UNPACKERS; i++) CHECK(!pthread_create(&threads[i], NULL, unpack_too, NULL));
        for (i = 0; i < UNPACKERS; i++) pthread_join(threads[i], NULL);
        for (i = 0; i < FILES; i++) {
            char path[700], *text;
            size_t length;
            snprintf(path, sizeof path, "%s/%s", together.target, name[i][1]);
            text = file_contents(path, &length);
            CHECK(text && length == 5 && !memcmp(text, "whole", 5));
            free(text);
        }
    }
    pthread_barrier_destroy(&together.begin);
    remove_all(together.target);
    group("several downloads into one directory at the same time");
}

int main(void)
{
    begin("test_archives");
    snprintf(root, sizeof root, "%s", temporary("archives"));
    folder(root);
    server = object_server_start();
    client = new_client(object_server_url(server));
    hostile();
    bombs_and_damage();
    odd_entries();
    of_others();
    targets_that_fail();
    attributes_that_fail();
    cut_within_a_file();
    at_the_same_time();
    runloop_client_free(client);
    object_server_stop(server);
    remove_all(root);
    return finish();
}
