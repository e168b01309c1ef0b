/* Directories: packed, ignored in part, unpacked from archives that nobody vouches for, and moved in
 * and out of a devbox. RUNLOOP_TEST_LARGE moves 50,000 files and 2 GB instead of 2,000 and 20 MB. */

#include "harness.h"
#include "object_server.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static object_server *server;
static runloop_client *client;
static char root[512];

/* ---- trees ---- */

/* A path that stays. */
static const char *in(const char *folder, const char *name)
{
    static char known[256][1024];
    char path[1024];
    size_t i;
    CHECK(snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path);
    for (i = 0; i < sizeof known / sizeof *known; i++) {
        if (!*known[i]) strcpy(known[i], path);
        if (!strcmp(known[i], path)) return known[i];
    }
    abort();
}

static void folder(const char *path)
{
    CHECK(!mkdir(path, 0755));
}

static void file(const char *path, const char *contents)
{
    FILE *file = fopen(path, "wb");
    CHECK(file && fwrite(contents, 1, strlen(contents), file) == strlen(contents) && !fclose(file));
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about;
    (void)kind;
    (void)walk;
    return remove(path);
}

static void remove_all(const char *path)
{
    nftw(path, remove_one, 64, FTW_DEPTH | FTW_PHYS);
}

static int exists(const char *path)
{
    struct stat about;
    return !lstat(path, &about);
}

static int by_name(const struct dirent **one, const struct dirent **other)
{
    return strcmp((*one)->d_name, (*other)->d_name);
}

static uint64_t sum_of(const char *path)
{
    static char buffer[1 << 16];
    uint64_t sum = 14695981039346656037u;
    FILE *opened = fopen(path, "rb");
    size_t count, i;
    if (!opened) return 0;
    while ((count = fread(buffer, 1, sizeof buffer, opened)) > 0)
        for (i = 0; i < count; i++) sum = (sum ^ (unsigned char)buffer[i]) * 1099511628211u;
    fclose(opened);
    return sum;
}

/* Names, kinds, modes, times, links and contents of all that is below, a line each. */
static void describe_into(FILE *out, const char *top, const char *name)
{
    struct dirent **entries;
    char path[4096];
    int count, i;
    snprintf(path, sizeof path, "%s/%s", top, name);
    count = scandir(path, &entries, NULL, by_name);
    CHECK(count >= 0);
    for (i = 0; i < count; i++) {
        char own[2048], whole[4096], target[4096];
        struct stat about;
        ssize_t length;
        if (!strcmp(entries[i]->d_name, ".") || !strcmp(entries[i]->d_name, "..")) {
            free(entries[i]);
            continue;
        }
        snprintf(own, sizeof own, "%.1000s%s%.1000s", name, *name ? "/" : "", entries[i]->d_name);
        snprintf(whole, sizeof whole, "%.1500s/%s", top, own);
        CHECK(!lstat(whole, &about));
        fprintf(out, "%s %o", own, about.st_mode);
        if (S_ISLNK(about.st_mode)) {
            length = readlink(whole, target, sizeof target - 1);
            CHECK(length >= 0);
            target[length] = 0;
            fprintf(out, " -> %s", target);
        } else if (S_ISREG(about.st_mode)) {
            fprintf(out, " %lld %lld %d %016llx", (long long)about.st_size, (long long)about.st_mtime, (int)about.st_nlink,
                    (unsigned long long)sum_of(whole));
        }
        fputc('\n', out);
        if (S_ISDIR(about.st_mode)) describe_into(out, top, own);
        free(entries[i]);
    }
    free(entries);
}

static char *described(const char *top)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    CHECK(out != NULL);
    describe_into(out, top, "");
    CHECK(!fclose(out));
    return text;
}

static void check_same(const char *one, const char *other)
{
    char *first = described(one), *second = described(other);
    size_t i;
    for (i = 0; first[i] && first[i] == second[i]; i++) continue;
    if (first[i] != second[i]) fail_at(__FILE__, __LINE__, "%s and %s differ: \"%.200s\", \"%.200s\"", one, other, first + (i > 60 ? i - 60 : 0), second + (i > 60 ? i - 60 : 0));
    free(first);
    free(second);
}

