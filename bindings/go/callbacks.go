package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"errors"
	"io"
	"runtime/cgo"
	"time"
	"unsafe"
)

// callbacks are the caller's functions that a call uses. C asks for them on a goroutine of the call's
// own, and waits; they run on the goroutine that made the call, so that a panic or [runtime.Goexit] in
// one of them never meets a frame of C's.
type callbacks struct {
	progress func(done, total int64) error
	output   func(stream Stream, data []byte) error
	reader   io.Reader
	writer   io.Writer
	skipped  func(path, reason string)
	buildLog func(line BlueprintBuildLog) error

	// Given to C in the place of the callbacks; 0 while there are none.
	number cgo.Handle

	// How much the reader may still give; negative if that is not known.
	left int64
	// An error that came with the reader's last bytes.
	readFailed error
	// What the reader reads into.
	piece []byte

	// Whether the reader has given something, or the writer has been given something; and what puts it back as it was
	// before, nil if that cannot be.
	touched bool
	putBack func() bool

	// What stopped the call.
	failed error

	// A function to be run, and whether the call continues after it.
	asked    chan func() error
	answered chan bool
	// Closed when the goroutine that made the call runs no more functions.
	gone chan struct{}
	// What a logger's handler calls from those functions, where it is the handler's call.
	nested <-chan func()
	// End waits for a reader.
	cancelled, closed <-chan struct{}
}

// errLeft stands for a Read that has not returned when its call was to end.
var errLeft = errors.New("the reader was left to itself")

// callbacksNumber is what C hands to the callbacks.
func (c *callbacks) callbacksNumber() C.uintptr_t {
	if c.number == 0 {
		c.number = cgo.NewHandle(c)
	}
	return C.uintptr_t(c.number)
}

// used says whether C may call back.
func (c *callbacks) used() bool { return c.number != 0 }

func (c *callbacks) end() {
	if c.number != 0 {
		c.number.Delete()
		c.number = 0
	}
}

// serve runs the functions that a call into C asks for, until it returns. Where one of them does not
// return, the call is ended, and this goroutine continues with the panic or Goexit.
func (c *callbacks) serve(ctx context.Context, s *session, call, cancel func()) {
	c.asked, c.answered, c.gone = make(chan func() error), make(chan bool), make(chan struct{})
	c.cancelled, c.closed = ctx.Done(), s.closed()
	done := make(chan struct{})
	within := tellingHere()
	c.nested = within.nested()
	go func() {
		defer close(done)
		within.run(call)
	}()
	defer func() {
		close(c.gone)
		select {
		case <-done:
		default:
			cancel()
			<-done
		}
	}()
	for {
		select {
		case f := <-c.asked:
			if c.failed == nil {
				c.failed = f()
			}
			c.answered <- c.failed == nil
		case <-done:
			return
		}
	}
}

// ask has the goroutine that made the call run a function; 0 is to go on.
func (c *callbacks) ask(f func() error) C.int32_t {
	select {
	case c.asked <- f:
	case <-c.gone:
		return -1
	}
	for {
		select {
		case goOn := <-c.answered:
			if goOn {
				return 0
			}
			return -1
		case <-c.gone:
			return -1
		case call := <-c.nested:
			call()
		}
	}
}

// read fills the piece with what the reader gives next; nothing is the end. The reader runs on a
// goroutine of its own: one that blocks must not hold up the end of the call.
func (c *callbacks) read(size int) (data []byte, err error) {
	if c.left >= 0 {
		size = int(min(int64(size), c.left))
	}
	if size == 0 {
		return nil, nil
	}
	if c.readFailed != nil {
		return nil, eofIsNil(c.readFailed)
	}
	if len(c.piece) < size {
		c.piece = make([]byte, size)
	}
	piece := c.piece[:size]
	// What a reader that is left to itself still writes to.
	result := new(struct {
		data []byte
		err  error
	})
	ended := elsewhere(func() { result.data, result.err = readSome(c.reader, piece) })
	select {
	case ends := <-ended:
		ends.proceed()
	case <-c.cancelled:
		if !awaited(ended) {
			return nil, errLeft
		}
	case <-c.closed:
		if !awaited(ended) {
			return nil, errLeft
		}
	}
	data, err = result.data, result.err
	if c.left >= 0 {
		c.left -= int64(len(data))
	}
	if len(data) > 0 {
		c.touched = true
		c.readFailed, err = err, nil
	}
	return data, eofIsNil(err)
}

// awaited returns a function a moment to end.
func awaited(ended <-chan *escape) bool {
	timer := time.NewTimer(moment)
	defer timer.Stop()
	select {
	case ends := <-ended:
		ends.proceed()
		return true
	case <-timer.C:
		return false
	}
}

// readSome reads at least a byte, and holds a reader to its contract.
func readSome(from io.Reader, piece []byte) ([]byte, error) {
	// A Reader may give nothing, and no error; to C that would be the end.
	for range 100 {
		n, err := from.Read(piece)
		if n < 0 || n > len(piece) {
			return nil, errors.New("the reader says that it has read more than it was asked for, or less than nothing")
		}
		if n > 0 || err != nil {
			return piece[:n], err
		}
	}
	return nil, io.ErrNoProgress
}

func callbacksOf(number C.uintptr_t) *callbacks {
	return cgo.Handle(number).Value().(*callbacks)
}

//export runloopGoProgress
func runloopGoProgress(number C.uintptr_t, done, total C.int64_t) C.int32_t {
	c := callbacksOf(number)
	return c.ask(func() error { return c.progress(int64(done), int64(total)) })
}

//export runloopGoOutput
func runloopGoOutput(number C.uintptr_t, stream C.int32_t, data *C.char, length C.size_t) C.int32_t {
	c := callbacksOf(number)
	return c.ask(func() error { return c.output(Stream(stream), borrowed(data, length)) })
}

//export runloopGoRead
func runloopGoRead(number C.uintptr_t, buffer *C.char, capacity C.size_t) C.int64_t {
	c := callbacksOf(number)
	into := borrowed(buffer, capacity)
	var data []byte
	status := c.ask(func() (err error) {
		data, err = c.read(len(into))
		return err
	})
	if status != 0 {
		return -1
	}
	return C.int64_t(copy(into, data))
}

//export runloopGoWrite
func runloopGoWrite(number C.uintptr_t, data *C.char, length C.size_t) C.int32_t {
	c := callbacksOf(number)
	return c.ask(func() error {
		c.touched = true
		return writeAll(c.writer, borrowed(data, length))
	})
}

//export runloopGoSkipped
func runloopGoSkipped(number C.uintptr_t, path, reason *C.char) {
	c := callbacksOf(number)
	c.ask(func() error { c.skipped(C.GoString(path), C.GoString(reason)); return nil })
}

//export runloopGoBuildLog
func runloopGoBuildLog(number C.uintptr_t, timestamp C.int64_t, level, message *C.char) C.int32_t {
	c := callbacksOf(number)
	return c.ask(func() error {
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
	switch {
	case err != nil:
	case n < len(data):
		return io.ErrShortWrite
	case n > len(data):
		return errors.New("the writer says that it has written more than it was given")
	}
	return err
}
