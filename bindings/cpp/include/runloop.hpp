// runloop.hpp: the Runloop SDK for C++17 and later, over the C library.
//
//     #include <runloop.hpp>
//
//     auto client = runloop::Client::create().value();
//     auto devbox = runloop::Devbox::create(client).value();
//     auto result = devbox.exec("uname -a").value();
//     std::cout << result.stdout_text().value();
//     devbox.shutdown().value();
//
// THE RULES
//
// Results. What can fail gives a Result<T>: a std::expected<T, Error> from C++23 on, and before that with the
//   part of it that most programs need (see result.hpp). Ask it (`if (!result)`, `*result`, `result.error()`), or open it with value(), which throws a
//   runloop::Exception. Nothing else throws but memory's end, and what your own functions throw; all can be
//   used with -fno-exceptions and -fno-rtti, where value() of an error ends the program.
// Nouns (Client, Devbox, Execution …) own a handle of the C library: they move and do not copy, and keep alive
//   what they need, in whatever order they end. The end of one ends nothing at the service, unless
//   Devbox::set_shutdown_on_free() says so. A call on one that was moved from is Status::invalid_handle.
// Names are those of the C functions: runloop_devbox_create() is Devbox::create(), runloop_devbox_exec() is
//   Devbox::exec(); `delete` is written delete_().
// Parameters and answers are structs (types.hpp), made from the API's description. What it gains is not lost:
//   `extra` holds members that this version has no name for, on the way out and on the way in.
// Functions of yours (lambdas for output, progress, logs of builds) run on the thread that made the call,
//   during the call. They give nothing, or a bool: false stops the call. What they throw stops the call, passes
//   the library by, and comes out of the call. They must not end their thread (pthread_exit).
// Limits of time are any std::chrono::duration, rounded up to milliseconds. What is not set is the default; what is
//   set is never taken for the default: a deadline of 0 is over, a timeout of 0 is refused.
// Lists are looped over, and fetch page after page:
//     for (auto &[devbox, info] : runloop::Devbox::list(client).values())  // what fails is thrown
//     for (auto &item : list)                                             // each is a Result
// Threads. Any call may be made from any thread, and an object be used by several at a time, unless its
//   description says otherwise. Blocking calls block the calling thread alone.
// Parts of a program may be compiled for different versions of C++, and with or without exceptions. Error,
//   Exception, Status and the other numbers with names are the same types in all of them; the others are not, so
//   such parts hand each other no Result and no noun.
// Macros of the program's that are spelled like names in here (min, free, Status …) do no harm to these headers.
// Cancelling. CallOptions::cancel takes a runloop::Cancel or a std::stop_token.

#ifndef RUNLOOP_HPP
#define RUNLOOP_HPP

#include <runloop/account.hpp>
#include <runloop/axon.hpp>
#include <runloop/blueprint.hpp>
#include <runloop/client.hpp>
#include <runloop/devbox.hpp>
#include <runloop/eviction.hpp>
#include <runloop/execution.hpp>
#include <runloop/gateway_config.hpp>
#include <runloop/library.hpp>
#include <runloop/mcp_config.hpp>
#include <runloop/network_policy.hpp>
#include <runloop/object.hpp>
#include <runloop/secret.hpp>
#include <runloop/snapshot.hpp>

#endif
