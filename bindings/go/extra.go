package runloop

import (
	"encoding/json"
	"maps"
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

// marshal writes a struct with its constant members, given as name and text in turn, and the extra
// ones, which win.
func marshal(plain any, extra Extra, constants ...string) ([]byte, error) {
	text, err := json.Marshal(plain)
	if err != nil || len(extra)+len(constants) == 0 {
		return text, err
	}
	var members map[string]any
	var known map[string]json.RawMessage
	if err := json.Unmarshal(text, &known); err != nil {
		return nil, err
	}
	members = make(map[string]any, len(known)+len(extra))
	for name, value := range known {
		members[name] = value
	}
	for i := 0; i+1 < len(constants); i += 2 {
		members[constants[i]] = constants[i+1]
	}
	maps.Copy(members, extra)
	return json.Marshal(members)
}

// unmarshal reads the members of an object that a struct has a field for; the others, and those that
// are not of the field's kind, become extra. Constant members tell nothing.
func unmarshal(data []byte, into any, extra *Extra, constants ...string) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	target := reflect.ValueOf(into).Elem()
	fields := fieldsOf(target.Type())
	for _, name := range constants {
		delete(members, name)
	}
	*extra = nil
	for name, text := range members {
		if index, ok := fields[name]; ok {
			fresh := reflect.New(target.Field(index).Type())
			if json.Unmarshal(text, fresh.Interface()) == nil {
				target.Field(index).Set(fresh.Elem())
				continue
			}
		}
		if *extra == nil {
			*extra = Extra{}
		}
		(*extra)[name] = text
	}
	return nil
}

var knownFields sync.Map // of reflect.Type: map[string]int

// fieldsOf gives the fields of a struct by their names in JSON.
func fieldsOf(t reflect.Type) map[string]int {
	if known, ok := knownFields.Load(t); ok {
		return known.(map[string]int)
	}
	fields := map[string]int{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name != "" && name != "-" {
			fields[name] = i
		}
	}
	knownFields.Store(t, fields)
	return fields
}
