/* Put before the C library by LD_PRELOAD: has one of the calls that librunloop.so makes fail, as a system that has run out
 * of something makes it fail. Calls from elsewhere, and what the C library calls by itself, are left alone. */

#include "refuse.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { THREAD, SOCKET, CONNECT, SOCKET_OPTION, OPEN, CLOSE, DUPLICATE, EPOLL, EPOLL_CONTROL, EVENTFD, SOCKET_PAIR, RESOLVE, STAT,
            MKDIR, RENAME, LINK, UNLINK, CHANGE, TRUNCATE, SYNC, READ, WRITE, SEND, RECEIVE, RANDOM, MEMORY, KINDS };

static const char *const NAMES[KINDS + 1] = {
    "pthread_create", "socket", "connect", "setsockopt", "open", "close", "dup", "epoll_create", "epoll_ctl", "eventfd", "socketpair",
    "getaddrinfo", "stat", "mkdir", "rename", "link", "unlink", "chmod", "ftruncate", "fsync", "read", "write", "send", "recv",
    "getrandom", "malloc", NULL,
};

static atomic_int wanted = -1;
static atomic_long nth, seen;
static atomic_int for_good;
static uintptr_t from, to;

static int find(struct dl_phdr_info *info, size_t size, void *data)
{
    int i;
    (void)size, (void)data;
    if (!strstr(info->dlpi_name, "librunloop")) return 0;
    for (i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_X)) continue;
        from = info->dlpi_addr + part->p_vaddr;
        to = from + part->p_memsz;
    }
    return 1;
}

refuse_kind_fn refuse_kind;
const char *refuse_kind(int number)
{
    return number >= 0 && number <= KINDS ? NAMES[number] : NULL;
}

refuse_begin_fn refuse_begin;
int refuse_begin(const char *kind, long which, int always)
{
    int i;
    for (i = 0; i < KINDS; i++) {
        if (strcmp(NAMES[i], kind)) continue;
        dl_iterate_phdr(find, NULL);
        atomic_store(&nth, which);
        atomic_store(&seen, 0);
        atomic_store(&for_good, always);
        atomic_store(&wanted, i);
        return from != 0;
    }
    return 0;
}

refuse_end_fn refuse_end;
long refuse_end(void)
{
    atomic_store(&wanted, -1);
    return atomic_load(&seen);
}

static int is_refused(enum kind kind, const void *caller)
{
    long count, which;
    if (atomic_load(&wanted) != (int)kind || (uintptr_t)caller < from || (uintptr_t)caller >= to) return 0;
    count = atomic_fetch_add(&seen, 1) + 1;
    which = atomic_load(&nth);
    return which && (count == which || (count > which && atomic_load(&for_good)));
}

#define CALLER __builtin_return_address(0)
/* The function that this one stands before. */
#define SYSTEM(name)                      \
    static __typeof__(name) *system_##name; \
    if (!system_##name) *(void **)&system_##name = dlsym(RTLD_NEXT, #name)
#define REFUSE(kind, error, value)          \
    do {                                    \
        if (is_refused(kind, CALLER)) {     \
            errno = (error);                \
            return value;                   \
        }                                   \
    } while (0)

int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes, void *(*run)(void *), void *restrict argument)
{
    SYSTEM(pthread_create);
    if (is_refused(THREAD, CALLER)) return EAGAIN;
    return system_pthread_create(thread, attributes, run, argument);
}

static int mode_of(int flags, va_list more)
{
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(more, int) : 0;
}

#define OPENS(name)                                                       \
    int name(const char *path, int flags, ...)                            \
    {                                                                     \
        va_list more;                                                     \
        int mode;                                                         \
        SYSTEM(name);                    \
        REFUSE(OPEN, EMFILE, -1);                                         \
        va_start(more, flags);                                            \
        mode = mode_of(flags, more);                                      \
        va_end(more);                                                     \
        return system_##name(path, flags, mode);                          \
    }
OPENS(open)
OPENS(open64)

