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

// Sensitive is a text that must not be seen by accident, such as a token or a signed URL: printed,
// logged, in a template and in JSON it is [redacted]. [Sensitive.Reveal] gives the text, and
// [RevealJSON] writes JSON with it. Package fmt asks no method of what lies in a field that is not
// exported: a struct of yours with such a field is better printed by a method of its own.
type Sensitive string

// Reveal gives the text itself.
func (s Sensitive) Reveal() string { return string(s) }

// String gives [redacted], or nothing for nothing.
func (s Sensitive) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// Format prints what String gives, whatever the verb.
func (s Sensitive) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, s.String()) }

// GoString gives what String gives.
func (s Sensitive) GoString() string { return s.String() }

// LogValue gives what String gives.
func (s Sensitive) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText gives what String gives, which is what JSON holds.
func (s Sensitive) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Confidential are texts by name, such as environment variables or headers, that print, log and become
// JSON with their names alone. A map[string]string can be assigned to it.
type Confidential map[string]string

// String gives the names.
func (c Confidential) String() string {
	names := slices.Sorted(maps.Keys(c))
	for i, name := range names {
		names[i] = name + ":" + redacted
	}
	return "map[" + strings.Join(names, " ") + "]"
}

// Format prints what String gives, whatever the verb.
func (c Confidential) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, c.String()) }

// GoString gives what String gives.
func (c Confidential) GoString() string { return c.String() }

// LogValue gives what String gives.
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

// ConfidentialList are texts NAME=value, such as a command's environment, that print, log and become
// JSON with their names alone. A []string can be assigned to it.
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

// String gives the names.
func (c ConfidentialList) String() string { return fmt.Sprint(c.names()) }

// Format prints what String gives, whatever the verb.
func (c ConfidentialList) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, c.String()) }

// GoString gives what String gives.
func (c ConfidentialList) GoString() string { return c.String() }

// LogValue gives what String gives.
func (c ConfidentialList) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON writes the names, each with [redacted].
func (c ConfidentialList) MarshalJSON() ([]byte, error) { return json.Marshal(c.names()) }
