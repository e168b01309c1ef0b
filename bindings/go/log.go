package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
)

var (
	logging sync.Mutex
	logger  atomic.Pointer[slog.Logger]
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
	var failure *C.runloop_error
	return errorOf(C.runloop_go_log_set(level, &failure), failure)
}

//export runloopGoLog
func runloopGoLog(level C.int32_t, message *C.char) {
	to := logger.Load()
	if to == nil {
		return
	}
	for _, l := range logLevels {
		if l.own == level {
			to.Log(context.Background(), l.slog, C.GoString(message), slog.String("source", "librunloop"))
		}
	}
}
