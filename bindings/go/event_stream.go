package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"io"
	"iter"
	"unsafe"
)

// EventStream is a stream of events, each of which comes once, even if the connection breaks. For one
// goroutine at a time.
type EventStream[T any] struct {
	owned
}

func newEventStream[T any](k *call, open func(o cOptions, stream **C.runloop_event_stream, e cError) cStatus) (*EventStream[T], error) {
	defer k.end()
	var made *C.runloop_event_stream
	err := k.do(context.Background(), func(o cOptions, e cError) cStatus { return open(o, &made, e) })
	if err != nil {
		return nil, err
	}
	stream := &EventStream[T]{}
	stream.handle = own(k.session, unsafe.Pointer(made), func(p unsafe.Pointer) { C.runloop_event_stream_free((*C.runloop_event_stream)(p)) })
	return stream, nil
}

func (s *EventStream[T]) c() *C.runloop_event_stream {
	if s == nil {
		return nil
	}
	return (*C.runloop_event_stream)(s.handle.get())
}

// Next waits for the next event. If no further event can come, since the axon was deleted, the error is
// [io.EOF]. After any other error, for example of a context that has ended, nothing is lost: the next
// call continues.
func (s *EventStream[T]) Next(ctx context.Context, options ...CallOption) (*T, error) {
	event, err := answer[T](ctx, begin(s, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_event_stream_next(s.c(), o, v, e)
	})
	if event == nil && err == nil {
		return nil, io.EOF
	}
	return event, err
}

// All returns the events until no further event can come, or until an error, such as that of a context
// that has ended; the error is the last item.
func (s *EventStream[T]) All(ctx context.Context, options ...CallOption) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for {
			event, err := s.Next(ctx, options...)
			if err == io.EOF || !yield(event, err) || err != nil {
				return
			}
		}
	}
}

// Close closes the stream.
func (s *EventStream[T]) Close() error {
	if s != nil {
		s.handle.close()
	}
	return nil
}

// WatchEvictions watches for devboxes of the account that the service is going to evict: first those
// that are pending, then new ones. The service does not guarantee delivery. Nothing is sent before
// [EventStream.Next].
func (c *Client) WatchEvictions(options ...CallOption) (*EventStream[DevboxEvictionEventView], error) {
	return newEventStream[DevboxEvictionEventView](begin(c, options), func(o cOptions, stream **C.runloop_event_stream, e cError) cStatus {
		return C.runloop_eviction_watch(c.c(), o, stream, e)
	})
}
