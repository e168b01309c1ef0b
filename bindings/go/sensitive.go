package runloop

import "log/slog"

const redacted = "[redacted]"

// Sensitive is a text that must not be seen by accident, such as a token or a signed URL: it prints
// as [redacted]. [Sensitive.Reveal] gives the text; in JSON it is itself, since that is what is sent.
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

// GoString gives what String gives.
func (s Sensitive) GoString() string { return s.String() }

// LogValue gives what String gives.
func (s Sensitive) LogValue() slog.Value { return slog.StringValue(s.String()) }
