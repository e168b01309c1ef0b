// quickstart.cpp: a devbox from C++, from its creation to its end.
//
//     c++ -std=c++17 quickstart.cpp -o quickstart $(pkg-config --cflags --libs runloop)
//     RUNLOOP_API_KEY=... ./quickstart
//
// Without an account: start runloop-emulator, and set RUNLOOP_BASE_URL to the address that it prints and
// RUNLOOP_API_KEY to anything.
//
// It prints:
//
//     devbox dbx_… is running
//     line 1 of 3
//     line 2 of 3
//     line 3 of 3
//     hello.txt holds: Hello from C++.
//     it has this many bytes: 16
//     a failing command exits with 2
//     devbox dbx_… is shut down
#include <iostream>
#include <runloop.hpp>

int main() try {
    // A client. The API key and the address come from RUNLOOP_API_KEY and RUNLOOP_BASE_URL. One client serves
    // a whole program, with all its threads.
    //
    // Functions that can fail return a Result; value() unwraps it, or throws a runloop::Exception. errors.cpp shows how
    // to go without exceptions.
    auto client = runloop::Client::create().value();

    // What the devbox shall be like.
    runloop::DevboxCreateParams params;
    params.name = "quickstart";
    params.launch_parameters.emplace().keep_alive_time_seconds = 600;

    // Creates the devbox and waits until it runs.
    auto devbox = runloop::Devbox::create(client, params).value();
    std::cout << "devbox " << devbox.id() << " is running\n";

    // Where an exception ends this block early, the end of `devbox` ends the devbox too.
    devbox.set_shutdown_on_free(std::chrono::seconds(10)).value();

    // A command, its output as it comes.
    runloop::ExecOptions live;
    live.on_stdout = [](std::string_view data) { std::cout << data << std::flush; };
    devbox.exec("for i in 1 2 3; do echo \"line $i of 3\"; sleep 0.4; done", live).value();

    // A file, written and read back.
    devbox.write_file("hello.txt", "Hello from C++.\n").value();
    std::cout << "hello.txt holds: " << devbox.read_file("hello.txt").value();

    // A command's output, whole, when it has ended.
    auto result = devbox.exec("wc -c < hello.txt").value();
    std::cout << "it has this many bytes: " << result.stdout_text().value();

    // A command that fails is a result, not an error.
    std::cout << "a failing command exits with " << devbox.exec("ls /no/such/folder").value().exit_code() << "\n";

    devbox.shutdown().value();
    std::cout << "devbox " << devbox.id() << " is shut down\n";
} catch (const runloop::Exception &exception) {
    std::cerr << exception.error() << "\n";
    return 1;
}