/* Only the names, for small trees. */
static char *names(const char *top)
{
    char *text = described(top), *from = text, *to = text;
    while (*from) {
        size_t length = strcspn(from, " ");
        memmove(to, from, length);
        to += length;
        *to++ = ' ';
        from += strcspn(from, "\n") + 1;
    }
    *to = 0;
    return text;
}

static void make_tree(const char *top)
{
    char longest[256], path[2048];
    struct timespec times[2] = {{1000000000, 0}, {1000000000, 0}};
    int out;
    memset(longest, 'n', 250);
    longest[250] = 0;
    folder(top);
    folder(in(top, "sub"));
    folder(in(top, "empty"));
    file(in(top, "hello"), "Hello");
    file(in(top, "nothing"), "");
    file(in(top, "sub/caf\xc3\xa9 'q\" $x"), "odd");
    CHECK(!chmod(in(top, "hello"), 0751));
    CHECK(!chmod(in(top, "empty"), 0700));
    CHECK(!utimensat(AT_FDCWD, in(top, "hello"), times, 0));
    CHECK(!link(in(top, "hello"), in(top, "sub/again")));
    CHECK(!symlink("../hello", in(top, "sub/link")));
    CHECK(!symlink(longest, in(top, "sub/far")));
    snprintf(path, sizeof path, "%s/sub/%s", top, longest);
    folder(path);
    snprintf(path, sizeof path, "%s/sub/%s/%s", top, longest, longest);
    file(path, "deep");
    out = open(in(top, "sparse"), O_WRONLY | O_CREAT, 0644);
    CHECK(out >= 0 && !ftruncate(out, 30 << 20) && pwrite(out, "middle", 6, 20 << 20) == 6);
    close(out);
}

struct skips {
    char text[4096];
    int count;
};

static void skipped(void *data, const char *path, const char *reason)
{
    struct skips *skips = (struct skips *)data;
    size_t used = strlen(skips->text);
    skips->count++;
    snprintf(skips->text + used, sizeof skips->text - used, "%s: %s\n", path, reason);
}

/* ---- objects ---- */

