// How a command ended, and what it printed.

#ifndef RUNLOOP_EXEC_RESULT_HPP
#define RUNLOOP_EXEC_RESULT_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include <runloop/call.hpp>
#include <runloop/types.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// How a command ended, and what it printed. Immutable; may be read by any number of threads.
class ExecResult : public detail::Handle<runloop_exec_result, runloop_exec_result_free> {
public:
    using Handle::Handle;

    /// The command's exit code; -1 if the service does not know it.
    int exit_code() const noexcept { return runloop_exec_result_exit_code(raw()); }

    /// How the command ended.
    Outcome outcome() const noexcept { return static_cast<Outcome>(runloop_exec_result_outcome(raw())); }

    /// Whether the command exited with 0, was not killed by its timeout, and its output is complete.
    bool success() const noexcept { return runloop_exec_result_success(raw()) != 0; }

    /// Returns the command's standard output: all of it for `last_n` 0, otherwise the last `last_n` lines. If
    /// ExecOptions::max_output_bytes was set, only what was kept is returned. Invalid UTF-8 is replaced by U+FFFD.
    ///
    /// If the service's answer had only the last lines, the rest is fetched the first time it is needed, from the devbox: call
    /// this before it is shut down. Blocks only for that.
    Result<std::string> stdout_text(std::int64_t last_n = 0, const CallOptions &options = {}) const {
        detail::Call call(options);
        runloop_bytes *output = nullptr;
        if (call.ready())
            call.did(runloop_exec_result_stdout(raw(), last_n, call.options(), &output, call.error()));
        return call.bytes(output);
    }

    /// Returns the command's standard error. Otherwise it is like stdout_text().
    Result<std::string> stderr_text(std::int64_t last_n = 0, const CallOptions &options = {}) const {
        detail::Call call(options);
        runloop_bytes *output = nullptr;
        if (call.ready())
            call.did(runloop_exec_result_stderr(raw(), last_n, call.options(), &output, call.error()));
        return call.bytes(output);
    }

    /// The execution's identifier, borrowed from the result.
    std::string_view execution_id() const noexcept { return detail::borrowed(runloop_exec_result_execution_id(raw())); }

    /// The execution as the API showed it at its end.
    Result<DevboxAsyncExecutionDetailView> value() const {
        detail::Call call;
        runloop_value *value = nullptr;
        call.did(runloop_exec_result_value(raw(), &value, call.error()));
        return call.view<DevboxAsyncExecutionDetailView>(value);
    }
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
