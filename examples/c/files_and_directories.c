/* files_and_directories.c: files of any size and whole directories, into a devbox and out of it.
 *
 * It prints:
 *
 *     notes.txt holds: one line
 *     data.bin: 3000000 bytes there
 *     the first 4 bytes: 00 01 02 03
 *     in the devbox:
 *     project/README.md
 *     project/src/main.c
 *     back again: project/result.txt says "built from 2 files"
 */
#include "check.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Output, as it comes. */
static int32_t print(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)user_data, (void)stream;
    fwrite(data, 1, length, stdout);
    return 0;
}

static void run(runloop_devbox *devbox, const char *command)
{
    runloop_error *error = NULL;
    runloop_exec_result *result = NULL;
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    exec.on_output = print;
    check(runloop_devbox_exec(devbox, command, &exec, NULL, &result, &error), &error);
    runloop_exec_result_free(result);
}

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

/* An upload can come from a function, which is asked for the next bytes until there are none. Nothing
 * has to fit into memory. */
struct counting {
    int64_t left;
    unsigned char next;
};

static int64_t count_up(void *user_data, char *buffer, size_t capacity)
{
    struct counting *counting = user_data;
    int64_t given = counting->left < (int64_t)capacity ? counting->left : (int64_t)capacity;
    for (int64_t i = 0; i < given; i++)
        buffer[i] = (char)counting->next++;
    counting->left -= given;
    return given;
}

/* A download can go to a function. */
struct beginning {
    unsigned char bytes[4];
    size_t length;
};

static int32_t keep_beginning(void *user_data, const char *data, size_t length)
{
    struct beginning *beginning = user_data;
    for (size_t i = 0; i < length && beginning->length < sizeof beginning->bytes; i++)
        beginning->bytes[beginning->length++] = (unsigned char)data[i];
    return 0;
}

int main(void)
{
    runloop_error *error = NULL;
    runloop_client *client = NULL;
    runloop_devbox *devbox = NULL;
    check(runloop_client_new(NULL, &client, &error), &error);
    check(runloop_devbox_create(client, NULL, NULL, &devbox, &error), &error);

    /* Small texts: one request each. */
    check(runloop_devbox_write_file(devbox, "notes.txt", "one line\n", strlen("one line\n"), NULL, &error), &error);
    runloop_bytes *contents = NULL;
    check(runloop_devbox_read_file(devbox, "notes.txt", NULL, &contents, &error), &error);
    printf("notes.txt holds: %s", runloop_bytes_data(contents));
    runloop_bytes_free(contents);

    /* Anything else: from a path, memory, descriptor or function, and to them. */
    struct counting counting = {3000000, 0};
    runloop_source source = RUNLOOP_SOURCE_INIT;
    source.read = count_up;
    source.user_data = &counting;
    source.length = counting.left;
    check(runloop_devbox_upload_file(devbox, "data.bin", &source, NULL, &error), &error);
    printf("data.bin: ");
    fflush(stdout);
    run(devbox, "echo \"$(wc -c < data.bin) bytes there\"");
    struct beginning beginning = {{0}, 0};
    runloop_sink sink = RUNLOOP_SINK_INIT;
    sink.write = keep_beginning;
    sink.user_data = &beginning;
    check(runloop_devbox_download_file(devbox, "data.bin", &sink, NULL, NULL, &error), &error);
    printf("the first 4 bytes: %02x %02x %02x %02x\n", beginning.bytes[0], beginning.bytes[1], beginning.bytes[2], beginning.bytes[3]);

    /* A directory of this machine. */
    char local[] = "/tmp/runloop-example-XXXXXX", path[PATH_MAX];
    if (mkdtemp(local) == NULL) {
        perror("mkdtemp");
        return 1;
    }
    snprintf(path, sizeof path, "%s/src", local);
    mkdir(path, 0755);
    write_local(local, "README.md", "# A project\n");
    write_local(local, "src/main.c", "int main(void) { return 0; }\n");
    write_local(local, "src/main.o", "not needed there\n");

    /* The whole of it, as one stream, without what the patterns name (by the rules of .dockerignore). */
    const char *const ignore[] = {"**/*.o", NULL};
    runloop_tree_options tree = RUNLOOP_TREE_OPTIONS_INIT;
    tree.ignore = ignore;
    check(runloop_devbox_upload_dir(devbox, local, "project", &tree, NULL, &error), &error);
    puts("in the devbox:");
    fflush(stdout);
    run(devbox, "find project -type f | LC_ALL=C sort");

    /* And back. What is there already is replaced where the devbox has it too, and stays where not. */
    run(devbox, "echo \"built from $(find project -type f | wc -l) files\" > /tmp/result; mv /tmp/result project/result.txt");
    check(runloop_devbox_download_dir(devbox, "project", local, NULL, NULL, &error), &error);
    char line[100] = "";
    snprintf(path, sizeof path, "%s/result.txt", local);
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL) {
        perror(path);
        return 1;
    }
    fclose(file);
    line[strcspn(line, "\n")] = 0;
    printf("back again: project/result.txt says \"%s\"\n", line);

    static const char *const made[] = {"/src/main.c", "/src/main.o", "/src", "/README.md", "/result.txt", ""};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        snprintf(path, sizeof path, "%s%s", local, made[i]);
        remove(path);
    }
    check(runloop_devbox_shutdown(devbox, NULL, NULL, &error), &error);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    return 0;
}
