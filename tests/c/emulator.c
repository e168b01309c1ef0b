/* The emulator of a test: its process, and its test controls over a socket of our own, so that a
 * mistake of the library's cannot hide itself. */

#include "emulator.h"
#include "harness.h"
#include "json.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile pid_t emulator;
static pid_t owner;
static int emulator_stdin = -1;
static int emulator_port;
static char url[128];
static char said[256];

const char *emulator_url(void)
{
    return emulator ? url : NULL;
}

void emulator_kill(void)
{
    if (emulator > 0 && owner == getpid()) kill(emulator, SIGKILL);
}

void emulator_tell(void)
{
    size_t length;
    char *text = said[0] ? file_contents(said, &length) : NULL;
    if (text && length) fprintf(stderr, "  the emulator said: %s\n", length > 2000 ? text + length - 2000 : text);
    free(text);
}

static void become_emulator(const char *binary, const char *const *extra, int in, int out, int err)
{
    const char *args[32] = {binary, "--port", "0", "--exit-on-stdin-close"}, *isolation = getenv("TEST_ISOLATION");
    int count = 4;
    if (isolation) {
        args[count++] = "--isolation";
        args[count++] = isolation;
    }
    while (extra && *extra && count < 31) args[count++] = *extra++;
    if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) _exit(126);
    execv(binary, (char *const *)(uintptr_t)args);
    _exit(127);
}

const char *emulator_start(const char *const *extra_args)
{
    static const char greeting[] = "runloop-emulator listening on ";
    const char *binary = getenv("RUNLOOP_EMULATOR");
    int to[2], from[2], log;
    char line[128];
    size_t length = 0;
    if (!binary) fail_at(__FILE__, __LINE__, "RUNLOOP_EMULATOR is not set: it names the emulator's binary");
    CHECK(!emulator);
    snprintf(said, sizeof said, "%s", temporary("emulator.log"));
    log = open(said, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    CHECK(log >= 0 && !pipe2(to, O_CLOEXEC) && !pipe2(from, O_CLOEXEC));
    owner = getpid();
    emulator = fork();
    CHECK(emulator >= 0);
    if (!emulator) become_emulator(binary, extra_args, to[0], from[1], log);
    close(to[0]);
    close(from[1]);
    close(log);
    emulator_stdin = to[1];
    while (length < sizeof line - 1 && read(from[0], line + length, 1) == 1 && line[length] != '\n') length++;
    line[length] = 0;
    close(from[0]);
    if (strncmp(line, greeting, sizeof greeting - 1))
        fail_at(__FILE__, __LINE__, "%s does not start: \"%s\"", binary, line);
    snprintf(url, sizeof url, "%s", line + sizeof greeting - 1);
    emulator_port = atoi(strrchr(url, ':') + 1);
    return url;
}

void emulator_stop(void)
{
    int status = 0;
    if (!emulator) return;
    close(emulator_stdin);
    if (waitpid(emulator, &status, 0) != emulator || !WIFEXITED(status) || WEXITSTATUS(status)) {
        emulator = 0;
        fail_at(__FILE__, __LINE__, "the emulator ended with the wait status 0x%x", status);
    }
    emulator = 0;
}

/* ---- a tiny HTTP client ---- */

static char *dechunked(char *body)
{
    char *from = body, *to = body;
    for (;;) {
        char *end;
        unsigned long size = strtoul(from, &end, 16);
        if (end == from || !(end = strstr(end, "\r\n")) || !size) break;
        memmove(to, end + 2, size);
        to += size;
        from = end + 2 + size + 2;
    }
    *to = 0;
    return body;
}

static char *exchange(const char *request, size_t length)
{
    struct sockaddr_in address;
    size_t capacity = 1 << 16, used = 0;
    char *answer = (char *)allocate(capacity);
    ssize_t got;
    int socket_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)emulator_port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (socket_fd < 0 || connect(socket_fd, (struct sockaddr *)&address, sizeof address))
        fail_at(__FILE__, __LINE__, "the emulator cannot be reached: %s", strerror(errno));
    while (length) {
        ssize_t sent = send(socket_fd, request, length, MSG_NOSIGNAL);
        if (sent <= 0) fail_at(__FILE__, __LINE__, "the emulator hung up: %s", strerror(errno));
        request += sent;
        length -= (size_t)sent;
    }
    while ((got = recv(socket_fd, answer + used, capacity - used - 1, 0)) > 0) {
        used += (size_t)got;
        if (capacity - used < 1024) {
            char *larger = (char *)realloc(answer, capacity *= 2);
            if (!larger) abort();
            answer = larger;
        }
    }
    close(socket_fd);
    answer[used] = 0;
    return answer;
}

