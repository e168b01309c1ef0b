package runloop_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

// lengthy has a Len that is not the number of its bytes.
type lengthy struct{ io.Reader }

func (lengthy) Len() int { return 3 }

// What a reader gives arrives whole, whatever it says of its length; what cannot be read is an error.
func TestUploadsAreWhole(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	text := strings.Repeat("0123456789", 10_000)
	open := func(path string, at int64) *os.File {
		file := must(os.Open(path))(t)
		t.Cleanup(func() { file.Close() })
		must(file.Seek(at, io.SeekStart))(t)
		return file
	}
	local := filepath.Join(t.TempDir(), "local")
	ok(t, os.WriteFile(local, []byte(text), 0o600))
	section := io.NewSectionReader(strings.NewReader(text), 10, 90_000)
	must(section.Seek(5, io.SeekStart))(t)
	fileSection := io.NewSectionReader(open(local, 0), 10, 1<<40)
	must(fileSection.Seek(7, io.SeekStart))(t)
	pipe, into, err := os.Pipe()
	ok(t, err)
	defer pipe.Close()
	go func() { _, _ = io.WriteString(into, text); into.Close() }()
	begun := bytes.NewReader([]byte(text))
	must(io.CopyN(io.Discard, begun, 1000))(t)
	version := must(os.ReadFile("/proc/version"))(t)
	for name, upload := range map[string]struct {
		from io.Reader
		want string
	}{
		"a Len of another meaning":      {lengthy{strings.NewReader(text)}, text},
		"a file of /proc":               {open("/proc/version", 0), string(version)},
		"a file from an offset":         {open(local, 77_777), text[77_777:]},
		"a file from behind its end":    {open(local, 1<<20), ""},
		"a section read in part":        {section, text[15:90_010]},
		"a section longer than a file":  {fileSection, text[17:]},
		"a section longer than memory":  {io.NewSectionReader(strings.NewReader(text), 0, 1<<40), text},
		"a pipe":                        {pipe, text},
		"a reader that is read in part": {begun, text[1000:]},
		"a limit":                       {&io.LimitedReader{R: strings.NewReader(text), N: 50_000}, text[:50_000]},
		"a limit above the length":      {&io.LimitedReader{R: strings.NewReader(text), N: 1 << 40}, text},
		"a limit of a file":             {&io.LimitedReader{R: open(local, 5), N: 10}, text[5:15]},
		"a limit below nothing":         {&io.LimitedReader{R: strings.NewReader(text), N: -1}, ""},
		"data with the end":             {readerFunc(func(p []byte) (int, error) { return copy(p, "all"), io.EOF }), "all"},
	} {
		ok(t, d.UploadFile(t.Context(), "uploaded", upload.from))
		var back bytes.Buffer
		ok(t, d.DownloadFile(t.Context(), "uploaded", &back))
		if back.String() != upload.want {
			t.Errorf("%s: %d bytes arrived, not %d", name, back.Len(), len(upload.want))
		}
	}
	for name, from := range map[string]io.Reader{
		"nothing for ever": readerFunc(func([]byte) (int, error) { return 0, nil }),
		"too much":         readerFunc(func(p []byte) (int, error) { return len(p) + 1, nil }),
		"less than none":   readerFunc(func([]byte) (int, error) { return -1, nil }),
		"a closed file":    closedFile(t, local),
	} {
		if err := d.UploadFile(t.Context(), "x", from); !errors.Is(err, runloop.ErrStopped) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := client.UploadObjectFromSource(t.Context(), "x", from, nil); err == nil {
			t.Errorf("%s: an object", name)
		}
	}
	ok(t, d.WriteFile(t.Context(), "contents", []byte("contents")))
	if err := d.DownloadFile(t.Context(), "contents", writerFunc(func(p []byte) (int, error) { return len(p) + 1, nil })); !errors.Is(err, runloop.ErrStopped) {
		t.Error(err)
	}
}

func closedFile(t *testing.T, path string) *os.File {
	file := must(os.Open(path))(t)
	file.Close()
	return file
}

// made is a file system of one file, as odd as its fields are.
type made struct {
	name string // of the entry
	size int64
	open func() io.Reader
}

func (m made) Open(name string) (fs.File, error) {
	if name == "." {
		return madeDir{m}, nil
	}
	return madeFile{m, m.open()}, nil
}

type madeDir struct{ made }

