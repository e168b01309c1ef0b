// The guide's blocks, each run by its number.
#include <chrono>
#include <csignal>
#include <exception>
#include <fstream>
#include <future>
#include <iostream>
#include <optional>
#include <pthread.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <runloop.hpp>

struct Section {
    void (*run)(const std::string &folder, runloop::Client &client, runloop::Devbox *devbox);
    bool wants_devbox;
};

@SNIPPETS@
static void run(const Section &section, const std::string &folder) {
    auto client = runloop::Client::create().value();
    std::optional<runloop::Devbox> devbox;
    if (section.wants_devbox)
        devbox = runloop::Devbox::create(client).value();
    section.run(folder, client, devbox ? &*devbox : nullptr);
    if (devbox)
        devbox->shutdown().value();
}

int main(int count, char **arguments) try {
    if (count != 3)
        return 2;
    run(sections[std::stoul(arguments[1])], arguments[2]);
    std::cout.flush();
    if (runloop::live_handles() != 0) {
        std::cerr << runloop::live_handles() << " handles are left\n";
        return 1;
    }
    return 0;
} catch (const std::exception &exception) {
    std::cerr << exception.what() << "\n";
    return 1;
}
