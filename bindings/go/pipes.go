package runloop

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// outputPipe reads one output of a command that is to be started.
type outputPipe struct {
	which  Stream
	stream atomic.Pointer[outputReader]
	closed atomic.Bool
}

func (p *outputPipe) connect(ctx context.Context, r *running) error {
	stream, err := r.execution.Stream(p.which)
	if err != nil {
		return err
	}
	reader := &outputReader{ctx: ctx, stream: stream, explain: r.explained}
	p.stream.Store(reader)
	if p.closed.Load() {
		// It was closed before there was something to read.
		return reader.Close()
	}
	return nil
}

func notStarted() error {
	return &Error{Status: ErrWrongState, Message: "The command is not started. Call Start first.", RetryAfter: -1}
}

func (p *outputPipe) Read(data []byte) (int, error) {
	reader := p.stream.Load()
	switch {
	case reader == nil && p.closed.Load():
		return 0, streamClosed()
	case reader == nil:
		return 0, notStarted()
	}
	return reader.Read(data)
}

func (p *outputPipe) Close() error {
	p.closed.Store(true)
	reader := p.stream.Load()
	if reader == nil {
		return nil
	}
	return reader.Close()
}

// StdoutPipe returns a reader of the command's standard output, for after Start. Nothing is lost if
// Wait is called first. Read it to its end, or close it. Where the command is killed because its
// context has ended, that is the error in the place of [io.EOF]. For one goroutine at a time.
func (c *Cmd) StdoutPipe() (io.ReadCloser, error) { return c.pipe(Stdout) }

// StderrPipe returns a reader of the command's standard error. Otherwise it is like [Cmd.StdoutPipe].
func (c *Cmd) StderrPipe() (io.ReadCloser, error) { return c.pipe(Stderr) }

func (c *Cmd) pipe(which Stream) (io.ReadCloser, error) {
	if err := c.usable(); err != nil {
		return nil, err
	}
	pipe := &outputPipe{which: which}
	c.pipes = append(c.pipes, pipe)
	return pipe, nil
}

// StdinPipe returns a writer of the command's input, for after Start; closing it ends the input. What
// is written is text, in UTF-8 and without NUL; a character may be split between two writes.
func (c *Cmd) StdinPipe() (io.WriteCloser, error) {
	if err := c.usable(); err != nil {
		return nil, err
	}
	if c.Stdin != nil || c.input != nil {
		return nil, invalid("The command has an input already.")
	}
	c.input = &stdinPipe{ctx: c.ctx}
	return c.input, nil
}

type stdinPipe struct {
	ctx     context.Context
	running atomic.Pointer[running]

	mutex  sync.Mutex
	text   textSender
	closed bool
}

func (p *stdinPipe) Write(data []byte) (int, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	r := p.running.Load()
	switch {
	case p.closed || r != nil && r.over():
		return 0, io.ErrClosedPipe
	case r == nil:
		return 0, notStarted()
	}
	n, err := p.text.send(p.ctx, r.execution, data)
	if err != nil {
		err = r.explained(err)
	}
	return n, err
}

func (p *stdinPipe) Close() error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	r := p.running.Load()
	if p.closed || r != nil && r.over() {
		return nil
	}
	p.closed = true
	if r == nil {
		// The input ends when there is one.
		return nil
	}
	return fedTo(p.ctx, p.text.end(p.ctx, r.execution))
}

// connect has the pipe lead to a command that is started.
func (p *stdinPipe) connect(r *running) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.running.Store(r)
	if !p.closed {
		return nil
	}
	return fedTo(p.ctx, p.text.end(p.ctx, r.execution))
}

// textSender sends text that comes in pieces which may end within a character.
type textSender struct{ rest []byte }

// piece is how much is sent at a time.
const piece = 64 << 10

func (t *textSender) send(ctx context.Context, to *Execution, data []byte) (sent int, err error) {
	for len(data) > 0 {
		some := data[:min(len(data), piece)]
		whole := append(t.rest, some...)
		cut := whole[:len(whole)-unfinished(whole)]
		if err := to.SendStdin(ctx, string(cut)); err != nil {
			return sent, err
		}
		t.rest = append([]byte(nil), whole[len(cut):]...)
		sent += len(some)
		data = data[len(some):]
	}
	return sent, nil
}

func (t *textSender) end(ctx context.Context, to *Execution) error {
	err := to.CloseStdin(ctx)
	if len(t.rest) > 0 {
		return invalid("The command's input ends within a character. Input is text in UTF-8.")
	}
	return err
}

// unfinished is how many bytes at the end are the beginning of a character.
func unfinished(text []byte) int {
	for back := 1; back < utf8.UTFMax && back <= len(text); back++ {
		if last := text[len(text)-back:]; utf8.RuneStart(last[0]) {
			if utf8.FullRune(last) {
				return 0
			}
			return back
		}
	}
	return 0
}

// feed sends a command what a reader returns, and then closes its stdin. It is not an error if the command
// has ended before that; a defect of the input itself is always one.
func feed(ctx context.Context, from io.Reader, to *Execution, reading *atomic.Bool) error {
	var text textSender
	buffer := make([]byte, 32<<10)
	for {
		// In this order: who finds the flag down after the end of the context finds no later Read.
		reading.Store(true)
		if ctx.Err() != nil {
			return nil
		}
		data, err := readSome(from, buffer)
		reading.Store(false)
		last := err != nil
		err = eofIsNil(err)
		if ctx.Err() != nil {
			return err
		}
		if len(data) > 0 {
			if _, failed := text.send(ctx, to, data); failed != nil {
				// The command must not wait for more.
				closing := to.CloseStdin(ctx)
				if errors.Is(failed, ErrInvalidArgument) {
					return errors.Join(err, failed, fedTo(ctx, closing))
				}
				return errors.Join(err, fedTo(ctx, errors.Join(failed, closing)))
			}
		}
		if last {
			return errors.Join(err, fedTo(ctx, text.end(ctx, to)))
		}
	}
}

// fedTo leaves out what the command's own end explains.
func fedTo(ctx context.Context, err error) error {
	if errors.Is(err, ErrInvalidArgument) {
		return err
	}
	if ctx.Err() != nil || errors.Is(err, ErrWrongState) || errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
