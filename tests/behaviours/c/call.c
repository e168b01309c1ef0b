#include "call.h"

#include "step.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- options ---- */

static runloop_call_options how;
static runloop_cancel *cancel;
/* The client that is to be closed under the call. */
static runloop_client *closing;
static pthread_t waiting;
static int waits;
static int64_t told_done, told_times;

static int32_t progress(void *user_data, int64_t done, int64_t total)
{
    (void)user_data;
    (void)total;
    told_done = done;
    told_times++;
    return called("progress");
}

/* The driver's next line is "cancel", or says that nothing was to be cancelled. */
static void *wait_for_word(void *user_data)
{
    char line[16];
    (void)user_data;
    if (!fgets(line, sizeof line, stdin) || strcmp(line, "cancel\n")) return NULL;
    if (closing)
        runloop_client_close(closing, NULL);
    else
        runloop_cancel_trigger(cancel, NULL);
    return NULL;
}

static void prepare_cancel(void)
{
    if (!given("/cancel")) return;
    if (runloop_cancel_new(&cancel, NULL)) abort();
    how.cancel = cancel;
    if (says("/cancel", "start")) runloop_cancel_trigger(cancel, NULL);
    closing = says("/cancel", "closed") ? (runloop_client *)find_handle("client") : NULL;
    if (!closing && !says("/cancel", "told")) return;
    waits = 1;
    if (pthread_create(&waiting, NULL, wait_for_word, NULL)) abort();
}

const runloop_call_options *options(void)
{
    static const runloop_call_options none = RUNLOOP_CALL_OPTIONS_INIT;
    how = none;
    how.timeout_ms = number("/options/timeout_ms", 0);
    how.deadline_ms = number("/options/deadline_ms", 0);
    how.poll_timeout_ms = number("/options/poll_timeout_ms", 0);
    how.poll_interval_ms = number("/options/poll_interval_ms", 0);
    if (given("/options/max_retries")) {
        how.max_retries = (int32_t)number("/options/max_retries", 0);
        if (how.max_retries == 0) how.max_retries = -1;
    }
    how.keep_on_failure = truth("/options/keep_on_failure");
    how.idempotency_key = text("/options/idempotency_key");
    how.extra_headers = params("/options/extra_headers");
    how.extra_query = params("/options/extra_query");
    how.extra_body = params("/options/extra_body");
    if (truth("/options/progress") || says("/stop", "progress") || says("/cancel", "progress")) how.progress = progress;
    prepare_cancel();
    return &how;
}

int called(const char *kind)
{
    if (cancel && says("/cancel", kind)) runloop_cancel_trigger(cancel, NULL);
    /* C has nothing to throw. */
    given("/by_throwing");
    return says("/stop", kind);
}

void call_answer(void)
{
    if (told_times) answer_int("progress", told_done);
    told_done = told_times = 0;
}

void call_end(void)
{
    if (waits) pthread_join(waiting, NULL);
    waits = 0;
    runloop_cancel_free(cancel);
    cancel = NULL;
}

/* ---- handles ---- */

#define MANY 32

static struct kept {
    char *name;
    void *handle;
    freeing release;
} handles[MANY];

static struct kept *slot(const char *name)
{
    int i;
    for (i = 0; i < MANY; i++)
        if (name ? handles[i].name && !strcmp(handles[i].name, name) : !handles[i].name) return &handles[i];
    return NULL;
}

static void drop(struct kept *kept)
{
    if (!kept || !kept->name) return;
    kept->release(kept->handle);
    free(kept->name);
    kept->name = NULL;
}

void keep_handle(const char *kind, void *handle, const char *id, freeing release)
{
    const char *name = text("/as") ? text("/as") : kind;
    struct kept *kept;
    if (id) answer_text("id", id);
    drop(slot(name));
    kept = slot(NULL);
    if (!kept || !(kept->name = strdup(name))) abort();
    kept->handle = handle;
    kept->release = release;
}

static const char *wanted(const char *kind)
{
    /* What everything is made from is not what the step is about. */
    if (!strcmp(kind, "client")) return text("/client") ? text("/client") : kind;
    return text("/on") ? text("/on") : kind;
}

void *find_handle(const char *kind)
{
    struct kept *kept = slot(wanted(kind));
    if (kept) return kept->handle;
    answer_text("missing", wanted(kind));
    return NULL;
}

void drop_handle(const char *kind)
{
    struct kept *kept = slot(wanted(kind));
    if (!kept) answer_text("missing", wanted(kind));
    drop(kept);
}

void drop_all_handles(void)
{
    int i;
    for (i = 0; i < MANY; i++) drop(&handles[i]);
}
