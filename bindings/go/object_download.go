package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"io"
)

// GetDownloadURL returns a signed URL of the object's content. params may be nil.
func (x *Object) GetDownloadURL(ctx context.Context, params *ObjectDownloadParams, options ...CallOption) (*ObjectDownloadURLView, error) {
	k := begin(x, options)
	p := k.json("The parameters", params)
	return answer[ObjectDownloadURLView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_object_get_download_url(x.c(), p, o, v, e)
	})
}

// DownloadAsBytes returns the object's content. For content that is too large for memory use
// [Object.Download]. params may be nil. If the connection breaks, the transfer continues where it
// stopped.
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

// DownloadAsText returns the object's content as text; bytes that are not valid UTF-8 are replaced by
// U+FFFD. Otherwise it is like [Object.DownloadAsBytes].
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

// Download writes the object's content, of any size, to a writer, in constant memory. Otherwise it is
// like [Object.DownloadAsBytes]; if the storage cannot resume a transfer, the error is [ErrBroken],
// since the writer has taken what came before.
func (x *Object) Download(ctx context.Context, to io.Writer, params *ObjectDownloadParams, options ...CallOption) error {
	k := begin(x, options)
	p, s := k.json("The parameters", params), k.sink(to)
	return simple(ctx, k, func(o cOptions, e cError) cStatus {
		return C.runloop_object_download_to_sink(x.c(), s, p, o, e)
	})
}

// DownloadToFile downloads the object's content to a local file, which appears under its name when it
// is complete, and replaces an existing file. Otherwise it is like [Object.DownloadAsBytes].
func (x *Object) DownloadToFile(ctx context.Context, path string, params *ObjectDownloadParams, options ...CallOption) error {
	k := begin(x, options)
	l, p := k.text("The path", path), k.json("The parameters", params)
	return simple(ctx, k, func(o cOptions, e cError) cStatus {
		return C.runloop_object_download_to_file(x.c(), l, p, o, e)
	})
}

// DownloadToDir downloads the object's content, a tar or tar.gz archive, and unpacks it into a local
// directory as it arrives. Nothing is written outside of it. tree may be nil. Otherwise it is like
// [Object.DownloadAsBytes].
func (x *Object) DownloadToDir(ctx context.Context, path string, tree *TreeOptions, params *ObjectDownloadParams, options ...CallOption) error {
	k := begin(x, options)
	l, t, p := k.text("The path", path), tree.lower(k), k.json("The parameters", params)
	return simple(ctx, k, func(o cOptions, e cError) cStatus {
		return C.runloop_object_download_to_dir(x.c(), l, t, p, o, e)
	})
}
