package runloop

import (
	"runtime"
	"sync/atomic"
	"unsafe"
)

// handle is a handle of C's: a number, never an address, that C tells from those it has freed. A call
// may use it while another goroutine frees it.
type handle struct {
	pointer unsafe.Pointer
	free    func(unsafe.Pointer)
	freed   atomic.Bool
	session *session
}

// owned is what every object with a handle has.
type owned struct {
	handle *handle
}

// shared gives what the object shares with its client.
func (o *owned) shared() *session {
	if o.handle == nil {
		return nil
	}
	return o.handle.session
}

// own binds a handle to its Go object: it is freed with it at the latest.
func own[T any](owner *T, s *session, pointer unsafe.Pointer, free func(unsafe.Pointer)) *handle {
	h := &handle{pointer: pointer, free: free, session: s}
	// The last handle of a client waits for what cancelled calls have begun; other cleanups must not.
	runtime.AddCleanup(owner, func(h *handle) { go h.close() }, h)
	return h
}

// close frees the handle, once.
func (h *handle) close() {
	if h != nil && !h.freed.Swap(true) {
		h.free(h.pointer)
	}
}

// get gives what to hand to C: it says that a handle is closed, or nil, better than we could.
func (h *handle) get() unsafe.Pointer {
	if h == nil {
		return nil
	}
	return h.pointer
}
