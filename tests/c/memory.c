#include "memory.h"
#include "harness.h"

static long memory(const char *what)
{
    char line[256];
    long kilobytes = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (!strncmp(line, what, strlen(what))) kilobytes = atol(line + strlen(what) + 1);
    if (status) fclose(status);
    CHECK(kilobytes > 0);
    return kilobytes;
}

long memory_baseline(void)
{
    FILE *reset = fopen("/proc/self/clear_refs", "w");
    if (!reset || fputs("5", reset) < 0 || fclose(reset)) printf("memory: its peak cannot be reset here\n");
    return memory("VmRSS:");
}

void check_memory(const char *what, long baseline, long most_megabytes)
{
    long peak = memory("VmHWM:") - baseline;
    printf("memory: %s: %ld KiB over the baseline at its peak\n", what, peak);
#ifndef SANITIZED /* A sanitizer keeps for a time what is freed. */
    CHECK(peak <= most_megabytes * 1024);
#else
    (void)most_megabytes;
#endif
}
