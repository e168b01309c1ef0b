// A command that was started in a devbox.

#ifndef RUNLOOP_EXECUTION_HPP
#define RUNLOOP_EXECUTION_HPP

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include <runloop/exec_result.hpp>
#include <runloop/output_stream.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// What kill() kills.
enum class Kill {
    /// Only the command.
    command,
    /// The command and what it has started. Processes that have left the group (setsid, daemons) run until the devbox is shut
    /// down.
    process_group,
};

/// A command that was started in a devbox. It continues when this object is destroyed. Thread-safe.
class Execution : public detail::Handle<runloop_execution, runloop_execution_free> {
public:
    /// Takes a handle that a C function gave, and the functions that it calls.
    explicit Execution(runloop_execution *raw, std::shared_ptr<detail::OutputFunctions> functions = nullptr) noexcept
        : Handle(raw), functions_(std::move(functions)) {}

    /// Releases the C handle to the caller, who frees it. The output callbacks, which calls with the handle still call, are kept
    /// until the program ends.
    [[nodiscard]] runloop_execution *release() {
        if (functions_)
            (void)new std::shared_ptr<detail::OutputFunctions>(std::move(functions_));
        return Handle::release();
    }

    /// The identifier, borrowed from the execution.
    std::string_view id() const noexcept { return detail::borrowed(runloop_execution_id(raw())); }

    /// The devbox's identifier, borrowed from the execution.
    std::string_view devbox_id() const noexcept { return detail::borrowed(runloop_execution_devbox_id(raw())); }

    /// The execution as the API shows it now.
    Result<DevboxAsyncExecutionDetailView> get_state(const CallOptions &options = {}) const {
        detail::Call call(options);
        runloop_value *state = nullptr;
        if (call.ready())
            call.did(runloop_execution_get_state(raw(), call.options(), &state, call.error()));
        return call.view<DevboxAsyncExecutionDetailView>(state);
    }

    /// Waits until the command has ended. May be called again, and by several threads. The call does not own the command: if the
    /// call is cancelled, the command continues.
    ///
    /// Calls the output callbacks given to Devbox::exec_async(), on this thread, with the output from its first byte. Blocks
    /// until the command has ended, or until the deadline or poll_timeout. An output callback may destroy this object.
    Result<ExecResult> result(const CallOptions &options = {}) const {
        const std::shared_ptr<detail::OutputFunctions> kept = functions_;
        detail::Call call(options);
        runloop_exec_result *result = nullptr;
        if (call.ready())
            call.did(runloop_execution_result(raw(), call.options(), &result, call.error()));
        return call.give<ExecResult>(result);
    }

    /// Kills the command. It is not an error if the command has already ended. Does not wait until it has ended.
    Result<void> kill(Kill what = Kill::process_group, const CallOptions &options = {}) const {
        detail::Call call(options);
        if (call.ready())
            call.did(runloop_execution_kill(raw(), what == Kill::process_group ? 1 : 0, call.options(), call.error()));
        return call.done();
    }

    /// Writes text to the command's stdin, if it was started with ExecOptions::attach_stdin. Texts arrive in the order of the
    /// calls. A call whose outcome is unknown is not repeated, so that no text arrives twice.
    Result<void> send_stdin(std::string_view text, const CallOptions &options = {}) const {
        detail::Call call(options);
        const char *c_text = call.text("text", text);
        if (call.ready())
            call.did(runloop_execution_send_stdin(raw(), c_text, call.options(), call.error()));
        return call.done();
    }

    /// Closes the command's stdin: its next read returns end of file.
    Result<void> close_stdin(const CallOptions &options = {}) const {
        detail::Call call(options);
        if (call.ready())
            call.did(runloop_execution_close_stdin(raw(), call.options(), call.error()));
        return call.done();
    }

    /// Interrupts the command as Ctrl-C would, if it was started with ExecOptions::attach_stdin.
    Result<void> interrupt(const CallOptions &options = {}) const {
        detail::Call call(options);
        if (call.ready())
            call.did(runloop_execution_interrupt(raw(), call.options(), call.error()));
        return call.done();
    }

    /// Opens a stream of the command's output, from its first byte. The timeout, the retries and the extra headers apply to the
    /// stream's requests; pass a deadline and a cancel token to each OutputStream::next() instead. Nothing is sent yet.
    Result<OutputStream> stream(Stream which = Stream::both, const CallOptions &options = {}) const {
        detail::Call call(options);
        runloop_output_stream *stream = nullptr;
        if (call.ready())
            call.did(runloop_execution_stream(raw(), static_cast<std::int32_t>(which), call.options(), &stream, call.error()));
        return call.give<OutputStream>(stream);
    }

private:
    std::shared_ptr<detail::OutputFunctions> functions_;
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
