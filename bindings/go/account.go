package runloop

// #include "shim.h"
import "C"

import "context"

// AccountMe returns the account whose API key this is.
func (c *Client) AccountMe(ctx context.Context, options ...CallOption) (*AccountView, error) {
	return answer[AccountView](ctx, begin(c, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_account_me(c.c(), o, v, e)
	})
}

// CreateAPIKey creates an API key. The secret is only in the answer.
func (c *Client) CreateAPIKey(ctx context.Context, params *APIKeyCreateParams, options ...CallOption) (*APIKeyCreatedView, error) {
	k := begin(c, options)
	p := k.json("The parameters", params)
	return changed[APIKeyCreatedView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_api_key_create(c.c(), p, o, v, e)
	})
}

// CreateRestrictedKey creates an API key that may do only what its scopes allow. The secret is only in
// the answer.
func (c *Client) CreateRestrictedKey(ctx context.Context, params *RestrictedKeyCreateParams, options ...CallOption) (*RestrictedKeyCreatedView, error) {
	k := begin(c, options)
	p := k.json("The parameters", params)
	return changed[RestrictedKeyCreatedView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_restricted_key_create(c.c(), p, o, v, e)
	})
}
