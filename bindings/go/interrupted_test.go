package runloop_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	runloop "github.com/librunloop/librunloop/bindings/go"
	"github.com/librunloop/librunloop/bindings/go/runlooptest"
)

// deadlined is a context whose deadline is over when the test says so.
type deadlined struct {
	context.Context
	over chan struct{}
}

func (d deadlined) Done() <-chan struct{} { return d.over }

func (d deadlined) Err() error {
	select {
	case <-d.over:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// Where the end of a context, or of the client, has a command killed, that is the error, although the
// command's own end is there first. Here it always is: no call under way hears of its context.
func TestWhatTheKillDoesIsDueToTheContext(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	runloop.LoseCancels(t)
	withOutput := func(run func(*runloop.Cmd) ([]byte, error)) func(*testing.T, *runloop.Cmd) error {
		return func(t *testing.T, c *runloop.Cmd) error {
			c.Stdin = strings.NewReader("")
			output, err := run(c)
			if c.State != nil && string(output) != "out\n" {
				t.Errorf("%q: %v", output, err)
			}
			return err
		}
	}
	runs := map[string]func(t *testing.T, c *runloop.Cmd) error{
		"Run": func(t *testing.T, c *runloop.Cmd) error {
			c.Stdin = strings.NewReader("")
			return c.Run()
		},
		"Run with a WaitDelay": func(t *testing.T, c *runloop.Cmd) error {
			c.Stdout, c.WaitDelay = io.Discard, time.Hour
			return c.Run()
		},
		"Wait": func(t *testing.T, c *runloop.Cmd) error {
			ok(t, c.Start())
			return c.Wait()
		},
		"Output":         withOutput((*runloop.Cmd).Output),
		"CombinedOutput": withOutput((*runloop.Cmd).CombinedOutput),
		"StdoutPipe": func(t *testing.T, c *runloop.Cmd) error {
			stdout := must(c.StdoutPipe())(t)
			defer stdout.Close()
			ok(t, c.Start())
			_, err := io.ReadAll(stdout)
			var failure *runloop.Error
			if _, again := stdout.Read(make([]byte, 1)); !errors.As(again, &failure) {
				t.Error(again)
			}
			if waited := c.Wait(); !errors.As(waited, &failure) || !errors.Is(err, failure.Status) {
				t.Error(waited)
			}
			return err
		},
	}
	why := errors.New("why")
	ends := map[string]func(t *testing.T, run func(d *runloop.Devbox, ctx context.Context, end func() error) error){
		"cancelled": func(t *testing.T, run func(*runloop.Devbox, context.Context, func() error) error) {
			ctx, cancel := context.WithCancel(t.Context())
			if err := run(d, ctx, func() error { cancel(); return nil }); !errors.Is(err, context.Canceled) || !errors.Is(err, runloop.ErrCancelled) {
				t.Error(err)
			}
		},
		"cancelled with a cause": func(t *testing.T, run func(*runloop.Devbox, context.Context, func() error) error) {
			ctx, cancel := context.WithCancelCause(t.Context())
			if err := run(d, ctx, func() error { cancel(why); return nil }); !errors.Is(err, context.Canceled) || !errors.Is(err, why) {
				t.Error(err)
			}
		},
		"deadline": func(t *testing.T, run func(*runloop.Devbox, context.Context, func() error) error) {
			ctx := deadlined{t.Context(), make(chan struct{})}
			err := run(d, ctx, func() error { close(ctx.over); return nil })
			var failure *runloop.Error
			if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &failure) || !failure.Timeout() {
				t.Error(err)
			}
		},
		"client closed": func(t *testing.T, run func(*runloop.Devbox, context.Context, func() error) error) {
			second := emulator.Client(t)
			shared := must(second.AttachDevbox(d.ID()))(t)
			defer shared.Close()
			err := run(shared, t.Context(), second.Close)
			if !errors.Is(err, runloop.ErrClosed) || errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		},
	}
	seconds := 43290
	for how, end := range ends {
		for name, run := range runs {
			t.Run(how+", "+name, func(t *testing.T) {
				end(t, func(d *runloop.Devbox, ctx context.Context, end func() error) error {
					// Each its own: the one before may still be seen.
					seconds++
					sleep := fmt.Sprintf("sleep %d", seconds)
					c := d.Command(ctx, "echo out; "+sleep)
					wanted := awaited(emulator) + 1
					if name == "StdoutPipe" {
						wanted++
					}
					ending := later(func() error {
						eventually(t, "nobody waits for the command", func() bool {
							return sleeping(emulator, sleep) && awaited(emulator) >= wanted
						})
						return end()
					})
					err := run(t, c)
					ok(t, <-ending)
					var exit *runloop.ExitError
					if errors.As(err, &exit) {
						t.Error("an error of the command's")
					}
					// Close waits for a while alone.
					known := c.State != nil || !errors.Is(err, runloop.ErrClosed)
					if known && (c.State == nil || c.State.Outcome != runloop.OutcomeSignalled) {
						t.Errorf("%+v: %v", c.State, err)
					}
					return err
				})
			})
		}
	}
}

// A clean-up runs after its call has returned. If it fails, that is only logged.
func TestAFailedCleanUpIsLogged(t *testing.T) {
	emulator, client := start(t)
	second := emulator.Client(t)
	d := must(second.AttachDevbox(devbox(t, client).ID()))(t)
	defer d.Close()
	var logged bytes.Buffer
	ok(t, runloop.SetLogger(slog.New(slog.NewTextHandler(&logged, nil))))
	t.Cleanup(func() { ok(t, runloop.SetLogger(nil)) })
	emulator.Fault("executions.kill", 0, 1, map[string]any{"type": "status", "status": 400})
	ctx, cancel := context.WithCancel(t.Context())
	c := d.Command(ctx, "echo out; sleep 43280")
	c.Stdout = writerFunc(func(p []byte) (int, error) { cancel(); return len(p), nil })
	if err := c.Run(); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	// It waits for the clean-up, and replacing the logger waits for its records.
	ok(t, second.Close())
	ok(t, runloop.SetLogger(nil))
	equal(t, strings.Contains(logged.String(), "/kill"), true)
}

// sleeping says whether a command has come to its sleep.
func sleeping(emulator *runlooptest.Emulator, sleep string) bool {
	return slices.ContainsFunc(emulator.Leaks().Processes, func(p runlooptest.Process) bool { return p.Command == sleep })
}

// awaited says how often somebody has begun to wait for a command's output or its end.
func awaited(emulator *runlooptest.Emulator) (times int) {
	for _, operation := range emulator.Requests() {
		if strings.Contains(operation, ".stream_") || strings.Contains(operation, ".wait_for_") {
			times++
		}
	}
	return times
}
