package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"iter"
	"unsafe"
)

// Blueprint is a built image from which devboxes are made.
type Blueprint struct {
	owned
	id string
}

func newBlueprint(s *session, pointer *C.runloop_blueprint) *Blueprint {
	if pointer == nil {
		return nil
	}
	made := &Blueprint{id: C.GoString(C.runloop_blueprint_id(pointer))}
	made.handle = own(s, unsafe.Pointer(pointer), func(p unsafe.Pointer) { C.runloop_blueprint_free((*C.runloop_blueprint)(p)) })
	return made
}

func (x *Blueprint) c() *C.runloop_blueprint {
	if x == nil {
		return nil
	}
	return (*C.runloop_blueprint)(x.handle.get())
}

// CreateBlueprint creates a blueprint and waits until it is built. log, if it is not nil, is called
// with each line of the build's log as it appears, during the call and on its goroutine; an error from
// it ends the call with [ErrStopped].
//
// A build that fails is [ErrBuildFailed], and the blueprint stays, so that its log can be read; the
// error names it. If the call fails in another way, or is cancelled, the blueprint is deleted in the
// background, unless [KeepOnFailure] is given. It waits for 30 min unless [WithPollTimeout] is given.
func (c *Client) CreateBlueprint(ctx context.Context, params *BlueprintCreateParams, log func(BlueprintBuildLog) error, options ...CallOption) (*Blueprint, error) {
	k := begin(c, options)
	defer k.end()
	p := k.json("The parameters", params)
	number := k.logged(log)
	var made *C.runloop_blueprint
	k.undo = func() { C.runloop_blueprint_free(made) }
	err := k.do(ctx, func(o cOptions, e cError) cStatus {
		return C.runloop_go_blueprint_create(c.c(), p, number, o, &made, e)
	})
	return newBlueprint(k.session, made), err
}

// logged has a function given the lines of a build's log; 0 where there is none.
func (c *call) logged(log func(BlueprintBuildLog) error) C.uintptr_t {
	if log == nil {
		return 0
	}
	c.buildLog = log
	return c.callbacksNumber()
}

// CreateBlueprintAsync creates a blueprint and returns as soon as it has an identifier; wait with
// [Blueprint.AwaitBuildComplete].
func (c *Client) CreateBlueprintAsync(ctx context.Context, params *BlueprintCreateParams, options ...CallOption) (*Blueprint, error) {
	k := begin(c, options)
	defer k.end()
	p := k.json("The parameters", params)
	var made *C.runloop_blueprint
	err := k.do(ctx, func(o cOptions, e cError) cStatus { return C.runloop_blueprint_create_async(c.c(), p, o, &made, e) })
	return newBlueprint(k.session, made), err
}

// PreviewBlueprint returns the Dockerfile that would be built. Nothing is built.
func (c *Client) PreviewBlueprint(ctx context.Context, params *BlueprintCreateParams, options ...CallOption) (*BlueprintPreviewView, error) {
	k := begin(c, options)
	p := k.json("The parameters", params)
	return answer[BlueprintPreviewView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_blueprint_preview(c.c(), p, o, v, e)
	})
}

// BlueprintFromID returns a handle of a blueprint, without checking that it exists.
func (c *Client) BlueprintFromID(id string) (*Blueprint, error) {
	k := begin(c, nil)
	defer k.end()
	i := k.text("The identifier", id)
	var made *C.runloop_blueprint
	err := k.do(context.Background(), func(_ cOptions, e cError) cStatus { return C.runloop_blueprint_from_id(c.c(), i, &made, e) })
	return newBlueprint(k.session, made), err
}

// BlueprintItem is a blueprint of a list: its handle, and its data in the list.
type BlueprintItem struct {
	*Blueprint
	Info *BlueprintView
}

// ListBlueprints lists the account's blueprints, page by page. An error is the last item.
func (c *Client) ListBlueprints(ctx context.Context, params *BlueprintListParams, options ...CallOption) iter.Seq2[BlueprintItem, error] {
	return blueprints(ctx, c, params, options, func(p *C.runloop_params, cursor **C.runloop_blueprint_cursor, e cError) cStatus {
		return C.runloop_blueprint_list(c.c(), p, cursor, e)
	})
}

