/* One call on loopback, its connection warm: GET of a devbox, by us and by bare libcurl. */
#include "bench.h"

enum { ROUNDS = 9, CALLS = 500 };

int main(void)
{
    runloop_error *error = NULL;
    runloop_client *client = NULL;
    runloop_devbox *devbox = NULL;
    must(runloop_client_new(NULL, &client, &error), &error);
    must(runloop_devbox_create(client, NULL, NULL, &devbox, &error), &error);

    char path[256];
    snprintf(path, sizeof path, "/v1/devboxes/%s", runloop_devbox_id(devbox));
    size_t total = 0;
    struct curl_slist *headers = NULL;
    CURL *curl = peer(path, &headers, count_bytes, &total);
    double ours[ROUNDS], theirs[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        double begin = now();
        for (int call = 0; call < CALLS; call++) {
            runloop_value *info = NULL;
            must(runloop_devbox_get_info(devbox, NULL, &info, &error), &error);
            runloop_value_free(info);
        }
        ours[round] = (now() - begin) * 1e6 / CALLS;
        begin = now();
        for (int call = 0; call < CALLS; call++)
            if (curl_easy_perform(curl) != CURLE_OK)
                return 1;
        theirs[round] = (now() - begin) * 1e6 / CALLS;
    }
    row("one call on a warm connection", quantile(ours, ROUNDS, 0.5), quantile(theirs, ROUNDS, 0.5), "us");

    double execs[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        double begin = now();
        runloop_exec_result *result = NULL;
        must(runloop_devbox_exec(devbox, "true", NULL, NULL, &result, &error), &error);
        runloop_exec_result_free(result);
        execs[round] = (now() - begin) * 1000;
    }
    printf("%-44s %11.3f ms\n", "exec of true", quantile(execs, ROUNDS, 0.5));

    must(runloop_devbox_shutdown(devbox, NULL, NULL, &error), &error);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    return 0;
}
