package runloop

import (
	"testing"
	"time"
)

// LoseCancels has the ends of contexts reach no call under way, until the end of a test that has ended
// all its calls by then.
func LoseCancels(t *testing.T) {
	testHookCancelLost = func() bool { return true }
	t.Cleanup(func() { testHookCancelLost = func() bool { return false } })
}

// UndoWithin sets how long undoing what a call has begun may take, until the end of a test.
func UndoWithin(t *testing.T, limit time.Duration) {
	before := undoTime
	undoTime = limit
	t.Cleanup(func() { undoTime = before })
}
