package runloop

import (
	"encoding/json"
	"fmt"
	"reflect"
	"unsafe"
)

// ancestors is how deep a value may lie before it is looked up whether it lies in itself: as encoding/json does.
const ancestors = 1000

// acyclic refuses a value that contains itself, as encoding/json does: a value that has a MarshalJSON method of this package is not
// seen whole by encoding/json, and would be written without end.
func acyclic(v reflect.Value) error {
	var c cycles
	return c.find(v)
}

// place is where a pointer, a map or a slice leads.
type place struct {
	to     unsafe.Pointer
	length int
	t      reflect.Type
}

type cycles struct {
	depth int
	above map[place]bool
}

func (c *cycles) find(v reflect.Value) error {
	if !v.IsValid() {
		return nil
	}
	t := v.Type()
	known := t.Kind() == reflect.Struct && membersOf(t) != nil
	switch t.Kind() {
	case reflect.Interface:
		return c.find(v.Elem())
	case reflect.Pointer:
		own := t.Elem().Kind() == reflect.Struct && membersOf(t.Elem()) != nil
		if v.IsNil() || marshals(t) && !own {
			return nil
		}
		return c.below(v, 0, func() error { return c.find(v.Elem()) })
	case reflect.Map:
		if v.IsNil() || marshals(t) || isFlat(t.Elem()) {
			return nil
		}
		return c.below(v, 0, func() error {
			for members := v.MapRange(); members.Next(); {
				if err := c.find(members.Value()); err != nil {
					return err
				}
			}
			return nil
		})
	case reflect.Slice:
		if v.IsNil() || marshals(t) || isFlat(t.Elem()) {
			return nil
		}
		return c.below(v, v.Len(), func() error { return c.items(v) })
	case reflect.Array:
		if marshals(t) || isFlat(t.Elem()) {
			return nil
		}
		return c.items(v)
	case reflect.Struct:
		if marshals(t) && !known {
			return nil
		}
		for i := range t.NumField() {
			field := t.Field(i)
			if tag := field.Tag.Get("json"); (tag == "-" && !known) || !field.IsExported() && !field.Anonymous {
				continue
			}
			if err := c.find(v.Field(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *cycles) items(v reflect.Value) error {
	for i := range v.Len() {
		if err := c.find(v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// below looks at what a value leads to.
func (c *cycles) below(v reflect.Value, length int, find func() error) error {
	c.depth++
	defer func() { c.depth-- }()
	if c.depth > ancestors {
		here := place{v.UnsafePointer(), length, v.Type()}
		if c.above[here] {
			return &json.UnsupportedValueError{Value: v, Str: fmt.Sprintf("encountered a cycle via %s", v.Type())}
		}
		if c.above == nil {
			c.above = map[place]bool{}
		}
		c.above[here] = true
		defer delete(c.above, here)
	}
	return find()
}

// isFlat says whether values of a type hold no others.
func isFlat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Interface, reflect.Pointer, reflect.Map, reflect.Slice, reflect.Array, reflect.Struct:
		return false
	}
	return true
}
