package runloop_test

import (
	"fmt"
	"io"
	"reflect"
	"runtime/debug"
	"strings"
	"testing"
	"testing/fstest"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

// objects are the exported types with methods that call the library, or that tell of a call.
var objects = []any{
	runloop.Client{}, runloop.Devbox{}, runloop.Execution{}, runloop.ExecResult{}, runloop.OutputStream{},
	runloop.EventStream[runloop.AxonEventView]{}, runloop.Axon{}, runloop.Object{}, runloop.Snapshot{}, runloop.Blueprint{},
	runloop.Secret{}, runloop.MCPConfig{}, runloop.GatewayConfig{}, runloop.NetworkPolicy{}, runloop.Cmd{},
	runloop.Error{}, runloop.ExitError{}, runloop.Response{}, runloop.Config{}, runloop.ExecOptions{},
	runloop.DevboxItem{}, runloop.AxonItem{}, runloop.ObjectItem{}, runloop.SnapshotItem{}, runloop.BlueprintItem{},
	runloop.MCPConfigItem{}, runloop.GatewayConfigItem{}, runloop.NetworkPolicyItem{},
}

// A method of a zero value, or of nil, returns: with an error if it can return one.
func TestZeroValuesAndNil(t *testing.T) {
	nothingLeft(t)
	for _, object := range objects {
		value := reflect.TypeOf(object)
		for _, receiver := range []reflect.Value{reflect.New(value), reflect.Zero(reflect.PointerTo(value))} {
			for i := range receiver.NumMethod() {
				method := receiver.Type().Method(i)
				if _, declared := value.MethodByName(method.Name); declared && receiver.IsNil() || method.Name == "Format" {
					// Go itself panics before a method of a value is called by a nil pointer.
					continue
				}
				for _, given := range []bool{true, false} {
					name := fmt.Sprintf("%s of %s, nil: %v, with arguments: %v", method.Name, value, receiver.IsNil(), given)
					errs := called(t, name, receiver.Method(i), given)
					if len(errs) == 0 || method.Name == "Close" || harmless[value.Name()+"."+method.Name] {
						continue
					}
					if errs[len(errs)-1] == nil {
						t.Errorf("%s: no error", name)
					}
				}
			}
		}
		_ = fmt.Sprintf("%v %+v %#v", object, object, object)
	}
}

// Methods that need no call, and no error.
var harmless = map[string]bool{
	"Response.MarshalJSON": true, "Config.MarshalJSON": true, "ExecOptions.MarshalJSON": true, "Response.Decode": true,
	"Error.Unwrap": true, "ExitError.Unwrap": true, "Error.Is": true,
}

// called calls a function, ranges over the sequences that it returns, and returns the errors.
func called(t *testing.T, name string, f reflect.Value, given bool) (errs []error) {
	t.Helper()
	defer func() {
		if reason := recover(); reason != nil {
			t.Errorf("%s: panic: %v\n%s", name, reason, debug.Stack())
		}
	}()
	var arguments []reflect.Value
	for i := range f.Type().NumIn() {
		if kind := f.Type().In(i); !f.Type().IsVariadic() || i < f.Type().NumIn()-1 {
			arguments = append(arguments, argument(t, kind, given))
		}
	}
	for _, result := range f.Call(arguments) {
		switch result.Kind() {
		case reflect.Func:
			if result.Type().CanSeq2() {
				for _, err := range result.Seq2() {
					errs = append(errs, asError(err))
				}
			}
		case reflect.Interface:
			if result.Type() == reflect.TypeFor[error]() {
				errs = append(errs, asError(result))
			}
			if reader, ok := result.Interface().(io.ReadCloser); ok {
				_, err := reader.Read(make([]byte, 1))
				errs = append(errs, err)
				_ = reader.Close()
			}
		}
	}
	return errs
}

func asError(value reflect.Value) error {
	err, _ := value.Interface().(error)
	return err
}

// argument is one for a parameter of a type: a usable one, or a zero value.
func argument(t *testing.T, kind reflect.Type, given bool) reflect.Value {
	if !given {
		return reflect.Zero(kind)
	}
	usable := []any{t.Context(), strings.NewReader("text"), fstest.MapFS{"file": {}}, io.Discard}
	for _, one := range usable {
		if kind.Kind() == reflect.Interface && kind.NumMethod() > 0 && reflect.TypeOf(one).Implements(kind) {
			return reflect.ValueOf(one)
		}
	}
	switch kind.Kind() {
	case reflect.String:
		return reflect.ValueOf("text").Convert(kind)
	case reflect.Func:
		return reflect.MakeFunc(kind, func([]reflect.Value) []reflect.Value {
			var results []reflect.Value
			for i := range kind.NumOut() {
				results = append(results, reflect.Zero(kind.Out(i)))
			}
			return results
		})
	case reflect.Pointer:
		return reflect.New(kind.Elem())
	}
	return reflect.Zero(kind)
}
