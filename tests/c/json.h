/* As much of JSON as reading the emulator's test controls takes. */

#ifndef JSON_H
#define JSON_H

#ifdef __cplusplus
extern "C" {
#endif

/* What is at a JSON Pointer: of a string its text, of anything else its JSON; NULL if there is
 * nothing. The caller frees it. */
char *json_at(const char *json, const char *pointer);
/* What is at a JSON Pointer as it stands, a string with its quotes; NULL if there is nothing. The caller
 * frees it. */
char *json_raw(const char *json, const char *pointer);
/* How many elements or members there are at a JSON Pointer; -1 if it is no array and no object. */
int json_count(const char *json, const char *pointer);
/* The key of the object's member that has this index; NULL if there is none. The caller frees it. */
char *json_key(const char *json, const char *pointer, int index);
/* Whether the text is one JSON value and nothing else. */
int json_valid(const char *json);

#ifdef __cplusplus
}
#endif

#endif
