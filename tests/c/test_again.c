/* Directories whose commands in the devbox have run, or still run, while the answer to their request is lost: they run again, once at a
 * time, and the directory is whole; nothing is left. */

#include "harness.h"
#include "local_files.h"
#include "trees.h"

static runloop_client *client;
static runloop_devbox *devbox;
static char tree[512], back[512];

static int there(const char *command)
{
    return run(devbox, command, NULL, NULL) == 0;
}

static void check_clean(void)
{
    EVENTUALLY(there("! ls -a /tmp | grep -q librunloop"));
}

static void up(const char *name)
{
    char command[100];
    OK(runloop_devbox_upload_dir(devbox, tree, name, NULL, NULL, E));
    CHECK_INT(faults_fired(), 1);
    faults_clear();
    OK(runloop_devbox_download_dir(devbox, name, back, NULL, NULL, E));
    check_same(tree, back);
    remove_all(back);
    snprintf(command, sizeof command, "rm -r %s", name);
    CHECK(there(command));
    check_clean();
}

static void down(void)
{
    OK(runloop_devbox_download_dir(devbox, "here", back, NULL, NULL, E));
    CHECK_INT(faults_fired(), 1);
    faults_clear();
    check_same(tree, back);
    remove_all(back);
    check_clean();
}

static void lost_answers(void)
{
    static const char *const actions[] = {
        "{\"type\":\"close\",\"when\":\"after\"}",
        "{\"type\":\"reset\",\"when\":\"before\"}",
        "{\"type\":\"status\",\"status\":502,\"content_type\":\"text/html\",\"body\":\"<html>\"}",
        "{\"type\":\"status\",\"status\":404,\"content_type\":\"text/html\",\"body\":\"<html>\"}",
        "{\"type\":\"status\",\"status\":499,\"content_type\":\"text/plain\",\"body\":\"\"}",
        "{\"type\":\"cut\",\"after_bytes\":3,\"how\":\"truncate\"}",
    };
    size_t i;
    for (i = 0; i < sizeof actions / sizeof *actions; i++) {
        fault("devboxes.execute", 0, 1, "%s", actions[i]);
        up("there");
        fault("devboxes.execute", 0, 1, "%s", actions[i]);
        down();
    }
    group("a command whose answer is lost, before it has run and after");
}

/* A run that is refused says nothing of the one before, whose answer was lost: it has unpacked. */
static void refused_again(void)
{
    fault("devboxes.execute", 0, 1, "{\"type\":\"close\",\"when\":\"after\"}");
    fault("devboxes.execute", 0, 1, "{\"type\":\"status\",\"status\":400}");
    CHECK_STATUS(runloop_devbox_upload_dir(devbox, tree, "refused", NULL, NULL, E), RUNLOOP_BAD_REQUEST);
    CHECK_INT(faults_fired(), 2);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
    faults_clear();
    CHECK(there("ls refused/hello && rm -r refused"));
    check_clean();
    group("a refusal behind a run that has unpacked");
}

/* The tool takes longer than the service holds the request, so that the first run is still at it when the second begins. */
static void still_at_it(void)
{
    if (!there("sudo -n true")) {
        printf("test_again: there is no sudo here\n");
        return;
    }
    CHECK(there("sudo -n sh -c 'cp /usr/bin/tar /usr/bin/tar.own && printf \"#!/bin/sh\\nsleep 2\\nexec /usr/bin/tar.own \\\"\\$@\\\"\\n\" >/tmp/tar &&"
                " chmod 755 /tmp/tar && mv /tmp/tar /usr/bin/tar'"));
    fault("devboxes.execute", 0, 1, "{\"type\":\"close\",\"when\":\"after\"}");
    up("there");
    CHECK(there("mkdir there"));
    fault("devboxes.execute", 0, 1, "{\"type\":\"close\",\"when\":\"after\"}");
    up("there");
    group("a command that still runs is waited for");
}

/* A call with bounds of its own ends by them, and says why it had to wait. */
static void bounds(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    fault("devboxes.execute", 0, 0, "{\"type\":\"status\",\"status\":502,\"content_type\":\"text/html\",\"body\":\"<html>\"}");
    options.deadline_ms = 3000;
    CHECK_STATUS(runloop_devbox_upload_dir(devbox, tree, "there", NULL, &options, E), RUNLOOP_DEADLINE);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
    CHECK_HAS(runloop_error_cause(last_error()), "HTTP 502");
    CHECK_STATUS(runloop_devbox_download_dir(devbox, "here", back, NULL, &options, E), RUNLOOP_DEADLINE);
    CHECK_HAS(runloop_error_cause(last_error()), "HTTP 502");
    options.deadline_ms = 0;
    options.max_retries = -1;
    CHECK_STATUS(runloop_devbox_upload_dir(devbox, tree, "there", NULL, &options, E), RUNLOOP_SERVER);
    CHECK_INT(runloop_error_attempts(last_error()), 1);
    options.max_retries = 1;
    CHECK_STATUS(runloop_devbox_download_dir(devbox, "here", back, NULL, &options, E), RUNLOOP_SERVER);
    CHECK_HAS(last_message(), "HTTP 502");
    faults_clear();
    CHECK(!exists(back));
    check_clean();
    group("the call's own bounds hold");
}

int main(void)
{
    begin("test_again");
    snprintf(tree, sizeof tree, "%s", temporary("tree"));
    snprintf(back, sizeof back, "%s", temporary("back"));
    make_tree(tree);
    emulator_start(NULL);
    client = new_client(NULL);
    devbox = new_devbox(client);
    OK(runloop_devbox_upload_dir(devbox, tree, "here", NULL, NULL, E));
    lost_answers();
    refused_again();
    bounds();
    still_at_it();
    remove_all(tree);
    shut_down_and_free(devbox);
    runloop_client_free(client);
    return finish();
}
