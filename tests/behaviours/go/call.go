package main

import (
	"context"
	"errors"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

// errOwn is what the functions of a step stop a call with.
var errOwn = errors.New("this function's own reason")

// context is the step's, which ends as the step says: at a deadline, at the start, when one of its functions
// is called, or by the driver's word.
func (s *step) context() context.Context {
	ctx := context.Background()
	if s.given("/options/deadline_ms") {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.time("/options/deadline_ms"))
		s.cancel = cancel
	}
	if !s.given("/cancel") {
		return ctx
	}
	ctx, s.cancel = context.WithCancel(ctx)
	if s.says("/cancel", "start") {
		s.cancel()
	}
	end := s.cancel
	closed := s.says("/cancel", "closed")
	if closed {
		// The client is closed under the call.
		if client, ok := find[*runloop.Client](s, "client"); ok {
			end = func() { client.Close() }
		}
	}
	if closed || s.says("/cancel", "told") {
		s.waiting = make(chan struct{})
		go func() {
			defer close(s.waiting)
			if word, err := s.lines.ReadString('\n'); err == nil && word == "cancel\n" {
				end()
			}
		}()
	}
	return ctx
}

// called is for the step's functions of a kind: it cancels the call, or stops it, where the step says so.
func (s *step) called(kind string) error {
	if s.says("/cancel", kind) {
		s.cancel()
	}
	if s.says("/stop", kind) {
		if s.truth("/by_throwing") {
			panic(errOwn)
		}
		return errOwn
	}
	return nil
}

// calling does a step, and notes that a panic of one of its functions came out.
func (s *step) calling(do operation) {
	defer func() {
		if reason := recover(); reason != nil {
			if reason != any(errOwn) {
				panic(reason)
			}
			s.answer["thrown"] = true
		}
	}()
	do(s)
}

// end waits for the driver's word.
func (s *step) end() {
	if s.waiting != nil {
		<-s.waiting
	}
	if s.cancel != nil {
		s.cancel()
	}
}

// options are the step's call options.
func (s *step) options() (options []runloop.CallOption) {
	add := func(pointer string, option func() runloop.CallOption) {
		if s.given(pointer) {
			options = append(options, option())
		}
	}
	add("/options/timeout_ms", func() runloop.CallOption { return runloop.WithTimeout(s.time("/options/timeout_ms")) })
	add("/options/poll_timeout_ms", func() runloop.CallOption { return runloop.WithPollTimeout(s.time("/options/poll_timeout_ms")) })
	add("/options/poll_interval_ms", func() runloop.CallOption { return runloop.WithPollInterval(s.time("/options/poll_interval_ms")) })
	add("/options/max_retries", func() runloop.CallOption { return runloop.WithMaxRetries(int(s.number("/options/max_retries"))) })
	add("/options/idempotency_key", func() runloop.CallOption { return runloop.WithIdempotencyKey(s.text("/options/idempotency_key")) })
	if s.truth("/options/keep_on_failure") {
		options = append(options, runloop.KeepOnFailure())
	}
	for name, value := range get[map[string]string](s, "/options/extra_headers") {
		options = append(options, runloop.WithExtraHeader(name, value))
	}
	for name, value := range get[map[string]string](s, "/options/extra_query") {
		options = append(options, runloop.WithExtraQuery(name, value))
	}
	for name, value := range get[map[string]any](s, "/options/extra_body") {
		options = append(options, runloop.WithExtraBody(name, value))
	}
	if s.truth("/options/progress") || s.says("/stop", "progress") || s.says("/cancel", "progress") {
		options = append(options, runloop.WithProgress(func(done, _ int64) error {
			s.told = &done
			return s.called("progress")
		}))
	}
	return options
}
