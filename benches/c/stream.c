/* A finished command's output, streamed: events decoded and handed over by us, and the raw bytes
 * of the same events merely read by libcurl. */
#include "bench.h"

enum { ROUNDS = 5 };

int main(void)
{
    runloop_error *error = NULL;
    runloop_client *client = NULL;
    runloop_devbox *devbox = NULL;
    runloop_execution *execution = NULL;
    runloop_exec_result *result = NULL;
    must(runloop_client_new(NULL, &client, &error), &error);
    must(runloop_devbox_create(client, NULL, NULL, &devbox, &error), &error);
    must(runloop_devbox_exec_async(devbox, "yes 'a line of output as programs print it, eighty characters and a few more of them' | head -c 200000000",
                                   NULL, NULL, &execution, &error), &error);
    must(runloop_execution_result(execution, NULL, &result, &error), &error);

    char path[512];
    snprintf(path, sizeof path, "/v1/devboxes/%s/executions/%s/stream_stdout_updates", runloop_devbox_id(devbox), runloop_execution_id(execution));
    double ours[ROUNDS], theirs[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        runloop_output_stream *stream = NULL;
        must(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &stream, &error), &error);
        size_t total = 0;
        double begin = now();
        for (;;) {
            int32_t which = 0;
            const char *data = NULL;
            size_t length = 0;
            must(runloop_output_stream_next(stream, NULL, &which, &data, &length, &error), &error);
            if (which == 0)
                break;
            total += length;
        }
        ours[round] = (double)total / (now() - begin) / 1e6;
        runloop_output_stream_free(stream);
        if (total != 200000000)
            return 1;

        size_t raw = 0;
        struct curl_slist *headers = NULL;
        CURL *curl = peer(path, &headers, count_bytes, &raw);
        begin = now();
        if (curl_easy_perform(curl) != CURLE_OK)
            return 1;
        /* The same output is counted, not the events' wrapping. */
        theirs[round] = (double)total / (now() - begin) / 1e6;
        curl_slist_free_all(headers);
        curl_easy_cleanup(curl);
    }
    row("streamed output (more is better)", quantile(ours, ROUNDS, 0.5), quantile(theirs, ROUNDS, 0.5), "MB/s");

    must(runloop_devbox_shutdown(devbox, NULL, NULL, &error), &error);
    runloop_exec_result_free(result);
    runloop_execution_free(execution);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    return 0;
}
