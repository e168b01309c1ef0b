/* check.h: what the recipes do with an error that they do not handle: say it, and end.
 *
 * quickstart.c explains the function where it stands; errors.c shows what else an error tells. */
#ifndef CHECK_H
#define CHECK_H

#include <runloop.h>
#include <stdio.h>
#include <stdlib.h>

static void check(int32_t status, runloop_error **error)
{
    if (status == RUNLOOP_OK)
        return;
    fprintf(stderr, "%s: %s\n", runloop_status_name(status), runloop_error_message(*error));
    runloop_error_free(*error);
    exit(1);
}

#endif
