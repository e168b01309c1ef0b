package main

import (
	"io"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func onObject(do func(s *step, object *runloop.Object)) operation { return on("object", do) }

// uploading makes an object.
func uploading(upload func(s *step, client *runloop.Client, params *runloop.ObjectCreateParams) (*runloop.Object, error)) operation {
	return onClient(func(s *step, client *runloop.Client) {
		object, err := upload(s, client, params[runloop.ObjectCreateParams](s))
		made(s, "object", object, err)
	})
}

var objectOperations = map[string]operation{
	"object_create": uploading(func(s *step, client *runloop.Client, params *runloop.ObjectCreateParams) (*runloop.Object, error) {
		return client.CreateObject(s.context(), params, s.options()...)
	}),
	"object_from_id": onClient(func(s *step, client *runloop.Client) {
		object, err := client.ObjectFromID(s.text("/id"))
		made(s, "object", object, err)
	}),
	"object_upload_from_file": uploading(func(s *step, client *runloop.Client, params *runloop.ObjectCreateParams) (*runloop.Object, error) {
		return client.UploadObjectFromFile(s.context(), s.text("/local_path"), params, s.options()...)
	}),
	"object_upload_from_dir": uploading(func(s *step, client *runloop.Client, params *runloop.ObjectCreateParams) (*runloop.Object, error) {
		tree, note := s.tree()
		defer note()
		return client.UploadObjectFromDir(s.context(), s.text("/local_path"), tree, params, s.options()...)
	}),
	"object_upload_from_text": uploading(func(s *step, client *runloop.Client, params *runloop.ObjectCreateParams) (*runloop.Object, error) {
		return client.UploadObjectFromText(s.context(), s.text("/name"), s.text("/text"), params, s.options()...)
	}),
	"object_upload_from_bytes": uploading(func(s *step, client *runloop.Client, params *runloop.ObjectCreateParams) (*runloop.Object, error) {
		return client.UploadObjectFromBytes(s.context(), s.text("/name"), s.bytes("/data"), params, s.options()...)
	}),
	"object_upload_from_source": uploading(func(s *step, client *runloop.Client, params *runloop.ObjectCreateParams) (*runloop.Object, error) {
		return client.UploadObjectFromSource(s.context(), s.text("/name"), s.source(), params, s.options()...)
	}),
	"object_upload_content": onObject(func(s *step, object *runloop.Object) {
		s.did(object.UploadContent(s.context(), s.source(), s.options()...))
	}),
	"object_complete": onObject(func(s *step, object *runloop.Object) {
		value, err := object.Complete(s.context(), s.options()...)
		view(s, value, err)
	}),
	"object_refresh": onObject(func(s *step, object *runloop.Object) {
		value, err := object.Refresh(s.context(), s.options()...)
		view(s, value, err)
	}),
	"object_delete": onObject(func(s *step, object *runloop.Object) { s.did(object.Delete(s.context(), s.options()...)) }),
	"object_get_download_url": onObject(func(s *step, object *runloop.Object) {
		value, err := object.GetDownloadURL(s.context(), params[runloop.ObjectDownloadParams](s), s.options()...)
		view(s, value, err)
	}),
	"object_download_as_bytes": onObject(func(s *step, object *runloop.Object) {
		s.output("contents")(object.DownloadAsBytes(s.context(), params[runloop.ObjectDownloadParams](s), s.options()...))
	}),
	"object_download_as_text": onObject(func(s *step, object *runloop.Object) {
		text, err := object.DownloadAsText(s.context(), params[runloop.ObjectDownloadParams](s), s.options()...)
		s.output("contents")([]byte(text), err)
	}),
	"object_download_to_file": onObject(func(s *step, object *runloop.Object) {
		s.did(object.DownloadToFile(s.context(), s.text("/local_path"), params[runloop.ObjectDownloadParams](s), s.options()...))
	}),
	"object_download_to_dir": onObject(func(s *step, object *runloop.Object) {
		tree, note := s.tree()
		s.did(object.DownloadToDir(s.context(), s.text("/local_path"), tree, params[runloop.ObjectDownloadParams](s), s.options()...))
		note()
	}),
	"object_download_to_sink": onObject(func(s *step, object *runloop.Object) {
		s.sunk(func(to io.Writer) error {
			return object.Download(s.context(), to, params[runloop.ObjectDownloadParams](s), s.options()...)
		})
	}),
	"object_list": onClient(func(s *step, client *runloop.Client) {
		items := client.ListObjects(s.context(), params[runloop.ObjectListParams](s), s.options()...)
		list(s, items, func(item runloop.ObjectItem) any { return item.Info })
	}),
	"object_list_public": onClient(func(s *step, client *runloop.Client) {
		items := client.ListPublicObjects(s.context(), params[runloop.ObjectListParams](s), s.options()...)
		list(s, items, func(item runloop.ObjectItem) any { return item.Info })
	}),
}
