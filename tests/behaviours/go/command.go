package main

import (
	"bytes"
	"context"
	"io"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func onExecution(do func(s *step, execution *runloop.Execution)) operation {
	return on("execution", do)
}
func onResult(do func(s *step, result *runloop.ExecResult)) operation { return on("exec_result", do) }

// writer gathers what is written, and stops or cancels the call where the step says so.
type writer struct {
	bytes.Buffer
	s    *step
	kind string
}

func (w *writer) Write(data []byte) (int, error) {
	n, _ := w.Buffer.Write(data)
	return n, w.s.called(w.kind)
}

// exec are the step's exec options, and what the functions in them are given.
func (s *step) exec() (options *runloop.ExecOptions, watched map[string]*writer) {
	options = &runloop.ExecOptions{
		WorkingDirectory: s.text("/exec/working_directory"),
		Environment:      s.texts("/exec/environment"),
		User:             s.text("/exec/user"),
		Timeout:          s.time("/exec/timeout_ms"),
		MaxOutputBytes:   s.number("/exec/max_output_bytes"),
		AttachStdin:      s.truth("/exec/attach_stdin"),
	}
	watched = map[string]*writer{}
	watch := func(name string) *writer {
		watched[name] = &writer{s: s, kind: "output"}
		return watched[name]
	}
	if s.says("/watch", "stdout") {
		options.Stdout = watch("on_stdout")
	}
	if s.says("/watch", "stderr") {
		options.Stderr = watch("on_stderr")
	}
	if s.says("/watch", "output") {
		both := map[runloop.Stream]*writer{runloop.Stdout: watch("on_output_stdout"), runloop.Stderr: watch("on_output_stderr")}
		options.OnOutput = func(stream runloop.Stream, data []byte) error {
			_, err := both[stream].Write(data)
			return err
		}
	}
	return options, watched
}

// ended notes how a command ended, and keeps the result.
func (s *step) ended(result *runloop.ExecResult, err error) {
	if !s.did(err) {
		return
	}
	s.answer["exit_code"], s.answer["outcome"] = result.ExitCode(), int(result.Outcome())
	s.answer["success"] = map[bool]int{true: 1}[result.Success()]
	s.answer["execution_id"] = result.ExecutionID()
	ctx, last := context.Background(), int(s.number("/last_n"))
	if s.says("/read", "stdout") {
		s.output("stdout")(result.Stdout(ctx, last))
	}
	if s.says("/read", "stderr") {
		s.output("stderr")(result.Stderr(ctx, last))
	}
	s.keep("exec_result", result)
}

func (s *step) output(key string) func(data []byte, err error) {
	return func(data []byte, err error) {
		if s.did(err) {
			s.answer[key] = inHex(data)
		}
	}
}

var commandOperations = map[string]operation{
	"devbox_exec": onDevbox(func(s *step, devbox *runloop.Devbox) {
		exec, watched := s.exec()
		result, err := devbox.Exec(s.context(), s.text("/command"), exec, s.options()...)
		for name, seen := range watched {
			s.answer[name] = inHex(seen.Bytes())
		}
		s.ended(result, err)
	}),
	"devbox_exec_async": onDevbox(func(s *step, devbox *runloop.Devbox) {
		exec, _ := s.exec()
		execution, err := devbox.ExecAsync(s.context(), s.text("/command"), exec, s.options()...)
		made(s, "execution", execution, err)
	}),
	"execution_attach": onDevbox(func(s *step, devbox *runloop.Devbox) {
		execution, err := devbox.AttachExecution(s.text("/id"))
		made(s, "execution", execution, err)
	}),
	"execution_result": onExecution(func(s *step, execution *runloop.Execution) {
		s.ended(execution.Result(s.context(), s.options()...))
	}),
	"execution_get_state": onExecution(func(s *step, execution *runloop.Execution) {
		value, err := execution.GetState(s.context(), s.options()...)
		view(s, value, err)
	}),
	"execution_send_stdin": onExecution(func(s *step, execution *runloop.Execution) {
		s.did(execution.SendStdin(s.context(), s.text("/text"), s.options()...))
	}),
	"execution_close_stdin": onExecution(func(s *step, execution *runloop.Execution) {
		s.did(execution.CloseStdin(s.context(), s.options()...))
	}),
	"execution_interrupt": onExecution(func(s *step, execution *runloop.Execution) {
		s.did(execution.Interrupt(s.context(), s.options()...))
	}),
	"execution_kill": onExecution(func(s *step, execution *runloop.Execution) {
		s.did(execution.Kill(s.context(), s.truth("/process_group"), s.options()...))
	}),
	"execution_stream": onExecution(func(s *step, execution *runloop.Execution) {
		var which runloop.Stream
		if s.says("/which", "stdout") {
			which |= runloop.Stdout
		}
		if s.says("/which", "stderr") {
			which |= runloop.Stderr
		}
		if stream, err := execution.Stream(which, s.options()...); s.did(err) {
			s.keep("output_stream", stream)
		}
	}),
	// Reads until the end, or until so many bytes have come.
	"output_stream_read": on("output_stream", func(s *step, stream *runloop.OutputStream) {
		ctx, options := s.context(), s.options()
		until, bounded := int(s.number("/until")), s.given("/until")
		seen := map[runloop.Stream][]byte{}
		s.answer["ended"] = 0
		for !bounded || len(seen[runloop.Stdout])+len(seen[runloop.Stderr]) < until {
			which, data, err := stream.Next(ctx, options...)
			if err == io.EOF {
				s.answer["ended"] = 1
				break
			}
			if !s.did(err) {
				break
			}
			seen[which] = append(seen[which], data...)
		}
		s.answer["stdout"], s.answer["stderr"] = inHex(seen[runloop.Stdout]), inHex(seen[runloop.Stderr])
	}),
	"exec_result_stdout": onResult(func(s *step, result *runloop.ExecResult) {
		s.output("stdout")(result.Stdout(s.context(), int(s.number("/last_n")), s.options()...))
	}),
	"exec_result_stderr": onResult(func(s *step, result *runloop.ExecResult) {
		s.output("stderr")(result.Stderr(s.context(), int(s.number("/last_n")), s.options()...))
	}),
	"exec_result_value": onResult(func(s *step, result *runloop.ExecResult) {
		value, err := result.Value()
		view(s, value, err)
	}),
}
