package runloop_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func TestFiles(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	ok(t, d.WriteFile(t.Context(), "text", []byte("grün\n")))
	equal(t, string(must(d.ReadFile(t.Context(), "text"))(t)), "grün\n")
	ok(t, d.WriteFile(t.Context(), "empty", nil))
	equal(t, len(must(d.ReadFile(t.Context(), "empty"))(t)), 0)
	if _, err := d.ReadFile(t.Context(), "nowhere"); !errors.As(err, new(*runloop.Error)) {
		t.Fatal(err)
	}

	large := bytes.Repeat([]byte("0123456789abcde\x00"), 1<<16)
	folder := t.TempDir()
	local := filepath.Join(folder, "local")
	ok(t, os.WriteFile(local, large, 0o600))
	file := must(os.Open(local))(t)
	defer file.Close()
	progressed := int64(0)
	progress := runloop.WithProgress(func(done, total int64) error { progressed = done; return nil })
	for name, from := range map[string]io.Reader{
		"bytes":   bytes.NewReader(large),
		"file":    file,
		"unknown": io.MultiReader(bytes.NewReader(large)),
		"section": io.NewSectionReader(file, 0, int64(len(large))),
	} {
		progressed = 0
		ok(t, d.UploadFile(t.Context(), "uploaded", from, progress))
		if progressed < int64(len(large)) {
			t.Errorf("%s: the progress function got %d bytes", name, progressed)
		}
		var back bytes.Buffer
		ok(t, d.DownloadFile(t.Context(), "uploaded", &back))
		equal(t, sha256.Sum256(back.Bytes()), sha256.Sum256(large))
	}
	ok(t, d.UploadLocalFile(t.Context(), "again", local))
	ok(t, d.DownloadLocalFile(t.Context(), "again", filepath.Join(folder, "back")))
	equal(t, sha256.Sum256(must(os.ReadFile(filepath.Join(folder, "back")))(t)), sha256.Sum256(large))
}

func TestReadersAndWritersThatFailEndTransfers(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	broken := errors.New("broken")
	failing := io.MultiReader(strings.NewReader("some"), readerFunc(func([]byte) (int, error) { return 0, broken }))
	if err := d.UploadFile(t.Context(), "x", failing); !errors.Is(err, broken) || !errors.Is(err, runloop.ErrStopped) {
		t.Fatal(err)
	}
	// An error that comes with the last bytes.
	both := readerFunc(func(p []byte) (int, error) { return copy(p, "last"), broken })
	if err := d.UploadFile(t.Context(), "x", both); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	idle := readerFunc(func([]byte) (int, error) { return 0, nil })
	if err := d.UploadFile(t.Context(), "x", idle); !errors.Is(err, io.ErrNoProgress) {
		t.Fatal(err)
	}
	ok(t, d.WriteFile(t.Context(), "x", []byte("contents")))
	short := writerFunc(func(p []byte) (int, error) { return len(p) - 1, nil })
	if err := d.DownloadFile(t.Context(), "x", short); !errors.Is(err, io.ErrShortWrite) {
		t.Fatal(err)
	}
	err := d.DownloadFile(t.Context(), "x", io.Discard, runloop.WithProgress(func(int64, int64) error { return broken }))
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if err := d.UploadLocalFile(t.Context(), "x", "/no/such/file"); !errors.Is(err, runloop.ErrLocalIO) {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	endless := readerFunc(func(p []byte) (int, error) { cancel(); return len(p), nil })
	if err := d.UploadFile(ctx, "x", endless); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestDirectories(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	from := t.TempDir()
	ok(t, os.MkdirAll(filepath.Join(from, "deep", "er"), 0o755))
	ok(t, os.WriteFile(filepath.Join(from, "deep", "er", "file"), []byte("deep\n"), 0o640))
	ok(t, os.WriteFile(filepath.Join(from, "script"), []byte("#!/bin/sh\necho ran\n"), 0o755))
	ok(t, os.WriteFile(filepath.Join(from, "left.log"), []byte("out"), 0o644))
	ok(t, os.Symlink("/etc/passwd", filepath.Join(from, "outside")))
	var skipped []string
	tree := &runloop.TreeOptions{Ignore: []string{"*.log"}, OnSkipped: func(path, reason string) {
		skipped = append(skipped, path)
	}}
	ok(t, d.UploadDir(t.Context(), from, "work", tree))
	equal(t, string(must(d.Command(t.Context(), "cd work && ./script && find . -type f | sort").Output())(t)), "ran\n./deep/er/file\n./script\n")

	to := filepath.Join(t.TempDir(), "back")
	ok(t, d.DownloadDir(t.Context(), "work", to, &runloop.TreeOptions{OnSkipped: func(path, reason string) { skipped = append(skipped, path) }}))
	equal(t, string(must(os.ReadFile(filepath.Join(to, "deep", "er", "file")))(t)), "deep\n")
	if !strings.Contains(fmt.Sprint(skipped), "outside") {
		t.Fatalf("%v", skipped)
	}
	err := d.DownloadDir(t.Context(), "work", filepath.Join(t.TempDir(), "x"), &runloop.TreeOptions{MaxEntries: 1})
	if !errors.Is(err, runloop.ErrBadArchive) {
		t.Fatal(err)
	}
	func() {
		defer func() { equal(t, recover(), any("skipped")) }()
		_ = d.DownloadDir(t.Context(), "work", filepath.Join(t.TempDir(), "x"), &runloop.TreeOptions{OnSkipped: func(string, string) { panic("skipped") }})
		t.Error("no panic")
	}()
}

//go:embed *_test.go
var embedded embed.FS

func TestFileSystemsGoUp(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	ok(t, d.UploadFS(t.Context(), embedded, "it's embedded/here"))
	want := must(embedded.ReadFile("file_test.go"))(t)
	equal(t, string(must(d.ReadFile(t.Context(), "it's embedded/here/file_test.go"))(t)), string(want))

	memory := fstest.MapFS{
		"bin/run": {Data: []byte("#!/bin/sh\necho ran\n"), Mode: 0o755},
		"empty":   {Mode: fs.ModeDir | 0o755},
		"link":    {Data: []byte("bin/run"), Mode: fs.ModeSymlink},
	}
	ok(t, d.UploadFS(t.Context(), memory, "fs"))
	equal(t, string(must(d.Command(t.Context(), "cd fs && bin/run && find . | sort; ls -A /tmp/.librunloop* 2>/dev/null || true").CombinedOutput())(t)),
		"ran\n.\n./bin\n./bin/run\n./empty\n")

	broken := errors.New("broken")
	err := d.UploadFS(t.Context(), brokenFS{memory, broken}, "fs")
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	err = d.UploadFS(t.Context(), memory, "/proc/nowhere")
	var failure *runloop.Error
	if !errors.As(err, &failure) || failure.Status != runloop.ErrRemoteIO || len(failure.Body) == 0 {
		t.Fatal(err)
	}
}

type brokenFS struct {
	fs.FS
	err error
}

func (b brokenFS) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, "run") {
		return nil, b.err
	}
	return b.FS.Open(name)
}
