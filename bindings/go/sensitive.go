package runloop

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
)

const redacted = "[redacted]"

// Sensitive is a text that must not be disclosed by accident, such as a token or a signed URL: printed,
// logged, in a template and in JSON it is [redacted]. [Sensitive.Reveal] returns the text, and
// [RevealJSON] writes JSON with it. Package fmt calls no method of an unexported field: a struct with
// such a field needs a String or Format method of its own.
type Sensitive string

// Reveal returns the text itself.
func (s Sensitive) Reveal() string { return string(s) }

// String returns [redacted], or an empty text for an empty one.
func (s Sensitive) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// Format prints what String returns, for every verb.
func (s Sensitive) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, s.String()) }

// GoString returns what String returns.
func (s Sensitive) GoString() string { return s.String() }

// LogValue returns what String returns.
func (s Sensitive) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText returns what String returns; JSON has the same.
func (s Sensitive) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Confidential is a map of texts, such as environment variables or headers, that prints, logs and
// becomes JSON with only its names. A map[string]string can be assigned to it.
type Confidential map[string]string

// String returns the names.
func (c Confidential) String() string {
	names := slices.Sorted(maps.Keys(c))
	for i, name := range names {
		names[i] = name + ":" + redacted
	}
	return "map[" + strings.Join(names, " ") + "]"
}

// Format prints what String returns, for every verb.
func (c Confidential) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, c.String()) }

// GoString returns what String returns.
func (c Confidential) GoString() string { return c.String() }

// LogValue returns what String returns.
func (c Confidential) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON writes the names, each with [redacted].
func (c Confidential) MarshalJSON() ([]byte, error) {
	if c == nil {
		return []byte("null"), nil
	}
	shown := make(map[string]string, len(c))
	for name := range c {
		shown[name] = redacted
	}
	return json.Marshal(shown)
}

// ConfidentialList is a list of NAME=value texts, such as a command's environment, that prints, logs
// and becomes JSON with only the names. A []string can be assigned to it.
type ConfidentialList []string

func (c ConfidentialList) names() []string {
	names := make([]string, len(c))
	for i, text := range c {
		name, _, found := strings.Cut(text, "=")
		if names[i] = redacted; found {
			names[i] = name + "=" + redacted
		}
	}
	return names
}

// String returns the names.
func (c ConfidentialList) String() string { return fmt.Sprint(c.names()) }

// Format prints what String returns, for every verb.
func (c ConfidentialList) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, c.String()) }

// GoString returns what String returns.
func (c ConfidentialList) GoString() string { return c.String() }

// LogValue returns what String returns.
func (c ConfidentialList) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON writes the names, each with [redacted].
func (c ConfidentialList) MarshalJSON() ([]byte, error) { return json.Marshal(c.names()) }
