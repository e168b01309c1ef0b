/* The archive of a directory download whose answer was lost: the command that makes it may come to the devbox after the one that
 * removes it. What the library has a devbox run is run here. */

#include "json.h"
#include "local_files.h"
#include "scripted.h"

#include <glob.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static char archive[100], pack[8192], removal[8192];

/* The command that the nth request has the devbox run. */
static void command_of(int nth, char *command, size_t size)
{
    const char *request = script_request(server, nth);
    char *text;
    CHECK(request != NULL);
    CHECK((text = json_at(strstr(request, "\r\n\r\n") + 4, "/command")) != NULL);
    CHECK(strlen(text) < size);
    strcpy(command, text);
    free(text);
}

static pid_t begin_running(const char *command)
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (child) return child;
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

static int left(void)
{
    char pattern[120];
    glob_t found;
    int count;
    snprintf(pattern, sizeof pattern, "%s*", archive);
    count = glob(pattern, 0, NULL, &found) ? 0 : (int)found.gl_pathc;
    globfree(&found);
    return count;
}

static void removed_before_it_is_made(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_devbox *devbox;
    char marker[120];
    FILE *file;
    pid_t removing;
    int status;
    options.max_retries = -1;
    scripted_start();
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    script_add(server, "", SCRIPT_RESET);
    answer("{\"execution_id\":\"exec_1\",\"status\":\"running\",\"devbox_id\":\"dbx_1\"}");
    CHECK_STATUS(runloop_devbox_download_dir(devbox, "/etc/ssl", temporary("back"), NULL, &options, E), RUNLOOP_BROKEN);
    EVENTUALLY(script_requests(server) == 2);
    command_of(0, pack, sizeof pack);
    command_of(1, removal, sizeof removal);
    CHECK(strstr(pack, "/tmp/.librunloop-") != NULL);
    snprintf(archive, sizeof archive, "%.56s", strstr(pack, "/tmp/.librunloop-"));
    CHECK_TEXT(archive + strlen(archive) - 7, ".tar.gz");
    /* What goes first is removed: then the removal has begun. */
    snprintf(marker, sizeof marker, "%s.said", archive);
    CHECK((file = fopen(marker, "w")) != NULL);
    fclose(file);
    removing = begin_running(removal);
    EVENTUALLY(left() == 0);
    CHECK(waitpid(begin_running(pack), &status, 0) > 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) <= 2);
    EVENTUALLY(left() == 0);
    kill(removing, SIGKILL);
    waitpid(removing, &status, 0);
    runloop_devbox_free(devbox);
    scripted_stop();
    group("an archive that is made after its removal has begun does not stay");
}

int main(void)
{
    begin("test_late_archives");
    removed_before_it_is_made();
    return finish();
}
