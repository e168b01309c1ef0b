// Events as they come.

#ifndef RUNLOOP_EVENT_STREAM_HPP
#define RUNLOOP_EVENT_STREAM_HPP

#include <optional>
#include <utility>

#include <runloop/call.hpp>
#include <runloop/pull.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// Events as they come, to be pulled or looped over. For one thread at a time.
template <class Event>
class EventStream : public detail::Handle<runloop_event_stream, runloop_event_stream_free>, public Pull<EventStream<Event>, Event> {
public:
    using Handle::Handle;

    /// Waits for the next event; returns nothing if no further event can come. A call that failed, for example by its deadline,
    /// loses nothing: the next call continues.
    Result<std::optional<Event>> next(const CallOptions &options = {}) {
        detail::Call call(options);
        runloop_value *event = nullptr;
        if (call.ready())
            call.did(runloop_event_stream_next(raw(), call.options(), &event, call.error()));
        Result<std::optional<Value>> given = call.give_optional<Value>(event);
        if (!given)
            return std::move(given.error());
        return *given ? std::optional<Event>((*given)->template as<Event>()) : std::optional<Event>();
    }
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
