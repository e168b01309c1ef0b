// A command that is talked to: its input, its end of input, Ctrl-C.
//
// It prints:
//
//	the shell says: 42
//	the shell says: 1099511627776
//	the shell exited with 0
//	interrupted, it exited with 130
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func main() {
	ctx := context.Background()
	client, err := runloop.NewClient(nil)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	if err := client.WithDevbox(ctx, nil, talk); err != nil {
		log.Fatal(err)
	}
}

func talk(ctx context.Context, devbox *runloop.Devbox) error {
	shell := devbox.Command(ctx, `while read -r line; do echo "$((line))"; done`)
	questions, answers, err := start(shell)
	if err != nil {
		return err
	}
	for _, question := range []string{"6 * 7", "2 ** 40"} {
		fmt.Fprintln(questions, question)
		answer, err := answers.ReadString('\n')
		if err != nil {
			return err
		}
		fmt.Print("the shell says: ", answer)
	}
	// The end of its input: the loop ends, and with it the command.
	if err := questions.Close(); err != nil {
		return err
	}
	if err := shell.Wait(); err != nil {
		return err
	}
	fmt.Println("the shell exited with", shell.State.ExitCode)

	// What Ctrl-C would do.
	sleeper := devbox.Command(ctx, "trap 'exit 130' INT; echo ready; while :; do sleep 0.1; done")
	_, ready, err := start(sleeper)
	if err != nil {
		return err
	}
	if _, err := ready.ReadString('\n'); err != nil {
		return err
	}
	if err := sleeper.Execution.Interrupt(ctx); err != nil {
		return err
	}
	var exit *runloop.ExitError
	if err := sleeper.Wait(); !errors.As(err, &exit) {
		return err
	}
	fmt.Println("interrupted, it exited with", exit.ExitCode)
	return nil
}

// start starts a command with a pipe to its input and one from its output.
func start(command *runloop.Cmd) (io.WriteCloser, *bufio.Reader, error) {
	input, err := command.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	return input, bufio.NewReader(output), command.Start()
}