// ListPublicBlueprints lists the blueprints that all accounts may use. Otherwise it is like
// [Client.ListBlueprints].
func (c *Client) ListPublicBlueprints(ctx context.Context, params *BlueprintListParams, options ...CallOption) iter.Seq2[BlueprintItem, error] {
	return blueprints(ctx, c, params, options, func(p *C.runloop_params, cursor **C.runloop_blueprint_cursor, e cError) cStatus {
		return C.runloop_blueprint_list_public(c.c(), p, cursor, e)
	})
}

func blueprints(ctx context.Context, c *Client, params *BlueprintListParams, options []CallOption, open func(p *C.runloop_params, cursor **C.runloop_blueprint_cursor, e cError) cStatus) iter.Seq2[BlueprintItem, error] {
	return pages(ctx, c, params, options, list[BlueprintItem]{
		open: func(p *C.runloop_params, e cError) (unsafe.Pointer, cStatus) {
			var cursor *C.runloop_blueprint_cursor
			status := open(p, &cursor, e)
			return unsafe.Pointer(cursor), status
		},
		next: func(cursor unsafe.Pointer, o cOptions, v cValue, e cError) (unsafe.Pointer, cStatus) {
			var item *C.runloop_blueprint
			status := C.runloop_blueprint_cursor_next((*C.runloop_blueprint_cursor)(cursor), o, &item, v, e)
			return unsafe.Pointer(item), status
		},
		free: func(cursor unsafe.Pointer) {
			C.runloop_blueprint_cursor_free((*C.runloop_blueprint_cursor)(cursor))
		},
		item: func(item unsafe.Pointer, v *C.runloop_value) (BlueprintItem, error) {
			handle := newBlueprint(sessionOf(c), (*C.runloop_blueprint)(item))
			info, err := decoded[BlueprintView](v)
			return BlueprintItem{handle, info}, err
		},
	})
}

// ID is the identifier.
func (x *Blueprint) ID() string {
	if x == nil {
		return ""
	}
	return x.id
}

// Close frees the handle. The blueprint stays: see [Blueprint.Delete].
func (x *Blueprint) Close() error {
	if x != nil {
		x.handle.close()
	}
	return nil
}

// GetInfo returns the blueprint as the API shows it now.
func (x *Blueprint) GetInfo(ctx context.Context, options ...CallOption) (*BlueprintView, error) {
	return answer[BlueprintView](ctx, begin(x, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_blueprint_get_info(x.c(), o, v, e)
	})
}

// Delete deletes the blueprint. Devboxes already created from it are not affected. The handle stays
// valid.
func (x *Blueprint) Delete(ctx context.Context, options ...CallOption) error {
	return simple(ctx, begin(x, options), func(o cOptions, e cError) cStatus {
		return C.runloop_blueprint_delete(x.c(), o, e)
	})
}

// AwaitBuildComplete waits until the blueprint is built, for 30 min unless [WithPollTimeout] is given.
// log, if it is not nil, is called with each line of the build's log, from the first. A build that
// fails is [ErrBuildFailed]; the message carries the last lines of its log.
func (x *Blueprint) AwaitBuildComplete(ctx context.Context, log func(BlueprintBuildLog) error, options ...CallOption) (*BlueprintView, error) {
	k := begin(x, options)
	number := k.logged(log)
	return answer[BlueprintView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_go_blueprint_await_build_complete(x.c(), number, o, v, e)
	})
}

// Logs returns the log of the blueprint's build so far.
func (x *Blueprint) Logs(ctx context.Context, options ...CallOption) (*BlueprintBuildLogsListView, error) {
	return answer[BlueprintBuildLogsListView](ctx, begin(x, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_blueprint_logs(x.c(), o, v, e)
	})
}

// CreateDevbox creates a devbox from the blueprint and waits until it runs. Otherwise it is like
// [Client.CreateDevbox].
func (x *Blueprint) CreateDevbox(ctx context.Context, params *DevboxCreateParams, options ...CallOption) (*Devbox, error) {
	return createDevbox(ctx, begin(x, options), params, func(p *C.runloop_params, o cOptions, d **C.runloop_devbox, e cError) cStatus {
		return C.runloop_blueprint_create_devbox(x.c(), p, o, d, e)
	})
}
