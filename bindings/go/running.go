package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"io"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"
)

// running is a command under way, with its writers and its reader.
type running struct {
	ctx     context.Context
	options []CallOption
	stdin   io.Reader
	delay   time.Duration

	// The one of C's that has the writers; nobody else sees it.
	execution *Execution
	// Holds the writers while the command runs.
	call *call
	// The client's Close waits until it is called.
	done func()

	mutex sync.Mutex
	// Closed when the command has been killed; nil while nobody wants that.
	killed <-chan struct{}
	// The context whose end has the command killed, from before the kill on; else nil.
	interrupted context.Context

	// Closed when all that follows is set.
	ended  chan struct{}
	state  *CommandState
	failed error
	// Whether the failure explains the state.
	cut     bool
	escaped *escape
}

func startRunning(ctx context.Context, devbox *Devbox, command string, how *ExecOptions, options []CallOption) (*running, error) {
	k := begin(devbox, options)
	execution, err := devbox.execAsync(ctx, k, command, how)
	if err != nil {
		k.end()
		return nil, err
	}
	return &running{
		ctx: ctx, options: followUp(options), execution: execution, call: k, done: k.session.add(), ended: make(chan struct{}),
	}, nil
}

// attend waits for the command's end, feeding its input and its writers. It runs the writers on this
// goroutine; where one does not return, the command is killed behind it.
func (r *running) attend() {
	defer r.done()
	defer r.release()
	bound, unbind := r.call.session.bound(r.ctx)
	defer unbind()
	ctx, cancel := context.WithCancel(bound)
	defer cancel()
	// At once, whatever the writers do.
	killing := context.AfterFunc(ctx, func() {
		r.interrupt(bound)
		r.kill()
	})
	whole := false
	defer func() {
		if !whole {
			r.killSoon()
		}
	}()

	feed, stopFeeding := context.WithCancel(ctx)
	defer stopFeeding()
	fed := r.feeding(feed, cancel)
	result, err := r.result(ctx)
	if err == nil {
		// Also if a panic of the reader continues here.
		defer result.Close()
	}
	if !killing() {
		// The kill's effect may be here before the call has noticed that it is over.
		r.interrupt(bound)
		err = r.explained(err)
		r.cut = true
	}
	stopFeeding()
	input := fed.await(r.delay)
	if result != nil {
		r.state = &result.state
	}
	if err != nil {
		r.failed = err
		// Nobody attends to it any more, whatever the reason.
		r.killSoon()
		whole = true
		return
	}
	r.failed = input
	whole = true
}

// result waits for the command's end with the writers of its start.
func (r *running) result(ctx context.Context) (*ExecResult, error) {
	k := begin(r.execution, r.options)
	// They end with the call that has them.
	defer k.arena.free()
	k.callbacks = r.call.callbacks
	var made *C.runloop_exec_result
	k.undo = func() { C.runloop_exec_result_free(made) }
	err := k.do(ctx, func(o cOptions, e cError) cStatus { return C.runloop_execution_result(r.execution.c(), o, &made, e) })
	return newExecResult(k.session, made), err
}

// fed is the feeding of a command's input.
type fed struct {
	// Whether the reader is in a Read, or may begin one.
	reading atomic.Bool
	ended   <-chan *escape
	err     error
}

// feeding sends the command what Stdin gives. Where that ends in no proper way, the call is cancelled.
func (r *running) feeding(ctx context.Context, cancel func()) *fed {
	if r.stdin == nil {
		return nil
	}
	f := &fed{}
	f.reading.Store(true)
	ends := elsewhere(func() { f.err = feed(ctx, r.stdin, r.execution, &f.reading) })
	told := make(chan *escape, 1)
	f.ended = told
	go func() {
		escaped := <-ends
		told <- escaped
		if escaped != nil {
			cancel()
		}
	}()
	return f
}

// await waits for the end of feeding, the command having ended, and gives its error. A reader that blocks
// is left to itself.
func (f *fed) await(delay time.Duration) error {
	if f == nil {
		return nil
	}
	if delay <= 0 {
		delay = moment
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case escaped := <-f.ended:
		return f.end(escaped)
	case <-timer.C:
	}
	if f.reading.Load() {
		// Whatever else has come by now counts.
		select {
		case escaped := <-f.ended:
			return f.end(escaped)
		default:
			return nil
		}
	}
	// What is sent is being cancelled.
	return f.end(<-f.ended)
}

func (f *fed) end(escaped *escape) error {
	escaped.proceed()
	return f.err
}

// kill has the command's process group killed.
func (r *running) kill() <-chan struct{} {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.killed == nil {
		r.killed = r.call.session.behind(r.ctx, func(ctx context.Context) {
			defer r.execution.Close()
			_ = r.execution.Kill(ctx, true)
		})
	}
	return r.killed
}

// interrupt notes that the end of a context has the command killed. One that has not ended is no reason.
func (r *running) interrupt(ctx context.Context) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if ctx.Err() != nil {
		r.interrupted = ctx
	}
}

// explained returns an interrupted command's error: whatever the command, its outputs and its input
// show after the kill is due to it. That of any other command stays what it is.
func (r *running) explained(err error) error {
	r.mutex.Lock()
	ctx := r.interrupted
	r.mutex.Unlock()
	if ctx == nil {
		return err
	}
	if e, _ := err.(*Error); e != nil && (e.Status == ErrCancelled || e.Status == ErrClosed) {
		return err
	}
	e := r.cutShort(ctx, "the command was killed.")
	if err != nil && err != io.EOF {
		e.wrapped = append(e.wrapped, err)
	}
	return e
}

// cutShort is the error of a command whose context, or client, is over.
func (r *running) cutShort(ctx context.Context, what string) *Error {
	e := &Error{
		Status:     ErrCancelled,
		Message:    "The call was cancelled, and " + what,
		RetryAfter: -1,
		ResourceID: r.execution.ID(),
		SideEffect: SideEffectHappened,
	}
	if context.Cause(ctx) == ErrClosed {
		e.Status, e.Message = ErrClosed, "The client was closed, and "+what
		return e
	}
	e.wrapped = said(ctx)
	return e
}

func (r *running) killSoon() { forAMoment(r.kill()) }

// release frees everything; the handle later, where it is used to kill the command.
func (r *running) release() {
	r.call.end()
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.killed == nil {
		r.execution.Close()
	}
}

// abandon ends a command that nobody attends to.
func (r *running) abandon() {
	defer r.done()
	defer r.release()
	r.killSoon()
}

// over says whether the command has ended, and nobody attends to it any more.
func (r *running) over() bool {
	select {
	case <-r.ended:
		return true
	default:
		return false
	}
}

// await waits until all is over. The error is that of a writer which blocks for longer than the delay.
func (r *running) await() error {
	if r.delay <= 0 {
		<-r.ended
		return nil
	}
	ctx, unbind := r.call.session.bound(r.ctx)
	defer unbind()
	select {
	case <-r.ended:
		return nil
	case <-ctx.Done():
	}
	timer := time.NewTimer(r.delay)
	defer timer.Stop()
	select {
	case <-r.ended:
		return nil
	case <-timer.C:
	}
	if r.over() {
		return nil
	}
	e := r.cutShort(ctx, "a writer of the command still blocks after WaitDelay. The command is being killed.")
	e.wrapped = append(e.wrapped, exec.ErrWaitDelay)
	return e
}
