/* The program closes all descriptors, those of the library too, and opens files of its own, which get their numbers. The
 * library neither closes these nor writes into them, whatever it has under way. Each case runs in a child. */

#include "closed_descriptors.h"
#include "harness.h"
#include "local_files.h"
#include "script_server.h"
#include "trees.h"

#include <dirent.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPENED 200
#define CONTENTS "the program's own"

static script_server *server;
static runloop_client *client;
static runloop_devbox *devbox;
static char root[512];

/* ---- a resolver that takes its time ---- */

static sem_t asked, answered;

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    if (node && !strcmp(node, "slow.test")) {
        sem_post(&asked);
        sem_wait(&answered);
        node = "127.0.0.1";
    }
    return real(node, service, hints, found);
}

/* ---- the program's files ---- */

static int files[OPENED];
static struct stat about[OPENED];

static void open_files(void)
{
    int i;
    for (i = 0; i < OPENED; i++) {
        files[i] = open(root, O_TMPFILE | O_RDWR, 0600);
        CHECK(files[i] >= 0);
        CHECK_INT(write(files[i], CONTENTS, sizeof CONTENTS), sizeof CONTENTS);
        CHECK(!fstat(files[i], &about[i]));
    }
}

static void close_all_and_open_files(void)
{
    close_all();
    open_files();
}

static void check_files(void)
{
    char contents[sizeof CONTENTS];
    struct stat now;
    int i;
    for (i = 0; i < OPENED; i++) {
        if (fstat(files[i], &now) || now.st_ino != about[i].st_ino || now.st_dev != about[i].st_dev)
            fail_at(__FILE__, __LINE__, "the program's descriptor %d was closed", files[i]);
        if (now.st_size != sizeof CONTENTS || lseek(files[i], 0, SEEK_CUR) != sizeof CONTENTS
            || pread(files[i], contents, sizeof contents, 0) != sizeof contents || strcmp(contents, CONTENTS))
            fail_at(__FILE__, __LINE__, "the program's descriptor %d was used", files[i]);
    }
}

/* How many threads of ours drive the library's input and output. */
static int drivers(void)
{
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *entry;
    int count = 0;
    CHECK(tasks != NULL);
    while ((entry = readdir(tasks))) {
        char path[300], name[32] = "";
        FILE *comm;
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", entry->d_name);
        comm = fopen(path, "r");
        if (comm && fgets(name, sizeof name, comm) && !strcmp(name, "runloop-engine\n")) count++;
        if (comm) fclose(comm);
    }
    closedir(tasks);
    return count;
}

/* ---- children ---- */

static int go_on[2];

static void call(void)
{
    runloop_value *account;
    OK(runloop_account_me(client, NULL, &account, E));
    runloop_value_free(account);
}

/* Until the server has had as many requests as the case is to wait for. */
static void until_there(void)
{
    char byte;
    CHECK_INT(read(go_on[0], &byte, 1), 1);
}

static void in_a_child(int requests, const char *host, void (*test)(void), const char *what)
{
    char url[100];
    pid_t child;
    int status;
    CHECK(!pipe(go_on));
    snprintf(url, sizeof url, "http://%s%s", host, strrchr(script_url(server), ':'));
    child = fork();
    CHECK(child >= 0);
    if (!child) {
        alarm(60);
        CHECK(!sem_init(&asked, 0, 0) && !sem_init(&answered, 0, 0));
        client = new_client(url);
        OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
        test();
        check_files();
        runloop_devbox_free(devbox);
        runloop_client_free(client);
        forget_error();
        CHECK_INT(runloop_live_handles(NULL), 0);
        EVENTUALLY(drivers() == 0);
        check_files();
        _exit(0);
    }
    if (requests) EVENTUALLY(script_requests(server) == requests);
    CHECK_INT(write(go_on[1], "", 1), 1);
    CHECK_INT(waitpid(child, &status, 0), child);
    close(go_on[0]);
    close(go_on[1]);
    if (status) fail_at(__FILE__, __LINE__, "%s: the child ended with the wait status 0x%x", what, status);
    script_stop(server);
    group(what);
}

/* Answers after which their connections stay open. */
static void start(int answers)
{
    server = script_start();
    while (answers--)
        script_add(server, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"id\":\"acc_1\"}", SCRIPT_HOLD);
}

