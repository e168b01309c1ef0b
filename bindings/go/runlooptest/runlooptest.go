// Package runlooptest runs the emulator of the Runloop API for a test: devboxes are real sandboxes on
// this machine, and no account is needed.
//
//	func TestSomething(t *testing.T) {
//		client := runlooptest.Start(t).Client(t)
//		…
//	}
//
// The emulator's binary is the one that RUNLOOP_EMULATOR names, else runloop-emulator in PATH, else
// what `make` has built in the source tree of this package.
package runlooptest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

const greeting = "runloop-emulator listening on "

// Emulator is one that runs for a test.
type Emulator struct {
	// URL is where it serves the API.
	URL string
	tb  testing.TB
}

// Start runs an emulator until the end of the test, with further arguments of its command line.
func Start(tb testing.TB, arguments ...string) *Emulator {
	tb.Helper()
	binary, err := find()
	if err != nil {
		tb.Fatal(err)
	}
	var said bytes.Buffer
	command := exec.Command(binary, append([]string{"--port", "0", "--exit-on-stdin-close"}, arguments...)...)
	command.Stderr = &said
	input, err := command.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	output, err := command.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := command.Start(); err != nil {
		tb.Fatalf("%s does not start: %v", binary, err)
	}
	lines := bufio.NewReader(output)
	line, err := lines.ReadString('\n')
	tb.Cleanup(func() {
		input.Close()
		// It says nothing more, but must not find the pipe full.
		_, _ = io.Copy(io.Discard, lines)
		if err := command.Wait(); err != nil {
			tb.Errorf("the emulator: %v\n%s", err, said.String())
		}
	})
	if err != nil || !strings.HasPrefix(line, greeting) {
		tb.Fatalf("%s does not start: it says %q", binary, line)
	}
	return &Emulator{URL: strings.TrimSpace(strings.TrimPrefix(line, greeting)), tb: tb}
}

func find() (string, error) {
	if binary := os.Getenv("RUNLOOP_EMULATOR"); binary != "" {
		return binary, nil
	}
	if binary, err := exec.LookPath("runloop-emulator"); err == nil {
		return binary, nil
	}
	if _, file, _, ok := runtime.Caller(0); ok {
		target := filepath.Join(filepath.Dir(file), "..", "..", "..", "target")
		for _, profile := range []string{"quick", "release", "debug"} {
			binary := filepath.Join(target, profile, "runloop-emulator")
			if _, err := os.Stat(binary); err == nil {
				return binary, nil
			}
		}
	}
	return "", fmt.Errorf("there is no runloop-emulator: install it, or set RUNLOOP_EMULATOR to where it is")
}

// Config is that of a client of the emulator.
func (e *Emulator) Config() *runloop.Config {
	none := ""
	return &runloop.Config{BaseURL: e.URL, BearerToken: "test", Proxy: &none}
}

// Client makes a client of the emulator, which is closed at the end of the test.
func (e *Emulator) Client(tb testing.TB) *runloop.Client {
	tb.Helper()
	client, err := runloop.NewClient(e.Config())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := client.Close(); err != nil {
			tb.Errorf("closing the client: %v", err)
		}
	})
	return client
}

// Control uses one of the emulator's test controls, /_emulator/…: body becomes JSON if it is not nil,
// and the answer's JSON is read into a variable if that is not nil.
func (e *Emulator) Control(method, name string, body, into any) {
	e.tb.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		e.tb.Fatal(err)
	}
	request, err := http.NewRequest(method, e.URL+"/_emulator/"+name, bytes.NewReader(text))
	if err != nil {
		e.tb.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		e.tb.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		e.tb.Fatalf("the control %s %s: HTTP %d, %v: %s", method, name, response.StatusCode, err, answer)
	}
	if into != nil {
		if err := json.Unmarshal(answer, into); err != nil {
			e.tb.Fatal(err)
		}
	}
}

// Fault has the emulator fail at an operation, such as devboxes.create: skip requests go well, and then
// so many fail. The action is such as {"type": "status", "status": 500}; docs/emulator.md knows all.
func (e *Emulator) Fault(operation string, skip, times int, action map[string]any) {
	e.tb.Helper()
	e.Control(http.MethodPost, "faults", map[string]any{"operation": operation, "skip": skip, "times": times, "action": action}, nil)
}

// Leaks is what runs in an emulator.
type Leaks struct {
	// Devboxes that are not shut down.
	Devboxes []json.RawMessage `json:"devboxes"`
	// Processes in devboxes.
	Processes []struct {
		Command string `json:"command"`
	} `json:"processes"`
}

// Leaks gives what runs.
func (e *Emulator) Leaks() Leaks {
	e.tb.Helper()
	var leaks Leaks
	e.Control(http.MethodGet, "leaks", nil, &leaks)
	return leaks
}

// Requests gives the operations of the requests that came, in their order.
func (e *Emulator) Requests() []string {
	e.tb.Helper()
	var journal struct {
		Requests []struct {
			Operation string `json:"operation"`
		} `json:"requests"`
	}
	e.Control(http.MethodGet, "journal", nil, &journal)
	operations := make([]string, len(journal.Requests))
	for i, request := range journal.Requests {
		operations[i] = request.Operation
	}
	return operations
}
