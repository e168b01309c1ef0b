package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"iter"
	"unsafe"
)

// MCPConfig is an MCP server that devboxes reach through a gateway, and which of its tools.
type MCPConfig struct {
	owned
	id string
}

func newMCPConfig(s *session, pointer *C.runloop_mcp_config) *MCPConfig {
	if pointer == nil {
		return nil
	}
	made := &MCPConfig{id: C.GoString(C.runloop_mcp_config_id(pointer))}
	made.handle = own(s, unsafe.Pointer(pointer), func(p unsafe.Pointer) { C.runloop_mcp_config_free((*C.runloop_mcp_config)(p)) })
	return made
}

func (x *MCPConfig) c() *C.runloop_mcp_config {
	if x == nil {
		return nil
	}
	return (*C.runloop_mcp_config)(x.handle.get())
}

// CreateMCPConfig creates an MCP config.
func (c *Client) CreateMCPConfig(ctx context.Context, params *MCPConfigCreateParams, options ...CallOption) (*MCPConfig, error) {
	k := begin(c, options)
	defer k.end()
	p := k.json("The parameters", params)
	var made *C.runloop_mcp_config
	err := k.do(ctx, func(o cOptions, e cError) cStatus { return C.runloop_mcp_config_create(c.c(), p, o, &made, e) })
	return newMCPConfig(k.session, made), err
}

// MCPConfigFromID returns a handle of an MCP config, without checking that it exists.
func (c *Client) MCPConfigFromID(id string) (*MCPConfig, error) {
	k := begin(c, nil)
	defer k.end()
	i := k.text("The identifier", id)
	var made *C.runloop_mcp_config
	err := k.do(context.Background(), func(_ cOptions, e cError) cStatus { return C.runloop_mcp_config_from_id(c.c(), i, &made, e) })
	return newMCPConfig(k.session, made), err
}

// MCPConfigItem is an MCP config of a list: its handle, and its data in the list.
type MCPConfigItem struct {
	*MCPConfig
	Info *MCPConfigView
}

// ListMCPConfigs lists the MCP configs, page by page. An error is the last item.
func (c *Client) ListMCPConfigs(ctx context.Context, params *MCPConfigListParams, options ...CallOption) iter.Seq2[MCPConfigItem, error] {
	return pages(ctx, c, params, options, list[MCPConfigItem]{
		open: func(p *C.runloop_params, e cError) (unsafe.Pointer, cStatus) {
			var cursor *C.runloop_mcp_config_cursor
			status := C.runloop_mcp_config_list(c.c(), p, &cursor, e)
			return unsafe.Pointer(cursor), status
		},
		next: func(cursor unsafe.Pointer, o cOptions, v cValue, e cError) (unsafe.Pointer, cStatus) {
			var item *C.runloop_mcp_config
			status := C.runloop_mcp_config_cursor_next((*C.runloop_mcp_config_cursor)(cursor), o, &item, v, e)
			return unsafe.Pointer(item), status
		},
		free: func(cursor unsafe.Pointer) { C.runloop_mcp_config_cursor_free((*C.runloop_mcp_config_cursor)(cursor)) },
		item: func(item unsafe.Pointer, v *C.runloop_value) (MCPConfigItem, error) {
			handle := newMCPConfig(sessionOf(c), (*C.runloop_mcp_config)(item))
			info, err := decoded[MCPConfigView](v)
			return MCPConfigItem{handle, info}, err
		},
	})
}

// ID is the identifier.
func (x *MCPConfig) ID() string {
	if x == nil {
		return ""
	}
	return x.id
}

// Close frees the handle. The MCP config stays: see [MCPConfig.Delete].
func (x *MCPConfig) Close() error {
	if x != nil {
		x.handle.close()
	}
	return nil
}

// GetInfo returns the MCP config as the API shows it now.
func (x *MCPConfig) GetInfo(ctx context.Context, options ...CallOption) (*MCPConfigView, error) {
	return answer[MCPConfigView](ctx, begin(x, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_mcp_config_get_info(x.c(), o, v, e)
	})
}

// Update changes the members that are set; the others keep their values.
func (x *MCPConfig) Update(ctx context.Context, params *MCPConfigUpdateParams, options ...CallOption) (*MCPConfigView, error) {
	k := begin(x, options)
	p := k.json("The parameters", params)
	return changed[MCPConfigView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_mcp_config_update(x.c(), p, o, v, e)
	})
}

// Delete deletes the MCP config. The handle stays valid.
func (x *MCPConfig) Delete(ctx context.Context, options ...CallOption) error {
	return simple(ctx, begin(x, options), func(o cOptions, e cError) cStatus {
		return C.runloop_mcp_config_delete(x.c(), o, nil, e)
	})
}
