/* A process that may write no large files (RLIMIT_FSIZE): what the library writes beyond that is an error that names the file
 * and the limit, and raises no SIGXFSZ, which ends a process. Each round runs in a child; in the second the child may not
 * ask for pending signals in the usual way. */

#include "harness.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT (1 << 20)

static const char *folder;
static volatile sig_atomic_t signals;

static void count(int number)
{
    (void)number;
    signals++;
}

static void forbid_the_usual_way(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_rt_sigtimedwait, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    CHECK(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    CHECK(!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

static void check_limited(int32_t status, const char *name)
{
    sigset_t pending;
    CHECK_INT(status, RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), name);
    CHECK_HAS(last_message(), "RLIMIT_FSIZE");
    CHECK(!sigpending(&pending) && !sigismember(&pending, SIGXFSZ));
    CHECK_INT(signals, 0);
}

static void limited(runloop_devbox *devbox)
{
    struct rlimit limit = {LIMIT, LIMIT};
    struct sigaction action;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    char path[300];
    DIR *left;
    int fd, entries = 0;
    memset(&action, 0, sizeof action);
    action.sa_handler = count;
    CHECK(!sigaction(SIGXFSZ, &action, NULL));
    CHECK(!setrlimit(RLIMIT_FSIZE, &limit));
    snprintf(path, sizeof path, "%s/file", folder);
    CHECK(!mkdir(folder, 0700));

    sink.path = path;
    check_limited(runloop_devbox_download_file(devbox, "/tmp/tree/large", &sink, NULL, NULL, E), path);
    left = opendir(folder);
    CHECK(left != NULL);
    while (readdir(left)) entries++;
    CHECK_INT(entries, 2); /* . and .. */
    closedir(left);

    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    CHECK(fd >= 0);
    sink.path = NULL;
    sink.fd = fd;
    check_limited(runloop_devbox_download_file(devbox, "/tmp/tree/large", &sink, NULL, NULL, E), "The descriptor");
    /* It is as it was. */
    CHECK_INT(lseek(fd, 0, SEEK_END), 0);
    check_limited(runloop_devbox_download_dir(devbox, "/tmp/tree", folder, NULL, NULL, E), "large");
    check_limited(runloop_devbox_download_dir(devbox, "/tmp/holes", folder, NULL, NULL, E), "zeros");

    /* One of the host's own still arrives. */
    CHECK(pwrite(fd, "x", 1, LIMIT) < 0 && errno == EFBIG);
    CHECK_INT(signals, 1);
    close(fd);
}

int main(void)
{
    runloop_client *client;
    runloop_devbox *devbox;
    char command[300], id[100];
    int round, status;
    pid_t child;
    begin("test_file_limit");
    folder = temporary("limited");
    emulator_start(NULL);
    client = new_client(NULL);
    devbox = new_devbox(client);
    snprintf(id, sizeof id, "%s", runloop_devbox_id(devbox));
    CHECK_INT(run(devbox, "mkdir /tmp/tree /tmp/holes && head -c 3000000 /dev/urandom > /tmp/tree/large && head -c 3000000 /dev/zero > /tmp/holes/zeros",
                  NULL, NULL), 0);
    for (round = 0; round < 2; round++) {
        child = fork();
        if (!child) {
            runloop_devbox *its;
            alarm(100);
            if (round) forbid_the_usual_way();
            client = new_client(NULL);
            OK(runloop_devbox_attach(client, id, &its, E));
            limited(its);
            _exit(0);
        }
        CHECK_INT(waitpid(child, &status, 0), child);
        if (status) fail_at(__FILE__, __LINE__, "the child ended with the wait status 0x%x in round %d", status, round);
        snprintf(command, sizeof command, "rm -rf %s", folder);
        CHECK(!system(command));
    }
    group("files that would become too long are errors, and raise no signal");
    shut_down_and_free(devbox);
    runloop_client_free(client);
    return finish();
}
