// streaming.cpp: a command's output while it is produced, pushed to a function or pulled from a stream.
//
// It prints:
//
//     pushed: stdout: 1
//     pushed: stderr: a warning
//     pushed: stdout: 2
//     pushed: 14 bytes, and the command exited with 3
//     copied: straight through
//     pulled: working
//     pulled: done
//     kept: 991 992 993 994 995 996 997 998 999 1000
#include <algorithm>
#include <iostream>
#include <runloop.hpp>

int main() try {
    auto client = runloop::Client::create().value();
    auto devbox = runloop::Devbox::create(client).value();

    // Pushed: exec calls the function with each piece, on this thread, and returns when the command has ended.
    // The pieces are as long as they happen to come. A function that gives false, or throws, stops the call.
    std::size_t bytes = 0;
    runloop::ExecOptions exec;
    exec.on_output = [&](runloop::Stream stream, std::string_view data) {  // or on_stdout and on_stderr apart
        bytes += data.size();
        std::cout << "pushed: " << (stream == runloop::Stream::err ? "stderr: " : "stdout: ") << data;
    };
    auto result = devbox.exec("echo 1; sleep 0.3; echo a warning >&2; sleep 0.3; echo 2; exit 3", exec).value();
    std::cout << "pushed: " << bytes << " bytes, and the command exited with " << result.exit_code() << "\n";

    // To a stream of your own.
    runloop::ExecOptions copying;
    copying.on_output = runloop::to(std::cout, std::cerr);
    devbox.exec("echo copied: straight through", copying).value();

    // Pulled: you request the next piece when you need it. A slow reader applies back-pressure, so memory use
    // stays constant, however much the command prints.
    auto execution = devbox.exec_async("echo working; sleep 0.3; echo done").value();
    for (auto &piece : execution.stream(runloop::Stream::out).value().values())
        std::cout << "pulled: " << piece.data;

    // Bounded: of a command that prints without end, only the end is kept.
    runloop::ExecOptions bounded;
    bounded.max_output_bytes = 64;
    std::string kept = devbox.exec("seq 1 1000", bounded).value().stdout_text(10).value();
    kept.pop_back();
    std::replace(kept.begin(), kept.end(), '\n', ' ');
    std::cout << "kept: " << kept << "\n";

    devbox.shutdown().value();
} catch (const runloop::Exception &exception) {
    std::cerr << exception.error() << "\n";
    return 1;
}
