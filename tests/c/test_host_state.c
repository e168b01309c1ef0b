/* What belongs to the process is the host's: a day's calls leave it as it was, odd as it may be. */

#include "harness.h"

#include <dirent.h>
#include <locale.h>
#include <resolv.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

extern char **environ;

struct state {
    char folder[4096], locale[200], environment[65536], thread[17];
    mode_t mask;
    struct sigaction actions[65];
    sigset_t signals;
    stack_t stack;
    struct rlimit limits[RLIM_NLIMITS];
    struct itimerval timers[3];
    struct __res_state resolver;
    int priority, dumpable, death_signal, privileges, reaper;
};

static void look(struct state *state)
{
    char **variable;
    int i;
    memset(state, 0, sizeof *state);
    CHECK(getcwd(state->folder, sizeof state->folder) != NULL);
    snprintf(state->locale, sizeof state->locale, "%s", setlocale(LC_ALL, NULL));
    for (variable = environ; *variable; variable++) {
        size_t used = strlen(state->environment);
        snprintf(state->environment + used, sizeof state->environment - used, "%p %s\n", (void *)*variable, *variable);
    }
    prctl(PR_GET_NAME, state->thread);
    state->mask = umask(0);
    umask(state->mask);
    for (i = 1; i <= 64; i++) sigaction(i, NULL, &state->actions[i]);
    CHECK(!pthread_sigmask(SIG_SETMASK, NULL, &state->signals));
    CHECK(!sigaltstack(NULL, &state->stack));
    for (i = 0; i < (int)RLIM_NLIMITS; i++) getrlimit((__rlimit_resource_t)i, &state->limits[i]);
    CHECK(!getitimer(ITIMER_VIRTUAL, &state->timers[1]) && !getitimer(ITIMER_PROF, &state->timers[2]));
    memcpy(&state->resolver, &_res, sizeof state->resolver);
    state->priority = getpriority(PRIO_PROCESS, 0);
    state->dumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
    prctl(PR_GET_PDEATHSIG, &state->death_signal);
    state->privileges = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
    prctl(PR_GET_CHILD_SUBREAPER, &state->reaper);
}

static void compare(const struct state *before)
{
    static struct state after;
    int i;
    look(&after);
    CHECK_TEXT(after.folder, before->folder);
    CHECK_TEXT(after.locale, before->locale);
    CHECK_TEXT(after.environment, before->environment);
    CHECK_TEXT(after.thread, before->thread);
    CHECK_INT(after.mask, before->mask);
    for (i = 1; i <= 64; i++) {
        CHECK(after.actions[i].sa_handler == before->actions[i].sa_handler);
        CHECK_INT(after.actions[i].sa_flags, before->actions[i].sa_flags);
        CHECK_INT(sigismember(&after.signals, i), sigismember(&before->signals, i));
    }
    CHECK(after.stack.ss_sp == before->stack.ss_sp && after.stack.ss_flags == before->stack.ss_flags);
    CHECK(!memcmp(after.limits, before->limits, sizeof after.limits));
    CHECK(!memcmp(after.timers, before->timers, sizeof after.timers));
    CHECK(!memcmp(&after.resolver, &before->resolver, sizeof after.resolver));
    CHECK_INT(after.priority, before->priority);
    CHECK_INT(after.dumpable, before->dumpable);
    CHECK_INT(after.death_signal, before->death_signal);
    CHECK_INT(after.privileges, before->privileges);
    CHECK_INT(after.reaper, before->reaper);
}

static int32_t take(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)stream;
    (void)data;
    *(size_t *)user_data += length;
    return 0;
}

static void a_day(const char *tree, const char *file, const char *down)
{
    runloop_client *client = new_client(NULL);
    runloop_devbox *devbox = new_devbox(client);
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_exec_result *result;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    runloop_client *nowhere;
    runloop_value *value;
    runloop_object *object;
    struct stat about;
    size_t heard = 0;
    exec.on_output = take;
    exec.user_data = &heard;
    OK(runloop_devbox_exec(devbox, "seq 1000", &exec, NULL, &result, E));
    runloop_exec_result_free(result);
    CHECK_INT(heard, 3893);
    source.path = file;
    OK(runloop_devbox_upload_file(devbox, "/tmp/file", &source, NULL, E));
    sink.path = down;
    OK(runloop_devbox_download_file(devbox, "/tmp/file", &sink, NULL, NULL, E));
    CHECK(!stat(down, &about) && (about.st_mode & 0777) == 0640);
    OK(runloop_devbox_upload_dir(devbox, tree, "/tmp/up", NULL, NULL, E));
    OK(runloop_devbox_download_dir(devbox, "/tmp/up", tree, NULL, NULL, E));
    OK(runloop_object_upload_from_text(client, "hello", "Hello", NULL, NULL, &object, E));
    OK(runloop_object_delete(object, NULL, NULL, E));
    runloop_object_free(object);
    /* A name that leads nowhere. */
    nowhere = new_client("http://nowhere.invalid");
    CHECK(runloop_account_me(nowhere, NULL, &value, E) != RUNLOOP_OK);
    runloop_client_free(nowhere);
    shut_down_and_free(devbox);
    runloop_client_free(client);
}

int main(void)
{
    static struct state before;
    static char stack[65536];
    stack_t own;
    char tree[300], file[300], down[300], command[1000];
    FILE *out;
    begin("test_host_state");
    emulator_start(NULL);
    snprintf(tree, sizeof tree, "%s", temporary("tree"));
    snprintf(file, sizeof file, "%s", temporary("file"));
    snprintf(down, sizeof down, "%s", temporary("down"));
    snprintf(command, sizeof command, "mkdir -p %s/a && echo x > %s/a/b", tree, tree);
    CHECK(!system(command));
    out = fopen(file, "w");
    CHECK(out && fputs("content", out) >= 0 && !fclose(out));

    CHECK(!chdir("/"));
    umask(027);
    setlocale(LC_ALL, "C.UTF-8");
    prctl(PR_SET_NAME, "host");
    memset(&own, 0, sizeof own);
    own.ss_sp = stack;
    own.ss_size = sizeof stack;
    CHECK(!sigaltstack(&own, NULL));
    CHECK(setpriority(PRIO_PROCESS, 0, 5) == 0);
    res_init();
    _res.retrans = 1;
    _res.retry = 1;
    look(&before);
    a_day(tree, file, down);
    compare(&before);
    group("folder, umask, locale, environment, signals, limits, timers, priority, resolver: as they were");
    return finish();
}
