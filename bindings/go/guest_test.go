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