#define OPENS_AT(name)                                                    \
    int name(int folder, const char *path, int flags, ...)                \
    {                                                                     \
        va_list more;                                                     \
        int mode;                                                         \
        SYSTEM(name);               \
        REFUSE(OPEN, EMFILE, -1);                                         \
        va_start(more, flags);                                            \
        mode = mode_of(flags, more);                                      \
        va_end(more);                                                     \
        return system_##name(folder, path, flags, mode);                  \
    }
OPENS_AT(openat)
OPENS_AT(openat64)

/* The descriptor is closed all the same, as Linux does. */
int close(int descriptor)
{
    int status;
    SYSTEM(close);
    status = system_close(descriptor);
    REFUSE(CLOSE, EIO, -1);
    return status;
}

#define DUPLICATES(name)                                                  \
    int name(int descriptor, int command, ...)                            \
    {                                                                     \
        va_list more;                                                     \
        void *argument;                                                   \
        SYSTEM(name);                             \
        if (command == F_DUPFD || command == F_DUPFD_CLOEXEC) REFUSE(DUPLICATE, EMFILE, -1); \
        va_start(more, command);                                          \
        argument = va_arg(more, void *);                                  \
        va_end(more);                                                     \
        return system_##name(descriptor, command, argument);              \
    }
DUPLICATES(fcntl)
DUPLICATES(fcntl64)

int getaddrinfo(const char *restrict name, const char *restrict service, const struct addrinfo *restrict hints,
                struct addrinfo **restrict found)
{
    SYSTEM(getaddrinfo);
    if (is_refused(RESOLVE, CALLER)) return EAI_AGAIN;
    return system_getaddrinfo(name, service, hints, found);
}

