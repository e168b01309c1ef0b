package runloop_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"reflect"
	"runtime"
	"testing"
	"testing/fstest"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

// After Client.Close every call fails with ErrClosed, the client's own and those of everything made from it.
func TestCallsAfterTheClientIsClosed(t *testing.T) {
	emulator, _ := start(t)
	client := must(runloop.NewClient(emulator.Config()))(t)
	ctx := t.Context()
	d := must(client.CreateDevbox(ctx, nil))(t)
	execution := must(d.ExecAsync(ctx, "cat", &runloop.ExecOptions{AttachStdin: true}))(t)
	stream := must(execution.Stream(runloop.Stdout))(t)
	evictions := must(client.WatchEvictions())(t)
	object := must(client.UploadObjectFromText(ctx, "a.txt", "text", nil))(t)
	ok(t, object.Delete(ctx))
	ok(t, d.Shutdown(ctx))
	ok(t, client.Close())
	ok(t, client.Close())
	sent := len(emulator.Requests())

	closed := func(name string, err error) {
		t.Helper()
		if !errors.Is(err, runloop.ErrClosed) || errors.Is(err, runloop.ErrInvalidHandle) {
			t.Errorf("%s: %v", name, err)
		}
	}
	call := func(name string, f func() error) { t.Helper(); closed(name, f()) }
	call("CreateDevbox", func() error { _, err := client.CreateDevbox(ctx, nil); return err })
	call("AttachDevbox", func() error { _, err := client.AttachDevbox("dbx_1"); return err })
	call("ObjectFromID", func() error { _, err := client.ObjectFromID("obj_1"); return err })
	call("WithDevbox", func() error {
		return client.WithDevbox(ctx, nil, func(context.Context, *runloop.Devbox) error { return errors.New("called") })
	})
	call("Request", func() error { _, err := client.Request(ctx, "GET", "/v1/devboxes", nil, nil); return err })
	call("WatchEvictions", func() error { _, err := client.WatchEvictions(); return err })
	call("UploadObjectFromSource", func() error {
		_, err := client.UploadObjectFromSource(ctx, "a", bytes.NewReader([]byte("a")), nil)
		return err
	})
	call("UploadObjectFromFS", func() error {
		_, err := client.UploadObjectFromFS(ctx, "a", fstest.MapFS{"a": {}}, nil)
		return err
	})
	call("ListDevboxes", func() error {
		for _, err := range client.ListDevboxes(ctx, nil) {
			return err
		}
		return nil
	})
	call("GetInfo", func() error { _, err := d.GetInfo(ctx); return err })
	call("Exec", func() error { _, err := d.Exec(ctx, "true", nil); return err })
	call("Run", func() error { return d.Command(ctx, "true").Run() })
	call("Run with a writer", func() error { _, err := d.Command(ctx, "true").CombinedOutput(); return err })
	call("Start", func() error { return d.Command(ctx, "true").Start() })
	call("UploadFS", func() error { return d.UploadFS(ctx, fstest.MapFS{"a": {}}, "a") })
	call("UploadFile", func() error { return d.UploadFile(ctx, "a", bytes.NewReader([]byte("a"))) })
	call("DownloadFile", func() error { return d.DownloadFile(ctx, "a", &bytes.Buffer{}) })
	call("Result", func() error { _, err := execution.Result(ctx); return err })
	call("SendStdin", func() error { return execution.SendStdin(ctx, "a") })
	call("Next of an output stream", func() error { _, _, err := stream.Next(ctx); return err })
	call("Read of an output stream", func() error { _, err := stream.Reader(ctx).Read(make([]byte, 1)); return err })
	call("Next of an event stream", func() error { _, err := evictions.Next(ctx); return err })
	call("Refresh", func() error { _, err := object.Refresh(ctx); return err })
	equal(t, len(emulator.Requests()), sent)

	// The client's end explains more than that of one handle.
	ok(t, d.Close())
	call("GetInfo of a closed devbox", func() error { _, err := d.GetInfo(ctx); return err })
	for range 2 {
		ok(t, errors.Join(d.Close(), execution.Close(), stream.Close(), evictions.Close(), object.Close()))
	}
	if _, _, err := stream.Next(ctx); !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
}

// A handle that is closed while its client is open is a mistake of the program's.
func TestCallsOfAClosedHandle(t *testing.T) {
	_, client := start(t)
	d := must(client.AttachDevbox("dbx_1"))(t)
	ok(t, d.Close())
	_, err := d.GetInfo(t.Context())
	if !errors.Is(err, runloop.ErrInvalidHandle) || errors.Is(err, runloop.ErrClosed) {
		t.Error(err)
	}
}

// A program's own cleanup may close what it has, and the client with it.
func TestACleanupMayClose(t *testing.T) {
	emulator, _ := start(t)
	done := make(chan error, 1)
	func() {
		client := must(runloop.NewClient(emulator.Config()))(t)
		d := must(client.AttachDevbox("dbx_1"))(t)
		owner := &struct{ name [64]byte }{}
		runtime.AddCleanup(owner, func(c *runloop.Client) { done <- errors.Join(d.Close(), c.Close(), d.Close(), c.Close()) }, client)
	}()
	eventually(t, "the cleanup does not run", func() bool { runtime.GC(); return len(done) == 1 })
	ok(t, <-done)
}

// What holds a handle may be copied: it is freed when no copy is left.
func TestACopyKeepsTheHandle(t *testing.T) {
	_, client := start(t)
	copied := *must(client.AttachDevbox("dbx_nobody"))(t)
	for range 3 {
		collected := make(chan struct{})
		runtime.AddCleanup(&struct{ filled [64]byte }{}, func(ended chan struct{}) { close(ended) }, collected)
		eventually(t, "nothing is collected", func() bool {
			runtime.GC()
			select {
			case <-collected:
				return true
			default:
				return false
			}
		})
	}
	if _, err := copied.GetInfo(t.Context()); !errors.Is(err, runloop.ErrNotFound) {
		t.Error(err)
	}
	ok(t, copied.Close())
}

// A pipe that is closed gives nothing more: neither the rest of a piece, nor what comes after a start.
func TestAClosedPipeGivesNothing(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	c := d.Command(t.Context(), "echo out; echo err >&2")
	stdout, stderr := must(c.StdoutPipe())(t), must(c.StderrPipe())(t)
	ok(t, stderr.Close())
	ok(t, c.Start())
	one := make([]byte, 1)
	must(io.ReadFull(stdout, one))(t)
	ok(t, stdout.Close())
	for _, pipe := range []io.ReadCloser{stdout, stderr} {
		if n, err := pipe.Read(one); n != 0 || !errors.Is(err, os.ErrClosed) {
			t.Error(n, err)
		}
		ok(t, pipe.Close())
	}
	ok(t, c.Wait())
}

// A handle is a number, which the garbage collector must not look at as a pointer.
func TestHandlesAreKeptAsNumbers(t *testing.T) {
	equal(t, runloop.Kept(), reflect.Uintptr)
}
