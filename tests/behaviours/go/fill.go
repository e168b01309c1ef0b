package main

import (
	"encoding/json"
	"reflect"
	"strings"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

// fill fills what the binding has out of a row's JSON, as a program would fill it member by member.
func fill(text json.RawMessage, into reflect.Value) {
	switch {
	case into.Kind() == reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		fill(text, into.Elem())
	case into.Kind() == reflect.Struct && into.FieldByName("Extra").IsValid():
		fillStruct(text, into)
	case into.Type() == reflect.TypeFor[runloop.Mount]():
		fillMount(text, into)
	case into.Kind() == reflect.Slice:
		var items []json.RawMessage
		must(json.Unmarshal(text, &items))
		into.Set(reflect.MakeSlice(into.Type(), len(items), len(items)))
		for i, item := range items {
			fill(item, into.Index(i))
		}
	default:
		must(json.Unmarshal(text, into.Addr().Interface()))
	}
}

// fillStruct puts what the struct has no field for, and null, into its Extra.
func fillStruct(text json.RawMessage, into reflect.Value) {
	var members map[string]json.RawMessage
	must(json.Unmarshal(text, &members))
	extra := runloop.Extra{}
	for name, member := range members {
		if field := fieldOf(into, name); field.IsValid() && string(member) != "null" {
			fill(member, field)
		} else {
			extra[name] = member
		}
	}
	if len(extra) > 0 {
		into.FieldByName("Extra").Set(reflect.ValueOf(extra))
	}
}

func fieldOf(value reflect.Value, name string) reflect.Value {
	for i := range value.NumField() {
		if known, _, _ := strings.Cut(value.Type().Field(i).Tag.Get("json"), ","); known == name {
			return value.Field(i)
		}
	}
	return reflect.Value{}
}

// fillMount makes the struct that the type names; the binding sends the type by itself.
func fillMount(text json.RawMessage, into reflect.Value) {
	var members map[string]json.RawMessage
	must(json.Unmarshal(text, &members))
	var kind string
	must(json.Unmarshal(members["type"], &kind))
	mount := reflect.New(reflect.TypeOf(map[string]any{
		"object_mount": runloop.ObjectMount{}, "code_mount": runloop.CodeMount{},
		"file_mount": runloop.FileMount{}, "broker_mount": runloop.BrokerMount{},
	}[kind])).Elem()
	delete(members, "type")
	rest, err := json.Marshal(members)
	must(err)
	fill(rest, mount)
	into.Set(mount)
}
