package runloop_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

// scriptedCommand is a devbox whose only command is answered as a test says.
func scriptedCommand(t *testing.T, ended func() string, stdout, stderr http.HandlerFunc) *runloop.Devbox {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		switch path := r.URL.Path; {
		case strings.HasSuffix(path, "/stream_stdout_updates"):
			stdout(w, r)
		case strings.HasSuffix(path, "/stream_stderr_updates"):
			stderr(w, r)
		case strings.HasSuffix(path, "/execute_async"):
			writeJSON(w, http.StatusOK, `{"execution_id":"exec_1","devbox_id":"dbx_1","status":"running"}`)
		default:
			writeJSON(w, http.StatusOK, ended())
		}
	}))
	t.Cleanup(server.Close)
	client := must(runloop.NewClient(&runloop.Config{BaseURL: server.URL, BearerToken: "key"}))(t)
	t.Cleanup(func() { ok(t, client.Close()) })
	devbox := must(client.AttachDevbox("dbx_1"))(t)
	t.Cleanup(func() { devbox.Close() })
	return devbox
}

func writeJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// event sends a piece of output.
func event(w http.ResponseWriter, output string, offset int) {
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = fmt.Fprintf(w, "data: {\"output\":%q,\"offset\":%d}\n\n", output, offset)
	_ = http.NewResponseController(w).Flush()
}

// live keeps a stream open by remarks, until it is left or the channel is closed.
func live(w http.ResponseWriter, r *http.Request, until <-chan struct{}) {
	w.Header().Set("Content-Type", "text/event-stream")
	for {
		_, _ = io.WriteString(w, ": alive\n\n")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-time.After(20 * time.Millisecond):
		case <-until:
			return
		case <-r.Context().Done():
			return
		}
	}
}

// One output that cannot be read leaves the other as it is.
func TestAnOutputThatFailsDoesNotEndTheOther(t *testing.T) {
	for name, one := range map[string]struct {
		shown, stdout string
		outcome       runloop.Outcome
	}{
		"the answer shows it":     {`"out","stdout_truncated":false`, "out", runloop.OutcomeExited},
		"the answer does not":     {`"ut","stdout_truncated":true`, "", runloop.OutcomeOutputIncomplete},
		"it shows neither output": {`null`, "", runloop.OutcomeOutputIncomplete},
	} {
		t.Run(name, func(t *testing.T) {
			refused := make(chan struct{})
			devbox := scriptedCommand(t,
				func() string {
					return `{"execution_id":"exec_1","status":"completed","exit_status":0,"stderr":"third","stderr_truncated":true,"stdout":` + one.shown + `}`
				},
				func(w http.ResponseWriter, _ *http.Request) {
					writeJSON(w, http.StatusForbidden, `{"message":"no standard output here"}`)
					close(refused)
				},
				func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Query().Get("offset") != "" {
						w.Header().Set("Content-Type", "text/event-stream")
						return
					}
					<-refused
					event(w, "first ", 0)
					event(w, "second ", 6)
					event(w, "third", 13)
				})
			var stdout, stderr bytes.Buffer
			result := must(devbox.Exec(t.Context(), "talk", &runloop.ExecOptions{Stdout: &stdout, Stderr: &stderr}))(t)
			defer result.Close()
			equal(t, stderr.String(), "first second third")
			equal(t, stdout.String(), one.stdout)
			equal(t, result.Outcome(), one.outcome)
		})
	}
}

// A stream that lives on behind the end of its command is left.
func TestAStreamThatLivesOnEndsWithItsCommand(t *testing.T) {
	for name, one := range map[string]struct {
		shown, stdout string
		outcome       runloop.Outcome
	}{
		"the answer shows all":         {`"abcd","stdout_truncated":false`, "abcd", runloop.OutcomeExited},
		"the answer shows the end":     {`"b","stdout_truncated":true`, "ab", runloop.OutcomeOutputIncomplete},
		"the answer shows no output":   {`null`, "ab", runloop.OutcomeOutputIncomplete},
		"the answer is something else": {`"xyz","stdout_truncated":false`, "ab", runloop.OutcomeOutputIncomplete},
	} {
		t.Run(name, func(t *testing.T) {
			devbox := scriptedCommand(t,
				func() string {
					return `{"execution_id":"exec_1","status":"completed","exit_status":0,"stdout":` + one.shown + `}`
				},
				func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Query().Get("offset") == "" {
						event(w, "ab", 0)
					}
					live(w, r, nil)
				}, nil)
			var stdout bytes.Buffer
			ended := later(func() error {
				result, err := devbox.Exec(t.Context(), "talk", &runloop.ExecOptions{Stdout: &stdout}, runloop.WithTimeout(time.Second))
				if err != nil {
					return err
				}
				defer result.Close()
				if result.Outcome() != one.outcome {
					return fmt.Errorf("the outcome is %v", result.Outcome())
				}
				return nil
			})
			ok(t, within(t, "the command", ended))
			equal(t, stdout.String(), one.stdout)
		})
	}
}

// While its command runs, a stream that brings nothing for long continues.
func TestAStreamThatLivesIsLeftAlone(t *testing.T) {
	var asked atomic.Bool
	running := make(chan struct{})
	once := sync.OnceFunc(func() { close(running) })
	devbox := scriptedCommand(t,
		func() string {
			if asked.CompareAndSwap(false, true) {
				defer once()
				return `{"execution_id":"exec_1","status":"running"}`
			}
			return `{"execution_id":"exec_1","status":"completed","exit_status":0,"stdout":"abcd","stdout_truncated":false}`
		},
		func(w http.ResponseWriter, r *http.Request) {
			event(w, "ab", 0)
			live(w, r, running)
			event(w, "cd", 2)
		}, nil)
	var stdout bytes.Buffer
	result := must(devbox.Exec(t.Context(), "talk", &runloop.ExecOptions{Stdout: &stdout}, runloop.WithTimeout(time.Second)))(t)
	defer result.Close()
	equal(t, stdout.String(), "abcd")
	equal(t, result.Outcome(), runloop.OutcomeExited)
	equal(t, asked.Load(), true)
}
