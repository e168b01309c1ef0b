/* The guide's blocks, each run by its number. */
#include <runloop.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void check(int32_t status, runloop_error **error)
{
    if (status == RUNLOOP_OK)
        return;
    fprintf(stderr, "%s: %s\n", runloop_status_name(status), runloop_error_message(*error));
    exit(1);
}

struct section {
    void (*run)(const char *folder, runloop_client *client, runloop_devbox *devbox);
    int wants_devbox;
};

@SNIPPETS@
int main(int count, char **arguments)
{
    runloop_error *error = NULL;
    runloop_client *client = NULL;
    runloop_devbox *devbox = NULL;
    if (count != 3)
        return 2;
    const struct section *section = &sections[atoi(arguments[1])];
    check(runloop_client_new(NULL, &client, &error), &error);
    if (section->wants_devbox)
        check(runloop_devbox_create(client, NULL, NULL, &devbox, &error), &error);
    section->run(arguments[2], client, devbox);
    if (devbox != NULL)
        check(runloop_devbox_shutdown(devbox, NULL, NULL, &error), &error);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    fflush(stdout);
    if (runloop_live_handles(NULL) != 0) {
        fprintf(stderr, "%zu handles are left\n", runloop_live_handles(NULL));
        return 1;
    }
    return 0;
}
