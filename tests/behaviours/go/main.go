// Does the steps of a behaviour in Go: a line of JSON in, a line of JSON out.
package main

import (
	"bufio"
	"bytes"
	"log/slog"
	"maps"
	"os"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

// An operation does one step.
type operation func(s *step)

func main() {
	operations := map[string]operation{}
	for _, some := range []map[string]operation{
		clientOperations, devboxOperations, commandOperations, fileOperations, objectOperations, diskOperations, recordOperations,
		configOperations,
	} {
		maps.Copy(operations, some)
	}
	// What the library tells; the last answer shows it.
	var told bytes.Buffer
	must(runloop.SetLogger(slog.New(slog.NewTextHandler(&told, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	kept := handles{}
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			break
		}
		s := newStep(line, lines, kept)
		name := s.text("/do")
		if do, known := operations[name]; known {
			s.calling(do)
		} else {
			s.answer["unknown"] = name
		}
		s.print()
		s.end()
	}
	for _, handle := range kept {
		handle.Close()
	}
	must(runloop.SetLogger(nil))
	last := newStep([]byte("{}"), lines, kept)
	last.answer["live_handles"] = runloop.LiveHandles("")
	last.answer["log"] = inHex(told.Bytes())
	last.print()
}
