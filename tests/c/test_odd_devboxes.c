/* Directories in and out of devboxes as people have them: profiles that get in the way, directories that were
 * there before, entries that cannot be read. */

#include "harness.h"
#include "local_files.h"
#include "trees.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static runloop_client *client;
static runloop_devbox *devbox;
static char root[512];

static const char *const profiles[] = {
    "echo noise >&2; echo more noise",
    "export TAR_OPTIONS='--exclude=hello' GZIP=-9 GREP_OPTIONS=-c POSIXLY_CORRECT=1",
    "cd /var",
    "set -eu; set -o pipefail; set -o noclobber",
    "tar() { echo no tar >&2; return 2; }; gzip() { false; }; rm() { false; }; mkdir() { false; }; cd() { false; }; exec() { false; }; "
    "env() { false; }; command() { false; }; export -f tar gzip rm mkdir cd; shopt -s expand_aliases; alias tar=false exec=false sh=false",
    "export LANG=de_DE.UTF-8 LC_ALL=C.UTF-8 LANGUAGE=de CDPATH=/usr:/var",
    "export PATH=$HOME/bin:/nowhere; set -x",
    "umask 0777; export BASH_ENV=/nowhere ENV=/nowhere",
    "exec 2>/dev/null; printf 'no line break'",
    "exec >/dev/null; printf 'no line break' >&2",
    "exec 2>&- <&-",
    "export HOME=/var",
    "set -u; unset HOME",
    "trap 'seq 150; seq 150 >&2; exit 3' EXIT",
    "trap 'true' DEBUG; trap '' PIPE",
};

/* No command runs behind these, or nothing is heard of it. */
static const char *const deaf[] = {"exec bash --norc", "exit 0", "echo on purpose >&2; exit 5", "exec >/dev/null 2>&1"};

static void hostile_profiles(void)
{
    const char *tree = in(root, "tree"), *back = in(root, "back");
    size_t i;
    make_tree(tree);
    CHECK_INT(run(devbox, "mkdir -p bin; printf '#!/bin/sh\\nexit 2\\n' | tee bin/tar bin/gzip bin/pigz >bin/rm; chmod 755 bin/*; cp ~/.bash_profile ~/.was 2>/dev/null; true", NULL, NULL), 0);
    for (i = 0; i < sizeof profiles / sizeof *profiles; i++) {
        runloop_bytes *out;
        OK(runloop_devbox_write_file(devbox, ".bash_profile", profiles[i], strlen(profiles[i]), NULL, E));
        OK(runloop_devbox_upload_dir(devbox, tree, "odd/there", NULL, NULL, E));
        OK(runloop_devbox_download_dir(devbox, "odd/there", back, NULL, NULL, E));
        check_same(tree, back);
        remove_all(back);
        CHECK_STATUS(runloop_devbox_download_dir(devbox, "odd/nowhere", back, NULL, NULL, E), RUNLOOP_REMOTE_IO);
        CHECK_HAS(last_message(), "odd/nowhere");
        CHECK_HAS_NOT(last_message(), "noise");
        OK(runloop_devbox_write_file(devbox, ".bash_profile", "", 0, NULL, E));
        CHECK_INT(run(devbox, "test -e odd/there/hello", NULL, NULL), 0);
        CHECK_INT(run(devbox, "rm -rf odd; ls -a /tmp | grep librunloop", &out, NULL), 1);
        CHECK_OUTPUT(out, "");
    }
    group("whatever the profile does");
    CHECK_INT(run(devbox, "mkdir odd", NULL, NULL), 0);
    for (i = 0; i < sizeof deaf / sizeof *deaf; i++) {
        OK(runloop_devbox_write_file(devbox, ".bash_profile", deaf[i], strlen(deaf[i]), NULL, E));
        CHECK_STATUS(runloop_devbox_upload_dir(devbox, tree, "odd/there", NULL, NULL, E), RUNLOOP_REMOTE_IO);
        CHECK_HAS(last_message(), "profile");
        if (strstr(deaf[i], "purpose")) CHECK_HAS(last_message(), "code 5 and said: on purpose");
        CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
        CHECK_STATUS(runloop_devbox_download_dir(devbox, "odd", back, NULL, NULL, E), RUNLOOP_REMOTE_IO);
        CHECK_HAS(last_message(), "profile");
        CHECK(!exists(back));
    }
    OK(runloop_devbox_write_file(devbox, ".bash_profile", "", 0, NULL, E));
    CHECK_INT(run(devbox, "rm -rf odd /tmp/.librunloop-*", NULL, NULL), 0);
    group("a profile that keeps commands from running, or from being heard, is an error");
}

