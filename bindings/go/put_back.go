package runloop

// #include "shim.h"
import "C"

import (
	"bytes"
	"io"
	"os"
	"syscall"
)

// fresh is a reader that is made for one call: a repeated call gets another one.
type fresh struct{ io.Reader }

// reads has the caller's reader be read, and be put back where it stood if the call fails.
func (c *call) reads(from io.Reader) {
	c.reader = from
	switch r := from.(type) {
	case fresh:
		c.putBack = func() bool { return true }
	case io.Seeker:
		if start, err := c.seek(r, 0, io.SeekCurrent); err == nil {
			c.putBack = func() bool { return isAt(r, start) }
		}
	}
}

// shrinking is a writer that can lose again what it has taken.
type shrinking interface {
	io.WriteSeeker
	Truncate(size int64) error
}

// writes has the caller's writer be written, and be put back as it was if the call fails.
func (c *call) writes(to io.Writer) {
	c.writer = to
	switch w := to.(type) {
	case *bytes.Buffer:
		length := w.Len()
		c.putBack = func() bool { w.Truncate(length); return true }
	case *os.File:
		// A pipe, a terminal.
	case shrinking:
		start, err := c.seek(w, 0, io.SeekCurrent)
		if err != nil {
			return
		}
		length, err := c.seek(w, 0, io.SeekEnd)
		if err != nil || !isAt(w, start) {
			return
		}
		c.putBack = func() bool {
			end, err := w.Seek(0, io.SeekEnd)
			if err != nil || end > length && w.Truncate(length) != nil {
				return false
			}
			return isAt(w, start)
		}
	}
}

func isAt(s io.Seeker, offset int64) bool {
	at, err := s.Seek(offset, io.SeekStart)
	return err == nil && at == offset
}

// seek frees the call where the caller's function does not return.
func (c *call) seek(s io.Seeker, offset int64, whence int) (at int64, err error) {
	returned := false
	defer func() {
		if !returned {
			c.end()
		}
	}()
	at, err = s.Seek(offset, whence)
	returned = true
	return at, err
}

// regular has C read or write a regular file itself, by a descriptor of the call's own, and put it back as it was if
// the call fails.
func (c *call) regular(file *os.File, fd *C.int32_t) bool {
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	conn, err := file.SyscallConn()
	if err != nil {
		return false
	}
	own := -1
	err = conn.Control(func(number uintptr) {
		if copied, _, errno := syscall.Syscall(syscall.SYS_FCNTL, number, syscall.F_DUPFD_CLOEXEC, 3); errno == 0 {
			own = int(copied)
		}
	})
	if err != nil || own < 0 {
		return false
	}
	c.descriptors = append(c.descriptors, own)
	*fd = C.int32_t(own)
	return true
}

// settled puts the caller's reader or writer back. To C they are functions, of which it does not know that this can be.
func (c *call) settled(e *Error) {
	if !c.touched || c.putBack == nil || c.callbacks.failed == errLeft || !c.putBack() {
		return
	}
	// Of a call that makes something, C may have meant that as well.
	if e.Retryable == RetryableUnknown && (!c.makes || e.SideEffect != SideEffectUnknown && c.c.options.keep_on_failure == 0) {
		e.Retryable = RetryableYes
	}
}
