/* Descriptors of the caller's that make their reader or writer wait: pipes, sockets, named pipes, terminals. A call's
 * bounds hold meanwhile, bytes go on as they come, and no signal is raised. */

#include "scripted.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { LARGE = 3000000 };

static runloop_devbox *devbox;
static volatile sig_atomic_t pipe_signals, alarms;

static void on_sigpipe(int number)
{
    (void)number;
    pipe_signals++;
}

static void on_alarm(int number)
{
    (void)number;
    alarms++;
}

static int32_t upload(const runloop_source *source, const runloop_call_options *opts)
{
    return runloop_devbox_upload_file(devbox, "f", source, opts, E);
}

static int32_t download(const runloop_sink *sink, const runloop_call_options *opts)
{
    return runloop_devbox_download_file(devbox, "f", sink, opts, NULL, E);
}

static runloop_source from_fd(int fd)
{
    runloop_source source = RUNLOOP_SOURCE_INIT;
    source.fd = fd;
    return source;
}

static runloop_sink to_fd(int fd)
{
    runloop_sink sink = RUNLOOP_SINK_INIT;
    sink.fd = fd;
    return sink;
}

/* ---- ends of a call while it waits ---- */

static void *trigger(void *cancel)
{
    usleep(100000);
    CHECK(runloop_cancel_trigger((runloop_cancel *)cancel, NULL) == RUNLOOP_OK);
    return NULL;
}

static void *close_client(void *one)
{
    usleep(100000);
    CHECK(runloop_client_close((runloop_client *)one, NULL) == RUNLOOP_OK);
    return NULL;
}

/* The call waits for something that never comes: it ends by each of its bounds. */
static void ends_by_its_bounds(int32_t (*call)(const void *end, const runloop_call_options *opts), const void *end)
{
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_cancel *cancel;
    pthread_t thread;
    opts.deadline_ms = 200;
    CHECK_STATUS(call(end, &opts), RUNLOOP_DEADLINE);
    opts.deadline_ms = 0;
    OK(runloop_cancel_new(&cancel, E));
    opts.cancel = cancel;
    CHECK(!pthread_create(&thread, NULL, trigger, cancel));
    CHECK_STATUS(call(end, &opts), RUNLOOP_CANCELLED);
    pthread_join(thread, NULL);
    runloop_cancel_free(cancel);
}

static int32_t call_upload(const void *end, const runloop_call_options *opts)
{
    return upload((const runloop_source *)end, opts);
}

static int32_t call_object(const void *end, const runloop_call_options *opts)
{
    runloop_object *object;
    return runloop_object_upload_from_source(client, "name", (const runloop_source *)end, NULL, opts, &object, E);
}

static int32_t call_download(const void *end, const runloop_call_options *opts)
{
    char headers[64];
    char *body = (char *)allocate(LARGE + 1);
    memset(body, 'x', LARGE);
    body[LARGE] = 0;
    snprintf(headers, sizeof headers, "Content-Type: application/octet-stream\r\n");
    script_answer(server, 200, headers, body);
    free(body);
    return download((const runloop_sink *)end, opts);
}

static void silent_sources(void)
{
    runloop_source source = RUNLOOP_SOURCE_INIT;
    const char *fifo = temporary("silent");
    int ends[2], pair[2], i;
    CHECK(!pipe(ends));
    CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    CHECK(!mkfifo(fifo, 0600));
    for (i = 0; i < 2; i++) {
        int flags;
        if (i) CHECK(!fcntl(ends[0], F_SETFL, O_NONBLOCK) && !fcntl(pair[0], F_SETFL, O_NONBLOCK));
        flags = fcntl(ends[0], F_GETFL);
        source = from_fd(ends[0]);
        ends_by_its_bounds(call_upload, &source);
        ends_by_its_bounds(call_object, &source);
        source = from_fd(pair[0]);
        ends_by_its_bounds(call_upload, &source);
        CHECK_INT(fcntl(ends[0], F_GETFL), flags);
    }
    source = (runloop_source)RUNLOOP_SOURCE_INIT;
    source.path = fifo; /* that nobody writes to */
    ends_by_its_bounds(call_upload, &source);
    ends_by_its_bounds(call_object, &source);
    {
        runloop_client *other = new_client(script_url(server));
        runloop_devbox *box;
        pthread_t thread;
        OK(runloop_devbox_attach(other, "dbx_1", &box, E));
        CHECK(!pthread_create(&thread, NULL, close_client, other));
        CHECK_STATUS(runloop_devbox_upload_file(box, "f", &source, NULL, E), RUNLOOP_CLOSED);
        pthread_join(thread, NULL);
        runloop_devbox_free(box);
        runloop_client_free(other);
    }
    unlink(fifo);
    for (i = 0; i < 2; i++) close(ends[i]), close(pair[i]);
    group("a source that gives nothing: deadline, cancellation, close");
}

