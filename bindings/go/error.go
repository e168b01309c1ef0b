package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unsafe"
)

// Error is what went wrong, what to do, and what is left behind. No secret is in it.
type Error struct {
	// Status is the kind; [errors.Is] compares it.
	Status Status
	// Message names the thing, the cause and the next step.
	Message string
	// HTTPStatus is that of the service's answer; 0 if none came.
	HTTPStatus int
	// Code is the service's own for what went wrong; empty if it gave none.
	Code string
	// RequestID is that under which the service's operators find the request.
	RequestID string
	// RetryAfter is how long the service asks to wait before another attempt; negative if it does
	// not say.
	RetryAfter time.Duration
	// Retryable says whether making the same call again is of use. It is not [RetryableYes] where a reader or writer is not as
	// it was before.
	Retryable Retryable
	// Attempts is how many times the request was sent, or tried to be; 0 if the call failed before.
	Attempts int
	// ResourceID is the devbox, execution … that the call concerned or left behind, if it is known.
	ResourceID string
	// SideEffect says whether the failed call changed something at the service.
	SideEffect SideEffect
	// Body is that of the service's answer, at most 64 KiB of it, or the last state that a wait has
	// seen.
	Body []byte
	// Cause is what lies beneath, innermost last.
	Cause string

	// Whether an answer came that is not what it should be.
	undecoded bool
	// What the context said, or the caller's own function, reader or writer.
	wrapped []error
}

// Error gives the message.
func (e *Error) Error() string {
	text := "runloop: " + e.Message
	for _, under := range e.wrapped {
		text += fmt.Sprintf(" (%v)", under)
	}
	return text
}

// Is compares the kind with a [Status].
func (e *Error) Is(target error) bool {
	if target == context.DeadlineExceeded {
		return e.Status == ErrDeadline
	}
	status, ok := target.(Status)
	return ok && status == e.Status
}

// Unwrap gives what the context said whose end ended the call, or the caller's own function, reader
// or writer that stopped it.
func (e *Error) Unwrap() []error {
	return e.wrapped
}

// Timeout says whether something took too long, as [net.Error] does.
func (e *Error) Timeout() bool {
	switch e.Status {
	case ErrTimeout, ErrDeadline, ErrWaitTimedOut:
		return true
	case ErrCancelled:
		return errors.Is(e, context.DeadlineExceeded)
	}
	return false
}

// errorOf makes an error of what C said, and frees that; nil for success.
func errorOf(status C.int32_t, failure *C.runloop_error) error {
	if status == C.RUNLOOP_OK {
		return nil
	}
	defer C.runloop_error_free(failure)
	var length C.size_t
	body := C.runloop_error_body(failure, &length)
	e := &Error{
		Status:     Status(status),
		Message:    inGo(C.GoString(C.runloop_error_message(failure))),
		HTTPStatus: int(C.runloop_error_http_status(failure)),
		Code:       C.GoString(C.runloop_error_code(failure)),
		RequestID:  C.GoString(C.runloop_error_request_id(failure)),
		RetryAfter: -1,
		Retryable:  Retryable(C.runloop_error_retryable(failure)),
		Attempts:   int(C.runloop_error_attempts(failure)),
		ResourceID: C.GoString(C.runloop_error_resource_id(failure)),
		SideEffect: SideEffect(C.runloop_error_side_effect(failure)),
		Cause:      inGo(C.GoString(C.runloop_error_cause(failure))),
	}
	if after := C.runloop_error_retry_after_ms(failure); after >= 0 {
		e.RetryAfter = time.Duration(after) * time.Millisecond
	}
	if body != nil {
		e.Body = C.GoBytes(unsafe.Pointer(body), C.int(length))
	}
	return e
}

func noContext() error { return invalid("The context is nil.") }

// invalid is an argument that cannot be used.
func invalid(format string, arguments ...any) error {
	return &Error{Status: ErrInvalidArgument, Message: fmt.Sprintf(format, arguments...), RetryAfter: -1}
}
