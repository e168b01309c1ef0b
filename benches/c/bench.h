/* What the benches share: a clock, medians, and a way to stop at the first failure. */
#ifndef BENCH_H
#define BENCH_H

#include <curl/curl.h>
#include <runloop.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static inline double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static inline void must(int32_t status, runloop_error **error)
{
    if (status == RUNLOOP_OK)
        return;
    fprintf(stderr, "%s: %s\n", runloop_status_name(status), runloop_error_message(*error));
    exit(1);
}

static inline int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* The value below which this part of them lies; sorts them. */
static inline double quantile(double *values, size_t count, double part)
{
    qsort(values, count, sizeof *values, compare);
    size_t at = (size_t)(part * (double)(count - 1) + 0.5);
    return values[at];
}

static inline void row(const char *what, double ours, double theirs, const char *unit)
{
    printf("%-44s %11.3f %-2s %11.3f %-2s %8.2f\n", what, ours, unit, theirs, unit, ours / theirs);
    fflush(stdout);
}

/* A libcurl handle with a GET of this path, its connection kept. */
static inline CURL *peer(const char *path, struct curl_slist **headers, curl_write_callback write, void *data)
{
    CURL *curl = curl_easy_init();
    char url[1024];
    snprintf(url, sizeof url, "%s%s", getenv("RUNLOOP_BASE_URL"), path);
    *headers = curl_slist_append(NULL, "Authorization: Bearer bench");
    *headers = curl_slist_append(*headers, "Accept: */*, text/event-stream");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, *headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, write);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, data);
    return curl;
}

static size_t count_bytes(char *data, size_t size, size_t number, void *total)
{
    (void)data;
    *(size_t *)total += size * number;
    return size * number;
}

#endif
