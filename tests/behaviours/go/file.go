package main

import (
	"bytes"
	"io"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

// reader gives a few bytes at a time, of a length that nobody knows.
type reader struct {
	left []byte
	s    *step
}

func (r *reader) Read(into []byte) (int, error) {
	if err := r.s.called("read"); err != nil {
		return 0, err
	}
	if len(r.left) == 0 {
		return 0, io.EOF
	}
	n := copy(into[:min(len(into), 1000)], r.left)
	r.left = r.left[n:]
	return n, nil
}

// source is the step's data, from memory or, as it says, from a function.
func (s *step) source() io.Reader {
	data := s.bytes("/data")
	if s.says("/from", "function") {
		return &reader{left: data, s: s}
	}
	return bytes.NewReader(data)
}

// sunk runs a download into memory or a function, which is one writer or another in Go.
func (s *step) sunk(download func(to io.Writer) error) {
	to := &writer{s: s, kind: "write"}
	inMemory := s.says("/to", "memory")
	ok := s.did(download(to))
	if inMemory && ok || !inMemory && to.Len() > 0 {
		s.answer["contents"] = inHex(to.Bytes())
	}
}

// tree are the step's tree options; the function notes what was left out.
func (s *step) tree() (options *runloop.TreeOptions, note func()) {
	options = &runloop.TreeOptions{
		Ignore: s.texts("/tree/ignore"), IgnoreFile: s.text("/tree/ignore_file"),
		MaxEntries: s.number("/tree/max_entries"), MaxBytes: s.number("/tree/max_bytes"),
	}
	if !s.truth("/tree/skipped") {
		return options, func() {}
	}
	skipped := []string{}
	options.OnSkipped = func(path, _ string) { skipped = append(skipped, path) }
	return options, func() { s.answer["skipped"] = skipped }
}

var fileOperations = map[string]operation{
	"devbox_read_file": onDevbox(func(s *step, devbox *runloop.Devbox) {
		s.output("contents")(devbox.ReadFile(s.context(), s.text("/path"), s.options()...))
	}),
	"devbox_write_file": onDevbox(func(s *step, devbox *runloop.Devbox) {
		s.did(devbox.WriteFile(s.context(), s.text("/path"), s.bytes("/contents"), s.options()...))
	}),
	"devbox_upload_file": onDevbox(func(s *step, devbox *runloop.Devbox) {
		if s.given("/local_path") {
			s.did(devbox.UploadLocalFile(s.context(), s.text("/path"), s.text("/local_path"), s.options()...))
			return
		}
		s.did(devbox.UploadFile(s.context(), s.text("/path"), s.source(), s.options()...))
	}),
	"devbox_download_file": onDevbox(func(s *step, devbox *runloop.Devbox) {
		if s.given("/local_path") {
			s.did(devbox.DownloadLocalFile(s.context(), s.text("/path"), s.text("/local_path"), s.options()...))
			return
		}
		s.sunk(func(to io.Writer) error { return devbox.DownloadFile(s.context(), s.text("/path"), to, s.options()...) })
	}),
	"devbox_upload_dir": onDevbox(func(s *step, devbox *runloop.Devbox) {
		tree, note := s.tree()
		s.did(devbox.UploadDir(s.context(), s.text("/local_path"), s.text("/remote_path"), tree, s.options()...))
		note()
	}),
	"devbox_download_dir": onDevbox(func(s *step, devbox *runloop.Devbox) {
		tree, note := s.tree()
		s.did(devbox.DownloadDir(s.context(), s.text("/remote_path"), s.text("/local_path"), tree, s.options()...))
		note()
	}),
}
