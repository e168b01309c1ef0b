// many_devboxes.cpp: many devboxes at once, from many threads, with one client.
//
//     c++ -std=c++17 many_devboxes.cpp -o many_devboxes -pthread $(pkg-config --cflags --libs runloop)
//
// It prints:
//
//     8 devboxes, 8 answers, the sum of which is 204
//     left: 0
#include <future>
#include <iostream>
#include <runloop.hpp>
#include <string>
#include <vector>

// Any number of threads may use an object. An exception is thrown where the answer is requested; the devbox is
// shut down even then.
static int square(const runloop::Client &client, int number) {
    runloop::DevboxCreateParams params;
    params.metadata = {{"batch", "squares"}};
    auto devbox = runloop::Devbox::create(client, params).value();
    devbox.set_shutdown_on_free(std::chrono::seconds(30)).value();
    const std::string n = std::to_string(number);
    return std::stoi(devbox.exec("echo $((" + n + " * " + n + "))").value().stdout_text().value());
}

int main() try {
    auto client = runloop::Client::create().value();

    std::vector<std::future<int>> answers;
    for (int number = 1; number <= 8; ++number)
        answers.push_back(std::async(std::launch::async, [&client, number] { return square(client, number); }));
    int sum = 0;
    for (auto &answer : answers)
        sum += answer.get();
    std::cout << answers.size() << " devboxes, " << answers.size() << " answers, the sum of which is " << sum << "\n";

    // A list is walked item by item; the pages are fetched as they are needed.
    runloop::DevboxListParams running;
    running.status = runloop::DevboxStatus::running;
    int left = 0;
    for (auto &[devbox, info] : runloop::Devbox::list(client, running).values())
        left += info.metadata.count("batch") != 0 ? 1 : 0;
    std::cout << "left: " << left << "\n";
} catch (const runloop::Exception &exception) {
    std::cerr << exception.error() << "\n";
    return 1;
}
