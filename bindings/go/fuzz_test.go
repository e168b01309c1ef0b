package runloop_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

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

// FuzzReports reads anything as what a script of the library's printed. A report names its mark and a number, and nothing else is one.
func FuzzReports(f *testing.F) {
	const mark = "librunloop-MARK"
	for _, output := range []string{
		mark + "\n" + mark + " 0\n", "a profile's\n" + mark + "\nsaid\nmore\n" + mark + " 70\n", mark, mark + "\n" + mark + " x\n",
		mark + "\n" + mark + " 99999999999999999999\n", "\n" + mark + "\n\n\n" + mark + " 1", "x" + mark + "\n" + mark + " 0\n", mark + "\r\n" + mark + " 0\r\n",
	} {
		f.Add(output)
	}
	f.Fuzz(func(t *testing.T, output string) {
		code, said, ok := runloop.Report(mark, output)
		if !ok {
			return
		}
		behind := "\n" + mark + "\n" + said
		if said != "" {
			behind += "\n"
		}
		if !strings.Contains("\n"+output, behind) || code == 0 && !strings.Contains(output, mark+" ") {
			t.Errorf("%q: %d, %q", output, code, said)
		}
	})
}

// FuzzPieces cuts a command's input in two. What is held back of the first piece is at most the beginning of a character, and text
// stays text.
func FuzzPieces(f *testing.F) {
	for _, text := range []string{"", "plain", "é", "€uro", "😀 and more", "\xf0\x9f", "\x80\x80\x80\x80", "a\xff"} {
		f.Add([]byte(text), uint(1))
		f.Add([]byte(text), uint(len(text)))
	}
	f.Fuzz(func(t *testing.T, text []byte, at uint) {
		first := text[:min(at, uint(len(text)))]
		back := runloop.Unfinished(first)
		if back < 0 || back >= utf8.UTFMax || back > len(first) {
			t.Fatalf("%q: %d bytes are held back", first, back)
		}
		if utf8.Valid(text) && !utf8.Valid(first[:len(first)-back]) {
			t.Errorf("%q: a character is cut", first)
		}
	})
}

func again(t *testing.T, text []byte, first, second any) {
	if json.Unmarshal(text, first) != nil {
		return
	}
	written, err := runloop.RevealJSON(first)
	if err != nil {
		// What would arrive as something else is refused.
		if !strings.Contains(err.Error(), "[redacted]") && !strings.Contains(err.Error(), "UTF-8") {
			t.Fatal(err)
		}
		return
	}
	ok(t, json.Unmarshal(written, second))
	equal(t, string(must(runloop.RevealJSON(second))(t)), string(written))
}
