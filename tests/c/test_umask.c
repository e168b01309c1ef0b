/* A umask that keeps even the owner out: what is downloaded gets the permissions that it leaves, and is whole all the same; what fails
 * leaves nothing. */

#include "harness.h"
#include "local_files.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ORDINARY = 12345 };

static runloop_devbox *devbox;
static char root[400];

static const mode_t masks[] = {0777, 0377, 0177, 0277, 0577, 022};

/* A name in the directory that was made for the round. */
static const char *in_root(const char *name)
{
    static char path[500];
    snprintf(path, sizeof path, "%s/%s", root, name);
    return path;
}

static mode_t mode_of(const char *name)
{
    struct stat about;
    CHECK(!lstat(in_root(name), &about));
    return about.st_mode & 07777;
}

static int is_empty(const char *path)
{
    DIR *directory = opendir(path);
    int count = 0;
    CHECK(directory != NULL);
    while (readdir(directory)) count++;
    closedir(directory);
    return count == 2;
}

static void again(void)
{
    char command[2000];
    umask(022);
    snprintf(command, sizeof command, "mkdir -p '%s' && chmod -R u+rwx '%s' && rm -rf '%s' && mkdir '%s'", root, root, root, root);
    CHECK(!system(command));
}

static int32_t stop(void *data, int64_t done, int64_t total)
{
    (void)data;
    (void)total;
    return done > 0;
}

static void files(void)
{
    size_t i;
    for (i = 0; i < sizeof masks / sizeof *masks; i++) {
        runloop_call_options stopped = RUNLOOP_CALL_OPTIONS_INIT;
        runloop_sink sink = RUNLOOP_SINK_INIT;
        char *held;
        size_t length;
        again();
        sink.path = in_root("new");
        stopped.progress = stop;
        umask(masks[i]);
        CHECK_STATUS(runloop_devbox_download_file(devbox, "/tmp/tree/file", &sink, &stopped, NULL, E), RUNLOOP_STOPPED);
        CHECK(is_empty(root));
        sink.path = in_root("new");
        OK(runloop_devbox_download_file(devbox, "/tmp/tree/file", &sink, NULL, NULL, E));
        CHECK_INT(mode_of("new"), 0666 & ~masks[i]);
        CHECK(!chmod(in_root("new"), 0600));
        CHECK((held = file_contents(in_root("new"), &length)) != NULL);
        CHECK(length == 5 && !memcmp(held, "text\n", 5));
        free(held);
    }
    group("files");
}

static void trees(void)
{
    static const char *const directories[] = {"a", "a/b", "a/b/new"};
    size_t i, k;
    for (i = 0; i < sizeof masks / sizeof *masks; i++) {
        runloop_call_options stopped = RUNLOOP_CALL_OPTIONS_INIT;
        again();
        stopped.progress = stop;
        umask(masks[i]);
        CHECK_STATUS(runloop_devbox_download_dir(devbox, "/tmp/tree", in_root("a/b/new"), NULL, &stopped, E), RUNLOOP_STOPPED);
        CHECK(is_empty(root));
        OK(runloop_devbox_download_dir(devbox, "/tmp/tree", in_root("a/b/new"), NULL, NULL, E));
        for (k = 0; k < 3; k++) {
            /* The archive says itself what the last is to have. */
            CHECK_INT(mode_of(directories[k]), k == 2 ? 0751 : 0777 & ~masks[i]);
            CHECK(!chmod(in_root(directories[k]), 0700));
        }
        CHECK_INT(mode_of("a/b/new/file"), 0640);
        CHECK_INT(mode_of("a/b/new/below"), 0750);
        CHECK(exists(in_root("a/b/new/below/file")));
    }
    group("directories");
}

int main(void)
{
    runloop_client *client;
    begin("test_umask");
    emulator_start(NULL);
    snprintf(root, sizeof root, "%s", temporary(""));
    /* Nothing keeps root out. */
    if (!geteuid()) CHECK(!chown(root, ORDINARY, ORDINARY) && !setgid(ORDINARY) && !setuid(ORDINARY));
    snprintf(root, sizeof root, "%s", temporary("root"));
    client = new_client(NULL);
    devbox = new_devbox(client);
    CHECK_INT(run(devbox, "mkdir -p /tmp/tree/below && cd /tmp/tree && echo text > file && echo text > below/file && chmod 640 file && chmod 750 below && "
                          "chmod 751 .",
                  NULL, NULL), 0);
    files();
    trees();
    again();
    shut_down_and_free(devbox);
    runloop_client_free(client);
    return finish();
}
