package runloop

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	mathrand "math/rand/v2"
	"strings"
	"time"
)

// UploadFS brings a file system, such as an [embed.FS], into the devbox, into remotePath, which is made
// if need be; what is there already stays, or is replaced, and directories keep their attributes. The
// owner may read and write all of it, whatever the file system says, since many say nothing. It is packed
// while it is sent, in constant memory. What is neither a file nor a directory is left out. For a directory
// of this machine use [Devbox.UploadDir], which keeps links and uses the cores.
//
// Where the sending or the unpacking fails in a way that may pass, it is repeated, as often as a request is; each sending
// reads the file system again.
//
// A Read that blocks when the context ends is left to itself. A panic in the file system goes on behind
// the call.
func (d *Devbox) UploadFS(ctx context.Context, fsys fs.FS, remotePath string, options ...CallOption) error {
	if remotePath == "" {
		return invalid("The path of the directory in the devbox is empty.")
	}
	if isNil(fsys) {
		return invalid("The file system is nil.")
	}
	if ctx == nil {
		return noContext()
	}
	s := sessionOf(d)
	defer s.add()()
	bound, unbind := s.bound(ctx)
	defer unbind()
	archive := "/tmp/.librunloop-" + rand.Text() + ".tar.gz"
	gone := false
	defer func() {
		if !gone {
			// A piece of an archive left behind is not worth another error.
			forAMoment(s.behind(ctx, func(ctx context.Context) {
				_ = d.Command(ctx, ownCommand("rm -f -- "+archive+" "+archive+".there "+archive+".busy")).Run()
			}))
		}
	}()
	sent := false
	err := s.repeated(bound, options, func(int) error {
		err := withArchive(fsys, func(packed io.Reader) error { return d.UploadFile(bound, archive, packed, options...) })
		var failure *Error
		sent = sent || !errors.As(err, &failure) || failure.Attempts > 0
		return err
	})
	if err != nil {
		gone = !sent
		return err
	}
	var said []byte
	err = s.repeated(bound, options, func(before int) (err error) {
		said, err = d.Command(bound, unpacking(archive, remotePath, before > 0), between(options)...).CombinedOutput()
		return err
	})
	var exit *ExitError
	switch {
	case err == nil:
		gone = true
	case errors.As(err, &exit):
		// Without the directory nothing is unpacked; else a part may have been.
		effect := SideEffectUnknown
		if exit.ExitCode == noDirectory {
			effect = SideEffectNone
		}
		return &Error{
			Status:     ErrRemoteIO,
			Message:    fmt.Sprintf("%s could not be written in the devbox %s: %s (exit code %d).", remotePath, d.id, firstOf(said), exit.ExitCode),
			RetryAfter: -1,
			ResourceID: d.id,
			SideEffect: effect,
			Body:       said,
		}
	}
	return err
}

// noDirectory is the exit code where there is no directory to unpack into, and none can be made.
const noDirectory = 70

// unpack is a script that unpacks the archive $1 into the directory $2 and removes it. Owners are the devbox's business,
// permissions the file system's, but for directories that were there before; GNU's tar knows of those. One run at a time:
// one that is not the first, $3 being set, waits for an earlier one, which leaves no archive behind where it succeeds.
const unpack = `archive=$1 busy=$1.busy
case $2 in (/*) ;; (*) cd;; esac
until ln -s "$$" "$busy" 2>/dev/null; do
  [ -L "$busy" ] || break
  kill -0 "$(readlink "$busy")" 2>/dev/null || rm -f "$busy"
  sleep 0.2 2>/dev/null || sleep 1
done
trap 'rm -f "$busy" "$archive.there"' EXIT
if [ -n "$3" ] && [ ! -e "$archive" ]; then exit 0; fi
umask 022
mkdir -p -- "$2" && cd -- "$2" || exit 70
if tar --no-overwrite-dir -cf /dev/null -T /dev/null 2>/dev/null; then
  tar -xzpo --no-overwrite-dir -f "$archive"; code=$?
else
  tar -tzf "$archive" 2>/dev/null | while IFS= read -r name; do
    case $name in (*/) if [ -d "$name" ] && [ ! -L "${name%/}" ]; then printf '%s %s\n' "$(stat -c %a "$name")" "$name"; fi;; esac
  done >"$archive.there"
  tar -xzpo -f "$archive"; code=$?
  while IFS= read -r line; do chmod "${line%% *}" "./${line#* }"; done <"$archive.there"
fi
[ "$code" = 0 ] && rm -f -- "$archive"
exit "$code"
`

