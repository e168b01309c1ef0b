package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"
	"unsafe"
)

// Devbox is an isolated Linux machine at the service.
type Devbox struct {
	owned
	id string
}

func newDevbox(s *session, pointer *C.runloop_devbox) *Devbox {
	if pointer == nil {
		return nil
	}
	made := &Devbox{id: C.GoString(C.runloop_devbox_id(pointer))}
	made.handle = own(s, unsafe.Pointer(pointer), func(p unsafe.Pointer) { C.runloop_devbox_free((*C.runloop_devbox)(p)) })
	return made
}

func (d *Devbox) c() *C.runloop_devbox {
	if d == nil {
		return nil
	}
	return (*C.runloop_devbox)(d.handle.get())
}

func createDevbox(ctx context.Context, k *call, params *DevboxCreateParams, create func(p *C.runloop_params, o cOptions, d **C.runloop_devbox, e cError) cStatus) (*Devbox, error) {
	defer k.end()
	p := k.json("The parameters", params)
	var made *C.runloop_devbox
	err := k.do(ctx, func(o cOptions, e cError) cStatus { return create(p, o, &made, e) })
	return newDevbox(k.session, made), err
}

// CreateDevbox creates a devbox and waits until it runs, for 120 s unless [WithPollTimeout] is given.
// params may be nil.
//
// Nothing is left behind: if the call fails after the devbox was created, or is cancelled, the devbox
// is shut down in the background, unless [KeepOnFailure] is given.
func (c *Client) CreateDevbox(ctx context.Context, params *DevboxCreateParams, options ...CallOption) (*Devbox, error) {
	return createDevbox(ctx, begin(c, options), params, func(p *C.runloop_params, o cOptions, d **C.runloop_devbox, e cError) cStatus {
		return C.runloop_devbox_create(c.c(), p, o, d, e)
	})
}

// CreateDevboxFromBlueprintID creates a devbox from a blueprint. Otherwise it is like
// [Client.CreateDevbox].
func (c *Client) CreateDevboxFromBlueprintID(ctx context.Context, blueprintID string, params *DevboxCreateParams, options ...CallOption) (*Devbox, error) {
	k := begin(c, options)
	id := k.text("The blueprint's identifier", blueprintID)
	return createDevbox(ctx, k, params, func(p *C.runloop_params, o cOptions, d **C.runloop_devbox, e cError) cStatus {
		return C.runloop_devbox_create_from_blueprint_id(c.c(), id, p, o, d, e)
	})
}

// CreateDevboxFromBlueprintName creates a devbox from the newest blueprint of a name. Otherwise it is
// like [Client.CreateDevbox].
func (c *Client) CreateDevboxFromBlueprintName(ctx context.Context, blueprintName string, params *DevboxCreateParams, options ...CallOption) (*Devbox, error) {
	k := begin(c, options)
	name := k.text("The blueprint's name", blueprintName)
	return createDevbox(ctx, k, params, func(p *C.runloop_params, o cOptions, d **C.runloop_devbox, e cError) cStatus {
		return C.runloop_devbox_create_from_blueprint_name(c.c(), name, p, o, d, e)
	})
}

// CreateDevboxFromSnapshot creates a devbox from a disk snapshot. Otherwise it is like
// [Client.CreateDevbox].
func (c *Client) CreateDevboxFromSnapshot(ctx context.Context, snapshotID string, params *DevboxCreateParams, options ...CallOption) (*Devbox, error) {
	k := begin(c, options)
	id := k.text("The snapshot's identifier", snapshotID)
	return createDevbox(ctx, k, params, func(p *C.runloop_params, o cOptions, d **C.runloop_devbox, e cError) cStatus {
		return C.runloop_devbox_create_from_snapshot(c.c(), id, p, o, d, e)
	})
}

// CreateDevboxAsync creates a devbox and returns as soon as it has an identifier. Call
// [Devbox.AwaitRunning] before running commands in it.
func (c *Client) CreateDevboxAsync(ctx context.Context, params *DevboxCreateParams, options ...CallOption) (*Devbox, error) {
	return createDevbox(ctx, begin(c, options), params, func(p *C.runloop_params, o cOptions, d **C.runloop_devbox, e cError) cStatus {
		return C.runloop_devbox_create_async(c.c(), p, o, d, e)
	})
}

// DevboxFromID returns a handle of an existing devbox, after waiting until it runs.
func (c *Client) DevboxFromID(ctx context.Context, id string, options ...CallOption) (*Devbox, error) {
	k := begin(c, options)
	i := k.text("The identifier", id)
	return createDevbox(ctx, k, nil, func(_ *C.runloop_params, o cOptions, d **C.runloop_devbox, e cError) cStatus {
		return C.runloop_devbox_from_id(c.c(), i, o, d, e)
	})
}

