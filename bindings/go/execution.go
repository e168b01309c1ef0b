package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"unsafe"
)

// Execution is a command that was started in a devbox.
type Execution struct {
	owned
	id, devboxID string
}

func newExecution(s *session, pointer *C.runloop_execution) *Execution {
	if pointer == nil {
		return nil
	}
	made := &Execution{id: C.GoString(C.runloop_execution_id(pointer)), devboxID: C.GoString(C.runloop_execution_devbox_id(pointer))}
	made.handle = own(s, unsafe.Pointer(pointer), func(p unsafe.Pointer) { C.runloop_execution_free((*C.runloop_execution)(p)) })
	return made
}

func (x *Execution) c() *C.runloop_execution {
	if x == nil {
		return nil
	}
	return (*C.runloop_execution)(x.handle.get())
}

// ExecAsync starts a command in a fresh login shell of the devbox and returns. The command continues
// when the handle is closed. exec may be nil; its Timeout is enforced while [Execution.Result] waits.
func (d *Devbox) ExecAsync(ctx context.Context, command string, exec *ExecOptions, options ...CallOption) (*Execution, error) {
	if exec != nil && (exec.Stdout != nil || exec.Stderr != nil || exec.OnOutput != nil) {
		return nil, invalid("Stdout, Stderr and OnOutput are for Exec. Read the output of an execution from its Stream, or use Command.")
	}
	k := begin(d, options)
	defer k.end()
	return d.execAsync(ctx, k, command, exec)
}

// execAsync starts a command whose writers, if there are any, live as long as the call is not ended.
func (d *Devbox) execAsync(ctx context.Context, k *call, command string, exec *ExecOptions) (*Execution, error) {
	line := k.text("The command", command)
	x := exec.lower(k)
	var made *C.runloop_execution
	err := k.do(ctx, func(o cOptions, e cError) cStatus {
		return C.runloop_devbox_exec_async(d.c(), line, x, o, &made, e)
	})
	return newExecution(k.session, made), err
}

// AttachExecution returns a handle of an execution by its identifier, without checking that it exists.
func (d *Devbox) AttachExecution(id string) (*Execution, error) {
	k := begin(d, nil)
	defer k.end()
	i := k.text("The identifier", id)
	var made *C.runloop_execution
	err := k.do(context.Background(), func(_ cOptions, e cError) cStatus { return C.runloop_execution_attach(d.c(), i, &made, e) })
	return newExecution(k.session, made), err
}

// ID is the identifier.
func (x *Execution) ID() string {
	if x == nil {
		return ""
	}
	return x.id
}

// DevboxID is the devbox's identifier.
func (x *Execution) DevboxID() string {
	if x == nil {
		return ""
	}
	return x.devboxID
}

// GetState returns the execution as the API shows it now.
func (x *Execution) GetState(ctx context.Context, options ...CallOption) (*DevboxAsyncExecutionDetailView, error) {
	return answer[DevboxAsyncExecutionDetailView](ctx, begin(x, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_execution_get_state(x.c(), o, v, e)
	})
}

// Result waits until the command has ended; only the context and [WithPollTimeout] limit that. The call
// does not own the command: if the context ends, the command continues.
func (x *Execution) Result(ctx context.Context, options ...CallOption) (*ExecResult, error) {
	k := begin(x, options)
	defer k.end()
	var made *C.runloop_exec_result
	err := k.do(ctx, func(o cOptions, e cError) cStatus { return C.runloop_execution_result(x.c(), o, &made, e) })
	return newExecResult(k.session, made), err
}

// Kill kills the command; with processGroup its process group, which is the command and what it has
// started. Processes that have left the group (setsid, daemons) run until the devbox is shut down. It
// is not an error if the command has already ended. Kill does not wait until it has ended.
func (x *Execution) Kill(ctx context.Context, processGroup bool, options ...CallOption) error {
	group := C.int32_t(0)
	if processGroup {
		group = 1
	}
	return simple(ctx, begin(x, options), func(o cOptions, e cError) cStatus {
		return C.runloop_execution_kill(x.c(), group, o, e)
	})
}

// SendStdin writes text to the command's stdin, if it was started with AttachStdin. Texts arrive in the
// order of the calls. A call whose outcome is unknown is not repeated, so that no text arrives twice.
func (x *Execution) SendStdin(ctx context.Context, text string, options ...CallOption) error {
	k := begin(x, options)
	t := k.text("The text", text)
	return simple(ctx, k, func(o cOptions, e cError) cStatus { return C.runloop_execution_send_stdin(x.c(), t, o, e) })
}

// CloseStdin closes the command's stdin.
func (x *Execution) CloseStdin(ctx context.Context, options ...CallOption) error {
	return simple(ctx, begin(x, options), func(o cOptions, e cError) cStatus {
		return C.runloop_execution_close_stdin(x.c(), o, e)
	})
}

// Interrupt interrupts the command as Ctrl-C would, if it was started with AttachStdin.
func (x *Execution) Interrupt(ctx context.Context, options ...CallOption) error {
	return simple(ctx, begin(x, options), func(o cOptions, e cError) cStatus {
		return C.runloop_execution_interrupt(x.c(), o, e)
	})
}

// Close frees the handle. The command continues: see [Execution.Kill].
func (x *Execution) Close() error {
	if x != nil {
		x.handle.close()
	}
	return nil
}
