// How one call is made.

#ifndef RUNLOOP_CALL_OPTIONS_HPP
#define RUNLOOP_CALL_OPTIONS_HPP

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <runloop/callback.hpp>
#include <runloop/cancel.hpp>
#include <runloop/json.hpp>
#include <runloop/strict_bool.hpp>
#include <runloop/time_limit.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// Told how much of a transfer is done, of how much; -1 where the length is not known.
using Progress = Callback<std::int64_t, std::int64_t>;

/// How one call is made; what is not set is the default. Limits of time are any std::chrono::duration; one that
/// cannot be kept to, such as a negative timeout, is Status::invalid_argument, and nothing is sent.
struct CallOptions {
    /// For each attempt; of a transfer, how long it may stand still. Above 0. Default: the client's; else 30 s,
    /// or 600 s where a command or a file is waited for. An attempt whose answer the service holds back by design
    /// has at least 7 s more than that takes: 9 s for Devbox::exec, 37 s for Devbox::create.
    TimeLimit timeout{};
    /// For the whole call, with all attempts, pauses and waits. One that is 0 or negative is over: the call ends
    /// at once with Status::deadline, and sends nothing. Default: none.
    TimeLimit deadline{};
    /// How long a wait lasts before Status::wait_timed_out; 0 asks once. Default: 120 s for a devbox, 10 min for
    /// a snapshot, 30 min for a blueprint, no end for a command. A command that runs
    /// longer is killed where Devbox::exec waits for it, and goes on where Execution::result does.
    TimeLimit poll_timeout{};
    /// The pause between two questions of a wait whose server does not hold them; 0 is 1 ms. Default: 100 ms,
    /// growing to 2 s.
    TimeLimit poll_interval{};
    /// Attempts after the first. Default: the client's, else 5.
    std::optional<int> max_retries{};
    /// What a failed or cancelled create has created is kept, not shut down or deleted.
    StrictBool keep_on_failure = false;
    /// Sent as x-request-id with every attempt. Default: a fresh one for each call.
    std::string idempotency_key{};
    /// Headers of all the call's requests; they replace those of the same name.
    std::map<std::string, std::string> extra_headers{};
    /// Query parameters of the call's first request; they replace those of the same name. For what every request needs: the client's.
    std::map<std::string, Json> extra_query{};
    /// Members that replace those of the same name in the body of the call's first request.
    std::map<std::string, Json> extra_body{};
    /// Ends the call: a Cancel, or a std::stop_token.
    Cancellation cancel{};
    /// Told how much of a transfer is done.
    Progress progress{};
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
