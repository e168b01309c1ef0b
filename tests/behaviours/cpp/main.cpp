// Does the steps of a behaviour in C++: a line of JSON in, a line of JSON out.

#include "step.hpp"

#include <iostream>
#include <mutex>

static const std::function<void(Step &)> *find(const std::string &name) {
    for (const Operations *some : {&client_operations, &devbox_operations, &command_operations, &file_operations, &object_operations,
                                   &disk_operations, &record_operations, &config_operations}) {
        if (const auto found = some->find(name); found != some->end())
            return &found->second;
    }
    return nullptr;
}

int main() {
    // What the library tells, on any thread; the last answer shows it.
    std::mutex telling;
    std::string told;
    runloop::log_set(
        [&](runloop::LogLevel, std::string_view message) {
            const std::lock_guard<std::mutex> lock(telling);
            (told += message) += '\n';
        },
        runloop::LogLevel::debug)
        .value();
    Handles kept;
    for (std::string line; std::getline(std::cin, line);) {
        Step step(line, kept);
        const std::string name = step.text("/do");
        if (const auto *operation = find(name))
            step.calling([&] { (*operation)(step); });
        else
            step.put("unknown", name);
        std::cout << step.answer() << std::endl;
    }
    kept.clear();
    runloop::log_set(nullptr, runloop::LogLevel::off).value();
    Step last("{}", kept);
    last.put("live_handles", static_cast<std::int64_t>(runloop::live_handles()));
    last.put_bytes("log", told);
    std::cout << last.answer() << std::endl;
}
