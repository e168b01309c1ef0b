// snapshot.cpp: a devbox's disk kept, and several devboxes that go on from there.
//
// It prints:
//
//     snapshot snp_… is complete
//     the first fork: set up once, then attempt 1
//     the second fork: set up once, then attempt 2
//     the devbox itself: set up once, then gone on
//     listed: "ready for attempts"
#include <iostream>
#include <runloop.hpp>

// Runs a command and prints what it printed.
static void show(const char *who, const runloop::Devbox &devbox, std::string_view command) {
    std::cout << who << ": " << devbox.exec(command).value().stdout_text().value();
}

int main() try {
    auto client = runloop::Client::create().value();
    auto devbox = runloop::Devbox::create(client).value();

    // What takes long is done once.
    devbox.exec("printf 'set up once, ' > state").value();

    // The disk as it is now. The devbox keeps running.
    runloop::DevboxSnapshotDiskParams params;
    params.name = "ready for attempts";
    params.metadata = {{"purpose", "attempts"}};
    auto snapshot = devbox.snapshot_disk(params).value();
    std::cout << "snapshot " << snapshot.id() << " is complete\n";

    // Each devbox made of it has a disk of its own that begins there.
    auto first = snapshot.create_devbox().value();
    show("the first fork", first, "echo 'then attempt 1' >> state; cat state");
    first.shutdown().value();
    auto second = snapshot.create_devbox().value();
    show("the second fork", second, "echo 'then attempt 2' >> state; cat state");
    second.shutdown().value();
    show("the devbox itself", devbox, "echo 'then gone on' >> state; cat state");
    devbox.shutdown().value();

    // Snapshots outlive their devboxes, and are found again.
    runloop::SnapshotListParams of_this;
    of_this.devbox_id = devbox.id();
    for (auto &[listed, info] : runloop::Snapshot::list(client, of_this).values())
        std::cout << "listed: \"" << info.name.value_or(std::string(listed.id())) << "\"\n";

    snapshot.delete_().value();
} catch (const runloop::Exception &exception) {
    std::cerr << exception.error() << "\n";
    return 1;
}
