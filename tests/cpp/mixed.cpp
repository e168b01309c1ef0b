// One part of a program whose parts are compiled in different ways: PART names its function. Where the parts
// took each other's inlined functions for their own, a Result of one layout would be read as another.

#include <runloop.hpp>

#include <cstdio>
#include <string>

std::string PART(const char *url) {
    runloop::Config config;
    config.base_url = url;
    config.bearer_token = "token";
    const runloop::Result<runloop::Client> client = runloop::Client::create(config);
    return client ? "none" : std::string(name(client.error().status()));
}

#ifdef MAIN
std::string in_cpp17(const char *url);
std::string in_cpp23(const char *url);

int main() {
    for (auto *part : {in_cpp17, in_cpp23, PART}) {
        if (part("no URL") != "RUNLOOP_INVALID_ARGUMENT" || part("http://127.0.0.1:1") != "none") {
            std::fprintf(stderr, "A part of the program misreads its results: %s, %s\n", part("no URL").c_str(),
                         part("http://127.0.0.1:1").c_str());
            return 1;
        }
    }
    return runloop::live_handles() == 0 ? 0 : 1;
}
#endif
