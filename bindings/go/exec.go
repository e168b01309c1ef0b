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

// ExecOptions is how a command is run. What is not set is the default.
type ExecOptions struct {
	// WorkingDirectory is where the command runs. Default: the user's home directory.
	WorkingDirectory string
	// Environment are variables besides the devbox's own, each NAME=value. Printed, it shows no values.
	Environment ConfidentialList
	// User is as whom the command runs. Default: the devbox's user.
	User string
	// Timeout: when the command has run for so long its process group is killed (see [Execution.Kill]),
	// and what it had printed is returned. Default: no limit.
	Timeout time.Duration
	// MaxOutputBytes of each output are kept for the result, from its end; the writers get all of it.
	// Default: all of it.
	MaxOutputBytes int64
	// AttachStdin: [Execution.SendStdin] can be used. For [Devbox.ExecAsync] alone.
	AttachStdin bool

	// Stdout and Stderr get the outputs as they come, OnOutput gets both. They are called during
	// [Devbox.Exec] alone, on its goroutine; an error from them ends the call with [ErrStopped], and is
	// wrapped in that. A panic in them, or [runtime.Goexit], kills the command, and goes on behind the
	// call. Not for [Devbox.ExecAsync], whose output comes from [Execution.Stream].
	Stdout, Stderr io.Writer
	OnOutput       func(stream Stream, data []byte) error
}

// String gives where and as whom, and the names of the variables.
func (x ExecOptions) String() string {
	return fmt.Sprintf("runloop.ExecOptions{WorkingDirectory: %q, Environment: %v, User: %q, …}", x.WorkingDirectory, x.Environment, x.User)
}

// Format prints what String gives, whatever the verb.
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

// Exec runs a command in a fresh login shell of the devbox and waits for its end. A command that fails
// is a result, not an error. exec may be nil.
//
// The call owns the command: where the context ends, or a writer fails, the command's process
// group is killed behind it: see [Execution.Kill]. Without writers, and where the command is quick, the call is one
// round trip. [Devbox.Command] is the same in the manner of os/exec.
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
	// ExitCode is -1 where the service knows none.
	ExitCode int
	// Outcome tells exited, signalled, timed out and output incomplete apart.
	Outcome Outcome
	// Success is whether the command exited with 0, in time, and all its output could be had.
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

// ExitCode is the command's; -1 where the service knows none.
func (r *ExecResult) ExitCode() int { return r.state.ExitCode }

// Outcome is how the command ended.
func (r *ExecResult) Outcome() Outcome { return r.state.Outcome }

// Success is whether the command exited with 0, in time, and all its output could be had.
func (r *ExecResult) Success() bool { return r.state.Success }

// ExecutionID is the execution's identifier.
func (r *ExecResult) ExecutionID() string { return r.executionID }

// Stdout gives what the command printed on its standard output: all of it for lastN 0, else the last
// lines. Where the service's answer held less than that, the rest is fetched the first time it is
// asked for, which needs the devbox: ask before it is shut down.
func (r *ExecResult) Stdout(ctx context.Context, lastN int, options ...CallOption) ([]byte, error) {
	k := begin(r, options)
	defer k.end()
	var output *C.runloop_bytes
	err := k.do(ctx, func(o cOptions, e cError) cStatus {
		return C.runloop_exec_result_stdout(r.c(), C.int64_t(lastN), o, &output, e)
	})
	return taken(output), err
}

// Stderr gives what the command printed on its standard error. In all else as [ExecResult.Stdout].
func (r *ExecResult) Stderr(ctx context.Context, lastN int, options ...CallOption) ([]byte, error) {
	k := begin(r, options)
	defer k.end()
	var output *C.runloop_bytes
	err := k.do(ctx, func(o cOptions, e cError) cStatus {
		return C.runloop_exec_result_stderr(r.c(), C.int64_t(lastN), o, &output, e)
	})
	return taken(output), err
}

// Value gives the execution as the API showed it at its end.
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