static void stuck_sinks(void)
{
    const char *fifo = temporary("stuck");
    runloop_sink sink = RUNLOOP_SINK_INIT;
    int ends[2], pair[2], i;
    CHECK(!mkfifo(fifo, 0600));
    CHECK(!pipe(ends));
    CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    for (i = 0; i < 2; i++) {
        int flags;
        if (i) CHECK(!fcntl(ends[1], F_SETFL, O_NONBLOCK) && !fcntl(pair[1], F_SETFL, O_NONBLOCK));
        flags = fcntl(ends[1], F_GETFL);
        sink = to_fd(ends[1]);
        ends_by_its_bounds(call_download, &sink);
        sink = to_fd(pair[1]);
        ends_by_its_bounds(call_download, &sink);
        CHECK_INT(fcntl(ends[1], F_GETFL), flags);
    }
    sink = (runloop_sink)RUNLOOP_SINK_INIT;
    sink.path = fifo; /* that nobody reads */
    ends_by_its_bounds(call_download, &sink);
    for (i = 0; i < 2; i++) close(ends[i]), close(pair[i]);
    unlink(fifo);
    group("a sink that takes nothing: deadline, cancellation");
}

/* ---- slow ends ---- */

struct slow {
    int fd;
    const char *path;
    size_t length;
    uint64_t sum;
    /* Where no end comes: so many, no more. */
    size_t wanted;
};

static void *write_slowly(void *argument)
{
    struct slow *slow = (struct slow *)argument;
    int i;
    for (i = 0; i < 20; i++) {
        char text[16];
        int length = snprintf(text, sizeof text, "piece %02d;", i);
        usleep(3000);
        CHECK(write(slow->fd, text, (size_t)length) == length);
    }
    close(slow->fd);
    return NULL;
}

