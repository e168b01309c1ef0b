package runloop

import (
	"bytes"
	"io"
	"os"
	"strings"
)

// headLength is how much of a file is read before its size is believed: the files of /proc and /sys name
// sizes that are not theirs, and are short.
const headLength = 64 << 10

// sized gives a reader of the same bytes, and how many there are; -1 where that is not certain.
func sized(from io.Reader) (io.Reader, int64) {
	switch r := from.(type) {
	case *io.LimitedReader:
		if length := lengthInMemory(r.R); length >= 0 {
			return r, min(length, max(r.N, 0))
		}
	case *io.SectionReader:
		return r, sectionLength(r)
	case *os.File:
		return sizedFile(r)
	}
	return from, lengthInMemory(from)
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

// sizedFile reads the beginning of a regular file: what ends there is known whole, whatever size the
// file names.
func sizedFile(file *os.File) (io.Reader, int64) {
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return file, -1
	}
	at, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return file, -1
	}
	head := make([]byte, headLength)
	n, err := io.ReadFull(file, head)
	begun := bytes.NewReader(head[:n])
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return begun, int64(n)
	case err != nil:
		return io.MultiReader(begun, failing{err}), -1
	case info.Size()-at > headLength:
		return io.MultiReader(begun, file), info.Size() - at
	}
	return io.MultiReader(begun, file), -1
}

// failing is a reader that fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
