/* How long a program takes from its start to the end of its first call: run anew each time, with
 * the library loaded by dlopen so that loading counts too. */
#include "bench.h"

#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 15 };

static void first_call(void)
{
    runloop_error *error = NULL;
    runloop_client *client = NULL;
    runloop_devbox_cursor *cursor = NULL;
    runloop_devbox *devbox = NULL;
    must(runloop_client_new(NULL, &client, &error), &error);
    must(runloop_devbox_list(client, NULL, &cursor, &error), &error);
    must(runloop_devbox_cursor_next(cursor, NULL, &devbox, NULL, &error), &error);
    _exit(0);
}

int main(int argc, char **argv)
{
    (void)argc;
    if (getenv("BENCH_CHILD"))
        first_call();
    double times[ROUNDS];
    setenv("BENCH_CHILD", "1", 1);
    for (int round = 0; round < ROUNDS; round++) {
        double begin = now();
        pid_t child = fork();
        if (child == 0) {
            execl(argv[0], argv[0], (char *)NULL);
            _exit(127);
        }
        int status = 0;
        waitpid(child, &status, 0);
        if (status != 0)
            return 1;
        times[round] = (now() - begin) * 1000;
    }
    printf("%-44s %11.3f ms\n", "load, client, first call (a process each)", quantile(times, ROUNDS, 0.5));
    return 0;
}
