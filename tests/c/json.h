/* As much of JSON as reading the emulator's test controls takes. */

#ifndef JSON_H
#define JSON_H

#ifdef __cplusplus
extern "C" {
#endif

/* What is at a JSON Pointer: of a string its text, of anything else its JSON; NULL if there is
 * nothing. The caller frees it. */
char *json_at(const char *json, const char *pointer);
/* How many elements or members there are at a JSON Pointer; -1 if it is no array and no object. */
int json_count(const char *json, const char *pointer);
/* Whether the text is one JSON value and nothing else. */
int json_valid(const char *json);

#ifdef __cplusplus
}
#endif

#endif
