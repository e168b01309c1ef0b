package runloop_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func Example() {
	ctx := context.Background()
	client, err := runloop.NewClient(nil) // RUNLOOP_API_KEY, RUNLOOP_BASE_URL
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	err = client.WithDevbox(ctx, nil, func(ctx context.Context, devbox *runloop.Devbox) error {
		output, err := devbox.Command(ctx, "echo hello from $((6 * 7)) miles away").Output()
		fmt.Printf("%s", output)
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output: hello from 42 miles away
}

func ExampleCmd_Run() {
	withDevbox(func(ctx context.Context, devbox *runloop.Devbox) error {
		command := devbox.Command(ctx, "tr a-z A-Z; exit 3")
		command.Stdin = strings.NewReader("shout\n")
		command.Stdout = os.Stdout
		err := command.Run()
		var exit *runloop.ExitError
		if errors.As(err, &exit) {
			fmt.Println(exit.ExitCode, exit.Outcome)
			return nil
		}
		return err
	})
	// Output:
	// SHOUT
	// 3 exited
}

func ExampleError() {
	withDevbox(func(ctx context.Context, devbox *runloop.Devbox) error {
		ctx, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		defer cancel()
		err := devbox.Command(ctx, "sleep 1000").Run()
		var failure *runloop.Error
		fmt.Println(errors.Is(err, context.DeadlineExceeded), errors.As(err, &failure), failure.Status)
		return nil
	})
	// Output: true true runloop: cancelled
}

func ExampleClient_ListDevboxes() {
	withDevbox(func(ctx context.Context, devbox *runloop.Devbox) error {
		filter := &runloop.DevboxListParams{Status: runloop.DevboxStatusRunning}
		for item, err := range client.ListDevboxes(ctx, filter) {
			if err != nil {
				return err
			}
			fmt.Println(item.ID() == devbox.ID(), item.Info.Status)
			item.Close()
		}
		return nil
	})
	// Output: true running
}

// client is that of the examples.
var client *runloop.Client

func withDevbox(f func(ctx context.Context, devbox *runloop.Devbox) error) {
	var err error
	if client, err = runloop.NewClient(nil); err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	if err := client.WithDevbox(context.Background(), nil, f); err != nil {
		log.Fatal(err)
	}
}
