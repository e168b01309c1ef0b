package runloop

import "runtime"

// escape is how a function ended that did not return: by a panic, or by [runtime.Goexit], as
// t.FailNow does. Nil is a function that has returned.
type escape struct {
	panicked bool
	reason   any
}

// elsewhere runs one of the caller's functions on a goroutine of its own, and tells how it ended. One that is started by
// a logger's handler belongs to that.
func elsewhere(f func()) <-chan *escape {
	ended := make(chan *escape, 1)
	from := tellingHere().inherited()
	go func() {
		defer from.here()()
		ends := &escape{}
		defer func() {
			if ends != nil {
				ends.caught(recover())
			}
			ended <- ends
		}()
		f()
		ends = nil
	}()
	return ended
}

// caught notes what recover gave; nothing is Goexit.
func (e *escape) caught(reason any) {
	e.panicked, e.reason = reason != nil, reason
}

// proceed lets what a function did elsewhere go on here.
func (e *escape) proceed() {
	if e == nil {
		return
	}
	if e.panicked {
		panic(e.reason)
	}
	runtime.Goexit()
}