static void there_and_back(void)
{
    const char *tree = in(root, "tree"), *back = in(root, "back");
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_object *object;
    runloop_value *info;
    runloop_bytes *first, *second;
    struct skips skips = {"", 0};
    struct sockaddr_un address;
    struct stat about;
    const char *text;
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    make_tree(tree);
    OK(runloop_object_upload_from_dir(client, tree, NULL, NULL, NULL, &object, E));
    OK(runloop_object_refresh(object, NULL, &info, E));
    OK(runloop_value_get_string(info, "/name", &text, NULL, E));
    CHECK_TEXT(text, "tree.tar.gz");
    OK(runloop_value_get_string(info, "/content_type", &text, NULL, E));
    CHECK_TEXT(text, "tgz");
    runloop_value_free(info);
    OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
    check_same(tree, back);
    CHECK(!stat(in(back, "sparse"), &about) && about.st_blocks * 512 < 4 << 20);
    /* Into what is there already. */
    file(in(back, "mine"), "kept");
    file(in(back, "nothing"), "replaced");
    OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
    unlink(in(back, "mine"));
    check_same(tree, back);
    remove_all(back);
    /* Through a break in the middle of the archive. */
    object_server_fault(server, "get", 2, FAULT_RESET, 0, 5000);
    opts.timeout_ms = 500;
    OK(runloop_object_download_to_dir(object, back, NULL, NULL, &opts, E));
    check_same(tree, back);
    remove_all(back);
    object_server_no_faults(server);

    /* The same tree gives the same bytes, and is told what it lacks. */
    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    CHECK(snprintf(address.sun_path, sizeof address.sun_path, "%s/s", tree) < (int)sizeof address.sun_path);
    CHECK(!bind(listener, (struct sockaddr *)&address, sizeof address));
    CHECK(!mkfifo(in(tree, "pipe"), 0600));
    options.on_skipped = skipped;
    options.user_data = &skips;
    OK(runloop_object_download_as_bytes(object, NULL, NULL, &first, E));
    runloop_object_free(object);
    OK(runloop_object_upload_from_dir(client, tree, &options, NULL, NULL, &object, E));
    OK(runloop_object_download_as_bytes(object, NULL, NULL, &second, E));
    CHECK_TEXT(skips.text, "pipe: it is a named pipe\ns: it is a socket\n");
    /* The directory's own time has changed, and nothing else: the archive begins with it. */
    CHECK_INT(runloop_bytes_length(second) > 0, 1);
    runloop_bytes_free(first);
    OK(runloop_object_download_as_bytes(object, NULL, NULL, &first, E));
    CHECK_BYTES(second, runloop_bytes_data(first), runloop_bytes_length(first));
    runloop_bytes_free(first);
    close(listener);
    unlink(in(tree, "s"));
    unlink(in(tree, "pipe"));
    runloop_object_free(object);

    CHECK_STATUS(runloop_object_upload_from_dir(client, in(root, "missing"), NULL, NULL, NULL, &object, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "missing");
    CHECK_STATUS(runloop_object_upload_from_dir(client, in(tree, "hello"), NULL, NULL, NULL, &object, E), RUNLOOP_INVALID_ARGUMENT);
    group("a tree there and back: names, modes, times, links, holes");
}

static void check_packed(const char *tree, const runloop_tree_options *options, int docker, const char *expected)
{
    const char *back = in(root, "packed");
    runloop_object *object;
    char *found;
    if (docker) OK(runloop_docker_context_upload(client, tree, options, NULL, NULL, &object, E));
    else OK(runloop_object_upload_from_dir(client, tree, options, NULL, NULL, &object, E));
    OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
    found = names(back);
    CHECK_TEXT(found, expected);
    free(found);
    runloop_object_free(object);
    remove_all(back);
}

static void ignoring(void)
{
    static const char *const patterns[] = {"*.log", "!keep.log", NULL}, *const bad[] = {"[", NULL}, *const more[] = {"src/*.c", NULL};
    const char *tree = in(root, "context");
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    runloop_object *object;
    folder(tree);
    folder(in(tree, "src"));
    folder(in(tree, "out"));
    folder(in(tree, "out/deep"));
    file(in(tree, "a.log"), "");
    file(in(tree, "keep.log"), "");
    file(in(tree, "src/b.log"), "");
    file(in(tree, "src/main.c"), "");
    file(in(tree, "out/x.o"), "");
    file(in(tree, "out/deep/wanted"), "");
    check_packed(tree, NULL, 0, "a.log keep.log out out/deep out/deep/wanted out/x.o src src/b.log src/main.c ");
    options.ignore = patterns;
    check_packed(tree, &options, 0, "keep.log out out/deep out/deep/wanted out/x.o src src/b.log src/main.c ");
    options.ignore = NULL;
    check_packed(tree, NULL, 1, "a.log keep.log out out/deep out/deep/wanted out/x.o src src/b.log src/main.c ");
    file(in(tree, ".dockerignore"), "# what is not needed\n\xef\xbb\xbf\n**/*.log\n!keep.log\n/out/\n!out/deep/wanted\n");
    check_packed(tree, NULL, 1, ".dockerignore keep.log out out/deep out/deep/wanted src src/main.c ");
    /* Only a build context has a .dockerignore. */
    check_packed(tree, NULL, 0, ".dockerignore a.log keep.log out out/deep out/deep/wanted out/x.o src src/b.log src/main.c ");
    options.ignore = more;
    check_packed(tree, &options, 1, ".dockerignore keep.log out out/deep out/deep/wanted src ");
    options.ignore = NULL;
    options.ignore_file = in(tree, ".dockerignore");
    check_packed(tree, &options, 0, ".dockerignore keep.log out out/deep out/deep/wanted src src/main.c ");
    options.ignore_file = in(tree, "missing");
    CHECK_STATUS(runloop_object_upload_from_dir(client, tree, &options, NULL, NULL, &object, E), RUNLOOP_LOCAL_IO);
    options.ignore_file = NULL;
    options.ignore = bad;
    CHECK_STATUS(runloop_docker_context_upload(client, tree, &options, NULL, NULL, &object, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "\"[\"");
    options.ignore = NULL;
    options.max_entries = -2;
    CHECK_STATUS(runloop_docker_context_upload(client, tree, &options, NULL, NULL, &object, E), RUNLOOP_INVALID_ARGUMENT);
    group("ignore rules, and .dockerignore");
}

/* ---- hostile archives ---- */

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

/* ---- devboxes ---- */

static long memory(const char *what)
{
    char line[256];
    long kilobytes = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (!strncmp(line, what, strlen(what))) kilobytes = atol(line + strlen(what) + 1);
    if (status) fclose(status);
    CHECK(kilobytes > 0);
    return kilobytes;
}

static long baseline(void)
{
    FILE *reset = fopen("/proc/self/clear_refs", "w");
    if (!reset || fputs("5", reset) < 0 || fclose(reset)) printf("test_directories: the peak of memory cannot be reset here\n");
    return memory("VmRSS:");
}

static void check_memory(const char *what, long before)
{
    long peak = memory("VmHWM:") - before;
    printf("test_directories: %s: %ld KiB over the baseline at its peak\n", what, peak);
    CHECK(peak <= 48 * 1024);
}

static void check_clean(runloop_devbox *devbox)
{
    runloop_bytes *out;
    CHECK_INT(run(devbox, "ls -a /tmp | grep librunloop", &out, NULL), 1);
    CHECK_OUTPUT(out, "");
}

/* A command that takes longer is waited for by further requests. */
static int requests(void)
{
    return journal_count(NULL) - journal_count("devboxes.wait_for_command");
}

static void in_and_out(runloop_devbox *devbox)
{
    static const char *const patterns[] = {"sparse", "sub/far", NULL};
    const char *tree = in(root, "tree"), *back = in(root, "from-devbox");
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    struct skips skips = {"", 0};
    runloop_bytes *out;
    char *found;
    journal_clear();
    OK(runloop_devbox_upload_dir(devbox, tree, "it's/a dir", NULL, NULL, E));
    CHECK_INT(requests(), 2);
    journal_clear();
    OK(runloop_devbox_download_dir(devbox, "it's/a dir", back, NULL, NULL, E));
    CHECK_INT(requests(), 3);
    check_same(tree, back);
    check_clean(devbox);
    remove_all(back);
    CHECK_INT(run(devbox, "stat -c %a \"it's/a dir/hello\"; cat \"it's/a dir/sub/link\"", &out, NULL), 0);
    CHECK_OUTPUT(out, "751\nHello");

    options.ignore = patterns;
    OK(runloop_devbox_upload_dir(devbox, tree, "part", &options, NULL, E));
    CHECK_INT(run(devbox, "ls part part/sub | grep -c -e sparse -e far", &out, NULL), 1);
    CHECK_OUTPUT(out, "0\n");
    /* A devbox is not trusted either. */
    CHECK_INT(run(devbox, "mkdir links && ln -s /etc/passwd links/out && ln -s in links/in && mkfifo links/pipe", NULL, NULL), 0);
    options.on_skipped = skipped;
    options.user_data = &skips;
    OK(runloop_devbox_download_dir(devbox, "links", back, &options, NULL, E));
    CHECK_INT(skips.count, 2);
    CHECK_HAS(skips.text, "out: it is a link to /etc/passwd");
    found = names(back);
    CHECK_TEXT(found, "in ");
    free(found);
    remove_all(back);

    CHECK_STATUS(runloop_devbox_download_dir(devbox, "no such dir", back, NULL, NULL, E), RUNLOOP_REMOTE_IO);
    CHECK_HAS(last_message(), "no such dir");
    CHECK(runloop_error_body(last_error(), NULL) != NULL);
    CHECK(!exists(back));
    CHECK_STATUS(runloop_devbox_upload_dir(devbox, tree, "/proc/nowhere", NULL, NULL, E), RUNLOOP_REMOTE_IO);
    CHECK_STATUS(runloop_devbox_upload_dir(devbox, in(root, "missing"), "x", NULL, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_devbox_upload_dir(devbox, tree, "", NULL, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    options.max_entries = 2;
    CHECK_STATUS(runloop_devbox_download_dir(devbox, "part", back, &options, NULL, E), RUNLOOP_BAD_ARCHIVE);
    CHECK(!exists(back));
    EVENTUALLY(run(devbox, "ls -a /tmp | grep librunloop", NULL, NULL) == 1);
    group("directories in and out of a devbox, in a fixed number of requests");
}

static int32_t stop_later(void *data, int64_t done, int64_t total)
{
    (void)data;
    (void)total;
    return done > 1000000;
}

static void stopped(runloop_devbox *devbox)
{
    const char *tree = in(root, "many");
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    opts.progress = stop_later;
    CHECK_STATUS(runloop_devbox_upload_dir(devbox, tree, "stopped", NULL, &opts, E), RUNLOOP_STOPPED);
    CHECK_STATUS(runloop_devbox_download_dir(devbox, "many", in(root, "stopped"), NULL, &opts, E), RUNLOOP_STOPPED);
    CHECK(!exists(in(root, "stopped")));
    EVENTUALLY(run(devbox, "ls -a /tmp | grep librunloop", NULL, NULL) == 1);
    group("stopped on the way, it leaves nothing");
}

/* Many files, half of them text, half noise. */
static void make_many(const char *top, int count, size_t each)
{
    char *contents = (char *)allocate(each);
    uint64_t seed = 88172645463325252u;
    int i;
    size_t j;
    folder(top);
    for (i = 0; i < count; i++) {
        char path[2048];
        FILE *out;
        snprintf(path, sizeof path, "%s/d%d", top, i / 100);
        if (i % 100 == 0) folder(path);
        for (j = 0; j < each; j++) {
            if (i % 2) {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
            }
            contents[j] = i % 2 ? (char)seed : (char)("some text, again and again\n"[j % 27] + (int)(j * (size_t)i % 3));
        }
        snprintf(path, sizeof path, "%s/d%d/f%d", top, i / 100, i);
        out = fopen(path, "wb");
        CHECK(out && fwrite(contents, 1, each, out) == each && !fclose(out));
    }
    free(contents);
}

static void many(runloop_devbox *devbox)
{
    int large = getenv("RUNLOOP_TEST_LARGE") != NULL, count = large ? 50000 : 2000;
    const char *tree = in(root, "many"), *back = in(root, "many-back");
    runloop_object *object;
    double began;
    long before;
    make_many(tree, count, large ? 43000 : 10000);
    before = baseline();
    began = seconds();
    OK(runloop_devbox_upload_dir(devbox, tree, "many", NULL, NULL, E));
    printf("test_directories: into a devbox: %.1f s\n", seconds() - began);
    check_memory("a directory into a devbox", before);
    before = baseline();
    began = seconds();
    OK(runloop_devbox_download_dir(devbox, "many", back, NULL, NULL, E));
    printf("test_directories: out of a devbox: %.1f s\n", seconds() - began);
    check_memory("a directory out of a devbox", before);
    check_same(tree, back);
    remove_all(back);
    before = baseline();
    began = seconds();
    OK(runloop_object_upload_from_dir(client, tree, NULL, NULL, NULL, &object, E));
    printf("test_directories: into an object: %.1f s\n", seconds() - began);
    check_memory("a directory into an object", before);
    before = baseline();
    OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
    check_memory("a directory out of an object", before);
    check_same(tree, back);
    remove_all(back);
    runloop_object_free(object);
    group("many files, in little memory");
}

int main(void)
{
    runloop_client *with_emulator;
    runloop_devbox *devbox;
    begin("test_directories");
    snprintf(root, sizeof root, "%s", temporary("trees"));
    folder(root);
    server = object_server_start();
    client = new_client(object_server_url(server));
    there_and_back();
    ignoring();
    hostile();
    bombs_and_damage();

    emulator_start(NULL);
    with_emulator = new_client(NULL);
    devbox = new_devbox(with_emulator);
    in_and_out(devbox);
    many(devbox);
    stopped(devbox);
    shut_down_and_free(devbox);
    runloop_client_free(with_emulator);

    runloop_client_free(client);
    object_server_stop(server);
    remove_all(root);
    return finish();
}
