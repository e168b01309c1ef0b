package runloop_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func TestCommandsGiveTheirOutput(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	before := len(emulator.Requests())
	equal(t, string(must(d.Command(t.Context(), "echo out; echo err >&2").Output())(t)), "out\n")
	equal(t, len(emulator.Requests()), before+1) // one round trip

	// The command continues when its output has arrived.
	printed := make(chan struct{}, 100)
	var both bytes.Buffer
	inOrder := d.Command(t.Context(), "echo 1; read -r x; echo 2 >&2; read -r x; echo 3")
	inOrder.Stdin = io.LimitReader(readerFunc(func(p []byte) (int, error) { <-printed; return copy(p, "\n"), nil }), 2)
	to := writerFunc(func(p []byte) (int, error) { printed <- struct{}{}; return both.Write(p) })
	inOrder.Stdout, inOrder.Stderr = to, to
	ok(t, inOrder.Run())
	equal(t, both.String(), "1\n2\n3\n")
	equal(t, len(must(d.Command(t.Context(), "echo 1; echo 2 >&2").CombinedOutput())(t)), len("1\n2\n"))

	var stdout, stderr bytes.Buffer
	command := d.Command(t.Context(), "pwd; echo $GREETING; whoami >&2")
	command.Dir, command.Env, command.Stdout, command.Stderr = "/tmp", []string{"GREETING=hello there"}, &stdout, &stderr
	ok(t, command.Run())
	equal(t, stdout.String(), "/tmp\nhello there\n")
	if stderr.Len() == 0 {
		t.Fatal("no standard error")
	}
	equal(t, *command.State, runloop.CommandState{ExitCode: 0, Outcome: runloop.OutcomeExited, Success: true})
}

func TestAnInputThatIsClosedBeforeTheStartIsEmpty(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	command := d.Command(t.Context(), "cat; echo ended")
	stdin := must(command.StdinPipe())(t)
	ok(t, stdin.Close())
	ok(t, stdin.Close())
	if _, err := stdin.Write([]byte("late")); !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
	output := later(func() error {
		text, err := command.Output()
		if string(text) != "ended\n" {
			t.Errorf("%q", text)
		}
		return err
	})
	ok(t, within(t, "the command", output))
}

func TestACommandThatFailsIsAnExitError(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	output, err := d.Command(t.Context(), "echo out; echo why >&2; exit 3").Output()
	var exit *runloop.ExitError
	if !errors.As(err, &exit) {
		t.Fatal(err)
	}
	equal(t, exit.ExitCode, 3)
	equal(t, string(exit.Stderr), "why\n")
	equal(t, string(output), "out\n")

	command := d.Command(t.Context(), "cat; echo why >&2; exit 4")
	command.Stdin = strings.NewReader("in")
	output, err = command.Output()
	if !errors.As(err, &exit) {
		t.Fatal(err)
	}
	equal(t, exit.ExitCode, 4)
	equal(t, string(exit.Stderr), "why\n")
	equal(t, string(output), "in")

	// Long enough for it to begin, on whatever machine.
	for timeout := 300 * time.Millisecond; ; timeout *= 3 {
		command = d.Command(t.Context(), "echo begun; sleep 1000 & sleep 1000")
		command.Timeout = timeout
		output, err = command.Output()
		if !errors.As(err, &exit) {
			t.Fatal(err)
		}
		equal(t, exit.Outcome, runloop.OutcomeTimedOut)
		if len(output) > 0 || timeout > time.Minute {
			break
		}
	}
	equal(t, string(output), "begun\n")

	err = d.Command(t.Context(), "kill -9 $$").Run()
	if !errors.As(err, &exit) {
		t.Fatal(err)
	}
	equal(t, exit.Outcome, runloop.OutcomeSignalled)
}

