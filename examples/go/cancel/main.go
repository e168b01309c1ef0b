// Calls that end early: by a deadline, by another goroutine, by a command's own timeout.
//
// It prints:
//
//	after half a second: context deadline exceeded
//	from another goroutine: context canceled
//	the command itself: printed "begun", and was killed
//	left running in the devbox: 0
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"strings"
	"time"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func main() {
	ctx := context.Background()
	client, err := runloop.NewClient(nil)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	if err := client.WithDevbox(ctx, nil, endEarly); err != nil {
		log.Fatal(err)
	}
}

func endEarly(ctx context.Context, devbox *runloop.Devbox) error {
	// A deadline is for the whole call, with all its attempts, pauses and waits.
	soon, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
	defer cancel()
	err := devbox.Command(soon, "sleep 1000").Run()
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	fmt.Println("after half a second:", context.DeadlineExceeded)

	// The context's end ends a call within 100 ms. The command, which the call owned, is killed behind
	// it.
	stoppable, stop := context.WithCancel(ctx)
	defer stop()
	begun, says := io.Pipe()
	go func() {
		begun.Read(make([]byte, 1))
		stop()
		io.Copy(io.Discard, begun)
	}()
	command := devbox.Command(stoppable, "echo begun; sleep 1000")
	command.Stdout = says
	err = command.Run()
	says.Close()
	if !errors.Is(err, context.Canceled) {
		return err
	}
	fmt.Println("from another goroutine:", context.Canceled)

	// A command's own timeout is another thing: all that it had printed is there.
	limited := devbox.Command(ctx, "echo begun; sleep 1000 & sleep 1000")
	limited.Timeout = 500 * time.Millisecond
	output, err := limited.Output()
	var exit *runloop.ExitError
	if !errors.As(err, &exit) || exit.Outcome != runloop.OutcomeTimedOut {
		return err
	}
	fmt.Printf("the command itself: printed %q, and was killed\n", strings.TrimSpace(string(output)))

	// What a call had begun is undone behind it: wait for that, and nothing is left.
	left, err := devbox.Command(ctx,
		"for i in $(seq 50); do pgrep -x sleep >/dev/null || break; sleep 0.1; done; pgrep -cx sleep || true").Output()
	fmt.Printf("left running in the devbox: %s", left)
	return err
}