/* A function whose calls fail by an error number and a value. */
#define REFUSED(kind, error, failed, type, name, parameters, arguments)                \
    type name parameters                                                                \
    {                                                                                   \
        static __typeof__(name) *system;                                             \
        if (!system) *(void **)&system = dlsym(RTLD_NEXT, #name);                       \
        if (is_refused(kind, CALLER)) {                                                 \
            errno = (error);                                                            \
            return failed;                                                              \
        }                                                                               \
        return system arguments;                                                        \
    }

REFUSED(SOCKET, EMFILE, -1, int, socket, (int domain, int type, int protocol), (domain, type, protocol))
REFUSED(CONNECT, ENETUNREACH, -1, int, connect, (int descriptor, const struct sockaddr *address, socklen_t length), (descriptor, address, length))
REFUSED(SOCKET_OPTION, EINVAL, -1, int, setsockopt, (int descriptor, int level, int option, const void *value, socklen_t length), (descriptor, level, option, value, length))
REFUSED(SOCKET_PAIR, EMFILE, -1, int, socketpair, (int domain, int type, int protocol, int pair[2]), (domain, type, protocol, pair))
REFUSED(EPOLL, EMFILE, -1, int, epoll_create1, (int flags), (flags))
REFUSED(EPOLL_CONTROL, ENOSPC, -1, int, epoll_ctl, (int epoll, int operation, int descriptor, struct epoll_event *event), (epoll, operation, descriptor, event))
REFUSED(EVENTFD, EMFILE, -1, int, eventfd, (unsigned value, int flags), (value, flags))
REFUSED(STAT, ENOMEM, -1, int, fstat64, (int descriptor, struct stat64 *found), (descriptor, found))
REFUSED(STAT, ENOMEM, -1, int, fstat, (int descriptor, struct stat *found), (descriptor, found))
REFUSED(STAT, ENOMEM, -1, int, stat64, (const char *restrict path, struct stat64 *restrict found), (path, found))
REFUSED(STAT, ENOMEM, -1, int, lstat64, (const char *restrict path, struct stat64 *restrict found), (path, found))
REFUSED(STAT, ENOMEM, -1, int, lstat, (const char *restrict path, struct stat *restrict found), (path, found))
REFUSED(STAT, ENOMEM, -1, int, fstatat, (int folder, const char *restrict path, struct stat *restrict found, int flags), (folder, path, found, flags))
REFUSED(STAT, ENOMEM, -1, int, statx, (int folder, const char *restrict path, int flags, unsigned mask, struct statx *restrict found), (folder, path, flags, mask, found))
REFUSED(OPEN, EMFILE, NULL, DIR *, opendir, (const char *path), (path))
REFUSED(OPEN, EMFILE, -1, int, signalfd, (int descriptor, const sigset_t *signals, int flags), (descriptor, signals, flags))
REFUSED(MKDIR, ENOSPC, -1, int, mkdir, (const char *path, mode_t mode), (path, mode))
REFUSED(MKDIR, ENOSPC, -1, int, mkdirat, (int folder, const char *path, mode_t mode), (folder, path, mode))
REFUSED(RENAME, ENOSPC, -1, int, rename, (const char *before, const char *after), (before, after))
REFUSED(LINK, ENOSPC, -1, int, linkat, (int from_folder, const char *before, int to_folder, const char *after, int flags), (from_folder, before, to_folder, after, flags))
REFUSED(LINK, ENOSPC, -1, int, symlinkat, (const char *target, int folder, const char *path), (target, folder, path))
REFUSED(UNLINK, EIO, -1, int, unlink, (const char *path), (path))
REFUSED(UNLINK, EIO, -1, int, unlinkat, (int folder, const char *path, int flags), (folder, path, flags))
REFUSED(UNLINK, EIO, -1, int, rmdir, (const char *path), (path))
REFUSED(CHANGE, EPERM, -1, int, fchmod, (int descriptor, mode_t mode), (descriptor, mode))
REFUSED(CHANGE, EPERM, -1, int, fchmodat, (int folder, const char *path, mode_t mode, int flags), (folder, path, mode, flags))
REFUSED(CHANGE, EPERM, -1, int, fchown, (int descriptor, uid_t user, gid_t group), (descriptor, user, group))
REFUSED(CHANGE, EPERM, -1, int, utimensat, (int folder, const char *path, const struct timespec times[2], int flags), (folder, path, times, flags))
REFUSED(CHANGE, EPERM, -1, int, futimens, (int descriptor, const struct timespec times[2]), (descriptor, times))
REFUSED(TRUNCATE, EIO, -1, int, ftruncate64, (int descriptor, off64_t length), (descriptor, length))
REFUSED(SYNC, EIO, -1, int, fsync, (int descriptor), (descriptor))
REFUSED(READ, EIO, -1, ssize_t, read, (int descriptor, void *buffer, size_t length), (descriptor, buffer, length))
REFUSED(READ, EIO, -1, ssize_t, readv, (int descriptor, const struct iovec *buffers, int count), (descriptor, buffers, count))
REFUSED(SEND, ENOBUFS, -1, ssize_t, writev, (int descriptor, const struct iovec *buffers, int count), (descriptor, buffers, count))
REFUSED(SEND, ENOBUFS, -1, ssize_t, send, (int descriptor, const void *buffer, size_t length, int flags), (descriptor, buffer, length, flags))
REFUSED(RECEIVE, ENOMEM, -1, ssize_t, recv, (int descriptor, void *buffer, size_t length, int flags), (descriptor, buffer, length, flags))
REFUSED(RANDOM, ENOSYS, -1, ssize_t, getrandom, (void *buffer, size_t length, unsigned flags), (buffer, length, flags))

/* That a disk is full. What the library writes to wake itself takes no room. */
ssize_t write(int descriptor, const void *buffer, size_t length)
{
    struct stat64 about;
    SYSTEM(write);
    SYSTEM(fstat64);
    if (!system_fstat64(descriptor, &about) && S_ISREG(about.st_mode)) REFUSE(WRITE, ENOSPC, -1);
    return system_write(descriptor, buffer, length);
}

/* dlsym() may ask for memory itself, so that these go to the C library by its other names. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
    REFUSE(MEMORY, ENOMEM, NULL);
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    REFUSE(MEMORY, ENOMEM, NULL);
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    REFUSE(MEMORY, ENOMEM, NULL);
    return __libc_realloc(block, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    if (is_refused(MEMORY, CALLER)) return ENOMEM;
    *block = __libc_memalign(alignment, size);
    return *block ? 0 : ENOMEM;
}
