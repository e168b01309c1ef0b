//! Archives as they come: tar, plain or compressed in one of the usual ways.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};

const TAR_MAGIC_AT: usize = 257;

/// The tar archive in a file, uncompressed while it is read; `None` where it is none.
pub fn open(file: File) -> io::Result<Option<Box<dyn Read + Send>>> {
    let (head, inner) = uncompressed(file)?;
    let is_tar = head.len() >= TAR_MAGIC_AT + 5 && &head[TAR_MAGIC_AT..TAR_MAGIC_AT + 5] == b"ustar";
    Ok(is_tar.then(|| Box::new(Cursor::new(head).chain(inner)) as Box<dyn Read + Send>))
}

type Reader = Box<dyn Read + Send>;

/// The first bytes, and the rest.
fn uncompressed(file: File) -> io::Result<(Vec<u8>, Reader)> {
    let mut file = BufReader::new(file);
    let head = beginning(&mut file, 6)?;
    let whole = Cursor::new(head.clone()).chain(file);
    let mut inner: Reader = match head.as_slice() {
        [0x1f, 0x8b, ..] => Box::new(flate2::read::MultiGzDecoder::new(whole)),
        [b'B', b'Z', b'h', ..] => Box::new(bzip2::read::MultiBzDecoder::new(whole)),
        [0xfd, b'7', b'z', b'X', b'Z', 0] => {
            // This decoder pushes, so that its output waits in a file.
            let mut out = unnamed()?;
            lzma_rs::xz_decompress(&mut BufReader::new(whole), &mut out).map_err(|e| io::Error::other(format!("xz: {e:?}")))?;
            io::Seek::rewind(&mut out)?;
            Box::new(BufReader::new(out))
        }
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Box::new(ruzstd::decoding::StreamingDecoder::new(whole).map_err(io::Error::other)?),
        _ => Box::new(whole),
    };
    Ok((beginning(&mut inner, TAR_MAGIC_AT + 5)?, inner))
}

fn beginning(from: &mut impl Read, count: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    from.take(count as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// A file without a name, gone when it is closed.
pub fn unnamed() -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let folder = std::env::temp_dir();
    let mut options = File::options();
    options.read(true).write(true).mode(0o600);
    options.clone().custom_flags(libc::O_TMPFILE).open(&folder).or_else(|_| {
        // Not every file system can make one at once.
        let path = folder.join(crate::ids::Ids::new(None).next("runloop-emulator"));
        let file = options.create_new(true).open(&path)?;
        std::fs::remove_file(path)?;
        Ok(file)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Seek, Write};

    fn opened(bytes: &[u8]) -> Option<Vec<u8>> {
        let mut file = unnamed().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        open(file).unwrap().map(|mut reader| {
            let mut all = Vec::new();
            reader.read_to_end(&mut all).unwrap();
            all
        })
    }

    #[test]
    fn archives_are_known_by_their_content() {
        let mut tar = Vec::new();
        crate::sandbox::pack::file(&mut tar, "x".as_ref(), &b"text"[..], 4, (0, 0), 0o644).unwrap();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&tar).unwrap();
        let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        bzip2.write_all(&tar).unwrap();
        let mut xz = Vec::new();
        lzma_rs::xz_compress(&mut tar.as_slice(), &mut xz).unwrap();
        let zstd = ruzstd::encoding::compress_to_vec(tar.as_slice(), ruzstd::encoding::CompressionLevel::Fastest);
        for packed in [tar.clone(), gzip.finish().unwrap(), bzip2.finish().unwrap(), xz, zstd] {
            assert_eq!(opened(&packed).as_ref(), Some(&tar));
        }
        assert_eq!(opened(b"plain text"), None);
        assert_eq!(opened(b""), None);
    }
}
