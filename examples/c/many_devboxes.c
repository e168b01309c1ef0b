/* many_devboxes.c: many devboxes at once, from many threads, with one client.
 *
 *     cc many_devboxes.c -o many_devboxes -pthread $(pkg-config --cflags --libs runloop)
 *
 * It prints:
 *
 *     8 devboxes, 8 answers, the sum of which is 204
 *     left: 0
 */
#include "check.h"

#include <pthread.h>
#include <string.h>

enum { DEVBOXES = 8 };

struct task {
    runloop_client *client;
    int number;
    int answer;
};

/* Handles may be used by any number of threads. An error is given to the call that failed, nothing is
 * kept for the thread: fibres, coroutines and goroutines may move between two calls. */
static void *run(void *argument)
{
    struct task *task = argument;
    runloop_error *error = NULL;
    runloop_params *params = NULL;
    check(runloop_params_new(&params, &error), &error);
    check(runloop_params_set_string(params, "/metadata/batch", "squares", &error), &error);
    runloop_devbox *devbox = NULL;
    check(runloop_devbox_create(task->client, params, NULL, &devbox, &error), &error);
    runloop_params_free(params);

    char command[64];
    snprintf(command, sizeof command, "echo $((%d * %d))", task->number, task->number);
    runloop_exec_result *result = NULL;
    runloop_bytes *output = NULL;
    check(runloop_devbox_exec(devbox, command, NULL, NULL, &result, &error), &error);
    check(runloop_exec_result_stdout(result, 0, NULL, &output, &error), &error);
    task->answer = atoi(runloop_bytes_data(output));
    runloop_bytes_free(output);
    runloop_exec_result_free(result);

    check(runloop_devbox_shutdown(devbox, NULL, NULL, &error), &error);
    runloop_devbox_free(devbox);
    return NULL;
}

int main(void)
{
    runloop_error *error = NULL;
    runloop_client *client = NULL;
    check(runloop_client_new(NULL, &client, &error), &error);

    struct task tasks[DEVBOXES];
    pthread_t threads[DEVBOXES];
    for (int i = 0; i < DEVBOXES; i++) {
        tasks[i] = (struct task){client, i + 1, 0};
        pthread_create(&threads[i], NULL, run, &tasks[i]);
    }
    int sum = 0;
    for (int i = 0; i < DEVBOXES; i++) {
        pthread_join(threads[i], NULL);
        sum += tasks[i].answer;
    }
    printf("%d devboxes, %d answers, the sum of which is %d\n", DEVBOXES, DEVBOXES, sum);

    /* A list is walked item by item; the pages are fetched as they are needed. */
    int left = 0;
    runloop_params *filter = NULL;
    runloop_devbox_cursor *cursor = NULL;
    check(runloop_params_new(&filter, &error), &error);
    check(runloop_params_set_string(filter, "/status", "running", &error), &error);
    check(runloop_devbox_list(client, filter, &cursor, &error), &error);
    for (;;) {
        runloop_devbox *devbox = NULL;
        check(runloop_devbox_cursor_next(cursor, NULL, &devbox, NULL, &error), &error);
        if (devbox == NULL)
            break;
        left++;
        runloop_devbox_free(devbox);
    }
    printf("left: %d\n", left);
    runloop_devbox_cursor_free(cursor);
    runloop_params_free(filter);
    runloop_client_free(client);
    return 0;
}
