package runloop

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"unicode/utf8"
)

// RevealJSON writes a value as JSON as it is sent to the service: where [json.Marshal] writes
// [redacted], it writes the secret. It refuses what would not arrive as it is: a text that is not valid
// UTF-8, a secret that is [redacted] because it was read from such JSON, and a [Sensitive] in a type of
// your own, which encoding/json writes as [redacted].
func RevealJSON(v any) ([]byte, error) {
	return writing{reveal: true}.write(v)
}

// marshal writes a struct that is made from the API's description, secrets as [redacted].
func marshal(v any) ([]byte, error) {
	return writing{}.write(v)
}

// show prints a struct that is made from the API's description as JSON, secrets as [redacted], whatever
// the verb: package fmt would print them where a verb does not fit what they lie in.
func show(state fmt.State, v any) {
	text, err := marshal(v)
	if err != nil {
		text = []byte("{…}")
	}
	_, _ = fmt.Fprintf(state, "%T%s", v, text)
}

var (
	sensitiveType        = reflect.TypeFor[Sensitive]()
	confidentialType     = reflect.TypeFor[Confidential]()
	confidentialListType = reflect.TypeFor[ConfidentialList]()
	rawType              = reflect.TypeFor[json.RawMessage]()
	marshalerType        = reflect.TypeFor[json.Marshaler]()
	textMarshalerType    = reflect.TypeFor[encoding.TextMarshaler]()
)

// marshals says whether a type is written by a method of its own.
func marshals(t reflect.Type) bool {
	return t.Implements(marshalerType) || t.Implements(textMarshalerType)
}

// writing makes, of a value, one that encoding/json writes as it should be written.
type writing struct{ reveal bool }

func (w writing) write(v any) ([]byte, error) {
	if err := acyclic(reflect.ValueOf(v)); err != nil {
		return nil, err
	}
	tree, err := w.tree(reflect.ValueOf(v))
	if err != nil {
		return nil, err
	}
	return json.Marshal(tree)
}

func (w writing) tree(v reflect.Value) (any, error) {
	if !v.IsValid() {
		return nil, nil
	}
	t := v.Type()
	switch t {
	case sensitiveType:
		return w.secret(v.String())
	case confidentialType:
		if !v.IsNil() {
			return w.each(v, w.secret)
		}
	case confidentialListType:
		if w.reveal {
			return w.items(v)
		}
	}
	switch t.Kind() {
	case reflect.Interface:
		return w.tree(v.Elem())
	case reflect.Pointer:
		if known := t.Elem().Kind() == reflect.Struct && membersOf(t.Elem()) != nil; known || !marshals(t) {
			return w.tree(v.Elem())
		}
	case reflect.Struct:
		if known := membersOf(t); known != nil {
			return w.members(v, known)
		}
	case reflect.Map:
		if !marshals(t) && t.Key().Kind() == reflect.String && !marshals(t.Key()) && !v.IsNil() {
			return w.each(v, nil)
		}
	case reflect.Slice:
		if !marshals(t) && t.Elem().Kind() != reflect.Uint8 && !v.IsNil() {
			return w.items(v)
		}
	case reflect.String:
		if !marshals(t) && t != reflect.TypeFor[json.Number]() {
			return w.text(v.String())
		}
	}
	return w.other(v)
}

func (w writing) text(text string) (any, error) {
	if w.reveal && !utf8.ValidString(text) {
		return nil, errors.New("a text in it is not UTF-8, which is all that JSON carries")
	}
	return text, nil
}

func (w writing) secret(text string) (any, error) {
	switch {
	case !w.reveal:
		return Sensitive(text).String(), nil
	case text == redacted:
		return nil, errors.New("a secret in it is " + redacted + ": it was read from a text that does not show it")
	}
	return w.text(text)
}

// members returns those of a struct that is made from the API's description, and the extra ones, which
// win.
func (w writing) members(v reflect.Value, known *members) (any, error) {
	object := map[string]any{}
	for name, index := range known.fields {
		field := v.Field(index)
		if !known.required[name] && field.IsZero() {
			continue
		}
		tree, err := w.tree(field)
		if err != nil {
			return nil, err
		}
		object[name] = tree
	}
	if known.constant != "" {
		object[known.constant] = known.value
	}
	for name, value := range v.Field(known.extra).Interface().(Extra) {
		tree, err := w.tree(reflect.ValueOf(value))
		if err != nil {
			return nil, err
		}
		if index, ok := known.fields[name]; ok && !w.reveal && v.Type().Field(index).Type == sensitiveType {
			tree = redacted
		}
		object[name] = tree
	}
	return object, nil
}

// each returns the members of a map; its values are secrets where there is a function for them.
func (w writing) each(v reflect.Value, secret func(string) (any, error)) (any, error) {
	object := make(map[string]any, v.Len())
	for members := v.MapRange(); members.Next(); {
		name := members.Key().String()
		if _, err := w.text(name); err != nil {
			return nil, err
		}
		var err error
		if secret != nil {
			object[name], err = secret(members.Value().String())
		} else {
			object[name], err = w.tree(members.Value())
		}
		if err != nil {
			return nil, err
		}
	}
	return object, nil
}

func (w writing) items(v reflect.Value) (any, error) {
	list := make([]any, v.Len())
	for i := range list {
		var err error
		if list[i], err = w.tree(v.Index(i)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// other leaves a value to encoding/json, and looks at what that has made of it.
func (w writing) other(v reflect.Value) (any, error) {
	text, err := json.Marshal(v.Interface())
	if err != nil || !w.reveal {
		return json.RawMessage(text), err
	}
	if bytes.Contains(text, []byte(`"`+redacted+`"`)) {
		return nil, errors.New("a " + v.Type().String() + " in it is written with " + redacted + " in the place of a secret. Reveal that yourself")
	}
	// Bytes that are not UTF-8 are written as an escape, as nothing else is.
	replaced := v.Type() != rawType && bytes.Contains(bytes.ReplaceAll(text, []byte(`\\`), nil), []byte(`\ufffd`))
	if replaced || !utf8.Valid(text) {
		return nil, errors.New("a text in it is not UTF-8, which is all that JSON carries")
	}
	return json.RawMessage(text), nil
}
