/* While something is downloaded, the program changes its own directory, and directories above the target are renamed or replaced:
 * what comes ends up in the directory that was there when the call began, and nothing is left of what fails. */

#include "harness.h"
#include "local_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static runloop_devbox *devbox;
static char home[400];

/* What happens when the first bytes have come. */
struct change {
    const char *from, *to, *link, *enter;
    int done, stop;
};

static int32_t change_once(void *data, int64_t done, int64_t total)
{
    struct change *change = (struct change *)data;
    (void)total;
    if (!done || change->done++) return 0;
    if (change->from) CHECK(!rename(change->from, change->to));
    if (change->link) CHECK(!symlink(change->link, change->from));
    if (change->enter) CHECK(!chdir(change->enter));
    return change->stop;
}

/* How many entries a directory has. */
static int entries(const char *path)
{
    DIR *directory = opendir(path);
    int count = 0;
    CHECK(directory != NULL);
    while (readdir(directory)) count++;
    closedir(directory);
    return count - 2;
}

static void fresh(void)
{
    char command[2000];
    CHECK(!chdir("/"));
    snprintf(command, sizeof command, "rm -rf '%s' && mkdir -p '%s/elsewhere' '%s/folder'", home, home, home);
    CHECK(!system(command));
    CHECK(!chdir(home));
}

static int32_t file(const char *target, struct change *change)
{
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    sink.path = target;
    opts.progress = change_once;
    opts.progress_data = change;
    return runloop_devbox_download_file(devbox, "/tmp/tree/large", &sink, &opts, NULL, E);
}

static int32_t tree(const char *target, struct change *change)
{
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    opts.progress = change_once;
    opts.progress_data = change;
    return runloop_devbox_download_dir(devbox, "/tmp/tree", target, NULL, &opts, E);
}

static const struct {
    const char *target;
    struct change change;
    /* Where it is afterwards, from the first directory, and where nothing is. */
    const char *lands, *nothing;
} cases[] = {
    {"new", {NULL, NULL, NULL, "elsewhere", 0, 0}, "new", "elsewhere"},
    {"folder/new", {NULL, NULL, NULL, "elsewhere", 0, 0}, "folder/new", "elsewhere"},
    {"folder/new", {"folder", "renamed", NULL, NULL, 0, 0}, "renamed/new", "elsewhere"},
    {"folder/new", {"folder", "renamed", "elsewhere", NULL, 0, 0}, "renamed/new", "elsewhere"},
};

static void moved(int32_t (*download)(const char *target, struct change *change), const char *below)
{
    char path[500];
    size_t i;
    int stop;
    for (stop = 0; stop < 2; stop++) {
        for (i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct change change = cases[i].change;
            const char *slash;
            fresh();
            change.stop = stop;
            CHECK_STATUS(download(cases[i].target, &change), stop ? RUNLOOP_STOPPED : RUNLOOP_OK);
            CHECK(change.done > 0);
            CHECK(!chdir(home));
            CHECK_INT(entries(cases[i].nothing), 0);
            snprintf(path, sizeof path, "%s%s", cases[i].lands, below);
            CHECK_INT(exists(path), !stop);
            snprintf(path, sizeof path, "%s", cases[i].lands);
            slash = strrchr(path, '/');
            path[slash ? slash - path : 0] = 0;
            CHECK_INT(entries(slash ? path : "."), (slash ? 0 : 2) + !stop);
        }
    }
}

/* Directories that were made for the target go too, wherever they are by then. */
static void moved_with_their_parents(void)
{
    struct change renamed = {"folder", "renamed", NULL, NULL, 0, 1}, inner = {"folder/a", "elsewhere/a", NULL, NULL, 0, 1};
    fresh();
    CHECK_STATUS(tree("folder/a/b/new", &renamed), RUNLOOP_STOPPED);
    CHECK_INT(entries("renamed"), 0);
    fresh();
    CHECK_STATUS(tree("folder/a/b/new", &inner), RUNLOOP_STOPPED);
    CHECK_INT(entries("folder"), 0);
    CHECK(exists("elsewhere/a") && !entries("elsewhere/a"));
    group("directories that were made go, those that have been moved stay");
}

/* An existing directory, named from where the program is no longer. */
static void existing(void)
{
    struct change change = {NULL, NULL, NULL, "elsewhere", 0, 0};
    fresh();
    OK(tree("folder", &change));
    CHECK(!chdir(home));
    CHECK(exists("folder/large"));
    CHECK_INT(entries("elsewhere"), 0);
    fresh();
    OK(tree("folder/x/.", &change));
    CHECK(exists("folder/x/large"));
    CHECK_STATUS(tree("folder/y/..", &change), RUNLOOP_INVALID_ARGUMENT);
    CHECK_INT(entries("folder"), 1);
    group("an existing directory");
}

/* A named pipe is opened when the first bytes have come. */
static void named_pipes(void)
{
    struct change change = {NULL, NULL, NULL, "elsewhere", 0, 0};
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    char held[16];
    int fd;
    fresh();
    CHECK(!mkfifo("pipe", 0600));
    CHECK((fd = open("pipe", O_RDONLY | O_NONBLOCK)) >= 0);
    sink.path = "pipe";
    opts.progress = change_once;
    opts.progress_data = &change;
    OK(runloop_devbox_download_file(devbox, "/tmp/small", &sink, &opts, NULL, E));
    CHECK(change.done > 0);
    CHECK_INT(read(fd, held, sizeof held), 6);
    CHECK(!memcmp(held, "small\n", 6));
    close(fd);
    group("named pipes");
}

/* What is sent once more is the directory that the call began with. */
static void uploads(void)
{
    struct change change = {NULL, NULL, NULL, "elsewhere", 0, 0};
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    fresh();
    CHECK(!symlink("nowhere", "folder/link"));
    opts.progress = change_once;
    opts.progress_data = &change;
    fault("devboxes.upload_file", 0, 1, "{\"type\":\"status\",\"status\":503,\"headers\":{\"retry-after-ms\":\"20\"}}");
    OK(runloop_devbox_upload_dir(devbox, "folder", "/tmp/up", NULL, &opts, E));
    CHECK_INT(faults_fired(), 1);
    CHECK(change.done > 0);
    CHECK_INT(run(devbox, "test $(ls /tmp/up) = link", NULL, NULL), 0);
    group("directories that are sent once more");
}

int main(void)
{
    runloop_client *client;
    begin("test_moving_folders");
    emulator_start(NULL);
    client = new_client(NULL);
    devbox = new_devbox(client);
    snprintf(home, sizeof home, "%s", temporary("home"));
    CHECK_INT(run(devbox, "mkdir /tmp/tree && head -c 3000000 /dev/urandom > /tmp/tree/large && echo small > /tmp/small", NULL, NULL), 0);
    moved(file, "");
    group("files");
    moved(tree, "/large");
    group("directories");
    moved_with_their_parents();
    existing();
    named_pipes();
    uploads();
    CHECK(!chdir("/"));
    shut_down_and_free(devbox);
    runloop_client_free(client);
    return finish();
}
