package runloop_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func TestObjects(t *testing.T) {
	_, client := start(t)
	keep := func(object *runloop.Object, err error) *runloop.Object {
		t.Helper()
		ok(t, err)
		t.Cleanup(func() {
			if err := object.Delete(context.Background()); err != nil {
				t.Error(err)
			}
			object.Close()
		})
		return object
	}
	text := keep(client.UploadObjectFromText(t.Context(), "greeting.txt", "hello\n", nil))
	equal(t, must(text.DownloadAsText(t.Context(), nil))(t), "hello\n")
	equal(t, text.UploadURL(), runloop.Sensitive(""))
	info := must(text.Refresh(t.Context()))(t)
	equal(t, info.ContentType, runloop.ObjectContentTypeText)
	equal(t, must(text.GetDownloadURL(t.Context(), &runloop.ObjectDownloadParams{DurationSeconds: runloop.Ptr[int64](60)}))(t).DownloadURL.String(), "[redacted]")

	data := bytes.Repeat([]byte{0, 1, 2, 255}, 1<<16)
	local := filepath.Join(t.TempDir(), "data.bin")
	ok(t, os.WriteFile(local, data, 0o600))
	named := &runloop.ObjectCreateParams{Metadata: map[string]string{"team": "blue"}}
	for _, object := range []*runloop.Object{
		keep(client.UploadObjectFromBytes(t.Context(), "data.bin", data, nil)),
		keep(client.UploadObjectFromFile(t.Context(), local, named)),
		keep(client.UploadObjectFromSource(t.Context(), "data.bin", bytes.NewReader(data), named)),
		keep(client.UploadObjectFromSource(t.Context(), "data.bin", io.MultiReader(bytes.NewReader(data)), nil)),
	} {
		if !bytes.Equal(must(object.DownloadAsBytes(t.Context(), nil))(t), data) {
			t.Fatal("other bytes came back")
		}
		var sink bytes.Buffer
		ok(t, object.Download(t.Context(), &sink, nil))
		equal(t, bytes.Equal(sink.Bytes(), data), true)
		back := filepath.Join(t.TempDir(), "back")
		ok(t, object.DownloadToFile(t.Context(), back, nil))
		equal(t, bytes.Equal(must(os.ReadFile(back))(t), data), true)
		info := must(object.Refresh(t.Context()))(t)
		equal(t, info.Name, "data.bin")
		equal(t, info.State, runloop.ObjectStateReadOnly)
	}

	byHand := keep(client.CreateObject(t.Context(), &runloop.ObjectCreateParams{Name: "by-hand", ContentType: runloop.ObjectContentTypeBinary}))
	if byHand.UploadURL().Reveal() == "" {
		t.Fatal("no upload URL")
	}
	ok(t, byHand.UploadContent(t.Context(), strings.NewReader("by hand")))
	must(byHand.Complete(t.Context()))(t)
	again := must(client.ObjectFromID(byHand.ID()))(t)
	defer again.Close()
	equal(t, must(again.DownloadAsText(t.Context(), nil))(t), "by hand")

	folder := t.TempDir()
	ok(t, os.WriteFile(filepath.Join(folder, "in"), []byte("in\n"), 0o644))
	ok(t, os.WriteFile(filepath.Join(folder, ".dockerignore"), []byte("out\n"), 0o644))
	ok(t, os.WriteFile(filepath.Join(folder, "out"), []byte("out\n"), 0o644))
	for _, object := range []*runloop.Object{
		keep(client.UploadObjectFromDir(t.Context(), folder, &runloop.TreeOptions{Ignore: []string{"out"}}, nil)),
		keep(client.UploadObjectFromFS(t.Context(), "fs.tar.gz", fstest.MapFS{"in": {Data: []byte("in\n")}}, nil)),
		keep(client.UploadDockerContext(t.Context(), folder, nil, nil)),
	} {
		to := filepath.Join(t.TempDir(), "to")
		ok(t, object.DownloadToDir(t.Context(), to, nil, nil))
		equal(t, string(must(os.ReadFile(filepath.Join(to, "in")))(t)), "in\n")
		if _, err := os.Stat(filepath.Join(to, "out")); !os.IsNotExist(err) {
			t.Fatal(err)
		}
		equal(t, must(object.AsBuildContext())(t).ObjectID, object.ID())
	}

	found := 0
	for item, err := range client.ListObjects(t.Context(), &runloop.ObjectListParams{Name: "data.bin", Limit: runloop.Ptr[int64](3)}) {
		ok(t, err)
		equal(t, item.Info.Name, "data.bin")
		item.Close()
		found++
	}
	equal(t, found, 4)
	for _, err := range client.ListPublicObjects(t.Context(), nil) {
		ok(t, err)
	}
}

func TestAFailedUploadLeavesNoObject(t *testing.T) {
	_, client := start(t)
	broken := errors.New("broken")
	_, err := client.UploadObjectFromSource(t.Context(), "x", readerFunc(func([]byte) (int, error) { return 0, broken }), nil)
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	_, err = client.UploadObjectFromFS(t.Context(), "x.tar.gz", brokenFS{fstest.MapFS{"run": {}}, broken}, nil)
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	for item, err := range client.ListObjects(t.Context(), nil) {
		ok(t, err)
		if item.Info.State != runloop.ObjectStateDeleted {
			t.Errorf("%s is %s", item.ID(), item.Info.State)
		}
		item.Close()
	}
}
