// Where the bytes of an upload come from, and where those of a download go.

#ifndef RUNLOOP_TRANSFER_HPP
#define RUNLOOP_TRANSFER_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <ios>
#include <istream>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include <runloop/call.hpp>

#if RUNLOOP_SPAN
#include <initializer_list>
#include <span>
#endif

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

namespace detail {

/// Reads as much as there is, at most. A stream that throws does so at its end too, which is none of its failures.
inline void read_some(std::istream &in, char *buffer, std::size_t capacity) {
#if RUNLOOP_EXCEPTIONS
    try {
        in.read(buffer, static_cast<std::streamsize>(capacity));
    } catch (const std::ios_base::failure &) {
        if (in.bad() || !in.eof())
            throw;
    }
#else
    in.read(buffer, static_cast<std::streamsize>(capacity));
#endif
}

}  // namespace detail

/// Writes at most `capacity` bytes to `buffer` and returns their number, 0 at the end, or nothing to stop the call.
using ReadFunction = std::function<std::optional<std::size_t>(char *buffer, std::size_t capacity)>;

/// Where the bytes of an upload come from.
class Source {
public:
    /// A local file.
    static Source file(std::string path) {
        Source source;
        source.path_ = std::move(path);
        return source;
    }
    /// Memory, which must live as long as the call.
    static Source memory(std::string_view data) {
        Source source;
        source.data_ = data.data() == nullptr ? std::string_view("", 0) : data;
        return source;
    }
#if RUNLOOP_SPAN
    /// Memory, which must live as long as the call.
    static Source memory(std::span<const std::byte> data) {
        return memory(std::string_view(reinterpret_cast<const char *>(data.data()), data.size()));
    }
    /// No bytes, `{}`, which both could be made of.
    static Source memory(std::initializer_list<detail::Nothing>) { return memory(std::string_view()); }
#endif
    /// An open file descriptor, read from its position, and not closed.
    static Source descriptor(int fd) {
        Source source;
        source.fd_ = fd;
        return source;
    }
    /// A function, and how many bytes it will return in all; -1 if that is not known.
    static Source function(ReadFunction read, std::int64_t length = -1) {
        Source source;
        source.read_ = std::move(read);
        source.length_ = length;
        return source;
    }
    /// A stream, which must live as long as the call, and how many bytes it will return; -1 if that is not known. One that cannot
    /// be read (not open, failed, or already read to its end) is Status::local_io. If the call fails, a stream that can seek is
    /// put back to where it was; with any other, Error::retryable() is not yes.
    static Source stream(std::istream &in, std::int64_t length = -1) {
        Source source = function(
            [&in](char *buffer, std::size_t capacity) -> std::optional<std::size_t> {
                detail::read_some(in, buffer, capacity);
                if (in.bad() || (in.fail() && !in.eof()))
                    return std::nullopt;
                return static_cast<std::size_t>(in.gcount());
            },
            length);
        source.stream_ = &in;
        return source;
    }

    /// The source as C wants it, for a call during which this lives.
    runloop_source to_c(detail::Call &call) const {
        runloop_source source = RUNLOOP_SOURCE_INIT;
        // A stream that was read exactly to its end has not failed, but has nothing more to return.
        if (stream_ != nullptr && !stream_->good())
            call.fail(Error(Status::local_io, "The source's stream cannot be read: it is not open, has failed, or was read to its end. "
                                              "Open it, or clear() it."));
        else if (stream_ != nullptr)
            call.put_back(*stream_);
        if (path_)
            source.path = call.text("path", *path_);
        if (data_) {
            source.data = data_->data();
            source.length = static_cast<std::int64_t>(data_->size());
        }
        if (read_) {
            source.length = length_;
            source.user_data = const_cast<Source *>(this);
            source.read = [](void *user_data, char *buffer, std::size_t capacity) -> std::int64_t {
                return detail::guarded(std::int64_t{-1}, [&] {
                    const std::optional<std::size_t> given = static_cast<const Source *>(user_data)->read_(buffer, capacity);
                    return given ? static_cast<std::int64_t>(*given) : std::int64_t{-1};
                });
            };
        }
        source.fd = fd_;
        return source;
    }

private:
    Source() = default;

    std::optional<std::string> path_;
    std::optional<std::string_view> data_;
    ReadFunction read_;
    std::istream *stream_ = nullptr;
    std::int64_t length_ = -1;
    int fd_ = -1;
};

/// Where the bytes of a download go.
class Sink {
public:
    /// A local file; it appears under its name when it is complete, and replaces an existing file.
    static Sink file(std::string path) {
        Sink sink;
        sink.path_ = std::move(path);
        return sink;
    }
    /// An open file descriptor, written from its position, and not closed.
    static Sink descriptor(int fd) {
        Sink sink;
        sink.fd_ = fd;
        return sink;
    }
    /// A function that takes the bytes, which are borrowed until it returns.
    static Sink function(Callback<std::string_view> write) {
        Sink sink;
        sink.write_ = std::move(write);
        return sink;
    }
    /// A stream, which must live as long as the call; if it fails, the call is stopped. It is flushed at the end. One that cannot
    /// be written, for example since it is not open, is Status::local_io. It keeps what it has taken of a download that fails:
    /// then Error::retryable() is not yes.
    static Sink stream(std::ostream &out) {
        Sink sink = function(to(out));
        sink.stream_ = &out;
        return sink;
    }

    /// The sink as C wants it, for a call during which this lives.
    runloop_sink to_c(detail::Call &call) const {
        runloop_sink sink = RUNLOOP_SINK_INIT;
        // At its end as a source, a stream that goes both ways takes nothing.
        if (stream_ != nullptr && !stream_->good())
            call.fail(Error(Status::local_io, "The sink's stream cannot be written: it is not open, has failed, or was read to its end. Open it, or clear() it."));
        if (stream_ != nullptr)
            call.flush_at_end(*stream_);
        if (path_)
            sink.path = call.text("path", *path_);
        if (write_) {
            sink.user_data = const_cast<Sink *>(this);
            sink.write = [](void *user_data, const char *data, std::size_t length) -> std::int32_t {
                return detail::guarded(1, [&] { return static_cast<const Sink *>(user_data)->write_({data, length}) ? 0 : 1; });
            };
        }
        sink.fd = fd_;
        return sink;
    }

private:
    Sink() = default;

    std::optional<std::string> path_;
    Callback<std::string_view> write_;
    std::ostream *stream_ = nullptr;
    int fd_ = -1;
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