func TestPipes(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	command := d.Command(t.Context(), "while read -r line; do echo \"$((line))\"; done; echo bye >&2")
	stdin := must(command.StdinPipe())(t)
	stdout := must(command.StdoutPipe())(t)
	stderr := must(command.StderrPipe())(t)
	if _, err := stdin.Write([]byte("early")); !errors.Is(err, runloop.ErrWrongState) {
		t.Fatal(err)
	}
	ok(t, command.Start())
	lines := bufio.NewReader(stdout)
	for i := range 3 {
		fmt.Fprintf(stdin, "%d * 7\n", i)
		equal(t, must(lines.ReadString('\n'))(t), fmt.Sprintf("%d\n", 7*i))
	}
	ok(t, stdin.Close())
	ok(t, command.Wait())
	equal(t, string(must(io.ReadAll(stderr))(t)), "bye\n")
	if _, err := lines.ReadString('\n'); err != io.EOF {
		t.Fatal(err)
	}
	if err := command.Start(); !errors.Is(err, runloop.ErrWrongState) {
		t.Fatal(err)
	}
}

func TestInputIsTextAndMaySplitCharacters(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	text := strings.Repeat("grün 日本語 🦀\n", 3000)
	command := d.Command(t.Context(), "cat")
	command.Stdin = iotestOneByte{strings.NewReader(text[:200]), strings.NewReader(text[200:])}.reader()
	equal(t, string(must(command.Output())(t)), text)

	for _, wrong := range []string{"nul\x00", "half \xe6\x97"} {
		command = d.Command(t.Context(), "cat")
		command.Stdin = strings.NewReader(wrong)
		if _, err := command.Output(); !errors.Is(err, runloop.ErrInvalidArgument) {
			t.Fatalf("%q: %v", wrong, err)
		}
	}
}

// What is wrong with the input is told, although the command has ended before the answer to the end of its
// input, which is all that it waits for, is here.
func TestWrongInputIsToldAlsoWhereTheCommandEndsFirst(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	broken := errors.New("broken")
	for name, input := range map[string]struct {
		from io.Reader
		want error
	}{
		"NUL":                {strings.NewReader("nul\x00"), runloop.ErrInvalidArgument},
		"half a character":   {strings.NewReader("\xe6\x97"), runloop.ErrInvalidArgument},
		"a reader's failure": {iotest.ErrReader(broken), broken},
	} {
		emulator.Fault("executions.send_std_in", 0, 1, map[string]any{"type": "stall_after", "after_bytes": 0})
		c := d.Command(t.Context(), "cat")
		c.Stdin = input.from
		if err := within(t, name, later(c.Run)); !errors.Is(err, input.want) || errors.Is(err, runloop.ErrCancelled) {
			t.Errorf("%s: %v", name, err)
		}
		equal(t, *c.State, runloop.CommandState{Outcome: runloop.OutcomeExited, Success: true})
	}
}

// iotestOneByte returns the first reader byte by byte.
type iotestOneByte [2]io.Reader