char *control(const char *method, const char *path, const char *json_body)
{
    size_t length = json_body ? strlen(json_body) : 0;
    char *request = (char *)allocate(length + strlen(path) + 256), *answer, *body, *copy;
    int status = 0, chunked;
    int count = sprintf(request,
                        "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\n\r\n%s",
                        method, path, emulator_port, length, json_body ? json_body : "");
    answer = exchange(request, (size_t)count);
    free(request);
    body = strstr(answer, "\r\n\r\n");
    if (sscanf(answer, "HTTP/1.%*d %d", &status) != 1 || !body || status != 200)
        fail_at(__FILE__, __LINE__, "%s %s %s was answered with: %.500s", method, path, json_body ? json_body : "", answer);
    *body = 0;
    chunked = strstr(answer, "chunked") != NULL;
    copy = strdup(chunked ? dechunked(body + 4) : body + 4);
    free(answer);
    return copy;
}

/* ---- its test controls ---- */

void settings(const char *format, ...)
{
    char json[512];
    va_list list;
    va_start(list, format);
    vsnprintf(json, sizeof json, format, list);
    va_end(list);
    free(control("POST", "/_emulator/settings", json));
}

void fault(const char *operation, int skip, int times, const char *format, ...)
{
    char action[2048], json[4096];
    va_list list;
    va_start(list, format);
    vsnprintf(action, sizeof action, format, list);
    va_end(list);
    snprintf(json, sizeof json, "{\"operation\":\"%s\",\"skip\":%d,\"times\":%d,\"action\":%s}", operation, skip, times, action);
    free(control("POST", "/_emulator/faults", json));
}

void faults_clear(void)
{
    free(control("DELETE", "/_emulator/faults", NULL));
}

int faults_fired(void)
{
    char *body = control("GET", "/_emulator/faults", NULL);
    int count = json_count(body, "/faults"), fired = 0, i;
    for (i = 0; i < count; i++) {
        char pointer[64], *times;
        snprintf(pointer, sizeof pointer, "/faults/%d/fired", i);
        times = json_at(body, pointer);
        fired += times ? atoi(times) : 0;
        free(times);
    }
    free(body);
    return fired;
}

void journal_clear(void)
{
    free(control("DELETE", "/_emulator/journal", NULL));
}

/* Gives the index of an operation's nth request, or how many there are for -1. */
static int journal_find(const char *journal, const char *operation, int nth)
{
    int count = json_count(journal, "/requests"), found = 0, i;
    for (i = 0; i < count; i++) {
        char pointer[64], *name;
        snprintf(pointer, sizeof pointer, "/requests/%d/operation", i);
        name = json_at(journal, pointer);
        if (!operation || (name && !strcmp(name, operation))) {
            if (found++ == nth) {
                free(name);
                return i;
            }
        }
        free(name);
    }
    return nth < 0 ? found : -1;
}

int journal_count(const char *operation)
{
    char *journal = control("GET", "/_emulator/journal", NULL);
    int count = journal_find(journal, operation, -1);
    free(journal);
    return count;
}

char *journal_at(const char *operation, int nth, const char *pointer)
{
    char *journal = control("GET", "/_emulator/journal", NULL), *text = NULL, place[512];
    int index = journal_find(journal, operation, nth);
    if (index >= 0) {
        snprintf(place, sizeof place, "/requests/%d%s", index, pointer);
        text = json_at(journal, place);
    }
    free(journal);
    return text;
}

static int leaks(const char *pointer, const char *command_line)
{
    char *body = control("GET", "/_emulator/leaks", NULL);
    int count = json_count(body, pointer), i, found = 0;
    for (i = 0; command_line && i < count; i++) {
        char place[64], *command;
        snprintf(place, sizeof place, "/processes/%d/command", i);
        command = json_at(body, place);
        found += command && !strcmp(command, command_line);
        free(command);
    }
    free(body);
    return command_line ? found : count;
}

int devboxes_left(void)
{
    return leaks("/devboxes", NULL);
}

int processes_left(void)
{
    return leaks("/processes", NULL);
}

int process_left(const char *command_line)
{
    return leaks("/processes", command_line);
}
