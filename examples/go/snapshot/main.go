// A devbox's disk kept, and several devboxes that go on from there.
//
// It prints:
//
//	snapshot snp_… is complete
//	fork 1: set up once, then attempt 1
//	fork 2: set up once, then attempt 2
//	the devbox itself: set up once, then gone on
//	listed: "ready for attempts"
package main

import (
	"context"
	"fmt"
	"log"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	client, err := runloop.NewClient(nil)
	if err != nil {
		return err
	}
	defer client.Close()

	var snapshot *runloop.Snapshot
	var from string
	err = client.WithDevbox(ctx, nil, func(ctx context.Context, devbox *runloop.Devbox) error {
		from = devbox.ID()
		// What takes long is done once.
		if err := devbox.Command(ctx, "printf 'set up once, ' > state").Run(); err != nil {
			return err
		}
		// The disk as it is now. The devbox keeps running.
		snapshot, err = devbox.SnapshotDisk(ctx, &runloop.DevboxSnapshotDiskParams{
			Name:     "ready for attempts",
			Metadata: map[string]string{"purpose": "attempts"},
		})
		if err != nil {
			return err
		}
		fmt.Printf("snapshot %s is complete\n", snapshot.ID())

		// Each devbox made of it has a disk of its own that begins there.
		for attempt := range 2 {
			if err := fork(ctx, snapshot, attempt+1); err != nil {
				return err
			}
		}
		return show(ctx, "the devbox itself", devbox, "then gone on")
	})
	if err != nil {
		return err
	}

	// Snapshots outlive their devboxes, and are found again.
	for item, err := range client.ListSnapshots(ctx, &runloop.SnapshotListParams{DevboxID: from}) {
		if err != nil {
			return err
		}
		fmt.Printf("listed: %q\n", item.Info.Name)
		item.Close()
	}
	return snapshot.Delete(ctx)
}

func fork(ctx context.Context, snapshot *runloop.Snapshot, attempt int) error {
	devbox, err := snapshot.CreateDevbox(ctx, nil)
	if err != nil {
		return err
	}
	defer devbox.Shutdown(context.WithoutCancel(ctx))
	return show(ctx, fmt.Sprint("fork ", attempt), devbox, fmt.Sprint("then attempt ", attempt))
}

func show(ctx context.Context, who string, devbox *runloop.Devbox, what string) error {
	output, err := devbox.Command(ctx, "echo "+what+" >> state; cat state").Output()
	fmt.Printf("%s: %s", who, output)
	return err
}
