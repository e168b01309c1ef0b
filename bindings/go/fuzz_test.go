package runloop_test

import (
	"encoding/json"
	"testing"

	"github.com/librunloop/librunloop/bindings/go"
)

// FuzzStructs reads anything as an answer and as parameters. What can be read can be written, and then is the same for good.
func FuzzStructs(f *testing.F) {
	for _, text := range []string{
		`{"id":"dbx_1","status":"dreaming","name":7,"new":{"deep":[1]},"create_time_ms":5,"tunnel":null}`,
		`{"launch_parameters":{"keep_alive_time_seconds":600,"after_idle":{"idle_time_seconds":1e3}},"metadata":{"a":"b"}}`,
		`{"mounts":[{"type":"moon_mount","phase":1},{"type":"file_mount","target":"/x","content":"c"},null]}`,
		`{"mounts":[{"type":"code_mount","repo_name":"r","repo_owner":"o","token":"t","deep":9223372036854775809}]}`,
		`{"name":"\ud800","name":"b","":0,"Extra":1}`, `null`, `[]`, `{"mounts":null}`, `{"mounts":[[]]}`, `{"create_time_ms":1e999}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		again(t, text, new(runloop.DevboxView), new(runloop.DevboxView))
		again(t, text, new(runloop.DevboxCreateParams), new(runloop.DevboxCreateParams))
	})
}

func again(t *testing.T, text []byte, first, second any) {
	if json.Unmarshal(text, first) != nil {
		return
	}
	written := must(runloop.RevealJSON(first))(t)
	ok(t, json.Unmarshal(written, second))
	equal(t, string(must(runloop.RevealJSON(second))(t)), string(written))
}
