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
// Results. Functions that can fail return a Result<T>: a std::expected<T, Error> from C++23 on, before that a class with the part
//   of it that most programs need (see result.hpp). Test it (`if (!result)`, `*result`, `result.error()`), or unwrap it with value(),
//   which throws a runloop::Exception. Apart from that, only std::bad_alloc and your own callbacks throw. Everything can be used
//   with -fno-exceptions and -fno-rtti; then value() of an error ends the program.
// Handles. Client, Devbox, Execution … own a handle of the C library. They move and do not copy, keep alive what they need, and may be
//   destroyed in any order. Destructors end nothing at the service, unless Devbox::set_shutdown_on_free() was called. A call on
//   a moved-from object is Status::invalid_handle.
// Names are those of the C functions: runloop_devbox_create() is Devbox::create(), runloop_devbox_exec() is
//   Devbox::exec(); `delete` is written delete_().
// Parameters and answers are structs (types.hpp), generated from the API schema. `extra` holds members that this version has
//   no name for, in requests and in answers.
// Callbacks (lambdas for output, progress, build logs) run on the thread that made the call, during the call. They return
//   nothing, or a bool: false stops the call. An exception stops the call and is thrown by it; it does not pass through the library.
//   Callbacks must not end their thread (pthread_exit).
// Time limits are any std::chrono::duration, rounded up to milliseconds. A limit of 0 is not the default: a deadline of 0 has
//   passed, a timeout of 0 is refused.
// Lists are looped over, and are fetched page by page:
//     for (auto &[devbox, info] : runloop::Devbox::list(client).values())  // errors are thrown
//     for (auto &item : list)                                             // each is a Result
// Threads. Any call may be made from any thread, and several threads may use an object at a time, unless its
//   documentation says otherwise. Blocking calls block only the calling thread.
// Compilation. Parts of a program may be compiled for different versions of C++, and with or without exceptions. Error,
//   Exception, Status and the other enumerations are the same types in all of them; the others are not, so such parts cannot
//   pass each other a Result or a handle.
// Macros of the program that are spelled like names in these headers (min, free, Status …) do no harm.
// Cancellation. CallOptions::cancel takes a runloop::Cancel or a std::stop_token.

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
