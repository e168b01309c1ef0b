package runloop_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	runloop "github.com/librunloop/librunloop/bindings/go"
	"github.com/librunloop/librunloop/bindings/go/runlooptest"
)

func TestTheEnvironmentIsTheDefault(t *testing.T) {
	nothingLeft(t)
	emulator := runlooptest.Start(t)
	t.Setenv("RUNLOOP_BASE_URL", emulator.URL)
	t.Setenv("RUNLOOP_API_KEY", "test")
	t.Setenv("NO_PROXY", "*")
	client := must(runloop.NewClient(nil))(t)
	defer client.Close()
	if must(client.AccountMe(t.Context()))(t).ID == "" {
		t.Fatal("no account")
	}
	t.Setenv("RUNLOOP_API_KEY", "")
	os.Unsetenv("RUNLOOP_API_KEY")
	if _, err := runloop.NewClient(nil); !errors.Is(err, runloop.ErrMissingCredentials) {
		t.Fatal(err)
	}
}

func TestAConfigurationSetsEverything(t *testing.T) {
	nothingLeft(t)
	emulator := runlooptest.Start(t)
	config := emulator.Config()
	config.Headers = map[string]string{"X-Team": "blue"}
	config.Query = map[string]string{"trace": "1"}
	config.Timeout, config.ConnectTimeout, config.MaxRetries = time.Minute, time.Second, -1
	config.MaxAnswerBytes = 64 << 20
	config.HTTPVersion, config.StrictParams, config.UserAgent = runloop.HTTP2, true, "go-test/1"
	client := must(runloop.NewClient(config))(t)
	defer client.Close()
	must(client.AccountMe(t.Context(), runloop.WithExtraHeader("X-Call", "7"), runloop.WithExtraQuery("q", "a b")))(t)
	var journal struct{ Requests []json.RawMessage }
	emulator.Control("GET", "journal", nil, &journal)
	request := string(journal.Requests[0])
	for _, wanted := range []string{"x-team", "blue", "trace", "go-test/1", "x-call", "a+b"} {
		if !strings.Contains(strings.ReplaceAll(request, "%20", "+"), wanted) {
			t.Errorf("%q is not in %s", wanted, request)
		}
	}
	_, err := client.CreateDevbox(t.Context(), &runloop.DevboxCreateParams{Extra: runloop.Extra{"nmae": "x"}})
	if !errors.Is(err, runloop.ErrInvalidArgument) || !strings.Contains(err.Error(), "name") {
		t.Fatal(err)
	}
	for _, wrong := range []runloop.Config{
		{BearerToken: "two\nlines"},
		{BearerToken: "x", BaseURL: "nonsense"},
		{BearerToken: "x", BaseURL: "https://localhost", CAFile: "/no/such/file"},
		{BearerToken: "x", BaseURL: "https://localhost", ClientCertificateFile: "/no/such/file", ClientKeyFile: "/no/such/file"},
		{BearerToken: "x", Proxy: runloop.Ptr("\x00")},
	} {
		if _, err := runloop.NewClient(&wrong); !errors.Is(err, runloop.ErrInvalidArgument) && !errors.Is(err, runloop.ErrLocalIO) {
			t.Errorf("%#v: %v", wrong, err)
		}
	}
}

