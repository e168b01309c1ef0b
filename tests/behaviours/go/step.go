package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

// handles are those that steps leave for later ones, by their names.
type handles map[string]io.Closer

// step is the one at hand: its arguments, and the answer that is being made.
type step struct {
	members map[string]json.RawMessage
	read    map[string]bool
	answer  map[string]any
	kept    handles
	lines   *bufio.Reader

	cancel  context.CancelFunc
	waiting chan struct{}
	// Of a transfer's progress.
	told *int64
}

func newStep(line []byte, lines *bufio.Reader, kept handles) *step {
	s := &step{read: map[string]bool{"/do": true, "/as": true, "/on": true}, answer: map[string]any{}, kept: kept, lines: lines}
	must(json.Unmarshal(line, &s.members))
	return s
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// Groups of arguments are read one by one.
var groups = []string{"options", "exec", "tree", "config"}

// argument reads what a pointer names.
func (s *step) argument(pointer string, into any) bool {
	s.read[pointer] = true
	members := s.members
	names := strings.Split(pointer[1:], "/")
	for _, group := range names[:len(names)-1] {
		var inner map[string]json.RawMessage
		if members[group] != nil {
			must(json.Unmarshal(members[group], &inner))
		}
		members = inner
	}
	found, ok := members[names[len(names)-1]]
	if ok && into != nil {
		must(json.Unmarshal(found, into))
	}
	return ok
}

func get[T any](s *step, pointer string) (value T) {
	s.argument(pointer, &value)
	return value
}

func (s *step) given(pointer string) bool   { return s.argument(pointer, nil) }
func (s *step) text(pointer string) string  { return get[string](s, pointer) }
func (s *step) number(pointer string) int64 { return get[int64](s, pointer) }
func (s *step) truth(pointer string) bool   { return get[bool](s, pointer) }
func (s *step) time(pointer string) time.Duration {
	return time.Duration(s.number(pointer)) * time.Millisecond
}
func (s *step) texts(pointer string) (list []string) { return get[[]string](s, pointer) }

// says tells whether an argument is this text, or a list that holds it.
func (s *step) says(pointer, word string) bool {
	found := get[any](s, pointer)
	if list, ok := found.([]any); ok {
		return slices.Contains(list, any(word))
	}
	return found == word
}

// bytes are written in hex.
func (s *step) bytes(pointer string) []byte {
	data, err := hex.DecodeString(s.text(pointer))
	must(err)
	return data
}

// params are a struct of the binding, nil where the step has none.
func params[T any](s *step) *T {
	var given json.RawMessage
	if !s.argument("/params", &given) {
		return nil
	}
	made := new(T)
	fill(given, reflect.ValueOf(made).Elem())
	return made
}

// keep leaves a handle for later steps.
func (s *step) keep(kind string, handle io.Closer) {
	name := kind
	if s.given("/as") {
		name = s.text("/as")
	}
	if before, ok := s.kept[name]; ok {
		before.Close()
	}
	s.kept[name] = handle
}

// nameOf gives the name of the handle that the step is about. What everything is made from is not.
func (s *step) nameOf(kind string) string {
	place := "/on"
	if kind == "client" {
		place = "/client"
	}
	if s.given(place) {
		return s.text(place)
	}
	return kind
}

// find gives a handle; false, and the answer says so, where there is none.
func find[T io.Closer](s *step, kind string) (handle T, ok bool) {
	name := s.nameOf(kind)
	if handle, ok = s.kept[name].(T); !ok {
		s.answer["missing"] = name
	}
	return handle, ok
}

// on is an operation on a handle.
func on[T io.Closer](kind string, do func(s *step, handle T)) operation {
	return func(s *step) {
		if handle, ok := find[T](s, kind); ok {
			do(s, handle)
		}
	}
}

func inHex(data []byte) any { return map[string]string{"hex": hex.EncodeToString(data)} }

// did notes the error of a call; true for none.
func (s *step) did(err error) bool {
	if err == nil {
		return true
	}
	answer := map[string]any{"text": err.Error()}
	s.answer["error"] = answer
	for name, kind := range map[string]error{"canceled": context.Canceled, "deadline_exceeded": context.DeadlineExceeded, "own": errOwn} {
		answer[name] = errors.Is(err, kind)
	}
	var e *runloop.Error
	if !errors.As(err, &e) {
		answer["status"] = fmt.Sprintf("%T", err)
		return false
	}
	if !errors.Is(err, e.Status) {
		answer["status"] = "errors.Is does not find " + e.Status.String()
		return false
	}
	retryAfter := int64(-1)
	if e.RetryAfter >= 0 {
		retryAfter = e.RetryAfter.Milliseconds()
	}
	for name, value := range map[string]any{
		"status": e.Status.String(), "message": e.Message, "http_status": e.HTTPStatus, "retry_after_ms": retryAfter,
		"retryable": int(e.Retryable), "attempts": e.Attempts, "side_effect": int(e.SideEffect), "cause": orNil(e.Cause),
		"code": orNil(e.Code), "request_id": orNil(e.RequestID), "resource_id": orNil(e.ResourceID),
	} {
		answer[name] = value
	}
	if e.Body != nil {
		answer["body"] = inHex(e.Body)
	}
	return false
}

// orNil is how the other languages show a text that there is not.
func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// view notes what a call answered.
func view[T any](s *step, value *T, err error) {
	if s.did(err) && value != nil {
		s.answer["value"] = value
	}
}

// print prints the answer, which also says what argument nobody has read.
func (s *step) print() {
	if s.told != nil {
		s.answer["progress"] = *s.told
	}
	if s.answer["unknown"] == nil && s.answer["missing"] == nil {
		for _, pointer := range s.arguments() {
			if !s.read[pointer] {
				s.answer["unread"] = pointer
			}
		}
	}
	text, err := json.Marshal(s.answer)
	must(err)
	fmt.Printf("%s\n", text)
}

func (s *step) arguments() (pointers []string) {
	for name, value := range s.members {
		if !slices.Contains(groups, name) {
			pointers = append(pointers, "/"+name)
			continue
		}
		var inner map[string]json.RawMessage
		must(json.Unmarshal(value, &inner))
		for member := range inner {
			pointers = append(pointers, "/"+name+"/"+member)
		}
	}
	return pointers
}
