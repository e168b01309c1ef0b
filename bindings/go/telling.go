package runloop

// #include "shim.h"
import "C"

import (
	"bytes"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
)

// telling is a record that a logger's handler is being given. To C, only the thread that it told the record on is
// within the log function, so the handler's calls are made on that thread: C tells nothing about them, and replacing
// the function there waits for nobody.
type telling struct {
	// Calls of the handler's, run on the thread that the record was told on. Nil on a goroutine that this package has
	// started for a call of a handler's: its records are dropped.
	asked chan func()
}

var (
	muted = &telling{}
	// The goroutines that handlers are run on, and those that this package has started for them, by their numbers.
	tellings sync.Map // of uint64: *telling
	// How many there are: without one, nobody needs the number of a goroutine.
	tellingCount atomic.Int32
)

// tellingHere returns the record that the handler on this goroutine is being given; nil if there is
// none.
func tellingHere() *telling {
	if tellingCount.Load() == 0 {
		return nil
	}
	if found, ok := tellings.Load(goroutine()); ok {
		return found.(*telling)
	}
	return nil
}

// here has this goroutine belong to the record until release is called.
func (t *telling) here() (release func()) {
	if t == nil {
		return func() {}
	}
	number := goroutine()
	tellings.Store(number, t)
	tellingCount.Add(1)
	return func() {
		tellings.Delete(number)
		tellingCount.Add(-1)
	}
}

// inherited is what a goroutine belongs to that is started for a call.
func (t *telling) inherited() *telling {
	if t == nil {
		return nil
	}
	return muted
}

// run makes a call into C, which neither panics nor ends the goroutine.
func (t *telling) run(call func()) {
	switch {
	case t == nil:
		call()
	case t.asked == nil:
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		C.runloop_go_log_mute(1)
		defer C.runloop_go_log_mute(0)
		call()
	default:
		done := make(chan struct{})
		t.asked <- func() { defer close(done); call() }
		<-done
	}
}

// serve runs the handler's calls on this goroutine, which C is telling the record, until the handler has ended.
func (t *telling) serve(ended <-chan *escape) {
	for {
		select {
		case call := <-t.asked:
			call()
		case <-ended:
			return
		}
	}
}

// nested returns the handler's calls that are made while one of its calls runs the caller's function.
func (t *telling) nested() <-chan func() {
	if t == nil {
		return nil
	}
	return t.asked
}

// goroutine returns the number of this goroutine.
func goroutine() uint64 {
	var text [64]byte
	stack := bytes.TrimPrefix(text[:runtime.Stack(text[:], false)], []byte("goroutine "))
	digits, _, _ := bytes.Cut(stack, []byte(" "))
	number, err := strconv.ParseUint(string(digits), 10, 64)
	if err != nil {
		panic("runloop: a stack does not begin with the goroutine's number")
	}
	return number
}
