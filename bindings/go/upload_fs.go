package runloop

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// UploadFS brings a file system, such as an [embed.FS], into the devbox, into remotePath, which is made
// if need be; what is there already stays, or is replaced. It is packed while it is sent, in constant
// memory. What is neither a file nor a directory is left out. For a directory of this machine use
// [Devbox.UploadDir], which keeps links and uses the cores.
func (d *Devbox) UploadFS(ctx context.Context, fsys fs.FS, remotePath string, options ...CallOption) error {
	if remotePath == "" {
		return invalid("The path of the directory in the devbox is empty.")
	}
	archive := "/tmp/.librunloop-" + rand.Text() + ".tar.gz"
	err := withArchive(fsys, func(packed io.Reader) error { return d.UploadFile(ctx, archive, packed, options...) })
	// Owners are the devbox's business, permissions the file system's.
	unpacking := "mkdir -p -- " + quote(remotePath) + " && tar -xzpo -f " + archive + " -C " + quote(remotePath) +
		"; s=$?; rm -f -- " + archive + "; exit $s"
	if err != nil {
		unpacking = "rm -f -- " + archive
		removal, cancel := context.WithTimeout(context.WithoutCancel(ctx), killTime)
		defer cancel()
		// What failed is the upload; a piece of an archive left behind is not worth another error.
		_ = d.Command(removal, unpacking).Run()
		return err
	}
	said, err := d.Command(ctx, unpacking).CombinedOutput()
	var exit *ExitError
	if errors.As(err, &exit) {
		text := strings.TrimSpace(string(said))
		return &Error{
			Status:     ErrRemoteIO,
			Message:    fmt.Sprintf("%s could not be written in the devbox %s: %s (exit code %d).", remotePath, d.id, text, exit.ExitCode),
			RetryAfter: -1,
			ResourceID: d.id,
			SideEffect: SideEffectHappened,
			Body:       said,
		}
	}
	return err
}

// withArchive lets a function read a file system as a tar.gz that is packed meanwhile; it waits for the
// packing to end.
func withArchive(fsys fs.FS, read func(packed io.Reader) error) error {
	from, to := io.Pipe()
	packed := make(chan error, 1)
	go func() {
		err := pack(fsys, to)
		to.CloseWithError(err)
		packed <- err
	}()
	err := read(from)
	from.Close()
	if failure := <-packed; failure != nil && !errors.Is(failure, io.ErrClosedPipe) && !errors.Is(err, failure) {
		err = errors.Join(err, failure)
	}
	return err
}

// pack writes a file system as a tar.gz, names relative, in their order.
func pack(fsys fs.FS, to io.Writer) error {
	zipped, err := gzip.NewWriterLevel(to, gzip.BestSpeed)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(zipped)
	err = fs.WalkDir(fsys, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == "." {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() && !info.IsDir() {
			return nil
		}
		header, err := tar.FileInfoHeader(info, "")
		if err != nil {
			return err
		}
		header.Name = path
		if info.IsDir() {
			header.Name += "/"
		}
		// Some file systems, such as those that are embedded, let nobody write, not even the owner.
		header.Mode |= 0o200
		header.Uid, header.Gid, header.Uname, header.Gname = 0, 0, "", ""
		if err := archive.WriteHeader(header); err != nil || info.IsDir() {
			return err
		}
		file, err := fsys.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		_, err = io.Copy(archive, file)
		return err
	})
	return errors.Join(err, closed(err, archive), closed(err, zipped))
}

// closed closes what is whole.
func closed(failed error, what io.Closer) error {
	if failed != nil {
		return nil
	}
	return what.Close()
}

// quote makes one word of the shell's of a text.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
