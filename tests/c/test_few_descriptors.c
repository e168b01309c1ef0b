/* A program that has no descriptor left in the midst of a transfer, or no memory for reading a directory: a status, and nothing of
 * the library's stays in the program's directories or among its descriptors. */

#include "harness.h"
#include "local_files.h"
#include "object_server.h"
#include "trees.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static object_server *server;
static runloop_client *client;
static char root[512];
static struct rlimit before;

/* ---- in place of the C library's ---- */

static int no_memory, refused = -1, closed;

DIR *fdopendir(int fd)
{
    static DIR *(*real)(int);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "fdopendir");
    if (!no_memory) return real(fd);
    refused = fd;
    closed = 0;
    errno = ENOMEM;
    return NULL;
}

int close(int fd)
{
    static int (*real)(int);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "close");
    if (fd == refused) closed++;
    return real(fd);
}

/* ---- */

static int descriptors(void)
{
    DIR *all = opendir("/proc/self/fd");
    int count = 0;
    CHECK(all != NULL);
    while (readdir(all)) count++;
    closedir(all);
    return count;
}

static int entries(const char *path)
{
    DIR *all = opendir(path);
    int count = -2; /* . and .. */
    CHECK(all != NULL);
    while (readdir(all)) count++;
    closedir(all);
    return count;
}

/* An archive with a pipe in it, which is told of, and what goes before and behind it. */
static runloop_object *archive(void)
{
    const char *tree = in(root, "tree"), *packed = in(root, "packed.tgz");
    char command[2000];
    runloop_object *object;
    size_t length;
    char *bytes;
    folder(tree);
    folder(in(tree, "a"));
    folder(in(tree, "a/b"));
    folder(in(tree, "a/b/c"));
    file(in(tree, "a/f"), "one");
    file(in(tree, "a/b/c/f"), "two");
    file(in(tree, "z"), "three");
    CHECK(!mkfifo(in(tree, "pipe"), 0600));
    snprintf(command, sizeof command, "tar -C '%s' -czf '%s' a pipe z", tree, packed);
    CHECK_INT(system(command), 0);
    bytes = file_contents(packed, &length);
    OK(runloop_object_from_id(client, object_server_put(server, bytes, length), &object, E));
    free(bytes);
    return object;
}

/* From now on no further descriptor is to be had. */
static void take_all(void *data, const char *path, const char *reason)
{
    struct rlimit none = before;
    (void)reason;
    (void)data;
    CHECK_TEXT(path, "pipe");
    none.rlim_cur = 3;
    CHECK(!setrlimit(RLIMIT_NOFILE, &none));
}

static void in_the_midst(runloop_object *object)
{
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    const char *place = in(root, "place"), *back = in(root, "place/new/back"), *there = in(root, "there");
    folder(place);
    options.on_skipped = take_all;
    CHECK_STATUS(runloop_object_download_to_dir(object, back, &options, NULL, NULL, E), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), "Too many open files");
    CHECK(!setrlimit(RLIMIT_NOFILE, &before));
    EVENTUALLY(entries(place) == 0);
    /* In a directory that was there, what is whole stays. */
    folder(there);
    CHECK_STATUS(runloop_object_download_to_dir(object, there, &options, NULL, NULL, E), RUNLOOP_LOCAL_IO);
    CHECK(!setrlimit(RLIMIT_NOFILE, &before));
    CHECK_INT(entries(there), 1);
    CHECK_INT(entries(in(there, "a")), 2);
    group("no descriptor in the midst of a directory: nothing unfinished stays");
}

/* The one number that is free is that of the standard input, which the library does not keep. */
static void standard_input_alone(runloop_object *object)
{
    const char *place = in(root, "single");
    struct rlimit few = before;
    int input = fcntl(0, F_DUPFD_CLOEXEC, 100);
    folder(place);
    few.rlim_cur = 1;
    CHECK(input >= 0 && !close(0));
    CHECK(!setrlimit(RLIMIT_NOFILE, &few));
    CHECK_STATUS(runloop_object_download_to_file(object, in(place, "file"), NULL, NULL, E), RUNLOOP_LOCAL_IO);
    CHECK(!setrlimit(RLIMIT_NOFILE, &before));
    CHECK_INT(entries(place), 0);
    CHECK_INT(dup2(input, 0), 0);
    close(input);
    group("a file for which there is only a standard stream's number");
}

static void no_memory_for_names(void)
{
    runloop_object *object;
    int had;
    OK(runloop_object_upload_from_dir(client, in(root, "tree"), NULL, NULL, NULL, &object, E));
    runloop_object_free(object);
    had = descriptors();
    no_memory = 1;
    CHECK_STATUS(runloop_object_upload_from_dir(client, in(root, "tree"), NULL, NULL, NULL, &object, E), RUNLOOP_LOCAL_IO);
    no_memory = 0;
    CHECK(refused >= 0);
    CHECK_INT(closed, 1);
    refused = -1;
    CHECK_INT(descriptors(), had);
    group("no memory for the names of a directory: its descriptor is closed, once");
}

int main(void)
{
    runloop_object *object;
    begin("test_few_descriptors");
    CHECK(!getrlimit(RLIMIT_NOFILE, &before));
    snprintf(root, sizeof root, "%s", temporary("few"));
    folder(root);
    server = object_server_start();
    client = new_client(object_server_url(server));
    object = archive();
    in_the_midst(object);
    standard_input_alone(object);
    no_memory_for_names();
    runloop_object_free(object);
    runloop_client_free(client);
    object_server_stop(server);
    remove_all(root);
    return finish();
}
