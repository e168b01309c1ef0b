// A command's output, pulled piece by piece.

#ifndef RUNLOOP_OUTPUT_STREAM_HPP
#define RUNLOOP_OUTPUT_STREAM_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string_view>

#include <runloop/call.hpp>
#include <runloop/exec_options.hpp>
#include <runloop/pull.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// A piece of a command's output.
struct OutputPiece {
    /// Which output.
    Stream stream;
    /// The bytes, borrowed until the next one is asked for.
    std::string_view data;
};

/// A command's output, to be pulled or looped over. A slow reader applies back-pressure, so memory use stays constant. For one
/// thread at a time. The destructor closes the stream; the command continues.
class OutputStream : public detail::Handle<runloop_output_stream, runloop_output_stream_free>, public Pull<OutputStream, OutputPiece> {
public:
    using Handle::Handle;

    /// Returns the next piece, or nothing at the end. Every byte comes once and in order, even if the connection breaks. A call
    /// that failed, for example by its deadline, loses nothing: the next call continues.
    Result<std::optional<OutputPiece>> next(const CallOptions &options = {}) {
        detail::Call call(options);
        std::int32_t which = 0;
        const char *data = nullptr;
        std::size_t length = 0;
        if (call.ready())
            call.did(runloop_output_stream_next(raw(), call.options(), &which, &data, &length, call.error()));
        if (Result<void> done = call.done(); !done)
            return std::move(done.error());
        if (which == 0)
            return std::optional<OutputPiece>();
        return std::optional<OutputPiece>(OutputPiece{static_cast<Stream>(which), {data, length}});
    }

    /// Writes everything to two streams until the end, and flushes them. If a stream fails, the error is Status::stopped.
    Result<void> copy_to(std::ostream &out, std::ostream &err, const CallOptions &options = {}) {
        for (;;) {
            Result<std::optional<OutputPiece>> piece = next(options);
            if (!piece)
                return std::move(piece.error());
            const bool written = *piece ? to(out, err)((*piece)->stream, (*piece)->data) : out.flush() && err.flush();
            if (!written)
                return Error(Status::stopped, "The stream that output is copied to has failed.");
            if (!*piece)
                return {};
        }
    }
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
