package runloop

// #include "shim.h"
import "C"

import (
	"context"
	"io"
	"os"
	"unsafe"
)

// OutputStream is a command's output, pulled piece by piece. A slow reader applies back-pressure, so
// memory use stays constant.
type OutputStream struct {
	owned
	// Holds one while a piece, which C lends until the next, is waited for and looked at.
	turn chan struct{}
	// Ended by Close.
	open  context.Context
	close context.CancelFunc
}

// Stream opens a stream of the command's output, from its first byte: [Stdout], [Stderr], or both
// (Stdout | Stderr). Nothing is sent yet.
func (x *Execution) Stream(which Stream, options ...CallOption) (*OutputStream, error) {
	k := begin(x, options)
	defer k.end()
	var made *C.runloop_output_stream
	err := k.do(context.Background(), func(o cOptions, e cError) cStatus {
		return C.runloop_execution_stream(x.c(), C.int32_t(which), o, &made, e)
	})
	if err != nil {
		return nil, err
	}
	stream := &OutputStream{turn: make(chan struct{}, 1)}
	stream.open, stream.close = context.WithCancel(context.Background())
	stream.handle = own(k.session, unsafe.Pointer(made), func(p unsafe.Pointer) { C.runloop_output_stream_free((*C.runloop_output_stream)(p)) })
	return stream, nil
}

// Next waits for the next piece of output and returns it with its stream. At the end the error is
// [io.EOF]. After any other error, for example of a context that has ended, nothing is lost: the next
// call continues.
func (s *OutputStream) Next(ctx context.Context, options ...CallOption) (which Stream, data []byte, err error) {
	err = s.next(ctx, options, func(stream Stream, piece []byte) {
		which, data = stream, append([]byte(nil), piece...)
	})
	return which, data, err
}

// next lends the next piece.
func (s *OutputStream) next(ctx context.Context, options []CallOption, take func(which Stream, piece []byte)) error {
	if s == nil || s.open == nil {
		return &Error{Status: ErrInvalidHandle, Message: "The output stream is none: get one from Execution.Stream.", RetryAfter: -1}
	}
	if ctx == nil {
		return noContext()
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(s.open, func() { cancel(os.ErrClosed) })()
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return s.notNow(ctx)
	}
	k := begin(s, options)
	defer k.end()
	var which C.int32_t
	var data *C.char
	var length C.size_t
	err := k.do(ctx, func(o cOptions, e cError) cStatus {
		return C.runloop_output_stream_next((*C.runloop_output_stream)(s.handle.get()), o, &which, &data, &length, e)
	})
	if s.open.Err() != nil {
		return s.notNow(ctx)
	}
	if err != nil {
		return err
	}
	if which == 0 {
		return io.EOF
	}
	take(Stream(which), borrowed(data, length))
	return nil
}

func (s *OutputStream) isClosed() bool { return s != nil && s.open != nil && s.open.Err() != nil }

// notNow is why a piece is not waited for.
func (s *OutputStream) notNow(ctx context.Context) error {
	if s.open.Err() != nil {
		return streamClosed()
	}
	return &Error{Status: ErrCancelled, Message: "The call was cancelled while another waited for the stream.", RetryAfter: -1, wrapped: said(ctx)}
}

func streamClosed() error {
	return &Error{Status: ErrInvalidHandle, Message: "The output stream is closed.", RetryAfter: -1, wrapped: []error{os.ErrClosed}}
}

// Close closes the stream, and ends a Next that another goroutine is in. The command continues.
func (s *OutputStream) Close() error {
	if s == nil || s.open == nil {
		return nil
	}
	s.close()
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	s.handle.close()
	return nil
}

// Reader returns a reader of the stream's pieces, of either output. At the end, and when the reader is
// closed, the stream is closed. For one goroutine at a time.
func (s *OutputStream) Reader(ctx context.Context) io.ReadCloser {
	return &outputReader{ctx: ctx, stream: s}
}

type outputReader struct {
	ctx    context.Context
	stream *OutputStream
	rest   []byte
	// What the end of a pipe means.
	explain func(end error) error
	// The end, once it has come.
	ended error
}

func (r *outputReader) Read(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	if r.ended != nil {
		return 0, r.ended
	}
	if r.stream.isClosed() {
		// What it still holds of a piece is not to be read either.
		return 0, streamClosed()
	}
	if len(r.rest) == 0 {
		err = r.stream.next(r.ctx, nil, func(_ Stream, piece []byte) {
			n = copy(p, piece)
			r.rest = append(r.rest[:0], piece[n:]...)
		})
		if err == io.EOF {
			if r.ended = err; r.explain != nil {
				r.ended = r.explain(err)
			}
			r.stream.Close()
			return 0, r.ended
		}
		return n, err
	}
	n = copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// Close closes the stream.
func (r *outputReader) Close() error { return r.stream.Close() }
