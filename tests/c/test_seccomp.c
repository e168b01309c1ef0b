/* Hosts that forbid system calls: each of many is refused in a child, which then makes a client, a devbox and
 * a command. Whatever comes of it is a status, no panic; the signal mask is as it was, and nothing is left at
 * the service. */

#include "harness.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What must come of the calls. */
enum outcome { WELL, A_STATUS, UNHEARD };

struct refusal {
    const char *name;
    enum outcome outcome;
    int error;
    long numbers[4];
};

/* WELL: there is another way. A_STATUS: there may be none. UNHEARD: what was asked for can happen, but no answer
 * can be read. */
static const struct refusal refusals[] = {
    {"rt_sigtimedwait", WELL, EPERM, {SYS_rt_sigtimedwait, -1}},
    {"rt_sigprocmask", WELL, EPERM, {SYS_rt_sigprocmask, -1}},
    {"rt_sigaction", WELL, EPERM, {SYS_rt_sigaction, -1}},
    {"rt_sigpending", WELL, EPERM, {SYS_rt_sigpending, -1}},
    {"tgkill, tkill", WELL, EPERM, {SYS_tgkill, SYS_tkill, -1}},
    {"sigaltstack", WELL, EPERM, {SYS_sigaltstack, -1}},
    {"getrandom", WELL, EPERM, {SYS_getrandom, -1}},
    {"getrandom (unknown)", WELL, ENOSYS, {SYS_getrandom, -1}},
    {"membarrier", WELL, EPERM, {SYS_membarrier, -1}},
    {"madvise", WELL, EPERM, {SYS_madvise, -1}},
    {"sched_getaffinity", WELL, EPERM, {SYS_sched_getaffinity, -1}},
    {"prctl", WELL, EPERM, {SYS_prctl, -1}},
    {"getpid, gettid", WELL, EPERM, {SYS_getpid, SYS_gettid, -1}},
    {"uname, sysinfo", WELL, EPERM, {SYS_uname, SYS_sysinfo, -1}},
    {"sched_yield", WELL, EPERM, {SYS_sched_yield, -1}},
    {"statx", WELL, EPERM, {SYS_statx, -1}},
    {"clone3 (unknown)", WELL, ENOSYS, {SYS_clone3, -1}},
    {"getpeername", WELL, EPERM, {SYS_getpeername, -1}},
    {"getsockname", WELL, EPERM, {SYS_getsockname, -1}},
    {"clone, clone3", A_STATUS, EPERM, {SYS_clone, SYS_clone3, -1}},
    {"eventfd2", A_STATUS, EPERM, {SYS_eventfd2, -1}},
    {"epoll_create1", A_STATUS, EPERM, {SYS_epoll_create1, -1}},
    {"epoll_ctl", A_STATUS, EPERM, {SYS_epoll_ctl, -1}},
    {"socket", A_STATUS, EPERM, {SYS_socket, -1}},
    {"connect", A_STATUS, EPERM, {SYS_connect, -1}},
    {"setsockopt", A_STATUS, EPERM, {SYS_setsockopt, -1}},
    {"getsockopt", A_STATUS, EPERM, {SYS_getsockopt, -1}},
    {"fcntl", A_STATUS, EPERM, {SYS_fcntl, -1}},
    {"ioctl", A_STATUS, EPERM, {SYS_ioctl, -1}},
    {"mprotect", A_STATUS, EPERM, {SYS_mprotect, -1}},
    {"openat", A_STATUS, EPERM, {SYS_openat, -1}},
    {"sendto, sendmsg, writev", A_STATUS, EPERM, {SYS_sendto, SYS_sendmsg, SYS_writev, -1}},
    {"recvfrom, recvmsg, readv", UNHEARD, EPERM, {SYS_recvfrom, SYS_recvmsg, SYS_readv, -1}},
};

