package runloop

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	mathrand "math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// UploadFS uploads a file system, such as an [embed.FS], into remotePath in the devbox, which is
// created if necessary. Files that are there already stay or are replaced, and directories keep their
// attributes. The owner can read and write everything, whatever the file system says, since many say
// nothing. It is packed while it is sent, in constant memory. What is neither a file nor a directory is
// skipped. For a local directory use [Devbox.UploadDir], which keeps links and uses all cores.
//
// A transient failure of the upload or of the unpacking is retried, as often as a request is; each
// attempt reads the file system again.
//
// A Read that blocks when the context ends is abandoned. A panic in the file system continues in the
// caller.
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
			forAMoment(s.behind(ctx, func(ctx context.Context) { _, _ = removing(archive).run(ctx, d, nil) }))
		}
	}()
	sent := false
	err := s.repeated(bound, options, func(int) error {
		upload := func(packed io.Reader) error { return d.UploadFile(bound, archive, packed, options...) }
		err := withArchive(fsys, true, upload)
		// A gateway that takes no body of unknown length.
		if failure, ok := err.(*Error); ok && failure.HTTPStatus == http.StatusLengthRequired {
			err = withArchive(fsys, true, func(packed io.Reader) error { return gathered(bound, packed, upload) })
		}
		var failure *Error
		sent = sent || !errors.As(err, &failure) || failure.Attempts > 0
		return err
	})
	if err != nil {
		gone = !sent
		return err
	}
	var unpacked report
	err = s.repeated(bound, options, func(before int) (err error) {
		unpacked, err = unpacking(archive, remotePath, before > 0).run(bound, d, between(options))
		return err
	})
	if err != nil || unpacked.code == 0 {
		gone = err == nil
		return err
	}
	// Without the directory nothing is unpacked; else a part may have been.
	effect, why := SideEffectUnknown, fmt.Sprintf("%s (exit code %d)", unpacked.cause(), unpacked.code)
	if unpacked.code == noDirectory {
		effect, why = SideEffectNone, fmt.Sprintf("it is not a directory that can be entered (%s)", unpacked.cause())
	}
	return &Error{
		Status:     ErrRemoteIO,
		Message:    fmt.Sprintf("%s could not be written in the devbox %s: %s.", remotePath, d.id, why),
		RetryAfter: -1,
		ResourceID: d.id,
		SideEffect: effect,
		Body:       []byte(unpacked.said),
	}
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
		select {
		case <-time.After(pauseAfter(before, failure.RetryAfter)):
		case <-ctx.Done():
			return err
		}
	}
}

// pauseAfter is how long to wait after so many failures before: longer each time, 8 s at most, and never shorter than the service
// asked for.
func pauseAfter(before int, asked time.Duration) time.Duration {
	pause := 500 * time.Millisecond << min(before, 4)
	return max(asked, pause/2+time.Duration(mathrand.Int64N(int64(pause/2))))
}

// passes says whether a failure is one of the way to the service, or of the service's for now.
func (e *Error) passes() bool {
	switch e.Status {
	case ErrConnect, ErrTimeout, ErrBroken, ErrRateLimited, ErrServer:
		return len(e.wrapped) == 0 && e.RetryAfter <= time.Minute
	}
	return false
}

// between are the options of the commands around a transfer: its idle timeout does not apply to them.
func between(options []CallOption) []CallOption {
	return append(followUp(options), func(o *callOptions) { o.timeout = 0 })
}

// gathered has what a reader gives sent with its length, from a file without a name. A Read that blocks when the context ends is
// left to itself.
func gathered(ctx context.Context, from io.Reader, send func(io.Reader) error) error {
	spool, err := unnamed()
	if err != nil {
		return err
	}
	defer spool.Close()
	var failure error
	ended := elsewhere(func() { _, failure = io.Copy(spool, from) })
	select {
	case escaped := <-ended:
		escaped.proceed()
	case <-ctx.Done():
		// It says so in the way of all calls.
		return send(strings.NewReader(""))
	}
	if failure != nil {
		return failure
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return send(spool)
}

// withArchive calls a function with a reader of the file system as a tar.gz, which is packed meanwhile on a goroutine of
// its own. It waits until the packing has ended, but only for a moment if the reading has failed, since the file system may block.
func withArchive(fsys fs.FS, dotted bool, read func(packed io.Reader) error) error {
	from, to := io.Pipe()
	var failure error
	ended := elsewhere(func() {
		// Whatever becomes of the packing, nobody takes the piece for the whole.
		defer to.CloseWithError(errPackingLeft)
		failure = pack(fsys, dotted, to)
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
