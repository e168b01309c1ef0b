package runloop_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func TestParametersComeBackFromJSON(t *testing.T) {
	params := runloop.DevboxCreateParams{
		Name:                 "name",
		Metadata:             map[string]string{"a": "b"},
		EnvironmentVariables: map[string]string{"A": "1"},
		LaunchParameters:     &runloop.LaunchParameters{KeepAliveTimeSeconds: runloop.Ptr[int64](0)},
		Mounts: []runloop.Mount{
			runloop.FileMount{Target: "/x", Content: "c"},
			runloop.CodeMount{RepoName: "r", RepoOwner: "o", Token: "t", Extra: runloop.Extra{"deep": json.RawMessage(`9223372036854775809`)}},
		},
		Extra: runloop.Extra{"new": json.RawMessage(`{"number":123456789012345678901234567890}`)},
	}
	var back runloop.DevboxCreateParams
	ok(t, json.Unmarshal(must(runloop.RevealJSON(params))(t), &back))
	if !reflect.DeepEqual(params, back) {
		t.Fatalf("%#v\n%#v", params, back)
	}
	// Kinds that this version does not know are kept as they are.
	text := `{"mounts":[{"type":"moon_mount","phase":1}]}`
	var moon runloop.DevboxCreateParams
	ok(t, json.Unmarshal([]byte(text), &moon))
	equal(t, string(must(runloop.RevealJSON(moon))(t)), text)
	// Numbers keep their digits where nothing says how large they may be.
	var statement runloop.SQLStatement
	text = `{"params":[9223372036854775807,18446744073709551615,1.5],"sql":"?"}`
	ok(t, json.Unmarshal([]byte(text), &statement))
	equal(t, string(must(runloop.RevealJSON(statement))(t)), text)
}

