/* Does the steps of a behaviour in C: a line of JSON in, a line of JSON out. */

#include "call.h"
#include "step.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const operation *find(const char *name)
{
    static const operation *const all[] = {client_operations, devbox_operations, command_operations, file_operations,
                                           object_operations, disk_operations,   record_operations,  config_operations};
    size_t i;
    const operation *at;
    for (i = 0; i < sizeof all / sizeof *all; i++)
        for (at = all[i]; at->name; at++)
            if (!strcmp(at->name, name)) return at;
    return NULL;
}

/* What the library tells, on any thread; the last answer shows it. */
static pthread_mutex_t telling = PTHREAD_MUTEX_INITIALIZER;
static char *told;
static size_t told_length;

static void tell(void *user_data, int32_t level, const char *message)
{
    size_t length = strlen(message);
    (void)user_data;
    (void)level;
    pthread_mutex_lock(&telling);
    told = (char *)realloc(told, told_length + length + 1);
    if (!told) abort();
    memcpy(told + told_length, message, length);
    told[told_length + length] = '\n';
    told_length += length + 1;
    pthread_mutex_unlock(&telling);
}

int main(void)
{
    char *line = NULL;
    size_t capacity = 0;
    if (runloop_log_set(tell, NULL, RUNLOOP_LOG_DEBUG, NULL)) abort();
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
    if (runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, NULL)) abort();
    step_begin("{}");
    answer_int("live_handles", (int64_t)runloop_live_handles(NULL));
    answer_bytes("log", told, told_length);
    answer_print();
    step_end();
    free(told);
    return 0;
}
