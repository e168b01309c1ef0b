/* A host that refuses: in a process of its own each time, the whole library is used while one call of the system fails, the first,
 * the second and so on, once and from then on. No refusal ends the process or makes a call stand still; each is a status or does
 * no harm, and afterwards everything works and nothing is left.
 *
 * Usage: refusals [--part K/N] [KIND[:NTH[:1]] …]. A part takes every Nth case. Memory is refused at --samples places.
 * Started by run.sh, which sets REFUSE_LIBRARY.
 */

#include "harness.h"
#include "refuse.h"
#include "scenario.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the header says of memory that runs out for anything small. */
static const char ENDED[] = "memory allocation of ";
/* Kinds of which something may be left behind, since the process is ended by them. */
static const char MEMORY[] = "malloc";

static const char *refuse_library, *program;
static long part = 1, parts = 1, samples = 24;
static int failures, cases, number;

/* ---- the process of one case ---- */

static int one(char **argv)
{
    struct remains most, left;
    long count;
    begin("refusals");
    most.descriptors = atol(argv[5]);
    most.threads = atol(argv[6]);
    count = scenario(argv[0], argv[1], argv[2], atol(argv[3]), atoi(argv[4]), &most, &left);
    printf("count %ld %ld %ld\n", count, left.descriptors, left.threads);
    fflush(stdout);
    return 0;
}

struct child {
    pid_t pid;
    char folder[100], log[110], kind[30];
    long nth;
    int for_good;
};

static void start(struct child *child, const char *kind, long nth, int for_good, const struct remains *most)
{
    char numbers[4][30];
    snprintf(child->kind, sizeof child->kind, "%s", kind);
    child->nth = nth;
    child->for_good = for_good;
    snprintf(child->folder, sizeof child->folder, "%s", temporary("case-XXXXXX"));
    CHECK(mkdtemp(child->folder) != NULL);
    snprintf(child->log, sizeof child->log, "%s.log", child->folder);
    snprintf(numbers[0], sizeof numbers[0], "%ld", nth);
    snprintf(numbers[1], sizeof numbers[1], "%d", for_good);
    snprintf(numbers[2], sizeof numbers[2], "%ld", most->descriptors);
    snprintf(numbers[3], sizeof numbers[3], "%ld", most->threads);
    child->pid = fork();
    CHECK(child->pid >= 0);
    if (child->pid) return;
    if (!freopen(child->log, "w", stdout) || dup2(1, 2) < 0 || !freopen("/dev/null", "r", stdin)) _exit(3);
    setenv("LD_PRELOAD", refuse_library, 1);
    setenv("RUST_BACKTRACE", "0", 1);
    execl(program, program, "--one", emulator_url(), child->folder, kind, numbers[0], numbers[1], numbers[2], numbers[3], (char *)NULL);
    _exit(3);
}

static void remove_tree(const char *folder)
{
    char command[200];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    CHECK(!system(command));
}

/* Judges a case that has ended. Returns its log, to be freed. */
static char *end(struct child *child, int status)
{
    size_t length;
    char *log = file_contents(child->log, &length);
    int right = !status;
    CHECK(log != NULL);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && !strcmp(child->kind, MEMORY)) right = strstr(log, ENDED) != NULL;
    cases++;
    if (!right) {
        failures++;
        printf("WRONG %s:%ld%s ended with 0x%x\n%s\n", child->kind, child->nth, child->for_good ? ":1" : "", (unsigned)status, log);
    }
    remove_tree(child->folder);
    unlink(child->log);
    return log;
}

static void wait_for(struct child *children, size_t most)
{
    size_t i;
    int status;
    pid_t pid = wait(&status);
    for (i = 0; i < most; i++) {
        if (children[i].pid != pid) continue;
        free(end(&children[i], status));
        children[i].pid = 0;
    }
}

/* ---- all cases of a kind ---- */

