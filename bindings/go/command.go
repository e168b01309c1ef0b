package runloop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Cmd is a command to be run in a devbox, in the style of os/exec. It can be run once.
type Cmd struct {
	// Command is a line for the devbox's shell.
	Command string
	// Dir is where the command runs. Default: the user's home directory.
	Dir string
	// Env is added to the devbox's own variables; each entry is NAME=value. Printed, it shows no
	// values.
	Env ConfidentialList
	// User is the user that the command runs as. Default: the devbox's user.
	User string
	// Timeout limits the run time of the command. When it is exceeded, its process group is killed (see
	// [Execution.Kill]), and the error is an [*ExitError] with [OutcomeTimedOut]. Default: no limit.
	Timeout time.Duration
	// Stdin is the command's input: text in UTF-8 without NUL, since the service carries nothing else.
	// Default: empty. A Read that still blocks when the command has ended, for example of a terminal,
	// is abandoned: do not use Stdin before it has returned.
	Stdin io.Reader
	// Stdout and Stderr get the outputs as they come; nil discards them. If both are the same writer,
	// it gets both in the order in which they come. They are called by one goroutine at a time: the one
	// that called Run, or after Start one of the command's own. An error from them ends the command. So
	// does a panic, which continues in Run or Wait, and [runtime.Goexit], which continues in Run and is
	// an error of Wait.
	Stdout, Stderr io.Writer
	// WaitDelay limits how long Run and Wait wait for a Stdin, Stdout or Stderr that blocks: for Stdin
	// after the command has ended, for the writers after the context has ended. What blocks longer is
	// abandoned; for a writer the error is also [exec.ErrWaitDelay]. Default: 100 ms for Stdin, no
	// limit for the writers.
	WaitDelay time.Duration

	// Execution is the command at the service, from before the first output until Wait or Run returns.
	// It never calls the writers. It is nil if Run or Output takes one round trip: without a writer, a
	// Stdin and a pipe.
	Execution *Execution
	// State is how the command ended, after Wait or Run has returned. It is nil if that is not known,
	// which is usual if the context has ended.
	State *CommandState

	ctx     context.Context
	devbox  *Devbox
	options []CallOption
	pipes   []*outputPipe
	input   *stdinPipe

	started bool
	waited  bool
	running *running
}

// String returns the command and the names of its variables.
func (c Cmd) String() string {
	return fmt.Sprintf("runloop.Cmd{Command: %q, Env: %v, …}", c.Command, c.Env)
}

// Format prints what String returns, for every verb.
func (c Cmd) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, c.String()) }

// ExitError is the error of a command that did not exit with 0.
type ExitError struct {
	CommandState
	// Stderr is the end of what the command printed on its standard error, if it was run by
	// [Cmd.Output] without a Stderr of its own.
	Stderr []byte
}

// Error says how the command ended.
func (e *ExitError) Error() string {
	if e == nil {
		return "runloop: no error"
	}
	switch e.Outcome {
	case OutcomeExited:
		return fmt.Sprintf("runloop: the command exited with %d", e.ExitCode)
	case OutcomeSignalled:
		return fmt.Sprintf("runloop: a signal ended the command (exit code %d)", e.ExitCode)
	case OutcomeTimedOut:
		return "runloop: the command was killed because its timeout was over"
	case OutcomeOutputIncomplete:
		return fmt.Sprintf("runloop: the command exited with %d, but part of its output could not be had", e.ExitCode)
	}
	return fmt.Sprintf("runloop: the service did not say how the command ended (exit code %d)", e.ExitCode)
}

// Command returns a command to be run in a fresh login shell of the devbox. When the context ends
// before the command does, its process group is killed (see [Execution.Kill]), and the error is
// [ErrCancelled], however the command ends; it wraps the context's error and cause.
func (d *Devbox) Command(ctx context.Context, command string, options ...CallOption) *Cmd {
	return &Cmd{Command: command, ctx: ctx, devbox: d, options: options}
}

// Run runs the command and waits for its end. The error is nil if it exited with 0, an [*ExitError] if
// it ended in another way, and an [*Error] if the call failed.
func (c *Cmd) Run() error {
	if c == nil {
		return noCommand()
	}
	writes := c.Stdout != nil || c.Stderr != nil
	if c.Stdin == nil && c.input == nil && len(c.pipes) == 0 && !writes {
		result, err := c.atOnce()
		if err != nil {
			return err
		}
		defer result.Close()
		return c.finished(result.state)
	}
	if c.WaitDelay > 0 {
		if err := c.Start(); err != nil {
			return err
		}
		escaped, err := c.wait()
		escaped.proceed()
		return err
	}
	if err := c.start(); err != nil {
		return err
	}
	c.waited = true
	defer c.Execution.Close()
	defer close(c.running.ended)
	c.running.attend()
	return c.conclude()
}

// atOnce runs the command in one call of the library.
func (c *Cmd) atOnce() (*ExecResult, error) {
	if err := c.usable(); err != nil {
		return nil, err
	}
	c.started, c.waited = true, true
	return c.devbox.Exec(c.ctx, c.Command, c.exec(), c.options...)
}

// usable says why a command cannot be started.
func (c *Cmd) usable() error {
	switch {
	case c == nil || c.ctx == nil || c.devbox == nil:
		return noCommand()
	case c.started:
		return alreadyStarted()
	case c.WaitDelay < 0:
		return invalid("WaitDelay is %v: it cannot be negative.", c.WaitDelay)
	}
	return nil
}

func noCommand() error {
	return invalid("The command has no devbox or no context. Make it with Devbox.Command.")
}

func alreadyStarted() error {
	return &Error{Status: ErrWrongState, Message: "The command was started before. Make another Cmd.", RetryAfter: -1}
}

