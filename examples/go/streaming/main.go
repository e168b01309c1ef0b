// A command's output while it is produced, pushed to a function or a writer, or pulled from a stream.
//
// It prints:
//
//	pushed: stdout: 1
//	pushed: stderr: a warning
//	pushed: stdout: 2
//	pushed: 14 bytes, and the command exited with 3
//	pulled: working
//	pulled: done
//	kept: 991 992 993 994 995 996 997 998 999 1000
package main

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"strings"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func main() {
	ctx := context.Background()
	client, err := runloop.NewClient(nil)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	if err := client.WithDevbox(ctx, nil, stream); err != nil {
		log.Fatal(err)
	}
}

func stream(ctx context.Context, devbox *runloop.Devbox) error {
	// Pushed: Exec calls the function with each piece, on this goroutine, and returns when the command
	// has ended. The pieces are as long as they happen to come.
	bytes := 0
	result, err := devbox.Exec(ctx, "echo 1; sleep 0.3; echo a warning >&2; sleep 0.3; echo 2; exit 3", &runloop.ExecOptions{
		OnOutput: func(stream runloop.Stream, data []byte) error {
			bytes += len(data)
			fmt.Printf("pushed: %v: %s", stream, data)
			return nil
		},
	})
	if err != nil {
		return err
	}
	defer result.Close()
	fmt.Printf("pushed: %d bytes, and the command exited with %d\n", bytes, result.ExitCode())

	// Pulled: you read when you want. Who reads slowly slows the sender, and memory stays flat, however
	// much the command prints.
	command := devbox.Command(ctx, "echo working; sleep 0.3; echo done")
	stdout, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		fmt.Println("pulled:", lines.Text())
	}
	if err := command.Wait(); err != nil {
		return err
	}

	// Bounded: of a command that prints without end, only the end is kept.
	bounded, err := devbox.Exec(ctx, "seq 1 1000", &runloop.ExecOptions{MaxOutputBytes: 64})
	if err != nil {
		return err
	}
	defer bounded.Close()
	output, err := bounded.Stdout(ctx, 10)
	if err != nil {
		return err
	}
	fmt.Println("kept:", strings.Join(strings.Fields(string(output)), " "))
	return nil
}
