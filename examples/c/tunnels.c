/* tunnels.c: a server that runs in a devbox, reached from here.
 *
 * It fetches through the tunnel by curl, as any program could.
 *
 * It prints:
 *
 *     the server's URL: http…tunnel…
 *     without the token: HTTP 401
 *     with it: served from a devbox
 *     closed: there is no tunnel
 */
#include "check.h"

#include <string.h>

/* Reads the server's own words until they tell the port that it has found free. */
static int port_of(runloop_execution *server)
{
    char said[1000] = "";
    size_t used = 0;
    int port = 0;
    runloop_error *error = NULL;
    runloop_output_stream *output = NULL;
    check(runloop_execution_stream(server, RUNLOOP_STDOUT | RUNLOOP_STDERR, NULL, &output, &error), &error);
    while (port == 0) {
        int32_t which;
        const char *data;
        size_t length;
        check(runloop_output_stream_next(output, NULL, &which, &data, &length, &error), &error);
        if (which == 0 || used + length >= sizeof said) {
            fprintf(stderr, "the server does not start: %s\n", said);
            exit(1);
        }
        memcpy(said + used, data, length);
        used += length;
        said[used] = 0;
        const char *words = strstr(said, " port ");
        if (words != NULL && strchr(words + 6, ' ') != NULL)
            port = atoi(words + 6);
    }
    runloop_output_stream_free(output);
    return port;
}

/* Fetches with curl. The token goes in by its standard input: arguments are for everybody to see. */
static void fetch(const char *url, const char *token, const char *option)
{
    char command[100];
    snprintf(command, sizeof command, "curl -sS --noproxy '*' %s -K -", option);
    fflush(stdout);
    FILE *curl = popen(command, "w");
    if (curl == NULL) {
        perror("curl");
        exit(1);
    }
    fprintf(curl, "url = \"%s\"\n", url);
    if (token != NULL)
        fprintf(curl, "header = \"X-Runloop-Tunnel-Authorization: Bearer %s\"\n", token);
    if (pclose(curl) != 0)
        exit(1);
}

int main(void)
{
    runloop_error *error = NULL;
    runloop_client *client = NULL;
    runloop_devbox *devbox = NULL;
    check(runloop_client_new(NULL, &client, &error), &error);
    check(runloop_devbox_create(client, NULL, NULL, &devbox, &error), &error);

    /* A server in the devbox. */
    const char *page = "served from a devbox\n";
    runloop_execution *server = NULL;
    check(runloop_devbox_write_file(devbox, "site/index.html", page, strlen(page), NULL, &error), &error);
    check(runloop_devbox_exec_async(devbox, "python3 -u -m http.server 0 --directory site", NULL, NULL, &server, &error), &error);
    int port = port_of(server);

    /* One tunnel leads to all ports of the devbox; an authenticated one asks for its token. */
    runloop_params *params = NULL;
    runloop_value *tunnel = NULL;
    runloop_bytes *url = NULL;
    const char *token = NULL;
    check(runloop_params_new(&params, &error), &error);
    check(runloop_params_set_string(params, "/auth_mode", "authenticated", &error), &error);
    check(runloop_devbox_enable_tunnel(devbox, params, NULL, &tunnel, &error), &error);
    runloop_params_free(params);
    check(runloop_value_get_string(tunnel, "/auth_token", &token, NULL, &error), &error);
    check(runloop_devbox_get_tunnel_url(devbox, port, NULL, &url, &error), &error);
    printf("the server's URL: %s\n", runloop_bytes_data(url));
    printf("without the token: HTTP ");
    fetch(runloop_bytes_data(url), NULL, "-o /dev/null -w '%{http_code}\\n'");
    printf("with it: ");
    fetch(runloop_bytes_data(url), token, "");
    runloop_bytes_free(url);
    runloop_value_free(tunnel);

    check(runloop_devbox_remove_tunnel(devbox, NULL, &error), &error);
    check(runloop_devbox_get_tunnel(devbox, NULL, &tunnel, &error), &error);
    printf("closed: there is %s\n", tunnel == NULL ? "no tunnel" : "a tunnel");
    runloop_value_free(tunnel);

    check(runloop_execution_kill(server, 1, NULL, &error), &error);
    runloop_execution_free(server);
    check(runloop_devbox_shutdown(devbox, NULL, NULL, &error), &error);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    return 0;
}
