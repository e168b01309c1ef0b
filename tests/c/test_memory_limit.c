/* A process whose memory is limited (RLIMIT_AS): an answer that does not fit is RUNLOOP_OUT_OF_MEMORY, and smaller ones are read
 * afterwards. In a child, which alone has the limit. */

#include "harness.h"
#include "script_server.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB ((size_t)1 << 20)
/* What the child may have beside what it has. */
#define ROOM (48 * MIB)

static script_server *server;
static runloop_client *client;
static runloop_devbox *devbox;

static void limit_memory(void)
{
    unsigned long pages;
    struct rlimit limit;
    FILE *about = fopen("/proc/self/statm", "r");
    CHECK(about && fscanf(about, "%lu", &pages) == 1 && !fclose(about));
    limit.rlim_cur = limit.rlim_max = pages * (size_t)sysconf(_SC_PAGESIZE) + ROOM;
    CHECK(!setrlimit(RLIMIT_AS, &limit));
}

static void get_info(int32_t expected)
{
    runloop_value *info = NULL;
    CHECK_STATUS(runloop_devbox_get_info(devbox, NULL, &info, E), expected);
    runloop_value_free(info);
}

static void in_the_child(void)
{
    runloop_bytes *bytes = NULL;
    alarm(100);
    client = new_client(script_url(server));
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    get_info(RUNLOOP_OK);
    limit_memory();
    CHECK_STATUS(runloop_devbox_read_file(devbox, "/file", NULL, &bytes, E), RUNLOOP_OUT_OF_MEMORY);
    CHECK(bytes == NULL);
    CHECK_STATUS(runloop_devbox_download_file(devbox, "/file", NULL, NULL, &bytes, E), RUNLOOP_OUT_OF_MEMORY);
    CHECK(bytes == NULL);
    get_info(RUNLOOP_OK);
    /* The answer fits, and what is read of it does not. */
    get_info(RUNLOOP_OUT_OF_MEMORY);
    get_info(RUNLOOP_OK);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    forget_error();
    CHECK_INT(runloop_live_handles(NULL), 0);
    _exit(0);
}

int main(void)
{
    static const char info[] = "{\"id\":\"dbx_1\",\"status\":\"running\"}";
    char *text = allocate(40 * MIB + 100), *at;
    int status;
    pid_t child;
    begin("test_memory_limit");
    server = script_start();
    script_answer(server, 200, "", info);
    memset(text, 'x', 40 * MIB);
    text[40 * MIB] = 0;
    script_answer(server, 200, "Content-Type: text/plain\r\n", text);
    script_answer(server, 200, "Content-Type: application/octet-stream\r\n", text);
    script_answer(server, 200, "", info);
    at = text + sprintf(text, "{\"id\":\"dbx_1\",\"status\":\"running\",\"name\":\"");
    memset(at, 'x', 28 * MIB);
    strcpy(at + 28 * MIB, "\"}");
    script_answer(server, 200, "", text);
    free(text);
    script_answer(server, 200, "", info);
    child = fork();
    if (!child) in_the_child();
    CHECK_INT(waitpid(child, &status, 0), child);
    if (status) fail_at(__FILE__, __LINE__, "the child ended with the wait status 0x%x", status);
    script_stop(server);
    group("answers that do not fit into memory are errors, and the next calls go on");
    return finish();
}
