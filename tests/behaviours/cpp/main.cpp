// Does the steps of a behaviour in C++: a line of JSON in, a line of JSON out.

#include "step.hpp"

#include <iostream>

static const std::function<void(Step &)> *find(const std::string &name) {
    for (const Operations *some : {&client_operations, &devbox_operations, &command_operations, &file_operations, &object_operations,
                                   &disk_operations, &record_operations}) {
        if (const auto found = some->find(name); found != some->end())
            return &found->second;
    }
    return nullptr;
}

int main() {
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
    std::cout << "{\"live_handles\":" << runloop::live_handles() << '}' << std::endl;
}
