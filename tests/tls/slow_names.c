/* A resolver for tests, put before the system's by LD_PRELOAD: names below .test lead to this machine, after as
 * long as they say (hang-6000.test after 6 s), or nowhere (nowhere.test). What was asked is counted. */

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static _Atomic int asked, nowhere;

int slow_names_asked(void);
int slow_names_asked(void)
{
    return atomic_load(&asked);
}

/* From now on no name leads anywhere. */
void slow_names_break(int broken);
void slow_names_break(int broken)
{
    atomic_store(&nowhere, broken);
}

int getaddrinfo(const char *restrict name, const char *restrict service, const struct addrinfo *restrict hints,
                struct addrinfo **restrict found)
{
    int (*system)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    const char *digits = name ? strpbrk(name, "0123456789") : NULL;
    *(void **)&system = dlsym(RTLD_NEXT, "getaddrinfo");
    if (!name || strlen(name) < 5 || strcmp(name + strlen(name) - 5, ".test")) return system(name, service, hints, found);
    atomic_fetch_add(&asked, 1);
    if (digits) {
        long ms = atol(digits);
        struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
        nanosleep(&pause, NULL);
    }
    if (atomic_load(&nowhere) || !strncmp(name, "nowhere", 7)) return EAI_NONAME;
    return system("127.0.0.1", service, hints, found);
}