// unpacking is a command that unpacks an archive and removes it. Again: an earlier one may have done it.
func unpacking(archive, remotePath string, again bool) string {
	more := ""
	if again {
		more = "again"
	}
	return ownCommand(unpack, archive, remotePath, more)
}

// repeated calls a function until it succeeds, fails for good, or has failed as often as a request may be repeated.
func (s *session) repeated(ctx context.Context, options []CallOption, f func(before int) error) error {
	retries := s.retries(options)
	for before := 0; ; before++ {
		err := f(before)
		failure, ok := err.(*Error)
		if !ok || before >= retries || ctx.Err() != nil || !failure.passes() {
			return err
		}
		pause := min(500*time.Millisecond<<before, 8*time.Second)
		pause = max(failure.RetryAfter, pause/2+time.Duration(mathrand.Int64N(int64(pause/2))))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return err
		}
	}
}

// passes says whether a failure is one of the way to the service, or of the service's for now.
func (e *Error) passes() bool {
	switch e.Status {
	case ErrConnect, ErrTimeout, ErrBroken, ErrRateLimited, ErrServer:
		return len(e.wrapped) == 0 && e.RetryAfter <= time.Minute
	}
	return false
}

// ownCommand has a script of ours run in surroundings of its own: what the user's profile sets up, its
// functions and options, variables that tar and gzip heed, and the language must not change it.
func ownCommand(script string, arguments ...string) string {
	line := `exec /usr/bin/env -i LC_ALL=C HOME="$HOME" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:"$PATH" /bin/sh -c ` + quote(script) + " librunloop"
	for _, argument := range arguments {
		line += " " + quote(argument)
	}
	return line
}

// between are the options of the commands around a transfer: how long that may stand still says nothing
// of them.
func between(options []CallOption) []CallOption {
	return append(followUp(options), func(o *callOptions) { o.timeout = 0 })
}

// firstOf is the first line that a program of ours has said, which names the cause.
func firstOf(said []byte) string {
	for line := range strings.Lines(string(said)) {
		for _, program := range []string{"tar: ", "mkdir: ", "gzip: ", "/bin/sh: "} {
			if strings.HasPrefix(line, program) {
				return strings.TrimSpace(line)
			}
		}
	}
	if text := bytes.TrimSpace(said); len(text) > 0 {
		return string(text)
	}
	return "nothing was said why"
}

// withArchive lets a function read a file system as a tar.gz that is packed meanwhile, on a goroutine of
// its own. It waits for the packing to end, but for a moment where the reading has failed: the file system
// may block.
func withArchive(fsys fs.FS, read func(packed io.Reader) error) error {
	from, to := io.Pipe()
	var failure error
	ended := elsewhere(func() {
		// Whatever becomes of the packing, nobody takes the piece for the whole.
		defer to.CloseWithError(errPackingLeft)
		failure = pack(fsys, to)
		to.CloseWithError(failure)
	})
	defer from.Close()
	err := read(fresh{from})
	from.Close()
	var left <-chan time.Time
	if !errors.Is(err, errPackingLeft) {
		timer := time.NewTimer(moment)
		defer timer.Stop()
		left = timer.C
	}
	select {
	case escaped := <-ended:
		escaped.proceed()
	case <-left:
		return err
	}
	if failure != nil && !errors.Is(failure, io.ErrClosedPipe) && !errors.Is(err, failure) {
		err = errors.Join(err, failure)
	}
	return err
}

var errPackingLeft = errors.New("the packing of the file system did not come to its end")

// quote makes one word of the shell's of a text.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
