/* A host whose standard streams are closed: what it prints goes nowhere, and least of all into a connection or a
 * file of the library's. A thread looks all the time at what has the numbers 0 to 2. */

#include "harness.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int report;
static atomic_int stop;

static void say(const char *what)
{
    if (write(report, what, strlen(what)) < 0) _exit(98);
}

/* Whether what the host reads or prints by this number would be the library's. */
static int can_be_used(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    struct stat found;
    if (flags < 0 || flags & O_PATH || fstat(fd, &found) || S_ISDIR(found.st_mode)) return 0;
    return (flags & O_ACCMODE) != (fd ? O_RDONLY : O_WRONLY);
}

/* A file or a socket that was opened and moved up in one go may be seen for as long as the thread that does so gets no processor. */
static int stays(int fd)
{
    int looks;
    for (looks = 0; looks < 100; looks++, usleep(1000))
        if (!can_be_used(fd)) return 0;
    return 1;
}

static void *look(void *unused)
{
    (void)unused;
    while (!atomic_load(&stop)) {
        int fd;
        for (fd = 0; fd < 3; fd++) {
            if (stays(fd)) {
                char path[40], target[300];
                ssize_t length;
                snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
                length = readlink(path, target, sizeof target - 2);
                if (length <= 0) continue;
                target[length] = '\n';
                target[length + 1] = 0;
                say("below 3: ");
                say(target);
                _exit(20);
            }
        }
    }
    return NULL;
}

static int32_t print(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)user_data;
    (void)stream;
    (void)data;
    (void)length;
    printf("HTTP/1.1 200 OK\r\n\r\nnot for the server\n");
    fflush(stdout);
    return 0;
}

static int32_t take(void *user_data, const char *data, size_t length)
{
    *(size_t *)user_data += length;
    return print(NULL, 0, data, length);
}

static void good(const char *what, int32_t status, runloop_error **error)
{
    if (status == RUNLOOP_OK) return;
    say(what);
    say(": ");
    say(runloop_error_message(*error));
    say("\n");
    _exit(21);
}

static void in_the_child(const char *tree, const char *down, const char *file)
{
    runloop_config *config;
    runloop_client *client;
    runloop_devbox *devbox;
    runloop_exec_result *result;
    runloop_bytes *bytes;
    runloop_error *error;
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    pthread_t looking;
    size_t taken = 0;
    int fd;
    alarm(100);
    for (fd = 0; fd < 3; fd++) close(fd);
    if (pthread_create(&looking, NULL, look, NULL)) _exit(30);
    good("config", runloop_config_new(&config, &error), &error);
    good("config", runloop_config_set_base_url(config, emulator_url(), &error), &error);
    good("config", runloop_config_set_bearer_token(config, TOKEN, &error), &error);
    good("client", runloop_client_new(config, &client, &error), &error);
    good("create", runloop_devbox_create(client, NULL, NULL, &devbox, &error), &error);
    exec.on_output = print;
    good("exec", runloop_devbox_exec(devbox, "seq 1000", &exec, NULL, &result, &error), &error);
    if (runloop_exec_result_exit_code(result)) _exit(31);
    runloop_exec_result_free(result);
    source.path = tree;
    good("upload_dir", runloop_devbox_upload_dir(devbox, tree, "/tmp/up", NULL, NULL, &error), &error);
    good("download_dir", runloop_devbox_download_dir(devbox, "/tmp/up", down, NULL, NULL, &error), &error);
    source.path = file;
    good("upload_file", runloop_devbox_upload_file(devbox, "/tmp/file", &source, NULL, &error), &error);
    sink.path = file;
    good("download_file", runloop_devbox_download_file(devbox, "/tmp/file", &sink, NULL, NULL, &error), &error);
    sink.path = NULL;
    sink.write = take;
    sink.user_data = &taken;
    good("download_file", runloop_devbox_download_file(devbox, "/tmp/file", &sink, NULL, NULL, &error), &error);
    if (taken != 3000000) _exit(32);
    good("read_file", runloop_devbox_read_file(devbox, "/tmp/up/small", NULL, &bytes, &error), &error);
    if (runloop_bytes_length(bytes) != 6) _exit(33);
    runloop_bytes_free(bytes);
    good("shutdown", runloop_devbox_shutdown(devbox, NULL, NULL, &error), &error);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    runloop_config_free(config);
    atomic_store(&stop, 1);
    pthread_join(looking, NULL);
    /* They are free for the host, as they were. */
    for (fd = 0; fd < 3; fd++)
        if (fcntl(fd, F_GETFD) >= 0) _exit(34);
    if (open("/dev/null", O_RDWR)) _exit(35);
    _exit(runloop_live_handles(NULL) ? 36 : 0);
}

int main(void)
{
    char command[1200], tree[200], down[200], file[200];
    int pipes[2], status, used;
    pid_t child;
    begin("test_descriptors");
    emulator_start(NULL);
    snprintf(tree, sizeof tree, "%s", temporary("tree"));
    snprintf(down, sizeof down, "%s", temporary("down"));
    snprintf(file, sizeof file, "%s", temporary("file"));
    snprintf(command, sizeof command,
             "mkdir -p %s/a/b && head -c 3000000 /dev/urandom > %s/a/b/big && echo small > %s/small && cp %s/a/b/big %s", tree, tree, tree,
             tree, file);
    CHECK(!system(command));
    CHECK(!pipe(pipes));
    for (used = 0; used < 2; used++) {
        char said[1000] = "";
        size_t length = 0;
        ssize_t count;
        snprintf(command, sizeof command, "rm -rf %s", down);
        CHECK(!system(command));
        child = fork();
        if (!child) {
            report = fcntl(pipes[1], F_DUPFD_CLOEXEC, 10);
            in_the_child(tree, down, file);
        }
        CHECK_INT(waitpid(child, &status, 0), child);
        fcntl(pipes[0], F_SETFL, O_NONBLOCK);
        while (length < sizeof said - 1 && (count = read(pipes[0], said + length, sizeof said - 1 - length)) > 0) length += (size_t)count;
        if (!WIFEXITED(status) || WEXITSTATUS(status)) fail_at(__FILE__, __LINE__, "the child ended with 0x%x: %s", status, said);
        snprintf(command, sizeof command, "diff -r %s %s && cmp %s/a/b/big %s", tree, down, tree, file);
        CHECK(!system(command));
    }
    close(pipes[0]);
    close(pipes[1]);
    group("with closed standard streams no file and no connection has their numbers, and they are free afterwards");
    return finish();
}
