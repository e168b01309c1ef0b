// Static objects: what they end when they are destroyed, they end at the exit of the process too.

#include "test.hpp"

#include <chrono>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

using namespace runloop;

namespace {

// In a child, whose static objects are destroyed by exit().
void static_devbox() {
    const Client client = MUST(Client::create(test_config(emulator_url())));
    static const Devbox devbox = MUST(Devbox::create(client));
    MUST(devbox.set_shutdown_on_free(std::chrono::seconds(20)));
}

void static_client() {
    static const Client client = MUST(Client::create(test_config(emulator_url())));
    CallOptions options;
    options.deadline = std::chrono::milliseconds(200);
    FAILS(Devbox::create(client, {}, options), Status::deadline);
}

void in_a_child(void (*test)(), const char *what) {
    int status = 0;
    const pid_t child = fork();
    if (child == 0) {
        alarm(60);
        test();
        std::exit(0);
    }
    CHECK(child > 0);
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(status, 0);
    CHECK_INT(devboxes_left(), 0);
    group(what);
}

} // namespace

int main() {
    begin("test_at_exit");
    emulator_start(nullptr);
    in_a_child(static_devbox, "a static devbox that is shut down when it is freed");
    fault("devboxes.create", 0, 1, "{\"type\":\"delay\",\"ms\":600}");
    fault("devboxes.create_and_await_running", 0, 1, "{\"type\":\"delay\",\"ms\":600}");
    in_a_child(static_client, "a static client ends what a create that was cut short has begun");
    CHECK(faults_fired() >= 1);
    return finish();
}
