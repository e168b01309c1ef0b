// Evictions.

#ifndef RUNLOOP_EVICTION_HPP
#define RUNLOOP_EVICTION_HPP

#include <runloop/event_stream.hpp>
#include <runloop/noun.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// Devboxes of the account that the service is going to evict, with their deadlines.
class Eviction {
public:
    /// Watches for evictions: first those that are pending, then new ones. The service does not guarantee delivery. The timeout
    /// and the extra headers apply to the stream's requests; pass a deadline and a cancel token to each EventStream::next()
    /// instead. Nothing is sent yet.
    static Result<EventStream<DevboxEvictionEventView>> watch(const Client &client, const CallOptions &options = {}) {
        detail::Call call(options);
        runloop_event_stream *stream = nullptr;
        if (call.ready())
            call.did(runloop_eviction_watch(client.raw(), call.options(), &stream, call.error()));
        return call.give<EventStream<DevboxEvictionEventView>>(stream);
    }
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
