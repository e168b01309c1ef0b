package runloop_test

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func TestResults(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	result := must(d.Exec(t.Context(), "seq 5; echo err >&2; exit 2", nil))(t)
	defer result.Close()
	equal(t, result.ExitCode(), 2)
	equal(t, result.Outcome(), runloop.OutcomeExited)
	equal(t, result.Success(), false)
	equal(t, string(must(result.Stdout(t.Context(), 2))(t)), "4\n5\n")
	equal(t, string(must(result.Stderr(t.Context(), 0))(t)), "err\n")
	value := must(result.Value())(t)
	equal(t, value.ExecutionID, result.ExecutionID())
	equal(t, *value.ExitStatus, int64(2))

	var got []string
	result = must(d.Exec(t.Context(), "echo $A; seq 1000", &runloop.ExecOptions{
		Environment:    []string{"A=a"},
		MaxOutputBytes: 5,
		OnOutput: func(stream runloop.Stream, data []byte) error {
			got = append(got, string(data))
			return nil
		},
	}))(t)
	defer result.Close()
	equal(t, strings.HasPrefix(strings.Join(got, ""), "a\n1\n2\n"), true)
	equal(t, string(must(result.Stdout(t.Context(), 0))(t)), "1000\n")
}

func TestExecutions(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	if _, err := d.ExecAsync(t.Context(), "true", &runloop.ExecOptions{Stdout: io.Discard}); !errors.Is(err, runloop.ErrInvalidArgument) {
		t.Fatal(err)
	}
	x := must(d.ExecAsync(t.Context(), "trap 'echo got >&2; exit 130' INT; echo ready; while :; do sleep 0.05; done", &runloop.ExecOptions{AttachStdin: true}))(t)
	defer x.Close()
	stream := must(x.Stream(runloop.Stdout | runloop.Stderr))(t)
	which, data, err := stream.Next(t.Context())
	ok(t, err)
	equal(t, which, runloop.Stdout)
	equal(t, string(data), "ready\n")
	equal(t, must(x.GetState(t.Context()))(t).Status, runloop.ExecutionStatusRunning)
	ok(t, x.SendStdin(t.Context(), "unread\n"))
	ok(t, x.CloseStdin(t.Context()))

	other := must(d.AttachExecution(x.ID()))(t)
	defer other.Close()
	equal(t, other.DevboxID(), d.ID())
	ok(t, x.Interrupt(t.Context()))
	result := must(other.Result(t.Context()))(t)
	defer result.Close()
	equal(t, result.ExitCode(), 130)
	which, data, err = stream.Next(t.Context())
	ok(t, err)
	equal(t, which, runloop.Stderr)
	equal(t, string(data), "got\n")
	if _, _, err := stream.Next(t.Context()); err != io.EOF {
		t.Fatal(err)
	}
	ok(t, stream.Close())
	ok(t, stream.Close())
	if _, _, err := stream.Next(t.Context()); !errors.Is(err, os.ErrClosed) {
		t.Fatal(err)
	}

	sleeper := must(d.ExecAsync(t.Context(), "sleep 1000 & sleep 1000", nil))(t)
	defer sleeper.Close()
	ok(t, sleeper.Kill(t.Context(), true))
	killed := must(sleeper.Result(t.Context()))(t)
	equal(t, killed.Success(), false)
	killed.Close()
}

func TestAStreamOutlivesADeadlineAndEndsByClose(t *testing.T) {
	_, client := start(t)
	d := devbox(t, client)
	x := must(d.ExecAsync(t.Context(), "read -r line; echo $line; read -r line", &runloop.ExecOptions{AttachStdin: true}))(t)
	defer x.Close()
	stream := must(x.Stream(runloop.Stdout))(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := stream.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	ok(t, x.SendStdin(t.Context(), "hello\n"))
	reader := stream.Reader(t.Context())
	small := make([]byte, 3)
	equal(t, string(small[:must(io.ReadFull(reader, small))(t)]), "hel")
	equal(t, string(small[:must(io.ReadFull(reader, small))(t)]), "lo\n")

	done := make(chan error)
	go func() {
		_, err := reader.Read(small)
		done <- err
	}()
	// Another that waits for its turn is not held up by it.
	soon, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if _, _, err := stream.Next(soon); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	ok(t, reader.Close())
	if err := <-done; !errors.Is(err, os.ErrClosed) {
		t.Fatal(err)
	}
	ok(t, x.Kill(t.Context(), true))
}