// What would silently mean something else is refused.
func TestValuesThatWouldMeanSomethingElseAreRefused(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	before := len(emulator.Requests())
	x := must(d.AttachExecution("exec_x"))(t)
	defer x.Close()
	stream := must(x.Stream(runloop.Stdout))(t)
	defer stream.Close()
	axon := must(client.AxonFromID("axn_x"))(t)
	defer axon.Close()
	result := func(options ...runloop.CallOption) error { _, err := x.Result(t.Context(), options...); return err }
	params := func(p runloop.DevboxCreateParams) error { _, err := client.CreateDevbox(t.Context(), &p); return err }
	config := func(c runloop.Config) error {
		c.BearerToken = "x"
		made, err := runloop.NewClient(&c)
		made.Close()
		return err
	}
	command := func(change func(*runloop.Cmd)) error {
		c := d.Command(t.Context(), "true")
		change(c)
		return c.Run()
	}
	second := func(_ any, err error) error { return err }
	for name, err := range map[string]error{
		"a timeout that is over":      result(runloop.WithTimeout(-time.Second)),
		"a timeout of nothing":        result(runloop.WithTimeout(0)),
		"a poll timeout of nothing":   result(runloop.WithPollTimeout(0)),
		"a poll timeout that is over": result(runloop.WithPollTimeout(time.Until(time.Now().Add(-1)))),
		"an interval of nothing":      result(runloop.WithPollInterval(0)),
		"too many retries":            result(runloop.WithMaxRetries(1 << 40)),
		"an empty key":                result(runloop.WithIdempotencyKey("")),
		"a NUL in a key":              result(runloop.WithIdempotencyKey("a\x00b")),
		"a NUL in a header":           result(runloop.WithExtraHeader("X", "a\x00b")),
		"NaN":                         result(runloop.WithExtraBody("x", nan())),
		"NaN in a list":               result(runloop.WithExtraBody("x", []any{map[string]float64{"a": nan()}})),
		"not UTF-8":                   params(runloop.DevboxCreateParams{Name: "\xff"}),
		"not UTF-8 in a name":         params(runloop.DevboxCreateParams{Metadata: map[string]string{"\xff": "x"}}),
		"not UTF-8 in Extra":          params(runloop.DevboxCreateParams{Extra: runloop.Extra{"x": []string{"\xff"}}}),
		"not UTF-8 in a type":         params(runloop.DevboxCreateParams{Extra: runloop.Extra{"x": struct{ A string }{"\xff"}}}),
		"not UTF-8 in an environment": params(runloop.DevboxCreateParams{EnvironmentVariables: map[string]string{"A": "\xff"}}),
		"a client's timeout":          config(runloop.Config{Timeout: -1}),
		"a client's connect timeout":  config(runloop.Config{ConnectTimeout: -1}),
		"a client's retries":          config(runloop.Config{MaxRetries: -2}),
		"a client's many retries":     config(runloop.Config{MaxRetries: 1 << 32}),
		"a command's timeout":         command(func(c *runloop.Cmd) { c.Timeout = -1 }),
		"a NUL in a command":          command(func(c *runloop.Cmd) { c.Command = "true\x00; false" }),
		"a NUL in a variable":         command(func(c *runloop.Cmd) { c.Env = []string{"A=a\x00b"} }),
		"a NUL in a directory":        command(func(c *runloop.Cmd) { c.Dir = "/tmp\x00/x" }),
		"output of less than nothing": second(d.Exec(t.Context(), "true", &runloop.ExecOptions{MaxOutputBytes: -1})),
		"a port of 64 bits":           second(d.GetTunnelURL(t.Context(), 1<<32+80)),
		"a port of nothing":           second(d.GetTunnelURL(t.Context(), 0)),
		"a port beyond the last":      second(d.GetTunnelURL(t.Context(), 65536)),
		"a shutdown before":           d.SetShutdownOnClose(-time.Second),
		"no reader":                   d.UploadFile(t.Context(), "x", nil),
		"no writer":                   d.DownloadFile(t.Context(), "x", nil),
		"no file system":              d.UploadFS(t.Context(), nil, "x"),
		"a NUL in a path":             d.UploadFile(t.Context(), "x\x00y", strings.NewReader("")),
		"a NUL in a text":             x.SendStdin(t.Context(), "a\x00b"),
		"events before the first":     second(axon.Subscribe(-2)),
		"no context":                  d.KeepAlive(nil),
		"no context of a stream":      second(stream.Reader(nil).Read(make([]byte, 1))),
		"no context of a file system": d.UploadFS(nil, fstest.MapFS{}, "x"),
		"no function":                 client.WithDevbox(t.Context(), nil, nil),
		"no context of a function":    client.WithDevbox(nil, nil, func(context.Context, *runloop.Devbox) error { return nil }),
		"no option":                   d.KeepAlive(t.Context(), nil),
		"a Cmd of nothing":            new(runloop.Cmd).Run(),
	} {
		if !errors.Is(err, runloop.ErrInvalidArgument) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if sent := emulator.Requests(); len(sent) != before {
		t.Errorf("sent: %v", sent)
	}
	equal(t, runloop.LiveHandles("client\x00"), 0)

	// What is little is not nothing, which would be the default.
	emulator.Fault("devboxes.retrieve", 0, 1, map[string]any{"type": "stall"})
	if _, err := d.GetInfo(t.Context(), runloop.WithTimeout(time.Nanosecond), runloop.WithMaxRetries(0)); !errors.Is(err, runloop.ErrTimeout) {
		t.Error(err)
	}
	// A handle that is none can be closed.
	ok(t, (*runloop.Devbox)(nil).Close())
	ok(t, (*runloop.OutputStream)(nil).Close())
	ok(t, new(runloop.OutputStream).Close())
	ok(t, new(runloop.Client).Close())
	for _, err := range []error{second(new(runloop.Devbox).Exec(t.Context(), "true", nil)), (*runloop.Devbox)(nil).KeepAlive(t.Context()), second((*runloop.EventStream[runloop.AxonEventView])(nil).Next(t.Context()))} {
		if !errors.Is(err, runloop.ErrInvalidHandle) {
			t.Error(err)
		}
	}
}

func nan() float64 {
	zero := 0.0
	return zero / zero
}

// A value that contains itself is refused as encoding/json refuses it, wherever it is given.
func TestValuesThatContainThemselvesAreRefused(t *testing.T) {
	_, client := start(t)
	inMap := map[string]any{}
	inMap["self"] = inMap
	inList := make([]any, 1)
	inList[0] = inList
	type node struct{ Next *node }
	inPointer := &node{}
	inPointer.Next = inPointer
	inParams := &runloop.DevboxCreateParams{Extra: runloop.Extra{}}
	inParams.Extra["self"] = inParams
	type holder struct{ Held any }
	through := &runloop.DevboxCreateParams{Extra: runloop.Extra{}}
	through.Extra["self"] = holder{through}
	for name, value := range map[string]any{
		"a map": inMap, "a list": inList, "a pointer": inPointer, "a struct's extra": inParams, "through a struct of the program's": through,
	} {
		extra := runloop.Extra{"value": value}
		var unsupported *json.UnsupportedValueError
		for how, call := range map[string]func() error{
			"RevealJSON":   func() error { _, err := runloop.RevealJSON(value); return err },
			"json.Marshal": func() error { _, err := json.Marshal(runloop.DevboxCreateParams{Extra: extra}); return err },
			"params": func() error {
				_, err := client.CreateDevbox(t.Context(), &runloop.DevboxCreateParams{Extra: extra})
				return err
			},
			"a body": func() error {
				_, err := client.Request(t.Context(), "POST", "/v1/devboxes", nil, map[string]any{"value": value})
				return err
			},
			"an option": func() error {
				_, err := client.AccountMe(t.Context(), runloop.WithExtraBody("value", value))
				return err
			},
		} {
			if err := call(); !errors.As(err, &unsupported) {
				t.Errorf("%s, %s: %v", name, how, err)
			}
		}
		if text := fmt.Sprint(runloop.DevboxCreateParams{Extra: extra}); text == "" {
			t.Errorf("%s is not printed", name)
		}
	}
	// What is deep, or there twice, is fine.
	deep := any("end")
	for range 3000 {
		deep = []any{deep}
	}
	shared := map[string]any{"a": 1}
	must(runloop.RevealJSON(map[string]any{"deep": deep, "one": shared, "other": shared}))(t)
}
