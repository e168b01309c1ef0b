/* Secrets, axons, and events as they come. */

#include "call.h"
#include "step.h"

#include <stdio.h>

FIND(client)
FIND(secret)
KEEP(secret)
FIND(axon)
KEEP(axon)
FIND(event_stream)
RELEASE(event_stream)

GIVE(secret_create, secret, runloop_secret_create(the_client(), text("/name"), text("/value"), options(), &made, &error))
GIVE(secret_from_name, secret, runloop_secret_from_name(the_client(), text("/name"), &made, &error))
GIVE(secret_from_id, secret, runloop_secret_from_id(the_client(), text("/id"), &made, &error))
VIEW(secret_get_info, runloop_secret_get_info(the_secret(), options(), &value, &error))
VIEW(secret_update, runloop_secret_update(the_secret(), text("/value"), options(), &value, &error))
DO(secret_delete, runloop_secret_delete(the_secret(), options(), NULL, &error))
LIST(secret_list, secret, runloop_secret_list(the_client(), params("/params"), &cursor, &error))

GIVE(axon_create, axon, runloop_axon_create(the_client(), params("/params"), options(), &made, &error))
GIVE(axon_from_id, axon, runloop_axon_from_id(the_client(), text("/id"), &made, &error))
LIST(axon_list, axon, runloop_axon_list(the_client(), params("/params"), &cursor, &error))
VIEW(axon_get_info, runloop_axon_get_info(the_axon(), options(), &value, &error))
VIEW(axon_update, runloop_axon_update(the_axon(), params("/params"), options(), &value, &error))
VIEW(axon_publish, runloop_axon_publish(the_axon(), params("/params"), options(), &value, &error))
DO(axon_delete, runloop_axon_delete(the_axon(), options(), NULL, &error))

VIEW(axon_sql_batch, runloop_axon_sql_batch(the_axon(), params("/params"), options(), &value, &error))

static void axon_events(void)
{
    runloop_axon_event_cursor *cursor = NULL;
    runloop_value *event = NULL;
    runloop_error *error = NULL;
    int32_t status = runloop_axon_events(the_axon(), params("/params"), &cursor, &error);
    const runloop_call_options *how = options();
    int64_t take = number("/take", -1), count = 0;
    list_begin("values");
    while (!status && count != take) {
        status = runloop_axon_event_cursor_next(cursor, how, &event, &error);
        if (status || !event) break;
        list_json(runloop_value_json(event, NULL));
        runloop_value_free(event);
        count++;
    }
    list_end();
    answer_int("count", count);
    did(status, error);
    runloop_axon_event_cursor_free(cursor);
}

static void axon_sql_query(void)
{
    char json[4096];
    runloop_params *values = NULL;
    runloop_value *value = NULL;
    runloop_error *error = NULL;
    int32_t status = RUNLOOP_OK;
    if (given("/values")) {
        int length = snprintf(json, sizeof json, "{\"params\":%s}", text("/values"));
        if (length >= (int)sizeof json) length = 0;
        status = runloop_params_from_json(json, (size_t)length, &values, &error);
    }
    if (!status) status = runloop_axon_sql_query(the_axon(), text("/sql"), values, options(), &value, &error);
    runloop_params_free(values);
    did(status, error);
    answer_value(value);
}

static void axon_subscribe(void)
{
    runloop_event_stream *stream = NULL;
    runloop_error *error = NULL;
    int32_t status = runloop_axon_subscribe(the_axon(), number("/after_sequence", -1), options(), &stream, &error);
    did(status, error);
    if (stream) keep_handle("event_stream", stream, NULL, release_event_stream);
}

static void eviction_watch(void)
{
    runloop_event_stream *stream = NULL;
    runloop_error *error = NULL;
    int32_t status = runloop_eviction_watch(the_client(), options(), &stream, &error);
    did(status, error);
    if (stream) keep_handle("event_stream", stream, NULL, release_event_stream);
}

static void event_stream_next(void)
{
    runloop_value *event = NULL;
    runloop_error *error = NULL;
    int32_t status = runloop_event_stream_next(the_event_stream(), options(), &event, &error);
    did(status, error);
    answer_int("ended", !status && !event);
    answer_value(event);
}

static void event_stream_free(void)
{
    drop_handle("event_stream");
}

const operation record_operations[] = {
    {"secret_create", secret_create},
    {"secret_from_name", secret_from_name},
    {"secret_from_id", secret_from_id},
    {"secret_get_info", secret_get_info},
    {"secret_update", secret_update},
    {"secret_delete", secret_delete},
    {"secret_list", secret_list},
    {"axon_create", axon_create},
    {"axon_from_id", axon_from_id},
    {"axon_list", axon_list},
    {"axon_get_info", axon_get_info},
    {"axon_update", axon_update},
    {"axon_publish", axon_publish},
    {"axon_delete", axon_delete},
    {"axon_events", axon_events},
    {"axon_sql_query", axon_sql_query},
    {"axon_sql_batch", axon_sql_batch},
    {"axon_subscribe", axon_subscribe},
    {"eviction_watch", eviction_watch},
    {"event_stream_next", event_stream_next},
    {"event_stream_free", event_stream_free},
    {NULL, NULL},
};
