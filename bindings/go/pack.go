package runloop

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// smallFile is how much of a file is read before its size is believed.
const smallFile = 1 << 20

// pack writes a file system as a tar.gz, names relative, in their order. Dotted: the names of directories end with "/./", so
// that they can be told from what is in them.
func pack(fsys fs.FS, dotted bool, to io.Writer) error {
	if isNil(fsys) {
		return invalid("The file system is nil.")
	}
	zipped, err := gzip.NewWriterLevel(to, gzip.BestSpeed)
	if err != nil {
		return err
	}
	p := &packing{fsys: fsys, dotted: dotted, archive: tar.NewWriter(zipped)}
	err = fs.WalkDir(fsys, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path == "." && !p.begun {
			p.begun = true
			return nil
		}
		return p.entry(path, entry)
	})
	return errors.Join(err, closed(err, p.archive), closed(err, zipped))
}

// packing is a file system on its way into an archive.
type packing struct {
	fsys    fs.FS
	dotted  bool
	archive *tar.Writer
	// Whether the root has been seen.
	begun bool
	// The beginning of a file.
	head []byte
}

func (p *packing) entry(path string, entry fs.DirEntry) error {
	// A file system that names its entries otherwise would leave the directory where it is unpacked.
	if name := entry.Name(); !fs.ValidPath(path) || !fs.ValidPath(name) || bytes.ContainsAny([]byte(name), "/\x00") || name == "." {
		return fmt.Errorf("the file system has an entry %q, in %q: that is no name of a file", name, path)
	}
	info, err := entry.Info()
	if err != nil {
		return err
	}
	if entry.IsDir() {
		if path += "/"; p.dotted {
			path += "./"
		}
		return p.archive.WriteHeader(header(path, tar.TypeDir, info, 0))
	}
	// What else there is, a named pipe for instance, may never be opened.
	if !info.Mode().IsRegular() {
		return nil
	}
	file, err := p.fsys.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := p.file(path, file); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// file writes a file. Its size is what is read of it where that is little, since files of /proc and of
// file systems that are made up name others.
func (p *packing) file(path string, file fs.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if p.head == nil {
		p.head = make([]byte, smallFile)
	}
	from := progressing{file}
	n, err := io.ReadFull(from, p.head)
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return p.content(header(path, tar.TypeReg, info, int64(n)), bytes.NewReader(p.head[:n]))
	case err != nil:
		return err
	}
	whole := io.MultiReader(bytes.NewReader(p.head), from)
	if info.Size() <= smallFile {
		return p.spooled(header(path, tar.TypeReg, info, 0), whole)
	}
	if err := p.content(header(path, tar.TypeReg, info, info.Size()), io.LimitReader(whole, info.Size())); err != nil {
		return err
	}
	return p.grown(file, info.Size(), from)
}

// grown says whether a file has more than its size because it grows: it is sent as it was.
func (p *packing) grown(file fs.File, size int64, from io.Reader) error {
	if n, _ := from.Read(p.head[:1]); n == 0 {
		return nil
	}
	if now, err := file.Stat(); err == nil && now.Size() > size {
		return nil
	}
	return fmt.Errorf("it says that it has %d bytes, and gave more", size)
}

func (p *packing) content(h *tar.Header, from io.Reader) error {
	if err := p.archive.WriteHeader(h); err != nil {
		return err
	}
	n, err := io.Copy(p.archive, from)
	if err == nil && n < h.Size {
		err = fmt.Errorf("it says that it has %d bytes, and gave %d", h.Size, n)
	}
	return err
}

// spooled finds out how long a file is in a file without a name.
func (p *packing) spooled(h *tar.Header, from io.Reader) error {
	spool, err := unnamed()
	if err != nil {
		return err
	}
	defer spool.Close()
	if h.Size, err = io.Copy(spool, from); err != nil {
		return err
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return p.content(h, spool)
}

// unnamed is a file that goes when it is closed.
func unnamed() (*os.File, error) {
	spool, err := os.CreateTemp("", "librunloop-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(spool.Name()); err != nil {
		spool.Close()
		return nil, err
	}
	return spool, nil
}

// header describes an entry. The owner can use it whatever its permissions are: file systems that are
// embedded let nobody write, and those that are made up often have no permissions at all.
func header(name string, kind byte, info fs.FileInfo, size int64) *tar.Header {
	mode := int64(info.Mode().Perm()) | 0o600
	if kind == tar.TypeDir {
		mode |= 0o700
	}
	for bit, unix := range map[fs.FileMode]int64{fs.ModeSetuid: 0o4000, fs.ModeSetgid: 0o2000, fs.ModeSticky: 0o1000} {
		if info.Mode()&bit != 0 {
			mode |= unix
		}
	}
	return &tar.Header{Name: name, Typeflag: kind, Mode: mode, Size: size, ModTime: info.ModTime()}
}

// progressing is a reader that does not give nothing for ever.
type progressing struct{ from io.Reader }

func (p progressing) Read(piece []byte) (int, error) {
	if len(piece) == 0 {
		return 0, nil
	}
	data, err := readSome(p.from, piece)
	return len(data), err
}

// closed closes what is whole.
func closed(failed error, what io.Closer) error {
	if failed != nil {
		return nil
	}
	return what.Close()
}
