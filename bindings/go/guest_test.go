package runloop_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

// handlerFunc is a handler of slog's that does something.
type handlerFunc func()

func (h handlerFunc) Enabled(context.Context, slog.Level) bool  { return true }
func (h handlerFunc) Handle(context.Context, slog.Record) error { h(); return nil }
func (h handlerFunc) WithAttrs([]slog.Attr) slog.Handler        { return h }
func (h handlerFunc) WithGroup(string) slog.Handler             { return h }

// What a logger's handler does, a panic included, is no business of the calls that are logged.
func TestALoggersHandlerMayDoWhatItLikes(t *testing.T) {
	_, client := start(t)
	defer runloop.SetLogger(nil)
	for name, act := range map[string]func(){
		"panics":                func() { panic("in a handler") },
		"ends its goroutine":    runtime.Goexit,
		"silences the library":  func() { _ = runloop.SetLogger(nil) },
		"calls the library":     func() { _ = runloop.LiveHandles("") },
		"fails by a nil handle": func() { var nothing *strings.Builder; nothing.WriteByte('x') },
	} {
		ok(t, runloop.SetLogger(slog.New(handlerFunc(act))))
		ok(t, runloop.LoggerPanic())
		for range 20 {
			must(client.AccountMe(t.Context()))(t)
		}
		err := runloop.LoggerPanic()
		if name == "panics" && (err == nil || !strings.Contains(err.Error(), "in a handler") || !strings.Contains(err.Error(), "guest_test.go")) {
			t.Errorf("%s: %v", name, err)
		}
		if name == "ends its goroutine" && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	ok(t, runloop.SetLogger(nil))
	must(client.AccountMe(t.Context()))(t)
}

// withHandler sets a handler that gets every record, until the end of the test.
func withHandler(t *testing.T, handle func(message string)) {
	t.Helper()
	ok(t, runloop.SetLogger(slog.New(messageHandler{handlerFunc(func() {}), handle})))
	t.Cleanup(func() { _ = runloop.SetLogger(nil) })
}

type messageHandler struct {
	handlerFunc
	handle func(message string)
}

func (h messageHandler) Handle(_ context.Context, r slog.Record) error {
	h.handle(r.Message)
	return nil
}
func (h messageHandler) WithAttrs([]slog.Attr) slog.Handler { return h }
func (h messageHandler) WithGroup(string) slog.Handler      { return h }

// A handler that calls the library is told nothing about those calls, whatever they are made of.
func TestAHandlerIsToldNothingOfItsOwnCalls(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	ctx := t.Context()
	const own = "dbx_of_the_handler"
	ask := func() {
		if _, err := client.Request(context.Background(), "GET", "/v1/devboxes/"+own, nil, nil); !errors.Is(err, runloop.ErrNotFound) {
			t.Error(err)
		}
	}
	for name, act := range map[string]func() error{
		"a call": func() error { ask(); return nil },
		"a call from a writer": func() error {
			c := d.Command(ctx, "echo x")
			c.Stdout = writerFunc(func(p []byte) (int, error) { ask(); return len(p), nil })
			return c.Run()
		},
		"a call from a reader": func() error {
			c := d.Command(ctx, "cat; sleep 0.2")
			c.Stdin = readerFunc(func(p []byte) (int, error) { ask(); return 0, io.EOF })
			c.Stdout = writerFunc(func(p []byte) (int, error) { ask(); return len(p), nil })
			return c.Run()
		},
		"a command that is started": func() error {
			c := d.Command(ctx, "cat")
			c.Stdin = strings.NewReader("x")
			c.Stdout = writerFunc(func(p []byte) (int, error) { ask(); return len(p), nil })
			return errors.Join(c.Start(), c.Wait())
		},
		"a client's end": func() error {
			other, err := client.AttachDevbox(own)
			return errors.Join(err, other.Close())
		},
	} {
		var told, recursed, acted atomic.Int32
		withHandler(t, func(message string) {
			told.Add(1)
			if strings.Contains(message, own) {
				recursed.Add(1)
				return
			}
			// A fault must not go on for ever.
			if acted.Add(1) > 20 {
				return
			}
			if err := act(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
		must(client.AccountMe(ctx))(t)
		ok(t, runloop.SetLogger(nil))
		if told.Load() == 0 || recursed.Load() > 0 || acted.Load() > 20 {
			t.Errorf("%s: told %d times, acted %d times, %d times of the handler's own calls", name, told.Load(), acted.Load(), recursed.Load())
		}
	}
}

// SetLogger within a handler waits for nobody who waits for the handler.
func TestSetLoggerWithinAHandler(t *testing.T) {
	_, client := start(t)
	release := make(chan struct{})
	asked := make(chan struct{})
	var once sync.Once
	inside := make(chan error, 1)
	others := make(chan error, 1)
	withHandler(t, func(string) {
		once.Do(func() {
			go func() { others <- runloop.SetLogger(slog.New(blockingHandler{handlerFunc(func() {}), asked, release})) }()
			<-asked
			inside <- runloop.SetLogger(nil)
			close(release)
		})
	})
	call := later(func() error { _, err := client.AccountMe(t.Context()); return err })
	ok(t, within(t, "SetLogger within a handler", inside))
	ok(t, within(t, "SetLogger", others))
	ok(t, within(t, "the call", call))
}

// blockingHandler blocks in Enabled.
type blockingHandler struct {
	handlerFunc
	asked   chan<- struct{}
	release <-chan struct{}
}

func (h blockingHandler) Enabled(context.Context, slog.Level) bool {
	select {
	case h.asked <- struct{}{}:
	case <-h.release:
	}
	<-h.release
	return true
}

// The program's own signals stay its own: the library raises none that it would hear.
func TestSignalsAreTheProgramsOwn(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	heard := make(chan os.Signal, 100)
	signal.Notify(heard, syscall.SIGPIPE, syscall.SIGTERM, syscall.SIGCHLD)
	defer signal.Stop(heard)
	// The profiler's signals interrupt system calls of threads in C, too.
	ok(t, pprof.StartCPUProfile(io.Discard))
	defer pprof.StopCPUProfile()
	for range 20 {
		emulator.Fault("devboxes.retrieve", 0, 1, map[string]any{"type": "reset", "when": "before"})
		must(d.GetInfo(t.Context()))(t)
	}
	read, write, err := os.Pipe()
	ok(t, err)
	defer write.Close()
	read.Close()
	ok(t, d.WriteFile(t.Context(), "x", []byte("contents")))
	if err := d.DownloadFile(t.Context(), "x", write); !errors.Is(err, syscall.EPIPE) {
		t.Fatal(err)
	}
	select {
	case s := <-heard:
		// The write of this program's own.
		equal(t, s, os.Signal(syscall.SIGPIPE))
	default:
	}
	ok(t, syscall.Kill(os.Getpid(), syscall.SIGTERM))
	for s := range heard {
		if s == syscall.SIGTERM {
			break
		}
	}
}

// A program may end in one goroutine while others are in calls.
func TestAProgramMayEndDuringCalls(t *testing.T) {
	if url := os.Getenv("RUNLOOP_TEST_EXIT"); url != "" {
		exitDuringCalls(url)
	}
	emulator := runlooptestStart(t)
	for _, how := range []string{"os.Exit", "panic"} {
		child := exec.Command(os.Args[0], "-test.run=^TestAProgramMayEndDuringCalls$")
		child.Env = append(os.Environ(), "RUNLOOP_TEST_EXIT="+emulator, "RUNLOOP_TEST_HOW="+how)
		said, err := child.CombinedOutput()
		want := map[string]int{"os.Exit": 7, "panic": 2}[how]
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != want || !exit.Exited() {
			t.Fatalf("%s: %v: %s", how, err, said)
		}
	}
}

func exitDuringCalls(url string) {
	client, err := runloop.NewClient(&runloop.Config{BaseURL: url, BearerToken: "test", Proxy: runloop.Ptr("")})
	if err != nil {
		panic(err)
	}
	began := make(chan struct{}, 8)
	for i := range 8 {
		go func() {
			name := strconv.Itoa(i)
			_, _ = client.UploadObjectFromSource(context.Background(), name, readerFunc(func(p []byte) (int, error) {
				select {
				case began <- struct{}{}:
				default:
				}
				return len(p), nil
			}), nil)
		}()
	}
	for range 8 {
		<-began
	}
	if os.Getenv("RUNLOOP_TEST_HOW") == "panic" {
		panic("the program's own")
	}
	os.Exit(7)
}
