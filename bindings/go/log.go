package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
)

// What the last handler said that has panicked.
var handlerFailed atomic.Pointer[string]

// loggers are those that C may tell something, by the numbers that it was given for them.
var loggers = struct {
	mutex sync.Mutex
	last  uintptr
	live  map[uintptr]*slog.Logger
	// Those that had been set when this was last looked at; each further one that is set replaces them all.
	settled []uintptr
}{live: map[uintptr]*slog.Logger{}}

// replaceLogger hands C the number of a logger. No lock is held while C sets it, since that waits for handlers, which may set
// a logger themselves.
func replaceLogger(to *slog.Logger, set func(number uintptr) error) error {
	l := &loggers
	l.mutex.Lock()
	l.last++
	number, replaced := l.last, slices.Clone(l.settled)
	l.live[number] = to
	l.mutex.Unlock()

	err := set(number)

	l.mutex.Lock()
	defer l.mutex.Unlock()
	if err != nil {
		delete(l.live, number)
		return err
	}
	for _, old := range replaced {
		delete(l.live, old)
	}
	l.settled = append(slices.DeleteFunc(l.settled, func(n uintptr) bool { return slices.Contains(replaced, n) }), number)
	return nil
}

func loggerOf(number uintptr) *slog.Logger {
	loggers.mutex.Lock()
	defer loggers.mutex.Unlock()
	return loggers.live[number]
}

var logLevels = []struct {
	slog slog.Level
	own  C.int32_t
}{
	{slog.LevelDebug, C.RUNLOOP_LOG_DEBUG},
	{slog.LevelInfo, C.RUNLOOP_LOG_INFO},
	{slog.LevelWarn, C.RUNLOOP_LOG_WARN},
	{slog.LevelError, C.RUNLOOP_LOG_ERROR},
}

// SetLogger sets the logger of the library, for the levels that it is enabled for: every request
// ([slog.LevelDebug]), requests that failed for good ([slog.LevelInfo]), attempts that failed and are
// retried ([slog.LevelWarn]), and defects ([slog.LevelError]). Requests of clean-ups in the background
// are among them. Default: nil, which logs nothing. There is one logger for the whole process. No
// secret is in any record.
//
// The logger's handler runs on a goroutine of its own while the call waits for it. It may call the
// library, and [SetLogger]; those calls are not logged. Calls on goroutines that it starts are logged
// as any others. If it panics, only that record is lost: see [LoggerPanic].
func SetLogger(to *slog.Logger) error {
	level := C.int32_t(C.RUNLOOP_LOG_OFF)
	if to != nil {
		for _, l := range logLevels {
			if to.Enabled(context.Background(), l.slog) {
				level = l.own
				break
			}
		}
	}
	handlerFailed.Store(nil)
	return replaceLogger(to, func(number uintptr) error {
		var status C.int32_t
		var failure *C.runloop_error
		tellingHere().run(func() { status = C.runloop_go_log_set(C.uintptr_t(number), level, &failure) })
		return errorOf(status, failure)
	})
}

// LoggerPanic returns the last panic of the logger's handler since [SetLogger], with its stack; nil if
// there was none.
func LoggerPanic() error {
	if said := handlerFailed.Load(); said != nil {
		return fmt.Errorf("runloop: the logger's handler panicked: %s", *said)
	}
	return nil
}

//export runloopGoLog
func runloopGoLog(number C.uintptr_t, level C.int32_t, message *C.char) {
	to := loggerOf(uintptr(number))
	if to == nil {
		return
	}
	text := inGo(C.GoString(message))
	for _, l := range logLevels {
		if l.own == level {
			// Not on this stack, which is C's.
			t := &telling{asked: make(chan func())}
			t.serve(elsewhere(func() {
				defer t.here()()
				tell(to, l.slog, text)
			}))
		}
	}
}

func tell(to *slog.Logger, level slog.Level, message string) {
	defer func() {
		if reason := recover(); reason != nil {
			said := fmt.Sprintf("%v\n%s", reason, debug.Stack())
			handlerFailed.Store(&said)
		}
	}()
	to.Log(context.Background(), level, message, slog.String("source", "librunloop"))
}
