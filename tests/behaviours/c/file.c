/* Files and directories of a devbox. */

#include "call.h"
#include "step.h"
#include "transfer.h"

FIND(devbox)

BYTES(devbox_read_file, "contents", runloop_devbox_read_file(the_devbox(), text("/path"), options(), &made, &error))

static void devbox_write_file(void)
{
    size_t length = 0;
    const char *contents = bytes("/contents", &length);
    runloop_error *error = NULL;
    int32_t status = runloop_devbox_write_file(the_devbox(), text("/path"), contents, length, options(), &error);
    did(status, error);
}

DO(devbox_upload_file, runloop_devbox_upload_file(the_devbox(), text("/path"), source(), options(), &error))

static void devbox_download_file(void)
{
    runloop_bytes *contents = NULL;
    runloop_error *error = NULL;
    const runloop_sink *into = sink();
    int32_t status = runloop_devbox_download_file(the_devbox(), text("/path"), into, options(), into ? NULL : &contents, &error);
    did(status, error);
    answer_sunk();
    answer_owned("contents", contents);
}

static void devbox_upload_dir(void)
{
    runloop_error *error = NULL;
    int32_t status =
        runloop_devbox_upload_dir(the_devbox(), text("/local_path"), text("/remote_path"), tree(), options(), &error);
    did(status, error);
    answer_skipped();
}

static void devbox_download_dir(void)
{
    runloop_error *error = NULL;
    int32_t status =
        runloop_devbox_download_dir(the_devbox(), text("/remote_path"), text("/local_path"), tree(), options(), &error);
    did(status, error);
    answer_skipped();
}

const operation file_operations[] = {
    {"devbox_read_file", devbox_read_file},         {"devbox_write_file", devbox_write_file},
    {"devbox_upload_file", devbox_upload_file},     {"devbox_download_file", devbox_download_file},
    {"devbox_upload_dir", devbox_upload_dir},       {"devbox_download_dir", devbox_download_dir},
    {NULL, NULL},
};
