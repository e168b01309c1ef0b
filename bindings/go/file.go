package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"io"
	"os"
	"unsafe"
)

// source has C read from a reader. A length that is certain is said.
func (c *call) source(from io.Reader) *C.runloop_source {
	if isNil(from) {
		c.fail(invalid("The reader is nil."))
		return nil
	}
	if file, ok := from.(*os.File); ok && c.regular(file, &c.c.source.fd) {
		return &c.c.source
	}
	c.left = sized(from)
	c.reads(from)
	C.runloop_go_set_read(c.c, c.callbacksNumber(), C.int64_t(c.left))
	return &c.c.source
}

func (c *call) sourceFile(path string) *C.runloop_source {
	c.c.source.path = c.text("The path", path)
	return &c.c.source
}

// sink has C write to a writer.
func (c *call) sink(to io.Writer) *C.runloop_sink {
	if isNil(to) {
		c.fail(invalid("The writer is nil."))
		return nil
	}
	if file, ok := to.(*os.File); ok && c.regular(file, &c.c.sink.fd) {
		return &c.c.sink
	}
	c.writes(to)
	C.runloop_go_set_write(c.c, c.callbacksNumber())
	return &c.c.sink
}

func (c *call) sinkFile(path string) *C.runloop_sink {
	c.c.sink.path = c.text("The path", path)
	return &c.c.sink
}

// ReadFile reads a text file of the devbox. For large or binary files use [Devbox.DownloadFile]. The
// path is absolute, or relative to the user's home directory.
func (d *Devbox) ReadFile(ctx context.Context, path string, options ...CallOption) ([]byte, error) {
	k := begin(d, options)
	defer k.end()
	p := k.text("The path", path)
	var contents *C.runloop_bytes
	err := k.do(ctx, func(o cOptions, e cError) cStatus { return C.runloop_devbox_read_file(d.c(), p, o, &contents, e) })
	return taken(contents), err
}

// WriteFile writes a file of the devbox, creating or replacing it. The path is absolute, or relative to
// the user's home directory.
func (d *Devbox) WriteFile(ctx context.Context, path string, contents []byte, options ...CallOption) error {
	k := begin(d, options)
	p := k.text("The path", path)
	return simple(ctx, k, func(o cOptions, e cError) cStatus {
		return C.runloop_devbox_write_file(d.c(), p, (*C.char)(unsafe.Pointer(unsafe.SliceData(contents))), C.size_t(len(contents)), o, e)
	})
}

// UploadFile uploads what a reader returns, of any size, into a file of the devbox, in constant memory.
// The path is absolute, or relative to the user's home directory. If the context ends while a Read
// blocks, the call returns and the Read is abandoned: do not use the reader before it has returned. A
// panic in a Read continues in the caller.
//
// If the call fails, a reader that is an [io.Seeker] is put back to where it was. What any other reader
// has returned is lost, so [Error.Retryable] is not [RetryableYes].
func (d *Devbox) UploadFile(ctx context.Context, path string, from io.Reader, options ...CallOption) error {
	k := begin(d, options)
	p, s := k.text("The path", path), k.source(from)
	return simple(ctx, k, func(o cOptions, e cError) cStatus { return C.runloop_devbox_upload_file(d.c(), p, s, o, e) })
}

// UploadLocalFile uploads a local file into the devbox. Otherwise it is like [Devbox.UploadFile].
func (d *Devbox) UploadLocalFile(ctx context.Context, path, localPath string, options ...CallOption) error {
	k := begin(d, options)
	p, s := k.text("The path", path), k.sourceFile(localPath)
	return simple(ctx, k, func(o cOptions, e cError) cStatus { return C.runloop_devbox_upload_file(d.c(), p, s, o, e) })
}

// DownloadFile writes a file of the devbox, of any size, to a writer, in constant memory. The path is
// absolute, or relative to the user's home directory. Writes run on this goroutine: one that blocks
// holds up the call; a panic in one ends the call and then continues in the caller. A regular file is
// written by the library itself.
//
// If the call fails, a regular file (unless it was opened with O_APPEND), a [bytes.Buffer], or a writer
// that can seek and be truncated is put back to where it was. Any other writer keeps what it has taken,
// so [Error.Retryable] is not [RetryableYes].
func (d *Devbox) DownloadFile(ctx context.Context, path string, to io.Writer, options ...CallOption) error {
	k := begin(d, options)
	p, s := k.text("The path", path), k.sink(to)
	return simple(ctx, k, func(o cOptions, e cError) cStatus {
		return C.runloop_devbox_download_file(d.c(), p, s, o, nil, e)
	})
}

// DownloadLocalFile downloads a file of the devbox to a local file, which appears under its name when
// it is complete, and replaces an existing file. Otherwise it is like [Devbox.DownloadFile].
func (d *Devbox) DownloadLocalFile(ctx context.Context, path, localPath string, options ...CallOption) error {
	k := begin(d, options)
	p, s := k.text("The path", path), k.sinkFile(localPath)
	return simple(ctx, k, func(o cOptions, e cError) cStatus {
		return C.runloop_devbox_download_file(d.c(), p, s, o, nil, e)
	})
}
