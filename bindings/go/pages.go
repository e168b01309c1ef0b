package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"iter"
	"unsafe"
)

// list is how C lists something.
type list[T any] struct {
	open func(params *C.runloop_params, e cError) (cursor unsafe.Pointer, status cStatus)
	// next returns NULL at the end.
	next func(cursor unsafe.Pointer, o cOptions, v cValue, e cError) (item unsafe.Pointer, status cStatus)
	free func(cursor unsafe.Pointer)
	// item takes ownership of both.
	item func(item unsafe.Pointer, v *C.runloop_value) (T, error)
}

// pages lists items page by page. Each range over the sequence starts from the first page.
func pages[T any](ctx context.Context, owner, params any, options []CallOption, l list[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		cursor, err := opened(owner, params, l)
		if err != nil {
			yield(none, err)
			return
		}
		defer cursor.now()
		for {
			item, more, err := following(ctx, owner, options, cursor, l)
			if err != nil {
				yield(none, err)
				return
			}
			if !more || !yield(item, nil) {
				return
			}
		}
	}
}

// opened returns the cursor as a number, as a handle has it: it lives through calls during which the
// garbage collector looks at pointers.
func opened[T any](owner, params any, l list[T]) (*freeing, error) {
	k := begin(owner, nil)
	defer k.end()
	p := k.json("The filters", params)
	cursor := &freeing{free: l.free}
	err := k.do(context.Background(), func(_ cOptions, e cError) cStatus {
		opened, status := l.open(p, e)
		cursor.number = uintptr(opened)
		return status
	})
	return cursor, err
}

func following[T any](ctx context.Context, owner any, options []CallOption, cursor *freeing, l list[T]) (item T, more bool, err error) {
	k := begin(owner, options)
	defer k.end()
	found := &freeing{}
	var value *C.runloop_value
	err = k.do(ctx, func(o cOptions, e cError) cStatus {
		next, status := l.next(cursor.toC(), o, &value, e)
		found.number = uintptr(next)
		return status
	})
	if err != nil || found.number == 0 {
		return item, false, err
	}
	item, err = l.item(found.toC(), value)
	return item, true, err
}
