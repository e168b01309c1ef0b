/* Against the emulator: storage objects in the manners of the stores, through every break. */

#include "harness.h"

static runloop_client *client;

static void make_file(const char *path, size_t length)
{
    FILE *file = fopen(path, "wb");
    uint32_t seed = 7;
    CHECK(file != NULL);
    while (length--) {
        seed = seed * 1664525 + 1013904223;
        fputc((int)(seed >> 24), file);
    }
    CHECK(!fclose(file));
}

static void check_state(runloop_object *object, const char *expected)
{
    runloop_value *info;
    const char *text;
    OK(runloop_object_refresh(object, NULL, &info, E));
    OK(runloop_value_get_string(info, "/state", &text, NULL, E));
    CHECK_TEXT(text, expected);
    runloop_value_free(info);
}

static int objects_left(void)
{
    runloop_object_cursor *cursor;
    runloop_object *object;
    int count = 0;
    OK(runloop_object_list(client, NULL, &cursor, E));
    for (;;) {
        OK(runloop_object_cursor_next(cursor, NULL, &object, NULL, E));
        if (!object) break;
        runloop_object_free(object);
        count++;
    }
    runloop_object_cursor_free(cursor);
    return count;
}

static void in_every_manner(const char *manner)
{
    const char *from = temporary("from"), *to = temporary("to");
    runloop_object *object, *binary;
    runloop_bytes *bytes;
    char *expected, *actual, *header;
    size_t length, again;
    settings("{\"object_manner\":\"%s\"}", manner);
    make_file(from, 3000000);
    expected = file_contents(from, &length);
    journal_clear();
    OK(runloop_object_upload_from_text(client, "hello.txt", "Hello", NULL, NULL, &object, E));
    CHECK_INT(journal_count(NULL), 3);
    check_state(object, "READ_ONLY");
    header = journal_at("storage.put", 0, "/headers/authorization");
    CHECK(header == NULL);
    OK(runloop_object_download_as_text(object, NULL, NULL, &bytes, E));
    CHECK_OUTPUT(bytes, "Hello");
    OK(runloop_object_upload_from_file(client, from, NULL, NULL, &binary, E));
    fault("storage.get", 0, 2, "{\"type\":\"cut\",\"after_bytes\":1000000,\"how\":\"reset\"}");
    OK(runloop_object_download_to_file(binary, to, NULL, NULL, E));
    CHECK_INT(faults_fired(), 2);
    faults_clear();
    actual = file_contents(to, &again);
    CHECK(again == length && !memcmp(actual, expected, length));
    free(actual);
    free(expected);
    OK(runloop_object_delete(binary, NULL, NULL, E));
    OK(runloop_object_delete(object, NULL, NULL, E));
    runloop_object_free(binary);
    runloop_object_free(object);
    printf("test_emulated_objects: %s\n", manner);
}

static void failures(void)
{
    runloop_object *object;
    runloop_bytes *bytes;
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    opts.max_retries = -1;
    fault("storage.put", 0, 1, "{\"type\":\"status\",\"status\":503}");
    CHECK_STATUS(runloop_object_upload_from_text(client, "a", "x", NULL, &opts, &object, E), RUNLOOP_SERVER);
    CHECK_HAS(last_message(), "being deleted");
    EVENTUALLY(objects_left() == 0);
    fault("objects.create", 0, 1, "{\"type\":\"close\",\"when\":\"after\"}");
    CHECK_STATUS(runloop_object_upload_from_text(client, "a", "x", NULL, &opts, &object, E), RUNLOOP_BROKEN);
    EVENTUALLY(objects_left() == 0);
    faults_clear();
    OK(runloop_object_from_id(client, "obj_unknown", &object, E));
    CHECK_STATUS(runloop_object_download_as_bytes(object, NULL, NULL, &bytes, E), RUNLOOP_NOT_FOUND);
    CHECK_STATUS(runloop_object_delete(object, NULL, NULL, E), RUNLOOP_NOT_FOUND);
    runloop_object_free(object);
    group("failures leave nothing");
}

int main(void)
{
    begin("test_emulated_objects");
    emulator_start(NULL);
    client = new_client(NULL);
    in_every_manner("plain");
    in_every_manner("s3");
    in_every_manner("azure");
    failures();
    CHECK_INT(objects_left(), 0);
    runloop_client_free(client);
    return finish();
}
