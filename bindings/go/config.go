package runloop

// #include "shim.h"
import "C"

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"time"
)

// HTTPVersion is the HTTP version to use.
type HTTPVersion int32

// The HTTP versions.
const (
	// HTTPAuto is HTTP/2 if the server offers it over TLS, otherwise HTTP/1.1.
	HTTPAuto HTTPVersion = C.RUNLOOP_HTTP_AUTO
	// HTTP1 is HTTP/1.1 only.
	HTTP1 HTTPVersion = C.RUNLOOP_HTTP_1
	// HTTP2 is HTTP/2 only, also without TLS.
	HTTP2 HTTPVersion = C.RUNLOOP_HTTP_2
)

// Config is the configuration of a client. Members that are not set are taken from the environment, or
// have their defaults. Printed, logged or written as JSON, it shows only its address. Package fmt calls
// no method of an unexported field: keep a Config there as a pointer.
type Config struct {
	// BearerToken is the API key. Default: RUNLOOP_API_KEY.
	BearerToken Sensitive
	// BaseURL is the URL of the API. Default: RUNLOOP_BASE_URL, or https://api.runloop.ai.
	BaseURL string
	// Timeout is the timeout of an attempt. Default: 30 s for most calls; for the others see
	// [WithTimeout].
	Timeout time.Duration
	// ConnectTimeout is the timeout of a connection attempt. Default: 5 s.
	ConnectTimeout time.Duration
	// MaxRetries is the number of retries; -1 for none. Default: 5.
	MaxRetries int
	// MaxAnswerBytes is the largest answer that is read whole. A larger one is [ErrProtocol]. An event
	// of a stream may have a sixteenth of it. Default: 256 MiB.
	MaxAnswerBytes int64
	// Headers are sent with every request.
	Headers Confidential
	// Query parameters are sent with every request.
	Query Confidential
	// Proxy is such as http://host:3128 or socks5://host:1080; a pointer to an empty text means none.
	// Default: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, as they are when the client is created.
	Proxy *string
	// CAFile is a PEM file of trusted CA certificates; no others are trusted then. Default: what
	// SSL_CERT_FILE and SSL_CERT_DIR name when the client is created, or the system's.
	CAFile string
	// ClientCertificateFile and ClientKeyFile are PEM files of the certificate chain, and of its key,
	// by which the client identifies itself.
	ClientCertificateFile, ClientKeyFile string
	// HTTPVersion is the HTTP version to use.
	HTTPVersion HTTPVersion
	// StrictParams is whether requests are validated against the API schema before they are sent: a
	// parameter that is unknown or of another type is [ErrInvalidArgument]. The schema is the one that
	// this version was built with.
	StrictParams bool
	// UnmarkedCreates leaves out the mark that creates put into their metadata. By that mark, the library
	// finds and deletes the new resource if the response is lost. The library removes the mark from
	// answers; other programs of the account see it.
	UnmarkedCreates bool
	// UserAgent is the program's name, put before the library's in User-Agent.
	UserAgent string
}

// String returns the address, and no secret.
func (c Config) String() string {
	return fmt.Sprintf("runloop.Config{BaseURL: %q, …}", withoutSecrets(c.BaseURL))
}

// Format prints what String returns, for every verb.
func (c Config) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, c.String()) }

// GoString returns what String returns.
func (c Config) GoString() string { return c.String() }

// LogValue returns what String returns.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON writes only the address.
func (c Config) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"BaseURL": withoutSecrets(c.BaseURL)})
}

// withoutSecrets returns what of an address is none: where it leads.
func withoutSecrets(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return redacted
	}
	shown := url.URL{Scheme: parsed.Scheme, Host: parsed.Host, Path: parsed.Path}
	return shown.String()
}

// lower makes C's configuration; the caller frees it.
func (c *Config) lower(a *arena) (config *C.runloop_config, err error) {
	var failure *C.runloop_error
	if err := errorOf(C.runloop_config_new(&config, &failure), failure); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			C.runloop_config_free(config)
			config = nil
		}
	}()
	set := func(wanted bool, setter func(e cError) cStatus) {
		if !wanted || err != nil {
			return
		}
		if a.failed != nil {
			err = a.failed
			return
		}
		var failure *C.runloop_error
		err = errorOf(setter(&failure), failure)
	}
	text := func(what, s string, setter func(s *C.char, e cError) cStatus) {
		if s != "" {
			t := a.text(what, s)
			set(true, func(e cError) cStatus { return setter(t, e) })
		}
	}
	text("The API key", c.BearerToken.Reveal(), func(s *C.char, e cError) cStatus {
		return C.runloop_config_set_bearer_token(config, s, e)
	})
	text("The base URL", c.BaseURL, func(s *C.char, e cError) cStatus {
		return C.runloop_config_set_base_url(config, s, e)
	})
	text("The CA file's path", c.CAFile, func(s *C.char, e cError) cStatus {
		return C.runloop_config_set_ca_file(config, s, e)
	})
	text("The user agent", c.UserAgent, func(s *C.char, e cError) cStatus {
		return C.runloop_config_set_user_agent(config, s, e)
	})
	if c.Proxy != nil {
		proxy := a.text("The proxy", *c.Proxy)
		set(true, func(e cError) cStatus { return C.runloop_config_set_proxy(config, proxy, e) })
	}
	if c.ClientCertificateFile != "" || c.ClientKeyFile != "" {
		chain, key := a.text("The certificate's path", c.ClientCertificateFile), a.text("The key's path", c.ClientKeyFile)
		set(true, func(e cError) cStatus {
			return C.runloop_config_set_client_certificate(config, chain, key, e)
		})
	}
	for name, value := range c.Headers {
		n, v := a.text("A header's name", name), a.text("The header "+name, value)
		set(true, func(e cError) cStatus { return C.runloop_config_add_header(config, n, v, e) })
	}
	for name, value := range c.Query {
		n, v := a.text("A query parameter's name", name), a.text("The query parameter "+name, value)
		set(true, func(e cError) cStatus { return C.runloop_config_add_query(config, n, v, e) })
	}
	timeout, connectTimeout := a.notNegative("The timeout", c.Timeout), a.notNegative("The connect timeout", c.ConnectTimeout)
	maxRetries := a.int32("The number of retries", c.MaxRetries, -1)
	set(c.Timeout != 0, func(e cError) cStatus { return C.runloop_config_set_timeout_ms(config, timeout, e) })
	set(c.ConnectTimeout != 0, func(e cError) cStatus {
		return C.runloop_config_set_connect_timeout_ms(config, connectTimeout, e)
	})
	set(c.MaxRetries != 0, func(e cError) cStatus { return C.runloop_config_set_max_retries(config, maxRetries, e) })
	set(c.HTTPVersion != HTTPAuto, func(e cError) cStatus {
		return C.runloop_config_set_http_version(config, C.int32_t(c.HTTPVersion), e)
	})
	set(c.MaxAnswerBytes != 0, func(e cError) cStatus {
		return C.runloop_config_set_max_answer_bytes(config, C.int64_t(c.MaxAnswerBytes), e)
	})
	set(c.StrictParams, func(e cError) cStatus { return C.runloop_config_set_strict_params(config, 1, e) })
	set(c.UnmarkedCreates, func(e cError) cStatus { return C.runloop_config_set_unmarked_creates(config, 1, e) })
	return config, err
}
