package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"iter"
	"unsafe"
)

// Secret is a secret. It is bound to a name, and then means the newest secret of that name, or to the
// identifier of one secret, and then never refers to another. Its value is sent to the service and
// never returned.
type Secret struct {
	owned
	id, name string
}

func newSecret(s *session, pointer *C.runloop_secret) *Secret {
	if pointer == nil {
		return nil
	}
	made := &Secret{id: C.GoString(C.runloop_secret_id(pointer)), name: C.GoString(C.runloop_secret_name(pointer))}
	made.handle = own(s, unsafe.Pointer(pointer), func(p unsafe.Pointer) { C.runloop_secret_free((*C.runloop_secret)(p)) })
	return made
}

func (x *Secret) c() *C.runloop_secret {
	if x == nil {
		return nil
	}
	return (*C.runloop_secret)(x.handle.get())
}

// CreateSecret creates a secret; the handle is bound to the name. Devboxes that are given the name get
// the value in their environment.
func (c *Client) CreateSecret(ctx context.Context, name string, value Sensitive, options ...CallOption) (*Secret, error) {
	k := begin(c, options)
	defer k.end()
	n, v := k.text("The name", name), k.text("The value", value.Reveal())
	var made *C.runloop_secret
	err := k.do(ctx, func(o cOptions, e cError) cStatus { return C.runloop_secret_create(c.c(), n, v, o, &made, e) })
	return newSecret(k.session, made), err
}

// SecretFromName returns a handle of the newest secret of a name, without checking that it exists.
func (c *Client) SecretFromName(name string) (*Secret, error) {
	k := begin(c, nil)
	defer k.end()
	n := k.text("The name", name)
	var made *C.runloop_secret
	err := k.do(context.Background(), func(_ cOptions, e cError) cStatus { return C.runloop_secret_from_name(c.c(), n, &made, e) })
	return newSecret(k.session, made), err
}

// SecretFromID returns a handle for one secret, by its identifier. It does not check that it exists.
// The handle never refers to another secret of the same name.
func (c *Client) SecretFromID(id string) (*Secret, error) {
	k := begin(c, nil)
	defer k.end()
	i := k.text("The identifier", id)
	var made *C.runloop_secret
	err := k.do(context.Background(), func(_ cOptions, e cError) cStatus { return C.runloop_secret_from_id(c.c(), i, &made, e) })
	return newSecret(k.session, made), err
}

// SecretItem is a secret of a list: its handle, and its data in the list.
type SecretItem struct {
	*Secret
	Info *SecretView
}

// ListSecrets lists the secrets, which the API returns in one page. An error is the last item.
func (c *Client) ListSecrets(ctx context.Context, params *SecretListParams, options ...CallOption) iter.Seq2[SecretItem, error] {
	return pages(ctx, c, params, options, list[SecretItem]{
		open: func(p *C.runloop_params, e cError) (unsafe.Pointer, cStatus) {
			var cursor *C.runloop_secret_cursor
			status := C.runloop_secret_list(c.c(), p, &cursor, e)
			return unsafe.Pointer(cursor), status
		},
		next: func(cursor unsafe.Pointer, o cOptions, v cValue, e cError) (unsafe.Pointer, cStatus) {
			var item *C.runloop_secret
			status := C.runloop_secret_cursor_next((*C.runloop_secret_cursor)(cursor), o, &item, v, e)
			return unsafe.Pointer(item), status
		},
		free: func(cursor unsafe.Pointer) {
			C.runloop_secret_cursor_free((*C.runloop_secret_cursor)(cursor))
		},
		item: func(item unsafe.Pointer, v *C.runloop_value) (SecretItem, error) {
			handle := newSecret(sessionOf(c), (*C.runloop_secret)(item))
			info, err := decoded[SecretView](v)
			return SecretItem{handle, info}, err
		},
	})
}

// Name is the name that the handle is bound to; empty if it is bound to a row.
func (x *Secret) Name() string {
	if x == nil {
		return ""
	}
	return x.name
}

// ID is the identifier of the row that the handle is bound to, or that it had when it was created or
// listed; empty if that is not known.
func (x *Secret) ID() string {
	if x == nil {
		return ""
	}
	return x.id
}

// Close frees the handle. The secret stays: see [Secret.Delete].
func (x *Secret) Close() error {
	if x != nil {
		x.handle.close()
	}
	return nil
}

// GetInfo returns the secret as the API shows it now, without its value.
func (x *Secret) GetInfo(ctx context.Context, options ...CallOption) (*SecretView, error) {
	return answer[SecretView](ctx, begin(x, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_secret_get_info(x.c(), o, v, e)
	})
}

// Update changes the secret's value.
func (x *Secret) Update(ctx context.Context, value Sensitive, options ...CallOption) (*SecretView, error) {
	k := begin(x, options)
	text := k.text("The value", value.Reveal())
	return changed[SecretView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_secret_update(x.c(), text, o, v, e)
	})
}

// Delete deletes one secret if the handle is bound to an identifier, or all secrets of the name if it
// is bound to a name. The handle stays valid.
func (x *Secret) Delete(ctx context.Context, options ...CallOption) error {
	return simple(ctx, begin(x, options), func(o cOptions, e cError) cStatus {
		return C.runloop_secret_delete(x.c(), o, nil, e)
	})
}
