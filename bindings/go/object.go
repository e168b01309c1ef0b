package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"iter"
	"runtime"
	"unsafe"
)

// Object is an object in the service's storage.
type Object struct {
	owned
	id string
}

func newObject(s *session, pointer *C.runloop_object) *Object {
	if pointer == nil {
		return nil
	}
	made := &Object{id: C.GoString(C.runloop_object_id(pointer))}
	made.handle = own(s, unsafe.Pointer(pointer), func(p unsafe.Pointer) { C.runloop_object_free((*C.runloop_object)(p)) })
	return made
}

func (x *Object) c() *C.runloop_object {
	if x == nil {
		return nil
	}
	return (*C.runloop_object)(x.handle.get())
}

// CreateObject creates an object without content. Upload that with [Object.UploadContent], then call
// [Object.Complete]; the UploadObject functions do all three.
func (c *Client) CreateObject(ctx context.Context, params *ObjectCreateParams, options ...CallOption) (*Object, error) {
	k := begin(c, options)
	defer k.end()
	p := k.json("The parameters", params)
	var made *C.runloop_object
	err := k.do(ctx, func(o cOptions, e cError) cStatus { return C.runloop_object_create(c.c(), p, o, &made, e) })
	return newObject(k.session, made), err
}

// ObjectFromID returns a handle of an object, without checking that it exists.
func (c *Client) ObjectFromID(id string) (*Object, error) {
	k := begin(c, nil)
	defer k.end()
	i := k.text("The identifier", id)
	var made *C.runloop_object
	err := k.do(context.Background(), func(_ cOptions, e cError) cStatus { return C.runloop_object_from_id(c.c(), i, &made, e) })
	return newObject(k.session, made), err
}

// ObjectItem is an object of a list: its handle, and its data in the list.
type ObjectItem struct {
	*Object
	Info *ObjectView
}

// ListObjects lists the objects, page by page. An error is the last item.
func (c *Client) ListObjects(ctx context.Context, params *ObjectListParams, options ...CallOption) iter.Seq2[ObjectItem, error] {
	return objects(ctx, c, params, options, func(p *C.runloop_params, cursor **C.runloop_object_cursor, e cError) cStatus {
		return C.runloop_object_list(c.c(), p, cursor, e)
	})
}

// ListPublicObjects lists the public objects. Otherwise it is like [Client.ListObjects].
func (c *Client) ListPublicObjects(ctx context.Context, params *ObjectListParams, options ...CallOption) iter.Seq2[ObjectItem, error] {
	return objects(ctx, c, params, options, func(p *C.runloop_params, cursor **C.runloop_object_cursor, e cError) cStatus {
		return C.runloop_object_list_public(c.c(), p, cursor, e)
	})
}

func objects(ctx context.Context, c *Client, params *ObjectListParams, options []CallOption, open func(p *C.runloop_params, cursor **C.runloop_object_cursor, e cError) cStatus) iter.Seq2[ObjectItem, error] {
	return pages(ctx, c, params, options, list[ObjectItem]{
		open: func(p *C.runloop_params, e cError) (unsafe.Pointer, cStatus) {
			var cursor *C.runloop_object_cursor
			status := open(p, &cursor, e)
			return unsafe.Pointer(cursor), status
		},
		next: func(cursor unsafe.Pointer, o cOptions, v cValue, e cError) (unsafe.Pointer, cStatus) {
			var item *C.runloop_object
			status := C.runloop_object_cursor_next((*C.runloop_object_cursor)(cursor), o, &item, v, e)
			return unsafe.Pointer(item), status
		},
		free: func(cursor unsafe.Pointer) {
			C.runloop_object_cursor_free((*C.runloop_object_cursor)(cursor))
		},
		item: func(item unsafe.Pointer, v *C.runloop_value) (ObjectItem, error) {
			handle := newObject(sessionOf(c), (*C.runloop_object)(item))
			info, err := decoded[ObjectView](v)
			return ObjectItem{handle, info}, err
		},
	})
}

// ID is the identifier, obj_….
func (x *Object) ID() string {
	if x == nil {
		return ""
	}
	return x.id
}

// Close frees the handle. The object stays: see [Object.Delete].
func (x *Object) Close() error {
	if x != nil {
		x.handle.close()
	}
	return nil
}

// UploadURL is the signed upload URL, for programs that do not use [Object.UploadContent]. It is empty
// if this handle did not create the object, and once the object is complete.
func (x *Object) UploadURL() Sensitive {
	defer runtime.KeepAlive(x)
	return Sensitive(C.GoString(C.runloop_object_upload_url(x.c())))
}

// Refresh returns the object as the API shows it now.
func (x *Object) Refresh(ctx context.Context, options ...CallOption) (*ObjectView, error) {
	return answer[ObjectView](ctx, begin(x, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_object_refresh(x.c(), o, v, e)
	})
}

// Complete marks the object as complete: from then on it can be read, and no longer be written.
func (x *Object) Complete(ctx context.Context, options ...CallOption) (*ObjectView, error) {
	return changed[ObjectView](ctx, begin(x, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_object_complete(x.c(), o, v, e)
	})
}

// Delete deletes the object and its content. The handle stays valid.
func (x *Object) Delete(ctx context.Context, options ...CallOption) error {
	return simple(ctx, begin(x, options), func(o cOptions, e cError) cStatus {
		return C.runloop_object_delete(x.c(), o, nil, e)
	})
}

// AsBuildContext returns the object as a blueprint's build context.
func (x *Object) AsBuildContext() (*BuildContext, error) {
	return answer[BuildContext](context.Background(), begin(x, nil), func(_ cOptions, v cValue, e cError) cStatus {
		return C.runloop_object_as_build_context(x.c(), v, e)
	})
}
