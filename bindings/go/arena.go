package runloop

// #include "shim.h"
import "C"

import (
	"reflect"
	"strings"
	"unsafe"
)

// arena holds what is made for C during one call, and the first mistake that was found.
type arena struct {
	memory []unsafe.Pointer
	params []*C.runloop_params
	failed error
}

func (a *arena) free() {
	for _, m := range a.memory {
		C.free(m)
	}
	for _, p := range a.params {
		C.runloop_params_free(p)
	}
	a.memory, a.params = nil, nil
}

// fail notes the first mistake.
func (a *arena) fail(err error) {
	if a.failed == nil {
		a.failed = err
	}
}

// text copies a text for C; what it is for is said where it cannot be one there.
func (a *arena) text(what, s string) *C.char {
	if strings.IndexByte(s, 0) >= 0 {
		a.fail(invalid("%s has a NUL in it, which texts cannot carry. Leave it out.", what))
		return nil
	}
	c := C.CString(s)
	a.memory = append(a.memory, unsafe.Pointer(c))
	return c
}

// textOrNull gives NULL for an empty text.
func (a *arena) textOrNull(what, s string) *C.char {
	if s == "" {
		return nil
	}
	return a.text(what, s)
}

// texts copies texts; NULL behind the last, and for none of them.
func (a *arena) texts(what string, list []string) **C.char {
	if len(list) == 0 {
		return nil
	}
	array := C.calloc(C.size_t(len(list)+1), C.size_t(unsafe.Sizeof((*C.char)(nil))))
	a.memory = append(a.memory, array)
	slots := unsafe.Slice((**C.char)(array), len(list))
	for i, s := range list {
		slots[i] = a.text(what, s)
	}
	return (**C.char)(array)
}

// json makes parameters of a value, NULL of nil.
func (a *arena) json(what string, v any) *C.runloop_params {
	if isNil(v) || a.failed != nil {
		return nil
	}
	written := false
	defer func() {
		// A method of the caller's has panicked.
		if !written {
			a.free()
		}
	}()
	text, err := RevealJSON(v)
	written = true
	if err != nil {
		a.failed = &Error{Status: ErrInvalidArgument, Message: what + " cannot be written as JSON.", RetryAfter: -1, wrapped: []error{err}}
		return nil
	}
	var made *C.runloop_params
	var failure *C.runloop_error
	a.failed = errorOf(C.runloop_params_from_json((*C.char)(unsafe.Pointer(unsafe.SliceData(text))), C.size_t(len(text)), &made, &failure), failure)
	if a.failed == nil {
		a.params = append(a.params, made)
	}
	return made
}

func isNil(v any) bool {
	if v == nil {
		return true
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface, reflect.Func, reflect.Chan:
		return r.IsNil()
	}
	return false
}
