#include "step.h"

#include "json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANY 256

static const char *step;
static char *read_pointers[MANY];
static int read_count;
static void *taken[MANY];
static int taken_count;
static runloop_params *taken_params[MANY];
static int params_count;

static char answer[1 << 23];
static size_t used;

static void *keep(void *memory)
{
    if (!memory || taken_count == MANY) abort();
    return taken[taken_count++] = memory;
}

void step_begin(const char *json)
{
    step = json;
    used = 0;
    answer[0] = 0;
}

void step_end(void)
{
    while (taken_count) free(taken[--taken_count]);
    while (params_count) runloop_params_free(taken_params[--params_count]);
    while (read_count) free(read_pointers[--read_count]);
}

/* ---- arguments ---- */

static void note(const char *pointer)
{
    int i;
    for (i = 0; i < read_count; i++)
        if (!strcmp(read_pointers[i], pointer)) return;
    if (read_count == MANY || !(read_pointers[read_count++] = strdup(pointer))) abort();
}

int given(const char *pointer)
{
    char *found = json_at(step, pointer);
    free(found);
    note(pointer);
    return found != NULL;
}

const char *text(const char *pointer)
{
    char *found = json_at(step, pointer);
    note(pointer);
    return found ? (const char *)keep(found) : NULL;
}

int64_t number(const char *pointer, int64_t otherwise)
{
    const char *found = text(pointer);
    return found ? strtoll(found, NULL, 10) : otherwise;
}

int truth(const char *pointer)
{
    const char *found = text(pointer);
    return found && !strcmp(found, "true");
}

int says(const char *pointer, const char *word)
{
    const char *const *list = texts(pointer);
    const char *found = list ? NULL : text(pointer);
    for (; list && *list; list++)
        if (!strcmp(*list, word)) return 1;
    return found && !strcmp(found, word);
}

char *bytes(const char *pointer, size_t *length)
{
    const char *hex = text(pointer);
    size_t i;
    char *data;
    *length = 0;
    if (!hex) return NULL;
    *length = strlen(hex) / 2;
    data = (char *)keep(malloc(*length + 1));
    for (i = 0; i < *length; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], 0};
        data[i] = (char)strtol(digits, NULL, 16);
    }
    data[*length] = 0;
    return data;
}

const char *const *texts(const char *pointer)
{
    int count = json_count(step, pointer), i;
    const char **list;
    note(pointer);
    if (count < 0) return NULL;
    list = (const char **)keep(calloc((size_t)count + 1, sizeof *list));
    for (i = 0; i < count; i++) {
        char place[64];
        snprintf(place, sizeof place, "%s/%d", pointer, i);
        list[i] = (const char *)keep(json_at(step, place));
    }
    return list;
}

const runloop_params *params(const char *pointer)
{
    const char *json = text(pointer);
    runloop_params *made = NULL;
    if (!json) return NULL;
    if (params_count == MANY || runloop_params_from_json(json, strlen(json), &made, NULL)) abort();
    return taken_params[params_count++] = made;
}

/* ---- the answer ---- */

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void put(const char *format, ...)
{
    va_list list;
    int count;
    va_start(list, format);
    count = vsnprintf(answer + used, sizeof answer - used, format, list);
    va_end(list);
    if (count < 0 || (size_t)count >= sizeof answer - used) abort();
    used += (size_t)count;
}

static void put_key(const char *key)
{
    put("%s\"%s\":", used == 0 || answer[used - 1] == '{' ? "" : ",", key);
}

static void put_text(const char *value)
{
    put("\"");
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            put("\\%c", *value);
        else if ((unsigned char)*value < 0x20)
            put("\\u%04x", (unsigned)(unsigned char)*value);
        else
            put("%c", *value);
    }
    put("\"");
}

void answer_text(const char *key, const char *value)
{
    put_key(key);
    if (value)
        put_text(value);
    else
        put("null");
}

void answer_int(const char *key, int64_t value)
{
    put_key(key);
    put("%lld", (long long)value);
}

void answer_bytes(const char *key, const void *data, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = (const unsigned char *)data;
    size_t i;
    put_key(key);
    put("{\"hex\":\"");
    if (2 * length + 8 >= sizeof answer - used) abort();
    for (i = 0; i < length; i++) {
        answer[used++] = digits[from[i] >> 4];
        answer[used++] = digits[from[i] & 15];
    }
    put("\"}");
}

void answer_json(const char *key, const char *json)
{
    put_key(key);
    put("%s", json);
}

void answer_value(runloop_value *value)
{
    if (value) answer_json("value", runloop_value_json(value, NULL));
    runloop_value_free(value);
}

void answer_owned(const char *key, runloop_bytes *owned)
{
    if (owned) answer_bytes(key, runloop_bytes_data(owned), runloop_bytes_length(owned));
    runloop_bytes_free(owned);
}

static int list_empty;

void list_begin(const char *key)
{
    put_key(key);
    put("[");
    list_empty = 1;
}

void list_json(const char *json)
{
    put("%s%s", list_empty ? "" : ",", json);
    list_empty = 0;
}

void list_text(const char *value)
{
    put("%s", list_empty ? "" : ",");
    put_text(value);
    list_empty = 0;
}

void list_end(void)
{
    put("]");
}

static void put_error(int32_t status, const runloop_error *error)
{
    size_t length = 0;
    const char *body = runloop_error_body(error, &length);
    put_key("error");
    put("{");
    answer_text("status", runloop_status_name(status));
    answer_text("message", runloop_error_message(error));
    answer_int("http_status", runloop_error_http_status(error));
    answer_text("code", runloop_error_code(error));
    answer_text("request_id", runloop_error_request_id(error));
    answer_int("retry_after_ms", runloop_error_retry_after_ms(error));
    answer_int("retryable", runloop_error_retryable(error));
    answer_int("attempts", runloop_error_attempts(error));
    answer_text("resource_id", runloop_error_resource_id(error));
    answer_int("side_effect", runloop_error_side_effect(error));
    if (body) answer_bytes("body", body, length);
    answer_text("cause", runloop_error_cause(error));
    put("}");
}

int32_t did(int32_t status, runloop_error *error)
{
    if (status) put_error(status, error);
    runloop_error_free(error);
    return status;
}

/* ---- what nobody has read ---- */

static int was_read(const char *pointer)
{
    int i;
    for (i = 0; i < read_count; i++)
        if (!strcmp(read_pointers[i], pointer)) return 1;
    return 0;
}

/* The arguments of a group are read one by one. */
static int is_group(const char *key)
{
    static const char *const groups[] = {"options", "exec", "tree", "config"};
    size_t i;
    for (i = 0; i < sizeof groups / sizeof *groups; i++)
        if (!strcmp(key, groups[i])) return 1;
    return 0;
}

static int answer_unread(const char *within)
{
    int count = json_count(step, within), i;
    for (i = 0; i < count; i++) {
        char *key = json_key(step, within, i), place[256];
        int unread = 0;
        snprintf(place, sizeof place, "%s/%s", within, key ? key : "");
        if (!*within && key && is_group(key))
            unread = answer_unread(place);
        else if (!was_read(place)) {
            answer_text("unread", place);
            unread = 1;
        }
        free(key);
        if (unread) return 1;
    }
    return 0;
}

void answer_print(void)
{
    note("/do");
    note("/as");
    note("/on");
    if (!strstr(answer, "\"unknown\":") && !strstr(answer, "\"missing\":")) answer_unread("");
    printf("{%s}\n", answer);
    fflush(stdout);
}
