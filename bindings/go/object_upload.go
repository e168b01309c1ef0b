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

// UploadObjectFromFile makes an object of a file of this machine, of any size, a few pieces of it in
// memory at a time. params may be nil, and need no name (default: the file's) and no content type
// (default: by the name's ending); this is so for all UploadObject functions.
//
// Nothing is left behind: where the call fails after the object was created, or is cancelled, the
// object is deleted behind it, unless [KeepOnFailure] is given; the error names it.
func (c *Client) UploadObjectFromFile(ctx context.Context, path string, params *ObjectCreateParams, options ...CallOption) (*Object, error) {
	k := begin(c, options)
	l := k.text("The path", path)
	return uploaded(ctx, k, params, func(p *C.runloop_params, o cOptions, x **C.runloop_object, e cError) cStatus {
		return C.runloop_object_upload_from_file(c.c(), l, p, o, x, e)
	})
}

// UploadObjectFromDir makes an object of a directory of this machine: a tar.gz of all that is below it,
// names relative, in their order. tree may be nil. In all else as [Client.UploadObjectFromFile].
func (c *Client) UploadObjectFromDir(ctx context.Context, path string, tree *TreeOptions, params *ObjectCreateParams, options ...CallOption) (*Object, error) {
	k := begin(c, options)
	l, t := k.text("The path", path), tree.lower(k)
	return uploaded(ctx, k, params, func(p *C.runloop_params, o cOptions, x **C.runloop_object, e cError) cStatus {
		return C.runloop_object_upload_from_dir(c.c(), l, t, p, o, x, e)
	})
}

// UploadObjectFromText makes an object of a text, which is stored as text if the parameters do not say
// otherwise. In all else as [Client.UploadObjectFromFile].
func (c *Client) UploadObjectFromText(ctx context.Context, name, text string, params *ObjectCreateParams, options ...CallOption) (*Object, error) {
	k := begin(c, options)
	n, s := k.text("The name", name), k.text("The text", text)
	return uploaded(ctx, k, params, func(p *C.runloop_params, o cOptions, x **C.runloop_object, e cError) cStatus {
		return C.runloop_object_upload_from_text(c.c(), n, s, p, o, x, e)
	})
}

// UploadObjectFromBytes makes an object of bytes. In all else as [Client.UploadObjectFromFile].
func (c *Client) UploadObjectFromBytes(ctx context.Context, name string, data []byte, params *ObjectCreateParams, options ...CallOption) (*Object, error) {
	k := begin(c, options)
	n := k.text("The name", name)
	return uploaded(ctx, k, params, func(p *C.runloop_params, o cOptions, x **C.runloop_object, e cError) cStatus {
		return C.runloop_object_upload_from_bytes(c.c(), n, (*C.char)(unsafe.Pointer(unsafe.SliceData(data))), C.size_t(len(data)), p, o, x, e)
	})
}

// UploadObjectFromSource makes an object of what a reader gives. Where its length is not known (it is of
// files, and of readers of bytes and strings) all is gathered first, in memory while it is little, else
// in a file without a name in TMPDIR. In all else as [Client.UploadObjectFromFile].
func (c *Client) UploadObjectFromSource(ctx context.Context, name string, from io.Reader, params *ObjectCreateParams, options ...CallOption) (*Object, error) {
	k := begin(c, options)
	n, s := k.text("The name", name), k.source(from)
	return uploaded(ctx, k, params, func(p *C.runloop_params, o cOptions, x **C.runloop_object, e cError) cStatus {
		return C.runloop_object_upload_from_source(c.c(), n, s, p, o, x, e)
	})
}

// UploadObjectFromFS makes an object of a file system: a tar.gz, names relative, in their order. What is
// neither a file nor a directory is left out. In all else as [Client.UploadObjectFromSource].
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

// UploadDockerContext makes an object of a directory as a blueprint's build context, without what its
// .dockerignore names, by Docker's own rules. Give it to the blueprint with [Object.AsBuildContext]. In
// all else as [Client.UploadObjectFromDir].
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
