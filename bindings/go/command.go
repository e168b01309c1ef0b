package runloop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Cmd is a command to be run in a devbox, in the manner of os/exec. It can be run once.
type Cmd struct {
	// Command is a line for the devbox's shell.
	Command string
	// Dir is where the command runs. Default: the user's home directory.
	Dir string
	// Env are variables besides the devbox's own, each NAME=value.
	Env []string
	// User is as whom the command runs. Default: the devbox's user.
	User string
	// Timeout: when the command has run for so long it is killed with all that it has started. The
	// error then is an [*ExitError] with [OutcomeTimedOut].
	Timeout time.Duration
	// Stdin is the command's input: text, in UTF-8 and without NUL, which is all that the service
	// carries. Without it the command's input is empty. As with os/exec, Wait does not return while
	// Stdin is being read.
	Stdin io.Reader
	// Stdout and Stderr get the outputs as they come; nil discards them. If both are the same writer,
	// it gets both in the order in which they come. They are called by one goroutine at a time. An
	// error from them ends the command.
	Stdout, Stderr io.Writer

	// Execution is the command at the service, once it is started.
	Execution *Execution
	// State is how the command has ended, once Wait or Run has returned.
	State *CommandState

	ctx     context.Context
	devbox  *Devbox
	options []CallOption
	pipes   []*outputPipe
	input   *stdinPipe

	started bool
	waited  bool
	// Holds the writers while the command runs.
	running *call
	ended   chan struct{}
	failed  error
}

// ExitError is a command that ended otherwise than with 0.
type ExitError struct {
	CommandState
	// Stderr is the end of what the command printed on its standard error, if it was run by
	// [Cmd.Output] without a Stderr of its own.
	Stderr []byte
}

// Error says how the command ended.
func (e *ExitError) Error() string {
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

// Command gives a command to be run in a fresh login shell of the devbox. When the context ends before
// the command does, the command is killed, with all that it has started.
func (d *Devbox) Command(ctx context.Context, command string, options ...CallOption) *Cmd {
	return &Cmd{Command: command, ctx: ctx, devbox: d, options: options}
}

// Run runs the command and waits for its end. The error is nil if it exited with 0, an [*ExitError] if
// it ended otherwise, and else an [*Error].
func (c *Cmd) Run() error {
	if c.Stdin != nil || c.input != nil || len(c.pipes) > 0 {
		if err := c.Start(); err != nil {
			return err
		}
		return c.Wait()
	}
	result, err := c.atOnce()
	if err != nil {
		return err
	}
	defer result.Close()
	return c.finished(result)
}

// atOnce runs the command in one call of the library.
func (c *Cmd) atOnce() (*ExecResult, error) {
	if c.started {
		return nil, alreadyStarted()
	}
	c.started, c.waited = true, true
	return c.devbox.Exec(c.ctx, c.Command, c.exec(), c.options...)
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

func (c *Cmd) finished(result *ExecResult) error {
	state := result.state
	c.State = &state
	if state.Success {
		return nil
	}
	return &ExitError{CommandState: state}
}

// stderrKept is how much of a failed command's standard error an ExitError has.
const stderrKept = 64 << 10

// Output runs the command and gives what it printed on its standard output. The [*ExitError] of a
// command that fails has its standard error, if Stderr was nil.
func (c *Cmd) Output() ([]byte, error) {
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
	failure := c.finished(result)
	output, err := result.Stdout(c.ctx, 0, c.options...)
	if err != nil {
		return output, err
	}
	var exit *ExitError
	if errors.As(failure, &exit) {
		stderr, err := result.Stderr(c.ctx, 0, c.options...)
		if err != nil {
			return output, err
		}
		exit.Stderr = stderr[max(0, len(stderr)-stderrKept):]
	}
	return output, failure
}

// CombinedOutput runs the command and gives what it printed on both outputs, in the order in which it
// came.
func (c *Cmd) CombinedOutput() ([]byte, error) {
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

// Start starts the command. After a success, Wait must be called.
func (c *Cmd) Start() error {
	if c.started {
		return alreadyStarted()
	}
	for _, pipe := range c.pipes {
		if pipe.which == Stdout && c.Stdout != nil || pipe.which == Stderr && c.Stderr != nil {
			return invalid("%v has a pipe and a writer. Use one of them.", pipe.which)
		}
	}
	c.started = true
	c.running = begin(c.devbox, c.options)
	execution, err := c.devbox.execAsync(c.ctx, c.running, c.Command, c.exec())
	if err != nil {
		c.running.end()
		return err
	}
	c.Execution = execution
	for _, pipe := range c.pipes {
		if err := pipe.connect(c.ctx, execution); err != nil {
			c.killBehind()
			c.running.end()
			return err
		}
	}
	c.ended = make(chan struct{})
	go c.attend()
	return nil
}

// killTime is how long killing a command may take whose context has ended.
const killTime = 10 * time.Second

// killBehind kills the command and all that it has started; who asked for that is gone already, so
// that a failure has nobody to be told to.
func (c *Cmd) killBehind() {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), killTime)
	defer cancel()
	_ = c.Execution.Kill(ctx, true)
}

// attend waits for the command's end, feeding its input and its writers.
func (c *Cmd) attend() {
	defer close(c.ended)
	defer c.running.end()
	var feeding sync.WaitGroup
	feed, stopFeeding := context.WithCancel(c.ctx)
	defer feeding.Wait()
	defer stopFeeding()
	var fed error
	if c.Stdin != nil {
		feeding.Add(1)
		go func() {
			defer feeding.Done()
			fed = c.feed(feed)
		}()
	}
	result, err := c.Execution.Result(c.ctx, c.options...)
	stopFeeding()
	if err == nil {
		defer result.Close()
		c.failed = c.finished(result)
		feeding.Wait()
		if c.failed == nil {
			c.failed = fed
		}
		return
	}
	c.failed = err
	if e, ok := err.(*Error); ok {
		if c.running.callbacks.failed != nil {
			e.wrapped = append(e.wrapped, c.running.callbacks.failed)
		}
		switch e.Status {
		case ErrCancelled, ErrDeadline, ErrStopped:
			c.killBehind()
		}
	}
}

// Wait waits for the end of a command that was started. The error is that of [Cmd.Run]. What came
// through a pipe can still be read afterwards.
func (c *Cmd) Wait() error {
	if c.ended == nil || c.waited {
		return &Error{Status: ErrWrongState, Message: "The command was not started, or was waited for before.", RetryAfter: -1}
	}
	c.waited = true
	<-c.ended
	c.Execution.Close()
	c.running.proceed()
	return c.failed
}