static void start_held(int requests)
{
    server = script_start();
    while (requests--) script_add(server, "", SCRIPT_HOLD);
    script_answer(server, 200, "", "{\"id\":\"acc_1\"}");
}

/* ---- cases ---- */

/* The library's thread begins to drive when the last call has been over for a moment. */
static void after_a_call(void)
{
    call();
    close_all_and_open_files();
    EVENTUALLY(drivers() == 0);
    check_files();
    call();
}

static void until_at_rest(void)
{
    for (int i = 0; i < 10; i++) brief_pause();
}

/* It drives, until a timer wakes it. */
static void at_rest(void)
{
    call();
    until_at_rest();
    close_all_and_open_files();
    EVENTUALLY(drivers() == 0);
    check_files();
    call();
}

/* The program takes the numbers of the connections alone. */
static void sockets_replaced(void)
{
    int number, domain, replaced = 0;
    call();
    open_files();
    for (number = 3; number < 256; number++) {
        socklen_t length = sizeof domain;
        if (getsockopt(number, SOL_SOCKET, SO_DOMAIN, &domain, &length) || domain != AF_INET) continue;
        CHECK_INT(dup2(files[replaced], number), number);
        CHECK(!close(files[replaced]));
        files[replaced++] = number;
    }
    CHECK(replaced > 0);
    call();
    check_files();
}

static void freed(void)
{
    call();
    close_all_and_open_files();
}

static void freed_at_rest(void)
{
    call();
    until_at_rest();
    close_all_and_open_files();
}

static void closed(void)
{
    call();
    until_at_rest();
    close_all_and_open_files();
    OK(runloop_client_close(client, E));
}

static void *held(void *cancel)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_value *account = NULL;
    runloop_error *error = NULL;
    options.deadline_ms = 2000;
    options.cancel = cancel;
    CHECK(runloop_account_me(client, &options, &account, &error) != RUNLOOP_OK);
    runloop_error_free(error);
    CHECK(!account);
    return NULL;
}

static void during(int calls, int cancels)
{
    runloop_cancel *cancel = NULL;
    pthread_t threads[2];
    int i;
    if (cancels) OK(runloop_cancel_new(&cancel, E));
    for (i = 0; i < calls; i++) CHECK(!pthread_create(&threads[i], NULL, held, cancel));
    until_there();
    close_all_and_open_files();
    if (cancels) OK(runloop_cancel_trigger(cancel, E));
    check_files();
    for (i = 0; i < calls; i++) CHECK(!pthread_join(threads[i], NULL));
    check_files();
    runloop_cancel_free(cancel);
    call();
}

static void during_a_call(void)
{
    during(1, 0);
}

static void during_two(void)
{
    during(2, 0);
}

static void cancelled(void)
{
    during(1, 1);
}

static void two_cancelled(void)
{
    during(2, 1);
}

static void looked_up(void)
{
    pthread_t thread;
    CHECK(!pthread_create(&thread, NULL, held, NULL));
    CHECK(!sem_wait(&asked));
    close_all_and_open_files();
    sem_post(&answered);
    CHECK(!pthread_join(thread, NULL));
    check_files();
    for (int i = 0; i < 9; i++) sem_post(&answered);
}

/* ---- transfers, whose progress function does it ---- */

static char path[600];

static int32_t close_in_progress(void *user_data, int64_t done, int64_t total)
{
    int *calls = user_data;
    (void)done;
    (void)total;
    if (++*calls == 1) close_all_and_open_files();
    return 0;
}

static runloop_call_options with_progress(int *calls)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    options.progress = close_in_progress;
    options.progress_data = calls;
    options.deadline_ms = 20000;
    return options;
}

static void file_uploaded(void)
{
    int calls = 0;
    runloop_call_options options = with_progress(&calls);
    runloop_source source = RUNLOOP_SOURCE_INIT;
    source.path = path;
    CHECK(runloop_devbox_upload_file(devbox, "/file", &source, &options, E) != RUNLOOP_OK);
    CHECK(calls > 0);
}

static void file_downloaded(void)
{
    int calls = 0;
    runloop_call_options options = with_progress(&calls);
    runloop_sink sink = RUNLOOP_SINK_INIT;
    sink.path = in(root, "down");
    CHECK(runloop_devbox_download_file(devbox, "/file", &sink, &options, NULL, E) != RUNLOOP_OK);
    CHECK(calls > 0 && !exists(sink.path));
}

