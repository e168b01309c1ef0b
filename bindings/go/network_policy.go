package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"iter"
	"unsafe"
)

// NetworkPolicy is what devboxes may reach.
type NetworkPolicy struct {
	owned
	id string
}

func newNetworkPolicy(s *session, pointer *C.runloop_network_policy) *NetworkPolicy {
	if pointer == nil {
		return nil
	}
	made := &NetworkPolicy{id: C.GoString(C.runloop_network_policy_id(pointer))}
	made.handle = own(s, unsafe.Pointer(pointer), func(p unsafe.Pointer) { C.runloop_network_policy_free((*C.runloop_network_policy)(p)) })
	return made
}

func (x *NetworkPolicy) c() *C.runloop_network_policy {
	if x == nil {
		return nil
	}
	return (*C.runloop_network_policy)(x.handle.get())
}

// CreateNetworkPolicy creates a network policy.
func (c *Client) CreateNetworkPolicy(ctx context.Context, params *NetworkPolicyCreateParams, options ...CallOption) (*NetworkPolicy, error) {
	k := begin(c, options)
	defer k.end()
	p := k.json("The parameters", params)
	var made *C.runloop_network_policy
	err := k.do(ctx, func(o cOptions, e cError) cStatus { return C.runloop_network_policy_create(c.c(), p, o, &made, e) })
	return newNetworkPolicy(k.session, made), err
}

// NetworkPolicyFromID returns a handle of a network policy, without checking that it exists.
func (c *Client) NetworkPolicyFromID(id string) (*NetworkPolicy, error) {
	k := begin(c, nil)
	defer k.end()
	i := k.text("The identifier", id)
	var made *C.runloop_network_policy
	err := k.do(context.Background(), func(_ cOptions, e cError) cStatus { return C.runloop_network_policy_from_id(c.c(), i, &made, e) })
	return newNetworkPolicy(k.session, made), err
}

// NetworkPolicyItem is a network policy of a list: its handle, and its data in the list.
type NetworkPolicyItem struct {
	*NetworkPolicy
	Info *NetworkPolicyView
}

// ListNetworkPolicies lists the network policies, page by page. An error is the last item.
func (c *Client) ListNetworkPolicies(ctx context.Context, params *NetworkPolicyListParams, options ...CallOption) iter.Seq2[NetworkPolicyItem, error] {
	return pages(ctx, c, params, options, list[NetworkPolicyItem]{
		open: func(p *C.runloop_params, e cError) (unsafe.Pointer, cStatus) {
			var cursor *C.runloop_network_policy_cursor
			status := C.runloop_network_policy_list(c.c(), p, &cursor, e)
			return unsafe.Pointer(cursor), status
		},
		next: func(cursor unsafe.Pointer, o cOptions, v cValue, e cError) (unsafe.Pointer, cStatus) {
			var item *C.runloop_network_policy
			status := C.runloop_network_policy_cursor_next((*C.runloop_network_policy_cursor)(cursor), o, &item, v, e)
			return unsafe.Pointer(item), status
		},
		free: func(cursor unsafe.Pointer) {
			C.runloop_network_policy_cursor_free((*C.runloop_network_policy_cursor)(cursor))
		},
		item: func(item unsafe.Pointer, v *C.runloop_value) (NetworkPolicyItem, error) {
			handle := newNetworkPolicy(sessionOf(c), (*C.runloop_network_policy)(item))
			info, err := decoded[NetworkPolicyView](v)
			return NetworkPolicyItem{handle, info}, err
		},
	})
}

// ID is the identifier.
func (x *NetworkPolicy) ID() string {
	if x == nil {
		return ""
	}
	return x.id
}

// Close frees the handle. The network policy stays: see [NetworkPolicy.Delete].
func (x *NetworkPolicy) Close() error {
	if x != nil {
		x.handle.close()
	}
	return nil
}

// GetInfo returns the network policy as the API shows it now.
func (x *NetworkPolicy) GetInfo(ctx context.Context, options ...CallOption) (*NetworkPolicyView, error) {
	return answer[NetworkPolicyView](ctx, begin(x, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_network_policy_get_info(x.c(), o, v, e)
	})
}

// Update changes the members that are set; the others keep their values.
func (x *NetworkPolicy) Update(ctx context.Context, params *NetworkPolicyUpdateParams, options ...CallOption) (*NetworkPolicyView, error) {
	k := begin(x, options)
	p := k.json("The parameters", params)
	return changed[NetworkPolicyView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_network_policy_update(x.c(), p, o, v, e)
	})
}

// Delete deletes the network policy. The handle stays valid.
func (x *NetworkPolicy) Delete(ctx context.Context, options ...CallOption) error {
	return simple(ctx, begin(x, options), func(o cOptions, e cError) cStatus {
		return C.runloop_network_policy_delete(x.c(), o, nil, e)
	})
}
