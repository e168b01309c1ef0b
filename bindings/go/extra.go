package runloop

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
)

// Extra holds members of a JSON object by their names. What you set may be anything that
// encoding/json takes; what came with an answer is a [json.RawMessage].
type Extra map[string]any

// Decode reads a member into a variable; false if there is none.
func (e Extra) Decode(name string, into any) (bool, error) {
	found, ok := e[name]
	if !ok {
		return false, nil
	}
	text, err := json.Marshal(found)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	return true, err
}

// members is what is known of a struct that is made from the API's description.
type members struct {
	// The fields by their names in JSON.
	fields map[string]int
	// The names of members that are sent though they are empty.
	required map[string]bool
	// Where Extra is.
	extra int
	// A constant member, whose value tells structs of a union apart; empty if there is none.
	constant, value string
}

var (
	extraType    = reflect.TypeFor[Extra]()
	knownMembers sync.Map // of reflect.Type: *members
)

// membersOf returns what is known of a struct; nil for one that is not made from the API's description.
func membersOf(t reflect.Type) *members {
	if known, ok := knownMembers.Load(t); ok {
		return known.(*members)
	}
	extra, ok := t.FieldByName("Extra")
	if !ok || extra.Type != extraType || len(extra.Index) != 1 || t.PkgPath() != extraType.PkgPath() {
		return nil
	}
	found := &members{fields: map[string]int{}, required: map[string]bool{}, extra: extra.Index[0]}
	found.constant, found.value, _ = strings.Cut(extra.Tag.Get("constant"), "=")
	for i := range t.NumField() {
		name, option, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name != "" && name != "-" {
			found.fields[name], found.required[name] = i, option != "omitzero"
		}
	}
	knownMembers.Store(t, found)
	return found
}

// union is how the structs are told apart that an interface stands for.
type union struct {
	tag     string
	choices map[string]reflect.Type
}

// unmarshal reads the members of an object that a struct has a field for; the others, and those that
// are not of the field's kind, become extra. A constant member tells nothing.
func unmarshal(data []byte, into any) error {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(data, &given); err != nil {
		return err
	}
	target := reflect.ValueOf(into).Elem()
	known := membersOf(target.Type())
	delete(given, known.constant)
	var extra Extra
	for name, text := range given {
		if index, ok := known.fields[name]; ok {
			fresh := reflect.New(target.Field(index).Type()).Elem()
			if decode(text, fresh) == nil {
				target.Field(index).Set(fresh)
				continue
			}
		}
		if extra == nil {
			extra = Extra{}
		}
		extra[name] = text
	}
	target.Field(known.extra).Set(reflect.ValueOf(extra))
	return nil
}

// decode reads a value whose numbers keep their digits where the type does not say what they are.
func decode(text json.RawMessage, into reflect.Value) error {
	if choices, ok := unions[into.Type()]; ok {
		return choices.decode(text, into)
	}
	if into.Kind() == reflect.Slice && into.Type() != reflect.TypeFor[json.RawMessage]() {
		if _, ok := unions[into.Type().Elem()]; ok {
			return decodeEach(text, into)
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return decoder.Decode(into.Addr().Interface())
}

func decodeEach(text json.RawMessage, into reflect.Value) error {
	var items []json.RawMessage
	if err := json.Unmarshal(text, &items); err != nil || items == nil {
		return err
	}
	list := reflect.MakeSlice(into.Type(), len(items), len(items))
	for i, item := range items {
		if err := decode(item, list.Index(i)); err != nil {
			return err
		}
	}
	into.Set(list)
	return nil
}

func (u union) decode(text json.RawMessage, into reflect.Value) error {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(text, &given); err != nil || given == nil {
		return err
	}
	var tag string
	if err := json.Unmarshal(given[u.tag], &tag); err != nil {
		return err
	}
	choice, ok := u.choices[tag]
	if !ok {
		return invalid("%q is unknown.", tag)
	}
	made := reflect.New(choice)
	if err := json.Unmarshal(text, made.Interface()); err != nil {
		return err
	}
	into.Set(made.Elem())
	return nil
}
