package runloop

import (
	"encoding/json"
	"reflect"
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

// Undecodable returns what is said of a text that does not fit, with all that lies beneath.
func Undecodable[T any](text string) string {
	var into T
	err := json.Unmarshal([]byte(text), &into)
	message := undecodable(err, reflect.TypeFor[T]())
	return message + " " + err.Error()
}

// PauseAfter is how long an upload waits before it is repeated.
var PauseAfter = pauseAfter

// Report reads what a script printed.
func Report(mark, output string) (code int, said string, ok bool) {
	found, ok := script{mark: mark}.report(output)
	return found.code, found.said, ok
}

// Unfinished is how many bytes at the end of a text are the beginning of a character.
var Unfinished = unfinished

// Kept is what kind a handle's number is kept as.
func Kept() reflect.Kind {
	field, _ := reflect.TypeFor[freeing]().FieldByName("number")
	return field.Type.Kind()
}