func (r iotestOneByte) reader() io.Reader {
	return io.MultiReader(readerFunc(func(p []byte) (int, error) { return r[0].Read(p[:1]) }), r[1])
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestACommandThatNeedsNoInputEndsWithoutIt(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	input, keep := io.Pipe()
	command := d.Command(t.Context(), "exit 5")
	command.Stdin = input
	ok(t, command.Start())
	done := make(chan error)
	go func() { done <- command.Wait() }()
	// As with os/exec, Wait ends when the reader does.
	keep.Close()
	var exit *runloop.ExitError
	if err := <-done; !errors.As(err, &exit) || exit.ExitCode != 5 {
		t.Fatal(err)
	}
}

func TestTheContextsEndKillsTheCommand(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	began := func(cancel context.CancelFunc) io.Writer {
		return writerFunc(func(p []byte) (int, error) { cancel(); return len(p), nil })
	}
	for name, run := range map[string]func(*runloop.Cmd) error{
		"run": (*runloop.Cmd).Run,
		"start": func(c *runloop.Cmd) error {
			if err := c.Start(); err != nil {
				return err
			}
			return c.Wait()
		},
		"with input": func(c *runloop.Cmd) error { c.Stdin = strings.NewReader("x"); return c.Run() },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			command := d.Command(ctx, "echo begun; sleep 4321 & sleep 4321")
			command.Stdout = began(cancel)
			err := run(command)
			var failure *runloop.Error
			if !errors.Is(err, context.Canceled) || !errors.Is(err, runloop.ErrCancelled) || !errors.As(err, &failure) {
				t.Fatal(err)
			}
			eventually(t, "the command is left", func() bool {
				for _, process := range emulator.Leaks().Processes {
					if strings.Contains(process.Command, "4321") {
						return false
					}
				}
				return true
			})
		})
	}
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestAWriterThatFailsEndsTheCommand(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	full := errors.New("full")
	for _, input := range []io.Reader{nil, strings.NewReader("")} {
		command := d.Command(t.Context(), "yes")
		command.Stdin = input
		command.Stdout = writerFunc(func([]byte) (int, error) { return 0, full })
		err := command.Run()
		if !errors.Is(err, full) || !errors.Is(err, runloop.ErrStopped) {
			t.Fatal(err)
		}
	}
}

func TestAPanicPassesThroughC(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	for _, input := range []io.Reader{nil, strings.NewReader("")} {
		func() {
			defer func() { equal(t, recover(), any("in a writer")) }()
			command := d.Command(t.Context(), "echo x; sleep 1000")
			command.Stdin = input
			command.Stdout = writerFunc(func([]byte) (int, error) { panic("in a writer") })
			t.Error(command.Run())
		}()
	}
	// The library works as before.
	equal(t, string(must(d.Command(t.Context(), "echo fine").Output())(t)), "fine\n")
}

// A command whose wait fails is killed, as one whose context ends: nobody is left to attend to it.
func TestACommandWhoseWaitFailsIsKilled(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	output := func(c *runloop.Cmd) error {
		c.Stdout = io.Discard
		return c.Run()
	}
	for name, how := range map[string]func(*runloop.Cmd) error{
		"a writer": output,
		"Stdin":    func(c *runloop.Cmd) error { c.Stdin = strings.NewReader("x"); return output(c) },
		"a pipe": func(c *runloop.Cmd) error {
			pipe := must(c.StdoutPipe())(t)
			defer pipe.Close()
			return errors.Join(c.Start(), c.Wait())
		},
	} {
		err := how(d.Command(t.Context(), "sleep 8642", runloop.WithPollTimeout(10*time.Millisecond)))
		if !errors.Is(err, runloop.ErrWaitTimedOut) {
			t.Errorf("%s: %v", name, err)
		}
		eventually(t, name+": the command still runs", func() bool { return !running(emulator, "sleep 8642") })
	}
}

// A writer may ask the command's execution for what it is, or end it, however the command is run.
func TestWritersSeeTheExecution(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	for name, run := range map[string]func(*runloop.Cmd) error{
		"Run":                  (*runloop.Cmd).Run,
		"Run with a Stdin":     func(c *runloop.Cmd) error { c.Stdin = strings.NewReader(""); return c.Run() },
		"Run with a WaitDelay": func(c *runloop.Cmd) error { c.WaitDelay = time.Hour; return c.Run() },
		"Start":                func(c *runloop.Cmd) error { return errors.Join(c.Start(), c.Wait()) },
	} {
		c := d.Command(t.Context(), "echo x; sleep 7531")
		c.Stdout = writerFunc(func(p []byte) (int, error) {
			if c.Execution == nil {
				return 0, errors.New("there is no execution")
			}
			return len(p), c.Execution.Kill(t.Context(), true)
		})
		var exit *runloop.ExitError
		if err := run(c); !errors.As(err, &exit) || exit.Outcome != runloop.OutcomeSignalled {
			t.Errorf("%s: %v", name, err)
		}
	}
}
