package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"io"
	"iter"
	"unsafe"
)

// EventStream gives events one by one, each once, through whatever happens to the connection. For one
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

// Next waits for the next event. Where no further one can come, the axon being deleted, the error is
// [io.EOF]. After any other error, that of an ended context for instance, nothing is lost: the next
// call goes on.
func (s *EventStream[T]) Next(ctx context.Context, options ...CallOption) (*T, error) {
	event, err := answer[T](ctx, begin(s, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_event_stream_next(s.c(), o, v, e)
	})
	if event == nil && err == nil {
		return nil, io.EOF
	}
	return event, err
}

// All gives the events that come until the context ends, which is an error like any other and the
// last item, or until no further one can come.
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

// Close ends the stream at the service.
func (s *EventStream[T]) Close() error {
	if s != nil {
		s.handle.close()
	}
	return nil
}

// WatchEvictions watches for devboxes of the account that the service is going to end: first those
// that are pending, and then those that come. The service promises no delivery. Nothing is sent
// before [EventStream.Next].
func (c *Client) WatchEvictions(options ...CallOption) (*EventStream[DevboxEvictionEventView], error) {
	return newEventStream[DevboxEvictionEventView](begin(c, options), func(o cOptions, stream **C.runloop_event_stream, e cError) cStatus {
		return C.runloop_eviction_watch(c.c(), o, stream, e)
	})
}
