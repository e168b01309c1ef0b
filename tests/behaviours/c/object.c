/* Storage objects. */

#include "call.h"
#include "step.h"
#include "transfer.h"

FIND(client)
FIND(object)
KEEP(object)

GIVE(object_create, object, runloop_object_create(the_client(), params("/params"), options(), &made, &error))
GIVE(object_from_id, object, runloop_object_from_id(the_client(), text("/id"), &made, &error))
GIVE(object_upload_from_file, object,
     runloop_object_upload_from_file(the_client(), text("/local_path"), params("/params"), options(), &made, &error))
GIVE(object_upload_from_dir, object,
     runloop_object_upload_from_dir(the_client(), text("/local_path"), tree(), params("/params"), options(), &made, &error))
GIVE(object_upload_from_text, object,
     runloop_object_upload_from_text(the_client(), text("/name"), text("/text"), params("/params"), options(), &made, &error))
GIVE(object_upload_from_source, object,
     runloop_object_upload_from_source(the_client(), text("/name"), source(), params("/params"), options(), &made, &error))

static void object_upload_from_bytes(void)
{
    runloop_object *made = NULL;
    runloop_error *error = NULL;
    size_t length = 0;
    const char *data = bytes("/data", &length);
    int32_t status = runloop_object_upload_from_bytes(the_client(), text("/name"), data, length, params("/params"), options(),
                                                      &made, &error);
    did(status, error);
    if (made) keep_object(made);
}

DO(object_upload_content, runloop_object_upload_content(the_object(), source(), options(), &error))
VIEW(object_complete, runloop_object_complete(the_object(), options(), &value, &error))
VIEW(object_refresh, runloop_object_refresh(the_object(), options(), &value, &error))
DO(object_delete, runloop_object_delete(the_object(), options(), NULL, &error))
VIEW(object_get_download_url, runloop_object_get_download_url(the_object(), params("/params"), options(), &value, &error))
BYTES(object_download_as_bytes, "contents",
      runloop_object_download_as_bytes(the_object(), params("/params"), options(), &made, &error))
BYTES(object_download_as_text, "contents",
      runloop_object_download_as_text(the_object(), params("/params"), options(), &made, &error))
DO(object_download_to_file,
   runloop_object_download_to_file(the_object(), text("/local_path"), params("/params"), options(), &error))
DO(object_download_to_dir,
   runloop_object_download_to_dir(the_object(), text("/local_path"), tree(), params("/params"), options(), &error))
LIST(object_list, object, runloop_object_list(the_client(), params("/params"), &cursor, &error))
LIST(object_list_public, object, runloop_object_list_public(the_client(), params("/params"), &cursor, &error))

static void object_download_to_sink(void)
{
    runloop_error *error = NULL;
    int32_t status = runloop_object_download_to_sink(the_object(), sink(), params("/params"), options(), &error);
    did(status, error);
    answer_sunk();
}

const operation object_operations[] = {
    {"object_create", object_create},
    {"object_from_id", object_from_id},
    {"object_upload_from_file", object_upload_from_file},
    {"object_upload_from_dir", object_upload_from_dir},
    {"object_upload_from_text", object_upload_from_text},
    {"object_upload_from_bytes", object_upload_from_bytes},
    {"object_upload_from_source", object_upload_from_source},
    {"object_upload_content", object_upload_content},
    {"object_complete", object_complete},
    {"object_refresh", object_refresh},
    {"object_delete", object_delete},
    {"object_get_download_url", object_get_download_url},
    {"object_download_as_bytes", object_download_as_bytes},
    {"object_download_as_text", object_download_as_text},
    {"object_download_to_file", object_download_to_file},
    {"object_download_to_dir", object_download_to_dir},
    {"object_download_to_sink", object_download_to_sink},
    {"object_list", object_list},
    {"object_list_public", object_list_public},
    {NULL, NULL},
};
