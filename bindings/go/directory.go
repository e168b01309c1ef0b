package runloop

// #include "shim.h"
import "C"

import "context"

// TreeOptions are the options of packing or unpacking a directory. Members that are not set have their
// defaults.
type TreeOptions struct {
	// Ignore is what is skipped when a directory is packed: patterns by the rules of .dockerignore. The
	// last one that matches a path decides; ! makes an exception. Not for calls that unpack a
	// directory.
	Ignore []string
	// IgnoreFile is a file of such patterns, which come before those of Ignore.
	IgnoreFile string
	// OnSkipped is called for what is skipped, with the reason: sockets and devices, links that lead
	// outside. With it, a file that cannot be read is skipped too; without it, such a file ends the
	// call with [ErrLocalIO]. It is called only during the call, on its goroutine.
	OnSkipped func(path, reason string)
	// MaxEntries is the most files, directories and links to unpack; -1 for no limit. Default:
	// 1,000,000.
	MaxEntries int64
	// MaxBytes is the most bytes to unpack, of all files together; -1 for no limit. Default: 64 GiB.
	MaxBytes int64
}

// lower gives C the options of a directory; NULL for none.
func (t *TreeOptions) lower(k *call) *C.runloop_tree_options {
	if t == nil {
		return nil
	}
	to := &k.c.tree
	to.ignore = k.texts("A pattern", t.Ignore)
	to.ignore_file = k.textOrNull("The ignore file's path", t.IgnoreFile)
	to.max_entries = C.int64_t(t.MaxEntries)
	to.max_bytes = C.int64_t(t.MaxBytes)
	if t.OnSkipped != nil {
		k.skipped = t.OnSkipped
		C.runloop_go_set_skipped(k.c, k.callbacksNumber())
	}
	return to
}

// UploadDir uploads a local directory, with everything below it, into remotePath in the devbox, which
// is created if necessary. Files that are there already stay or are replaced. Permissions, times,
// symbolic and hard links are kept; the files belong to the devbox's user. The directory is packed
// while it is sent, in constant memory. tree may be nil.
func (d *Devbox) UploadDir(ctx context.Context, localPath, remotePath string, tree *TreeOptions, options ...CallOption) error {
	k := begin(d, options)
	l, r, t := k.text("The local path", localPath), k.text("The remote path", remotePath), tree.lower(k)
	return simple(ctx, k, func(o cOptions, e cError) cStatus {
		return C.runloop_devbox_upload_dir(d.c(), l, r, t, o, e)
	})
}

// DownloadDir downloads a directory of the devbox, with everything below it, into localPath. A
// directory that does not exist appears when the download is complete; in an existing one files are
// added and replaced. Nothing is written outside localPath: links that would lead outside, and devices,
// are skipped and reported. tree may be nil.
func (d *Devbox) DownloadDir(ctx context.Context, remotePath, localPath string, tree *TreeOptions, options ...CallOption) error {
	k := begin(d, options)
	r, l, t := k.text("The remote path", remotePath), k.text("The local path", localPath), tree.lower(k)
	return simple(ctx, k, func(o cOptions, e cError) cStatus {
		return C.runloop_devbox_download_dir(d.c(), r, l, t, o, e)
	})
}
