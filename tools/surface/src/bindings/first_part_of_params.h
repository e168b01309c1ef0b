/* runloop_params.h: typed setters for request parameters, on top of the runloop_params of runloop.h.
 *
 * Generated from spec/openapi.json by `make generate`; edit that file, or tools/surface.
 *
 *     runloop_params *params, *launch;
 *
 *     runloop_params_new(&params, &error);
 *     runloop_params_new(&launch, &error);
 *     runloop_devbox_create_params_set_name(params, "worker", &error);
 *     runloop_launch_parameters_set_keep_alive_time_seconds(launch, 600, &error);
 *     runloop_devbox_create_params_set_launch_parameters(params, launch, &error);
 *
 * A setter is named after its struct and its field, as in the API: the compiler checks the names and the types of
 * the values. All setters are inline functions that call the functions of runloop.h with the JSON Pointer filled in;
 * the library exports nothing for them. Both ways can be mixed: use the functions of runloop.h for null, for fields
 * that the API has gained since, and for nested values.
 *
 * An _append_ function adds an item to a field that is an array. A field that maps keys to values is set key by key.
 * A value that has fields of its own is a runloop_params, which is copied and remains the caller's. If a value can be
 * of several kinds, create it with the _new function of its kind. A value of any type is given as JSON text.
 *
 * Every function returns a status as the functions of runloop.h do: RUNLOOP_OK, RUNLOOP_INVALID_ARGUMENT,
 * RUNLOOP_INVALID_HANDLE …. Any thread; never blocks.
 */

#ifndef RUNLOOP_PARAMS_H
#define RUNLOOP_PARAMS_H

#include <runloop.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---------------------------------------------------------------------
 * Functions that the setters use
 * --------------------------------------------------------------------- */

/// Sets a copy of other parameters at a JSON Pointer.
static inline int32_t runloop_params_set_params(const runloop_params *params, const char *pointer, const runloop_params *value, runloop_error **error)
{
    runloop_bytes *json = NULL;
    int32_t status = runloop_params_to_json(value, &json, error);
    if (status == RUNLOOP_OK)
        status = runloop_params_set_json(params, pointer, runloop_bytes_data(json), error);
    runloop_bytes_free(json);
    return status;
}

/// Appends a copy of other parameters to the array at a JSON Pointer.
static inline int32_t runloop_params_append_params(const runloop_params *params, const char *pointer, const runloop_params *value, runloop_error **error)
{
    runloop_bytes *json = NULL;
    int32_t status = runloop_params_to_json(value, &json, error);
    if (status == RUNLOOP_OK)
        status = runloop_params_append_json(params, pointer, runloop_bytes_data(json), error);
    runloop_bytes_free(json);
    return status;
}

/// Returns the JSON Pointer of a key below `pointer`, allocated with malloc; NULL if memory ran out.
static inline char *runloop_params_pointer(const char *pointer, const char *key)
{
    size_t length = strlen(pointer);
    char *whole = (char *)malloc(length + 2 * strlen(key) + 2), *next = whole;
    if (whole == NULL)
        return NULL;
    memcpy(next, pointer, length);
    next += length;
    *next++ = '/';
    for (; *key != '\0'; key++) {
        if (*key == '~' || *key == '/') {
            *next++ = '~';
            *next++ = *key == '~' ? '0' : '1';
        } else {
            *next++ = *key;
        }
    }
    *next = '\0';
    return whole;
}

/// Sets a string at a key below a JSON Pointer.
static inline int32_t runloop_params_set_member_string(const runloop_params *params, const char *pointer, const char *key, const char *value, runloop_error **error)
{
    /* Without a key the library reports that the pointer is NULL. */
    char *place = key != NULL ? runloop_params_pointer(pointer, key) : NULL;
    int32_t status = runloop_params_set_string(params, place, value, error);
    free(place);
    return status;
}

/// Sets a copy of other parameters at a key below a JSON Pointer.
static inline int32_t runloop_params_set_member_params(const runloop_params *params, const char *pointer, const char *key, const runloop_params *value, runloop_error **error)
{
    char *place = key != NULL ? runloop_params_pointer(pointer, key) : NULL;
    int32_t status = runloop_params_set_params(params, place, value, error);
    free(place);
    return status;
}

/* ---------------------------------------------------------------------
 * Values of enumerations; the API may add others
 * --------------------------------------------------------------------- */

