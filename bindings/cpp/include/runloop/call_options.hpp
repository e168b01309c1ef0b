// The options of one call.

#ifndef RUNLOOP_CALL_OPTIONS_HPP
#define RUNLOOP_CALL_OPTIONS_HPP

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <runloop/callback.hpp>
#include <runloop/cancel.hpp>
#include <runloop/json.hpp>
#include <runloop/strict.hpp>
#include <runloop/time_limit.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// Called with the progress of a transfer: the bytes done, and the total or -1 if that is not known.
using Progress = Callback<std::int64_t, std::int64_t>;

/// The options of one call. Members that are not set have their defaults. A time limit is any std::chrono::duration; one that
/// makes no sense, such as a negative timeout, is Status::invalid_argument, and nothing is sent.
struct CallOptions {
    /// The timeout of an attempt; for a transfer, its idle timeout. Above 0. Default: the client's, or 30 s, except 45 s for
    /// Devbox::create, 60 s for the content of objects, and 600 s for files and directories of a devbox. If the service holds a
    /// response back by design, the attempt gets at least 7 s more than that, even if this timeout is shorter: 9 s for
    /// Devbox::exec, 37 s for Devbox::create.
    TimeLimit timeout{};
    /// The limit for the whole call, with all attempts, pauses and waits. If it is 0 or negative, the call ends at once with
    /// Status::deadline and sends nothing. Default: none.
    TimeLimit deadline{};
    /// The limit for a wait before Status::wait_timed_out; 0 checks once. Default: 120 s for a devbox, 10 min for a snapshot, 30
    /// min for a blueprint, none for a command. A command that runs longer is killed in Devbox::exec, and continues in
    /// Execution::result.
    TimeLimit poll_timeout{};
    /// The pause between two polls, if the server does not support long polling; 0 is 1 ms. Default: 100 ms, growing to 2 s.
    TimeLimit poll_interval{};
    /// The number of retries. Default: the client's, or 5.
    OptionalInt max_retries{};
    /// Whether what a failed or cancelled create has created is kept. Default: it is shut down or deleted.
    StrictBool keep_on_failure = false;
    /// Sent as x-request-id with every attempt. Default: a new one for each call.
    std::string idempotency_key{};
    /// Headers of all the call's requests; they replace those of the same name.
    std::map<std::string, std::string> extra_headers{};
    /// Query parameters of the call's first request; they replace those of the same name. For parameters of every request use
    /// Config::query.
    std::map<std::string, Json> extra_query{};
    /// Members that replace those of the same name in the body of the call's first request.
    std::map<std::string, Json> extra_body{};
    /// Cancels the call: a Cancel or a std::stop_token.
    Cancellation cancel{};
    /// Called with the progress of a transfer.
    Progress progress{};
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
