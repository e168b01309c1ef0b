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
	"errors"
	"flag"
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

// Emulator is one that runs for a test. Any goroutine may use it: a method that fails marks the test as
// failed and gives nothing, but does not end the test, which its own goroutine alone can do.
type Emulator struct {
	// URL is where it serves the API.
	URL string
	tb  testing.TB
}

// Start runs an emulator until the end of the test, with further arguments of its command line. In a
// subtest, use what [Emulator.For] gives.
func Start(tb testing.TB, arguments ...string) *Emulator {
	tb.Helper()
	url, stop, err := launch(arguments)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := stop(); err != nil {
			tb.Error(err)
		}
	})
	return &Emulator{URL: url, tb: tb}
}

// Main runs a package's tests with one emulator for them all, that of clients which take their
// configuration from the environment, such as those of examples. It is for TestMain, and ends the
// program.
func Main(m *testing.M) {
	if listing() {
		os.Exit(m.Run())
	}
	url, stop, err := launch(nil)
	if err == nil {
		err = errors.Join(os.Setenv("RUNLOOP_BASE_URL", url), os.Setenv("RUNLOOP_API_KEY", "test"),
			os.Setenv("NO_PROXY", "127.0.0.1,"+os.Getenv("NO_PROXY")))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	if err := stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

// listing says whether go test -list asks for the names alone, which no emulator is needed for.
func listing() bool {
	if !flag.Parsed() {
		flag.Parse()
	}
	list := flag.Lookup("test.list")
	return list != nil && list.Value.String() != ""
}

// launch starts an emulator, and gives its address and what stops it.
func launch(arguments []string) (url string, stop func() error, err error) {
	binary, err := find()
	if err != nil {
		return "", nil, err
	}
	// A file, and not a buffer, which would need a goroutine.
	said, err := os.CreateTemp("", "runloop-emulator-")
	if err != nil {
		return "", nil, err
	}
	command := exec.Command(binary, append([]string{"--port", "0", "--exit-on-stdin-close"}, arguments...)...)
	command.Stderr = said
	input, inputErr := command.StdinPipe()
	output, outputErr := command.StdoutPipe()
	if err := errors.Join(os.Remove(said.Name()), inputErr, outputErr, command.Start()); err != nil {
		said.Close()
		return "", nil, fmt.Errorf("%s does not start: %w", binary, err)
	}
	lines := bufio.NewReader(output)
	stop = func() error {
		defer said.Close()
		input.Close()
		// It says nothing more, but must not find the pipe full.
		_, _ = io.Copy(io.Discard, lines)
		if err := command.Wait(); err != nil {
			words, _ := io.ReadAll(io.NewSectionReader(said, 0, 1<<20))
			return fmt.Errorf("the emulator: %w\n%s", err, words)
		}
		return nil
	}
	line, err := lines.ReadString('\n')
	url, found := strings.CutPrefix(strings.TrimSpace(line), greeting)
	if err != nil || !found {
		return "", nil, errors.Join(fmt.Errorf("%s does not start: it says %q", binary, line), stop())
	}
	return url, stop, nil
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

// For returns the same emulator for another test, as a rule a subtest, which then is the one that fails
// where a method fails.
func (e *Emulator) For(tb testing.TB) *Emulator {
	return &Emulator{URL: e.URL, tb: tb}
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
	if err := e.control(method, name, body, into); err != nil {
		e.tb.Errorf("the control %s %s: %v", method, name, err)
	}
}

func (e *Emulator) control(method, name string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequest(method, e.URL+"/_emulator/"+name, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return fmt.Errorf("HTTP %d, %v: %s", response.StatusCode, err, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
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
	Processes []Process `json:"processes"`
}

// Process is one of a devbox's.
type Process struct {
	// Command is its command line.
	Command string `json:"command"`
}

// Leaks returns what runs.
func (e *Emulator) Leaks() Leaks {
	e.tb.Helper()
	var leaks Leaks
	e.Control(http.MethodGet, "leaks", nil, &leaks)
	return leaks
}

// Requests returns the operations of the requests that came, in their order.
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
