// Memory that runs out in the binding's part of a call: std::bad_alloc comes out of it, and nothing is lost.

#include "test.hpp"

#include <cstdlib>
#include <new>

#if RUNLOOP_EXCEPTIONS
namespace {

// Which allocation of this thread fails: 0 is the next one, below 0 none.
thread_local long failing = -1;

}  // namespace

void *operator new(std::size_t size) {
    if (failing >= 0 && failing-- == 0)
        throw std::bad_alloc();
    void *memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr)
        std::abort();
    return memory;
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }
#endif

using namespace runloop;

#if RUNLOOP_EXCEPTIONS
namespace {

/// Makes a call again and again, with each of its allocations failing in turn, until none is left to fail.
template <class Function>
void without_memory(const char *what, Function &&call) {
    const std::size_t before = live_handles();
    for (long at = 0;; ++at) {
        failing = at;
        try {
            call();
        } catch (const std::bad_alloc &) {
        }
        const bool all_had = failing >= 0;
        failing = -1;
        if (live_handles() != before)
            fail_at(__FILE__, __LINE__, "%s: handles are left when allocation %ld fails", what, at);
        if (all_had)
            break;
    }
    group(what);
}

}  // namespace
#endif

int main() {
    begin("test_memory");
    emulator_start(nullptr);
#if RUNLOOP_EXCEPTIONS
    {
        const Client client = test_client();
        const Devbox devbox = MUST(Devbox::create(client));
        without_memory("a request of any kind", [&] { (void)client.request("GET", "/v1/accounts/me"); });
        without_memory("an answer as a struct", [&] { (void)devbox.keep_alive(); (void)devbox.read_file("there is none"); });
        without_memory("a command", [&] { (void)devbox.exec("true"); });
        without_memory("a command in the background", [&] {
            ExecOptions exec;
            exec.on_stdout = [](std::string_view) {};
            if (auto execution = devbox.exec_async("true", exec))
                (void)execution->kill();
        });
        without_memory("a function that throws", [&] {
            (void)devbox.upload_file("a", Source::function([](char *, std::size_t) -> std::optional<std::size_t> { throw std::bad_alloc(); }));
        });
        without_memory("a function that runs out of memory", [&] {
            (void)devbox.upload_file("a", Source::function([](char *, std::size_t) -> std::optional<std::size_t> {
                return std::string(1000, 'a').size() - 1000;
            }));
        });
        MUST(devbox.shutdown());
    }
#endif
    return finish();
}
