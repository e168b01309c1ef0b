package runloop

// #include "shim.h"
import "C"

import (
	"io"
	"runtime/cgo"
	"unsafe"
)

// callbacks is what C may call during one call, on the thread that made it. A panic in one of the
// caller's functions must not unwind through C: it stops the call, and goes on behind it.
type callbacks struct {
	progress func(done, total int64) error
	output   func(stream Stream, data []byte) error
	reader   io.Reader
	writer   io.Writer
	skipped  func(path, reason string)
	buildLog func(line BlueprintBuildLog) error

	// An error that came with the reader's last bytes.
	readFailed error

	// What stopped the call.
	failed   error
	panicked bool
	reason   any
}

// stop runs one of the caller's functions; 0 is to go on.
func (c *callbacks) stop(f func() error) (status C.int32_t) {
	status = -1
	if c.panicked {
		return status
	}
	defer func() {
		if status != 0 && c.failed == nil {
			c.panicked = true
			c.reason = recover()
		}
	}()
	if c.failed = f(); c.failed != nil {
		return -1
	}
	return 0
}

// proceed lets a panic of the caller's functions go on, once C has returned.
func (c *callbacks) proceed() {
	if c.panicked {
		panic(c.reason)
	}
}

func callbacksOf(number C.uintptr_t) *callbacks {
	return cgo.Handle(number).Value().(*callbacks)
}

//export runloopGoProgress
func runloopGoProgress(number C.uintptr_t, done, total C.int64_t) C.int32_t {
	c := callbacksOf(number)
	return c.stop(func() error { return c.progress(int64(done), int64(total)) })
}

//export runloopGoOutput
func runloopGoOutput(number C.uintptr_t, stream C.int32_t, data *C.char, length C.size_t) C.int32_t {
	c := callbacksOf(number)
	return c.stop(func() error { return c.output(Stream(stream), borrowed(data, length)) })
}

//export runloopGoRead
func runloopGoRead(number C.uintptr_t, buffer *C.char, capacity C.size_t) C.int64_t {
	c := callbacksOf(number)
	count := 0
	status := c.stop(func() error {
		if c.readFailed != nil {
			return eofIsNil(c.readFailed)
		}
		// A Reader may give nothing, and no error; here that would be the end.
		for range 100 {
			n, err := c.reader.Read(borrowed(buffer, capacity))
			if n > 0 {
				count, c.readFailed = n, err
				return nil
			}
			if err != nil {
				return eofIsNil(err)
			}
		}
		return io.ErrNoProgress
	})
	if status != 0 {
		return -1
	}
	return C.int64_t(count)
}

//export runloopGoWrite
func runloopGoWrite(number C.uintptr_t, data *C.char, length C.size_t) C.int32_t {
	c := callbacksOf(number)
	return c.stop(func() error { return writeAll(c.writer, borrowed(data, length)) })
}

//export runloopGoSkipped
func runloopGoSkipped(number C.uintptr_t, path, reason *C.char) {
	c := callbacksOf(number)
	c.stop(func() error { c.skipped(C.GoString(path), C.GoString(reason)); return nil })
}

//export runloopGoBuildLog
func runloopGoBuildLog(number C.uintptr_t, timestamp C.int64_t, level, message *C.char) C.int32_t {
	c := callbacksOf(number)
	return c.stop(func() error {
		return c.buildLog(BlueprintBuildLog{TimestampMS: int64(timestamp), Level: C.GoString(level), Message: C.GoString(message)})
	})
}

// borrowed shows memory of C as a slice, until the callback returns.
func borrowed(data *C.char, length C.size_t) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(data)), int(length))
}

func eofIsNil(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// writeAll writes everything, or says why not.
func writeAll(to io.Writer, data []byte) error {
	n, err := to.Write(data)
	if err == nil && n < len(data) {
		return io.ErrShortWrite
	}
	return err
}
