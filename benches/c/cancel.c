/* How long after runloop_cancel_trigger() a call returns, for each thing that a call may be waiting
 * for. Reach: 100 ms for 99 of 100. */
#include "bench.h"

#include <pthread.h>
#include <unistd.h>

enum { ROUNDS = 40 };

static runloop_client *client;
static runloop_devbox *devbox;
static runloop_cancel *cancel;
static double triggered;

static void *trigger(void *unused)
{
    (void)unused;
    /* Long enough for the call to have begun to wait. */
    usleep(60000);
    triggered = now();
    runloop_cancel_trigger(cancel, NULL);
    return NULL;
}

static int32_t ignore(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)user_data, (void)stream, (void)data, (void)length;
    return 0;
}

static int32_t create(const runloop_call_options *options)
{
    runloop_devbox *made = NULL;
    return runloop_devbox_create(client, NULL, options, &made, NULL);
}

static int32_t exec_plain(const runloop_call_options *options)
{
    runloop_exec_result *result = NULL;
    return runloop_devbox_exec(devbox, "sleep 20", NULL, options, &result, NULL);
}

static int32_t exec_live(const runloop_call_options *options)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    exec.on_output = ignore;
    runloop_exec_result *result = NULL;
    return runloop_devbox_exec(devbox, "sleep 20", &exec, options, &result, NULL);
}

static int32_t retry_pause(const runloop_call_options *options)
{
    runloop_value *info = NULL;
    return runloop_devbox_get_info(devbox, options, &info, NULL);
}

static void measure(const char *what, int32_t (*call)(const runloop_call_options *))
{
    double times[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        runloop_error *error = NULL;
        must(runloop_cancel_new(&cancel, &error), &error);
        runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
        options.cancel = cancel;
        pthread_t thread;
        pthread_create(&thread, NULL, trigger, NULL);
        int32_t status = call(&options);
        times[round] = (now() - triggered) * 1000;
        pthread_join(thread, NULL);
        runloop_cancel_free(cancel);
        if (status != RUNLOOP_CANCELLED) {
            fprintf(stderr, "%s: %s\n", what, runloop_status_name(status));
            exit(1);
        }
    }
    double median = quantile(times, ROUNDS, 0.5), worst = quantile(times, ROUNDS, 0.99);
    printf("%-44s %11.3f ms   (median %.3f ms)\n", what, worst, median);
    fflush(stdout);
}

static void control(const char *path, const char *body)
{
    char url[1024];
    snprintf(url, sizeof url, "%s%s", getenv("RUNLOOP_BASE_URL"), path);
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    size_t total = 0;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, count_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &total);
    if (curl_easy_perform(curl) != CURLE_OK)
        exit(1);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
}

int main(void)
{
    runloop_error *error = NULL;
    must(runloop_client_new(NULL, &client, &error), &error);
    must(runloop_devbox_create(client, NULL, NULL, &devbox, &error), &error);
    measure("cancelled exec returns, p99", exec_plain);
    measure("cancelled exec with output returns, p99", exec_live);
    control("/_emulator/faults", "{\"operation\":\"devboxes.retrieve\",\"times\":0,\"action\":{\"type\":\"status\",\"status\":503,\"headers\":{\"retry-after\":\"20\"},\"body\":\"\"}}");
    measure("cancelled pause before a retry returns, p99", retry_pause);
    control("/_emulator/settings", "{\"never_running\":true}");
    measure("cancelled create returns, p99", create);
    must(runloop_devbox_shutdown(devbox, NULL, NULL, &error), &error);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    return 0;
}
