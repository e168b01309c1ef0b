package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"io"
)

// GetDownloadURL gives a signed URL of the object's content. params may be nil.
func (x *Object) GetDownloadURL(ctx context.Context, params *ObjectDownloadParams, options ...CallOption) (*ObjectDownloadURLView, error) {
	k := begin(x, options)
	p := k.json("The parameters", params)
	return answer[ObjectDownloadURLView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_object_get_download_url(x.c(), p, o, v, e)
	})
}

// DownloadAsBytes gives the object's content. For what is too large for memory use [Object.Download].
// params may be nil. Where the connection breaks, the transfer goes on where it stopped.
func (x *Object) DownloadAsBytes(ctx context.Context, params *ObjectDownloadParams, options ...CallOption) ([]byte, error) {
	k := begin(x, options)
	defer k.end()
	p := k.json("The parameters", params)
	var contents *C.runloop_bytes
	err := k.do(ctx, func(o cOptions, e cError) cStatus {
		return C.runloop_object_download_as_bytes(x.c(), p, o, &contents, e)
	})
	return taken(contents), err
}

// DownloadAsText gives the object's content as text; what is no UTF-8 in it is replaced by U+FFFD. In all
// else as [Object.DownloadAsBytes].
func (x *Object) DownloadAsText(ctx context.Context, params *ObjectDownloadParams, options ...CallOption) (string, error) {
	k := begin(x, options)
	defer k.end()
	p := k.json("The parameters", params)
	var contents *C.runloop_bytes
	err := k.do(ctx, func(o cOptions, e cError) cStatus {
		return C.runloop_object_download_as_text(x.c(), p, o, &contents, e)
	})
	return string(taken(contents)), err
}

// Download writes the object's content, of any size, to a writer, a few pieces of it in memory at a time.
// In all else as [Object.DownloadAsBytes]; where the storage cannot go on in the middle, the error is
// [ErrBroken], since the writer has taken what came before.
func (x *Object) Download(ctx context.Context, to io.Writer, params *ObjectDownloadParams, options ...CallOption) error {
	k := begin(x, options)
	p, s := k.json("The parameters", params), k.sink(to)
	return simple(ctx, k, func(o cOptions, e cError) cStatus {
		return C.runloop_object_download_to_sink(x.c(), s, p, o, e)
	})
}

// DownloadToFile fetches the object's content to a file of this machine, which appears under its name,
// replacing what was there, when it is whole. In all else as [Object.DownloadAsBytes].
func (x *Object) DownloadToFile(ctx context.Context, path string, params *ObjectDownloadParams, options ...CallOption) error {
	k := begin(x, options)
	l, p := k.text("The path", path), k.json("The parameters", params)
	return simple(ctx, k, func(o cOptions, e cError) cStatus {
		return C.runloop_object_download_to_file(x.c(), l, p, o, e)
	})
}

// DownloadToDir fetches the object's content, a tar or tar.gz archive, and unpacks it as it comes into a
// directory of this machine. Nothing lands outside it. tree may be nil. In all else as
// [Object.DownloadAsBytes].
func (x *Object) DownloadToDir(ctx context.Context, path string, tree *TreeOptions, params *ObjectDownloadParams, options ...CallOption) error {
	k := begin(x, options)
	l, t, p := k.text("The path", path), tree.lower(k), k.json("The parameters", params)
	return simple(ctx, k, func(o cOptions, e cError) cStatus {
		return C.runloop_object_download_to_dir(x.c(), l, t, p, o, e)
	})
}
