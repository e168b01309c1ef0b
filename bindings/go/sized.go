package runloop

import (
	"bytes"
	"io"
	"strings"
)

// sized gives how many bytes a reader will give; -1 where that is not certain.
func sized(from io.Reader) int64 {
	switch r := from.(type) {
	case *io.LimitedReader:
		if length := lengthInMemory(r.R); length >= 0 {
			return min(length, max(r.N, 0))
		}
	case *io.SectionReader:
		return sectionLength(r)
	}
	return lengthInMemory(from)
}

// lengthInMemory is how much a reader of memory will give; -1 for any other. A method Len of a type that
// we do not know may mean anything.
func lengthInMemory(from io.Reader) int64 {
	switch r := from.(type) {
	case *bytes.Reader:
		return int64(r.Len())
	case *bytes.Buffer:
		return int64(r.Len())
	case *strings.Reader:
		return int64(r.Len())
	}
	return -1
}

// sectionLength is what is left of a section; -1 if what lies under it may end before.
func sectionLength(r *io.SectionReader) int64 {
	under, offset, length := r.Outer()
	var size int64
	switch u := under.(type) {
	case *bytes.Reader:
		size = u.Size()
	case *strings.Reader:
		size = u.Size()
	default:
		return -1
	}
	at, err := r.Seek(0, io.SeekCurrent)
	if err != nil || offset < 0 {
		return -1
	}
	return max(0, min(length, size-offset)-at)
}
