/* Directories: packed, ignored in part, unpacked, and moved in and out of a devbox.
 * RUNLOOP_TEST_LARGE moves 50,000 files and 2 GB instead of 2,000 and 20 MB. */

#include "harness.h"
#include "local_files.h"
#include "memory.h"
#include "object_server.h"
#include "trees.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static object_server *server;
static runloop_client *client;
static char root[512];

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
    /* A pipe would be waited for. */
    CHECK_INT(mkfifo(in(tree, "pipe"), 0600), 0);
    options.ignore_file = in(tree, "pipe");
    CHECK_STATUS(runloop_object_upload_from_dir(client, tree, &options, NULL, NULL, &object, E), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), "pipe");
    CHECK_INT(unlink(in(tree, ".dockerignore")), 0);
    CHECK_INT(rename(in(tree, "pipe"), in(tree, ".dockerignore")), 0);
    options.ignore_file = NULL;
    CHECK_STATUS(runloop_docker_context_upload(client, tree, &options, NULL, NULL, &object, E), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), ".dockerignore");
    CHECK_INT(unlink(in(tree, ".dockerignore")), 0);
    options.ignore = bad;
    CHECK_STATUS(runloop_docker_context_upload(client, tree, &options, NULL, NULL, &object, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "\"[\"");
    options.ignore = NULL;
    options.max_entries = -2;
    CHECK_STATUS(runloop_docker_context_upload(client, tree, &options, NULL, NULL, &object, E), RUNLOOP_INVALID_ARGUMENT);
    group("ignore rules, and .dockerignore");
}

