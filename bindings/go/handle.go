package runloop

import (
	"runtime"
	"sync/atomic"
	"unsafe"
)

// handle is a handle of C's: a number, never an address, that C tells from those it has freed. A call
// may use it while another goroutine frees it.
type handle struct {
	*freeing
	session *session
}

// freeing is what is left to be done when nobody has the handle any more.
type freeing struct {
	// Not a pointer: the garbage collector must not take it for an address of its own.
	number uintptr
	free   func(unsafe.Pointer)
	freed  atomic.Bool
}

// owned is what every object with a handle has.
type owned struct {
	handle *handle
}

// shared returns what the object shares with its client.
func (o *owned) shared() *session {
	if o.handle == nil {
		return nil
	}
	return o.handle.session
}

// own makes a handle that is freed when nobody has it any more, at the latest. Copies of the struct which holds it share it.
func own(s *session, pointer unsafe.Pointer, free func(unsafe.Pointer)) *handle {
	h := &handle{freeing: &freeing{number: uintptr(pointer), free: free}, session: s}
	// The last handle of a client waits for what cancelled calls have begun; other cleanups must not.
	runtime.AddCleanup(h, func(f *freeing) { go f.now() }, h.freeing)
	return h
}

// close frees the handle, once.
func (h *handle) close() {
	if h != nil {
		h.now()
	}
}

func (f *freeing) now() {
	if !f.freed.Swap(true) {
		tellingHere().run(func() { f.free(f.toC()) })
	}
}

// get returns what to hand to C: it says that a handle is closed, or nil, better than we could.
func (h *handle) get() unsafe.Pointer {
	if h == nil {
		return nil
	}
	return h.toC()
}

// toC returns the number as C declares it, for a call alone.
func (f *freeing) toC() unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&f.number)) }
