package runloop_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

// What the library advises is there in Go under the name that it says.
func TestErrorsSayWhatGoCallsIt(t *testing.T) {
	emulator, client := start(t)
	d := devbox(t, client)
	nowhere := "http://127.0.0.1:1"
	made := func(config *runloop.Config) error {
		client, err := runloop.NewClient(config)
		if err == nil {
			defer client.Close()
			_, err = client.Request(t.Context(), "GET", "/v1/devboxes", nil, nil, runloop.WithMaxRetries(-1))
		}
		return err
	}
	for name, one := range map[string]struct {
		says string
		call func() error
	}{
		"no key": {"Config.BearerToken", func() error {
			t.Setenv("RUNLOOP_API_KEY", "")
			return made(&runloop.Config{BaseURL: nowhere})
		}},
		"no proxy": {"Config.Proxy", func() error {
			return made(&runloop.Config{BaseURL: "https://api.test", BearerToken: "key", Proxy: &nowhere})
		}},
		"a long answer": {"Config.MaxAnswerBytes", func() error {
			emulator.Fault("devboxes.list", 0, 1, map[string]any{"type": "status", "status": 200, "body": `{"a":"` + strings.Repeat("x", 5000) + `"}`})
			return made(&runloop.Config{BaseURL: emulator.URL, BearerToken: "key", MaxAnswerBytes: 1000})
		}},
		"a wait": {"WithPollTimeout", func() error {
			_, err := d.Exec(t.Context(), "sleep 100", nil, runloop.WithPollTimeout(100*time.Millisecond))
			return err
		}},
		"an attempt": {"WithTimeout", func() error {
			emulator.Fault("devboxes.retrieve", 0, 1, map[string]any{"type": "stall"})
			_, err := d.GetInfo(t.Context(), runloop.WithTimeout(100*time.Millisecond), runloop.WithMaxRetries(-1))
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			err := one.call()
			var failure *runloop.Error
			if !errors.As(err, &failure) {
				t.Fatal(err)
			}
			text := failure.Message + failure.Cause
			if !strings.Contains(text, one.says) || strings.Contains(text, "runloop_") || strings.Contains(text, "_ms") {
				t.Fatal(text)
			}
		})
	}
}

// What does not fit is said, and not what is there.
func TestAnAnswerThatDoesNotFitSaysWhy(t *testing.T) {
	for text, said := range map[string]string{
		`{"a":{"b":8675309}}`: "at a.b is a JSON number, which makes no string.",
		`[8675309]`:           "at its top is a JSON array, which makes no struct",
		`"8675309"`:           "at its top is a JSON string, which makes no struct",
	} {
		message := runloop.Undecodable[struct {
			A struct {
				B string `json:"b"`
			} `json:"a"`
		}](text)
		if !strings.Contains(message, said) || !strings.Contains(message, "Client.Request") || strings.Contains(message, "8675309") {
			t.Fatal(message)
		}
	}
}
