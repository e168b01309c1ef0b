package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

var (
	logging sync.Mutex
	logger  atomic.Pointer[slog.Logger]
	// What the last handler said that has panicked.
	handlerFailed atomic.Pointer[string]
)

var logLevels = []struct {
	slog slog.Level
	own  C.int32_t
}{
	{slog.LevelDebug, C.RUNLOOP_LOG_DEBUG},
	{slog.LevelInfo, C.RUNLOOP_LOG_INFO},
	{slog.LevelWarn, C.RUNLOOP_LOG_WARN},
	{slog.LevelError, C.RUNLOOP_LOG_ERROR},
}

// SetLogger has the library tell a logger what it does, down to the level that the logger is enabled
// for: every request ([slog.LevelDebug]), requests that failed for good, attempts that failed and are
// repeated, defects. Nil silences the library, as it is from the start. There is one logger for the
// whole process. No secret is in any record.
//
// The logger's handler runs on a goroutine of its own while the call waits for it. A record on which it
// panics is lost, and nothing else: see [LoggerPanic].
func SetLogger(to *slog.Logger) error {
	logging.Lock()
	defer logging.Unlock()
	level := C.int32_t(C.RUNLOOP_LOG_OFF)
	if to != nil {
		for _, l := range logLevels {
			if to.Enabled(context.Background(), l.slog) {
				level = l.own
				break
			}
		}
	}
	logger.Store(to)
	handlerFailed.Store(nil)
	var failure *C.runloop_error
	return errorOf(C.runloop_go_log_set(level, &failure), failure)
}

// LoggerPanic tells of the last panic of the logger's handler since [SetLogger], and where it was; nil
// if there was none.
func LoggerPanic() error {
	if said := handlerFailed.Load(); said != nil {
		return fmt.Errorf("runloop: the logger's handler panicked: %s", *said)
	}
	return nil
}

//export runloopGoLog
func runloopGoLog(level C.int32_t, message *C.char) {
	to := logger.Load()
	if to == nil {
		return
	}
	text := inGo(C.GoString(message))
	for _, l := range logLevels {
		if l.own == level {
			// Not on this stack, which is C's.
			<-elsewhere(func() { tell(to, l.slog, text) })
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
