/* Does the steps of a behaviour in C: a line of JSON in, a line of JSON out. */

#include "call.h"
#include "step.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const operation *find(const char *name)
{
    static const operation *const all[] = {client_operations, devbox_operations, command_operations, file_operations,
                                           object_operations, disk_operations,   record_operations};
    size_t i;
    const operation *at;
    for (i = 0; i < sizeof all / sizeof *all; i++)
        for (at = all[i]; at->name; at++)
            if (!strcmp(at->name, name)) return at;
    return NULL;
}

int main(void)
{
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, stdin) > 0) {
        const operation *found;
        step_begin(line);
        found = find(text("/do"));
        if (found)
            found->run();
        else
            answer_text("unknown", text("/do"));
        call_answer();
        answer_print();
        call_end();
        step_end();
    }
    free(line);
    drop_all_handles();
    printf("{\"live_handles\":%zu}\n", runloop_live_handles(NULL));
    return 0;
}