static void directory_uploaded(void)
{
    int calls = 0;
    runloop_call_options options = with_progress(&calls);
    CHECK(runloop_devbox_upload_dir(devbox, root, "d", NULL, &options, E) != RUNLOOP_OK);
    CHECK(calls > 0);
}

static void into_a_directory(const char *target, const runloop_tree_options *tree)
{
    int calls = 0;
    runloop_call_options options = with_progress(&calls);
    runloop_object *object;
    OK(runloop_object_from_id(client, "obj_1", &object, E));
    CHECK(runloop_object_download_to_dir(object, target, tree, NULL, &options, E) != RUNLOOP_OK);
    runloop_object_free(object);
    CHECK(calls > 0);
}

static void directory_downloaded(void)
{
    into_a_directory(in(root, "new"), NULL);
    CHECK(!exists(in(root, "new")));
}

/* The files that are there stay what they are. */
static void directory_replaced(void)
{
    runloop_tree_options tree = RUNLOOP_TREE_OPTIONS_INIT;
    struct skips skips = {"", 0};
    tree.on_skipped = skipped;
    tree.user_data = &skips;
    into_a_directory(root, &tree);
    CHECK_INT(skips.count, 0);
    CHECK(exists(path));
}

/* A large body; before it, an answer that leads there. */
static void start_large(const char *kind, const void *bytes, size_t length, int leads)
{
    char head[300], *whole = (char *)allocate(length + sizeof head);
    int at;
    server = script_start();
    if (leads) {
        snprintf(head, sizeof head, "{\"download_url\":\"%s/content?sig=1\"}", script_url(server));
        script_answer(server, 200, "", head);
    }
    at = snprintf(whole, sizeof head, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n", kind, length);
    memcpy(whole + at, bytes, length);
    script_add_bytes(server, whole, (size_t)at + length, SCRIPT_CLOSE);
    free(whole);
}

int main(void)
{
    char command[1500], *bytes;
    size_t length;
    begin("test_reused_numbers");
    if (has_debug_assertions()) {
        group("left out: the library has debug assertions");
        return finish();
    }
    snprintf(root, sizeof root, "%s", temporary("reused"));
    CHECK(!mkdir(root, 0700));

    start(2);
    in_a_child(0, "127.0.0.1", after_a_call, "after a call");
    start(2);
    in_a_child(0, "127.0.0.1", at_rest, "at rest");
    start(2);
    in_a_child(0, "127.0.0.1", sockets_replaced, "the connections' numbers alone");
    start(1);
    in_a_child(0, "127.0.0.1", freed, "freed after a call");
    start(1);
    in_a_child(0, "127.0.0.1", freed_at_rest, "freed at rest");
    start(1);
    in_a_child(0, "127.0.0.1", closed, "closed at rest");

    start_held(1);
    in_a_child(1, "127.0.0.1", during_a_call, "during a call");
    start_held(2);
    in_a_child(2, "127.0.0.1", during_two, "during two calls");
    start_held(1);
    in_a_child(1, "127.0.0.1", cancelled, "a call is cancelled");
    start_held(2);
    in_a_child(2, "127.0.0.1", two_cancelled, "two calls are cancelled");
    start(1);
    in_a_child(0, "slow.test", looked_up, "a name is looked up");

    snprintf(path, sizeof path, "%s/file", root);
    /* Its noise does not become smaller. */
    make_file(path, 30 << 20);
    server = script_start();
    in_a_child(0, "127.0.0.1", file_uploaded, "a file is uploaded");
    server = script_start();
    in_a_child(0, "127.0.0.1", directory_uploaded, "a directory is uploaded");
    bytes = file_contents(path, &length);
    start_large("application/octet-stream", bytes, length, 0);
    in_a_child(0, "127.0.0.1", file_downloaded, "a file is downloaded");
    free(bytes);
    snprintf(command, sizeof command, "tar -C '%s' -cf '%s/tar' file", root, root);
    CHECK(!system(command));
    bytes = file_contents(in(root, "tar"), &length);
    start_large("application/octet-stream", bytes, length, 1);
    in_a_child(0, "127.0.0.1", directory_downloaded, "a directory is downloaded");
    start_large("application/octet-stream", bytes, length, 1);
    in_a_child(0, "127.0.0.1", directory_replaced, "a directory is downloaded into one that is there");
    free(bytes);
    remove_all(root);
    return finish();
}
