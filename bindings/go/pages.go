package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"iter"
	"unsafe"
)

// walk is how C walks through a list.
type walk[T any] struct {
	open func(params *C.runloop_params, e cError) (cursor unsafe.Pointer, status cStatus)
	// next gives NULL at the end.
	next func(cursor unsafe.Pointer, o cOptions, v cValue, e cError) (item unsafe.Pointer, status cStatus)
	free func(cursor unsafe.Pointer)
	// item takes both.
	item func(item unsafe.Pointer, v *C.runloop_value) (T, error)
}

// pages walks through a list, anew for each range over it.
func pages[T any](ctx context.Context, owner, params any, options []CallOption, w walk[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		cursor, err := opened(owner, params, w.open)
		if err != nil {
			yield(none, err)
			return
		}
		defer w.free(cursor)
		for {
			item, more, err := following(ctx, owner, options, cursor, w)
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

func opened(owner, params any, open func(params *C.runloop_params, e cError) (unsafe.Pointer, cStatus)) (cursor unsafe.Pointer, err error) {
	k := begin(owner, nil)
	defer k.end()
	p := k.json("The filters", params)
	err = k.do(context.Background(), func(_ cOptions, e cError) (status cStatus) {
		cursor, status = open(p, e)
		return status
	})
	return cursor, err
}

func following[T any](ctx context.Context, owner any, options []CallOption, cursor unsafe.Pointer, w walk[T]) (item T, more bool, err error) {
	k := begin(owner, options)
	defer k.end()
	var found unsafe.Pointer
	var value *C.runloop_value
	err = k.do(ctx, func(o cOptions, e cError) (status cStatus) {
		found, status = w.next(cursor, o, &value, e)
		return status
	})
	if err != nil || found == nil {
		return item, false, err
	}
	item, err = w.item(found, value)
	return item, true, err
}
