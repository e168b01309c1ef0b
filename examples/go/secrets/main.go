// Values that the service keeps, given to devboxes as environment variables.
//
// It prints:
//
//	secret EXAMPLE_DATABASE_PASSWORD is kept as sec_…
//	the devbox sees 15 characters in $PGPASSWORD
//	a new one after the change: 7 characters
//	deleted: runloop: not found
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

	// The service never gives a value back.
	secret, err := client.CreateSecret(ctx, "EXAMPLE_DATABASE_PASSWORD", "fifteen letters")
	if err != nil {
		return err
	}
	fmt.Printf("secret %s is kept as %s\n", secret.Name(), secret.ID())
	if err := look(ctx, client, "the devbox sees %s characters in $PGPASSWORD\n"); err != nil {
		return err
	}
	if _, err := secret.Update(ctx, "shorter"); err != nil {
		return err
	}
	if err := look(ctx, client, "a new one after the change: %s characters\n"); err != nil {
		return err
	}
	if err := secret.Delete(ctx); err != nil {
		return err
	}
	if _, err := secret.GetInfo(ctx); errors.Is(err, runloop.ErrNotFound) {
		fmt.Println("deleted:", runloop.ErrNotFound)
	}
	return nil
}

// look shows what a devbox sees: the environment is set when the devbox is created.
func look(ctx context.Context, client *runloop.Client, format string) error {
	// The variable's name, and the secret's. The value never passes through this program.
	params := &runloop.DevboxCreateParams{Secrets: map[string]string{"PGPASSWORD": "EXAMPLE_DATABASE_PASSWORD"}}
	return client.WithDevbox(ctx, params, func(ctx context.Context, devbox *runloop.Devbox) error {
		output, err := devbox.Command(ctx, "printf ${#PGPASSWORD}").Output()
		fmt.Printf(format, output)
		return err
	})
}
