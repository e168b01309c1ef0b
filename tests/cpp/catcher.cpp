// Catches what a shared object throws that was compiled for another C++.

#include <runloop.hpp>

#include <cstdio>

void open_nothing();
runloop::Error hand_on();

int main() {
    const runloop::Error error = hand_on();
    try {
        open_nothing();
    } catch (const runloop::Exception &exception) {
        return exception.status() == runloop::Status::invalid_argument && exception.error().message() == error.message() ? 0 : 2;
    } catch (...) {
        std::fprintf(stderr, "What was thrown is another type here.\n");
    }
    return 1;
}
