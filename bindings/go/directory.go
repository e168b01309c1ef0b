package runloop

// #include "shim.h"
import "C"

import "context"

// TreeOptions is how a directory is packed or unpacked. What is not set is the default.
type TreeOptions struct {
	// Ignore is what is left out when a directory is packed: patterns by the rules of .dockerignore.
	// The last one that speaks of a path decides; ! begins an exception. A call that unpacks a directory takes none.
	Ignore []string
	// IgnoreFile is a file of such patterns, which come before those of Ignore, for packing too.
	IgnoreFile string
	// OnSkipped is told what is left out and why: sockets and devices, links that lead outside. With it,
	// a file that cannot be read is left out too; without it, that ends the call with [ErrLocalIO]. It
	// is called during the call alone, on its goroutine.
	OnSkipped func(path, reason string)
	// MaxEntries is how many files, directories and links may be unpacked; -1: any number. Default:
	// 1,000,000.
	MaxEntries int64
	// MaxBytes is how many bytes, of all files, may be unpacked; -1: any number. Default: 64 GiB.
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

// UploadDir brings a directory of this machine, with all that is below it, into the devbox, into
// remotePath, which is made if need be; what is there already stays, or is replaced. Permissions,
// times, symbolic and hard links are kept; the files belong to the devbox's user. It is packed while it
// is sent, in constant memory. tree may be nil.
func (d *Devbox) UploadDir(ctx context.Context, localPath, remotePath string, tree *TreeOptions, options ...CallOption) error {
	k := begin(d, options)
	l, r, t := k.text("The local path", localPath), k.text("The remote path", remotePath), tree.lower(k)
	return simple(ctx, k, func(o cOptions, e cError) cStatus {
		return C.runloop_devbox_upload_dir(d.c(), l, r, t, o, e)
	})
}

// DownloadDir brings a directory of the devbox, with all that is below it, to this machine, into
// localPath. One that does not exist appears when it is whole; in an existing one files are added and
// replaced. Nothing lands outside localPath: links that would lead outside, and devices, are left out
// and told of. tree may be nil.
func (d *Devbox) DownloadDir(ctx context.Context, remotePath, localPath string, tree *TreeOptions, options ...CallOption) error {
	k := begin(d, options)
	r, l, t := k.text("The remote path", remotePath), k.text("The local path", localPath), tree.lower(k)
	return simple(ctx, k, func(o cOptions, e cError) cStatus {
		return C.runloop_devbox_download_dir(d.c(), r, l, t, o, e)
	})
}
