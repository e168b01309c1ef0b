#include "support.h"

#include <pthread.h>

const char *certificate(const char *name)
{
    static char paths[4][512];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", getenv("TLS_CERTIFICATES"), name);
    return path;
}

int port(const char *name)
{
    const char *text = getenv(name);
    if (!text) fail_at(__FILE__, __LINE__, "%s is not set: start this program by tests/tls/run.sh", name);
    return atoi(text);
}

runloop_config *config_at(int at)
{
    char url[64];
    runloop_config *config;
    snprintf(url, sizeof url, "https://127.0.0.1:%d", at);
    config = new_config(url);
    OK(runloop_config_set_ca_file(config, certificate("authority.pem"), E));
    return config;
}

runloop_client *client_of(runloop_config *config)
{
    runloop_client *client;
    OK(runloop_client_new(config, &client, E));
    runloop_config_free(config);
    return client;
}

runloop_client *client_at(int at)
{
    return client_of(config_at(at));
}

runloop_devbox *devbox_of(runloop_client *client)
{
    runloop_devbox *devbox;
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    return devbox;
}

static runloop_value *control_server(const char *method, const char *path, const char *json)
{
    char url[64];
    runloop_config *config;
    runloop_client *client;
    runloop_params *body = NULL;
    runloop_value *value;
    snprintf(url, sizeof url, "http://127.0.0.1:%d", port("TLS_CONTROL"));
    config = new_config(url);
    client = client_of(config);
    if (json) OK(runloop_params_from_json(json, strlen(json), &body, E));
    OK(runloop_client_request(client, method, path, NULL, body, NULL, NULL, NULL, &value, NULL, E));
    runloop_params_free(body);
    runloop_client_free(client);
    return value;
}

void server_set(const char *json)
{
    runloop_value_free(control_server("POST", "/set", json));
}

void server_release(void)
{
    runloop_value_free(control_server("POST", "/release", NULL));
}

int server_seen(const char *what)
{
    runloop_value *value = control_server("GET", "/seen", NULL);
    char pointer[64];
    int64_t count = 0;
    snprintf(pointer, sizeof pointer, "/%s", what);
    /* What was never seen has no count. */
    if (runloop_value_get_int(value, pointer, &count, E) != RUNLOOP_OK) count = 0;
    forget_error();
    runloop_value_free(value);
    return (int)count;
}

int32_t get_info(const runloop_devbox *devbox)
{
    runloop_value *info = NULL;
    int32_t status = runloop_devbox_get_info(devbox, NULL, &info, E);
    runloop_value_free(info);
    return status;
}

int32_t post(const runloop_client *client)
{
    runloop_value *value = NULL;
    int32_t status = runloop_client_request(client, "POST", "/v1/devboxes", NULL, NULL, NULL, NULL, NULL, &value, NULL, E);
    runloop_value_free(value);
    return status;
}

struct one {
    pthread_t thread;
    int number;
    void (*run)(int number);
};
static struct one all[1000];
static int running;

static void *start(void *one)
{
    ((struct one *)one)->run(((struct one *)one)->number);
    forget_error();
    return NULL;
}

void at_once_begin(int count, void (*run)(int number))
{
    pthread_attr_t small;
    CHECK(count <= (int)(sizeof all / sizeof *all));
    CHECK(!pthread_attr_init(&small) && !pthread_attr_setstacksize(&small, 256 << 10));
    for (running = 0; running < count; running++) {
        all[running].number = running;
        all[running].run = run;
        CHECK(!pthread_create(&all[running].thread, &small, start, &all[running]));
    }
    pthread_attr_destroy(&small);
}

void at_once_end(void)
{
    while (running > 0) CHECK(!pthread_join(all[--running].thread, NULL));
}

void at_once(int count, void (*run)(int number))
{
    at_once_begin(count, run);
    at_once_end();
}