static void *read_slowly(void *argument)
{
    struct slow *slow = (struct slow *)argument;
    static char buffer[70000];
    ssize_t count, i;
    if (slow->path) CHECK((slow->fd = open(slow->path, O_RDONLY)) >= 0);
    while (!slow->wanted || slow->length < slow->wanted) {
        count = read(slow->fd, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return NULL;
        for (i = 0; i < count; i++) slow->sum += buffer[i] == 'x';
        slow->length += (size_t)count;
        if (!slow->wanted) usleep(500);
    }
    return NULL;
}

struct rain {
    pthread_t on;
    atomic_int over;
};

static void *let_it_rain(void *argument)
{
    struct rain *rain = (struct rain *)argument;
    while (!atomic_load(&rain->over)) {
        pthread_kill(rain->on, SIGALRM);
        usleep(2000);
    }
    return NULL;
}

static void slow_ends(void)
{
    struct rain rain;
    struct sigaction action, before;
    pthread_t clouds;
    int i;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_alarm; /* without SA_RESTART */
    CHECK(!sigaction(SIGALRM, &action, &before));
    rain.on = pthread_self();
    atomic_init(&rain.over, 0);
    CHECK(!pthread_create(&clouds, NULL, let_it_rain, &rain));
    for (i = 0; i < 4; i++) {
        int ends[2], reads, writes;
        struct slow slow = {-1, NULL, 0, 0, 0};
        runloop_source source;
        runloop_sink sink;
        pthread_t thread;
        char *request;
        CHECK(i < 2 ? !pipe(ends) : !socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
        reads = ends[0], writes = ends[1];
        if (i % 2) CHECK(!fcntl(reads, F_SETFL, O_NONBLOCK));
        answer("{}");
        slow.fd = writes;
        CHECK(!pthread_create(&thread, NULL, write_slowly, &slow));
        source = from_fd(reads);
        OK(upload(&source, NULL));
        pthread_join(thread, NULL);
        close(reads);
        request = (char *)script_request(server, script_requests(server) - 1);
        CHECK(request != NULL);
        CHECK_HAS(request, "piece 00;");
        CHECK_HAS(request, "piece 19;");

        CHECK(i < 2 ? !pipe(ends) : !socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
        if (i % 2) CHECK(!fcntl(ends[1], F_SETFL, O_NONBLOCK));
        memset(&slow, 0, sizeof slow);
        slow.fd = ends[0];
        CHECK(!pthread_create(&thread, NULL, read_slowly, &slow));
        sink = to_fd(ends[1]);
        OK(call_download(&sink, NULL));
        close(ends[1]);
        pthread_join(thread, NULL);
        close(ends[0]);
        CHECK_INT(slow.length, LARGE);
        CHECK_INT(slow.sum, LARGE);
    }
    atomic_store(&rain.over, 1);
    pthread_join(clouds, NULL);
    CHECK(!sigaction(SIGALRM, &before, NULL));
    CHECK(alarms > 0);
    {
        /* A named pipe is written to, and stays one. */
        const char *fifo = temporary("fifo");
        struct slow slow = {-1, fifo, 0, 0, 0};
        runloop_sink sink = RUNLOOP_SINK_INIT;
        struct stat about;
        pthread_t thread;
        CHECK(!mkfifo(fifo, 0600));
        CHECK(!pthread_create(&thread, NULL, read_slowly, &slow));
        sink.path = fifo;
        OK(call_download(&sink, NULL));
        pthread_join(thread, NULL);
        close(slow.fd);
        CHECK_INT(slow.length, LARGE);
        CHECK(!stat(fifo, &about) && S_ISFIFO(about.st_mode));
        unlink(fifo);
        sink.path = "/dev/null";
        OK(call_download(&sink, NULL));
        CHECK(!stat("/dev/null", &about) && S_ISCHR(about.st_mode));
    }
    group("slow ends, blocking and not, under a rain of signals; a named pipe; a device");
}

/* ---- terminals ---- */

/* A terminal and its other end, both blocking. */
static void terminal(int *master, int *slave, int cooked)
{
    struct termios settings;
    CHECK((*master = posix_openpt(O_RDWR | O_NOCTTY)) >= 0 && !grantpt(*master) && !unlockpt(*master));
    CHECK((*slave = open(ptsname(*master), O_RDWR | O_NOCTTY)) >= 0);
    CHECK(!tcgetattr(*slave, &settings));
    if (cooked) {
        settings.c_oflag |= OPOST | ONLCR | XTABS;
    } else {
        cfmakeraw(&settings);
        /* Once there is a byte, a read waits for more of them. */
        settings.c_cc[VMIN] = 255;
        settings.c_cc[VTIME] = 255;
    }
    CHECK(!tcsetattr(*slave, TCSANOW, &settings));
}

static void stuck_terminals(void)
{
    int master, slave, cooked;
    for (cooked = 0; cooked < 2; cooked++) {
        int flags;
        runloop_sink sink;
        runloop_source source;
        terminal(&master, &slave, cooked);
        flags = fcntl(slave, F_GETFL);
        /* Filled up to a rest by the host itself. */
        CHECK(write(slave, "\t\n\t\n\t", 5) == 5);
        sink = to_fd(slave);
        ends_by_its_bounds(call_download, &sink);
        sink = to_fd(master);
        ends_by_its_bounds(call_download, &sink);
        CHECK_INT(fcntl(slave, F_GETFL), flags);
        close(master), close(slave);
        terminal(&master, &slave, cooked);
        source = from_fd(slave);
        ends_by_its_bounds(call_upload, &source);
        CHECK(write(master, "a", 1) == 1);
        ends_by_its_bounds(call_upload, &source);
        source = from_fd(master);
        ends_by_its_bounds(call_upload, &source);
        CHECK_INT(fcntl(slave, F_GETFL), flags);
        close(master), close(slave);
    }
    group("a terminal that nobody reads or writes: deadline, cancellation");
}

/* Another user's, as after su: it can be used, but not opened. */
static void foreign_terminals(void)
{
    int status;
    pid_t child;
    if (geteuid()) return;
    child = fork();
    if (!child) {
        alarm(100);
        client = new_client(script_url(server));
        OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
        {
            int ends[2], master, slave, cooked;
            runloop_sink sink;
            for (cooked = 0; cooked < 2; cooked++) {
                terminal(&master, &slave, cooked);
                CHECK(!pipe(ends));
                CHECK(!seteuid(65534));
                CHECK(open(ptsname(master), O_RDWR | O_NOCTTY) < 0);
                sink = to_fd(slave);
                ends_by_its_bounds(call_download, &sink);
                sink = to_fd(ends[1]);
                ends_by_its_bounds(call_download, &sink);
                CHECK(!seteuid(0));
            }
        }
        _exit(0);
    }
    CHECK_INT(waitpid(child, &status, 0), child);
    if (status) fail_at(__FILE__, __LINE__, "the child ended with the wait status 0x%x", status);
    group("terminals and pipes that cannot be opened again");
}

static void one_at_a_time(int slave)
{
    struct termios settings;
    CHECK(!tcgetattr(slave, &settings));
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
    CHECK(!tcsetattr(slave, TCSANOW, &settings));
}

static void whole_terminals(void)
{
    int cooked, way;
    for (way = 0; way < 2; way++) {
        /* A cooked terminal would keep what is no line. */
        for (cooked = 0; cooked < 2 - way; cooked++) {
            struct slow slow = {-1, NULL, 0, 0, 0};
            runloop_sink sink;
            pthread_t thread;
            int master, slave;
            terminal(&master, &slave, cooked);
            if (way) one_at_a_time(slave);
            slow.fd = way ? slave : master;
            slow.wanted = LARGE;
            CHECK(!pthread_create(&thread, NULL, read_slowly, &slow));
            sink = to_fd(way ? master : slave);
            OK(call_download(&sink, NULL));
            pthread_join(thread, NULL);
            CHECK_INT(slow.length, LARGE);
            CHECK_INT(slow.sum, LARGE);
            close(slave);
            close(master);
        }
    }
    group("terminals get what is sent");
}

/* ---- bytes go on as they come ---- */

struct first {
    int listener, writes;
    sem_t seen;
    int calls;
};

/* Waits for the first piece of the content before the rest is given, and answers then. */
static void *see_first(void *argument)
{
    static const char said[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    struct first *first = (struct first *)argument;
    static char request[1 << 16];
    size_t used = 0;
    int fd = accept(first->listener, NULL, NULL);
    CHECK(fd >= 0);
    while (!strstr(request, "first")) {
        ssize_t count = recv(fd, request + used, sizeof request - used - 1, 0);
        CHECK(count > 0);
        used += (size_t)count;
        request[used] = 0;
    }
    CHECK(!strstr(request, "second"));
    if (first->writes >= 0) {
        CHECK(write(first->writes, "second", 6) == 6);
        close(first->writes);
    }
    CHECK(!sem_post(&first->seen));
    while (!strstr(request, "\r\n0\r\n\r\n")) {
        ssize_t count = recv(fd, request + used, sizeof request - used - 1, 0);
        CHECK(count > 0);
        used += (size_t)count;
        request[used] = 0;
    }
    CHECK(strstr(request, "second") != NULL);
    memset(request, 0, sizeof request);
    CHECK(send(fd, said, sizeof said - 1, MSG_NOSIGNAL) > 0);
    close(fd);
    return NULL;
}

static int64_t give_two(void *data, char *buffer, size_t capacity)
{
    struct first *first = (struct first *)data;
    CHECK(capacity >= 6);
    if (first->calls++ == 0) {
        memcpy(buffer, "first", 5);
        return 5;
    }
    if (first->calls > 2) return 0;
    while (sem_wait(&first->seen)) continue;
    memcpy(buffer, "second", 6);
    return 6;
}

static void as_they_come(void)
{
    struct first first;
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    char url[64];
    runloop_client *other;
    runloop_devbox *box;
    runloop_source source;
    pthread_t thread;
    int ends[2];
    memset(&address, 0, sizeof address);
    memset(&first, 0, sizeof first);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK((first.listener = socket(AF_INET, SOCK_STREAM, 0)) >= 0);
    CHECK(!bind(first.listener, (struct sockaddr *)&address, sizeof address) && !listen(first.listener, 4));
    CHECK(!getsockname(first.listener, (struct sockaddr *)&address, &size));
    snprintf(url, sizeof url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    other = new_client(url);
    OK(runloop_devbox_attach(other, "dbx_1", &box, E));

    CHECK(!sem_init(&first.seen, 0, 0));
    CHECK(!pipe(ends));
    CHECK(write(ends[1], "first", 5) == 5);
    first.writes = ends[1];
    CHECK(!pthread_create(&thread, NULL, see_first, &first));
    source = from_fd(ends[0]);
    OK(runloop_devbox_upload_file(box, "f", &source, NULL, E));
    pthread_join(thread, NULL);
    close(ends[0]);
    sem_destroy(&first.seen);

    CHECK(!sem_init(&first.seen, 0, 0));
    first.writes = -1;
    CHECK(!pthread_create(&thread, NULL, see_first, &first));
    source = (runloop_source)RUNLOOP_SOURCE_INIT;
    source.read = give_two; /* and no length: 0 is not taken for one */
    source.user_data = &first;
    OK(runloop_devbox_upload_file(box, "f", &source, NULL, E));
    pthread_join(thread, NULL);
    sem_destroy(&first.seen);
    runloop_devbox_free(box);
    runloop_client_free(other);
    close(first.listener);
    group("the first bytes of a slow source are sent before the next are there");
}

static void refused_early(void)
{
    /* A server that refuses before it has read the body. */
    int ends[2];
    runloop_source source;
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    char url[64];
    int listener = socket(AF_INET, SOCK_STREAM, 0), fd;
    pid_t child;
    runloop_client *other;
    runloop_devbox *box;
    (void)fd;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(listener >= 0 && !bind(listener, (struct sockaddr *)&address, sizeof address) && !listen(listener, 4));
    CHECK(!getsockname(listener, (struct sockaddr *)&address, &size));
    snprintf(url, sizeof url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    CHECK(!pipe(ends));
    source = from_fd(ends[0]);
    child = fork();
    if (child == 0) {
        static const char said[] = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}";
        char byte[512];
        fd = accept(listener, NULL, NULL);
        if (recv(fd, byte, sizeof byte, 0) > 0 && send(fd, said, sizeof said - 1, MSG_NOSIGNAL) > 0) pause();
        _exit(0);
    }
    close(listener);
    other = new_client(url);
    OK(runloop_devbox_attach(other, "dbx_1", &box, E));
    CHECK_STATUS(runloop_devbox_upload_file(box, "f", &source, NULL, E), RUNLOOP_AUTHENTICATION);
    runloop_devbox_free(box);
    runloop_client_free(other);
    close(ends[0]);
    close(ends[1]);
    CHECK(!kill(child, SIGKILL));
    CHECK_INT(waitpid(child, NULL, 0), child);
    group("a refusal ends an upload whose source gives nothing");
}

/* ---- no signal ---- */

static void without_a_reader(void)
{
    struct sigaction action, before;
    sigset_t pending;
    runloop_sink sink;
    int ends[2], i;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_sigpipe;
    CHECK(!sigaction(SIGPIPE, &action, &before));
    for (i = 0; i < 4; i++) {
        CHECK(i < 2 ? !pipe(ends) : !socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
        if (i % 2) CHECK(!fcntl(ends[1], F_SETFL, O_NONBLOCK));
        close(ends[0]);
        sink = to_fd(ends[1]);
        CHECK_STATUS(call_download(&sink, NULL), RUNLOOP_LOCAL_IO);
        CHECK_HAS(last_message(), "Broken pipe");
        close(ends[1]);
    }
    CHECK_INT(pipe_signals, 0);
    CHECK(!sigpending(&pending) && !sigismember(&pending, SIGPIPE));
    /* One of the host's own still arrives. */
    CHECK(!raise(SIGPIPE));
    CHECK_INT(pipe_signals, 1);
    CHECK(!sigaction(SIGPIPE, &before, NULL));
    group("a sink that nobody reads is an error, and no signal");
}

/* With a server of its own, so that no answer is left over from calls that ended before theirs. */
static void with_server(void (*test)(void))
{
    scripted_start();
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    test();
    runloop_devbox_free(devbox);
    scripted_stop();
}

int main(void)
{
    begin("test_pipes");
    with_server(silent_sources);
    with_server(stuck_sinks);
    with_server(slow_ends);
    with_server(stuck_terminals);
    with_server(foreign_terminals);
    with_server(whole_terminals);
    with_server(as_they_come);
    with_server(refused_early);
    with_server(without_a_reader);
    return finish();
}
