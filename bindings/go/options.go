package runloop

import (
	"maps"
	"math"
	"time"
)

// CallOption is how one call is made.
type CallOption func(*callOptions)

type callOptions struct {
	timeout, pollTimeout, pollInterval time.Duration
	maxRetries                         int
	keepOnFailure                      bool
	idempotencyKey                     string
	extraHeaders, extraQuery           map[string]string
	extraBody                          map[string]any
	progress                           func(done, total int64) error
}

// WithTimeout sets how long an attempt may take; of a transfer, how long it may stand still. The
// default is the client's, else 30 s, or 600 s where a command or a file is waited for. How long the
// whole call may take is the context's to say.
func WithTimeout(timeout time.Duration) CallOption {
	return func(o *callOptions) { o.timeout = timeout }
}

// WithPollTimeout sets how long a wait lasts before [ErrWaitTimedOut]. The default is 120 s for a
// devbox, 10 min for a snapshot, 30 min for a blueprint, no end for a command.
func WithPollTimeout(timeout time.Duration) CallOption {
	return func(o *callOptions) { o.pollTimeout = timeout }
}

// WithPollInterval sets the pause between two questions of a wait whose server does not hold them.
// The default is 100 ms, growing to 2 s.
func WithPollInterval(interval time.Duration) CallOption {
	return func(o *callOptions) { o.pollInterval = interval }
}

// WithMaxRetries sets how many attempts may follow the first; 0 for none. The default is the
// client's, else 5.
func WithMaxRetries(retries int) CallOption {
	if retries <= 0 {
		retries = -1
	}
	return func(o *callOptions) { o.maxRetries = retries }
}

// KeepOnFailure keeps what a failed or cancelled create has created, which else is shut down or
// deleted.
func KeepOnFailure() CallOption {
	return func(o *callOptions) { o.keepOnFailure = true }
}

// WithIdempotencyKey sets the x-request-id that is sent with every attempt. The default is a fresh
// one for each call.
func WithIdempotencyKey(key string) CallOption {
	return func(o *callOptions) { o.idempotencyKey = key }
}

// WithExtraHeader sends a header, in the place of one of the same name.
func WithExtraHeader(name, value string) CallOption {
	return func(o *callOptions) { o.extraHeaders = with(o.extraHeaders, name, value) }
}

// WithExtraQuery sends a query parameter, in the place of one of the same name.
func WithExtraQuery(name, value string) CallOption {
	return func(o *callOptions) { o.extraQuery = with(o.extraQuery, name, value) }
}

// WithExtraBody sends a member of the request's body, in the place of one of the same name. The
// value is anything that encoding/json takes.
func WithExtraBody(name string, value any) CallOption {
	return func(o *callOptions) { o.extraBody = with(o.extraBody, name, value) }
}

// WithProgress has a function told how much of a transfer is done; total is -1 where the length is
// not known. It is called during the call alone, on its goroutine; an error from it ends the call
// with [ErrStopped] and is wrapped in that.
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
