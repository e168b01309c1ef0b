// What the C++ tests share, over the C tests' harness.

#ifndef TEST_HPP
#define TEST_HPP

#include <runloop.hpp>

#include <string>
#include <utility>

#include "harness.h"

/// The value of a result that must be a success, also where there are no exceptions.
#define MUST(result) must_at(__FILE__, __LINE__, #result, (result))
/// The result is an error of this status.
#define FAILS(result, expected) fails_at(__FILE__, __LINE__, #result, (result), (expected))
/// Two texts are the same.
#define SAME(actual, expected) CHECK_TEXT(std::string(actual).c_str(), std::string(expected).c_str())
/// The text holds the part.
#define HAS(text, part) CHECK_HAS(std::string(text).c_str(), part)

template <class T>
T must_at(const char *file, int line, const char *what, runloop::Result<T> result) {
    if (!result)
        fail_at(file, line, "%s: %s: %s", what, std::string(name(result.error().status())).c_str(), result.error().c_message());
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

template <class T>
runloop::Error fails_at(const char *file, int line, const char *what, const runloop::Result<T> &result, runloop::Status expected) {
    if (result)
        fail_at(file, line, "%s succeeded", what);
    if (result.error().status() != expected)
        fail_at(file, line, "%s: %s, not %s: %s", what, std::string(name(result.error().status())).c_str(),
                std::string(name(expected)).c_str(), result.error().c_message());
    return result.error();
}

#if RUNLOOP_EXCEPTIONS
/// The expression throws an Exception of this status.
#define THROWS(expression, expected)                                                  \
    do {                                                                              \
        bool thrown = false;                                                          \
        try {                                                                         \
            (void)(expression);                                                       \
        } catch (const runloop::Exception &exception) {                               \
            thrown = exception.status() == (expected) && exception.what()[0] != '\0'; \
        }                                                                             \
        check_at(__FILE__, __LINE__, #expression " throws " #expected, thrown);       \
    } while (0)
#endif

inline runloop::Config test_config(const char *url) {
    runloop::Config config;
    config.base_url = url;
    config.bearer_token = TOKEN;
    return config;
}

/// A client of the emulator, or of another server.
inline runloop::Client test_client(const char *url = nullptr) {
    return MUST(runloop::Client::create(test_config(url == nullptr ? emulator_url() : url)));
}

#endif
