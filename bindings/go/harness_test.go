package runloop_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	runloop "github.com/librunloop/librunloop/bindings/go"
	"github.com/librunloop/librunloop/bindings/go/runlooptest"
)

// The emulator of the examples; each test has one of its own.
func TestMain(m *testing.M) { runlooptest.Main(m) }

// start returns an emulator and a client; at the end of the test no handle, goroutine, devbox or
// process may be left.
func start(t *testing.T, arguments ...string) (*runlooptest.Emulator, *runloop.Client) {
	t.Helper()
	nothingLeft(t)
	emulator := runlooptest.Start(t, arguments...)
	client := emulator.Client(t)
	t.Cleanup(func() {
		eventually(t, "devboxes and processes are left", func() bool {
			leaks := emulator.Leaks()
			return len(leaks.Devboxes) == 0 && len(leaks.Processes) == 0
		})
	})
	return emulator, client
}

// devbox gives one that is shut down at the end.
func devbox(t *testing.T, client *runloop.Client) *runloop.Devbox {
	t.Helper()
	devbox := must(client.CreateDevbox(t.Context(), nil))(t)
	t.Cleanup(func() {
		if err := devbox.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		devbox.Close()
	})
	return devbox
}

// nothingLeft checks at the end that there are no more handles and goroutines than none.
func nothingLeft(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		eventually(t, "handles or goroutines are left", func() bool {
			return runloop.LiveHandles("") == 0 && len(goroutines()) == 0
		})
		if t.Failed() {
			for _, kind := range []string{"client", "config", "params", "value", "bytes", "error", "cancel", "devbox", "execution", "exec_result", "output_stream"} {
				if n := runloop.LiveHandles(kind); n > 0 {
					t.Logf("%d of the kind %s", n, kind)
				}
			}
			t.Logf("%d handles; goroutines: %s", runloop.LiveHandles(""), strings.Join(goroutines(), "\n\n"))
		}
	})
}

// goroutines returns the stacks of those that are neither the tests' own nor the runtime's.
func goroutines() []string {
	text := make([]byte, 16<<20)
	var ours []string
	for _, stack := range strings.Split(string(text[:runtime.Stack(text, true)]), "\n\n") {
		others := []string{"testing.tRunner", "testing.(*M)", "os/signal.", "runtime.runCleanups"}
		if !slices.ContainsFunc(others, func(name string) bool { return strings.Contains(stack, name) }) {
			ours = append(ours, stack)
		}
	}
	return ours
}

// eventually waits for what has no event of its own.
func eventually(t *testing.T, complaint string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Error(complaint)
			return
		}
	}
}

// must is for calls that have to succeed.
func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T comparable](t *testing.T, got, want T) {
	t.Helper()
	if got != want {
		t.Fatalf("got %v, want %v", got, want)
	}
}

// running says whether a process of an emulator has something in its command line.
func running(emulator *runlooptest.Emulator, what string) bool {
	return slices.ContainsFunc(emulator.Leaks().Processes, func(process runlooptest.Process) bool {
		return strings.Contains(process.Command, what)
	})
}

// within waits for what must not hang; it says nothing of how long that takes.
func within[T any](t *testing.T, what string, done <-chan T) T {
	t.Helper()
	select {
	case value := <-done:
		return value
	case <-time.After(time.Minute):
		t.Fatalf("%s hangs", what)
		panic("unreachable")
	}
}

// later makes a call on a goroutine of its own.
func later(call func() error) <-chan error {
	done := make(chan error, 1)
	go func() { done <- call() }()
	return done
}