static long count_calls(const char *kind, struct remains *most)
{
    struct child child;
    struct remains unknown = {0, 0};
    long count = -1;
    int status;
    char *log, *line;
    start(&child, kind, 0, 0, &unknown);
    CHECK(waitpid(child.pid, &status, 0) == child.pid);
    log = end(&child, status);
    line = strstr(log, "count ");
    if (status || !line || sscanf(line, "count %ld %ld %ld", &count, &most->descriptors, &most->threads) != 3)
        fail_at(__FILE__, __LINE__, "%s: nothing is refused, and yet: %s", kind, log);
    free(log);
    return count;
}

/* What processes have left behind that were ended. */
static void shut_down_all(void)
{
    runloop_client *client = new_client(NULL);
    runloop_devbox_cursor *cursor;
    runloop_devbox *devbox;
    OK(runloop_devbox_list(client, NULL, &cursor, E));
    for (;;) {
        OK(runloop_devbox_cursor_next(cursor, NULL, &devbox, NULL, E));
        if (!devbox) break;
        OK(runloop_devbox_shutdown(devbox, NULL, NULL, E));
        runloop_devbox_free(devbox);
    }
    runloop_devbox_cursor_free(cursor);
    runloop_client_free(client);
}

static void all_of(const char *kind, long only, int only_for_good)
{
    enum { AT_A_TIME = 2 };
    struct child children[AT_A_TIME];
    struct remains most;
    /* Timing decides over some calls: a few more than were counted. */
    long calls = count_calls(kind, &most), last = calls + calls / 10, stride = 1, nth;
    size_t i;
    int for_good, before = failures;
    memset(children, 0, sizeof children);
    if (!strcmp(kind, MEMORY)) stride = calls / samples + 1;
    for (nth = only ? only : 1; nth <= (only ? only : last); nth += stride) {
        for (for_good = only_for_good; for_good <= (only && !only_for_good ? 0 : 1); for_good++) {
            if (!only && number++ % parts != part - 1) continue;
            for (i = 0; i < AT_A_TIME && children[i].pid; i++) {}
            if (i == AT_A_TIME) {
                wait_for(children, AT_A_TIME);
                for (i = 0; children[i].pid; i++) {}
            }
            start(&children[i], kind, nth, for_good, &most);
        }
    }
    for (i = 0; i < AT_A_TIME; i++)
        while (children[i].pid) wait_for(children, AT_A_TIME);
    if (!strcmp(kind, MEMORY)) shut_down_all();
    EVENTUALLY(devboxes_left() == 0);
    printf("refusals: %s: %ld calls, %d wrong\n", kind, calls, failures - before);
}

int main(int argc, char **argv)
{
    const char *kind;
    int i, named = 0;
    program = argv[0];
    if (argc == 9 && !strcmp(argv[1], "--one")) return one(argv + 2);
    begin("refusals");
    refuse_library = getenv("REFUSE_LIBRARY");
    CHECK(refuse_library != NULL);
    emulator_start(NULL);
    for (i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--part") && i + 1 < argc) {
            CHECK(sscanf(argv[++i], "%ld/%ld", &part, &parts) == 2 && part >= 1 && part <= parts);
        } else if (!strcmp(argv[i], "--samples") && i + 1 < argc) {
            samples = atol(argv[++i]);
        } else {
            char only[30];
            long nth = 0;
            int for_good = 0;
            CHECK(sscanf(argv[i], "%29[^:]:%ld:%d", only, &nth, &for_good) >= 1);
            all_of(only, nth, for_good);
            named = 1;
        }
    }
    if (!named) {
        void *library = dlopen(refuse_library, RTLD_NOW);
        refuse_kind_fn *kinds;
        CHECK(library != NULL);
        *(void **)&kinds = dlsym(library, "refuse_kind");
        for (i = 0; (kind = kinds(i)); i++) all_of(kind, 0, 0);
    }
    printf("refusals: %d cases, %d wrong\n", cases, failures);
    if (failures) fail_at(__FILE__, __LINE__, "%d of %d cases went wrong", failures, cases);
    return finish();
}
