/* objects.c: storage objects: a file up and down with a progress bar, texts, a list.
 *
 * It prints:
 *
 *     …up   [####################] 100 %
 *     object obj_… has 6000000 bytes and is READ_ONLY
 *     …down [####################] 100 %
 *     the same bytes: yes
 *     hello.txt holds: Hello from C.
 *     stopped: RUNLOOP_STOPPED
 *     with metadata example=objects: 2
 */
#include "check.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Told how much of a transfer is done, on the thread that made the call. */
static int32_t draw(void *user_data, int64_t done, int64_t total)
{
    int filled = total > 0 ? (int)(done * 20 / total) : 20;
    printf("\r%s [%.*s%*s] %3d %%", (const char *)user_data, filled, "####################", 20 - filled, "", filled * 5);
    fflush(stdout);
    return 0;
}

/* Anything but 0 ends the transfer. */
static int32_t stop_at_once(void *user_data, int64_t done, int64_t total)
{
    (void)user_data, (void)done, (void)total;
    return 1;
}

static int same(const char *one, const char *other)
{
    FILE *a = fopen(one, "rb"), *b = fopen(other, "rb");
    int from_a = EOF, from_b = EOF;
    if (a != NULL && b != NULL) {
        do {
            from_a = getc(a);
            from_b = getc(b);
        } while (from_a == from_b && from_a != EOF);
    } else {
        from_a = 0;
    }
    if (a != NULL)
        fclose(a);
    if (b != NULL)
        fclose(b);
    return from_a == from_b;
}

int main(void)
{
    runloop_error *error = NULL;
    runloop_client *client = NULL;
    check(runloop_client_new(NULL, &client, &error), &error);

    char local[] = "/tmp/runloop-example-XXXXXX", from[PATH_MAX], to[PATH_MAX];
    if (mkdtemp(local) == NULL) {
        perror("mkdtemp");
        return 1;
    }
    snprintf(from, sizeof from, "%s/measurements.csv", local);
    snprintf(to, sizeof to, "%s/measurements again.csv", local);
    FILE *file = fopen(from, "w");
    if (file == NULL) {
        perror(from);
        return 1;
    }
    for (int i = 0; i < 500000; i++)
        fprintf(file, "%05d,%05d\n", i % 100000, (i * 7) % 100000);
    fclose(file);

    /* Up: created, filled and completed by one call, a few pieces of the file in memory at a time. What a
     * failed call had created is deleted behind it. */
    runloop_params *params = NULL;
    runloop_object *object = NULL;
    check(runloop_params_new(&params, &error), &error);
    check(runloop_params_set_string(params, "/metadata/example", "objects", &error), &error);
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    options.progress = draw;
    options.progress_data = "up  ";
    check(runloop_object_upload_from_file(client, from, params, &options, &object, &error), &error);
    putchar('\n');

    runloop_value *info = NULL;
    const char *state = NULL;
    int64_t size = 0;
    check(runloop_object_refresh(object, NULL, &info, &error), &error);
    check(runloop_value_get_string(info, "/state", &state, NULL, &error), &error);
    check(runloop_value_get_int(info, "/size_bytes", &size, &error), &error);
    printf("object %s has %lld bytes and is %s\n", runloop_object_id(object), (long long)size, state);
    runloop_value_free(info);

    /* Down: a break in between is mended, and the file appears when it is whole. */
    options.progress_data = "down";
    check(runloop_object_download_to_file(object, to, NULL, &options, &error), &error);
    putchar('\n');
    printf("the same bytes: %s\n", same(from, to) ? "yes" : "no");

    /* Small texts need no file. */
    runloop_object *text = NULL;
    runloop_bytes *contents = NULL;
    check(runloop_object_upload_from_text(client, "hello.txt", "Hello from C.\n", params, NULL, &text, &error), &error);
    check(runloop_object_download_as_text(text, NULL, NULL, &contents, &error), &error);
    printf("hello.txt holds: %s", runloop_bytes_data(contents));
    runloop_bytes_free(contents);

    /* A progress function can also stop a transfer. */
    runloop_object *none = NULL;
    options.progress = stop_at_once;
    int32_t status = runloop_object_upload_from_file(client, from, NULL, &options, &none, &error);
    printf("stopped: %s\n", runloop_status_name(status));
    runloop_error_free(error);

    /* What is there. */
    runloop_params *filter = NULL;
    runloop_object_cursor *cursor = NULL;
    int count = 0;
    check(runloop_params_new(&filter, &error), &error);
    check(runloop_params_set_string(filter, "/state", "READ_ONLY", &error), &error);
    check(runloop_object_list(client, filter, &cursor, &error), &error);
    for (;;) {
        runloop_object *listed = NULL;
        check(runloop_object_cursor_next(cursor, NULL, &listed, &info, &error), &error);
        if (listed == NULL)
            break;
        const char *example = NULL;
        if (runloop_value_get_string(info, "/metadata/example", &example, NULL, NULL) == RUNLOOP_OK &&
            strcmp(example, "objects") == 0)
            count++;
        runloop_value_free(info);
        runloop_object_free(listed);
    }
    runloop_object_cursor_free(cursor);
    runloop_params_free(filter);
    printf("with metadata example=objects: %d\n", count);

    check(runloop_object_delete(text, NULL, NULL, &error), &error);
    check(runloop_object_delete(object, NULL, NULL, &error), &error);
    runloop_object_free(text);
    runloop_object_free(object);
    runloop_params_free(params);
    remove(from);
    remove(to);
    remove(local);
    runloop_client_free(client);
    return 0;
}
