/* nginx in front of the emulator: HTTP/2 and buffering, a graceful reload, a restart. */

#include "support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int at;
static pid_t nginx;

static int free_port(void)
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(fd >= 0 && !bind(fd, (struct sockaddr *)&address, sizeof address));
    CHECK(!getsockname(fd, (struct sockaddr *)&address, &length));
    close(fd);
    return ntohs(address.sin_port);
}

static int is_there(void)
{
    struct sockaddr_in address;
    int fd = socket(AF_INET, SOCK_STREAM, 0), there;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)at);
    there = !connect(fd, (struct sockaddr *)&address, sizeof address);
    close(fd);
    return there;
}

static void nginx_start(void)
{
    const char *file = temporary("nginx.conf");
    FILE *conf = fopen(file, "w");
    CHECK(conf != NULL);
    fprintf(conf,
            "daemon off; pid %s; error_log %s; worker_processes 1; %s\n"
            "events { worker_connections 512; }\n"
            "http {\n"
            "  access_log off; client_max_body_size 0;\n"
            "  client_body_temp_path %s; proxy_temp_path %s; fastcgi_temp_path %s; uwsgi_temp_path %s; scgi_temp_path %s;\n"
            "  server {\n"
            "    listen 127.0.0.1:%d ssl http2;\n"
            "    ssl_certificate %s; ssl_certificate_key %s;\n"
            "    location / { proxy_pass %s; proxy_http_version 1.1; proxy_set_header Host $proxy_host; proxy_read_timeout 60s; }\n"
            "  }\n"
            "}\n",
            temporary("nginx.pid"), temporary("nginx.log"), getuid() ? "" : "user root;", temporary("t1"), temporary("t2"), temporary("t3"),
            temporary("t4"), temporary("t5"), at, certificate("good.pem"), certificate("good.key"), emulator_url());
    CHECK(!fclose(conf));
    nginx = fork();
    CHECK(nginx >= 0);
    if (!nginx) {
        execlp("nginx", "nginx", "-e", temporary("nginx.log"), "-p", "/tmp", "-c", file, (char *)NULL);
        _exit(127);
    }
    EVENTUALLY(is_there());
}

static void nginx_stop(void)
{
    int status;
    CHECK(!kill(nginx, SIGTERM));
    while (waitpid(nginx, &status, 0) < 0 && errno == EINTR) continue;
}

static int32_t count(void *heard, int32_t stream, const char *data, size_t length)
{
    (void)stream;
    (void)data;
    *(size_t *)heard += length;
    return 0;
}

static void everything(runloop_devbox *devbox)
{
    static char content[3 << 20];
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_exec_result *result;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    size_t heard = 0;
    CHECK_INT(run(devbox, "exit 7", NULL, NULL), 7);
    source.data = content;
    source.length = sizeof content;
    OK(runloop_devbox_upload_file(devbox, "large", &source, NULL, E));
    exec.on_output = count;
    exec.user_data = &heard;
    OK(runloop_devbox_exec(devbox, "wc -c <large; head -c 2000000 /dev/zero | tr '\\0' x", &exec, NULL, &result, E));
    CHECK_INT(runloop_exec_result_exit_code(result), 0);
    CHECK_INT(heard, 2000000 + strlen("3145728\n"));
    runloop_exec_result_free(result);
}

static volatile int stop;

/* Commands must not happen twice, and each must succeed, whatever the server does between them. */
static void commands(int number)
{
    runloop_client *client = client_at(at);
    runloop_devbox *devbox = new_devbox(client);
    int done = 0;
    (void)number;
    while (!stop || done < 10) {
        CHECK_INT(run(devbox, "echo one >>lines", NULL, NULL), 0);
        done++;
    }
    {
        char command[64];
        snprintf(command, sizeof command, "test $(wc -l <lines) = %d", done);
        CHECK_INT(run(devbox, command, NULL, NULL), 0);
    }
    shut_down_and_free(devbox);
    runloop_client_free(client);
}

int main(void)
{
    runloop_client *client;
    runloop_devbox *devbox;
    int i;
    begin("tls/behind_nginx");
    emulator_start(NULL);
    at = free_port();
    nginx_start();
    client = client_at(at);
    devbox = new_devbox(client);
    everything(devbox);
    group("a devbox's life through nginx, by HTTP/2");

    at_once_begin(4, commands);
    for (i = 0; i < 5; i++) {
        int before = journal_count("devboxes.execute");
        CHECK(!kill(nginx, SIGHUP));
        EVENTUALLY(journal_count("devboxes.execute") > before + 8);
    }
    stop = 1;
    at_once_end();
    group("reloads while commands run: none fails, none happens twice");

    nginx_stop();
    nginx_start();
    OK(get_info(devbox));
    everything(devbox);
    shut_down_and_free(devbox);
    runloop_client_free(client);
    nginx_stop();
    group("after a restart all goes on");
    return finish();
}
