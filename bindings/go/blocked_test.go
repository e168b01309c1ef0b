package runloop_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	runloop "github.com/librunloop/librunloop/bindings/go"
	"github.com/librunloop/librunloop/bindings/go/runlooptest"
)

// blocking is a reader that gives what it is told to, and blocks until the end of the test.
type blocking struct {
	begun chan struct{}
	end   chan struct{}
}

func newBlocking(t *testing.T) *blocking {
	b := &blocking{begun: make(chan struct{}, 100), end: make(chan struct{})}
	t.Cleanup(func() { close(b.end) })
	return b
}

func (b *blocking) Read([]byte) (int, error) {
	b.begun <- struct{}{}
	<-b.end
	return 0, io.EOF
}

// A reader that blocks does not hold up the end of a call.
func TestTheContextsEndIsNotHeldUpByAReader(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	for name, call := range map[string]func(ctx context.Context, from io.Reader) error{
		"upload": func(ctx context.Context, from io.Reader) error { return d.UploadFile(ctx, "x", from) },
		"object": func(ctx context.Context, from io.Reader) error {
			_, err := client.UploadObjectFromSource(ctx, "x", from, nil)
			return err
		},
		"file system": func(ctx context.Context, from io.Reader) error {
			return d.UploadFS(ctx, openFS{fstest.MapFS{"a": {}}, func(string) { _, _ = from.Read(nil) }}, "fs")
		},
		"command": func(ctx context.Context, from io.Reader) error {
			c := d.Command(ctx, "cat; sleep 4324")
			c.Stdin = from
			return c.Run()
		},
	} {
		t.Run(name, func(t *testing.T) {
			from := newBlocking(t)
			ctx, cancel := context.WithCancel(t.Context())
			done := later(func() error { return call(ctx, from) })
			<-from.begun
			cancel()
			if err := within(t, "the call", done); !errors.Is(err, context.Canceled) || !errors.Is(err, runloop.ErrCancelled) {
				t.Fatal(err)
			}
		})
	}
}

func TestClosingTheClientIsNotHeldUpByAReader(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	second := emulator.Client(t)
	shared := must(second.AttachDevbox(d.ID()))(t)
	defer shared.Close()
	from := newBlocking(t)
	done := later(func() error { return shared.UploadFile(context.Background(), "x", from) })
	<-from.begun
	ok(t, second.Close())
	if err := within(t, "the call", done); !errors.Is(err, runloop.ErrClosed) {
		t.Fatal(err)
	}
}

// A kill that the service does not answer holds up nobody but the client's Close.
func TestTheContextsEndIsNotHeldUpByTheKill(t *testing.T) {
	emulator, direct := start(t)
	d := devbox(t, direct)
	runloop.UndoWithin(t, time.Hour)
	for name, call := range map[string]func(d *runloop.Devbox, ctx context.Context, cancel func()) error{
		"Run": func(d *runloop.Devbox, ctx context.Context, cancel func()) error {
			c := d.Command(ctx, "echo x; sleep 4325")
			c.Stdin, c.Stdout = strings.NewReader(""), acting(cancel)
			return c.Run()
		},
		"Wait": func(d *runloop.Devbox, ctx context.Context, cancel func()) error {
			c := d.Command(ctx, "echo x; sleep 4325")
			c.Stdout = acting(cancel)
			if err := c.Start(); err != nil {
				return err
			}
			return c.Wait()
		},
		"UploadFS": func(d *runloop.Devbox, ctx context.Context, cancel func()) error {
			return d.UploadFS(ctx, openFS{fstest.MapFS{"a": {}}, func(string) { cancel() }}, "fs")
		},
	} {
		t.Run(name, func(t *testing.T) {
			// The request that undoes the call is held up for as long as the call lasts.
			path := "/kill"
			if name == "UploadFS" {
				path = "/execute_async"
			}
			url, held, release := holding(t, emulator.URL, path)
			config := emulator.Config()
			config.BaseURL = url
			client := must(runloop.NewClient(config))(t)
			through := must(client.AttachDevbox(d.ID()))(t)
			defer through.Close()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			err := within(t, "the call", later(func() error { return call(through, ctx, cancel) }))
			if !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			if e := new(runloop.Error); !errors.As(err, &e) || e.Attempts > 0 {
				within(t, "what undoes the call", held)
			}
			release()
			ok(t, client.Close())
			eventually(t, "the command is left", func() bool { return !running(emulator, "4325") })
		})
	}
}