// AttachDevbox returns a handle of a devbox, without checking that it exists.
func (c *Client) AttachDevbox(id string) (*Devbox, error) {
	k := begin(c, nil)
	i := k.text("The identifier", id)
	return createDevbox(context.Background(), k, nil, func(_ *C.runloop_params, _ cOptions, d **C.runloop_devbox, e cError) cStatus {
		return C.runloop_devbox_attach(c.c(), i, d, e)
	})
}

// shutdownTime is how long the end of [Client.WithDevbox] may take.
const shutdownTime = 30 * time.Second

// WithDevbox creates a devbox, calls f with it, and shuts it down afterwards in any case: after an
// error, a panic, the end of the context, or [Client.Close]. The context of f ends when the client is
// closed; [Client.Close] waits until the devbox is shut down, but not for f.
func (c *Client) WithDevbox(ctx context.Context, params *DevboxCreateParams, f func(ctx context.Context, devbox *Devbox) error, options ...CallOption) (err error) {
	if f == nil {
		return invalid("The function that is to have the devbox is nil.")
	}
	if ctx == nil {
		return noContext()
	}
	s := sessionOf(c)
	// Close waits from before the create on: what that makes is to be ended.
	done := sync.OnceFunc(s.add())
	defer done()
	bound, unbind := s.bound(ctx)
	defer unbind()
	devbox, err := c.CreateDevbox(bound, params, options...)
	if err != nil {
		return err
	}
	defer devbox.Close()
	// The function may close the one that it is given.
	own, attached := c.AttachDevbox(devbox.id)
	if attached != nil {
		own = devbox
	}
	defer own.Close()
	shutdown := sync.OnceValue(func() error {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		return own.Shutdown(ending)
	})
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		defer done()
		select {
		case <-s.closed():
			_ = shutdown()
		case <-over:
		}
	}()
	defer func() {
		if failure := shutdown(); failure != nil {
			err = errors.Join(err, failure)
		}
		close(over)
		<-ended
	}()
	return f(bound, devbox)
}

// DevboxItem is a devbox of a list: its handle, and its data in the list.
type DevboxItem struct {
	*Devbox
	Info *DevboxView
}

// ListDevboxes lists the devboxes, page by page. An error is the last item.
func (c *Client) ListDevboxes(ctx context.Context, params *DevboxListParams, options ...CallOption) iter.Seq2[DevboxItem, error] {
	return pages(ctx, c, params, options, list[DevboxItem]{
		open: func(p *C.runloop_params, e cError) (unsafe.Pointer, cStatus) {
			var cursor *C.runloop_devbox_cursor
			status := C.runloop_devbox_list(c.c(), p, &cursor, e)
			return unsafe.Pointer(cursor), status
		},
		next: func(cursor unsafe.Pointer, o cOptions, v cValue, e cError) (unsafe.Pointer, cStatus) {
			var item *C.runloop_devbox
			status := C.runloop_devbox_cursor_next((*C.runloop_devbox_cursor)(cursor), o, &item, v, e)
			return unsafe.Pointer(item), status
		},
		free: func(cursor unsafe.Pointer) {
			C.runloop_devbox_cursor_free((*C.runloop_devbox_cursor)(cursor))
		},
		item: func(item unsafe.Pointer, v *C.runloop_value) (DevboxItem, error) {
			handle := newDevbox(sessionOf(c), (*C.runloop_devbox)(item))
			info, err := decoded[DevboxView](v)
			return DevboxItem{handle, info}, err
		},
	})
}

// ID is the identifier, dbx_….
func (d *Devbox) ID() string {
	if d == nil {
		return ""
	}
	return d.id
}

// SetShutdownOnClose sets whether the devbox is shut down when this handle is closed or garbage
// collected: with a timeout above 0 it is, and Close waits that long. Default: 0, the devbox keeps
// running. A failure is only logged; to handle it call [Devbox.Shutdown], after which Close sends
// nothing.
func (d *Devbox) SetShutdownOnClose(timeout time.Duration) error {
	k := begin(d, nil)
	limit := k.notNegative("The timeout", timeout)
	return simple(context.Background(), k, func(_ cOptions, e cError) cStatus {
		return C.runloop_devbox_set_shutdown_on_free(d.c(), limit, e)
	})
}

// Close frees the handle. The devbox keeps running: see [Devbox.Shutdown] and
// [Devbox.SetShutdownOnClose].
func (d *Devbox) Close() error {
	if d != nil {
		d.handle.close()
	}
	return nil
}
