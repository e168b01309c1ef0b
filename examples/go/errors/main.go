// What an error tells, and what to do with it.
//
// It prints:
//
//	not found: …dbx_nobody…
//	  HTTP 404, retryable: no, side effect: none, attempts: 1, about: dbx_nobody
//	a key: …
//	connect: …127.0.0.1:1…
//	  retryable: yes
//	invalid argument: …
//	a non-zero exit code is not an error of the call: the command exited with 7
//	ended by its devbox: …
package main

import (
	"context"
	"errors"
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

	// The kind is told by errors.Is, the message names the thing, the cause and the next step. The rest
	// is for programs that decide by it.
	nobody, err := client.AttachDevbox("dbx_nobody")
	if err != nil {
		return err
	}
	_, err = nobody.GetInfo(ctx)
	var failure *runloop.Error
	if errors.Is(err, runloop.ErrNotFound) && errors.As(err, &failure) {
		fmt.Println("not found:", failure.Message)
		fmt.Printf("  HTTP %d, retryable: %v, side effect: %v, attempts: %d, about: %s\n",
			failure.HTTPStatus, failure.Retryable, failure.SideEffect, failure.Attempts, failure.ResourceID)
	}

	// A key that cannot be one is refused before anything is sent. Secrets are in no message.
	if _, err := runloop.NewClient(&runloop.Config{BearerToken: "two\nlines"}); errors.Is(err, runloop.ErrInvalidArgument) {
		fmt.Println("a key:", err)
	}

	// Nobody there: told after a few spaced attempts, not after a long timeout.
	stranger, err := runloop.NewClient(&runloop.Config{BaseURL: "http://127.0.0.1:1", MaxRetries: 1})
	if err != nil {
		return err
	}
	defer stranger.Close()
	_, err = stranger.AccountMe(ctx)
	if errors.Is(err, runloop.ErrConnect) && errors.As(err, &failure) {
		fmt.Println("connect:", failure.Message)
		fmt.Println("  retryable:", failure.Retryable)
	}

	// Misuse is an error like any other, not a crash.
	if _, err := client.AttachDevbox(""); errors.Is(err, runloop.ErrInvalidArgument) {
		fmt.Println("invalid argument:", err)
	}

	return client.WithDevbox(ctx, nil, func(ctx context.Context, devbox *runloop.Devbox) error {
		// What a command makes of itself is its result.
		result, err := devbox.Exec(ctx, "exit 7", nil)
		if err != nil {
			return err
		}
		defer result.Close()
		fmt.Println("a non-zero exit code is not an error of the call: the command exited with", result.ExitCode())

		// The end of a devbox is an error of what runs in it.
		if err := devbox.Shutdown(ctx); err != nil {
			return err
		}
		_, err = devbox.Exec(ctx, "true", nil)
		fmt.Println("ended by its devbox:", err)
		return nil
	})
}
