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

/// What kill() ends.
enum class Kill {
    /// The command alone.
    command,
    /// The command and what it has started, but for what has left the process group (setsid, a daemon): that goes on
    /// until the devbox is shut down.
    process_group,
};

/// A command that was started in a devbox. It goes on whatever becomes of this object. Thread-safe.
class Execution : public detail::Handle<runloop_execution, runloop_execution_free> {
public:
    /// Takes a handle that a C function gave, and the functions that it calls.
    explicit Execution(runloop_execution *raw, std::shared_ptr<detail::OutputFunctions> functions = nullptr) noexcept
        : Handle(raw), functions_(std::move(functions)) {}

    /// Gives the C handle away; whoever gets it frees it. The output functions, which calls with the handle go on
    /// calling, are kept until the program ends.
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

    /// Waits for the command's end. May be called again, and by several threads. The call does not own the
    /// command: where it is cancelled, the command goes on.
    ///
    /// Calls the output functions given to Devbox::exec_async(), on this thread, with the output from its
    /// first byte. Blocks until the command has ended, where no deadline or poll_timeout says otherwise. An output
    /// function may destroy this object.
    Result<ExecResult> result(const CallOptions &options = {}) const {
        const std::shared_ptr<detail::OutputFunctions> kept = functions_;
        detail::Call call(options);
        runloop_exec_result *result = nullptr;
        if (call.ready())
            call.did(runloop_execution_result(raw(), call.options(), &result, call.error()));
        return call.give<ExecResult>(result);
    }

    /// Kills the command. One that has ended already is fine. Does not wait until it has ended.
    Result<void> kill(Kill what = Kill::process_group, const CallOptions &options = {}) const {
        detail::Call call(options);
        if (call.ready())
            call.did(runloop_execution_kill(raw(), what == Kill::process_group ? 1 : 0, call.options(), call.error()));
        return call.done();
    }

    /// Gives the command text to read, where it was started with ExecOptions::attach_stdin. Texts arrive in
    /// the order of the calls. A call whose outcome is unknown is not repeated, lest the text arrive twice.
    Result<void> send_stdin(std::string_view text, const CallOptions &options = {}) const {
        detail::Call call(options);
        const char *c_text = call.text("text", text);
        if (call.ready())
            call.did(runloop_execution_send_stdin(raw(), c_text, call.options(), call.error()));
        return call.done();
    }

    /// Ends the command's input: what it reads next is the end of the file.
    Result<void> close_stdin(const CallOptions &options = {}) const {
        detail::Call call(options);
        if (call.ready())
            call.did(runloop_execution_close_stdin(raw(), call.options(), call.error()));
        return call.done();
    }

    /// Sends the command what Ctrl-C would, where it was started with ExecOptions::attach_stdin.
    Result<void> interrupt(const CallOptions &options = {}) const {
        detail::Call call(options);
        if (call.ready())
            call.did(runloop_execution_interrupt(raw(), call.options(), call.error()));
        return call.done();
    }

    /// Begins to read the command's output from its first byte. The timeout, the retries and the extra headers
    /// are those of the stream's requests; deadline and token are given to each OutputStream::next(). Nothing
    /// is sent yet.
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
