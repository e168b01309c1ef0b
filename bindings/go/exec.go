package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"fmt"
	"io"
	"time"
	"unsafe"
)

// ExecOptions are the options of a command. Members that are not set have their defaults.
type ExecOptions struct {
	// WorkingDirectory is where the command runs. Default: the user's home directory.
	WorkingDirectory string
	// Environment is added to the devbox's own variables; each entry is NAME=value. Printed, it shows
	// no values.
	Environment ConfidentialList
	// User is the user that the command runs as. Default: the devbox's user.
	User string
	// Timeout limits the run time of the command. When it is exceeded, its process group is killed (see
	// [Execution.Kill]), and the output so far is returned. Default: no limit.
	Timeout time.Duration
	// MaxOutputBytes: the result keeps only the last MaxOutputBytes of each output; the writers get all
	// of it. Default: all of it.
	MaxOutputBytes int64
	// AttachStdin is whether [Execution.SendStdin] can be used. Only for [Devbox.ExecAsync].
	AttachStdin bool

	// Stdout and Stderr get the outputs as they come, OnOutput gets both. They are called only during
	// [Devbox.Exec], on its goroutine. An error from them ends the call with an [ErrStopped] that wraps
	// it. A panic in them, or [runtime.Goexit], kills the command and then continues in the caller. Not
	// for [Devbox.ExecAsync], whose output comes from [Execution.Stream].
	Stdout, Stderr io.Writer
	OnOutput       func(stream Stream, data []byte) error
}

// String returns where and as whom, and the names of the variables.
func (x ExecOptions) String() string {
	return fmt.Sprintf("runloop.ExecOptions{WorkingDirectory: %q, Environment: %v, User: %q, …}", x.WorkingDirectory, x.Environment, x.User)
}

// Format prints what String returns, for every verb.
func (x ExecOptions) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, x.String()) }

// lower gives C the options of a command; NULL for none.
func (x *ExecOptions) lower(k *call) *C.runloop_exec_options {
	if x == nil {
		return nil
	}
	to := &k.c.exec
	to.working_directory = k.textOrNull("The working directory", x.WorkingDirectory)
	to.environment = k.texts("A variable", x.Environment)
	to.user = k.textOrNull("The user", x.User)
	to.timeout_ms = k.notNegative("The command's timeout", x.Timeout)
	to.max_output_bytes = C.int64_t(x.MaxOutputBytes)
	if x.AttachStdin {
		to.attach_stdin = 1
	}
	stdout, stderr, both := x.Stdout, x.Stderr, x.OnOutput
	k.output = func(stream Stream, data []byte) error {
		if both != nil {
			if err := both(stream, data); err != nil {
				return err
			}
		}
		if to := map[Stream]io.Writer{Stdout: stdout, Stderr: stderr}[stream]; to != nil {
			return writeAll(to, data)
		}
		return nil
	}
	switch {
	case both != nil || stdout != nil && stderr != nil:
		C.runloop_go_set_output(k.c, k.callbacksNumber(), C.int32_t(Stdout|Stderr))
	case stdout != nil:
		C.runloop_go_set_output(k.c, k.callbacksNumber(), C.int32_t(Stdout))
	case stderr != nil:
		C.runloop_go_set_output(k.c, k.callbacksNumber(), C.int32_t(Stderr))
	}
	return to
}

// Exec runs a command in a fresh login shell of the devbox and waits for its end. A non-zero exit code
// is a result, not an error. exec may be nil.
//
// The call owns the command: if the context ends, or a writer fails, the command's process group is
// killed in the background: see [Execution.Kill]. Without writers, a quick command takes one round
// trip. [Devbox.Command] is the same in the style of os/exec.
func (d *Devbox) Exec(ctx context.Context, command string, exec *ExecOptions, options ...CallOption) (*ExecResult, error) {
	k := begin(d, options)
	defer k.end()
	line := k.text("The command", command)
	x := exec.lower(k)
	var made *C.runloop_exec_result
	k.undo = func() { C.runloop_exec_result_free(made) }
	err := k.do(ctx, func(o cOptions, e cError) cStatus { return C.runloop_devbox_exec(d.c(), line, x, o, &made, e) })
	return newExecResult(k.session, made), err
}

