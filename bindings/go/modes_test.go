package runloop_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

// File systems that are made up often give no permissions: what they hold can still be read and replaced.
func TestFilesWithoutPermissionsCanBeRead(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	tree := fstest.MapFS{
		"none":        {Data: []byte("text")},
		"dir":         {Mode: fs.ModeDir},
		"dir/none":    {Data: []byte("text")},
		"dir/run":     {Data: []byte("#!/bin/sh\n"), Mode: 0o111},
		"dir/readers": {Data: []byte("text"), Mode: 0o044},
	}
	want := "755 .\n700 ./dir\n600 ./none\n600 ./dir/none\n644 ./dir/readers\n711 ./dir/run\n"
	list := "stat -c '%a %n' . ./dir ./none ./dir/none ./dir/readers ./dir/run"
	ok(t, d.UploadFS(t.Context(), tree, "fs"))
	// Again: what is there has to be replaceable.
	ok(t, d.UploadFS(t.Context(), tree, "fs"))
	equal(t, string(must(d.Command(t.Context(), "cd fs && "+list).Output())(t)), want)
	equal(t, string(must(d.ReadFile(t.Context(), "fs/dir/none"))(t)), "text")

	object := must(client.UploadObjectFromFS(t.Context(), "fs.tgz", tree, nil))(t)
	defer object.Close()
	defer func() { ok(t, object.Delete(t.Context())) }()
	into := filepath.Join(t.TempDir(), "fs")
	ok(t, object.DownloadToDir(t.Context(), into, nil, nil))
	for _, path := range []string{"none", "dir/none", "dir/run", "dir/readers"} {
		info := must(os.Stat(filepath.Join(into, path)))(t)
		equal(t, info.Mode().Perm()&0o600, 0o600)
	}
}
