/* runloop_params.h: typed setters of what requests hold, over the runloop_params of runloop.h.
 *
 * Made from spec/openapi.json by `make generate`; changes belong there, or in tools/surface.
 *
 *     runloop_params *params, *launch;
 *
 *     runloop_params_new(&params, &error);
 *     runloop_params_new(&launch, &error);
 *     runloop_devbox_create_params_set_name(params, "worker", &error);
 *     runloop_launch_parameters_set_keep_alive_time_seconds(launch, 600, &error);
 *     runloop_devbox_create_params_set_launch_parameters(params, launch, &error);
 *
 * A setter is named by its struct and its field, as the API calls them; the compiler checks the names and the
 * kinds of the values. All are inlined: they are the functions of runloop.h with the places filled in, the
 * library exports nothing for them, and both ways can be mixed: for null, for what the API has gained
 * since, for what lies deeper.
 *
 * A field that is an array is added to, item by item, by its _append_ function; one that maps keys to
 * values is set key by key. A value that is itself made of fields is a runloop_params of its own, which is
 * copied and stays the caller's; one that can be of several kinds is made by the _new function of its kind.
 * A value that can be anything is given as JSON text.
 *
 * Every function returns what the functions of runloop.h return: RUNLOOP_OK, RUNLOOP_INVALID_ARGUMENT,
 * RUNLOOP_INVALID_HANDLE … Any thread; none blocks.
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
 * What the setters have in common
 * --------------------------------------------------------------------- */

/// Sets a copy of other parameters at a place.
static inline int32_t runloop_params_set_params(const runloop_params *params, const char *pointer, const runloop_params *value, runloop_error **error)
{
    runloop_bytes *json = NULL;
    int32_t status = runloop_params_to_json(value, &json, error);
    if (status == RUNLOOP_OK)
        status = runloop_params_set_json(params, pointer, runloop_bytes_data(json), error);
    runloop_bytes_free(json);
    return status;
}

/// Adds a copy of other parameters to the array at a place.
static inline int32_t runloop_params_append_params(const runloop_params *params, const char *pointer, const runloop_params *value, runloop_error **error)
{
    runloop_bytes *json = NULL;
    int32_t status = runloop_params_to_json(value, &json, error);
    if (status == RUNLOOP_OK)
        status = runloop_params_append_json(params, pointer, runloop_bytes_data(json), error);
    runloop_bytes_free(json);
    return status;
}

/// The place of any key below another place; the caller frees it. NULL if memory ran out.
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

/// Sets text at any key below a place.
static inline int32_t runloop_params_set_member_string(const runloop_params *params, const char *pointer, const char *key, const char *value, runloop_error **error)
{
    /* Without a key there is no place, which the library tells in its own words. */
    char *place = key != NULL ? runloop_params_pointer(pointer, key) : NULL;
    int32_t status = runloop_params_set_string(params, place, value, error);
    free(place);
    return status;
}

/// Sets a copy of other parameters at any key below a place.
static inline int32_t runloop_params_set_member_params(const runloop_params *params, const char *pointer, const char *key, const runloop_params *value, runloop_error **error)
{
    char *place = key != NULL ? runloop_params_pointer(pointer, key) : NULL;
    int32_t status = runloop_params_set_params(params, place, value, error);
    free(place);
    return status;
}

/* ---------------------------------------------------------------------
 * What texts may be; the API may come to know others
 * --------------------------------------------------------------------- */