/* ---- devboxes ---- */

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

    /* A service that wants to know the length: told once it is known. */
    {
        char *length, *again;
        journal_clear();
        fault("devboxes.upload_file", 0, 1, "{\"type\":\"status\",\"status\":411}");
        OK(runloop_devbox_upload_dir(devbox, tree, "with-length", NULL, NULL, E));
        CHECK_INT(faults_fired(), 1);
        faults_clear();
        length = journal_at("devboxes.upload_file", 0, "/headers/content-length");
        again = journal_at("devboxes.upload_file", 1, "/headers/content-length");
        CHECK(length == NULL && again != NULL && atoll(again) > 0);
        free(again);
        OK(runloop_devbox_download_dir(devbox, "with-length", back, NULL, NULL, E));
        check_same(tree, back);
        remove_all(back);
        check_clean(devbox);
    }

    options.ignore = patterns;
    OK(runloop_devbox_upload_dir(devbox, tree, "part", &options, NULL, E));
    CHECK_INT(run(devbox, "ls part part/sub | grep -c -e sparse -e far", &out, NULL), 1);
    CHECK_OUTPUT(out, "0\n");
    options.ignore = NULL;
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
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_NONE);
    /* A part of it may have been unpacked. */
    CHECK_STATUS(runloop_devbox_upload_dir(devbox, tree, "/proc", NULL, NULL, E), RUNLOOP_REMOTE_IO);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
    CHECK_STATUS(runloop_devbox_upload_dir(devbox, in(root, "missing"), "x", NULL, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_devbox_upload_dir(devbox, tree, "", NULL, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    options.max_entries = 2;
    CHECK_STATUS(runloop_devbox_download_dir(devbox, "part", back, &options, NULL, E), RUNLOOP_BAD_ARCHIVE);
    CHECK(!exists(back));
    EVENTUALLY(run(devbox, "ls -a /tmp | grep librunloop", NULL, NULL) == 1);
    group("directories in and out of a devbox, in a fixed number of requests");
}

static void check_first(const char *first, const char *const *others, size_t count)
{
    char *member, *key, *query;
    size_t i;
    int nth;
    CHECK_TEXT(member = journal_at(first, 0, "/body/flavour"), "sweet");
    CHECK_TEXT(key = journal_at(first, 0, "/headers/x-request-id"), "first-key");
    free(member), free(key);
    for (i = 0; i < count; i++) {
        for (nth = !strcmp(first, others[i]); nth < journal_count(others[i]); nth++) {
            member = journal_at(others[i], nth, "/body/flavour");
            key = journal_at(others[i], nth, "/headers/x-request-id");
            query = journal_at(others[i], nth, "/query");
            if (member || (key && !strcmp(key, "first-key")) || (query && strstr(query, "flavour")))
                fail_at(__FILE__, __LINE__, "%s carries what is the first request's", others[i]);
            free(member), free(key), free(query);
        }
    }
}

/* What belongs to the call's first request goes with that alone. */
static void extras(runloop_devbox *devbox)
{
    static const char *const all[] = {"devboxes.execute", "devboxes.wait_for_command", "devboxes.upload_file", "devboxes.download_file"};
    const char *tree = in(root, "extras"), *back = in(root, "extras-back");
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_params *extra = params_of("{\"flavour\":\"sweet\"}");
    char *type;
    options.extra_query = options.extra_body = extra;
    options.idempotency_key = "first-key";
    folder(tree);
    file(in(tree, "f"), "x");
    journal_clear();
    OK(runloop_devbox_download_dir(devbox, "part", back, NULL, &options, E));
    check_first("devboxes.execute", all, sizeof all / sizeof *all);
    remove_all(back);
    journal_clear();
    OK(runloop_devbox_upload_dir(devbox, tree, "extras", NULL, &options, E));
    CHECK_TEXT(type = journal_at("devboxes.upload_file", 0, "/headers/x-request-id"), "first-key");
    free(type);
    CHECK_INT(journal_count("devboxes.upload_file"), 1);
    CHECK((type = journal_at("devboxes.execute", 0, "/body/flavour")) == NULL);
    CHECK(strcmp(type = journal_at("devboxes.execute", 0, "/headers/x-request-id"), "first-key"));
    free(type);
    remove_all(tree);
    runloop_params_free(extra);
    group("what belongs to a transfer's first request goes with it alone");
}

/* What was made on the way to a directory that cannot be made goes again, and nothing else does. */
static void nothing_is_made(runloop_devbox *devbox)
{
    const char *tree = in(root, "tree");
    char longest[300], path[400];
    runloop_bytes *out;
    memset(longest, 'n', sizeof longest);
    longest[sizeof longest - 1] = 0;
    CHECK_INT(run(devbox, "mkdir -p there/kept", NULL, NULL), 0);
    snprintf(path, sizeof path, "there/made/it's\nmore//%s", longest);
    CHECK_STATUS(runloop_devbox_upload_dir(devbox, tree, path, NULL, NULL, E), RUNLOOP_REMOTE_IO);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_NONE);
    snprintf(path, sizeof path, "made/%s/", longest);
    CHECK_STATUS(runloop_devbox_upload_dir(devbox, tree, path, NULL, NULL, E), RUNLOOP_REMOTE_IO);
    CHECK_INT(run(devbox, "ls -d there/* made", &out, NULL), 2);
    CHECK_OUTPUT(out, "there/kept\n");
    group("of a directory that cannot be made nothing stays");
}

/* Each entry that is left out is told once, however often the archive is sent. */
static void left_out_once(runloop_devbox *devbox)
{
    static const char *const faults[] = {"{\"type\":\"status\",\"status\":411}", "{\"type\":\"close\",\"when\":\"before\"}"};
    const char *tree = in(root, "sent-twice");
    char *before = getenv("TMPDIR") ? strdup(getenv("TMPDIR")) : NULL;
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    struct skips skips;
    unsigned int i, at, number = 1, words[1024];
    FILE *out;
    folder(tree);
    CHECK(!mkfifo(in(tree, "a"), 0600) && !mkfifo(in(tree, "z"), 0600));
    /* What cannot be compressed, and fits into no buffer on the way. */
    CHECK((out = fopen(in(tree, "middle"), "w")) != NULL);
    for (i = 0; i < 8192; i++) {
        for (at = 0; at < 1024; at++) {
            number = number * 1664525u + 1013904223u;
            words[at] = number ^ number >> 16;
        }
        CHECK(fwrite(words, 1, sizeof words, out) == sizeof words);
    }
    CHECK(!fclose(out));
    options.on_skipped = skipped;
    options.user_data = &skips;
    for (i = 0; i < 2; i++) {
        memset(&skips, 0, sizeof skips);
        fault("devboxes.upload_file", 0, 1, "%s", faults[i]);
        OK(runloop_devbox_upload_dir(devbox, tree, "sent-twice", &options, NULL, E));
        CHECK_INT(faults_fired(), 1);
        faults_clear();
        CHECK_TEXT(skips.text, "a: it is a named pipe\nz: it is a named pipe\n");
    }
    /* The attempt before is not hidden by what goes wrong on this machine, nor by the one after. */
    CHECK(!setenv("TMPDIR", in(root, "nowhere"), 1));
    fault("devboxes.upload_file", 0, 1, "%s", faults[0]);
    CHECK_STATUS(runloop_devbox_upload_dir(devbox, tree, "sent-twice", &options, NULL, E), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), "nowhere");
    CHECK_INT(runloop_error_attempts(last_error()), 1);
    faults_clear();
    CHECK(before ? !setenv("TMPDIR", before, 1) : !unsetenv("TMPDIR"));
    fault("devboxes.upload_file", 0, 1, "%s", faults[0]);
    fault("devboxes.upload_file", 0, 1, "{\"type\":\"status\",\"status\":400}");
    CHECK_STATUS(runloop_devbox_upload_dir(devbox, tree, "sent-twice", &options, NULL, E), RUNLOOP_BAD_REQUEST);
    CHECK_INT(runloop_error_attempts(last_error()), 2);
    faults_clear();
    free(before);
    remove_all(tree);
    group("what is left out is told once, though the archive is sent twice");
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
    before = memory_baseline();
    began = seconds();
    OK(runloop_devbox_upload_dir(devbox, tree, "many", NULL, NULL, E));
    printf("test_directories: into a devbox: %.1f s\n", seconds() - began);
    check_memory("a directory into a devbox", before, 48);
    before = memory_baseline();
    began = seconds();
    OK(runloop_devbox_download_dir(devbox, "many", back, NULL, NULL, E));
    printf("test_directories: out of a devbox: %.1f s\n", seconds() - began);
    check_memory("a directory out of a devbox", before, 48);
    check_same(tree, back);
    remove_all(back);
    before = memory_baseline();
    began = seconds();
    OK(runloop_object_upload_from_dir(client, tree, NULL, NULL, NULL, &object, E));
    printf("test_directories: into an object: %.1f s\n", seconds() - began);
    check_memory("a directory into an object", before, 48);
    before = memory_baseline();
    OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
    check_memory("a directory out of an object", before, 48);
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

    emulator_start(NULL);
    with_emulator = new_client(NULL);
    devbox = new_devbox(with_emulator);
    in_and_out(devbox);
    extras(devbox);
    nothing_is_made(devbox);
    left_out_once(devbox);
    many(devbox);
    stopped(devbox);
    shut_down_and_free(devbox);
    runloop_client_free(with_emulator);

    runloop_client_free(client);
    object_server_stop(server);
    remove_all(root);
    return finish();
}