func TestParametersAndAnswersKeepWhatTheyDoNotKnow(t *testing.T) {
	_, client := start(t)
	params := &runloop.DevboxCreateParams{
		Name:             "typed",
		Metadata:         map[string]string{"team": "blue"},
		LaunchParameters: &runloop.LaunchParameters{KeepAliveTimeSeconds: runloop.Ptr[int64](600)},
		Mounts:           []runloop.Mount{runloop.FileMount{Target: "/home/user/hello.txt", Content: "mounted\n"}},
	}
	d := must(client.CreateDevbox(t.Context(), params, runloop.WithExtraBody("environment_variables", map[string]string{"A": "1"})))(t)
	defer d.Close()
	defer d.Shutdown(context.Background())
	info := must(d.GetInfo(t.Context()))(t)
	equal(t, info.Status, runloop.DevboxStatusRunning)
	equal(t, info.Name, "typed")
	equal(t, info.Metadata["team"], "blue")
	equal(t, *info.LaunchParameters.KeepAliveTimeSeconds, int64(600))
	equal(t, string(must(d.Command(t.Context(), "echo $A; cat /home/user/hello.txt").Output())(t)), "1\nmounted\n")

	var view runloop.DevboxView
	ok(t, json.Unmarshal([]byte(`{"id": "dbx_1", "status": "dreaming", "name": 7, "new": {"deep": [1]}, "create_time_ms": 5, "tunnel": null}`), &view))
	equal(t, view.ID, "dbx_1")
	equal(t, view.Status, runloop.DevboxStatus("dreaming"))
	equal(t, view.Name, "")
	equal(t, len(view.Extra), 2)
	var number int
	equal(t, must(view.Extra.Decode("name", &number))(t), true)
	equal(t, number, 7)
	var written map[string]any
	ok(t, json.Unmarshal(must(json.Marshal(view))(t), &written))
	equal(t, fmt.Sprint(written["name"], written["new"]), "7 map[deep:[1]]")

	text := must(json.Marshal(runloop.DevboxCreateParams{Name: "a", Extra: runloop.Extra{"name": "b", "new": 1}}))(t)
	equal(t, string(text), `{"name":"b","new":1}`)
	text = must(runloop.RevealJSON(runloop.CodeMount{RepoName: "r", RepoOwner: "o", Token: "t"}))(t)
	equal(t, string(text), `{"repo_name":"r","repo_owner":"o","token":"t","type":"code_mount"}`)
}

func TestAnyRequest(t *testing.T) {
	_, client := start(t)
	response := must(client.Request(t.Context(), "GET", "/v1/devboxes", map[string]any{"limit": 1}, nil))(t)
	equal(t, response.HTTPStatus, 200)
	equal(t, response.Headers["content-type"], "application/json")
	var page struct{ Devboxes []runloop.DevboxView }
	ok(t, response.Decode(&page))
	equal(t, len(page.Devboxes), 0)
	if _, err := client.Request(t.Context(), "GET", "/v1/nothing", nil, nil); !errors.Is(err, runloop.ErrNotFound) {
		t.Fatal(err)
	}
}

