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

// HTTPVersion is which HTTP is spoken.
type HTTPVersion int32

// Which HTTP may be spoken.
const (
	// HTTPAuto is HTTP/2 where the server offers it over TLS, else HTTP/1.1.
	HTTPAuto HTTPVersion = C.RUNLOOP_HTTP_AUTO
	// HTTP1 is HTTP/1.1 alone.
	HTTP1 HTTPVersion = C.RUNLOOP_HTTP_1
	// HTTP2 is HTTP/2 alone, also without TLS.
	HTTP2 HTTPVersion = C.RUNLOOP_HTTP_2
)

// Config is what a client is made of. What is not set is taken from the environment, else from the
// defaults. Printed, logged or written as JSON, it shows its address alone. Package fmt asks no method
// where a Config lies in a field of yours that is not exported: keep it there by its pointer.
type Config struct {
	// BearerToken is the API key. Else: RUNLOOP_API_KEY.
	BearerToken Sensitive
	// BaseURL is where the API is. Else: RUNLOOP_BASE_URL, else https://api.runloop.ai.
	BaseURL string
	// Timeout is how long an attempt may take; 0 for the default, which is 30 s, or 600 s where a
	// command or a file is waited for.
	Timeout time.Duration
	// ConnectTimeout is how long reaching the server may take; 0 for the default, 5 s.
	ConnectTimeout time.Duration
	// MaxRetries is how many attempts may follow the first; 0 for the default, 5; -1 for none.
	MaxRetries int
	// MaxAnswerBytes is how long an answer that is read whole may be; a longer one is [ErrProtocol]. An event of
	// a stream may have a sixteenth of it. 0 is the default, 256 MiB.
	MaxAnswerBytes int64
	// Headers are sent with every request.
	Headers Confidential
	// Query parameters are sent with every request.
	Query Confidential
	// Proxy is such as http://host:3128 or socks5://host:1080; a pointer to an empty text is none.
	// Else: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, as they are when the client is made.
	Proxy *string
	// CAFile is a file of PEM certificates of those who are trusted. Else: what SSL_CERT_FILE and SSL_CERT_DIR name, as they
	// are when the client is made; else the system's.
	CAFile string
	// ClientCertificateFile and ClientKeyFile are PEM files of the certificate chain, and of its key,
	// by which the client identifies itself.
	ClientCertificateFile, ClientKeyFile string
	// HTTPVersion is which HTTP is spoken.
	HTTPVersion HTTPVersion
	// StrictParams holds requests against the API's description before they are sent: a parameter
	// that it does not know, or of another type, is [ErrInvalidArgument]. The description is that of
	// the time at which the library was made.
	StrictParams bool
	// UnmarkedCreates leaves out the mark that creates put into their metadata, by which the library finds
	// and ends what they made if the answer is lost. The mark is in no answer that the library returns; other
	// programs of the account see it.
	UnmarkedCreates bool
	// UserAgent is what the program calls itself, put before the library's name.
	UserAgent string
}

// String gives the address, and no secret.
func (c Config) String() string {
	return fmt.Sprintf("runloop.Config{BaseURL: %q, …}", withoutSecrets(c.BaseURL))
}

// Format prints what String gives, whatever the verb.
func (c Config) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, c.String()) }

// GoString gives what String gives.
func (c Config) GoString() string { return c.String() }

// LogValue gives what String gives.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON writes the address alone.
func (c Config) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"BaseURL": withoutSecrets(c.BaseURL)})
}

// withoutSecrets gives what of an address is none: where it leads.
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
