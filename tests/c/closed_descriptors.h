/* A program that closes descriptors which it has not opened itself. */

#ifndef CLOSED_DESCRIPTORS_H
#define CLOSED_DESCRIPTORS_H

#include "harness.h"

#include <dlfcn.h>
#include <limits.h>
#include <unistd.h>

/* Rust ends a process that closes a descriptor twice, in builds with debug assertions alone. */
static inline int has_debug_assertions(void)
{
    char path[PATH_MAX];
    Dl_info library;
    CHECK(dladdr((void *)(size_t)runloop_version, &library));
    return realpath(library.dli_fname, path) && strstr(path, "/debug/");
}

static inline void close_all(void)
{
    int descriptor;
    for (descriptor = 3; descriptor < 256; descriptor++) close(descriptor);
}

#endif