// holding returns the address of a proxy that holds requests whose path ends so until it is released,
// and tells of each.
func holding(t *testing.T, to, path string) (address string, held <-chan struct{}, release func()) {
	target := must(url.Parse(to))(t)
	transport := &http.Transport{}
	proxy := &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport:     transport,
		FlushInterval: -1,
		// Calls that end before their answers are what is tried.
		ErrorLog: log.New(io.Discard, "", 0),
	}
	came, free := make(chan struct{}, 100), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, path) {
			came <- struct{}{}
			<-free
		}
		proxy.ServeHTTP(w, r)
	}))
	release = sync.OnceFunc(func() { close(free) })
	t.Cleanup(func() {
		release()
		server.Close()
		transport.CloseIdleConnections()
	})
	return server.URL, came, release
}

// A program that closes its client at its end leaves no command behind.
func TestCloseWaitsForTheKill(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	round := 0
	for name, end := range map[string]func(client *runloop.Client, cancel func()){
		"cancelled before":   func(_ *runloop.Client, cancel func()) { cancel() },
		"cancelled by Close": func(client *runloop.Client, _ func()) { ok(t, client.Close()) },
	} {
		round++
		t.Run(name, func(t *testing.T) {
			second := emulator.Client(t)
			shared := must(second.AttachDevbox(d.ID()))(t)
			defer shared.Close()
			emulator.Fault("executions.kill", 0, 1, map[string]any{"type": "delay", "ms": 1000})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			begun := make(chan struct{})
			c := shared.Command(ctx, "echo x; sleep 4326")
			c.Stdout = acting(func() { close(begun) })
			ok(t, c.Start())
			<-begun
			end(second, cancel)
			err := c.Wait()
			if want := map[bool]error{true: runloop.ErrCancelled, false: runloop.ErrClosed}[name == "cancelled before"]; !errors.Is(err, want) {
				t.Fatal(err)
			}
			before := kills(emulator)
			ok(t, second.Close())
			if killed := kills(emulator); killed != round || before != round && name == "cancelled by Close" {
				t.Fatalf("%d kills were answered", killed)
			}
			eventually(t, "the command is left", func() bool { return !running(emulator, "4326") })
		})
	}
}

// kills says how many kills were answered.
func kills(emulator *runlooptest.Emulator) (answered int) {
	var journal struct {
		Requests []struct {
			Operation string
			Status    *int
		}
	}
	emulator.Control(http.MethodGet, "journal", nil, &journal)
	for _, request := range journal.Requests {
		if request.Operation == "executions.kill" && request.Status != nil {
			answered++
		}
	}
	return answered
}

// A Stdin that blocks, as a terminal does, does not hold up the end of a command that does not read it.
func TestTheCommandsEndIsNotHeldUpByStdin(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	read, write, err := os.Pipe()
	ok(t, err)
	defer read.Close()
	defer write.Close()
	for _, from := range []io.Reader{read, newBlocking(t)} {
		for _, delay := range []time.Duration{0, time.Millisecond} {
			c := d.Command(t.Context(), "exit 7")
			c.Stdin, c.WaitDelay = from, delay
			var exit *runloop.ExitError
			if err := within(t, "Run", later(c.Run)); !errors.As(err, &exit) || exit.ExitCode != 7 {
				t.Fatal(err)
			}
		}
	}
	ok(t, read.SetReadDeadline(time.Now()))
}

// A writer that blocks holds up the call, but with a WaitDelay; the command is killed at once.
func TestWaitDelayLeavesAWriterThatBlocks(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	for _, run := range []func(*runloop.Cmd) error{
		(*runloop.Cmd).Run,
		func(c *runloop.Cmd) error { ok(t, c.Start()); return c.Wait() },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		block := newBlocking(t)
		c := d.Command(ctx, "echo x; sleep 4327")
		c.Stdout, c.WaitDelay = acting(func() { _, _ = block.Read(nil) }), 50*time.Millisecond
		done := later(func() error { return run(c) })
		<-block.begun
		cancel()
		err := within(t, "the call", done)
		if !errors.Is(err, exec.ErrWaitDelay) || !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		eventually(t, "the command is left", func() bool { return !running(emulator, "4327") })
	}
	c := d.Command(t.Context(), "true")
	c.WaitDelay = -1
	if err := c.Run(); !errors.Is(err, runloop.ErrInvalidArgument) {
		t.Fatal(err)
	}
}
