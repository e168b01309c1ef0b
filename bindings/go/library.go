package runloop

// #include "shim.h"
import "C"

import (
	"strings"
	"sync"
	"unsafe"
)

// Version is the version of the loaded library, such as 0.1.0.
func Version() string {
	return C.GoString(C.runloop_version())
}

// LiveHandles is the number of live handles of the library: those of one kind ("client", "devbox",
// "exec_result" …: the names of the C types without runloop_), or all of them for "". It is 0 when a
// program has closed everything.
func LiveHandles(kind string) int {
	if kind == "" {
		return int(C.runloop_live_handles(nil))
	}
	if strings.IndexByte(kind, 0) >= 0 {
		// To C the text would end there.
		return 0
	}
	c := C.CString(kind)
	defer C.free(unsafe.Pointer(c))
	return int(C.runloop_live_handles(c))
}

// Ptr returns a pointer to a value, for optional numbers and bools of parameters.
func Ptr[T any](value T) *T {
	return &value
}

// fits says whether the library that runs is one for the header that we were built with.
var fits = sync.OnceValue(func() error {
	var failure *C.runloop_error
	return errorOf(C.runloop_go_abi_check(&failure), failure)
})
