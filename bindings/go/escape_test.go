package runloop_test

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

// how a call ended that was made on a goroutine of its own.
type ending struct {
	err      error
	panicked any
	exited   bool
}

// ends makes a call, and tells how it ended.
func ends(call func() error) ending {
	told := make(chan ending)
	go func() {
		e := ending{exited: true}
		defer func() {
			if e.exited {
				if e.panicked = recover(); e.panicked != nil {
					e.exited = false
				}
			}
			told <- e
		}()
		err := call()
		e = ending{err: err}
	}()
	return <-told
}

// Every function of the caller's that a call uses may panic, or end its goroutine as t.FailNow does: the
// call ends, what it had begun is undone (start checks that), and the caller's goroutine continues with
// the panic or with its end.
func TestWhateverTheCallersFunctionsDoGoesOnInTheCaller(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	folder := t.TempDir()
	ok(t, d.WriteFile(t.Context(), "file", []byte("contents")))
	ok(t, d.UploadFS(t.Context(), fstest.MapFS{"a": {Data: []byte("a"), Mode: 0o644}}, "tree"))
	const command = "echo x; sleep 4322 & sleep 4322"
	calls := map[string]func(act func()) error{
		"a writer of Exec": func(act func()) error {
			_, err := d.Exec(t.Context(), command, &runloop.ExecOptions{Stdout: acting(act)})
			return err
		},
		"OnOutput of Exec": func(act func()) error {
			_, err := d.Exec(t.Context(), command, &runloop.ExecOptions{OnOutput: func(runloop.Stream, []byte) error { act(); return nil }})
			return err
		},
		"a writer of Run": func(act func()) error {
			c := d.Command(t.Context(), command)
			c.Stdout = acting(act)
			return c.Run()
		},
		"a writer of Run with an input": func(act func()) error {
			c := d.Command(t.Context(), command)
			c.Stdin, c.Stdout = strings.NewReader("x"), acting(act)
			return c.Run()
		},
		"a writer of Run with a WaitDelay": func(act func()) error {
			c := d.Command(t.Context(), command)
			c.WaitDelay, c.Stdout = 1e9, acting(act)
			return c.Run()
		},
		"Stdin of Run": func(act func()) error {
			c := d.Command(t.Context(), command)
			c.Stdin = readerFunc(func([]byte) (int, error) { act(); return 0, io.EOF })
			return c.Run()
		},
		"the reader of an upload": func(act func()) error {
			return d.UploadFile(t.Context(), "x", readerFunc(func([]byte) (int, error) { act(); return 0, io.EOF }))
		},
		"the writer of a download": func(act func()) error { return d.DownloadFile(t.Context(), "file", acting(act)) },
		"a progress function": func(act func()) error {
			return d.UploadFile(t.Context(), "x", strings.NewReader("x"), runloop.WithProgress(func(int64, int64) error { act(); return nil }))
		},
		"OnSkipped": func(act func()) error {
			return d.DownloadDir(t.Context(), "tree", filepath.Join(folder, "x"), &runloop.TreeOptions{OnSkipped: func(string, string) { act() }})
		},
		"a build log's function": func(act func()) error {
			params := &runloop.BlueprintCreateParams{Name: "acting", Dockerfile: "FROM scratch\nRUN echo line; sleep 1\n"}
			b, err := client.CreateBlueprint(t.Context(), params, func(runloop.BlueprintBuildLog) error { act(); return nil })
			b.Close()
			return err
		},
		"a file system": func(act func()) error {
			return d.UploadFS(t.Context(), openFS{fstest.MapFS{"a": {}}, func(string) { act() }}, "fs")
		},
		"an object's source": func(act func()) error {
			_, err := client.UploadObjectFromSource(t.Context(), "o", readerFunc(func([]byte) (int, error) { act(); return 0, io.EOF }), nil)
			return err
		},
		"MarshalJSON": func(act func()) error {
			_, err := client.CreateDevbox(t.Context(), nil, runloop.WithExtraBody("x", marshalerFunc(act)))
			return err
		},
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			if name == "OnSkipped" {
				must(d.Command(t.Context(), "mkfifo tree/fifo; ln -s /etc/passwd tree/outside").Output())(t)
			}
			if e := ends(func() error { return call(func() { panic(name) }) }); e.panicked != name {
				t.Fatalf("%+v %v", e, e.err)
			}
			if e := ends(func() error { return call(runtime.Goexit) }); !e.exited {
				t.Fatalf("%+v %v", e, e.err)
			}
			eventually(t, "a command is left", func() bool { return !running(emulator, "4322") })
		})
	}
	// The library works as before.
	equal(t, string(must(d.Command(t.Context(), "echo fine").Output())(t)), "fine\n")
}

// After Start the writers run on a goroutine of the command's: what they do is seen in Wait.
func TestWhatAWriterDoesAfterStartIsSeenInWait(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	for _, set := range []func(*runloop.Cmd, func()){
		func(c *runloop.Cmd, act func()) { c.Stdout = acting(act) },
		func(c *runloop.Cmd, act func()) {
			c.Stdin = readerFunc(func([]byte) (int, error) { act(); return 0, io.EOF })
		},
	} {
		wait := func(act func()) error {
			c := d.Command(t.Context(), "echo x; sleep 4323")
			set(c, act)
			ok(t, c.Start())
			return c.Wait()
		}
		if e := ends(func() error { return wait(func() { panic("why") }) }); e.panicked != "why" {
			t.Fatalf("%+v %v", e, e.err)
		}
		e := ends(func() error { return wait(runtime.Goexit) })
		var failure *runloop.Error
		if !errors.As(e.err, &failure) || failure.Status != runloop.ErrStopped || failure.ResourceID == "" {
			t.Fatalf("%+v %v", e, e.err)
		}
		eventually(t, "a command is left", func() bool { return !running(emulator, "4323") })
	}
}

// acting is a writer that does something else first.
func acting(act func()) io.Writer {
	return writerFunc(func(p []byte) (int, error) { act(); return len(p), nil })
}

type marshalerFunc func()

func (f marshalerFunc) MarshalJSON() ([]byte, error) { f(); return []byte("1"), nil }

// openFS acts when a file is opened.
type openFS struct {
	fs.FS
	act func(name string)
}

func (f openFS) Open(name string) (fs.File, error) {
	if name != "." {
		f.act(name)
	}
	return f.FS.Open(name)
}
