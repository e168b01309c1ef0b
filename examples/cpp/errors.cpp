// errors.cpp: what an error tells, and what to do with it. Nothing here throws: this compiles with
// -fno-exceptions too.
//
// It prints:
//
//     not found: …dbx_nobody…
//       HTTP 404, retryable: no, side effect: none, attempts: 1, about: dbx_nobody
//     a key: …
//     connect: …127.0.0.1:1…
//       retryable: yes
//     invalid argument: …
//     a non-zero exit code is not an error: the command exited with 7
//     ended by its devbox: …
//     without a client: …
#include <cstdlib>
#include <iostream>
#include <runloop.hpp>

static const char *const retryable[] = {"no", "yes", "unknown"};
static const char *const side_effect[] = {"none", "happened", "unknown"};

// The end of a program for which an error is the end.
template <class T>
static T must(runloop::Result<T> result) {
    if (!result) {
        std::cerr << result.error() << "\n";
        std::exit(1);
    }
    return std::move(*result);
}

int main() {
    auto client = must(runloop::Client::create());

    // The status says what kind of thing went wrong, the message names the thing, the cause and the next
    // step. The rest is for programs that decide by it.
    auto nobody = must(runloop::Devbox::attach(client, "dbx_nobody"));
    if (auto info = nobody.get_info(); !info && info.error().status() == runloop::Status::not_found) {
        const runloop::Error &error = info.error();
        std::cout << "not found: " << error.message() << "\n";
        std::cout << "  HTTP " << error.http_status() << ", retryable: " << retryable[static_cast<int>(error.retryable())]
                  << ", side effect: " << side_effect[static_cast<int>(error.side_effect())] << ", attempts: " << error.attempts()
                  << ", about: " << error.resource_id() << "\n";
    }

    // A key that cannot be one is refused before anything is sent. Secrets are in no message.
    runloop::Config odd;
    odd.bearer_token = "two\nlines";
    if (auto stranger = runloop::Client::create(odd); !stranger)
        std::cout << "a key: " << stranger.error().message() << "\n";

    // Nobody there: told after a few spaced attempts, not after a long timeout.
    runloop::Config nowhere;
    nowhere.base_url = "http://127.0.0.1:1";
    nowhere.max_retries = 1;
    auto stranger = must(runloop::Client::create(nowhere));
    auto unreachable = must(runloop::Devbox::attach(stranger, "dbx_1"));
    if (auto info = unreachable.get_info(); !info && info.error().status() == runloop::Status::connect) {
        std::cout << "connect: " << info.error().message() << "\n";
        std::cout << "  retryable: " << retryable[static_cast<int>(info.error().retryable())] << "\n";
    }

    // Misuse is an error like any other, not a crash.
    if (auto unnamed = runloop::Devbox::attach(client, ""); !unnamed)
        std::cout << "invalid argument: " << unnamed.error().message() << "\n";

    // What a command makes of itself is its result. Steps can be chained: the first error is the result.
    auto devbox = must(runloop::Devbox::create(client));
    auto code = devbox.exec("exit 7").transform([](const runloop::ExecResult &result) { return result.exit_code(); });
    std::cout << "a non-zero exit code is not an error: the command exited with " << must(std::move(code)) << "\n";

    // The end of a devbox is an error of what runs in it.
    must(devbox.shutdown());
    if (auto result = devbox.exec("true"); !result)
        std::cout << "ended by its devbox: " << result.error().message() << "\n";

    // An object that was moved from holds nothing.
    auto moved = std::move(client);
    if (auto none = runloop::Devbox::create(client); !none)
        std::cout << "without a client: " << none.error().message() << "\n";
    return 0;
}