func (c *Cmd) exec() *ExecOptions {
	return &ExecOptions{
		WorkingDirectory: c.Dir,
		Environment:      c.Env,
		User:             c.User,
		Timeout:          c.Timeout,
		Stdout:           c.Stdout,
		Stderr:           c.Stderr,
		AttachStdin:      c.Stdin != nil || c.input != nil,
	}
}

func (c *Cmd) finished(state CommandState) error {
	c.State = &state
	if state.Success {
		return nil
	}
	return &ExitError{CommandState: state}
}

// stderrKept is how much of a failed command's standard error an ExitError has.
const stderrKept = 64 << 10

// Output runs the command and returns its standard output. The [*ExitError] of a command that fails has
// its standard error, if Stderr was nil.
func (c *Cmd) Output() ([]byte, error) {
	if c == nil {
		return nil, noCommand()
	}
	if c.Stdout != nil {
		return nil, invalid("Stdout is set already. Use Run.")
	}
	if c.Stderr == nil && c.Stdin == nil && c.input == nil && len(c.pipes) == 0 {
		return c.outputAtOnce()
	}
	var stdout bytes.Buffer
	var stderr tail
	c.Stdout = &stdout
	keeping := c.Stderr == nil
	if keeping {
		c.Stderr = &stderr
	}
	err := c.Run()
	var exit *ExitError
	if keeping && errors.As(err, &exit) {
		exit.Stderr = stderr.kept
	}
	return stdout.Bytes(), err
}

// outputAtOnce is one round trip where the command is quick.
func (c *Cmd) outputAtOnce() ([]byte, error) {
	result, err := c.atOnce()
	if err != nil {
		return nil, err
	}
	defer result.Close()
	failure := c.finished(result.state)
	output, err := result.Stdout(c.ctx, 0, followUp(c.options)...)
	if err != nil {
		return output, err
	}
	var exit *ExitError
	if errors.As(failure, &exit) {
		stderr, err := result.Stderr(c.ctx, 0, followUp(c.options)...)
		if err != nil {
			return output, err
		}
		exit.Stderr = stderr[max(0, len(stderr)-stderrKept):]
	}
	return output, failure
}

// CombinedOutput runs the command and returns both outputs, in the order in which they came.
func (c *Cmd) CombinedOutput() ([]byte, error) {
	if c == nil {
		return nil, noCommand()
	}
	if c.Stdout != nil || c.Stderr != nil {
		return nil, invalid("Stdout or Stderr is set already. Use Run.")
	}
	var both bytes.Buffer
	c.Stdout, c.Stderr = &both, &both
	err := c.Run()
	return both.Bytes(), err
}

// tail keeps the end of what is written to it.
type tail struct{ kept []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if len(t.kept) > 2*stderrKept {
		t.kept = append(t.kept[:0], t.kept[len(t.kept)-stderrKept:]...)
	}
	return len(p), nil
}

// Start starts the command. If it succeeds, call Wait.
func (c *Cmd) Start() error {
	if err := c.start(); err != nil {
		return err
	}
	r := c.running
	attended := elsewhere(r.attend)
	go func() {
		defer close(r.ended)
		r.escaped = <-attended
	}()
	return nil
}

func (c *Cmd) start() error {
	if err := c.usable(); err != nil {
		return err
	}
	for _, pipe := range c.pipes {
		if pipe.which == Stdout && c.Stdout != nil || pipe.which == Stderr && c.Stderr != nil {
			return invalid("%v has a pipe and a writer. Use one of them.", pipe.which)
		}
	}
	c.started = true
	how := c.exec()
	// All output goes to the writers and the pipes.
	how.MaxOutputBytes = 1
	r, err := startRunning(c.ctx, c.devbox, c.Command, how, c.options)
	if err != nil {
		return err
	}
	r.stdin, r.delay = c.Stdin, c.WaitDelay
	if c.Execution, err = c.devbox.AttachExecution(r.execution.ID()); err != nil {
		r.abandon()
		return err
	}
	for _, pipe := range c.pipes {
		if err := pipe.connect(c.ctx, r); err != nil {
			r.abandon()
			return err
		}
	}
	if c.input != nil {
		if err := c.input.connect(r); err != nil {
			r.abandon()
			return err
		}
	}
	c.running = r
	return nil
}

// Wait waits until a started command has ended. The error is as of [Cmd.Run]. Pipes can still be read
// afterwards.
func (c *Cmd) Wait() error {
	escaped, err := c.wait()
	if escaped == nil {
		return err
	}
	if escaped.panicked {
		panic(escaped.reason)
	}
	return &Error{
		Status:     ErrStopped,
		Message:    "A writer or the reader of the command has ended its goroutine, as t.FailNow does. The command is being killed.",
		RetryAfter: -1,
		ResourceID: c.running.execution.ID(),
		SideEffect: SideEffectHappened,
	}
}

func (c *Cmd) wait() (*escape, error) {
	if c == nil {
		return nil, noCommand()
	}
	r := c.running
	if r == nil || c.waited {
		return nil, &Error{Status: ErrWrongState, Message: "The command was not started, or was waited for before.", RetryAfter: -1}
	}
	c.waited = true
	defer c.Execution.Close()
	if err := r.await(); err != nil {
		return nil, err
	}
	if r.escaped != nil {
		return r.escaped, nil
	}
	return nil, c.conclude()
}

// conclude tells how the command has ended.
func (c *Cmd) conclude() error {
	r := c.running
	if r.state == nil {
		return r.failed
	}
	ended := c.finished(*r.state)
	if ended == nil || r.cut {
		return r.failed
	}
	return ended
}
