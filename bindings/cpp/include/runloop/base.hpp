// What the language at hand offers, and the namespace that follows from it.

#ifndef RUNLOOP_BASE_HPP
#define RUNLOOP_BASE_HPP

#include <runloop.h>

#if __cplusplus < 201703L
#error "runloop.hpp needs C++17; compile with -std=c++17 or later."
#endif

#if __cplusplus >= 202002L
#include <version>
#endif

// Exceptions can be switched off (-fno-exceptions); then value() of an error ends the program.
#if defined(__cpp_exceptions)
#define RUNLOOP_EXCEPTIONS 1
#else
#define RUNLOOP_EXCEPTIONS 0
#endif

#if defined(__cpp_lib_expected)
#define RUNLOOP_EXPECTED 1
#else
#define RUNLOOP_EXPECTED 0
#endif

#if defined(__cpp_lib_jthread)
#define RUNLOOP_STOP_TOKEN 1
#else
#define RUNLOOP_STOP_TOKEN 0
#endif

#if defined(__cpp_lib_span)
#define RUNLOOP_SPAN 1
#else
#define RUNLOOP_SPAN 0
#endif

// Types differ with the language, so files compiled in different ways may meet in one program only if
// the names differ too: the inner namespace, which nobody has to write, says which way it was.
#define RUNLOOP_WAY_3(expected, stop_token, exceptions) way_##expected##stop_token##exceptions
#define RUNLOOP_WAY_2(expected, stop_token, exceptions) RUNLOOP_WAY_3(expected, stop_token, exceptions)
#define RUNLOOP_WAY RUNLOOP_WAY_2(RUNLOOP_EXPECTED, RUNLOOP_STOP_TOKEN, RUNLOOP_EXCEPTIONS)

/// Opens the namespace of everything in these headers.
#define RUNLOOP_BEGIN \
    namespace runloop { \
    inline namespace RUNLOOP_WAY {
/// Closes it.
#define RUNLOOP_END \
    } \
    }

/// Opens the namespace of what is the same in every way of compiling: one part of a program catches what another has
/// thrown.
#define RUNLOOP_SAME_BEGIN namespace runloop {
/// Closes it.
#define RUNLOOP_SAME_END }

// Thrown in one shared object and caught in another, whatever is hidden by default.
#if defined(__GNUC__)
#define RUNLOOP_VISIBLE __attribute__((visibility("default")))
#else
#define RUNLOOP_VISIBLE
#endif

#endif
