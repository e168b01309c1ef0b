// A devbox from Go, from its creation to its end.
//
// Without an account: start runloop-emulator, and set RUNLOOP_BASE_URL to the address that it prints
// and RUNLOOP_API_KEY to anything.
//
// It prints:
//
//	devbox dbx_… is running
//	line 1 of 5
//	line 2 of 5
//	line 3 of 5
//	line 4 of 5
//	line 5 of 5
//	hello.txt holds: Hello from Go.
//	it has this many bytes: 15
//	a failing command exits with 2
//	devbox dbx_… is shut down
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	// A client. Nil: the API key and the address come from RUNLOOP_API_KEY and RUNLOOP_BASE_URL. One
	// client serves a whole program, with all its goroutines.
	client, err := runloop.NewClient(nil)
	if err != nil {
		return err
	}
	defer client.Close()

	// Creates the devbox and waits until it runs.
	devbox, err := client.CreateDevbox(ctx, &runloop.DevboxCreateParams{
		Name:             "quickstart",
		LaunchParameters: &runloop.LaunchParameters{KeepAliveTimeSeconds: runloop.Ptr[int64](600)},
	})
	if err != nil {
		return err
	}
	// Whatever happens below, also to the context. Closing a handle never ends its devbox.
	defer devbox.Shutdown(context.WithoutCancel(ctx))
	fmt.Printf("devbox %s is running\n", devbox.ID())

	// A command, its output as it comes.
	live := devbox.Command(ctx, `for i in 1 2 3 4 5; do echo "line $i of 5"; sleep 0.4; done`)
	live.Stdout, live.Stderr = os.Stdout, os.Stderr
	if err := live.Run(); err != nil {
		return err
	}

	// A file, written and read back.
	if err := devbox.WriteFile(ctx, "hello.txt", []byte("Hello from Go.\n")); err != nil {
		return err
	}
	contents, err := devbox.ReadFile(ctx, "hello.txt")
	if err != nil {
		return err
	}
	fmt.Printf("hello.txt holds: %s", contents)

	// A command's output, whole, when it has ended.
	output, err := devbox.Command(ctx, "wc -c < hello.txt").Output()
	if err != nil {
		return err
	}
	fmt.Printf("it has this many bytes: %s", output)

	// A command that fails is an error of its own kind, as in os/exec.
	err = devbox.Command(ctx, "ls /no/such/folder").Run()
	var exit *runloop.ExitError
	if !errors.As(err, &exit) {
		return err
	}
	fmt.Printf("a failing command exits with %d\n", exit.ExitCode)

	// Ends the devbox.
	if err := devbox.Shutdown(ctx); err != nil {
		return err
	}
	fmt.Printf("devbox %s is shut down\n", devbox.ID())
	return nil
}
