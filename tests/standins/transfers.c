/* Storage objects through storages that others have written, which check every signature: Azurite for Azure's
 * signed URLs, s3s-fs for presigned ones. STANDIN_API is the server that hands out the URLs, STANDIN_AZURE and
 * STANDIN_S3 are the storages. */

#include "cutting_proxy.h"
#include "harness.h"
#include "local_files.h"
#include "trees.h"

#include <unistd.h>

enum { LENGTH = 5000000 };

static runloop_client *client;
static cutting_proxy *proxy;
static char from[512], to[512];

static void tell(const char *path, const char *format, const char *one, const char *other)
{
    char json[512];
    runloop_params *body;
    snprintf(json, sizeof json, format, one, other);
    OK(runloop_params_from_json(json, strlen(json), &body, E));
    OK(runloop_client_request(client, "PUT", path, NULL, body, NULL, NULL, NULL, NULL, NULL, E));
    runloop_params_free(body);
}

static runloop_object *uploaded(void)
{
    runloop_object *object;
    OK(runloop_object_upload_from_file(client, from, NULL, NULL, &object, E));
    return object;
}

static void gone(runloop_object *object)
{
    OK(runloop_object_delete(object, NULL, NULL, E));
    runloop_object_free(object);
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

static void there_and_back(void)
{
    static const int64_t lengths[] = {0, 1, 300000, LENGTH};
    size_t i;
    runloop_object *object;
    runloop_bytes *bytes;
    char tree[512], back[512];
    for (i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        runloop_value *info;
        int64_t size;
        make_file(from, lengths[i]);
        object = uploaded();
        OK(runloop_object_refresh(object, NULL, &info, E));
        OK(runloop_value_get_int(info, "/size_bytes", &size, E));
        CHECK_INT(size, lengths[i]);
        runloop_value_free(info);
        OK(runloop_object_download_to_file(object, to, NULL, NULL, E));
        CHECK(same_files(from, to));
        unlink(to);
        gone(object);
    }
    OK(runloop_object_upload_from_text(client, "a name, with ? and #.txt", "Hello", NULL, NULL, &object, E));
    OK(runloop_object_download_as_text(object, NULL, NULL, &bytes, E));
    CHECK_OUTPUT(bytes, "Hello");
    gone(object);
    snprintf(tree, sizeof tree, "%s", temporary("tree"));
    snprintf(back, sizeof back, "%s", temporary("back"));
    make_tree(tree);
    OK(runloop_object_upload_from_dir(client, tree, NULL, NULL, NULL, &object, E));
    OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
    check_same(tree, back);
    remove_all(tree);
    remove_all(back);
    gone(object);
}

static void through_breaks(void)
{
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_object *object;
    int64_t carried;
    int kind;
    opts.timeout_ms = 2000;
    make_file(from, LENGTH);
    for (kind = CUT_RESET; kind <= CUT_STALL; kind++) {
        cutting_proxy_arm(proxy, CUT_REQUESTS, (enum cut_kind)kind, LENGTH / 2);
        OK(runloop_object_upload_from_file(client, from, NULL, &opts, &object, E));
        CHECK(cutting_proxy_disarm(proxy));
        cutting_proxy_arm(proxy, CUT_ANSWERS, (enum cut_kind)kind, LENGTH / 2);
        carried = cutting_proxy_carried(proxy, CUT_ANSWERS);
        OK(runloop_object_download_to_file(object, to, NULL, &opts, E));
        CHECK(cutting_proxy_disarm(proxy));
        CHECK(same_files(from, to));
        /* The rest alone was asked for, and given. A reset takes with it what was on its way. */
        carried = cutting_proxy_carried(proxy, CUT_ANSWERS) - carried;
        CHECK(carried >= LENGTH && (kind == CUT_RESET || carried < LENGTH + LENGTH / 4));
        unlink(to);
        gone(object);
    }
    CHECK_INT(parts_left(), 0);
}

/* Named by what the storage says, with nothing of what it repeats. */
static void check_refused(int32_t status, int32_t expected, int64_t http_status)
{
    CHECK_STATUS(status, expected);
    CHECK_INT(runloop_error_http_status(last_error()), http_status);
    check_no_secret("sig=");
    check_no_secret("ignature=");
    check_no_secret("Credential");
}

static void refusals(void)
{
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_object *object, *none;
    runloop_bytes *bytes;
    opts.max_retries = -1;
    make_file(from, 1000);
    object = uploaded();
    tell("/v1/standin/spoiled", "{\"spoiled\":%s%s}", "true", "");
    check_refused(runloop_object_download_as_bytes(object, NULL, &opts, &bytes, E), RUNLOOP_PERMISSION, 403);
    check_refused(runloop_object_download_to_file(object, to, NULL, &opts, E), RUNLOOP_PERMISSION, 403);
    CHECK(!exists(to));
    check_refused(runloop_object_upload_from_file(client, from, NULL, &opts, &none, E), RUNLOOP_PERMISSION, 403);
    CHECK(none == NULL && runloop_error_resource_id(last_error()) != NULL);
    EVENTUALLY(objects_left() == 1);
    tell("/v1/standin/spoiled", "{\"spoiled\":%s%s}", "false", "");
    OK(runloop_object_download_to_file(object, to, NULL, &opts, E));
    CHECK(same_files(from, to));
    unlink(to);
    OK(runloop_object_delete(object, NULL, NULL, E));
    check_refused(runloop_object_download_as_bytes(object, NULL, &opts, &bytes, E), RUNLOOP_NOT_FOUND, 404);
    runloop_object_free(object);
}

static void with_storage(const char *name, const char *url)
{
    CHECK(url != NULL);
    proxy = cutting_proxy_start(url);
    tell("/v1/standin", "{\"storage\":\"%s\",\"endpoint\":\"%s\"}", name, cutting_proxy_url(proxy));
    there_and_back();
    through_breaks();
    refusals();
    CHECK_INT(objects_left(), 0);
    group(name);
}

int main(void)
{
    cutting_proxy *azure;
    begin("standins");
    snprintf(from, sizeof from, "%s", temporary("from"));
    snprintf(to, sizeof to, "%s", temporary("to"));
    client = new_client(getenv("STANDIN_API"));
    with_storage("azure", getenv("STANDIN_AZURE"));
    azure = proxy;
    with_storage("s3", getenv("STANDIN_S3"));
    runloop_client_free(client);
    cutting_proxy_stop(azure);
    cutting_proxy_stop(proxy);
    return finish();
}
