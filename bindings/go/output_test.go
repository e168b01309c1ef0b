package runloop_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	runloop "github.com/librunloop/librunloop/bindings/go"
	"github.com/librunloop/librunloop/bindings/go/runlooptest"
)

func runlooptestStart(t *testing.T) string { return runlooptest.Start(t).URL }

// peak is the most memory that this process has had, in KiB, since it was forgotten.
func peak(t *testing.T) (kib int) {
	for line := range strings.Lines(string(must(os.ReadFile("/proc/self/status"))(t))) {
		if text, found := strings.CutPrefix(line, "VmHWM:"); found {
			ok(t, json.Unmarshal([]byte(strings.TrimSuffix(strings.TrimSpace(text), " kB")), &kib))
		}
	}
	return kib
}

// Output that goes to a writer, or to nobody, is kept by nobody.
func TestOutputThatIsNotAskedForIsNotKept(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	const size = 64 << 20
	for name, run := range map[string]func(*runloop.Cmd) error{
		"io.Discard": func(c *runloop.Cmd) error { c.Stdout = io.Discard; return c.Run() },
		"no writer":  (*runloop.Cmd).Run,
		"with an input": func(c *runloop.Cmd) error {
			c.Stdin, c.Stdout, c.Stderr = strings.NewReader(""), io.Discard, io.Discard
			return c.Run()
		},
	} {
		ok(t, os.WriteFile("/proc/self/clear_refs", []byte("5"), 0))
		before := peak(t)
		ok(t, run(d.Command(t.Context(), "yes 0123456789012345678901234567890123456789 | head -c 67108864")))
		if more := (peak(t) - before) << 10; more > size/2 {
			t.Errorf("%s: %d MiB more", name, more>>20)
		}
	}
}

// The end of a pipe lasts, and only Wait reports how a command ended.
func TestTheEndOfAPipeLasts(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	c := d.Command(t.Context(), "echo out")
	stdout, stdin := must(c.StdoutPipe())(t), must(c.StdinPipe())(t)
	ok(t, c.Start())
	equal(t, string(must(io.ReadAll(stdout))(t)), "out\n")
	for range 3 {
		if n, err := stdout.Read(make([]byte, 1)); n != 0 || err != io.EOF {
			t.Fatal(n, err)
		}
	}
	if c.State != nil {
		t.Fatal("a state before Wait")
	}
	ok(t, c.Wait())
	equal(t, c.State.Success, true)
	ok(t, stdout.Close())
	if _, err := stdin.Write([]byte("x")); err != io.ErrClosedPipe {
		t.Fatal(err)
	}
	ok(t, stdin.Close())
}

// The execution of a command under way never calls its writers.
func TestOthersMayWaitForACommandsExecution(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	var writing, wrong atomic.Int32
	var got bytes.Buffer
	c := d.Command(t.Context(), "for i in 1 2 3 4 5; do echo $i; sleep 0.05; done")
	c.Stdout = writerFunc(func(p []byte) (int, error) {
		if writing.Add(1) != 1 {
			wrong.Add(1)
		}
		defer writing.Add(-1)
		return got.Write(p)
	})
	ok(t, c.Start())
	var all sync.WaitGroup
	for range 4 {
		all.Add(1)
		go func() {
			defer all.Done()
			result, err := c.Execution.Result(context.Background())
			if err != nil && !errors.Is(err, runloop.ErrInvalidHandle) {
				t.Error(err)
			}
			result.Close()
		}()
	}
	ok(t, c.Wait())
	all.Wait()
	equal(t, got.String(), "1\n2\n3\n4\n5\n")
	equal(t, wrong.Load(), 0)
}

// What is meant for a command's first request alone does not go out with those that follow.
func TestACommandsWaitAndKillAreRequestsOfTheirOwn(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	options := []runloop.CallOption{
		runloop.WithIdempotencyKey("only-the-command"), runloop.WithExtraBody("only_the_command", true),
		runloop.WithExtraQuery("only_the_command", "1"), runloop.WithExtraHeader("X-All", "1"),
	}
	c := d.Command(t.Context(), "cat", options...)
	c.Stdin = strings.NewReader("in")
	equal(t, string(must(c.Output())(t)), "in")
	ctx, cancel := context.WithCancel(t.Context())
	c = d.Command(ctx, "echo x; sleep 4328", options...)
	c.Stdin, c.Stdout = strings.NewReader(""), acting(cancel)
	if err := c.Run(); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	eventually(t, "the command is left", func() bool { return !running(emulator, "4328") })
	var journal struct {
		Requests []map[string]any `json:"requests"`
	}
	emulator.Control(http.MethodGet, "journal", nil, &journal)
	marked := 0
	for _, request := range journal.Requests {
		text := string(must(json.Marshal(request))(t))
		if !strings.Contains(text, "only-the-command") && !strings.Contains(text, "only_the_command") {
			continue
		}
		if marked++; request["operation"] != "devboxes.execute_async" {
			t.Error(text)
		}
	}
	equal(t, marked, 2)
}