func TestListsGoThroughAllPages(t *testing.T) {
	_, client := start(t)
	const count = 7
	for i := range count {
		client := client
		d := must(client.CreateDevboxAsync(t.Context(), &runloop.DevboxCreateParams{Name: fmt.Sprint(i)}))(t)
		defer d.Close()
		defer d.Shutdown(context.Background())
	}
	names := map[string]bool{}
	for item, err := range client.ListDevboxes(t.Context(), &runloop.DevboxListParams{Limit: runloop.Ptr[int64](2)}) {
		ok(t, err)
		equal(t, item.ID(), item.Info.ID)
		names[item.Info.Name] = true
		item.Close()
	}
	equal(t, len(names), count)
	for item, err := range client.ListDevboxes(t.Context(), nil) {
		ok(t, err)
		item.Close()
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	failures := 0
	for _, err := range client.ListDevboxes(ctx, nil) {
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		failures++
	}
	equal(t, failures, 1)
}

func TestWithDevboxShutsItDownWhateverHappens(t *testing.T) {
	emulator, client := start(t)
	why := errors.New("why")
	ends := map[string]func(cancel context.CancelFunc) error{
		"well":     func(context.CancelFunc) error { return nil },
		"error":    func(context.CancelFunc) error { return why },
		"cancel":   func(cancel context.CancelFunc) error { cancel(); return why },
		"panic":    func(context.CancelFunc) error { panic(why) },
		"goexit":   func(context.CancelFunc) error { runtime.Goexit(); return nil },
		"shutdown": nil,
	}
	for name, end := range ends {
		done := make(chan struct{})
		go func() {
			defer close(done)
			defer func() { recover() }()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			err := client.WithDevbox(ctx, nil, func(ctx context.Context, d *runloop.Devbox) error {
				equalOrError(t, len(emulator.Leaks().Devboxes), 1)
				if end == nil {
					return d.Shutdown(ctx)
				}
				return end(cancel)
			})
			if (name == "well" || name == "shutdown") && err != nil || (name == "error" || name == "cancel") && !errors.Is(err, why) {
				t.Errorf("%s: %v", name, err)
			}
		}()
		<-done
		equal(t, len(emulator.Leaks().Devboxes), 0)
	}
}

// If the client is closed while the function runs, also by the function, the devbox is shut down, and Close waits for that only.
func TestWithDevboxShutsItDownWhenTheClientIsClosed(t *testing.T) {
	emulator, _ := start(t)
	for name, closing := range map[string]func(*runloop.Client) <-chan error{
		"within": func(client *runloop.Client) <-chan error {
			done := make(chan error, 1)
			done <- client.Close()
			return done
		},
		"outside": func(client *runloop.Client) <-chan error { return later(client.Close) },
	} {
		t.Run(name, func(t *testing.T) {
			client := must(runloop.NewClient(emulator.Config()))(t)
			runloop.UndoWithin(t, time.Hour)
			err := client.WithDevbox(t.Context(), nil, func(ctx context.Context, d *runloop.Devbox) error {
				ok(t, within(t, "Close", closing(client)))
				equal(t, len(emulator.Leaks().Devboxes), 0)
				if <-ctx.Done(); context.Cause(ctx) != runloop.ErrClosed {
					t.Error(context.Cause(ctx))
				}
				return nil
			})
			ok(t, err)
		})
	}
}

func equalOrError[T comparable](t *testing.T, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAHandleCanShutItsDevboxDown(t *testing.T) {
	emulator, client := start(t)
	d := must(client.CreateDevbox(t.Context(), nil))(t)
	ok(t, d.SetShutdownOnClose(10*time.Second))
	ok(t, d.Close())
	equal(t, len(emulator.Leaks().Devboxes), 0)
}

func TestForgottenHandlesAreCollected(t *testing.T) {
	_, client := start(t)
	func() {
		for range 50 {
			must(client.AttachDevbox("dbx_forgotten"))(t)
		}
	}()
	eventually(t, "handles are not collected", func() bool {
		runtime.GC()
		return runloop.LiveHandles("devbox") == 0
	})
	// Their client still works.
	must(client.AccountMe(t.Context()))(t)
}

func TestTheLoggerIsTold(t *testing.T) {
	emulator, client := start(t)
	var mutex sync.Mutex
	var text strings.Builder
	logger := slog.New(slog.NewTextHandler(writerFunc(func(p []byte) (int, error) {
		mutex.Lock()
		defer mutex.Unlock()
		return text.Write(p)
	}), &slog.HandlerOptions{Level: slog.LevelWarn}))
	ok(t, runloop.SetLogger(logger))
	defer runloop.SetLogger(nil)
	emulator.Fault("accounts.me", 0, 1, map[string]any{"type": "status", "status": 503})
	must(client.AccountMe(t.Context()))(t)
	ok(t, runloop.SetLogger(nil))
	mutex.Lock()
	defer mutex.Unlock()
	if !strings.Contains(text.String(), "level=WARN") || !strings.Contains(text.String(), "503") || strings.Contains(text.String(), "level=DEBUG") {
		t.Fatal(text.String())
	}
}

func TestVersion(t *testing.T) {
	if strings.Count(runloop.Version(), ".") != 2 {
		t.Fatal(runloop.Version())
	}
	equal(t, runloop.LiveHandles("no such kind"), 0)
}
