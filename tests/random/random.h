/* What the calls that generate.py writes ask for. */

#ifndef RANDOM_H
#define RANDOM_H

#include <runloop.h>
#include <stdint.h>

#include "kinds.h"

/* What stands in an output before a call. */
#define UNTOUCHED ((uintptr_t)0x5a5a5a5a)

struct random {
    uint64_t state;
    int thread;
};

struct function {
    const char *name;
    void (*call)(struct random *);
};
extern const struct function functions[];
extern const int function_count;
extern const char *const kind_names[];
extern void (*const kind_frees[])(void *);

/* A handle of a kind: mostly a live one, else NULL, one that was freed, one of another kind, or no handle at all, of which
 * `wrong` is told where it is not NULL. */
void *some_handle(struct random *r, enum kind kind, int *wrong);
/* The same, but never one of those that are kept until the end. */
void *to_end(struct random *r, enum kind kind, int *wrong);
/* One to be freed, which is no longer among those that are given out. */
void *to_free(struct random *r, enum kind kind);
const char *some_text(struct random *r, const char *name);
const char *some_bytes(struct random *r, const char *name, size_t *length);
int64_t some_number(struct random *r);
double some_double(struct random *r);
const runloop_call_options *some_call_options(struct random *r, runloop_call_options *place, int waits);
const runloop_exec_options *some_exec_options(struct random *r, runloop_exec_options *place);
const runloop_source *some_source(struct random *r, runloop_source *place);
const runloop_sink *some_sink(struct random *r, runloop_sink *place);
const runloop_tree_options *some_tree_options(struct random *r, runloop_tree_options *place);
runloop_log_fn some_log(struct random *r);
runloop_build_log_fn some_build_log(struct random *r);
int without_output(struct random *r);
int without_place(struct random *r);

/* What is expected of a call that may fail: that its status, its error and its outputs go together. */
void ended(struct random *r, const char *name, int32_t status, runloop_error **place, int wrong);
void made(struct random *r, const char *name, enum kind kind, void *handle, int32_t status);
void cleared(const char *name, const char *text, int32_t status);
void looked_at(struct random *r, const char *name, const char *text);

#endif