static void what_was_there(void)
{
    const char *tree = in(root, "small"), *back = in(root, "small-back");
    runloop_bytes *out;
    struct stat about;
    folder(tree);
    folder(in(tree, "sub"));
    folder(in(tree, "fresh"));
    file(in(tree, "sub/f"), "x");
    file(in(tree, "fresh/f"), "x");
    CHECK(!chmod(tree, 0700) && !chmod(in(tree, "sub"), 0700) && !chmod(in(tree, "fresh"), 0711));
    CHECK_INT(run(devbox, "mkdir -p was/sub; chmod 1777 was; chmod 0755 was/sub", NULL, NULL), 0);
    OK(runloop_devbox_upload_dir(devbox, tree, "was", NULL, NULL, E));
    OK(runloop_devbox_upload_dir(devbox, tree, "-new", NULL, NULL, E));
    CHECK_INT(run(devbox, "stat -c %a was was/sub was/fresh ./-new ./-new/sub; cat was/sub/f", &out, NULL), 0);
    CHECK_OUTPUT(out, "1777\n755\n711\n700\n700\nx");
    /* The devbox's own directory for what is short-lived, into which the archive itself goes. */
    CHECK_INT(run(devbox, "stat -c %a /tmp", &out, NULL), 0);
    OK(runloop_devbox_upload_dir(devbox, tree, "/tmp", NULL, NULL, E));
    {
        runloop_bytes *after;
        size_t length = runloop_bytes_length(out);
        char *mode = (char *)allocate(length + 1);
        memcpy(mode, runloop_bytes_data(out), length);
        mode[length] = 0;
        runloop_bytes_free(out);
        CHECK_INT(run(devbox, "stat -c %a /tmp", &after, NULL), 0);
        CHECK_OUTPUT(after, mode);
        free(mode);
    }
    OK(runloop_devbox_download_dir(devbox, "/tmp", back, NULL, NULL, E));
    {
        char *found = names(back);
        CHECK_HAS(found, "fresh/f");
        CHECK_HAS_NOT(found, "librunloop");
        free(found);
    }
    remove_all(back);
    /* And on this side. */
    folder(back);
    folder(in(back, "sub"));
    CHECK(!chmod(back, 01777) && !chmod(in(back, "sub"), 0750));
    OK(runloop_devbox_download_dir(devbox, "was", back, NULL, NULL, E));
    CHECK(!stat(back, &about) && (about.st_mode & 07777) == 01777);
    CHECK(!stat(in(back, "sub"), &about) && (about.st_mode & 07777) == 0750);
    CHECK(!stat(in(back, "fresh"), &about) && (about.st_mode & 07777) == 0711);
    remove_all(back);
    group("directories that were there keep their permissions, both ways; no archive of ours comes along");
}

