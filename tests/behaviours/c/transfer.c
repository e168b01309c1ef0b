#include "transfer.h"

#include "call.h"
#include "step.h"

#include <stdlib.h>
#include <string.h>

/* Small, so that the function is called more than once. */
#define PIECE 1000

static char *from;
static size_t left;

static int64_t give(void *user_data, char *buffer, size_t capacity)
{
    size_t count = left < PIECE ? left : PIECE;
    (void)user_data;
    if (called("read")) return -1;
    if (count > capacity) count = capacity;
    memcpy(buffer, from, count);
    from += count;
    left -= count;
    return (int64_t)count;
}

const runloop_source *source(void)
{
    static const runloop_source none = RUNLOOP_SOURCE_INIT;
    static runloop_source made;
    made = none;
    if (given("/local_path")) {
        made.path = text("/local_path");
        return &made;
    }
    from = bytes("/data", &left);
    if (says("/from", "function")) {
        made.read = give;
        made.length = -1;
    } else {
        made.data = from;
        made.length = (int64_t)left;
    }
    return &made;
}

static char *sunk;
static size_t sunk_length;

static int32_t take(void *user_data, const char *data, size_t length)
{
    (void)user_data;
    sunk = (char *)realloc(sunk, sunk_length + length + 1);
    if (!sunk) abort();
    memcpy(sunk + sunk_length, data, length);
    sunk_length += length;
    return called("write");
}

const runloop_sink *sink(void)
{
    static const runloop_sink none = RUNLOOP_SINK_INIT;
    static runloop_sink made;
    made = none;
    if (says("/to", "memory")) return NULL;
    if (given("/local_path"))
        made.path = text("/local_path");
    else
        made.write = take;
    return &made;
}

void answer_sunk(void)
{
    if (sunk) answer_bytes("contents", sunk, sunk_length);
    free(sunk);
    sunk = NULL;
    sunk_length = 0;
}

#define MANY 32

static char *skipped[MANY];
static int skipped_count;

static void on_skipped(void *user_data, const char *path, const char *reason)
{
    (void)user_data;
    if (!*reason || skipped_count == MANY || !(skipped[skipped_count++] = strdup(path))) abort();
}

const runloop_tree_options *tree(void)
{
    static const runloop_tree_options none = RUNLOOP_TREE_OPTIONS_INIT;
    static runloop_tree_options made;
    made = none;
    made.ignore = texts("/tree/ignore");
    made.ignore_file = text("/tree/ignore_file");
    made.max_entries = number("/tree/max_entries", 0);
    made.max_bytes = number("/tree/max_bytes", 0);
    if (truth("/tree/skipped")) made.on_skipped = on_skipped;
    return &made;
}

void answer_skipped(void)
{
    int i;
    if (!truth("/tree/skipped")) return;
    list_begin("skipped");
    for (i = 0; i < skipped_count; i++) list_text(skipped[i]);
    list_end();
    while (skipped_count) free(skipped[--skipped_count]);
}
