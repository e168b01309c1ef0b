// A shared object that throws, and hands errors on; compiled in another way than who catches.

#include <runloop.hpp>

__attribute__((visibility("default"))) void open_nothing() {
    runloop::Config config;
    config.base_url = "no URL";
    config.bearer_token = "token";
    (void)runloop::Client::create(config).value();
}

__attribute__((visibility("default"))) runloop::Error hand_on() {
    runloop::Config config;
    config.base_url = "no URL";
    config.bearer_token = "token";
    return runloop::Client::create(config).error();
}
