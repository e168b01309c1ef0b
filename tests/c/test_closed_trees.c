/* Directories that keep their owner from something, as an ordinary user has them: what cannot be read is told for its cause,
 * what may not be written into is written into all the same where it is ours, and is as it was afterwards. */

#include "harness.h"
#include "local_files.h"
#include "object_server.h"
#include "trees.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ORDINARY 61234

static object_server *server;
static runloop_client *client, *storage;
static runloop_devbox *devbox;
static char root[512];

static int mode_of(const char *path)
{
    struct stat about;
    CHECK(!lstat(path, &about));
    return about.st_mode & 07777;
}

/* A tree whose directories let nobody write. */
static void make_closed(const char *tree)
{
    folder(tree);
    folder(in(tree, "sub"));
    folder(in(tree, "sub/deep"));
    folder(in(tree, "dropbox"));
    file(in(tree, "f"), "one");
    file(in(tree, "sub/f"), "two");
    file(in(tree, "sub/deep/f"), "three");
    file(in(tree, "dropbox/f"), "four");
    CHECK(!symlink("f", in(tree, "sub/link")));
    CHECK(!link(in(tree, "sub/f"), in(tree, "sub/same")));
    CHECK(!chmod(in(tree, "sub/f"), 0444));
    CHECK(!chmod(in(tree, "sub/deep"), 0555) && !chmod(in(tree, "sub"), 0555) && !chmod(in(tree, "dropbox"), 0700));
    CHECK(!chmod(tree, 0555));
}

static void check_modes(const char *tree)
{
    CHECK_INT(mode_of(tree), 0555);
    CHECK_INT(mode_of(in(tree, "sub")), 0555);
    CHECK_INT(mode_of(in(tree, "sub/deep")), 0555);
}

/* What another download into the same directories may do at any time: open one just before it is looked at, or shut it again. */
static int opened_by_another, shut_by_another;

static mode_t permissions_of(int folder)
{
    struct stat about;
    CHECK(!fstat(folder, &about));
    return about.st_mode & 07777;
}

/* In place of the C library's. */
int openat(int at, const char *name, int flags, ...)
{
    va_list arguments;
    mode_t mode;
    va_start(arguments, flags);
    mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    if (opened_by_another && flags & O_CREAT && permissions_of(at) == 0555) {
        opened_by_another = 0;
        CHECK(!fchmod(at, 0755));
        errno = EACCES;
        return -1;
    }
    return (int)syscall(SYS_openat, at, name, flags, mode);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    if (shut_by_another && permissions_of(to_folder) == 0755) {
        shut_by_another = 0;
        CHECK(!fchmod(to_folder, 0555));
    }
    return renameat2(from_folder, from, to_folder, to, 0);
}

static void with_another(void)
{
    const char *tree = in(root, "shared"), *back = in(root, "shared-back");
    runloop_object *object;
    make_closed(tree);
    OK(runloop_object_upload_from_dir(storage, tree, NULL, NULL, NULL, &object, E));
    OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
    /* In the innermost: those around it have theirs as well. */
    CHECK(!chmod(in(back, "sub"), 0755) && !chmod(in(back, "sub/f"), 0644) && !chmod(in(back, "sub"), 0555));
    shut_by_another = 1;
    OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
    CHECK_INT(shut_by_another, 0);
    check_same(tree, back);
    check_modes(back);
    opened_by_another = 1;
    OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
    CHECK_INT(opened_by_another, 0);
    CHECK_INT(mode_of(in(back, "sub")), 0555);
    CHECK(!chmod(back, 0555));
    check_same(tree, back);
    runloop_object_free(object);
    group("another download opens and shuts the directories meanwhile");
}

static void of_objects(void)
{
    const char *tree = in(root, "closed"), *back = in(root, "closed-back"), *bits = in(root, "closed-back/dropbox");
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    runloop_object *object;
    make_closed(tree);
    OK(runloop_object_upload_from_dir(storage, tree, NULL, NULL, NULL, &object, E));
    OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
    check_same(tree, back);
    OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
    check_same(tree, back);
    check_modes(back);
    /* Something is gone, and one keeps its owner out altogether. */
    CHECK(!chmod(in(back, "sub"), 0755) && !unlink(in(back, "sub/link")) && !chmod(in(back, "sub"), 0555));
    CHECK(!chmod(bits, 0));
    OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
    CHECK_INT(mode_of(bits), 0);
    CHECK(!chmod(bits, 0700));
    check_same(tree, back);
    /* One that ends in the midst leaves them as they were. */
    options.max_bytes = sizeof "onethreefour" - 1;
    CHECK_STATUS(runloop_object_download_to_dir(object, back, &options, NULL, NULL, E), RUNLOOP_BAD_ARCHIVE);
    check_modes(back);
    runloop_object_free(object);
    group("directories that let nobody write, downloaded twice");
}

