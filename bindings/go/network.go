package runloop

// #include "shim.h"
import "C"

import "context"

// CreateSSHKey creates an SSH key for the devbox. The private key is only in the answer.
func (d *Devbox) CreateSSHKey(ctx context.Context, options ...CallOption) (*DevboxSSHKeyView, error) {
	return changed[DevboxSSHKeyView](ctx, begin(d, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_create_ssh_key(d.c(), o, v, e)
	})
}

// EnableTunnel opens the devbox's tunnel, through which its ports are reached. Requests through an
// authenticated tunnel carry X-Runloop-Tunnel-Authorization: Bearer and the token. params may be nil.
func (d *Devbox) EnableTunnel(ctx context.Context, params *DevboxEnableTunnelParams, options ...CallOption) (*TunnelView, error) {
	k := begin(d, options)
	p := k.json("The parameters", params)
	return changed[TunnelView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_enable_tunnel(d.c(), p, o, v, e)
	})
}

// RemoveTunnel closes the devbox's tunnel.
func (d *Devbox) RemoveTunnel(ctx context.Context, options ...CallOption) error {
	return simple(ctx, begin(d, options), func(o cOptions, e cError) cStatus {
		return C.runloop_devbox_remove_tunnel(d.c(), o, e)
	})
}

// GetTunnel returns the devbox's tunnel; nil, without an error, if it has none.
func (d *Devbox) GetTunnel(ctx context.Context, options ...CallOption) (*TunnelView, error) {
	return answer[TunnelView](ctx, begin(d, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_get_tunnel(d.c(), o, v, e)
	})
}

// GetTunnelURL returns the URL at which the devbox's tunnel leads to a port,
// https://{port}-{tunnel_key}.tunnel.{domain}; empty, without an error, if the devbox has no tunnel. It
// has the scheme and the port of the base URL, so that a tunnel of an emulator is reached as its API
// is.
func (d *Devbox) GetTunnelURL(ctx context.Context, port int, options ...CallOption) (string, error) {
	k := begin(d, options)
	defer k.end()
	number := k.int32("The port", port, 1)
	var url *C.runloop_bytes
	err := k.do(ctx, func(o cOptions, e cError) cStatus {
		return C.runloop_devbox_get_tunnel_url(d.c(), number, o, &url, e)
	})
	return string(taken(url)), err
}

// CreatePTYTunnel opens a tunnel to a terminal in the devbox.
func (d *Devbox) CreatePTYTunnel(ctx context.Context, options ...CallOption) (*PTYTunnelView, error) {
	return changed[PTYTunnelView](ctx, begin(d, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_create_pty_tunnel(d.c(), o, v, e)
	})
}

// CreateGatewayToken creates a token with which the devbox's programs reach an API through a gateway.
func (d *Devbox) CreateGatewayToken(ctx context.Context, params *DevboxCreateGatewayTokenParams, options ...CallOption) (*GatewayTokenView, error) {
	k := begin(d, options)
	p := k.json("The parameters", params)
	return changed[GatewayTokenView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_create_gateway_token(d.c(), p, o, v, e)
	})
}

// CreateMCPToken creates a token with which the devbox's programs reach an MCP server through a
// gateway.
func (d *Devbox) CreateMCPToken(ctx context.Context, params *DevboxCreateMCPTokenParams, options ...CallOption) (*MCPTokenView, error) {
	k := begin(d, options)
	p := k.json("The parameters", params)
	return changed[MCPTokenView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_create_mcp_token(d.c(), p, o, v, e)
	})
}
