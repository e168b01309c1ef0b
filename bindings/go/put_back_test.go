package runloop_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

// onlyReader hides what else a reader can do.
type onlyReader struct{ io.Reader }

func retryable(t *testing.T, err error) runloop.Retryable {
	t.Helper()
	var failure *runloop.Error
	if !errors.As(err, &failure) {
		t.Fatalf("%v is no *Error", err)
	}
	return failure.Retryable
}

// After a failed upload a reader stands where it stood, or Retryable does not say yes: the same call again sends all or
// is not asked for.
func TestAReaderIsPutBackOrTheCallIsNotToBeRepeated(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	text := strings.Repeat("0123456789", 20_000)
	name := filepath.Join(t.TempDir(), "file")
	ok(t, os.WriteFile(name, []byte(text), 0o600))
	file := must(os.Open(name))(t)
	defer file.Close()
	begun := strings.NewReader(text)
	for _, reader := range []io.Seeker{file, begun} {
		must(reader.Seek(10, io.SeekStart))(t)
	}
	section := io.NewSectionReader(file, 0, 100_000)
	must(section.Seek(10, io.SeekStart))(t)
	for what, upload := range map[string]struct {
		from io.Reader
		want string
	}{
		"a file":          {file, text[10:]},
		"a text":          {begun, text[10:]},
		"a section":       {section, text[10:100_000]},
		"one that is all": {bytes.NewBufferString(text), ""},
		"another":         {onlyReader{strings.NewReader(text)}, ""},
	} {
		emulator.Fault("devboxes.upload_file", 0, 1, map[string]any{"type": "status", "status": 503})
		err := d.UploadFile(t.Context(), "f", upload.from, runloop.WithMaxRetries(0))
		if !errors.Is(err, runloop.ErrServer) {
			t.Fatalf("%s: %v", what, err)
		}
		if upload.want == "" {
			if retryable(t, err) != runloop.RetryableUnknown {
				t.Errorf("%s: %v", what, retryable(t, err))
			}
			continue
		}
		if retryable(t, err) != runloop.RetryableYes {
			t.Errorf("%s: %v", what, retryable(t, err))
		}
		ok(t, d.UploadFile(t.Context(), "f", upload.from))
		var back bytes.Buffer
		ok(t, d.DownloadFile(t.Context(), "f", &back))
		if back.String() != upload.want {
			t.Errorf("%s: %d bytes arrived, not %d", what, back.Len(), len(upload.want))
		}
	}
	must(file.Seek(0, io.SeekStart))(t)
	refused, lost := map[string]any{"type": "status", "status": 429}, map[string]any{"type": "close", "when": "after"}
	for what, object := range map[string]struct {
		fault map[string]any
		from  io.Reader
		want  runloop.Retryable
	}{
		"an object of a file":   {refused, file, runloop.RetryableYes},
		"an object of a text":   {refused, strings.NewReader(text), runloop.RetryableYes},
		"an object of a stream": {refused, onlyReader{strings.NewReader(text)}, runloop.RetryableUnknown},
		"one that may be there": {lost, strings.NewReader(text), runloop.RetryableUnknown},
	} {
		emulator.Fault("objects.create", 0, 1, object.fault)
		_, err := client.UploadObjectFromSource(t.Context(), "o", object.from, nil, runloop.WithMaxRetries(0))
		if retryable(t, err) != object.want {
			t.Errorf("%s: %v: %v", what, retryable(t, err), err)
		}
	}
	// Each call reads the file system again.
	emulator.Fault("devboxes.upload_file", 0, 1, map[string]any{"type": "status", "status": 503})
	err := d.UploadFS(t.Context(), fstest.MapFS{"a": {Data: []byte("a")}}, "fs", runloop.WithMaxRetries(0))
	equal(t, retryable(t, err), runloop.RetryableYes)
}

// The same for what a failed download has been written to.
func TestAWriterIsPutBackOrTheCallIsNotToBeRepeated(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	text := strings.Repeat("0123456789", 20_000)
	ok(t, d.WriteFile(t.Context(), "f", []byte(text)))
	name := filepath.Join(t.TempDir(), "file")
	open := func(flags int) *os.File {
		ok(t, os.WriteFile(name, []byte("before and after"), 0o600))
		file := must(os.OpenFile(name, os.O_RDWR|flags, 0))(t)
		t.Cleanup(func() { file.Close() })
		return file
	}
	broken := func(to io.Writer) runloop.Retryable {
		t.Helper()
		emulator.Fault("devboxes.download_file", 0, 1, map[string]any{"type": "cut", "after_bytes": 70_000, "how": "truncate"})
		err := d.DownloadFile(t.Context(), "f", to, runloop.WithMaxRetries(0))
		if !errors.Is(err, runloop.ErrBroken) {
			t.Fatal(err)
		}
		return retryable(t, err)
	}
	file := open(0)
	must(file.Seek(7, io.SeekStart))(t)
	equal(t, broken(file), runloop.RetryableYes)
	equal(t, must(file.Seek(0, io.SeekCurrent))(t), 7)
	equal(t, must(file.Stat())(t).Size(), 16)
	ok(t, d.DownloadFile(t.Context(), "f", file))
	equal(t, string(must(os.ReadFile(name))(t)), "before "+text)

	buffer := bytes.NewBufferString("before ")
	equal(t, broken(buffer), runloop.RetryableYes)
	equal(t, buffer.String(), "before ")

	equal(t, broken(open(os.O_APPEND)), runloop.RetryableUnknown)
	equal(t, broken(writerFunc(func(p []byte) (int, error) { return len(p), nil })), runloop.RetryableUnknown)
}

// However many attempts there are, the pauses between them are bounded.
func TestPausesStayBounded(t *testing.T) {
	for _, before := range []int{0, 1, 4, 34, 35, 63, 64, 1 << 30} {
		if pause := runloop.PauseAfter(before, -1); pause < 250*time.Millisecond || pause > 8*time.Second {
			t.Errorf("%d: %v", before, pause)
		}
		equal(t, runloop.PauseAfter(before, time.Minute), time.Minute)
	}
}
