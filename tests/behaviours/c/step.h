/* The step at hand: its arguments, and the answer that is being made. One thread uses them, but for the
 * waiting of cancel.c. */

#ifndef STEP_H
#define STEP_H

#include <runloop.h>

/* Begins a step, given as a line of JSON. */
void step_begin(const char *json);
/* Frees what the step's arguments took; the answer is printed by then. */
void step_end(void);

/* ---- arguments, each named by a JSON Pointer; texts and parameters live until the step's end ---- */

/* Whether there is such an argument. */
int given(const char *pointer);
/* A text; NULL where there is none. */
const char *text(const char *pointer);
/* A whole number. */
int64_t number(const char *pointer, int64_t otherwise);
/* true or false. */
int truth(const char *pointer);
/* Whether the argument is this text, or a list that holds it. */
int says(const char *pointer, const char *word);
/* Bytes, written in hex; NULL where there are none. */
char *bytes(const char *pointer, size_t *length);
/* A list of texts that ends with NULL; NULL where there is none. */
const char *const *texts(const char *pointer);
/* JSON, as parameters; NULL where there is none. */
const runloop_params *params(const char *pointer);

/* ---- the answer ---- */

/* The status that a call gave, and its error, which is freed. */
int32_t did(int32_t status, runloop_error *error);
void answer_text(const char *key, const char *value);
void answer_int(const char *key, int64_t value);
void answer_bytes(const char *key, const void *data, size_t length);
/* JSON as it is. */
void answer_json(const char *key, const char *json);
/* A value as `value`; frees it. NULL is fine. */
void answer_value(runloop_value *value);
/* Bytes under a key; frees them. NULL is fine. */
void answer_owned(const char *key, runloop_bytes *owned);

/* A list of texts in the answer: begun, filled, ended. */
void list_begin(const char *key);
void list_text(const char *value);
void list_json(const char *json);
void list_end(void);

/* Prints the answer, which also says what argument nobody has read. */
void answer_print(void);

#endif