static void of_devboxes(void)
{
    const char *tree = in(root, "closed"), *back = in(root, "devbox-back");
    runloop_bytes *out, *after;
    OK(runloop_devbox_upload_dir(devbox, tree, "closed", NULL, NULL, E));
    CHECK_INT(run(devbox, "cd closed && stat -c '%a %n' . sub sub/deep dropbox && cat sub/f sub/same sub/deep/f", &out, NULL), 0);
    OK(runloop_devbox_upload_dir(devbox, tree, "closed", NULL, NULL, E));
    CHECK_INT(run(devbox, "cd closed && stat -c '%a %n' . sub sub/deep dropbox && cat sub/f sub/same sub/deep/f", &after, NULL), 0);
    CHECK_BYTES(after, runloop_bytes_data(out), runloop_bytes_length(out));
    runloop_bytes_free(out);
    CHECK_INT(run(devbox, "chmod 755 closed/sub && rm closed/sub/link && chmod 555 closed/sub && chmod 300 closed/dropbox", NULL, NULL), 0);
    OK(runloop_devbox_upload_dir(devbox, tree, "closed", NULL, NULL, E));
    CHECK_INT(run(devbox, "cd closed && stat -c %a . sub sub/deep dropbox && readlink sub/link", &out, NULL), 0);
    CHECK_OUTPUT(out, "555\n555\n555\n300\nf\n");
    CHECK_INT(run(devbox, "chmod 700 closed/dropbox", NULL, NULL), 0);
    OK(runloop_devbox_download_dir(devbox, "closed", back, NULL, NULL, E));
    check_same(tree, back);
    OK(runloop_devbox_download_dir(devbox, "closed", back, NULL, NULL, E));
    check_same(tree, back);
    CHECK_INT(run(devbox, "chmod -R u+w closed; rm -rf closed; ls -a /tmp | grep librunloop", &out, NULL), 1);
    CHECK_OUTPUT(out, "");
    group("the same in and out of a devbox");
}

static void check_cause(const char *path, const char *cause)
{
    runloop_object *object;
    CHECK_STATUS(runloop_object_upload_from_dir(storage, path, NULL, NULL, NULL, &object, E), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), cause);
    CHECK_HAS(last_message(), path);
    CHECK_HAS_NOT(last_message(), "does not exist");
    CHECK_STATUS(runloop_devbox_upload_dir(devbox, path, "x", NULL, NULL, E), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), cause);
    CHECK_STATUS(runloop_docker_context_upload(storage, path, NULL, NULL, NULL, &object, E), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), cause);
    CHECK_STATUS(runloop_devbox_download_dir(devbox, "/etc", path, NULL, NULL, E), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), cause);
    CHECK_HAS(last_message(), path);
}

static void causes(void)
{
    char path[1200], longest[301];
    runloop_object *object;
    const char *shut = in(root, "shut");
    folder(shut);
    folder(in(shut, "inside"));
    CHECK(!chmod(shut, 0));
    check_cause(in(shut, "inside"), "ermission denied");
    CHECK(!chmod(shut, 0700));
    CHECK(!symlink("loop", in(root, "loop")));
    check_cause(in(root, "loop/x"), "symbolic link");
    file(in(root, "file"), "");
    snprintf(path, sizeof path, "%s/file/", root);
    check_cause(path, "ot a directory");
    memset(longest, 'n', 300);
    longest[300] = 0;
    check_cause(in(root, longest), "too long");
    CHECK_STATUS(runloop_object_upload_from_dir(storage, in(root, "nothing"), NULL, NULL, NULL, &object, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "does not exist");
    CHECK_STATUS(runloop_devbox_download_dir(devbox, "/etc", in(root, "file"), NULL, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "not a directory");
    group("a directory that cannot be reached is told for its cause");
}

/* What a failed download has made for its target goes with it. */
static void nothing_stays(void)
{
    const char *target = in(root, "new/within/target");
    CHECK_STATUS(runloop_devbox_download_dir(devbox, "/nowhere", target, NULL, NULL, E), RUNLOOP_REMOTE_IO);
    CHECK(!exists(in(root, "new")));
    folder(in(root, "new"));
    CHECK_STATUS(runloop_devbox_download_dir(devbox, "/nowhere", target, NULL, NULL, E), RUNLOOP_REMOTE_IO);
    CHECK(exists(in(root, "new")) && !exists(in(root, "new/within")));
    /* As far as it could be made. */
    CHECK(!chmod(in(root, "new"), 0555));
    CHECK_STATUS(runloop_devbox_download_dir(devbox, "/etc", target, NULL, NULL, E), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), "ermission denied");
    CHECK(!chmod(in(root, "new"), 0755));
    group("of a download that fails nothing stays, nor of the directories above it");
}

int main(void)
{
    char command[600];
    begin("test_closed_trees");
    emulator_start(NULL);
    snprintf(root, sizeof root, "%s", temporary(""));
    /* Nothing keeps root out. */
    if (!geteuid()) CHECK(!chown(root, ORDINARY, ORDINARY) && !setgid(ORDINARY) && !setuid(ORDINARY));
    snprintf(root, sizeof root, "%s", temporary("closed"));
    folder(root);
    server = object_server_start();
    storage = new_client(object_server_url(server));
    client = new_client(NULL);
    devbox = new_devbox(client);
    causes();
    nothing_stays();
    of_objects();
    with_another();
    of_devboxes();
    shut_down_and_free(devbox);
    runloop_client_free(client);
    runloop_client_free(storage);
    object_server_stop(server);
    snprintf(command, sizeof command, "chmod -R u+rwx '%s'", root);
    CHECK_INT(system(command), 0);
    remove_all(root);
    return finish();
}
