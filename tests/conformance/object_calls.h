/* The calls of storage objects, for calls.c. */

static runloop_object *object_of(const char *id)
{
    runloop_object *object;
    must(runloop_object_from_id(client, id, &object, &error));
    return object;
}
/* The parameters without what is an argument of its own. */
static const runloop_params *object_params(void)
{
    runloop_params *rest;
    const char *kind = member("/content_type"), *metadata = member("/metadata");
    must(runloop_params_new(&rest, &error));
    if (kind) must(runloop_params_set_string(rest, "/content_type", kind, &error));
    if (metadata) must(runloop_params_set_json(rest, "/metadata", metadata, &error));
    if (member("/ttl_ms")) must(runloop_params_set_json(rest, "/ttl_ms", member("/ttl_ms"), &error));
    return rest;
}
static void object_create(void)
{
    runloop_object *object;
    must(runloop_object_create(client, params, NULL, &object, &error));
    runloop_object_free(object);
}
static void first_object(runloop_object_cursor *cursor)
{
    runloop_object *object;
    must(runloop_object_cursor_next(cursor, NULL, &object, NULL, &error));
    runloop_object_free(object);
    runloop_object_cursor_free(cursor);
}
static void object_list(void)
{
    runloop_object_cursor *cursor;
    must(runloop_object_list(client, params, &cursor, &error));
    first_object(cursor);
}
static void object_list_public(void)
{
    runloop_object_cursor *cursor;
    must(runloop_object_list_public(client, params, &cursor, &error));
    first_object(cursor);
}
static void object_upload_from_text(void)
{
    runloop_object *object;
    must(runloop_object_upload_from_text(client, member("/name"), member("/text"), object_params(), NULL, &object, &error));
    runloop_object_free(object);
}
static void object_upload_from_bytes(void)
{
    runloop_object *object;
    const char *data = member("/text");
    must(runloop_object_upload_from_bytes(client, member("/name"), data, strlen(data), object_params(), NULL, &object, &error));
    runloop_object_free(object);
}
static void object_refresh(void)
{
    runloop_object *object = object_of("obj 1/\xc3\xbc");
    must(runloop_object_refresh(object, NULL, &value, &error));
    runloop_object_free(object);
}
static void object_complete(void)
{
    runloop_object *object = object_of("obj_1");
    must(runloop_object_complete(object, NULL, NULL, &error));
    runloop_object_free(object);
}
static void object_delete(void)
{
    runloop_object *object = object_of("obj_1");
    must(runloop_object_delete(object, NULL, NULL, &error));
    runloop_object_free(object);
}
static void object_get_download_url(void)
{
    runloop_object *object = object_of("obj_1");
    must(runloop_object_get_download_url(object, params, NULL, &value, &error));
    runloop_object_free(object);
}
static void object_download_as_bytes(void)
{
    runloop_object *object = object_of("obj_1");
    must(runloop_object_download_as_bytes(object, params, NULL, &bytes, &error));
    runloop_object_free(object);
}
static void object_download_as_text(void)
{
    runloop_object *object = object_of("obj_1");
    must(runloop_object_download_as_text(object, params, NULL, &bytes, &error));
    runloop_object_free(object);
}

#define OBJECT_CALLS \
    CALL(object_create), \
    CALL(object_list), \
    CALL(object_list_public), \
    CALL(object_upload_from_text), \
    CALL(object_upload_from_bytes), \
    CALL(object_refresh), \
    CALL(object_complete), \
    CALL(object_delete), \
    CALL(object_get_download_url), \
    CALL(object_download_as_bytes), \
    CALL(object_download_as_text)
