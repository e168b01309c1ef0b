/* Names that are slow, that hang, or that lead nowhere. run.sh puts slow_names.c before the system's resolver. */

#include "support.h"

#include "script_server.h"

int slow_names_asked(void) __attribute__((weak));
void slow_names_break(int broken) __attribute__((weak));

static script_server *server;
static runloop_devbox *devbox;

static runloop_client *client_named(const char *scheme, const char *name, int at)
{
    char url[100];
    runloop_config *config = config_at(1);
    snprintf(url, sizeof url, "%s://%s:%d", scheme, name, at);
    OK(runloop_config_set_base_url(config, url, E));
    OK(runloop_config_set_max_retries(config, -1, E));
    return client_of(config);
}

static int32_t ask(const char *name, int at)
{
    runloop_client *client = client_named("http", name, at);
    runloop_devbox *its = devbox_of(client);
    int32_t status = get_info(its);
    runloop_devbox_free(its);
    runloop_client_free(client);
    return status;
}

static int script_port(void)
{
    return atoi(strrchr(script_url(server), ':') + 1);
}

static void impatient(int number)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_value *info;
    (void)number;
    options.deadline_ms = 1000;
    CHECK_STATUS(runloop_devbox_get_info(devbox, &options, &info, E), RUNLOOP_DEADLINE);
}

static void a_name_that_hangs(void)
{
    runloop_client *hanging = client_named("http", "hang-6000.test", 1);
    int before = slow_names_asked();
    devbox = devbox_of(hanging);
    at_once(20, impatient);
    CHECK_INT(slow_names_asked() - before, 1);
    script_answer(server, 200, "", "{\"id\":\"dbx_1\"}");
    OK(ask("quick.test", script_port()));
    CHECK_INT(slow_names_asked() - before, 2);
    runloop_devbox_free(devbox);
    runloop_client_free(hanging);
    group("a name that hangs is looked up once, and holds up no other");
}

static void one_call(int number)
{
    (void)number;
    OK(get_info(devbox));
}

static void many_at_once(void)
{
    runloop_client *client = client_named("https", "slow-50.test", port("TLS_BOTH"));
    int before = slow_names_asked();
    server_set("{}");
    devbox = devbox_of(client);
    at_once(800, one_call);
    CHECK_INT(server_seen("requests"), 800);
    /* Again after some seconds at most. */
    CHECK(slow_names_asked() - before <= 20);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    group("800 calls on a slow name: one look-up, and all succeed");
}

static void nowhere(void)
{
    runloop_config *config;
    runloop_client *client;
    CHECK_STATUS(ask("nowhere.test", 1), RUNLOOP_CONNECT);
    CHECK_HAS(last_message(), "the name of nowhere.test");
    config = new_config("http://api.test");
    OK(runloop_config_set_max_retries(config, -1, E));
    OK(runloop_config_set_proxy(config, "http://nowhere.test:3128", E));
    client = client_of(config);
    CHECK_STATUS(post(client), RUNLOOP_CONNECT);
    CHECK_HAS(last_message(), "the proxy nowhere.test:3128");
    CHECK_HAS_NOT(last_message(), "api.test");
    runloop_client_free(client);
    group("a name that leads nowhere is told, also a proxy's");
}

static void last_known(void)
{
    script_answer(server, 200, "", "{\"id\":\"dbx_1\"}");
    OK(ask("known.test", script_port()));
    /* Refused: perhaps the host has moved, and its name is looked up again. */
    CHECK_STATUS(ask("known.test", 1), RUNLOOP_CONNECT);
    slow_names_break(1);
    script_answer(server, 200, "", "{\"id\":\"dbx_1\"}");
    OK(ask("known.test", script_port()));
    slow_names_break(0);
    group("while a name cannot be looked up, its last address is used");
}

/* ---- names that hang for ever ---- */

enum { HANGING = 10 };
static runloop_cancel *enough;

static void ask_in_vain(int number)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_value *info;
    runloop_client *hanging;
    runloop_devbox *its;
    runloop_config *config;
    char name[100];
    snprintf(name, sizeof name, "http://%c-hang-600000.test:1", 'a' + number);
    config = config_at(1);
    OK(runloop_config_set_base_url(config, name, E));
    OK(runloop_config_set_connect_timeout_ms(config, 600000, E));
    hanging = client_of(config);
    its = devbox_of(hanging);
    options.cancel = enough;
    CHECK_STATUS(runloop_devbox_get_info(its, &options, &info, E), RUNLOOP_CANCELLED);
    runloop_devbox_free(its);
    runloop_client_free(hanging);
}

static void names_that_hang(void)
{
    int before = slow_names_asked();
    OK(runloop_cancel_new(&enough, E));
    at_once_begin(HANGING, ask_in_vain);
    EVENTUALLY(slow_names_asked() - before == HANGING);
    script_answer(server, 200, "", "{\"id\":\"dbx_1\"}");
    OK(ask("healthy.test", script_port()));
    OK(runloop_cancel_trigger(enough, E));
    at_once_end();
    script_answer(server, 200, "", "{\"id\":\"dbx_1\"}");
    OK(ask("healthy-too.test", script_port()));
    runloop_cancel_free(enough);
    group("names that hang, waited for or not, hold up no other");
}

int main(void)
{
    begin("tls/named");
    if (!slow_names_asked) fail_at(__FILE__, __LINE__, "slow_names.so is not loaded: start this program by tests/tls/run.sh");
    server = script_start();
    a_name_that_hangs();
    many_at_once();
    nowhere();
    last_known();
    names_that_hang();
    script_stop(server);
    return finish();
}
