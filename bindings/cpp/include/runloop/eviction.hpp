// Devboxes that the service is going to end.

#ifndef RUNLOOP_EVICTION_HPP
#define RUNLOOP_EVICTION_HPP

#include <runloop/event_stream.hpp>
#include <runloop/noun.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// Devboxes of the account that the service is going to end, with their deadlines.
class Eviction {
public:
    /// Begins to watch for evictions: first those that are pending, and then those that come. The service
    /// promises no delivery. The timeout and the extra headers are those of the stream's requests; deadline and
    /// token are given to each EventStream::next(). Nothing is sent yet.
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