/* Directories that are there keep what they are, whatever their names are; new ones get what the archive says. */
static void odd_names(void)
{
    static const char *const odd[] = {"a\nb", "./x\n.", "caf\xc3\xa9", "back\\slash", "back\\n", "%s 100%", " blank ", "*", "[a]", "'\"$(true)`", "tab\t", "\x01\xff", "-dash", "--exclude=x"};
    const char *tree = in(root, "names");
    char path[600], command[300];
    runloop_bytes *out;
    size_t i;
    int depth;
    folder(tree);
    for (i = 0; i < sizeof odd / sizeof *odd; i++) {
        snprintf(path, sizeof path, "%s/%s", tree, strncmp(odd[i], "./", 2) ? odd[i] : odd[i] + 2);
        for (depth = 0; depth < 2; depth++) {
            folder(path);
            CHECK(!chmod(path, 0755));
            strcat(path, "/file");
            file(path, "x");
            path[strlen(path) - 4] = 0;
            strcat(path, odd[i]);
        }
    }
    /* The lines of a name may look like the name of another. */
    snprintf(path, sizeof path, "%s/keep", tree);
    folder(path);
    CHECK(!chmod(path, 0750));
    OK(runloop_devbox_upload_dir(devbox, tree, "names", NULL, NULL, E));
    CHECK_INT(run(devbox, "cd names && find . -type d ! -name keep ! -perm 755; find . -type d | tr -cd . | wc -c; stat -c %a keep; find . -mindepth 1 -type d -exec chmod 700 {} +", &out, NULL), 0);
    CHECK_HAS((const char *)runloop_bytes_data(out), "\n750\n");
    runloop_bytes_free(out);
    OK(runloop_devbox_upload_dir(devbox, tree, "names", NULL, NULL, E));
    CHECK_INT(run(devbox, "cd names && find . -mindepth 1 -type d ! -perm 700", &out, NULL), 0);
    CHECK_OUTPUT(out, "");
    /* Some are gone, and made again as the archive has them. */
    snprintf(command, sizeof command, "cd names && rm -rf a* keep && ls | wc -l");
    CHECK_INT(run(devbox, command, NULL, NULL), 0);
    OK(runloop_devbox_upload_dir(devbox, tree, "names", NULL, NULL, E));
    CHECK_INT(run(devbox, "cd names && stat -c %a a* keep", &out, NULL), 0);
    CHECK_OUTPUT(out, "755\n750\n");
    CHECK_INT(run(devbox, "rm -rf names; ls -a /tmp | grep librunloop", &out, NULL), 1);
    CHECK_OUTPUT(out, "");
    remove_all(tree);
    group("directories with odd names keep what they are");
}

static void entries_that_fail(void)
{
    const char *back = in(root, "entries");
    struct skips skips = {"", 0};
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    char *found;
    options.on_skipped = skipped;
    options.user_data = &skips;
    CHECK_INT(run(devbox, "mkdir entries && cd entries && echo x >x && ln -s x a && ln a b && ln -s /etc/passwd c && ln c d && mkfifo p", NULL, NULL), 0);
    OK(runloop_devbox_download_dir(devbox, "entries", back, &options, NULL, E));
    found = names(back);
    CHECK_TEXT(found, "a b x ");
    free(found);
    CHECK_HAS(skips.text, "c: it is a link to /etc/passwd");
    CHECK_HAS(skips.text, "d: ");
    CHECK_INT(skips.count, 3);
    remove_all(back);
    OK(runloop_devbox_download_dir(devbox, "entries", back, NULL, NULL, E));
    remove_all(back);
    /* A file that cannot be read. Root reads everything. */
    if (run(devbox, "test $(id -u) != 0", NULL, NULL) == 0) {
        CHECK_INT(run(devbox, "echo secret >entries/closed && chmod 0 entries/closed", NULL, NULL), 0);
        CHECK_STATUS(runloop_devbox_download_dir(devbox, "entries", back, NULL, NULL, E), RUNLOOP_REMOTE_IO);
        CHECK_HAS(last_message(), "closed: Cannot open: Permission denied");
        CHECK(!exists(back));
        memset(&skips, 0, sizeof skips);
        OK(runloop_devbox_download_dir(devbox, "entries", back, &options, NULL, E));
        CHECK_HAS(skips.text, "closed: Cannot open: Permission denied");
        CHECK(exists(in(back, "x")));
        remove_all(back);
        /* Whatever the profile does to the outputs. */
        memset(&skips, 0, sizeof skips);
        OK(runloop_devbox_write_file(devbox, ".bash_profile", "exec 2>/dev/null", 16, NULL, E));
        OK(runloop_devbox_download_dir(devbox, "entries", back, &options, NULL, E));
        CHECK_HAS(skips.text, "closed: Cannot open: Permission denied");
        remove_all(back);
        CHECK_STATUS(runloop_devbox_download_dir(devbox, "entries", back, NULL, NULL, E), RUNLOOP_REMOTE_IO);
        CHECK_HAS(last_message(), "closed: Cannot open: Permission denied");
        OK(runloop_devbox_write_file(devbox, ".bash_profile", "", 0, NULL, E));
    } else {
        puts("test_odd_devboxes: the devbox's user is root, who reads everything");
    }
    group("links with two names, and entries that cannot be read");
}