// ExecResult is how a command ended, and what it printed.
type ExecResult struct {
	owned
	state       CommandState
	executionID string
}

// CommandState is how a command ended.
type CommandState struct {
	// ExitCode is -1 if the service does not know it.
	ExitCode int
	// Outcome tells exited, signalled, timed out and output incomplete apart.
	Outcome Outcome
	// Success is whether the command exited with 0, was not killed by its timeout, and its output is
	// complete.
	Success bool
}

func newExecResult(s *session, pointer *C.runloop_exec_result) *ExecResult {
	if pointer == nil {
		return nil
	}
	made := &ExecResult{
		executionID: C.GoString(C.runloop_exec_result_execution_id(pointer)),
		state: CommandState{
			ExitCode: int(C.runloop_exec_result_exit_code(pointer)),
			Outcome:  Outcome(C.runloop_exec_result_outcome(pointer)),
			Success:  C.runloop_exec_result_success(pointer) != 0,
		},
	}
	made.handle = own(s, unsafe.Pointer(pointer), func(p unsafe.Pointer) { C.runloop_exec_result_free((*C.runloop_exec_result)(p)) })
	return made
}

func (r *ExecResult) c() *C.runloop_exec_result {
	if r == nil {
		return nil
	}
	return (*C.runloop_exec_result)(r.handle.get())
}

// ended is how the command ended; unknown for nil and for a zero value.
func (r *ExecResult) ended() CommandState {
	if r == nil || r.handle == nil {
		return CommandState{ExitCode: -1}
	}
	return r.state
}

// ExitCode is the command's exit code; -1 if the service does not know it.
func (r *ExecResult) ExitCode() int { return r.ended().ExitCode }

// Outcome is how the command ended.
func (r *ExecResult) Outcome() Outcome { return r.ended().Outcome }

// Success is whether the command exited with 0, was not killed by its timeout, and its output is
// complete.
func (r *ExecResult) Success() bool { return r.ended().Success }

// ExecutionID is the execution's identifier.
func (r *ExecResult) ExecutionID() string {
	if r == nil {
		return ""
	}
	return r.executionID
}

// Stdout returns the command's standard output: all of it for lastN 0, otherwise the last lastN lines.
// If the service's answer had less than that, the rest is fetched the first time it is needed, from the
// devbox: call this before it is shut down.
func (r *ExecResult) Stdout(ctx context.Context, lastN int, options ...CallOption) ([]byte, error) {
	k := begin(r, options)
	defer k.end()
	var output *C.runloop_bytes
	err := k.do(ctx, func(o cOptions, e cError) cStatus {
		return C.runloop_exec_result_stdout(r.c(), C.int64_t(lastN), o, &output, e)
	})
	return taken(output), err
}

// Stderr returns the command's standard error. Otherwise it is like [ExecResult.Stdout].
func (r *ExecResult) Stderr(ctx context.Context, lastN int, options ...CallOption) ([]byte, error) {
	k := begin(r, options)
	defer k.end()
	var output *C.runloop_bytes
	err := k.do(ctx, func(o cOptions, e cError) cStatus {
		return C.runloop_exec_result_stderr(r.c(), C.int64_t(lastN), o, &output, e)
	})
	return taken(output), err
}

// Value returns the execution as the API showed it at its end.
func (r *ExecResult) Value() (*DevboxAsyncExecutionDetailView, error) {
	return answer[DevboxAsyncExecutionDetailView](context.Background(), begin(r, nil), func(_ cOptions, v cValue, e cError) cStatus {
		return C.runloop_exec_result_value(r.c(), v, e)
	})
}

// Close frees the result.
func (r *ExecResult) Close() error {
	if r != nil {
		r.handle.close()
	}
	return nil
}
