package runloop

// #include "shim.h"
import "C"

import "strings"

// Status is the kind of an [Error], by what the caller should do. Every status is an error itself,
// for [errors.Is]:
//
//	if errors.Is(err, runloop.ErrNotFound) { … }
type Status int32

// What can be told apart. 1 to 99 are of usage, 100 to 199 of the connection, 200 to 299 are the
// service's answers, from 300 something remote failed, and from 900 the library itself.
const (
	// ErrInvalidArgument: an argument cannot be used. Correct it.
	ErrInvalidArgument Status = C.RUNLOOP_INVALID_ARGUMENT
	// ErrInvalidHandle: a handle is nil or closed.
	ErrInvalidHandle Status = C.RUNLOOP_INVALID_HANDLE
	// ErrWrongState: the thing is not in a state in which this can be done.
	ErrWrongState Status = C.RUNLOOP_WRONG_STATE
	// ErrForked: made before this process was forked, or forked during the call.
	ErrForked Status = C.RUNLOOP_FORKED
	// ErrABIMismatch: the header that the program was built with and the library do not fit together.
	ErrABIMismatch Status = C.RUNLOOP_ABI_MISMATCH
	// ErrMissingCredentials: there is no API key. Set RUNLOOP_API_KEY, or [Config].
	ErrMissingCredentials Status = C.RUNLOOP_MISSING_CREDENTIALS
	// ErrStopped: a function, reader or writer of yours failed; the error wraps what it said.
	ErrStopped Status = C.RUNLOOP_STOPPED
	// ErrLocalIO: a file of this machine could not be read or written.
	ErrLocalIO Status = C.RUNLOOP_LOCAL_IO

	// ErrConnect: no connection; refused, unreachable, or a name that does not resolve.
	ErrConnect Status = C.RUNLOOP_CONNECT
	// ErrTLS: no trusted connection; a certificate was not accepted.
	ErrTLS Status = C.RUNLOOP_TLS
	// ErrTimeout: an attempt took too long; see [WithTimeout].
	ErrTimeout Status = C.RUNLOOP_TIMEOUT
	// ErrDeadline: the call took too long.
	ErrDeadline Status = C.RUNLOOP_DEADLINE
	// ErrCancelled: the call's context ended; the error wraps what the context said.
	ErrCancelled Status = C.RUNLOOP_CANCELLED
	// ErrClosed: the client was closed.
	ErrClosed Status = C.RUNLOOP_CLOSED
	// ErrBroken: the connection broke before the whole answer came.
	ErrBroken Status = C.RUNLOOP_BROKEN
	// ErrProtocol: the answer is not what the API describes.
	ErrProtocol Status = C.RUNLOOP_PROTOCOL

	// ErrBadRequest: HTTP 400; the service does not accept the parameters.
	ErrBadRequest Status = C.RUNLOOP_BAD_REQUEST
	// ErrAuthentication: HTTP 401; the service does not know the API key.
	ErrAuthentication Status = C.RUNLOOP_AUTHENTICATION
	// ErrPermission: HTTP 403; the API key may not do this.
	ErrPermission Status = C.RUNLOOP_PERMISSION
	// ErrNotFound: HTTP 404; there is no such thing.
	ErrNotFound Status = C.RUNLOOP_NOT_FOUND
	// ErrConflict: HTTP 409; it is at odds with something that exists.
	ErrConflict Status = C.RUNLOOP_CONFLICT
	// ErrUnprocessable: HTTP 422; the service cannot act on the parameters.
	ErrUnprocessable Status = C.RUNLOOP_UNPROCESSABLE
	// ErrRateLimited: HTTP 429; too many requests. RetryAfter may say how long to wait.
	ErrRateLimited Status = C.RUNLOOP_RATE_LIMITED
	// ErrServer: HTTP 5xx; the service failed.
	ErrServer Status = C.RUNLOOP_SERVER
	// ErrAPI: any other HTTP error status.
	ErrAPI Status = C.RUNLOOP_API

	// ErrDevboxFailed: a devbox does not run; it failed or was shut down.
	ErrDevboxFailed Status = C.RUNLOOP_DEVBOX_FAILED
	// ErrBuildFailed: a blueprint's build failed.
	ErrBuildFailed Status = C.RUNLOOP_BUILD_FAILED
	// ErrSnapshotFailed: a snapshot failed.
	ErrSnapshotFailed Status = C.RUNLOOP_SNAPSHOT_FAILED
	// ErrWaitTimedOut: what was waited for did not come in time; see [WithPollTimeout].
	ErrWaitTimedOut Status = C.RUNLOOP_WAIT_TIMED_OUT
	// ErrBadArchive: an archive is damaged, would leave its target, or exceeds its limits.
	ErrBadArchive Status = C.RUNLOOP_BAD_ARCHIVE
	// ErrRemoteIO: a directory of the devbox could not be read or written; Body holds what the devbox
	// said.
	ErrRemoteIO Status = C.RUNLOOP_REMOTE_IO

	// ErrInternalPanic: a defect of the library; the handles of the call are out of use.
	ErrInternalPanic Status = C.RUNLOOP_INTERNAL_PANIC
	// ErrOutOfMemory: memory ran out.
	ErrOutOfMemory Status = C.RUNLOOP_OUT_OF_MEMORY
	// ErrInternal: something went wrong inside the library.
	ErrInternal Status = C.RUNLOOP_INTERNAL
)

