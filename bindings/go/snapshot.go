package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"iter"
	"unsafe"
)

// Snapshot is a snapshot of a devbox's disk.
type Snapshot struct {
	owned
	id string
}

func newSnapshot(s *session, pointer *C.runloop_snapshot) *Snapshot {
	if pointer == nil {
		return nil
	}
	made := &Snapshot{id: C.GoString(C.runloop_snapshot_id(pointer))}
	made.handle = own(s, unsafe.Pointer(pointer), func(p unsafe.Pointer) { C.runloop_snapshot_free((*C.runloop_snapshot)(p)) })
	return made
}

func (x *Snapshot) c() *C.runloop_snapshot {
	if x == nil {
		return nil
	}
	return (*C.runloop_snapshot)(x.handle.get())
}

// SnapshotFromID returns a handle of a snapshot, without checking that it exists.
func (c *Client) SnapshotFromID(id string) (*Snapshot, error) {
	k := begin(c, nil)
	defer k.end()
	i := k.text("The identifier", id)
	var made *C.runloop_snapshot
	err := k.do(context.Background(), func(_ cOptions, e cError) cStatus { return C.runloop_snapshot_from_id(c.c(), i, &made, e) })
	return newSnapshot(k.session, made), err
}

// SnapshotItem is a snapshot of a list: its handle, and its data in the list.
type SnapshotItem struct {
	*Snapshot
	Info *DevboxSnapshotView
}

// ListSnapshots lists the disk snapshots, page by page. An error is the last item.
func (c *Client) ListSnapshots(ctx context.Context, params *SnapshotListParams, options ...CallOption) iter.Seq2[SnapshotItem, error] {
	return pages(ctx, c, params, options, list[SnapshotItem]{
		open: func(p *C.runloop_params, e cError) (unsafe.Pointer, cStatus) {
			var cursor *C.runloop_snapshot_cursor
			status := C.runloop_snapshot_list(c.c(), p, &cursor, e)
			return unsafe.Pointer(cursor), status
		},
		next: func(cursor unsafe.Pointer, o cOptions, v cValue, e cError) (unsafe.Pointer, cStatus) {
			var item *C.runloop_snapshot
			status := C.runloop_snapshot_cursor_next((*C.runloop_snapshot_cursor)(cursor), o, &item, v, e)
			return unsafe.Pointer(item), status
		},
		free: func(cursor unsafe.Pointer) {
			C.runloop_snapshot_cursor_free((*C.runloop_snapshot_cursor)(cursor))
		},
		item: func(item unsafe.Pointer, v *C.runloop_value) (SnapshotItem, error) {
			handle := newSnapshot(sessionOf(c), (*C.runloop_snapshot)(item))
			info, err := decoded[DevboxSnapshotView](v)
			return SnapshotItem{handle, info}, err
		},
	})
}

// ID is the identifier.
func (x *Snapshot) ID() string {
	if x == nil {
		return ""
	}
	return x.id
}

// Close frees the handle. The snapshot stays: see [Snapshot.Delete].
func (x *Snapshot) Close() error {
	if x != nil {
		x.handle.close()
	}
	return nil
}

// GetInfo returns the snapshot's status and contents.
func (x *Snapshot) GetInfo(ctx context.Context, options ...CallOption) (*DevboxSnapshotAsyncStatusView, error) {
	return answer[DevboxSnapshotAsyncStatusView](ctx, begin(x, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_snapshot_get_info(x.c(), o, v, e)
	})
}

// Update changes the members that are set; the others keep their values.
func (x *Snapshot) Update(ctx context.Context, params *SnapshotUpdateParams, options ...CallOption) (*DevboxSnapshotView, error) {
	k := begin(x, options)
	p := k.json("The parameters", params)
	return changed[DevboxSnapshotView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_snapshot_update(x.c(), p, o, v, e)
	})
}

// Delete deletes the snapshot. Devboxes already created from it are not affected. The handle stays
// valid.
func (x *Snapshot) Delete(ctx context.Context, options ...CallOption) error {
	return simple(ctx, begin(x, options), func(o cOptions, e cError) cStatus {
		return C.runloop_snapshot_delete(x.c(), o, e)
	})
}

// AwaitCompleted waits until the snapshot is complete, for 10 min unless [WithPollTimeout] is given.
// Any other end is [ErrSnapshotFailed], with the service's reason.
func (x *Snapshot) AwaitCompleted(ctx context.Context, options ...CallOption) (*DevboxSnapshotAsyncStatusView, error) {
	return answer[DevboxSnapshotAsyncStatusView](ctx, begin(x, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_snapshot_await_completed(x.c(), o, v, e)
	})
}

// CreateDevbox creates a devbox from the snapshot and waits until it runs. Otherwise it is like
// [Client.CreateDevbox].
func (x *Snapshot) CreateDevbox(ctx context.Context, params *DevboxCreateParams, options ...CallOption) (*Devbox, error) {
	return createDevbox(ctx, begin(x, options), params, func(p *C.runloop_params, o cOptions, d **C.runloop_devbox, e cError) cStatus {
		return C.runloop_snapshot_create_devbox(x.c(), p, o, d, e)
	})
}

// SnapshotDisk takes a snapshot of the devbox's disk and waits until it is complete. If it fails or is
// cancelled after the snapshot was started, the snapshot is deleted in the background, unless
// [KeepOnFailure] is given.
func (d *Devbox) SnapshotDisk(ctx context.Context, params *DevboxSnapshotDiskParams, options ...CallOption) (*Snapshot, error) {
	k := begin(d, options)
	defer k.end()
	p := k.json("The parameters", params)
	var made *C.runloop_snapshot
	err := k.do(ctx, func(o cOptions, e cError) cStatus { return C.runloop_devbox_snapshot_disk(d.c(), p, o, &made, e) })
	return newSnapshot(k.session, made), err
}

// SnapshotDiskAsync starts a snapshot of the devbox's disk and returns as soon as it has an identifier.
// Wait with [Snapshot.AwaitCompleted].
func (d *Devbox) SnapshotDiskAsync(ctx context.Context, params *DevboxSnapshotDiskParams, options ...CallOption) (*Snapshot, error) {
	k := begin(d, options)
	defer k.end()
	p := k.json("The parameters", params)
	var made *C.runloop_snapshot
	err := k.do(ctx, func(o cOptions, e cError) cStatus { return C.runloop_devbox_snapshot_disk_async(d.c(), p, o, &made, e) })
	return newSnapshot(k.session, made), err
}
