package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"encoding/json"
	"runtime"
	"runtime/cgo"
	"unsafe"
)

// What a call into C takes and gives.
type (
	cOptions = *C.runloop_call_options
	cValue   = **C.runloop_value
	cError   = **C.runloop_error
	cStatus  = C.int32_t
)

// call is one call into C under way.
type call struct {
	arena
	callbacks
	// What the call may point to; in memory of C.
	c *C.runloop_go_call
	// Given to C in the place of the callbacks.
	number cgo.Handle
	// Whose handle the call uses: it must not be collected before C has taken that up.
	owner any
}

// begin makes room for a call with the handle of an owner.
func begin(owner any, options []CallOption) *call {
	c := &call{c: C.runloop_go_call_new(), owner: owner}
	if c.c == nil {
		panic("runloop: memory ran out")
	}
	if len(options) == 0 {
		return c
	}
	var o callOptions
	for _, option := range options {
		option(&o)
	}
	to := &c.c.options
	to.timeout_ms = C.int64_t(milliseconds(o.timeout))
	to.poll_timeout_ms = C.int64_t(milliseconds(o.pollTimeout))
	to.poll_interval_ms = C.int64_t(milliseconds(o.pollInterval))
	to.max_retries = C.int32_t(o.maxRetries)
	if o.keepOnFailure {
		to.keep_on_failure = 1
	}
	to.idempotency_key = c.textOrNull("The idempotency key", o.idempotencyKey)
	to.extra_headers = c.json("The extra headers", o.extraHeaders)
	to.extra_query = c.json("The extra query", o.extraQuery)
	to.extra_body = c.json("The extra body", o.extraBody)
	if o.progress != nil {
		c.progress = o.progress
		C.runloop_go_set_progress(c.c, c.callbacksNumber())
	}
	return c
}

// end frees everything.
func (c *call) end() {
	c.arena.free()
	C.free(unsafe.Pointer(c.c))
	if c.number != 0 {
		c.number.Delete()
	}
}

// callbacksNumber is what C hands to the callbacks.
func (c *call) callbacksNumber() C.uintptr_t {
	if c.number == 0 {
		c.number = cgo.NewHandle(&c.callbacks)
	}
	return C.uintptr_t(c.number)
}

// do calls C, with the context's end as the call's cancelling.
func (c *call) do(ctx context.Context, f func(o cOptions, e cError) cStatus) error {
	if c.arena.failed != nil {
		return c.arena.failed
	}
	release, err := c.watch(ctx)
	if err != nil {
		return err
	}
	var failure *C.runloop_error
	status := f(&c.c.options, &failure)
	runtime.KeepAlive(c.owner)
	release()
	err = errorOf(status, failure)
	c.proceed()
	return c.explained(ctx, err)
}

// watch triggers a cancel token when the context ends, until the returned function is called.
func (c *call) watch(ctx context.Context) (release func(), err error) {
	if ctx.Done() == nil {
		return func() {}, nil
	}
	var token *C.runloop_cancel
	var failure *C.runloop_error
	if err := errorOf(C.runloop_cancel_new(&token, &failure), failure); err != nil {
		return nil, err
	}
	c.c.options.cancel = token
	trigger := func() { C.runloop_cancel_trigger(token, nil) }
	if ctx.Err() != nil {
		trigger()
		return func() { C.runloop_cancel_free(token) }, nil
	}
	triggered := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		trigger()
		close(triggered)
	})
	return func() {
		if !stop() {
			<-triggered
		}
		C.runloop_cancel_free(token)
	}, nil
}

// explained adds what the context said, or the caller's own function.
func (c *call) explained(ctx context.Context, err error) error {
	e, ok := err.(*Error)
	if !ok {
		return err
	}
	switch {
	case e.Status == ErrCancelled && ctx.Err() != nil:
		e.wrapped = append(e.wrapped, ctx.Err())
		if cause := context.Cause(ctx); cause != ctx.Err() {
			e.wrapped = append(e.wrapped, cause)
		}
	case c.callbacks.failed != nil:
		e.wrapped = append(e.wrapped, c.callbacks.failed)
	}
	return e
}

// simple is a call that gives nothing but success.
func simple(ctx context.Context, c *call, f func(o cOptions, e cError) cStatus) error {
	defer c.end()
	return c.do(ctx, f)
}

// answer is a call whose answer is a value of the API's; nil where C gave none.
func answer[T any](ctx context.Context, c *call, f func(o cOptions, v cValue, e cError) cStatus) (*T, error) {
	defer c.end()
	var value *C.runloop_value
	err := c.do(ctx, func(o cOptions, e cError) cStatus {
		return f(o, &value, e)
	})
	if err != nil {
		return nil, err
	}
	return decoded[T](value)
}

// decoded makes an answer of a value, and frees that.
func decoded[T any](value *C.runloop_value) (*T, error) {
	if value == nil {
		return nil, nil
	}
	defer C.runloop_value_free(value)
	var length C.size_t
	text := C.runloop_value_json(value, &length)
	var into T
	if err := json.Unmarshal(unsafe.Slice((*byte)(unsafe.Pointer(text)), int(length)), &into); err != nil {
		return nil, &Error{Status: ErrProtocol, Message: "The answer is not what the API describes.", RetryAfter: -1, wrapped: []error{err}}
	}
	return &into, nil
}

// taken copies bytes of C's, and frees them.
func taken(bytes *C.runloop_bytes) []byte {
	if bytes == nil {
		return nil
	}
	defer C.runloop_bytes_free(bytes)
	from := unsafe.Slice((*byte)(unsafe.Pointer(C.runloop_bytes_data(bytes))), int(C.runloop_bytes_length(bytes)))
	return append(make([]byte, 0, len(from)), from...)
}
