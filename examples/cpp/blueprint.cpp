// blueprint.cpp: an image built once, from a Dockerfile and a directory of this machine, and devboxes of it.
//
// It prints:
//
//     the build says: compiled for production
//     blueprint bpt_… is built
//     a devbox of it: greetings from production
//     a build that fails: RUNLOOP_BUILD_FAILED, and its log ends with the reason
//     left: 0
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <runloop.hpp>
#include <string>

namespace fs = std::filesystem;

int main() try {
    auto client = runloop::Client::create().value();

    // What COPY and ADD may read: a directory, without what its .dockerignore names.
    std::string folder = (fs::temp_directory_path() / "runloop-example-XXXXXX").native();
    if (mkdtemp(folder.data()) == nullptr) {
        std::cerr << folder << " cannot be made.\n";
        return 1;
    }
    const fs::path local = folder;
    std::ofstream(local / "greet.sh") << "echo \"greetings from $1\"\n";
    std::ofstream(local / "notes.md") << "for ourselves\n";
    std::ofstream(local / ".dockerignore") << "*.md\n";
    auto context = runloop::Object::upload_docker_context(client, local.native()).value();

    // The blueprint's parameters; the context is named in them.
    runloop::BlueprintCreateParams params;
    params.name = "greeter";
    params.dockerfile = "FROM runloop:runloop/starter-x86_64\n"
                        "ARG STAGE=testing\n"
                        "COPY greet.sh /opt/greet.sh\n"
                        "RUN chmod 755 /opt/greet.sh && echo $STAGE > /opt/stage && echo compiled for $STAGE\n"
                        "RUN test ! -e notes.md\n";
    params.build_args = {{"STAGE", "production"}};
    params.build_context = context.as_build_context().value();

    // Begins the build, tells its log line by line, and waits for its end.
    auto blueprint = runloop::Blueprint::create(client, params, [](const runloop::BuildLogLine &line) {
                         if (line.message.substr(0, 8) == "compiled")
                             std::cout << "the build says: " << line.message << "\n";
                     }).value();
    std::cout << "blueprint " << blueprint.id() << " is built\n";

    // Devboxes of it begin where the build ended.
    auto devbox = blueprint.create_devbox().value();
    std::cout << "a devbox of it: " << devbox.exec("sh /opt/greet.sh \"$(cat /opt/stage)\"").value().stdout_text().value();
    devbox.shutdown().value();

    // A build that fails: the message carries the end of its log. The blueprint stays, so that its whole log
    // can be read.
    runloop::BlueprintCreateParams wrong;
    wrong.name = "greeter";
    wrong.dockerfile = "FROM runloop:runloop/starter-x86_64\nRUN echo no such compiler && exit 1\n";
    if (auto broken = runloop::Blueprint::create(client, wrong); !broken) {
        const runloop::Error &error = broken.error();
        const bool told = error.message().find("no such compiler") != std::string_view::npos;
        std::cout << "a build that fails: " << name(error.status()) << ", and its log " << (told ? "ends with the reason" : "says nothing")
                  << "\n";
        runloop::Blueprint::from_id(client, error.resource_id()).value().delete_().value();
    }

    blueprint.delete_().value();
    context.delete_().value();
    runloop::BlueprintListParams greeters;
    greeters.name = "greeter";
    int left = 0;
    for (auto &[each, info] : runloop::Blueprint::list(client, greeters).values())
        left += each.id() == info.id ? 1 : 0;
    std::cout << "left: " << left << "\n";
    fs::remove_all(local);
} catch (const runloop::Exception &exception) {
    std::cerr << exception.error() << "\n";
    return 1;
}
