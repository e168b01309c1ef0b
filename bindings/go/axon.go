package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"iter"
	"unsafe"
)

// Axon is a channel of events, with a database of its own.
type Axon struct {
	owned
	id string
}

func newAxon(s *session, pointer *C.runloop_axon) *Axon {
	if pointer == nil {
		return nil
	}
	made := &Axon{id: C.GoString(C.runloop_axon_id(pointer))}
	made.handle = own(s, unsafe.Pointer(pointer), func(p unsafe.Pointer) { C.runloop_axon_free((*C.runloop_axon)(p)) })
	return made
}

func (x *Axon) c() *C.runloop_axon {
	if x == nil {
		return nil
	}
	return (*C.runloop_axon)(x.handle.get())
}

// CreateAxon creates an axon.
func (c *Client) CreateAxon(ctx context.Context, params *AxonCreateParams, options ...CallOption) (*Axon, error) {
	k := begin(c, options)
	defer k.end()
	p := k.json("The parameters", params)
	var made *C.runloop_axon
	err := k.do(ctx, func(o cOptions, e cError) cStatus { return C.runloop_axon_create(c.c(), p, o, &made, e) })
	return newAxon(k.session, made), err
}

// AxonFromID returns a handle of an axon, without checking that it exists.
func (c *Client) AxonFromID(id string) (*Axon, error) {
	k := begin(c, nil)
	defer k.end()
	i := k.text("The identifier", id)
	var made *C.runloop_axon
	err := k.do(context.Background(), func(_ cOptions, e cError) cStatus { return C.runloop_axon_from_id(c.c(), i, &made, e) })
	return newAxon(k.session, made), err
}

// AxonItem is an axon of a list: its handle, and its data in the list.
type AxonItem struct {
	*Axon
	Info *AxonView
}

// ListAxons lists the axons, page by page. An error is the last item.
func (c *Client) ListAxons(ctx context.Context, params *AxonListParams, options ...CallOption) iter.Seq2[AxonItem, error] {
	return pages(ctx, c, params, options, list[AxonItem]{
		open: func(p *C.runloop_params, e cError) (unsafe.Pointer, cStatus) {
			var cursor *C.runloop_axon_cursor
			status := C.runloop_axon_list(c.c(), p, &cursor, e)
			return unsafe.Pointer(cursor), status
		},
		next: func(cursor unsafe.Pointer, o cOptions, v cValue, e cError) (unsafe.Pointer, cStatus) {
			var item *C.runloop_axon
			status := C.runloop_axon_cursor_next((*C.runloop_axon_cursor)(cursor), o, &item, v, e)
			return unsafe.Pointer(item), status
		},
		free: func(cursor unsafe.Pointer) { C.runloop_axon_cursor_free((*C.runloop_axon_cursor)(cursor)) },
		item: func(item unsafe.Pointer, v *C.runloop_value) (AxonItem, error) {
			handle := newAxon(sessionOf(c), (*C.runloop_axon)(item))
			info, err := decoded[AxonView](v)
			return AxonItem{handle, info}, err
		},
	})
}

// ID is the identifier.
func (x *Axon) ID() string {
	if x == nil {
		return ""
	}
	return x.id
}

// Close frees the handle. The axon stays: see [Axon.Delete].
func (x *Axon) Close() error {
	if x != nil {
		x.handle.close()
	}
	return nil
}

// GetInfo returns the axon as the API shows it now.
func (x *Axon) GetInfo(ctx context.Context, options ...CallOption) (*AxonView, error) {
	return answer[AxonView](ctx, begin(x, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_axon_get_info(x.c(), o, v, e)
	})
}

// Update changes the members that are set; the others keep their values.
func (x *Axon) Update(ctx context.Context, params *AxonUpdateParams, options ...CallOption) (*AxonView, error) {
	k := begin(x, options)
	p := k.json("The parameters", params)
	return changed[AxonView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_axon_update(x.c(), p, o, v, e)
	})
}

// Delete deletes the axon. The handle stays valid.
func (x *Axon) Delete(ctx context.Context, options ...CallOption) error {
	return simple(ctx, begin(x, options), func(o cOptions, e cError) cStatus {
		return C.runloop_axon_delete(x.c(), o, nil, e)
	})
}

// Publish publishes an event. If the answer is lost, it is not published again; the error then has
// [SideEffectUnknown].
func (x *Axon) Publish(ctx context.Context, params *AxonPublishParams, options ...CallOption) (*PublishResultView, error) {
	k := begin(x, options)
	p := k.json("The parameters", params)
	return changed[PublishResultView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_axon_publish(x.c(), p, o, v, e)
	})
}

// Subscribe follows the axon's events: those whose sequence is above afterSequence, or all for -1, then
// new ones. Nothing is sent before [EventStream.Next].
func (x *Axon) Subscribe(afterSequence int64, options ...CallOption) (*EventStream[AxonEventView], error) {
	k := begin(x, options)
	if afterSequence < -1 {
		k.fail(invalid("The sequence is %d: it must be -1, for all events, or more.", afterSequence))
	}
	return newEventStream[AxonEventView](k, func(o cOptions, stream **C.runloop_event_stream, e cError) cStatus {
		return C.runloop_axon_subscribe(x.c(), C.int64_t(afterSequence), o, stream, e)
	})
}

// Events lists the axon's events so far, page by page. An error is the last item.
func (x *Axon) Events(ctx context.Context, params *AxonEventListParams, options ...CallOption) iter.Seq2[*AxonEventView, error] {
	return pages(ctx, x, params, options, list[*AxonEventView]{
		open: func(p *C.runloop_params, e cError) (unsafe.Pointer, cStatus) {
			var cursor *C.runloop_axon_event_cursor
			status := C.runloop_axon_events(x.c(), p, &cursor, e)
			return unsafe.Pointer(cursor), status
		},
		next: func(cursor unsafe.Pointer, o cOptions, v cValue, e cError) (unsafe.Pointer, cStatus) {
			status := C.runloop_axon_event_cursor_next((*C.runloop_axon_event_cursor)(cursor), o, v, e)
			return unsafe.Pointer(*v), status
		},
		free: func(cursor unsafe.Pointer) { C.runloop_axon_event_cursor_free((*C.runloop_axon_event_cursor)(cursor)) },
		item: func(_ unsafe.Pointer, v *C.runloop_value) (*AxonEventView, error) { return decoded[AxonEventView](v) },
	})
}

// SQLQuery runs one statement in the axon's database; each ? stands for one of the values. If the
// answer is lost, it is not run again; the error then has [SideEffectUnknown].
func (x *Axon) SQLQuery(ctx context.Context, sql string, values []any, options ...CallOption) (*SQLQueryResultView, error) {
	k := begin(x, options)
	s := k.text("The statement", sql)
	var params map[string]any
	if len(values) > 0 {
		params = map[string]any{"params": values}
	}
	p := k.json("The values", params)
	return changed[SQLQueryResultView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_axon_sql_query(x.c(), s, p, o, v, e)
	})
}

// SQLBatch runs several statements in the axon's database, all of them or none.
func (x *Axon) SQLBatch(ctx context.Context, params *AxonSQLBatchParams, options ...CallOption) (*SQLBatchResultView, error) {
	k := begin(x, options)
	p := k.json("The parameters", params)
	return changed[SQLBatchResultView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_axon_sql_batch(x.c(), p, o, v, e)
	})
}
