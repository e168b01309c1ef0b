// stdin.cpp: a command that is talked to: its input, its end of input, Ctrl-C.
//
// It prints:
//
//     the shell says: 42
//     the shell says: 1099511627776
//     the shell exited with 0
//     interrupted, it exited with 130
#include <iostream>
#include <runloop.hpp>
#include <string>

// Reads a line, which may come in several pieces; they are few here.
static std::string read_line(runloop::OutputStream &stream) {
    std::string line;
    while (line.empty() || line.back() != '\n') {
        auto piece = stream.next().value();
        if (!piece)
            break;
        line += piece->data;
    }
    return line;
}

int main() try {
    auto client = runloop::Client::create().value();
    auto devbox = runloop::Devbox::create(client).value();

    // Input can be sent to a command that was started with attach_stdin.
    runloop::ExecOptions exec;
    exec.attach_stdin = true;
    auto shell = devbox.exec_async("while read -r line; do echo \"$((line))\"; done", exec).value();
    auto answers = shell.stream(runloop::Stream::out).value();
    shell.send_stdin("6 * 7\n").value();
    std::cout << "the shell says: " << read_line(answers);
    shell.send_stdin("2 ** 40\n").value();
    std::cout << "the shell says: " << read_line(answers);

    // The end of its input: the loop ends, and with it the command.
    shell.close_stdin().value();
    std::cout << "the shell exited with " << shell.result().value().exit_code() << "\n";

    // What Ctrl-C would do.
    auto sleeper = devbox.exec_async("trap 'exit 130' INT; echo ready; while :; do sleep 0.1; done", exec).value();
    auto ready = sleeper.stream(runloop::Stream::out).value();
    read_line(ready);
    sleeper.interrupt().value();
    std::cout << "interrupted, it exited with " << sleeper.result().value().exit_code() << "\n";

    devbox.shutdown().value();
} catch (const runloop::Exception &exception) {
    std::cerr << exception.error() << "\n";
    return 1;
}
