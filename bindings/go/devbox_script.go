package runloop

import (
	"bytes"
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The library's own scripts for a devbox; beside them stands what each part is for.
var (
	//go:embed preamble.sh
	preambleScript string
	//go:embed unpack.sh
	unpackScript string
	//go:embed remove.sh
	removeScript string
)

// noDirectory is the exit code where there is no directory to unpack into, and none can be made.
const noDirectory = 70

// linesSaid is how many lines of what was said a script reports.
const linesSaid = 90

// script is one of ours, in surroundings of its own: what the user's profile sets up, its functions and options, variables that
// tar and gzip heed, and the language do not change it. Its outcome is what it reports itself: an exit code alone may be that of
// the login shell, whose profile has ended it or put another in its place.
type script struct {
	line string
	// A line of its report begins with it.
	mark string
}

// report is what a script reports of its end.
type report struct {
	code int
	said string
}

func newScript(text, archive string, arguments ...string) script {
	s := script{mark: "librunloop-" + rand.Text()}
	text = fmt.Sprintf("lines=%d; ", linesSaid) + preambleScript + text
	clean := `exec /usr/bin/env -i HOME="$HOME" LC_ALL=C PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:$PATH" /bin/sh -c "$@"`
	line := "/bin/sh -c " + quote(clean) + " sh " + quote(text) + " librunloop " + s.mark + " " + archive
	for _, argument := range arguments {
		line += " " + quote(argument)
	}
	// It is not the shell's last command: that stays beside it, with the home directory that it began with.
	s.line = line + "\n:"
	return s
}

// unpacking unpacks an archive into a directory, which is made if need be, and removes it. Again: an earlier one may have done it.
func unpacking(archive, remotePath string, again bool) script {
	more := ""
	if again {
		more = "again"
	}
	// A name that begins with a dash is no option.
	if !strings.HasPrefix(remotePath, "/") {
		remotePath = "./" + remotePath
	}
	return newScript(unpackScript, archive, remotePath, more)
}

// removing removes an archive, and what lies beside it.
func removing(archive string) script { return newScript(removeScript, archive) }

// run runs the script, and takes nothing but its own report for its outcome.
func (s script) run(ctx context.Context, d *Devbox, options []CallOption) (report, error) {
	var stdout, stderr bytes.Buffer
	command := d.Command(ctx, s.line, options...)
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	var exit *ExitError
	if err != nil && !errors.As(err, &exit) {
		return report{}, err
	}
	for _, output := range []string{stderr.String(), stdout.String()} {
		if r, ok := s.report(output); ok {
			return r, nil
		}
	}
	code := 0
	if exit != nil {
		code = exit.ExitCode
	}
	last := "nothing"
	for line := range strings.Lines(stderr.String()) {
		if line = strings.TrimSpace(line); line != "" {
			last = line
		}
	}
	return report{}, &Error{
		Status: ErrRemoteIO,
		Message: fmt.Sprintf("A command that the transfer needs has not reported its outcome from the devbox %s: the login shell that was to run it ended "+
			"with the exit code %d and said: %s. A profile of the devbox's user (~/.bash_profile, ~/.profile, ~/.bashrc) that holds exec or exit, "+
			"or leads the outputs elsewhere, keeps commands from running, or from being heard; let it do so for interactive shells alone.", d.id, code, last),
		RetryAfter: -1,
		ResourceID: d.id,
		SideEffect: SideEffectUnknown,
		Body:       stderr.Bytes(),
	}
}

// report finds the report in an output, which holds more where a profile prints.
func (s script) report(output string) (report, bool) {
	_, behind, found := strings.Cut("\n"+output, "\n"+s.mark+"\n")
	if !found {
		return report{}, false
	}
	var said []string
	for line := range strings.Lines(behind) {
		line = strings.TrimSuffix(line, "\n")
		if code, ends := strings.CutPrefix(line, s.mark+" "); ends {
			number, err := strconv.Atoi(code)
			return report{number, strings.Join(said, "\n")}, err == nil
		}
		said = append(said, line)
	}
	return report{}, false
}

// cause is the first line that names one.
func (r report) cause() string {
	first := "it said nothing"
	for line := range strings.Lines(r.said) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if !namesNoCause(line) {
			return line
		}
		if first == "it said nothing" {
			first = line
		}
	}
	return first
}

// namesNoCause says whether tar's line is no failure, or follows from one.
func namesNoCause(line string) bool {
	for _, words := range []string{
		"Exiting with failure status", "error exit delayed", "Error is not recoverable", "Child returned status", "in the future",
		"implausibly old time stamp", "Ignoring unknown extended header keyword", "Removing leading",
	} {
		if strings.Contains(line, words) {
			return true
		}
	}
	return false
}

// quote makes one word of the shell's of a text.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