// String gives the status as C spells it, such as RUNLOOP_NOT_FOUND.
func (s Status) String() string {
	return C.GoString(C.runloop_status_name(C.int32_t(s)))
}

// Error gives the status in words.
func (s Status) Error() string {
	name := strings.TrimPrefix(s.String(), "RUNLOOP_")
	return "runloop: " + strings.ToLower(strings.ReplaceAll(name, "_", " "))
}

// Retryable says whether making the same call again is of use.
type Retryable int32

// Whether to make the same call again.
const (
	// RetryableNo: it is of no use.
	RetryableNo Retryable = C.RUNLOOP_RETRYABLE_NO
	// RetryableYes: it may succeed.
	RetryableYes Retryable = C.RUNLOOP_RETRYABLE_YES
	// RetryableUnknown: it is not known whether it is of use, or harmless.
	RetryableUnknown Retryable = C.RUNLOOP_RETRYABLE_UNKNOWN
)

// String gives no, yes or unknown.
func (r Retryable) String() string {
	return word([]string{"no", "yes", "unknown"}, int(r))
}

// SideEffect says whether a failed call changed something at the service.
type SideEffect int32

// What a failed call did.
const (
	// SideEffectNone: nothing.
	SideEffectNone SideEffect = C.RUNLOOP_SIDE_EFFECT_NONE
	// SideEffectHappened: something; see the error's ResourceID.
	SideEffectHappened SideEffect = C.RUNLOOP_SIDE_EFFECT_HAPPENED
	// SideEffectUnknown: that is not known.
	SideEffectUnknown SideEffect = C.RUNLOOP_SIDE_EFFECT_UNKNOWN
)

// String gives none, happened or unknown.
func (s SideEffect) String() string {
	return word([]string{"none", "happened", "unknown"}, int(s))
}

// Outcome is how a command ended.
type Outcome int32

// How a command may end.
const (
	// OutcomeUnknown: the service did not say.
	OutcomeUnknown Outcome = C.RUNLOOP_OUTCOME_UNKNOWN
	// OutcomeExited: it exited; its code tells more.
	OutcomeExited Outcome = C.RUNLOOP_OUTCOME_EXITED
	// OutcomeSignalled: a signal ended it; the code is 128 and the signal's number.
	OutcomeSignalled Outcome = C.RUNLOOP_OUTCOME_SIGNALLED
	// OutcomeTimedOut: it was killed because its timeout was over.
	OutcomeTimedOut Outcome = C.RUNLOOP_OUTCOME_TIMED_OUT
	// OutcomeOutputIncomplete: it has ended, but part of its output could not be had.
	OutcomeOutputIncomplete Outcome = C.RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE
)

// String gives the outcome in words.
func (o Outcome) String() string {
	return word([]string{"unknown", "exited", "signalled", "timed out", "output incomplete"}, int(o))
}

// Stream is an output of a command.
type Stream int32

// The outputs of a command. Stdout | Stderr are both.
const (
	// Stdout is standard output.
	Stdout Stream = C.RUNLOOP_STDOUT
	// Stderr is standard error.
	Stderr Stream = C.RUNLOOP_STDERR
)

// String gives stdout, stderr or both.
func (s Stream) String() string {
	return word([]string{"none", "stdout", "stderr", "both"}, int(s))
}

func word(words []string, index int) string {
	if index < 0 || index >= len(words) {
		return "?"
	}
	return words[index]
}
