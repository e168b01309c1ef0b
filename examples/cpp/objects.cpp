// objects.cpp: storage objects: a file up and down with a progress bar, texts, a list.
//
// It prints:
//
//     …up   [####################] 100 %
//     object obj_… has 6000000 bytes and is READ_ONLY
//     …down [####################] 100 %
//     the same bytes: yes
//     hello.txt holds: Hello from C++.
//     stopped: RUNLOOP_STOPPED
//     with metadata example=objects: 2
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <runloop.hpp>
#include <string>

namespace fs = std::filesystem;

// Told how much of a transfer is done, on the thread that made the call.
static runloop::Progress draw(const char *what) {
    return [what](std::int64_t done, std::int64_t total) {
        const int filled = total > 0 ? static_cast<int>(done * 20 / total) : 20;
        std::printf("\r%s [%.*s%*s] %3d %%", what, filled, "####################", 20 - filled, "", filled * 5);
        std::fflush(stdout);
    };
}

static bool same(const fs::path &one, const fs::path &other) {
    std::ifstream a(one, std::ios::binary), b(other, std::ios::binary);
    using Bytes = std::istreambuf_iterator<char>;
    return a && b && std::equal(Bytes(a), Bytes(), Bytes(b), Bytes());
}

int main() try {
    auto client = runloop::Client::create().value();

    std::string folder = (fs::temp_directory_path() / "runloop-example-XXXXXX").native();
    if (mkdtemp(folder.data()) == nullptr) {
        std::cerr << folder << " cannot be made.\n";
        return 1;
    }
    const fs::path from = fs::path(folder) / "measurements.csv", to = fs::path(folder) / "measurements again.csv";
    std::ofstream file(from);
    for (int i = 0; i < 500000; i++) {
        char line[16];
        std::snprintf(line, sizeof line, "%05d,%05d\n", i % 100000, (i * 7) % 100000);
        file << line;
    }
    file.close();

    // Up: created, filled and completed by one call, a few pieces of the file in memory at a time. What a failed
    // call had created is deleted behind it.
    runloop::ObjectUploadParams params;
    params.metadata = {{"example", "objects"}};
    runloop::CallOptions options;
    options.progress = draw("up  ");
    auto object = runloop::Object::upload_from_file(client, from.native(), params, options).value();
    auto info = object.refresh().value();
    std::printf("\nobject %s has %lld bytes and is %s\n", info.id.c_str(), static_cast<long long>(info.size_bytes.value_or(-1)),
                info.state.str().c_str());

    // Down: a break in between is mended, and the file appears when it is whole.
    options.progress = draw("down");
    object.download_to_file(to.native(), {}, options).value();
    std::printf("\nthe same bytes: %s\n", same(from, to) ? "yes" : "no");
    std::fflush(stdout);

    // Small texts need no file.
    auto text = runloop::Object::upload_from_text(client, "hello.txt", "Hello from C++.\n", params).value();
    std::cout << "hello.txt holds: " << text.download_as_text().value();

    // A progress function can also stop a transfer: it gives false.
    options.progress = [](std::int64_t, std::int64_t) { return false; };
    auto stopped = runloop::Object::upload_from_file(client, from.native(), {}, options);
    std::cout << "stopped: " << name(stopped.error().status()) << "\n";

    // What is there.
    runloop::ObjectListParams readable;
    readable.state = runloop::ObjectState::read_only;
    int count = 0;
    for (auto &[listed, view] : runloop::Object::list(client, readable).values())
        count += view.metadata && view.metadata->count("example") != 0 && !listed.id().empty() ? 1 : 0;
    std::cout << "with metadata example=objects: " << count << "\n";

    text.delete_().value();
    object.delete_().value();
    fs::remove_all(folder);
} catch (const runloop::Exception &exception) {
    std::cerr << exception.error() << "\n";
    return 1;
}