static void refuse(const struct refusal *refusal)
{
    struct sock_filter filter[16];
    struct sock_fprog program;
    unsigned short length = 0;
    int i;
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (i = 0; i < 4 && refusal->numbers[i] >= 0; i++) {
        filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)refusal->numbers[i], 0, 1);
        filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)refusal->error);
    }
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    program.len = length;
    program.filter = filter;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) _exit(99);
}

/* Says what a call gave, and ends the child where that was a panic. */
static int32_t looked_at(const char *what, int32_t status, runloop_error **place, enum outcome outcome)
{
    runloop_error *error = *place;
    if (status != RUNLOOP_OK) {
        int wrong = status == RUNLOOP_INTERNAL_PANIC || outcome == WELL || !*runloop_error_message(error);
        fprintf(stderr, "    %s: %s: %s (%s)\n", what, runloop_status_name(status), runloop_error_message(error),
                runloop_error_cause(error) ? runloop_error_cause(error) : "-");
        if (wrong) _exit(1);
    }
    runloop_error_free(error);
    return status;
}

static void in_the_child(const struct refusal *refusal)
{
    runloop_config *config = NULL;
    runloop_client *client = NULL;
    runloop_devbox *devbox = NULL;
    runloop_exec_result *result = NULL;
    runloop_error *error = NULL;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    sigset_t mask;
    alarm(60);
    options.deadline_ms = 20000;
    options.timeout_ms = 5000;
    options.max_retries = -1;
    exec.max_output_bytes = 100;
    refuse(refusal);
    if (runloop_config_new(&config, &error) || runloop_config_set_base_url(config, emulator_url(), &error) ||
        runloop_config_set_bearer_token(config, TOKEN, &error))
        _exit(2);
    if (looked_at("client", runloop_client_new(config, &client, &error), &error, refusal->outcome) == RUNLOOP_OK) {
        if (looked_at("create", runloop_devbox_create(client, NULL, &options, &devbox, &error), &error, refusal->outcome) == RUNLOOP_OK) {
            looked_at("exec", runloop_devbox_exec(devbox, "echo hello", NULL, &options, &result, &error), &error, refusal->outcome);
            if (result && runloop_exec_result_exit_code(result)) _exit(3);
            runloop_exec_result_free(result);
            result = NULL;
            looked_at("exec", runloop_devbox_exec(devbox, "echo hello", &exec, &options, &result, &error), &error, refusal->outcome);
            runloop_exec_result_free(result);
            looked_at("shutdown", runloop_devbox_shutdown(devbox, &options, NULL, &error), &error, refusal->outcome);
            runloop_devbox_free(devbox);
        }
        runloop_client_close(client, NULL);
        runloop_client_free(client);
    }
    runloop_config_free(config);
    if (runloop_live_handles(NULL)) _exit(4);
    if (refusal->numbers[0] != SYS_rt_sigprocmask) {
        int i;
        if (sigprocmask(SIG_SETMASK, NULL, &mask)) _exit(5);
        for (i = 1; i < 32; i++)
            if (sigismember(&mask, i)) _exit(6);
    }
    _exit(0);
}

int main(void)
{
    size_t i;
    int failed = 0;
    begin("test_seccomp");
    emulator_start(NULL);
    for (i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        int status;
        pid_t child = fork();
        if (!child) in_the_child(&refusals[i]);
        CHECK(child > 0);
        CHECK_INT(waitpid(child, &status, 0), child);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 99) {
            group("not allowed here: a filter of system calls");
            return finish();
        }
        if (!WIFEXITED(status) || WEXITSTATUS(status)) {
            fprintf(stderr, "without %s: a child ended with the wait status 0x%x\n", refusals[i].name, status);
            failed++;
        }
        if (refusals[i].outcome != UNHEARD && devboxes_left() != 0) {
            fprintf(stderr, "without %s: a devbox is left\n", refusals[i].name);
            failed++;
            free(control("POST", "/_emulator/reset", NULL));
        }
    }
    CHECK_INT(failed, 0);
    free(control("POST", "/_emulator/reset", NULL));
    group("without one system call or another: a status or success, nothing left, and the signals as they were");
    return finish();
}
