/* Certificates: whom the library trusts, and how it identifies itself, with openssl s_server. */

#include "script_server.h"
#include "support.h"

#include <sys/stat.h>
#include <unistd.h>

static int32_t ask(runloop_config *config)
{
    runloop_client *client = client_of(config);
    runloop_devbox *devbox = devbox_of(client);
    int32_t status = get_info(devbox);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    return status;
}

static void whom_to_trust(void)
{
    runloop_config *config;
    OK(ask(config_at(port("OPENSSL_GOOD"))));
    CHECK_STATUS(ask(config_at(port("OPENSSL_EXPIRED"))), RUNLOOP_TLS);
    CHECK_HAS(last_message(), "xpired");
    CHECK_HAS(last_message(), "clock");
    CHECK_HAS_NOT(last_message(), "set_ca_file");
    CHECK_STATUS(ask(config_at(port("OPENSSL_EARLY"))), RUNLOOP_TLS);
    CHECK_HAS(last_message(), "not valid yet");
    CHECK_HAS(last_message(), "clock");
    CHECK_STATUS(ask(config_at(port("OPENSSL_WRONG_NAME"))), RUNLOOP_TLS);
    CHECK_HAS(last_message(), "127.0.0.1");
    CHECK_HAS(last_message(), "for another host");
    CHECK_HAS_NOT(last_message(), "set_ca_file");
    CHECK_STATUS(ask(config_at(port("OPENSSL_SELF_SIGNED"))), RUNLOOP_TLS);
    CHECK_HAS(last_message(), "self-signed");
    CHECK_STATUS(ask(config_at(port("OPENSSL_OLD"))), RUNLOOP_TLS);
    CHECK_HAS(last_message(), "TLS 1.2");
    CHECK_STATUS(ask(config_at(port("OPENSSL_UNTRUSTED"))), RUNLOOP_TLS);
    CHECK_HAS(last_message(), "UnknownIssuer");
    CHECK_INT(runloop_error_retryable(last_error()), RUNLOOP_RETRYABLE_NO);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_NONE);
    CHECK_INT(runloop_error_attempts(last_error()), 1);
    /* The private authority is not the system's. */
    config = config_at(port("OPENSSL_GOOD"));
    OK(runloop_config_set_ca_file(config, certificate("stranger.pem"), E));
    CHECK_STATUS(ask(config), RUNLOOP_TLS);
    CHECK_HAS(last_message(), "runloop_config_set_ca_file");
    group("expired, too early, of another name, self-signed, of an authority that is not trusted, without TLS 1.2: each is told, and tried once");
}

static void who_asks(void)
{
    runloop_config *config = config_at(port("OPENSSL_CLIENT"));
    CHECK_STATUS(ask(config), RUNLOOP_TLS);
    CHECK_HAS(last_message(), "runloop_config_set_client_certificate");
    config = config_at(port("OPENSSL_CLIENT"));
    OK(runloop_config_set_client_certificate(config, certificate("client.pem"), certificate("client.key"), E));
    OK(ask(config));
    config = config_at(port("OPENSSL_CLIENT"));
    OK(runloop_config_set_client_certificate(config, certificate("untrusted.pem"), certificate("untrusted.key"), E));
    CHECK_STATUS(ask(config), RUNLOOP_TLS);
    CHECK_HAS(last_message(), "runloop_config_set_client_certificate");
    CHECK_HAS_NOT(last_message(), "set_ca_file");
    group("a server that wants a certificate: with it, without it, with a stranger's");
}

/* Files mean what they meant when the client was made. */
static void read_once(void)
{
    size_t length;
    char *pem = file_contents(certificate("authority.pem"), &length), before[400];
    const char *path = temporary("ca.pem");
    runloop_config *config;
    runloop_client *client;
    runloop_devbox *devbox;
    FILE *file = fopen(path, "w");
    CHECK(pem && file && fwrite(pem, 1, length, file) == length && !fclose(file));
    free(pem);
    CHECK(getcwd(before, sizeof before) != NULL);
    config = config_at(port("OPENSSL_GOOD"));
    CHECK(!chdir("/tmp"));
    OK(runloop_config_set_ca_file(config, path + strlen("/tmp/"), E));
    client = client_of(config);
    CHECK(!chdir("/"));
    CHECK(!unlink(path));
    devbox = devbox_of(client);
    OK(get_info(devbox));
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    CHECK(!chdir(before));
    group("a file of authorities by a relative path, read when the client is made and not later");
}

/* The variables mean what they meant when the client was made, for a storage too that is the first to speak TLS. */
static void variables_read_once(void)
{
    script_server *api = script_start();
    char url[200];
    int set_before;
    unsetenv("SSL_CERT_FILE");
    unsetenv("SSL_CERT_DIR");
    for (set_before = 0; set_before < 2; set_before++) {
        runloop_config *config = new_config(script_url(api));
        runloop_client *client;
        runloop_object *handle;
        runloop_bytes *bytes = NULL;
        int32_t status;
        /* A pool of connections is shared by clients of the same configuration. */
        OK(runloop_config_set_connect_timeout_ms(config, 5000 + set_before, E));
        if (set_before) setenv("SSL_CERT_FILE", certificate("authority.pem"), 1);
        client = client_of(config);
        if (set_before) unsetenv("SSL_CERT_FILE");
        else setenv("SSL_CERT_FILE", certificate("authority.pem"), 1);
        OK(runloop_object_from_id(client, "obj_1", &handle, E));
        snprintf(url, sizeof url, "{\"download_url\":\"https://127.0.0.1:%d/v1/devboxes/dbx_1\"}", port("OPENSSL_GOOD"));
        script_answer(api, 200, "Content-Type: application/json\r\n", url);
        status = runloop_object_download_as_bytes(handle, NULL, NULL, &bytes, E);
        if (set_before) {
            CHECK_INT(status, RUNLOOP_OK);
            CHECK_OUTPUT(bytes, "{\"id\":\"dbx_1\"}");
        } else {
            CHECK_INT(status, RUNLOOP_TLS);
            CHECK_HAS(last_message(), "UnknownIssuer");
        }
        runloop_object_free(handle);
        runloop_client_free(client);
        unsetenv("SSL_CERT_FILE");
    }
    script_stop(api);
    group("SSL_CERT_FILE, set before the client is made, and afterwards");
}

int main(void)
{
    begin("tls/trust");
    whom_to_trust();
    who_asks();
    read_once();
    variables_read_once();
    return finish();
}
