package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"unsafe"
)

// uploaded is an upload that makes an object.
func uploaded(ctx context.Context, k *call, params *ObjectCreateParams, upload func(p *C.runloop_params, o cOptions, x **C.runloop_object, e cError) cStatus) (*Object, error) {
	defer k.end()
	k.makes = true
	p := k.uploadParams(params)
	var made *C.runloop_object
	k.undo = func() { C.runloop_object_free(made) }
	err := k.do(ctx, func(o cOptions, e cError) cStatus { return upload(p, o, &made, e) })
	return newObject(k.session, made), err
}

// uploadParams leaves out what the library finds out by itself, where nothing is said.
func (a *arena) uploadParams(params *ObjectCreateParams) *C.runloop_params {
	if params == nil {
		return nil
	}
	text, err := RevealJSON(params)
	var members map[string]json.RawMessage
	if err == nil {
		err = json.Unmarshal(text, &members)
	}
	if err != nil {
		// It says the same again.
		return a.json("The parameters", params)
	}
	for _, name := range []string{"name", "content_type"} {
		if string(members[name]) == `""` {
			delete(members, name)
		}
	}
	return a.json("The parameters", members)
}

// UploadObjectFromFile uploads a local file of any size as an object, in constant memory. params may be
// nil. Default name: the file's; default content type: by the name's extension. Both hold for all
// UploadObject functions.
//
// Nothing is left behind: if the call fails after the object was created, or is cancelled, the object
// is deleted in the background, unless [KeepOnFailure] is given. The error names it.
func (c *Client) UploadObjectFromFile(ctx context.Context, path string, params *ObjectCreateParams, options ...CallOption) (*Object, error) {
	k := begin(c, options)
	l := k.text("The path", path)
	return uploaded(ctx, k, params, func(p *C.runloop_params, o cOptions, x **C.runloop_object, e cError) cStatus {
		return C.runloop_object_upload_from_file(c.c(), l, p, o, x, e)
	})
}

// UploadObjectFromDir uploads a local directory as an object: a tar.gz of everything below it, with
// relative names, sorted. tree may be nil. Otherwise it is like [Client.UploadObjectFromFile].
func (c *Client) UploadObjectFromDir(ctx context.Context, path string, tree *TreeOptions, params *ObjectCreateParams, options ...CallOption) (*Object, error) {
	k := begin(c, options)
	l, t := k.text("The path", path), tree.lower(k)
	return uploaded(ctx, k, params, func(p *C.runloop_params, o cOptions, x **C.runloop_object, e cError) cStatus {
		return C.runloop_object_upload_from_dir(c.c(), l, t, p, o, x, e)
	})
}

// UploadObjectFromText uploads a text as an object. Default content type: text. Otherwise it is like
// [Client.UploadObjectFromFile].
func (c *Client) UploadObjectFromText(ctx context.Context, name, text string, params *ObjectCreateParams, options ...CallOption) (*Object, error) {
	k := begin(c, options)
	n, s := k.text("The name", name), k.text("The text", text)
	return uploaded(ctx, k, params, func(p *C.runloop_params, o cOptions, x **C.runloop_object, e cError) cStatus {
		return C.runloop_object_upload_from_text(c.c(), n, s, p, o, x, e)
	})
}

// UploadObjectFromBytes uploads bytes as an object. Otherwise it is like [Client.UploadObjectFromFile].
func (c *Client) UploadObjectFromBytes(ctx context.Context, name string, data []byte, params *ObjectCreateParams, options ...CallOption) (*Object, error) {
	k := begin(c, options)
	n := k.text("The name", name)
	return uploaded(ctx, k, params, func(p *C.runloop_params, o cOptions, x **C.runloop_object, e cError) cStatus {
		return C.runloop_object_upload_from_bytes(c.c(), n, (*C.char)(unsafe.Pointer(unsafe.SliceData(data))), C.size_t(len(data)), p, o, x, e)
	})
}

// UploadObjectFromSource uploads what a reader returns as an object. If its length is not known (it is
// for files, and for readers of bytes and strings), the content is buffered first, in memory while it
// is small, otherwise in an unnamed file in TMPDIR. Otherwise it is like [Client.UploadObjectFromFile].
func (c *Client) UploadObjectFromSource(ctx context.Context, name string, from io.Reader, params *ObjectCreateParams, options ...CallOption) (*Object, error) {
	k := begin(c, options)
	n, s := k.text("The name", name), k.source(from)
	return uploaded(ctx, k, params, func(p *C.runloop_params, o cOptions, x **C.runloop_object, e cError) cStatus {
		return C.runloop_object_upload_from_source(c.c(), n, s, p, o, x, e)
	})
}

// UploadObjectFromFS uploads a file system as an object: a tar.gz with relative names, sorted. What is
// neither a file nor a directory is skipped. Otherwise it is like [Client.UploadObjectFromSource].
func (c *Client) UploadObjectFromFS(ctx context.Context, name string, fsys fs.FS, params *ObjectCreateParams, options ...CallOption) (object *Object, err error) {
	if isNil(fsys) {
		return nil, invalid("The file system is nil.")
	}
	err = withArchive(fsys, false, func(packed io.Reader) error {
		object, err = c.UploadObjectFromSource(ctx, name, packed, params, options...)
		return err
	})
	return object, err
}

// UploadDockerContext uploads a directory as a blueprint's build context, without what its
// .dockerignore excludes, by Docker's rules. Pass it to the blueprint with [Object.AsBuildContext].
// Otherwise it is like [Client.UploadObjectFromDir].
func (c *Client) UploadDockerContext(ctx context.Context, path string, tree *TreeOptions, params *ObjectCreateParams, options ...CallOption) (*Object, error) {
	k := begin(c, options)
	l, t := k.text("The path", path), tree.lower(k)
	return uploaded(ctx, k, params, func(p *C.runloop_params, o cOptions, x **C.runloop_object, e cError) cStatus {
		return C.runloop_docker_context_upload(c.c(), l, t, p, o, x, e)
	})
}

// UploadContent sends the content of an object that this handle created. Complete the object afterwards.
func (x *Object) UploadContent(ctx context.Context, from io.Reader, options ...CallOption) error {
	k := begin(x, options)
	s := k.source(from)
	return simple(ctx, k, func(o cOptions, e cError) cStatus { return C.runloop_object_upload_content(x.c(), s, o, e) })
}
