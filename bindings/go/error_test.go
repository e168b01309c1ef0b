package runloop_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func TestAnErrorTellsEverything(t *testing.T) {
	emulator, client := start(t)
	nobody := must(client.AttachDevbox("dbx_nobody"))(t)
	defer nobody.Close()
	_, err := nobody.GetInfo(t.Context())
	var failure *runloop.Error
	if !errors.As(err, &failure) || !errors.Is(err, runloop.ErrNotFound) || errors.Is(err, runloop.ErrConflict) {
		t.Fatal(err)
	}
	equal(t, failure.Status, runloop.ErrNotFound)
	equal(t, failure.HTTPStatus, 404)
	equal(t, failure.Attempts, 1)
	equal(t, failure.ResourceID, "dbx_nobody")
	equal(t, failure.Retryable, runloop.RetryableNo)
	equal(t, failure.SideEffect, runloop.SideEffectNone)
	equal(t, failure.RetryAfter < 0, true)
	if !strings.Contains(string(failure.Body), "dbx_nobody") || !strings.Contains(err.Error(), "dbx_nobody") {
		t.Fatalf("%+v", failure)
	}

	emulator.Fault("devboxes.retrieve", 0, 1, map[string]any{"type": "status", "status": 429, "headers": map[string]string{"retry-after": "7", "x-request-id": "req-7"}})
	_, err = nobody.GetInfo(t.Context(), runloop.WithMaxRetries(0))
	if !errors.As(err, &failure) || !errors.Is(err, runloop.ErrRateLimited) {
		t.Fatal(err)
	}
	equal(t, failure.RetryAfter, 7*time.Second)
	equal(t, failure.RequestID, "req-7")
	equal(t, failure.Retryable, runloop.RetryableYes)
}

func TestStatusesHaveNames(t *testing.T) {
	equal(t, runloop.ErrNotFound.String(), "RUNLOOP_NOT_FOUND")
	equal(t, runloop.ErrNotFound.Error(), "runloop: not found")
	equal(t, runloop.Status(99999).String(), "RUNLOOP_?")
	equal(t, fmt.Sprint(runloop.OutcomeTimedOut, runloop.RetryableUnknown, runloop.SideEffectHappened, runloop.Stderr), "timed out unknown happened stderr")
}

func TestAContextThatHasEndedSendsNothing(t *testing.T) {
	emulator, client := start(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	cancel(why)
	_, err := client.CreateDevbox(ctx, nil)
	for _, kind := range []error{context.Canceled, runloop.ErrCancelled, why} {
		if !errors.Is(err, kind) {
			t.Fatalf("%v is not %v", err, kind)
		}
	}
	equal(t, len(emulator.Requests()), 0)
}

func TestADeadlineEndsEveryWait(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	emulator.Fault("devboxes.retrieve", 0, 1, map[string]any{"type": "stall"})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := d.GetInfo(ctx)
	var failure *runloop.Error
	if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &failure) || !failure.Timeout() {
		t.Fatal(err)
	}
	_, err = d.Exec(ctx, "true", nil)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
}

func TestACancelledCreateLeavesNoDevbox(t *testing.T) {
	emulator, client := start(t, "--boot-ms", "60000")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := client.CreateDevbox(ctx, nil)
		done <- err
	}()
	eventually(t, "no devbox is being created", func() bool { return len(emulator.Leaks().Devboxes) == 1 })
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestMisuseIsAnError(t *testing.T) {
	_, client := start(t)
	if _, err := client.AttachDevbox("a\x00b"); !errors.Is(err, runloop.ErrInvalidArgument) {
		t.Fatal(err)
	}
	if _, err := client.AttachDevbox(""); !errors.Is(err, runloop.ErrInvalidArgument) {
		t.Fatal(err)
	}
	d := must(client.AttachDevbox("dbx_1"))(t)
	ok(t, d.Close())
	ok(t, d.Close())
	if _, err := d.GetInfo(t.Context()); !errors.Is(err, runloop.ErrInvalidHandle) {
		t.Fatal(err)
	}
	var none *runloop.Devbox
	if _, err := none.GetInfo(t.Context()); !errors.Is(err, runloop.ErrInvalidHandle) {
		t.Fatal(err)
	}
	_, err := client.CreateDevbox(t.Context(), &runloop.DevboxCreateParams{Extra: runloop.Extra{"x": func() {}}})
	if !errors.Is(err, runloop.ErrInvalidArgument) {
		t.Fatal(err)
	}
	_, err = client.CreateDevbox(t.Context(), nil, runloop.WithIdempotencyKey("\x00"))
	if !errors.Is(err, runloop.ErrInvalidArgument) {
		t.Fatal(err)
	}
}

func TestAClosedClientEndsItsCalls(t *testing.T) {
	emulator, client := start(t, "--boot-ms", "60000")
	done := make(chan error)
	go func() {
		_, err := client.CreateDevbox(context.Background(), nil)
		done <- err
	}()
	eventually(t, "no devbox is being created", func() bool { return len(emulator.Leaks().Devboxes) == 1 })
	ok(t, client.Close())
	if err := <-done; !errors.Is(err, runloop.ErrClosed) {
		t.Fatal(err)
	}
	ok(t, client.Close())
}

func TestSecretsArePrintedNowhere(t *testing.T) {
	const secret = "sk-very-secret"
	config := runloop.Config{BearerToken: secret, BaseURL: "http://127.0.0.1:1", Headers: map[string]string{"X": secret}}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("made", "config", config, "token", config.BearerToken, "pointer", &config)
	view := runloop.APIKeyCreatedView{KeySecret: secret}
	for _, text := range []string{
		log.String(),
		fmt.Sprint(config, &config, view, config.BearerToken),
		fmt.Sprintf("%v %+v %#v %s %q", config, config, config, config.BearerToken, config.BearerToken),
		fmt.Sprintf("%+v %#v", view, view),
	} {
		if strings.Contains(text, secret) {
			t.Error(text)
		}
	}
	equal(t, config.BearerToken.Reveal(), secret)
}
