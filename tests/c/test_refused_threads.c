/* Threads for packing that cannot be started: the n-th is refused, for each n, and all of them. A call goes on with
 * those there are, or does the work on its own thread; it never waits for one that does not come. */

#include "harness.h"
#include "local_files.h"
#include "object_server.h"
#include "trees.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of the threads that this thread starts: which is refused, and how many further ones. */
static _Thread_local int started, refused_from, refused_to;

/* In place of the C library's. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*function)(void *), void *argument)
{
    static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    started++;
    if (refused_from && started >= refused_from && started <= refused_to) return EAGAIN;
    return real(thread, attributes, function, argument);
}

static object_server *server;
static runloop_client *client;

static void refuse(int from, int to)
{
    started = 0;
    refused_from = from;
    refused_to = to;
}

static int32_t upload(const char *tree, const runloop_tree_options *options, const runloop_call_options *opts, int from, int to, runloop_object **object)
{
    int32_t status;
    refuse(from, to);
    status = runloop_object_upload_from_dir(client, tree, options, NULL, opts, object, E);
    refused_from = 0;
    return status;
}

/* There and back, with the from-th to the to-th thread refused on the way there, and all on the way back. */
static void round_trip(const char *tree, int from, int to)
{
    const char *back = temporary("back");
    runloop_object *object;
    OK(upload(tree, NULL, NULL, from, to, &object));
    refuse(1, 1000);
    OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
    refused_from = 0;
    check_same(tree, back);
    remove_all(back);
    runloop_object_free(object);
}

static int told;

static void trigger(void *cancel, const char *path, const char *reason)
{
    (void)path;
    (void)reason;
    told++;
    OK(runloop_cancel_trigger((runloop_cancel *)cancel, E));
}

/* A call that packs on its own thread hears its token, and so does one that waits for those that pack. */
static void cancelled(int from, int to)
{
    const char *tree = temporary("pipes");
    runloop_tree_options options = RUNLOOP_TREE_OPTIONS_INIT;
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_cancel *cancel;
    runloop_object *object;
    int i;
    folder(tree);
    for (i = 0; i < 9; i++) {
        char name[8];
        snprintf(name, sizeof name, "p%d", i);
        CHECK(!mkfifo(in(tree, name), 0600));
    }
    OK(runloop_cancel_new(&cancel, E));
    options.on_skipped = trigger;
    options.user_data = cancel;
    opts.cancel = cancel;
    told = 0;
    CHECK_STATUS(upload(tree, &options, &opts, from, to, &object), RUNLOOP_CANCELLED);
    CHECK_INT(told, 1);
    runloop_cancel_free(cancel);
    remove_all(tree);
}

int main(void)
{
    const char *tree, *back;
    runloop_client *emulated;
    runloop_devbox *devbox;
    runloop_object *object;
    int all, n;
    begin("test_refused_threads");
    tree = temporary("tree");
    back = temporary("back");
    server = object_server_start();
    client = new_client(object_server_url(server));
    make_tree(tree);
    OK(upload(tree, NULL, NULL, 0, 0, &object));
    runloop_object_free(object);
    all = started; /* workers, and the one that reads */
    CHECK(all >= 2);
    for (n = 1; n <= all; n++) round_trip(tree, n, n);
    group("each thread refused alone");
    for (n = 1; n <= 3 && n <= all; n++) round_trip(tree, n, 1000);
    group("from each thread on all refused, the first one too");
    cancelled(0, 0);
    cancelled(1, 1000);
    group("a token is heard, with threads and without");
    emulator_start(NULL);
    emulated = new_client(NULL);
    devbox = new_devbox(emulated);
    refuse(1, 1000);
    OK(runloop_devbox_upload_dir(devbox, tree, "there", NULL, NULL, E));
    OK(runloop_devbox_download_dir(devbox, "there", back, NULL, NULL, E));
    refused_from = 0;
    check_same(tree, back);
    remove_all(back);
    remove_all(tree);
    shut_down_and_free(devbox);
    runloop_client_free(emulated);
    runloop_client_free(client);
    object_server_stop(server);
    group("directories of a devbox without any thread");
    return finish();
}
