// cancel.cpp: calls that end early: by a deadline, by another thread, by a command's own timeout.
//
//     c++ -std=c++17 cancel.cpp -o cancel -pthread $(pkg-config --cflags --libs runloop)
//
// It prints:
//
//     after half a second: RUNLOOP_DEADLINE
//     from another thread: RUNLOOP_CANCELLED
//     the command itself: printed "begun", and was killed
//     left running in the devbox: 0
#include <chrono>
#include <future>
#include <iostream>
#include <runloop.hpp>
#include <thread>

using namespace std::chrono_literals;

int main() try {
    auto client = runloop::Client::create().value();
    auto devbox = runloop::Devbox::create(client).value();

    // A deadline is for the whole call, with all its attempts, pauses and waits.
    runloop::CallOptions hurried;
    hurried.deadline = 500ms;
    auto late = devbox.exec("sleep 1000", {}, hurried);
    std::cout << "after half a second: " << name(late.error().status()) << "\n";

    // A token ends every call that was given it, from any thread, within 100 ms. The command, which the call
    // owned, is killed behind it. From C++20 on a std::stop_token does as well:
    // options.cancel = stop_source.get_token().
    auto cancel = runloop::Cancel::create().value();
    std::promise<void> begun;
    std::thread other([&] {
        begun.get_future().wait();
        cancel.trigger().value();
    });
    runloop::CallOptions options;
    options.cancel = cancel;
    runloop::ExecOptions exec;
    exec.on_stdout = [&](std::string_view) { begun.set_value(); };
    auto cancelled = devbox.exec("echo begun; sleep 1000", exec, options);
    other.join();
    std::cout << "from another thread: " << name(cancelled.error().status()) << "\n";

    // A command's own timeout is another thing: the call succeeds, and its result says what came of the
    // command: all that it had printed is there.
    runloop::ExecOptions brief;
    brief.timeout = 500ms;
    auto result = devbox.exec("printf begun; sleep 1000 & sleep 1000", brief).value();
    std::cout << "the command itself: printed \"" << result.stdout_text().value() << "\", and was "
              << (result.outcome() == runloop::Outcome::timed_out ? "killed" : "not killed") << "\n";

    // What a call had begun is undone behind it: wait for that, and nothing is left.
    auto left =
        devbox.exec("for i in $(seq 50); do pgrep -x sleep >/dev/null || break; sleep 0.1; done; pgrep -cx sleep").value().stdout_text();
    std::cout << "left running in the devbox: " << left.value();

    devbox.shutdown().value();
} catch (const runloop::Exception &exception) {
    std::cerr << exception.error() << "\n";
    return 1;
}
