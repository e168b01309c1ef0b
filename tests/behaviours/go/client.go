package main

import (
	runloop "github.com/librunloop/librunloop/bindings/go"
)

func onClient(do func(s *step, client *runloop.Client)) operation { return on("client", do) }

var clientOperations = map[string]operation{
	"client_new": func(s *step) {
		config := &runloop.Config{
			BaseURL:        s.text("/config/base_url"),
			BearerToken:    runloop.Sensitive(s.text("/config/bearer_token")),
			UserAgent:      s.text("/config/user_agent"),
			Timeout:        s.time("/config/timeout_ms"),
			ConnectTimeout: s.time("/config/connect_timeout_ms"),
			StrictParams:   s.truth("/config/strict_params"),
			Headers:        map[string]string{},
		}
		if s.given("/config/proxy") {
			config.Proxy = runloop.Ptr(s.text("/config/proxy"))
		}
		if s.given("/config/max_retries") {
			if config.MaxRetries = int(s.number("/config/max_retries")); config.MaxRetries == 0 {
				config.MaxRetries = -1
			}
		}
		headers := s.texts("/config/headers")
		for i := 0; i+1 < len(headers); i += 2 {
			config.Headers[headers[i]] = headers[i+1]
		}
		if client, err := runloop.NewClient(config); s.did(err) {
			s.keep("client", client)
		}
	},
	"client_close": onClient(func(s *step, client *runloop.Client) { s.did(client.Close()) }),
	"client_request": onClient(func(s *step, client *runloop.Client) {
		query, body := get[any](s, "/query"), get[any](s, "/body")
		response, err := client.Request(s.context(), s.text("/method"), s.text("/path"), query, body, s.options()...)
		if s.did(err) {
			s.answer["http_status"] = response.HTTPStatus
			s.answer["headers"] = response.Headers
			s.answer["body"] = inHex(response.Body)
		}
	}),
	"account_me": onClient(func(s *step, client *runloop.Client) {
		value, err := client.AccountMe(s.context(), s.options()...)
		view(s, value, err)
	}),
	"api_key_create": onClient(func(s *step, client *runloop.Client) {
		value, err := client.CreateAPIKey(s.context(), params[runloop.APIKeyCreateParams](s), s.options()...)
		view(s, value, err)
	}),
	"restricted_key_create": onClient(func(s *step, client *runloop.Client) {
		value, err := client.CreateRestrictedKey(s.context(), params[runloop.RestrictedKeyCreateParams](s), s.options()...)
		view(s, value, err)
	}),
}