func (d madeDir) Read([]byte) (int, error)   { return 0, io.EOF }
func (d madeDir) Close() error               { return nil }
func (d madeDir) Stat() (fs.FileInfo, error) { return madeInfo{d.made, fs.ModeDir | 0o755}, nil }
func (d madeDir) ReadDir(int) ([]fs.DirEntry, error) {
	return []fs.DirEntry{fs.FileInfoToDirEntry(madeInfo{d.made, 0o644})}, nil
}

type madeFile struct {
	made
	io.Reader
}

func (f madeFile) Close() error               { return nil }
func (f madeFile) Stat() (fs.FileInfo, error) { return madeInfo{f.made, 0o644}, nil }

type madeInfo struct {
	made
	mode fs.FileMode
}

func (i madeInfo) Name() string       { return i.name }
func (i madeInfo) Size() int64        { return i.size }
func (i madeInfo) Mode() fs.FileMode  { return i.mode }
func (i madeInfo) ModTime() time.Time { return time.Time{} }
func (i madeInfo) IsDir() bool        { return i.mode.IsDir() }
func (i madeInfo) Sys() any           { return nil }

func TestOddFileSystemsArriveWholeOrNotAtAll(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	long := strings.Repeat("0123456789abcdef", 100_000)
	give := func(text string) func() io.Reader { return func() io.Reader { return strings.NewReader(text) } }
	for name, m := range map[string]made{
		"no size":               {"file", 0, give("contents")},
		"no size, long":         {"file", 0, give(long)},
		"a size below nothing":  {"file", -1, give(long)},
		"a size that is little": {"file", 5000, give("contents")},
		"odd name":              {"-rf $HOME `x` ü 'y'\\ *", 3, give("abc")},
		"long name":             {strings.Repeat("n", 250), 3, give("abc")},
	} {
		ok(t, d.UploadFS(t.Context(), m, "odd"))
		var back bytes.Buffer
		ok(t, d.DownloadFile(t.Context(), "odd/"+m.name, &back))
		if want := must(io.ReadAll(m.open()))(t); !bytes.Equal(back.Bytes(), want) {
			t.Errorf("%s: %d bytes, not %d", name, back.Len(), len(want))
		}
	}
	for name, m := range map[string]made{
		"less than its size":       {"file", 2 << 20, give(long)},
		"more than its size":       {"file", 1_100_000, give(long)},
		"nothing for ever":         {"file", 3, func() io.Reader { return readerFunc(func([]byte) (int, error) { return 0, nil }) }},
		"a name that leaves":       {"..", 3, give("abc")},
		"a path":                   {"a/b", 3, give("abc")},
		"a path that leaves":       {"../../x", 3, give("abc")},
		"an absolute path":         {"/etc/x", 3, give("abc")},
		"no name":                  {"", 3, give("abc")},
		"a NUL":                    {"a\x00b", 3, give("abc")},
		"a name that is not UTF-8": {"\xff", 3, give("abc")},
	} {
		if err := d.UploadFS(t.Context(), m, "odd"); err == nil {
			t.Errorf("%s: uploaded", name)
		} else if m.name == "file" && !strings.Contains(err.Error(), "file") {
			t.Errorf("%s: %v", name, err)
		}
	}
	ok(t, d.UploadFS(t.Context(), os.DirFS("/proc/sys/kernel/random"), "random"))
	equal(t, len(must(d.ReadFile(t.Context(), "random/uuid"))(t)), 37)
	equal(t, string(must(d.Command(t.Context(), "ls -A /tmp/.librunloop* 2>/dev/null || true").Output())(t)), "")
}

// What a user's profile sets up does not change what the library runs on its own account, and the
// attributes of what was there before stay.
func TestFileSystemsArriveWhateverTheProfileDoes(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	profile := "export TAR_OPTIONS=--exclude=*.log GZIP=-9 LC_ALL=de_DE.UTF-8 POSIXLY_CORRECT=1\ntar() { echo mine; }\nmkdir() { return 1; }\n" +
		"echo noise >&2\ncd /\nset -e\nalias rm=false\n"
	for _, name := range []string{".bash_profile", ".bashrc", ".profile"} {
		ok(t, d.WriteFile(t.Context(), name, []byte(profile)))
	}
	tree := fstest.MapFS{"a.log": {Data: []byte("log"), Mode: 0o644}, "sticky": {Mode: fs.ModeDir | 0o700}, "sticky/b": {Data: []byte("b"), Mode: 0o600}}
	must(d.Command(t.Context(), `command mkdir -p "$HOME/into/sticky"; chmod 1777 "$HOME/into/sticky"`).CombinedOutput())(t)
	ok(t, d.UploadFS(t.Context(), tree, "into"))
	equal(t, string(must(d.ReadFile(t.Context(), "into/a.log"))(t)), "log")
	equal(t, string(must(d.Command(t.Context(), `stat -c %a "$HOME/into/sticky" "$HOME/into/sticky/b"`).Output())(t)), "1777\n600\n")
}