/* Files that have less than they say, or more: tar fills up with zeros, or packs nothing. */
static void untrue_lengths(void)
{
    const char *back = in(root, "untrue");
    struct skips skips = {"", 0};
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    options.on_skipped = skipped;
    options.user_data = &skips;
    if (run(devbox, "test $(stat -c %s /sys/kernel/mm/transparent_hugepage/enabled) = 4096 && test $(stat -f -c %T /proc) = proc", NULL, NULL)) {
        puts("test_odd_devboxes: no /sys or /proc in the devbox, whose files have other lengths than they say");
        return;
    }
    CHECK_STATUS(runloop_devbox_download_dir(devbox, "/sys/kernel/mm/transparent_hugepage", back, NULL, NULL, E), RUNLOOP_REMOTE_IO);
    CHECK_HAS(last_message(), "File shrank by ");
    CHECK(!exists(back));
    OK(runloop_devbox_download_dir(devbox, "/sys/kernel/mm/transparent_hugepage", back, &options, NULL, E));
    CHECK_HAS(skips.text, "\nenabled: File shrank by ");
    remove_all(back);
    CHECK_STATUS(runloop_devbox_download_dir(devbox, "/proc/sys/kernel/random", back, &options, NULL, E), RUNLOOP_REMOTE_IO);
    CHECK_HAS(last_message(), "have no lengths");
    CHECK(!exists(back));
    group("files whose lengths are untrue are not taken for whole");
}

/* A clock that goes ahead makes tar warn, of each file. */
static void warnings_and_causes(void)
{
    const char *tree = in(root, "ahead");
    struct timespec times[2] = {{4000000000, 0}, {4000000000, 0}};
    char name[32];
    int i;
    folder(tree);
    for (i = 0; i < 120; i++) {
        snprintf(name, sizeof name, "%03d", i);
        file(in(tree, name), "x");
        CHECK(!utimensat(AT_FDCWD, in(tree, name), times, 0));
    }
    folder(in(tree, "z"));
    file(in(tree, "z/z"), "x");
    CHECK_INT(run(devbox, "mkdir -p ahead/z/z/full", NULL, NULL), 0);
    CHECK_STATUS(runloop_devbox_upload_dir(devbox, tree, "ahead", NULL, NULL, E), RUNLOOP_REMOTE_IO);
    CHECK_HAS(last_message(), "z/z: Cannot open");
    CHECK_INT(run(devbox, "rm -rf ahead", NULL, NULL), 0);
    remove_all(tree);
    group("the cause of a failure is told, not a warning before it");
}

/* ---- what tar says ---- */

struct counted {
    int sockets, odd;
};

static void count(void *data, const char *path, const char *reason)
{
    struct counted *counted = (struct counted *)data;
    CHECK_TEXT(reason, "socket ignored");
    counted->sockets += !strncmp(path, "socket", 6);
    counted->odd += !strcmp(path, "caf\xc3\xa9 \\n");
}

static void much_is_said(void)
{
    const char *back = in(root, "said");
    struct counted counted = {0, 0};
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    options.on_skipped = count;
    options.user_data = &counted;
    if (run(devbox, "mkdir said && cd said && python3 -c 'import socket\nfor n in [\"socket%d\" % n for n in range(250)] + [\"caf\\u00e9 \\\\n\"]: socket.socket(socket.AF_UNIX).bind(n)'", NULL, NULL)) {
        puts("test_odd_devboxes: no python3 in the devbox, which makes sockets");
        return;
    }
    OK(runloop_devbox_download_dir(devbox, "said", back, &options, NULL, E));
    CHECK_INT(counted.sockets, 250);
    CHECK_INT(counted.odd, 1);
    CHECK_INT(run(devbox, "ls -a /tmp | grep librunloop", NULL, NULL), 1);
    remove_all(back);
    group("251 entries that were left out: each is told of, by its name");
}

/* ---- other tars ---- */

/* Puts a program of this machine in the place of the devbox's tar, if the devbox has a /usr of its own. */
static int replace_tar(runloop_devbox *other, const char *program)
{
    static const char *const script =
        "s=$([ $(id -u) = 0 ] || echo sudo -n); $s touch %s && $s rm -f %s";
    runloop_source source = RUNLOOP_SOURCE_INIT;
    char command[512], path[512] = "", probe[128];
    FILE *which;
    int shared;
    snprintf(command, sizeof command, "command -v %s", program);
    CHECK((which = popen(command, "r")) != NULL);
    if (!fgets(path, sizeof path, which)) path[0] = 0;
    pclose(which);
    path[strcspn(path, "\n")] = 0;
    if (!*path) return 0;
    snprintf(probe, sizeof probe, "/usr/bin/.librunloop-probe-%d", (int)getpid());
    snprintf(command, sizeof command, script, probe, "/nowhere");
    if (run(other, command, NULL, NULL)) return 0;
    shared = exists(probe);
    snprintf(command, sizeof command, script, "/dev/null", probe);
    CHECK_INT(run(other, command, NULL, NULL), 0);
    if (shared) return 0;
    source.path = path;
    OK(runloop_devbox_upload_file(other, "tar", &source, NULL, E));
    return run(other, "s=$([ $(id -u) = 0 ] || echo sudo -n); chmod 755 tar && $s mv tar /usr/bin/tar && tar -cf /dev/null .", NULL, NULL) == 0;
}

