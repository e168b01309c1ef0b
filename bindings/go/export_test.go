package runloop

import "testing"

// LoseCancels has the ends of contexts reach no call under way, until the end of a test that has ended
// all its calls by then.
func LoseCancels(t *testing.T) {
	testHookCancelLost = func() bool { return true }
	t.Cleanup(func() { testHookCancelLost = func() bool { return false } })
}
