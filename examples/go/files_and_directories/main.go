// Files of any size and whole directories, into a devbox and out of it.
//
// It prints:
//
//	notes.txt holds: one line
//	data.bin: 3000000 bytes there
//	the first 4 bytes: 00 01 02 03
//	in the devbox:
//	project/README.md
//	project/src/main.c
//	back again: project/result.txt says "built from 2 files"
//	from a file system: embedded.txt holds "in the program"
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing/fstest"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func main() {
	ctx := context.Background()
	client, err := runloop.NewClient(nil)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	for _, part := range []func(context.Context, *runloop.Devbox) error{files, directories} {
		if err := client.WithDevbox(ctx, nil, part); err != nil {
			log.Fatal(err)
		}
	}
}

// counting is a reader that counts up, byte by byte.
type counting struct{ next byte }

func (c *counting) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = c.next
		c.next++
	}
	return len(p), nil
}

func files(ctx context.Context, devbox *runloop.Devbox) error {
	// Small texts: one request each.
	if err := devbox.WriteFile(ctx, "notes.txt", []byte("one line\n")); err != nil {
		return err
	}
	contents, err := devbox.ReadFile(ctx, "notes.txt")
	if err != nil {
		return err
	}
	fmt.Printf("notes.txt holds: %s", contents)

	// Anything else: from a reader and to a writer. Nothing has to fit into memory.
	if err := devbox.UploadFile(ctx, "data.bin", io.LimitReader(&counting{}, 3000000)); err != nil {
		return err
	}
	size, err := devbox.Command(ctx, "wc -c < data.bin").Output()
	if err != nil {
		return err
	}
	fmt.Printf("data.bin: %s bytes there\n", bytes.TrimSpace(size))
	var back bytes.Buffer
	if err := devbox.DownloadFile(ctx, "data.bin", &back); err != nil {
		return err
	}
	fmt.Printf("the first 4 bytes: % x\n", back.Bytes()[:4])
	return nil
}

func directories(ctx context.Context, devbox *runloop.Devbox) error {
	// A directory of this machine.
	local, err := os.MkdirTemp("", "runloop-example-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(local)
	for name, text := range map[string]string{
		"README.md":  "# A project\n",
		"src/main.c": "int main(void) { return 0; }\n",
		"src/main.o": "not needed there\n",
	} {
		path := filepath.Join(local, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}

	// The whole of it, as one stream, without what the patterns name (by the rules of .dockerignore).
	if err := devbox.UploadDir(ctx, local, "project", &runloop.TreeOptions{Ignore: []string{"**/*.o"}}); err != nil {
		return err
	}
	found, err := devbox.Command(ctx, "find project -type f | LC_ALL=C sort").Output()
	if err != nil {
		return err
	}
	fmt.Printf("in the devbox:\n%s", found)

	// And back. What is there already is replaced where the devbox has it too, and stays where not.
	err = devbox.Command(ctx, `echo "built from $(find project -type f | wc -l) files" > /tmp/result; mv /tmp/result project/result.txt`).Run()
	if err != nil {
		return err
	}
	if err := devbox.DownloadDir(ctx, "project", local, nil); err != nil {
		return err
	}
	result, err := os.ReadFile(filepath.Join(local, "result.txt"))
	if err != nil {
		return err
	}
	fmt.Printf("back again: project/result.txt says %q\n", strings.TrimSpace(string(result)))

	// Any file system: one that is embedded in the program, a zip archive …
	embedded := fstest.MapFS{"embedded.txt": {Data: []byte("in the program"), Mode: 0o644}}
	if err := devbox.UploadFS(ctx, embedded, "embedded"); err != nil {
		return err
	}
	contents, err := devbox.ReadFile(ctx, "embedded/embedded.txt")
	fmt.Printf("from a file system: embedded.txt holds %q\n", contents)
	return err
}
