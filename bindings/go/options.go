package runloop

// #include "shim.h"
import "C"

import (
	"maps"
	"math"
	"time"
)

// CallOption is an option of one call.
type CallOption func(*callOptions)

type callOptions struct {
	timeout, pollTimeout, pollInterval time.Duration
	maxRetries                         int
	keepOnFailure                      bool
	idempotencyKey                     string
	extraHeaders, extraQuery           map[string]string
	extraBody                          map[string]any
	progress                           func(done, total int64) error
	// The first option that cannot be.
	failed error
}

// above takes a duration that is given in a call's options, where 0 would mean the default: one that
// was computed must not turn into that.
func (o *callOptions) above(to *time.Duration, option string, given time.Duration) {
	if given <= 0 && o.failed == nil {
		o.failed = invalid("%s has %v: it must be above 0. Leave the option out for the default.", option, given)
	}
	*to = given
}

// followUp leaves out what is meant for a call's first request alone.
func followUp(options []CallOption) []CallOption {
	return append(options[:len(options):len(options)], func(o *callOptions) {
		o.idempotencyKey, o.extraQuery, o.extraBody, o.progress = "", nil, nil, nil
	})
}

// WithTimeout sets the timeout of an attempt; for a transfer, its idle timeout. Default: the client's,
// or 30 s, except 45 s for [Client.CreateDevbox], 60 s for the content of objects, and 600 s for files
// and directories of a devbox. If the service holds a response back by design, the attempt gets at
// least 7 s more than that, even if this timeout is shorter: 9 s for [Devbox.Exec], 37 s for
// [Client.CreateDevbox]. The context limits the whole call. All durations must be above 0 and are
// rounded up to milliseconds.
func WithTimeout(timeout time.Duration) CallOption {
	return func(o *callOptions) { o.above(&o.timeout, "WithTimeout", timeout) }
}

// WithPollTimeout sets the limit for a wait before [ErrWaitTimedOut]. Default: 120 s for a devbox, 10
// min for a snapshot, 30 min for a blueprint, none for a command. A command that [Execution.Result]
// waits for continues when it runs longer.
func WithPollTimeout(timeout time.Duration) CallOption {
	return func(o *callOptions) { o.above(&o.pollTimeout, "WithPollTimeout", timeout) }
}

// WithPollInterval sets the pause between two polls, if the server does not support long polling.
// Default: 100 ms, growing to 2 s.
func WithPollInterval(interval time.Duration) CallOption {
	return func(o *callOptions) { o.above(&o.pollInterval, "WithPollInterval", interval) }
}

// WithMaxRetries sets the number of retries; 0 for none. Default: the client's, or 5.
func WithMaxRetries(retries int) CallOption {
	return func(o *callOptions) {
		if retries > math.MaxInt32 && o.failed == nil {
			o.failed = invalid("WithMaxRetries has %d: it must be %d at most.", retries, math.MaxInt32)
		}
		if o.maxRetries = retries; retries <= 0 {
			// To C, 0 is the default.
			o.maxRetries = -1
		}
	}
}

// KeepOnFailure keeps what a failed or cancelled create has created. Default: it is shut down or
// deleted.
func KeepOnFailure() CallOption {
	return func(o *callOptions) { o.keepOnFailure = true }
}

// WithIdempotencyKey sets the x-request-id that is sent with every attempt. Default: a new one for each
// call.
func WithIdempotencyKey(key string) CallOption {
	return func(o *callOptions) {
		if key == "" && o.failed == nil {
			o.failed = invalid("WithIdempotencyKey has an empty key. Leave the option out for a fresh one.")
		}
		o.idempotencyKey = key
	}
}

// WithExtraHeader sends a header with all the call's requests, replacing one of the same name.
func WithExtraHeader(name, value string) CallOption {
	return func(o *callOptions) { o.extraHeaders = with(o.extraHeaders, name, value) }
}

// WithExtraQuery sends a query parameter with the call's first request, replacing one of the same name.
func WithExtraQuery(name, value string) CallOption {
	return func(o *callOptions) { o.extraQuery = with(o.extraQuery, name, value) }
}

// WithExtraBody sends a member of the body of the call's first request, replacing one of the same name.
// The value is anything that encoding/json takes.
func WithExtraBody(name string, value any) CallOption {
	return func(o *callOptions) { o.extraBody = with(o.extraBody, name, value) }
}

// WithProgress sets a function that is called with the progress of a transfer; total is -1 if the
// length is not known. It is called only during the call, on its goroutine. An error from it ends the
// call with an [ErrStopped] that wraps it. A panic in it ends the call and then continues in the
// caller.
func WithProgress(progress func(done, total int64) error) CallOption {
	return func(o *callOptions) { o.progress = progress }
}

func with[V any](known map[string]V, name string, value V) map[string]V {
	known = maps.Clone(known)
	if known == nil {
		known = map[string]V{}
	}
	known[name] = value
	return known
}

// milliseconds rounds up: what is little is not nothing, which would be the default.
func milliseconds(d time.Duration) int64 {
	if d <= 0 {
		return 0
	}
	if d > math.MaxInt64-time.Millisecond {
		return int64(d / time.Millisecond)
	}
	return int64((d + time.Millisecond - 1) / time.Millisecond)
}

// notNegative checks a duration of a struct, where 0 is the default.
func (a *arena) notNegative(what string, d time.Duration) C.int64_t {
	if d < 0 {
		a.fail(invalid("%s is %v: it cannot be negative. 0 is the default.", what, d))
	}
	return C.int64_t(milliseconds(d))
}

// int32 checks that a number fits what C takes.
func (a *arena) int32(what string, number, least int) C.int32_t {
	if number < least || number > math.MaxInt32 {
		a.fail(invalid("%s is %d: it must be %d to %d.", what, number, least, math.MaxInt32))
	}
	return C.int32_t(number)
}
