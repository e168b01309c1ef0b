package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"syscall"
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
	*callbacks
	// What the call may point to; in memory of C.
	c *C.runloop_go_call
	// Whose handle the call uses: it must not be collected before C has taken that up.
	owner   any
	session *session
	// Whether it makes something, each time it is made.
	makes bool
	// Descriptors of the call's own.
	descriptors []int
	// Frees what C has made, where nobody is left to take it.
	undo func()
}

// begin makes room for a call with the handle of an owner.
func begin(owner any, options []CallOption) *call {
	c := &call{callbacks: &callbacks{}, owner: owner, session: sessionOf(owner)}
	c.c = C.runloop_go_call_new()
	if c.c == nil {
		panic("runloop: memory ran out")
	}
	c.memory = append(c.memory, unsafe.Pointer(c.c))
	c.set(options)
	return c
}

// set gives C the options of the call.
func (c *call) set(options []CallOption) {
	if len(options) == 0 {
		return
	}
	var o callOptions
	for _, option := range options {
		if option == nil {
			c.fail(invalid("An option of the call is nil."))
			return
		}
		option(&o)
	}
	if c.arena.failed = o.failed; c.arena.failed != nil {
		return
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
}

// end frees everything.
func (c *call) end() {
	c.arena.free()
	c.callbacks.end()
	for _, descriptor := range c.descriptors {
		_ = syscall.Close(descriptor)
	}
	c.descriptors = nil
}

// do makes a call into C, which is cancelled when the context ends. The caller's functions run on this
// goroutine, never on a C stack: after a panic or [runtime.Goexit] in one of them the call ends first,
// and then that continues here.
func (c *call) do(ctx context.Context, f func(o cOptions, e cError) cStatus) error {
	if ctx == nil {
		c.fail(noContext())
	}
	if c.arena.failed != nil {
		return c.arena.failed
	}
	trigger, release, err := c.watch(ctx)
	if err != nil {
		return err
	}
	defer release()
	var failure *C.runloop_error
	status := cStatus(C.RUNLOOP_OK)
	run := func() {
		status = f(&c.c.options, &failure)
		runtime.KeepAlive(c.owner)
	}
	if !c.used() {
		tellingHere().run(run)
		return c.explained(ctx, errorOf(status, failure))
	}
	returned := false
	defer func() {
		if returned {
			return
		}
		_ = errorOf(status, failure)
		if c.undo != nil {
			c.undo()
		}
	}()
	c.serve(ctx, c.session, run, trigger)
	returned = true
	return c.explained(ctx, errorOf(status, failure))
}

// testHookCancelLost has a context's end not reach a call under way, as though all else were faster.
var testHookCancelLost = func() bool { return false }

// watch makes a cancel token that is triggered when the context ends, until release is called.
func (c *call) watch(ctx context.Context) (trigger, release func(), err error) {
	if ctx.Done() == nil && !c.used() {
		return func() {}, func() {}, nil
	}
	var token *C.runloop_cancel
	var failure *C.runloop_error
	if err := errorOf(C.runloop_cancel_new(&token, &failure), failure); err != nil {
		return nil, nil, err
	}
	c.c.options.cancel = token
	trigger = func() { C.runloop_cancel_trigger(token, nil) }
	if ctx.Err() != nil {
		trigger()
		return trigger, func() { C.runloop_cancel_free(token) }, nil
	}
	triggered := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		if !testHookCancelLost() {
			trigger()
		}
		close(triggered)
	})
	return trigger, func() {
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
	c.settled(e)
	failed := c.callbacks.failed
	if failed == errLeft && e.Status == ErrStopped {
		// To C, a reader that is left to itself has failed.
		if failed = nil; ctx.Err() != nil {
			e.Status, e.Message = ErrCancelled, "The call was cancelled while its reader gave nothing."
		} else {
			e.Status, e.Message = ErrClosed, "The client was closed while the call's reader gave nothing."
		}
	}
	switch {
	case e.Status == ErrInvalidHandle && c.session.over():
		// Close has freed the client's handle, which C cannot tell from one that never was.
		e.Status, e.Message = ErrClosed, "The client was closed. Make a new client for further calls."
	case e.Status == ErrCancelled && ctx.Err() != nil:
		cause := context.Cause(ctx)
		if cause == ErrClosed {
			e.Status, e.Message = ErrClosed, "The client was closed."
			break
		}
		e.wrapped = append(e.wrapped, said(ctx)...)
	case failed != nil:
		e.wrapped = append(e.wrapped, failed)
	}
	return e
}

// said returns what a context that has ended says of that.
func said(ctx context.Context) []error {
	if cause := context.Cause(ctx); cause != ctx.Err() {
		return []error{ctx.Err(), cause}
	}
	return []error{ctx.Err()}
}

// simple is a call that gives nothing but success.
func simple(ctx context.Context, c *call, f func(o cOptions, e cError) cStatus) error {
	defer c.end()
	return c.do(ctx, f)
}

// answer is a call that changes nothing, and whose answer is a value of the API's; nil where C gave none.
func answer[T any](ctx context.Context, c *call, f func(o cOptions, v cValue, e cError) cStatus) (*T, error) {
	defer c.end()
	var value *C.runloop_value
	c.undo = func() { C.runloop_value_free(value) }
	err := c.do(ctx, func(o cOptions, e cError) cStatus {
		return f(o, &value, e)
	})
	if err != nil {
		return nil, err
	}
	return decoded[T](value)
}

// changed is like answer, for a call that changes something: it may have done so although its answer cannot be read.
func changed[T any](ctx context.Context, c *call, f func(o cOptions, v cValue, e cError) cStatus) (*T, error) {
	view, err := answer[T](ctx, c, f)
	if e, ok := err.(*Error); ok && e.undecoded {
		e.SideEffect, e.Retryable = SideEffectUnknown, RetryableUnknown
	}
	return view, err
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
		return nil, &Error{Status: ErrProtocol, Message: undecodable(err, reflect.TypeFor[T]()), RetryAfter: -1, undecoded: true, wrapped: []error{err}}
	}
	return &into, nil
}

// undecodable says which part of an answer does not fit, without what is there, and what to do.
func undecodable(err error, into reflect.Type) string {
	const next = "Update this package, or make the request by Client.Request, which takes any answer."
	var mismatch *json.UnmarshalTypeError
	if !errors.As(err, &mismatch) {
		return "The answer is not what the API describes. " + next
	}
	place := mismatch.Field
	if place == "" {
		place = "its top"
	} else {
		into = mismatch.Type
	}
	kind, _, _ := strings.Cut(mismatch.Value, " ")
	// The digits of a number are not repeated.
	mismatch.Value = kind
	return fmt.Sprintf("The answer is not what the API describes: at %s is a JSON %s, which makes no %s. %s", place, kind, into, next)
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