static runloop_devbox *devbox_of_root(void)
{
    runloop_params *params;
    runloop_devbox *other;
    OK(runloop_params_new(&params, E));
    OK(runloop_params_set_json(params, "/launch_parameters/user_parameters", "{\"username\":\"root\",\"uid\":0}", E));
    OK(runloop_devbox_create(client, params, NULL, &other, E));
    runloop_params_free(params);
    return other;
}

static void other_tars(void)
{
    static const char *const programs[] = {"busybox", "bsdtar"};
    const char *tree = in(root, "others"), *back = in(root, "others-back");
    size_t i;
    make_tree(tree);
    folder(in(tree, "closed one"));
    file(in(tree, "closed one/f"), "x");
    CHECK(!chmod(in(tree, "closed one"), 0555) && !chmod(tree, 0710));
    for (i = 0; i < 2 * sizeof programs / sizeof *programs; i++) {
        const char *program = programs[i / 2];
        runloop_devbox *other = i % 2 ? new_devbox(client) : devbox_of_root();
        runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
        struct skips skips = {"", 0};
        runloop_bytes *out;
        int32_t status;
        options.on_skipped = skipped;
        options.user_data = &skips;
        if (!replace_tar(other, program)) {
            printf("test_odd_devboxes: no %s here, or the devbox has no /usr of its own\n", program);
            shut_down_and_free(other);
            continue;
        }
        CHECK_INT(run(other, "mkdir -p was/sub was/empty; chmod 1777 was; chmod 0705 was/sub", NULL, NULL), 0);
        OK(runloop_devbox_upload_dir(other, tree, "was", NULL, NULL, E));
        OK(runloop_devbox_upload_dir(other, tree, "new", NULL, NULL, E));
        CHECK_INT(run(other, "stat -c %a was was/sub was/empty new/empty was/hello new 'new/closed one' new/sub", &out, NULL), 0);
        CHECK_OUTPUT(out, "1777\n705\n755\n700\n751\n710\n555\n755\n");
        OK(runloop_devbox_download_dir(other, "new", back, NULL, NULL, E));
        check_same(tree, back);
        CHECK(!chmod(in(back, "closed one"), 0755));
        remove_all(back);
        CHECK_STATUS(runloop_devbox_download_dir(other, "nowhere", back, NULL, NULL, E), RUNLOOP_REMOTE_IO);
        /* Where the archive itself is: without it, or a status. */
        status = runloop_devbox_download_dir(other, "/tmp", back, &options, NULL, E);
        if (status == RUNLOOP_OK) {
            char *found = names(back);
            CHECK_HAS_NOT(found, "librunloop");
            free(found);
        } else {
            CHECK_INT(status, RUNLOOP_REMOTE_IO);
            CHECK_HAS(last_message(), "--exclude");
        }
        remove_all(back);
        EVENTUALLY(run(other, "ls -a /tmp | grep librunloop", NULL, NULL) == 1);
        shut_down_and_free(other);
        group(program);
    }
    CHECK(!chmod(in(tree, "closed one"), 0755));
    remove_all(tree);
}

int main(void)
{
    begin("test_odd_devboxes");
    snprintf(root, sizeof root, "%s", temporary("odd"));
    folder(root);
    emulator_start(NULL);
    client = new_client(NULL);
    devbox = new_devbox(client);
    hostile_profiles();
    what_was_there();
    odd_names();
    entries_that_fail();
    untrue_lengths();
    warnings_and_causes();
    much_is_said();
    other_tars();
    shut_down_and_free(devbox);
    runloop_client_free(client);
    remove_all(root);
    return finish();
}
