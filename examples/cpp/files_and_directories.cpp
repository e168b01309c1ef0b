// files_and_directories.cpp: files of any size and whole directories, into a devbox and out of it.
//
// It prints:
//
//     notes.txt holds: one line
//     data.bin: 3000000 bytes there
//     the first 4 bytes: 00 01 02 03
//     in the devbox:
//     project/README.md
//     project/src/main.c
//     back again: project/result.txt says "built from 2 files"
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <runloop.hpp>
#include <string>

namespace fs = std::filesystem;

// Runs a command, its output to ours.
static void run(const runloop::Devbox &devbox, std::string_view command) {
    runloop::ExecOptions exec;
    exec.on_output = runloop::to(std::cout, std::cout);
    devbox.exec(command, exec).value();
}

int main() try {
    auto client = runloop::Client::create().value();
    auto devbox = runloop::Devbox::create(client).value();

    // Small texts: one request each.
    devbox.write_file("notes.txt", "one line\n").value();
    std::cout << "notes.txt holds: " << devbox.read_file("notes.txt").value();

    // Anything else: from a path, memory, descriptor, stream or function, which is asked for the next bytes
    // until there are none. Nothing has to fit into memory.
    std::size_t left = 3000000;
    unsigned char next = 0;
    const auto count_up = [&](char *buffer, std::size_t capacity) -> std::optional<std::size_t> {
        const std::size_t given = std::min(left, capacity);
        std::generate_n(buffer, given, [&] { return static_cast<char>(next++); });
        left -= given;
        return given;
    };
    devbox.upload_file("data.bin", runloop::Source::function(count_up, 3000000)).value();
    std::cout << "data.bin: ";
    run(devbox, "echo \"$(wc -c < data.bin) bytes there\"");

    // And to them.
    std::string beginning;
    devbox.download_file("data.bin", runloop::Sink::function([&](std::string_view data) {
                             beginning += data.substr(0, 4 - std::min<std::size_t>(beginning.size(), 4));
                         }))
        .value();
    std::cout << "the first 4 bytes:" << std::hex << std::setfill('0');
    for (const char byte : beginning)
        std::cout << " " << std::setw(2) << static_cast<int>(byte);
    std::cout << std::dec << "\n";

    // A directory of this machine.
    std::string folder = (fs::temp_directory_path() / "runloop-example-XXXXXX").native();
    if (mkdtemp(folder.data()) == nullptr) {
        std::cerr << folder << " cannot be made.\n";
        return 1;
    }
    const fs::path local = folder;
    fs::create_directory(local / "src");
    std::ofstream(local / "README.md") << "# A project\n";
    std::ofstream(local / "src/main.c") << "int main(void) { return 0; }\n";
    std::ofstream(local / "src/main.o") << "not needed there\n";

    // The whole of it, as one stream, without what the patterns name (by the rules of .dockerignore).
    runloop::TreeOptions tree;
    tree.ignore = {"**/*.o"};
    devbox.upload_dir(local.native(), "project", tree).value();
    std::cout << "in the devbox:\n";
    run(devbox, "find project -type f | LC_ALL=C sort");

    // And back. What is there already is replaced where the devbox has it too, and stays where not.
    run(devbox, "echo \"built from $(find project -type f | wc -l) files\" > /tmp/result; mv /tmp/result project/result.txt");
    devbox.download_dir("project", local.native()).value();
    std::string line;
    std::ifstream result(local / "result.txt");
    std::getline(result, line);
    std::cout << "back again: project/result.txt says \"" << line << "\"\n";

    fs::remove_all(local);
    devbox.shutdown().value();
} catch (const runloop::Exception &exception) {
    std::cerr << exception.error() << "\n";
    return 1;
}
