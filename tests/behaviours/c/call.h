/* How the step at hand makes its call: options, cancelling, functions that the library calls; and the
 * handles that steps leave for later ones. */

#ifndef CALL_H
#define CALL_H

#include <runloop.h>

/* The step's call options. */
const runloop_call_options *options(void);
/* Whether a function of this kind ("output", "progress" …) is to stop or cancel the call; does the latter. */
int called(const char *kind);
/* Says how much of the transfer was told, once the call has returned. */
void call_answer(void);
/* Waits for the driver's word and frees the options; the answer is printed by then. */
void call_end(void);

/* ---- handles, by their names: the step's `as` and `on`, else the kind's ---- */

typedef void (*freeing)(void *handle);

void keep_handle(const char *kind, void *handle, const char *id, freeing release);
/* NULL, and the answer says so, where there is none. */
void *find_handle(const char *kind);
/* Frees the one of this kind's name. */
void drop_handle(const char *kind);
void drop_all_handles(void);

/* Defines the_NOUN(): the handle that the step is about. */
#define FIND(noun)                                                                                                     \
    static runloop_##noun *the_##noun(void) { return (runloop_##noun *)find_handle(#noun); }
/* Defines release_NOUN(). */
#define RELEASE(noun)                                                                                                  \
    static void release_##noun(void *handle) { runloop_##noun##_free((runloop_##noun *)handle); }
/* Defines keep_NOUN(): the identifier becomes part of the answer. */
#define KEEP(noun)                                                                                                     \
    RELEASE(noun)                                                                                                      \
    static void keep_##noun(runloop_##noun *made) { keep_handle(#noun, made, runloop_##noun##_id(made), release_##noun); }

/* ---- operations ---- */

typedef struct operation {
    const char *name;
    void (*run)(void);
} operation;

/* Each ends with a NULL name. */
extern const operation client_operations[], devbox_operations[], command_operations[], file_operations[], object_operations[],
    disk_operations[], record_operations[], config_operations[];

/* An operation that gives an answer: the call may use `value` and `error`. */
#define VIEW(name, call)                                                                                               \
    static void name(void)                                                                                             \
    {                                                                                                                  \
        runloop_value *value = NULL;                                                                                   \
        runloop_error *error = NULL;                                                                                   \
        int32_t status = (call);                                                                                       \
        did(status, error);                                                                                            \
        answer_value(value);                                                                                           \
    }
/* One that gives nothing. */
#define DO(name, call)                                                                                                 \
    static void name(void)                                                                                             \
    {                                                                                                                  \
        runloop_error *error = NULL;                                                                                   \
        int32_t status = (call);                                                                                       \
        did(status, error);                                                                                            \
    }
/* One that gives a handle, as `made`. */
#define GIVE(name, noun, call)                                                                                         \
    static void name(void)                                                                                             \
    {                                                                                                                  \
        runloop_##noun *made = NULL;                                                                                   \
        runloop_error *error = NULL;                                                                                   \
        int32_t status = (call);                                                                                       \
        did(status, error);                                                                                            \
        if (made) keep_##noun(made);                                                                                   \
    }
/* One that gives bytes, under a key. */
#define BYTES(name, key, call)                                                                                         \
    static void name(void)                                                                                             \
    {                                                                                                                  \
        runloop_bytes *made = NULL;                                                                                    \
        runloop_error *error = NULL;                                                                                   \
        int32_t status = (call);                                                                                       \
        did(status, error);                                                                                            \
        answer_owned(key, made);                                                                                       \
    }
/* One that walks through a list, as far as the step's `take` says. */
#define LIST(name, noun, begin)                                                                                        \
    static void name(void)                                                                                             \
    {                                                                                                                  \
        runloop_##noun##_cursor *cursor = NULL;                                                                        \
        runloop_error *error = NULL;                                                                                   \
        int32_t status = (begin);                                                                                      \
        const runloop_call_options *how = options();                                                                   \
        int64_t take = number("/take", -1), count = 0;                                                                 \
        list_begin("values");                                                                                          \
        while (!status && count != take) {                                                                             \
            runloop_##noun *item = NULL;                                                                               \
            runloop_value *info = NULL;                                                                                \
            status = runloop_##noun##_cursor_next(cursor, how, &item, &info, &error);                                  \
            if (!item) break;                                                                                          \
            list_json(runloop_value_json(info, NULL));                                                                 \
            runloop_value_free(info);                                                                                  \
            runloop_##noun##_free(item);                                                                               \
            count++;                                                                                                   \
        }                                                                                                              \
        list_end();                                                                                                    \
        answer_int("count", count);                                                                                    \
        did(status, error);                                                                                            \
        runloop_##noun##_cursor_free(cursor);                                                                          \
    }

#endif
