#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *space(const char *at)
{
    while (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r') at++;
    return at;
}

/* Behind the string that begins at `at`; NULL if it does not end. */
static const char *skip_string(const char *at)
{
    if (*at++ != '"') return NULL;
    while (*at && *at != '"') at += (*at == '\\' && at[1]) ? 2 : 1;
    return *at ? at + 1 : NULL;
}

static const char *skip_value(const char *at);

static const char *skip_container(const char *at, int object)
{
    const char close = object ? '}' : ']';
    at = space(at + 1);
    if (*at == close) return at + 1;
    for (;;) {
        if (object) {
            at = skip_string(space(at));
            if (!at || *(at = space(at)) != ':') return NULL;
            at++;
        }
        at = skip_value(at);
        if (!at) return NULL;
        at = space(at);
        if (*at == close) return at + 1;
        if (*at++ != ',') return NULL;
    }
}

static const char *skip_value(const char *at)
{
    static const char *const words[] = {"true", "false", "null"};
    size_t i;
    at = space(at);
    if (*at == '"') return skip_string(at);
    if (*at == '{') return skip_container(at, 1);
    if (*at == '[') return skip_container(at, 0);
    for (i = 0; i < 3; i++)
        if (!strncmp(at, words[i], strlen(words[i]))) return at + strlen(words[i]);
    if (*at == '-' || (*at >= '0' && *at <= '9')) return at + strspn(at, "+-.0123456789eE");
    return NULL;
}

static char *append_utf8(char *out, unsigned long point)
{
    if (point < 0x80) {
        *out++ = (char)point;
    } else if (point < 0x800) {
        *out++ = (char)(0xC0 | point >> 6);
        *out++ = (char)(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        *out++ = (char)(0xE0 | point >> 12);
        *out++ = (char)(0x80 | (point >> 6 & 0x3F));
        *out++ = (char)(0x80 | (point & 0x3F));
    } else {
        *out++ = (char)(0xF0 | point >> 18);
        *out++ = (char)(0x80 | (point >> 12 & 0x3F));
        *out++ = (char)(0x80 | (point >> 6 & 0x3F));
        *out++ = (char)(0x80 | (point & 0x3F));
    }
    return out;
}

static unsigned long hex4(const char *at)
{
    char digits[5];
    memcpy(digits, at, 4);
    digits[4] = 0;
    return strtoul(digits, NULL, 16);
}

static char *unescaped(const char *from, const char *to)
{
    static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
    char *text = (char *)malloc((size_t)(to - from) + 1), *out = text;
    if (!text) abort();
    while (from < to) {
        if (*from != '\\') {
            *out++ = *from++;
        } else if (from[1] == 'u' && to - from >= 6) {
            unsigned long point = hex4(from + 2);
            from += 6;
            if (point >= 0xD800 && point < 0xDC00 && to - from >= 6 && from[0] == '\\' && from[1] == 'u') {
                point = 0x10000 + ((point - 0xD800) << 10) + (hex4(from + 2) - 0xDC00);
                from += 6;
            }
            out = append_utf8(out, point);
        } else {
            const char *name = strchr(names, from[1]);
            *out++ = name ? values[name - names] : from[1];
            from += 2;
        }
    }
    *out = 0;
    return text;
}

/* The member or element that one step of a pointer names. */
static const char *step(const char *at, const char *token, size_t length)
{
    int object;
    long index = 0, wanted;
    at = space(at);
    object = *at == '{';
    if (!object && *at != '[') return NULL;
    wanted = strtol(token, NULL, 10);
    at = space(at + 1);
    while (*at && *at != '}' && *at != ']') {
        int found;
        if (object) {
            const char *key = at, *end = skip_string(at);
            char *name;
            if (!end) return NULL;
            name = unescaped(key + 1, end - 1);
            found = strlen(name) == length && !memcmp(name, token, length);
            free(name);
            at = space(end) + 1;
        } else {
            found = index++ == wanted;
        }
        if (found) return space(at);
        at = skip_value(at);
        if (!at) return NULL;
        at = space(at);
        if (*at == ',') at = space(at + 1);
    }
    return NULL;
}

static const char *find(const char *json, const char *pointer)
{
    const char *at = space(json);
    while (at && *pointer == '/') {
        size_t length = strcspn(pointer + 1, "/"), i, o = 0;
        char token[256];
        if (length >= sizeof token) return NULL;
        for (i = 1; i <= length; i++) {
            if (pointer[i] == '~') {
                token[o++] = pointer[++i] == '1' ? '/' : '~';
            } else {
                token[o++] = pointer[i];
            }
        }
        token[o] = 0;
        at = step(at, token, o);
        pointer += 1 + length;
    }
    return at;
}

char *json_at(const char *json, const char *pointer)
{
    const char *from = find(json, pointer), *to;
    if (!from || !(to = skip_value(from))) return NULL;
    return *from == '"' ? unescaped(from + 1, to - 1) : json_raw(json, pointer);
}

char *json_raw(const char *json, const char *pointer)
{
    const char *from = find(json, pointer), *to;
    char *text;
    if (!from || !(to = skip_value(from))) return NULL;
    text = (char *)malloc((size_t)(to - from) + 1);
    if (!text) abort();
    memcpy(text, from, (size_t)(to - from));
    text[to - from] = 0;
    return text;
}

int json_count(const char *json, const char *pointer)
{
    const char *at = find(json, pointer);
    int count = 0, object;
    if (!at || (*at != '{' && *at != '[') || !skip_value(at)) return -1;
    object = *at == '{';
    at = space(at + 1);
    while (*at != '}' && *at != ']') {
        if (object) at = space(skip_string(at)) + 1;
        at = space(skip_value(at));
        if (*at == ',') at = space(at + 1);
        count++;
    }
    return count;
}

char *json_key(const char *json, const char *pointer, int index)
{
    const char *at = find(json, pointer), *end;
    if (!at || *at != '{' || !skip_value(at)) return NULL;
    at = space(at + 1);
    while (*at == '"') {
        end = skip_string(at);
        if (!index--) return unescaped(at + 1, end - 1);
        at = space(skip_value(space(end) + 1));
        if (*at == ',') at = space(at + 1);
    }
    return NULL;
}

int json_valid(const char *json)
{
    const char *end = skip_value(json);
    return end && !*space(end);
}
