package runloop

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"
)

// UploadFS brings a file system, such as an [embed.FS], into the devbox, into remotePath, which is made
// if need be; what is there already stays, or is replaced, and directories keep their attributes. It is
// packed while it is sent, in constant memory. What is neither a file nor a directory is left out. For a
// directory of this machine use [Devbox.UploadDir], which keeps links and uses the cores.
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
				_ = d.Command(ctx, ownCommand("rm -f -- "+archive)).Run()
			}))
		}
	}()
	err := withArchive(fsys, func(packed io.Reader) error { return d.UploadFile(bound, archive, packed, options...) })
	if err != nil {
		var failure *Error
		gone = errors.As(err, &failure) && failure.Attempts == 0
		return err
	}
	said, err := d.Command(bound, unpacking(archive, remotePath), between(options)...).CombinedOutput()
	var exit *ExitError
	switch {
	case err == nil:
		gone = true
	case errors.As(err, &exit):
		return &Error{
			Status:     ErrRemoteIO,
			Message:    fmt.Sprintf("%s could not be written in the devbox %s: %s (exit code %d).", remotePath, d.id, firstOf(said), exit.ExitCode),
			RetryAfter: -1,
			ResourceID: d.id,
			SideEffect: SideEffectHappened,
			Body:       said,
		}
	}
	return err
}

// unpacking is a command that unpacks an archive and removes it. Owners are the devbox's business,
// permissions the file system's, but for directories that were there before.
func unpacking(archive, remotePath string) string {
	home := ""
	if !strings.HasPrefix(remotePath, "/") {
		home = "cd && "
	}
	return ownCommand(home + "mkdir -p -- " + quote(remotePath) +
		" && tar -xzpo --no-overwrite-dir -f " + archive + " -C " + quote(remotePath) +
		"; s=$?; rm -f -- " + archive + "; exit $s")
}

// ownCommand has a script of ours run in surroundings of its own: what the user's profile sets up, its
// functions and options, variables that tar and gzip heed, and the language must not change it.
func ownCommand(script string) string {
	return `exec /usr/bin/env -i LC_ALL=C HOME="$HOME" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:"$PATH" /bin/sh -c ` + quote(script)
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
	err := read(from)
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
