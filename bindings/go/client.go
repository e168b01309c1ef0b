package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"unsafe"
)

// Client is a server and an API key. Everything else is made from it. Any number of goroutines may use
// it; clients of the same server share their connections.
type Client struct {
	owned
}

// NewClient creates a client. With a nil config it uses RUNLOOP_API_KEY, RUNLOOP_BASE_URL and
// RUNLOOP_CUSTOM_HEADERS from the environment. Nothing is sent yet.
func NewClient(config *Config) (*Client, error) {
	if err := fits(); err != nil {
		return nil, err
	}
	if config == nil {
		config = &Config{}
	}
	var a arena
	defer a.free()
	lowered, err := config.lower(&a)
	if err != nil {
		return nil, err
	}
	defer C.runloop_config_free(lowered)
	var made *C.runloop_client
	var failure *C.runloop_error
	var status C.int32_t
	tellingHere().run(func() { status = C.runloop_client_new(lowered, &made, &failure) })
	if err := errorOf(status, failure); err != nil {
		return nil, err
	}
	client := &Client{}
	client.handle = own(newSession(config.MaxRetries), unsafe.Pointer(made), func(p unsafe.Pointer) { C.runloop_client_free((*C.runloop_client)(p)) })
	return client, nil
}

func (c *Client) c() *C.runloop_client {
	if c == nil {
		return nil
	}
	return (*C.runloop_client)(c.handle.get())
}

// Close ends all calls of the client, and of everything made from it, with [ErrClosed], makes later
// ones fail, and frees the client. Devboxes keep running; commands that a [Cmd] runs are killed. Close
// waits for the clean-ups of cancelled calls: up to 10 s for those of this package, and as long for
// those of the library. Closing it again does nothing.
func (c *Client) Close() error {
	if c == nil || c.handle == nil || c.handle.freed.Load() {
		return nil
	}
	c.handle.session.close(undoTime)
	var failure *C.runloop_error
	var status C.int32_t
	tellingHere().run(func() { status = C.runloop_client_close(c.c(), &failure) })
	err := errorOf(status, failure)
	c.handle.close()
	if e, ok := err.(*Error); ok && e.Status == ErrInvalidHandle {
		// Another goroutine closes it at the same time.
		return nil
	}
	return err
}

// Response is the answer to a request of [Client.Request]. Printed or logged, it shows only its status,
// since any answer may hold secrets.
type Response struct {
	// HTTPStatus is the answer's.
	HTTPStatus int
	// Headers are the answer's, with names in lower case.
	Headers map[string]string
	// Body is the answer's.
	Body []byte
}

// String returns the status.
func (r Response) String() string {
	return fmt.Sprintf("runloop.Response{HTTPStatus: %d, Body: %d bytes, …}", r.HTTPStatus, len(r.Body))
}

// Format prints what String returns, for every verb.
func (r Response) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, r.String()) }

// LogValue returns what String returns.
func (r Response) LogValue() slog.Value { return slog.StringValue(r.String()) }

// MarshalJSON writes the status and the length of the body.
func (r Response) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]int{"HTTPStatus": r.HTTPStatus, "BodyBytes": len(r.Body)})
}

// Decode reads the answer's JSON into a variable.
func (r *Response) Decode(into any) error {
	if r == nil {
		return invalid("The response is nil. Decode one that Client.Request returned.")
	}
	return json.Unmarshal(r.Body, into)
}

// Request sends any request to the API, for operations that this package has no function for, with the
// same retries, errors and cancellation. The path is below the base URL, such as /v1/devboxes; query
// and body are structs or maps that become JSON objects, or nil. An HTTP status of 400 and above is an
// error.
func (c *Client) Request(ctx context.Context, method, path string, query, body any, options ...CallOption) (*Response, error) {
	k := begin(c, options)
	defer k.end()
	m, p := k.text("The method", method), k.text("The path", path)
	q, b := k.json("The query", query), k.json("The body", body)
	var status C.int32_t
	var headers *C.runloop_value
	var bytes *C.runloop_bytes
	err := k.do(ctx, func(o cOptions, e cError) cStatus {
		return C.runloop_client_request(c.c(), m, p, q, b, o, &status, &headers, nil, &bytes, e)
	})
	if err != nil {
		return nil, err
	}
	response := &Response{HTTPStatus: int(status), Body: taken(bytes)}
	named, err := decoded[map[string]string](headers)
	if err != nil {
		return nil, err
	}
	if named != nil {
		response.Headers = *named
	}
	return response, nil
}
