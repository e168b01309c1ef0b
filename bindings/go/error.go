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

// Error is the error of a call: what went wrong, what to do next, and what was left at the service. It
// holds no secret.
type Error struct {
	// Status is the kind; [errors.Is] compares it.
	Status Status
	// Message says what failed, why, and what to do next.
	Message string
	// HTTPStatus is the HTTP status of the service's answer; 0 if there was none.
	HTTPStatus int
	// Code is the service's error code; empty if it gave none.
	Code string
	// RequestID identifies the request to the service's operators.
	RequestID string
	// RetryAfter is how long the service asks to wait before a retry; negative if it does not say.
	RetryAfter time.Duration
	// Retryable says whether the same call may succeed if it is made again. It is not [RetryableYes] if
	// a reader or writer could not be put back to where it was.
	Retryable Retryable
	// Attempts is the number of attempts to send the request; 0 if the call failed before the first.
	Attempts int
	// ResourceID is the identifier of the devbox, execution … that the call was about or left behind,
	// if it is known.
	ResourceID string
	// SideEffect says whether the failed call changed something at the service.
	SideEffect SideEffect
	// Body is the body of the service's answer, up to 64 KiB of it, or the last state that a wait has
	// seen.
	Body []byte
	// Cause has the underlying errors, innermost last.
	Cause string

	// Whether an answer came that is not what it should be.
	undecoded bool
	// What the context said, or the caller's own function, reader or writer.
	wrapped []error
}

// Error returns the message.
func (e *Error) Error() string {
	if e == nil {
		return "runloop: no error"
	}
	text := "runloop: " + e.Message
	for _, under := range e.wrapped {
		text += fmt.Sprintf(" (%v)", under)
	}
	return text
}

// Is compares the kind with a [Status].
func (e *Error) Is(target error) bool {
	if e == nil {
		return false
	}
	if target == context.DeadlineExceeded {
		return e.Status == ErrDeadline
	}
	status, ok := target.(Status)
	return ok && status == e.Status
}

// Unwrap returns the error of the context that ended the call, or of the caller's function, reader or
// writer that stopped it.
func (e *Error) Unwrap() []error {
	if e == nil {
		return nil
	}
	return e.wrapped
}

// Timeout reports whether a timeout caused the error, as of a [net.Error].
func (e *Error) Timeout() bool {
	if e == nil {
		return false
	}
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
