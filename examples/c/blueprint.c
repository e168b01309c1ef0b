/* blueprint.c: an image built once, from a Dockerfile and a directory of this machine, and devboxes of it.
 *
 * It prints:
 *
 *     the build says: compiled for production
 *     blueprint bpt_… is built
 *     a devbox of it: greetings from production
 *     a build that fails: RUNLOOP_BUILD_FAILED, and its log ends with the reason
 *     left: 0
 */
#include "check.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

static void write_local(const char *folder, const char *name, const char *text)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

/* The build's log, line by line as it appears. Returning something else than 0 would stop the call. */
static int32_t log_line(void *user_data, int64_t timestamp_ms, const char *level, const char *message)
{
    (void)user_data, (void)timestamp_ms, (void)level;
    if (strncmp(message, "compiled", strlen("compiled")) == 0)
        printf("the build says: %s\n", message);
    return 0;
}

static int count_blueprints(runloop_client *client)
{
    int count = 0;
    runloop_error *error = NULL;
    runloop_params *filter = NULL;
    runloop_blueprint_cursor *cursor = NULL;
    check(runloop_params_new(&filter, &error), &error);
    check(runloop_params_set_string(filter, "/name", "greeter", &error), &error);
    check(runloop_blueprint_list(client, filter, &cursor, &error), &error);
    for (;;) {
        runloop_blueprint *blueprint = NULL;
        check(runloop_blueprint_cursor_next(cursor, NULL, &blueprint, NULL, &error), &error);
        if (blueprint == NULL)
            break;
        count++;
        runloop_blueprint_free(blueprint);
    }
    runloop_blueprint_cursor_free(cursor);
    runloop_params_free(filter);
    return count;
}

int main(void)
{
    runloop_error *error = NULL;
    runloop_client *client = NULL;
    check(runloop_client_new(NULL, &client, &error), &error);

    /* What COPY and ADD may read: a directory, without what its .dockerignore names. */
    char local[] = "/tmp/runloop-example-XXXXXX", path[PATH_MAX];
    if (mkdtemp(local) == NULL) {
        perror("mkdtemp");
        return 1;
    }
    write_local(local, "greet.sh", "echo \"greetings from $1\"\n");
    write_local(local, "notes.md", "for ourselves\n");
    write_local(local, ".dockerignore", "*.md\n");
    runloop_object *context = NULL;
    check(runloop_docker_context_upload(client, local, NULL, NULL, NULL, &context, &error), &error);

    /* The blueprint's parameters; the context is named in them. */
    runloop_value *build_context = NULL;
    runloop_params *params = NULL;
    check(runloop_object_as_build_context(context, &build_context, &error), &error);
    check(runloop_params_new(&params, &error), &error);
    check(runloop_params_set_string(params, "/name", "greeter", &error), &error);
    check(runloop_params_set_string(params, "/dockerfile",
                                    "FROM runloop:runloop/starter-x86_64\n"
                                    "ARG STAGE=testing\n"
                                    "COPY greet.sh /opt/greet.sh\n"
                                    "RUN chmod 755 /opt/greet.sh && echo $STAGE > /opt/stage && echo compiled for $STAGE\n"
                                    "RUN test ! -e notes.md\n",
                                    &error), &error);
    check(runloop_params_set_string(params, "/build_args/STAGE", "production", &error), &error);
    check(runloop_params_set_json(params, "/build_context", runloop_value_json(build_context, NULL), &error), &error);
    runloop_value_free(build_context);

    /* Begins the build and waits for its end. */
    runloop_blueprint *blueprint = NULL;
    check(runloop_blueprint_create(client, params, log_line, NULL, NULL, &blueprint, &error), &error);
    printf("blueprint %s is built\n", runloop_blueprint_id(blueprint));
    runloop_params_free(params);

    /* Devboxes of it begin where the build ended. */
    runloop_devbox *devbox = NULL;
    runloop_exec_result *result = NULL;
    runloop_bytes *output = NULL;
    check(runloop_blueprint_create_devbox(blueprint, NULL, NULL, &devbox, &error), &error);
    check(runloop_devbox_exec(devbox, "sh /opt/greet.sh \"$(cat /opt/stage)\"", NULL, NULL, &result, &error), &error);
    check(runloop_exec_result_stdout(result, 0, NULL, &output, &error), &error);
    printf("a devbox of it: %s", runloop_bytes_data(output));
    runloop_bytes_free(output);
    runloop_exec_result_free(result);
    check(runloop_devbox_shutdown(devbox, NULL, NULL, &error), &error);
    runloop_devbox_free(devbox);

    /* A build that fails: the message carries the end of its log. The blueprint stays, so that its
     * whole log can be read. */
    runloop_blueprint *broken = NULL;
    check(runloop_params_new(&params, &error), &error);
    check(runloop_params_set_string(params, "/name", "greeter", &error), &error);
    check(runloop_params_set_string(params, "/dockerfile",
                                    "FROM runloop:runloop/starter-x86_64\nRUN echo no such compiler && exit 1\n", &error), &error);
    int32_t status = runloop_blueprint_create(client, params, NULL, NULL, NULL, &broken, &error);
    printf("a build that fails: %s, and its log %s\n", runloop_status_name(status),
           strstr(runloop_error_message(error), "no such compiler") ? "ends with the reason" : "says nothing");
    runloop_params_free(params);
    if (runloop_error_resource_id(error) != NULL) {
        runloop_error *again = NULL;
        check(runloop_blueprint_from_id(client, runloop_error_resource_id(error), &broken, &again), &again);
        check(runloop_blueprint_delete(broken, NULL, &again), &again);
        runloop_blueprint_free(broken);
    }
    runloop_error_free(error);

    check(runloop_blueprint_delete(blueprint, NULL, &error), &error);
    runloop_blueprint_free(blueprint);
    check(runloop_object_delete(context, NULL, NULL, &error), &error);
    runloop_object_free(context);
    printf("left: %d\n", count_blueprints(client));

    static const char *const made[] = {"/greet.sh", "/notes.md", "/.dockerignore", ""};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        snprintf(path, sizeof path, "%s%s", local, made[i]);
        remove(path);
    }
    runloop_client_free(client);
    return 0;
}
