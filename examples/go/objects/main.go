// Storage objects: a file up and down with a progress bar, texts, a list.
//
// It prints:
//
//	…up   [####################] 100 %
//	object obj_… has 6000000 bytes and is READ_ONLY
//	…down [####################] 100 %
//	the same bytes: true
//	hello.txt holds: Hello from Go.
//	stopped: enough
//	with metadata example=objects: 2
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"strings"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

// bar is told how much of a transfer is done, on the goroutine that made the call.
func bar(name string) runloop.CallOption {
	return runloop.WithProgress(func(done, total int64) error {
		filled := 20
		if total > 0 {
			filled = int(done * 20 / total)
		}
		fmt.Printf("\r%s [%-20s] %3d %%", name, strings.Repeat("#", filled), filled*5)
		return nil
	})
}

func run(ctx context.Context) error {
	client, err := runloop.NewClient(nil)
	if err != nil {
		return err
	}
	defer client.Close()
	var measurements bytes.Buffer
	for i := range 500000 {
		fmt.Fprintf(&measurements, "%05d,%05d\n", i%100000, (i*7)%100000)
	}
	data := measurements.Bytes()
	params := &runloop.ObjectCreateParams{Metadata: map[string]string{"example": "objects"}}

	// Up: created, filled and completed by one call, a few pieces in memory at a time. What a failed call
	// had created is deleted behind it.
	object, err := client.UploadObjectFromSource(ctx, "measurements.csv", bytes.NewReader(data), params, bar("up  "))
	if err != nil {
		return err
	}
	defer object.Delete(context.WithoutCancel(ctx))
	info, err := object.Refresh(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("\nobject %s has %d bytes and is %s\n", object.ID(), *info.SizeBytes, info.State)

	// Down: a break in between is mended. DownloadToFile writes a file, which appears when it is whole.
	var back bytes.Buffer
	if err := object.Download(ctx, &back, nil, bar("down")); err != nil {
		return err
	}
	fmt.Printf("\nthe same bytes: %t\n", bytes.Equal(back.Bytes(), data))

	text, err := client.UploadObjectFromText(ctx, "hello.txt", "Hello from Go.\n", params)
	if err != nil {
		return err
	}
	defer text.Delete(context.WithoutCancel(ctx))
	contents, err := text.DownloadAsText(ctx, nil)
	if err != nil {
		return err
	}
	fmt.Print("hello.txt holds: ", contents)

	// A progress function can also stop a transfer.
	enough := errors.New("enough")
	_, err = client.UploadObjectFromBytes(ctx, "none", data, nil, runloop.WithProgress(func(int64, int64) error { return enough }))
	if !errors.Is(err, enough) {
		return err
	}
	fmt.Println("stopped:", enough)

	count := 0
	for item, err := range client.ListObjects(ctx, &runloop.ObjectListParams{State: runloop.ObjectStateReadOnly}) {
		if err != nil {
			return err
		}
		if item.Info.Metadata["example"] == "objects" {
			count++
		}
		item.Close()
	}
	fmt.Println("with metadata example=objects:", count)
	return nil
}
