/* What every test program shares: checks that say where they failed, an emulator of its own, and
 * the emulator's test controls. Usable from C99, C11 and C++17. */

#ifndef HARNESS_H
#define HARNESS_H

#include <runloop.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- a test's beginning and end ---- */

/* Names the test, starts its watchdog, and takes the RUNLOOP_ variables out of the environment. */
void begin(const char *name);
/* Says that what came before this line holds. */
void group(const char *what);
/* Nothing may be left: no live handle, no devbox, no process. Stops the emulator; returns 0. */
int finish(void);

/* ---- checks ---- */

#define CHECK(condition) check_at(__FILE__, __LINE__, #condition, (condition) ? 1 : 0)
/* The call's last argument is E; an error stays readable as last_error() until the next E. */
#define CHECK_STATUS(call, expected) check_status_at(__FILE__, __LINE__, #call, (call), (expected))
#define OK(call) CHECK_STATUS(call, RUNLOOP_OK)
#define CHECK_INT(actual, expected) \
    check_int_at(__FILE__, __LINE__, #actual, (long long)(actual), (long long)(expected))
#define CHECK_TEXT(actual, expected) check_text_at(__FILE__, __LINE__, #actual, (actual), (expected))
#define CHECK_HAS(text, part) check_has_at(__FILE__, __LINE__, #text, (text), (part), 1)
#define CHECK_HAS_NOT(text, part) check_has_at(__FILE__, __LINE__, #text, (text), (part), 0)
/* Compares the bytes of a runloop_bytes and frees it. */
#define CHECK_BYTES(bytes, data, length) check_bytes_at(__FILE__, __LINE__, #bytes, (bytes), (data), (length))
#define CHECK_OUTPUT(bytes, text) check_bytes_at(__FILE__, __LINE__, #bytes, (bytes), (text), strlen(text))
/* Waits until the condition holds: for what happens beside the test and tells nobody. */
#define EVENTUALLY(condition)                                                       \
    do {                                                                            \
        double eventually_until = seconds() + 60;                                   \
        while (!(condition) && seconds() < eventually_until) brief_pause();         \
        check_at(__FILE__, __LINE__, "eventually " #condition, (condition) ? 1 : 0); \
    } while (0)

#define E (error_place())
/* This thread's; NULL after a success. */
runloop_error **error_place(void);
runloop_error *last_error(void);
const char *last_message(void);
/* A thread's own end: its last error is freed. */
void forget_error(void);

void check_at(const char *file, int line, const char *what, int holds);
void check_status_at(const char *file, int line, const char *what, int32_t actual, int32_t expected);
void check_int_at(const char *file, int line, const char *what, long long actual, long long expected);
void check_text_at(const char *file, int line, const char *what, const char *actual, const char *expected);
void check_has_at(const char *file, int line, const char *what, const char *text, const char *part, int wanted);
void check_bytes_at(const char *file, int line, const char *what, runloop_bytes *bytes, const void *data, size_t length);
/* Says what is wrong, stops the emulator, ends the process with 1. */
void fail_at(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4), noreturn));

/* No token, whatever the test's is, in any text of the last error. */
void check_no_secret(const char *secret);

/* ---- the emulator ---- */

#define TOKEN "test-token-3f9a1c"

/* Starts an emulator, with extra arguments (ending with NULL) or none (NULL); gives its URL. */
const char *emulator_start(const char *const *extra_args);
void emulator_stop(void);
const char *emulator_url(void);

/* A client with TOKEN; with a URL of NULL, the emulator's. */
runloop_client *new_client(const char *url);
/* Has a configuration for that, to be changed and freed by the caller. */
runloop_config *new_config(const char *url);
/* A devbox that runs. */
runloop_devbox *new_devbox(runloop_client *client);
void shut_down_and_free(runloop_devbox *devbox);

/* Asks the emulator something, whatever its status; the caller frees the body. */
char *control(const char *method, const char *path, const char *json_body);
/* Changes settings; the format makes a JSON object. */
void settings(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Arms a fault; the format makes the action's JSON object. */
void fault(const char *operation, int skip, int times, const char *format, ...) __attribute__((format(printf, 4, 5)));
void faults_clear(void);
/* How often faults have fired since they were last cleared. */
int faults_fired(void);

void journal_clear(void);
/* How many requests there were: of one operation, or of all for NULL. */
int journal_count(const char *operation);
/* A place in an operation's nth request, such as /headers/x-request-id; NULL if there is nothing.
 * The caller frees the text. */
char *journal_at(const char *operation, int nth, const char *pointer);

/* How many devboxes, and how many processes, the emulator still has. */
int devboxes_left(void);
int processes_left(void);
/* How many of them have this command line. */
int process_left(const char *command_line);

/* ---- sundries ---- */

double seconds(void);
void brief_pause(void);
/* Parameters from JSON; the caller frees them. */
runloop_params *params_of(const char *json);
/* Runs a command, without any options, and gives its exit code; the outputs may be NULL. */
int run(runloop_devbox *devbox, const char *command, runloop_bytes **out, runloop_bytes **err);
/* A name in the test's own temporary folder, which goes at the end. */
const char *temporary(const char *name);
/* A whole file of this machine; the caller frees it. NULL if there is none. */
char *file_contents(const char *path, size_t *length);
void *allocate(size_t size);

#ifdef __cplusplus
}
#endif

#endif
