/* Threads for packing that cannot be started: the n-th is refused, for each n. A call goes on with those there
 * are, or ends with a status; it never waits for one that does not come. */

#include "harness.h"
#include "local_files.h"
#include "object_server.h"
#include "trees.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
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

static int32_t upload(const char *tree, int from, int to, runloop_object **object)
{
    int32_t status;
    started = 0;
    refused_from = from;
    refused_to = to;
    status = runloop_object_upload_from_dir(client, tree, NULL, NULL, NULL, object, E);
    refused_from = 0;
    return status;
}

int main(void)
{
    const char *tree, *back;
    runloop_object *object;
    int all, n;
    begin("test_refused_threads");
    tree = temporary("tree");
    back = temporary("back");
    server = object_server_start();
    client = new_client(object_server_url(server));
    make_tree(tree);
    OK(upload(tree, 0, 0, &object));
    runloop_object_free(object);
    all = started; /* workers, and the one that reads */
    CHECK(all >= 2);
    for (n = 1; n < all; n++) {
        OK(upload(tree, n, n, &object));
        OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
        check_same(tree, back);
        remove_all(back);
        runloop_object_free(object);
    }
    /* The first one refused ends the attempts to start workers: the one that reads does it all. */
    OK(upload(tree, 1, 1, &object));
    CHECK_INT(started, 2);
    OK(runloop_object_download_to_dir(object, back, NULL, NULL, NULL, E));
    check_same(tree, back);
    remove_all(back);
    runloop_object_free(object);
    group("with fewer workers, and with none");
    /* Without the one that reads there is nothing to pack: the call says so, and returns. */
    CHECK_STATUS(upload(tree, 1, 1000, &object), RUNLOOP_INTERNAL);
    CHECK_HAS(last_message(), "thread");
    for (n = 0; n < 2; n++) {
        int32_t status = upload(tree, 2, 1000, &object);
        if (status == RUNLOOP_OK) runloop_object_free(object);
        else CHECK_INT(status, RUNLOOP_INTERNAL);
    }
    remove_all(tree);
    runloop_client_free(client);
    object_server_stop(server);
    group("without any thread: a status");
    return finish();
}
