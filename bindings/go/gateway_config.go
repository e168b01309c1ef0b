package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"iter"
	"unsafe"
)

// GatewayConfig is an API that devboxes reach through a gateway, which adds the credentials.
type GatewayConfig struct {
	owned
	id string
}

func newGatewayConfig(s *session, pointer *C.runloop_gateway_config) *GatewayConfig {
	if pointer == nil {
		return nil
	}
	made := &GatewayConfig{id: C.GoString(C.runloop_gateway_config_id(pointer))}
	made.handle = own(s, unsafe.Pointer(pointer), func(p unsafe.Pointer) { C.runloop_gateway_config_free((*C.runloop_gateway_config)(p)) })
	return made
}

func (x *GatewayConfig) c() *C.runloop_gateway_config {
	if x == nil {
		return nil
	}
	return (*C.runloop_gateway_config)(x.handle.get())
}

// CreateGatewayConfig creates a gateway config.
func (c *Client) CreateGatewayConfig(ctx context.Context, params *GatewayConfigCreateParams, options ...CallOption) (*GatewayConfig, error) {
	k := begin(c, options)
	defer k.end()
	p := k.json("The parameters", params)
	var made *C.runloop_gateway_config
	err := k.do(ctx, func(o cOptions, e cError) cStatus { return C.runloop_gateway_config_create(c.c(), p, o, &made, e) })
	return newGatewayConfig(k.session, made), err
}

// GatewayConfigFromID returns a handle of a gateway config, without checking that it exists.
func (c *Client) GatewayConfigFromID(id string) (*GatewayConfig, error) {
	k := begin(c, nil)
	defer k.end()
	i := k.text("The identifier", id)
	var made *C.runloop_gateway_config
	err := k.do(context.Background(), func(_ cOptions, e cError) cStatus { return C.runloop_gateway_config_from_id(c.c(), i, &made, e) })
	return newGatewayConfig(k.session, made), err
}

// GatewayConfigItem is a gateway config of a list: its handle, and its data in the list.
type GatewayConfigItem struct {
	*GatewayConfig
	Info *GatewayConfigView
}

// ListGatewayConfigs lists the gateway configs, page by page. An error is the last item.
func (c *Client) ListGatewayConfigs(ctx context.Context, params *GatewayConfigListParams, options ...CallOption) iter.Seq2[GatewayConfigItem, error] {
	return pages(ctx, c, params, options, list[GatewayConfigItem]{
		open: func(p *C.runloop_params, e cError) (unsafe.Pointer, cStatus) {
			var cursor *C.runloop_gateway_config_cursor
			status := C.runloop_gateway_config_list(c.c(), p, &cursor, e)
			return unsafe.Pointer(cursor), status
		},
		next: func(cursor unsafe.Pointer, o cOptions, v cValue, e cError) (unsafe.Pointer, cStatus) {
			var item *C.runloop_gateway_config
			status := C.runloop_gateway_config_cursor_next((*C.runloop_gateway_config_cursor)(cursor), o, &item, v, e)
			return unsafe.Pointer(item), status
		},
		free: func(cursor unsafe.Pointer) {
			C.runloop_gateway_config_cursor_free((*C.runloop_gateway_config_cursor)(cursor))
		},
		item: func(item unsafe.Pointer, v *C.runloop_value) (GatewayConfigItem, error) {
			handle := newGatewayConfig(sessionOf(c), (*C.runloop_gateway_config)(item))
			info, err := decoded[GatewayConfigView](v)
			return GatewayConfigItem{handle, info}, err
		},
	})
}

// ID is the identifier.
func (x *GatewayConfig) ID() string {
	if x == nil {
		return ""
	}
	return x.id
}

// Close frees the handle. The gateway config stays: see [GatewayConfig.Delete].
func (x *GatewayConfig) Close() error {
	if x != nil {
		x.handle.close()
	}
	return nil
}

// GetInfo returns the gateway config as the API shows it now.
func (x *GatewayConfig) GetInfo(ctx context.Context, options ...CallOption) (*GatewayConfigView, error) {
	return answer[GatewayConfigView](ctx, begin(x, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_gateway_config_get_info(x.c(), o, v, e)
	})
}

// Update changes the members that are set; the others keep their values.
func (x *GatewayConfig) Update(ctx context.Context, params *GatewayConfigUpdateParams, options ...CallOption) (*GatewayConfigView, error) {
	k := begin(x, options)
	p := k.json("The parameters", params)
	return changed[GatewayConfigView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_gateway_config_update(x.c(), p, o, v, e)
	})
}

// Delete deletes the gateway config. The handle stays valid.
func (x *GatewayConfig) Delete(ctx context.Context, options ...CallOption) error {
	return simple(ctx, begin(x, options), func(o cOptions, e cError) cStatus {
		return C.runloop_gateway_config_delete(x.c(), o, nil, e)
	})
}