// What fails in a way that may pass is repeated, the sending and the unpacking, whichever answers are lost.
func TestAFileSystemArrivesThroughFailuresThatPass(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	for i, fault := range []struct {
		operation string
		action    map[string]any
	}{
		{"devboxes.upload_file", map[string]any{"type": "close", "when": "before"}},
		{"devboxes.upload_file", map[string]any{"type": "close", "when": "after"}},
		{"devboxes.upload_file", map[string]any{"type": "status", "status": 503}},
		{"devboxes.execute_async", map[string]any{"type": "close", "when": "before"}},
		{"devboxes.execute_async", map[string]any{"type": "close", "when": "after"}},
	} {
		into := fmt.Sprintf("through/%d", i)
		emulator.Fault(fault.operation, 0, 1, fault.action)
		if err := d.UploadFS(t.Context(), fstest.MapFS{"a": {Data: []byte("text"), Mode: 0o644}}, into); err != nil {
			t.Errorf("%v: %v", fault, err)
			continue
		}
		equal(t, string(must(d.ReadFile(t.Context(), into+"/a"))(t)), "text")
		emulator.Fault(fault.operation, 0, 1, fault.action)
		err := d.UploadFS(t.Context(), fstest.MapFS{"a": {Data: []byte("text"), Mode: 0o644}}, into, runloop.WithMaxRetries(0))
		if !errors.Is(err, runloop.ErrBroken) && !errors.Is(err, runloop.ErrServer) && !errors.Is(err, runloop.ErrConnect) {
			t.Errorf("%v, once: %v", fault, err)
		}
	}
	eventually(t, "an archive is left", func() bool {
		return len(must(d.Command(t.Context(), "ls -A /tmp/.librunloop* 2>/dev/null || true").Output())(t)) == 0
	})
}

// Of tars that know nothing of directories which were there before, the script sees to those itself.
func TestAFileSystemArrivesByAnyTar(t *testing.T) {
	emulator, client := start(t)
	var health struct{ Isolation string }
	emulator.Control("GET", "health", nil, &health)
	if health.Isolation == "plain" {
		t.Skip("with plain isolation the devbox's /usr/local/sbin is this machine's, where no test may put a tar")
	}
	d := devbox(t, client)
	plain := "#!/bin/sh\nfor one; do case $one in --*) echo \"tar: unrecognized option $one\" >&2; exit 1;; esac; done\necho used >/tmp/plain-tar\nexec /bin/tar \"$@\"\n"
	ok(t, d.WriteFile(t.Context(), "plain-tar", []byte(plain)))
	ok(t, d.Command(t.Context(), `sudo install -m 755 "$HOME/plain-tar" /usr/local/sbin/tar`).Run())
	must(d.Command(t.Context(), `mkdir -p "$HOME/into/sticky"; chmod 1777 "$HOME/into/sticky"; chmod 700 "$HOME/into"`).CombinedOutput())(t)
	tree := fstest.MapFS{"sticky": {Mode: fs.ModeDir | 0o700}, "sticky/b c": {Data: []byte("b"), Mode: 0o600}, "new": {Mode: fs.ModeDir | 0o711}, "-x": {Mode: 0o640}}
	ok(t, d.UploadFS(t.Context(), tree, "into"))
	equal(t, string(must(d.Command(t.Context(), `cd "$HOME/into" && stat -c %a . sticky "sticky/b c" new ./-x`).Output())(t)), "700\n1777\n600\n711\n640\n")
	equal(t, string(must(d.ReadFile(t.Context(), "/tmp/plain-tar"))(t)), "used\n")
}

// A context that ends while the archive is unpacked leaves no archive behind.
func TestAFileSystemsArchiveIsRemovedBehindACancelledUpload(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	emulator.Fault("devboxes.execute_async", 0, 1, map[string]any{"type": "delay", "ms": 1000})
	done := later(func() error { return d.UploadFS(ctx, fstest.MapFS{"a": {Data: []byte("a")}}, "fs") })
	left := func() string {
		return string(must(d.Command(t.Context(), "ls -A /tmp/.librunloop* 2>/dev/null || true").Output())(t))
	}
	eventually(t, "no archive is sent", func() bool { return left() != "" })
	cancel()
	if err := within(t, "the upload", done); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	eventually(t, "the archive is left", func() bool { return left() == "" })
}
