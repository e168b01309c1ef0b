package runloop

import (
	"context"
	"sync"
	"time"
)

// session is what a client shares with all that is made from it: its closing, and the work that goes
// on behind calls which have returned.
type session struct {
	// Closed when the client begins to close.
	closing chan struct{}
	// How many attempts may follow the first: as [Config.MaxRetries].
	maxRetries int

	mutex   sync.Mutex
	begun   bool // of closing
	pending int
	// Not nil while Close waits; closed when nothing is pending.
	idle chan struct{}
}

func newSession(maxRetries int) *session {
	return &session{closing: make(chan struct{}), maxRetries: maxRetries}
}

// retries is how many attempts of a call may follow the first.
func (s *session) retries(options []CallOption) int {
	o := callOptions{}
	for _, option := range options {
		if option != nil {
			option(&o)
		}
	}
	for _, given := range []int{o.maxRetries, s.maxRetriesOrNone()} {
		if given != 0 {
			return max(given, 0)
		}
	}
	return 5
}

func (s *session) maxRetriesOrNone() int {
	if s == nil {
		return -1
	}
	return s.maxRetries
}

// sessionOf returns the session of an object with a handle; nil for one that is nil or has none.
func sessionOf(owner any) *session {
	if isNil(owner) {
		return nil
	}
	o, ok := owner.(interface{ shared() *session })
	if !ok {
		return nil
	}
	return o.shared()
}

// closed is a channel that closes with the client.
func (s *session) closed() <-chan struct{} {
	if s == nil {
		return nil
	}
	return s.closing
}

// over says whether the client is closed, or is being closed.
func (s *session) over() bool {
	select {
	case <-s.closed():
		return true
	default:
		return false
	}
}

// add counts work that Close waits for, until done is called.
func (s *session) add() (done func()) {
	if s == nil {
		return func() {}
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.pending++
	return func() {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.pending--
		if s.pending == 0 && s.idle != nil {
			close(s.idle)
			s.idle = nil
		}
	}
}

// close ends the contexts of work under way, and waits for it, until the limit at most.
func (s *session) close(limit time.Duration) {
	s.mutex.Lock()
	if !s.begun {
		s.begun = true
		close(s.closing)
	}
	var idle chan struct{}
	if s.pending > 0 {
		if s.idle == nil {
			s.idle = make(chan struct{})
		}
		idle = s.idle
	}
	s.mutex.Unlock()
	if idle == nil {
		return
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-idle:
	case <-timer.C:
	}
}

// bound returns a context that ends with the client, too; its cause then is [ErrClosed].
func (s *session) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	bound, cancel := context.WithCancelCause(ctx)
	if s == nil {
		return bound, func() { cancel(nil) }
	}
	finished := make(chan struct{})
	var ended sync.WaitGroup
	ended.Add(1)
	go func() {
		defer ended.Done()
		select {
		case <-s.closing:
			cancel(ErrClosed)
		case <-finished:
		}
	}()
	return bound, sync.OnceFunc(func() {
		close(finished)
		ended.Wait()
		cancel(nil)
	})
}

// undoTime is how long undoing what a call has begun may take. Tests alone change it.
var undoTime = 10 * time.Second

// moment is how long a call that has ended waits for what ends by itself as a rule.
const moment = 100 * time.Millisecond

// behind undoes in the background what a call whose context has ended has begun; the channel is closed
// when that is done. [Client.Close] waits for it. The call has returned by then, so undo has no error to
// return: that its request failed is in the log, as of any other request.
func (s *session) behind(ctx context.Context, undo func(ctx context.Context)) (finished <-chan struct{}) {
	done := s.add()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer done()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoTime)
		defer cancel()
		undo(ctx)
	}()
	return ended
}

// forAMoment waits, so that a program that exits now has at least sent its request; and no longer.
func forAMoment(finished <-chan struct{}) {
	timer := time.NewTimer(moment)
	defer timer.Stop()
	select {
	case <-finished:
	case <-timer.C:
	}
}
