package runloop

// #include "shim.h"
import "C"

import "strings"

// Status is the kind of an [Error]. Every status is an error itself, for [errors.Is]:
//
//	if errors.Is(err, runloop.ErrNotFound) { … }
type Status int32

// String returns the name of the C constant, such as RUNLOOP_NOT_FOUND.
func (s Status) String() string {
	return C.GoString(C.runloop_status_name(C.int32_t(s)))
}

// Error returns the status in words.
func (s Status) Error() string {
	name := strings.TrimPrefix(s.String(), "RUNLOOP_")
	return "runloop: " + strings.ToLower(strings.ReplaceAll(name, "_", " "))
}

// Stream is an output of a command.
type Stream int32

// The outputs of a command. Stdout | Stderr is both.
const (
	// Stdout is standard output.
	Stdout Stream = C.RUNLOOP_STDOUT
	// Stderr is standard error.
	Stderr Stream = C.RUNLOOP_STDERR
)

// String returns stdout, stderr, both, or none for 0.
func (s Stream) String() string {
	switch s {
	case 0:
		return "none"
	case Stdout:
		return "stdout"
	case Stderr:
		return "stderr"
	case Stdout | Stderr:
		return "both"
	}
	return "?"
}
