package runloop

// #include "shim.h"
import "C"

import "strings"

// Status is the kind of an [Error], by what the caller should do. Every status is an error itself,
// for [errors.Is]:
//
//	if errors.Is(err, runloop.ErrNotFound) { … }
type Status int32

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
