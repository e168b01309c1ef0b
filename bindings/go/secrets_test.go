package runloop_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"text/template"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

const secret = "sk-very-secret"

// shown is a value in all the ways in which programs show one, by itself, by its pointer and in a field.
func shown(t *testing.T, value any) map[string]string {
	t.Helper()
	pointer := reflect.New(reflect.TypeOf(value))
	pointer.Elem().Set(reflect.ValueOf(value))
	within := struct {
		Value any
		List  []any
	}{value, []any{value}}
	ways := map[string]string{}
	none := "text"
	field := struct{ V any }{pointer.Interface()}
	for kind, v := range map[string]any{"field": field, "value": value, "pointer": pointer.Interface(), "within": within, "map": map[string]any{"k": value}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%o", "%t", "%e", "%U", "%c", "%z", "% x", "%#x", "%10.3v"} {
			ways[kind+" "+verb] = fmt.Sprintf(verb, v)
		}
		ways[kind+" surplus"] = fmt.Sprintf(none, v)
		// Options with functions cannot be JSON; what says so shows nothing either.
		text, err := json.Marshal(v)
		ways[kind+" JSON"] = fmt.Sprint(string(text), err)
		var page bytes.Buffer
		ok(t, template.Must(template.New("").Parse("{{.}} {{printf `%d` .}} {{print .}} {{html .}}")).Execute(&page, v))
		ways[kind+" template"] = page.String()
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v, slog.Group("g", slog.Any("v", v)))
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v, slog.Group("g", slog.Any("v", v)))
		ways[kind+" slog"] = log.String()
		ways[kind+" error"] = fmt.Errorf("%v", v).Error()
	}
	return ways
}

func TestNothingThatIsShownHoldsASecret(t *testing.T) {
	list := runloop.ConfidentialList{"TOKEN=" + secret, secret}
	named := runloop.Confidential{"TOKEN": secret}
	for name, value := range map[string]any{
		"Sensitive":        runloop.Sensitive(secret),
		"Confidential":     named,
		"ConfidentialList": list,
		"Config": runloop.Config{
			BearerToken: secret, BaseURL: "https://user:" + secret + "@host/path?key=" + secret, Headers: named, Query: named,
			Proxy: runloop.Ptr("http://user:" + secret + "@proxy"),
		},
		"a Config's address": runloop.Config{BaseURL: "https://host:" + secret},
		"ExecOptions":        runloop.ExecOptions{Environment: list},
		"Cmd":                runloop.Cmd{Env: list},
		"a view":             runloop.APIKeyCreatedView{KeySecret: secret},
		"a tunnel":           runloop.TunnelView{AuthToken: secret},
		"a view in a view":   runloop.DevboxView{Tunnel: &runloop.TunnelView{AuthToken: secret}},
		"an upload":          runloop.ObjectView{UploadURL: secret, UploadHeaders: named},
		"a download":         runloop.ObjectDownloadURLView{DownloadURL: secret},
		"an ssh key":         runloop.DevboxSSHKeyView{SSHPrivateKey: secret},
		"parameters":         runloop.DevboxCreateParams{EnvironmentVariables: named, Mounts: []runloop.Mount{runloop.CodeMount{Token: secret}}},
		"headers":            runloop.CustomHeader{Name: "X", Value: secret},
		"an answer":          runloop.Response{HTTPStatus: 200, Headers: map[string]string{"X": secret}, Body: []byte(secret)},
	} {
		for way, text := range shown(t, value) {
			hidden := []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), fmt.Sprintf("% x", secret), fmt.Sprint([]byte(secret)), "c2stdmVyeS1zZWNyZXQ"}
			for _, form := range hidden {
				if strings.Contains(text, form) {
					t.Errorf("%s: %s: %s", name, way, text)
				}
			}
		}
	}
	text := must(xml.Marshal(runloop.Sensitive(secret)))(t)
	if strings.Contains(string(text), secret) {
		t.Error(string(text))
	}
	// What is no secret is shown.
	for _, text := range []string{fmt.Sprint(list), fmt.Sprint(named), string(must(json.Marshal(named))(t)), fmt.Sprint(runloop.Config{BaseURL: "https://host/path"})} {
		if !strings.Contains(text, "TOKEN") && !strings.Contains(text, "https://host/path") {
			t.Error(text)
		}
	}
}

func TestSecretsAreSentAsTheyAre(t *testing.T) {
	_, client := start(t)
	params := &runloop.DevboxCreateParams{EnvironmentVariables: map[string]string{"TOKEN": secret}}
	d := must(client.CreateDevbox(t.Context(), params))(t)
	defer d.Close()
	defer d.Shutdown(t.Context())
	c := d.Command(t.Context(), "echo $TOKEN $OTHER")
	c.Env = []string{"OTHER=" + secret}
	equal(t, string(must(c.Output())(t)), secret+" "+secret+"\n")

	text := must(runloop.RevealJSON(runloop.Extra{
		"mount": runloop.CodeMount{RepoName: "r", Token: secret}, "list": []any{runloop.Sensitive(secret)},
		"named": runloop.Confidential{"A": secret}, "null": nil, "pointer": &runloop.CustomHeader{Name: "n", Value: secret},
		"none": (*runloop.CustomHeader)(nil),
	}))(t)
	equal(t, string(text), `{"list":["sk-very-secret"],"mount":{"repo_name":"r","repo_owner":"","token":"sk-very-secret","type":"code_mount"},`+
		`"named":{"A":"sk-very-secret"},"none":null,"null":null,"pointer":{"name":"n","value":"sk-very-secret"}}`)

	// A secret that was written as [redacted] and read back, or that a type of the caller's hides.
	var back runloop.DevboxCreateParams
	ok(t, json.Unmarshal(must(json.Marshal(params))(t), &back))
	own := struct{ Token runloop.Sensitive }{secret}
	embedded := struct{ runloop.CodeMount }{runloop.CodeMount{Token: secret}}
	for _, hidden := range []any{back, own, embedded, map[string]any{"x": []any{&own}}} {
		if _, err := client.Request(t.Context(), "POST", "/v1/devboxes", nil, hidden); !errors.Is(err, runloop.ErrInvalidArgument) {
			t.Errorf("%T: %v", hidden, err)
		}
	}
}
