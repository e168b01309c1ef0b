//! The files of a devbox: in and out, of any size.

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::devbox::Devbox;
use super::file_download::{Earlier, FileDownload};
use crate::api::files;
use crate::error::{Error, Result};
use crate::transport::{Call, CallOptions, Part, Source};

/// Where the bytes of a download go.
pub trait Sink {
    /// Takes the next bytes.
    fn write(&mut self, piece: &[u8]) -> Result<()>;
    /// All bytes have come.
    fn finish(&mut self) -> Result<()>;
    /// Forgets what has come, since all begins anew; `false` if it cannot.
    fn restart(&mut self) -> Result<bool> {
        Ok(false)
    }
}

impl Devbox {
    /// A file's contents.
    pub fn read_file(&self, path: &str, options: &CallOptions) -> Result<Vec<u8>> {
        check(path)?;
        let request = files::read_contents(&self.id, path)?;
        let call = self.client.call(options);
        let answer = self.about(self.client.transport().send(&call, options, &request))?;
        Ok(answer.body.to_vec())
    }

    /// Makes a file hold `contents`. Contents that are no UTF-8 text go as an upload, since the
    /// operation for text cannot carry them.
    pub fn write_file(&self, path: &str, contents: &[u8], options: &CallOptions) -> Result<()> {
        check(path)?;
        match std::str::from_utf8(contents) {
            Ok(text) => {
                let request = files::write_contents(&self.id, path, text)?;
                self.about(self.client.ask(options, &request)).map(drop)
            }
            Err(_) => self.upload_file(path, &mut Memory::new(contents), options),
        }
    }

    /// Sends a file's contents, from wherever they are.
    pub fn upload_file(&self, path: &str, source: &mut dyn Source, options: &CallOptions) -> Result<()> {
        self.upload_file_within(&self.client.call(options), path, source, options)
    }

    pub(super) fn upload_file_within(&self, call: &Call, path: &str, source: &mut dyn Source, options: &CallOptions) -> Result<()> {
        check(path)?;
        let request = files::upload(&self.id)?;
        let boundary = format!("librunloop-{}", uuid::Uuid::new_v4().simple());
        let name = path.rsplit('/').next().unwrap_or(path);
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"path\"\r\n\r\n{path}\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            in_quotes(name)
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        let mut parts = [Part::Bytes(Bytes::from(head)), Part::Content(source), Part::Bytes(Bytes::from(tail))];
        let kind = format!("multipart/form-data; boundary={boundary}");
        self.about(self.client.transport().upload(call, options, &request, &kind, &mut parts)).map(drop)
    }

    /// Fetches a file's contents, to wherever they shall be.
    pub fn download_file(&self, path: &str, sink: &mut dyn Sink, options: &CallOptions) -> Result<()> {
        check(path)?;
        let call = self.client.call(options);
        let mut download = FileDownload::begin(self, &call, path, options)?;
        while let Some(piece) = download.next(&mut || Ok(if sink.restart()? { Earlier::Forgotten } else { Earlier::Final }))? {
            sink.write(&piece)?;
        }
        sink.finish()
    }
}

fn check(path: &str) -> Result<()> {
    if path.is_empty() {
        return Err(Error::invalid("The path of the file in the devbox is empty."));
    }
    if path.contains(['\r', '\n']) {
        return Err(Error::invalid("The path of the file in the devbox holds a line break."));
    }
    Ok(())
}

/// As browsers and the official client write names into a form's headers.
fn in_quotes(name: &str) -> String {
    name.replace('\\', "\\\\").replace('"', "%22")
}

/// Bytes of the caller's.
pub struct Memory<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Memory<'a> {
    /// From the first byte on.
    pub fn new(bytes: &'a [u8]) -> Memory<'a> {
        Memory { bytes, at: 0 }
    }
}

impl Source for Memory<'_> {
    fn length(&self) -> Option<u64> {
        Some(self.bytes.len() as u64)
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let count = buffer.len().min(self.bytes.len() - self.at);
        buffer[..count].copy_from_slice(&self.bytes[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }

    fn rewind(&mut self) -> Result<bool> {
        self.at = 0;
        Ok(true)
    }
}

/// An open file, from where it stands.
pub struct FileSource<F> {
    file: F,
    name: String,
    start: u64,
    length: Option<u64>,
}

impl FileSource<std::fs::File> {
    /// Opens a file of this machine.
    pub fn open(path: &str) -> Result<FileSource<std::fs::File>> {
        let cannot = |error: &std::io::Error| Error::local_io(&format!("{path} cannot be read"), error);
        let file = std::fs::File::open(path).map_err(|error| cannot(&error))?;
        let metadata = file.metadata().map_err(|error| cannot(&error))?;
        if metadata.is_dir() {
            return Err(Error::invalid(format!("{path} is a directory; a file is wanted here.")));
        }
        let length = metadata.is_file().then_some(metadata.len());
        Ok(FileSource { file, name: path.to_owned(), start: 0, length })
    }

    /// What is left to read in a file that is open already; `None` for pipes and their like.
    pub fn of_open(mut file: std::fs::File, name: &str) -> Result<FileSource<std::fs::File>> {
        let metadata = file.metadata().map_err(|error| Error::local_io(name, &error))?;
        let start = if metadata.is_file() { file.stream_position().ok() } else { None };
        let length = start.map(|start| metadata.len().saturating_sub(start));
        Ok(FileSource { file, name: name.to_owned(), start: start.unwrap_or(0), length })
    }
}

impl<F: Read + Seek> Source for FileSource<F> {
    fn length(&self) -> Option<u64> {
        self.length
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        loop {
            match self.file.read(buffer) {
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::local_io(&format!("{} cannot be read", self.name), &error)),
            }
        }
    }

    fn rewind(&mut self) -> Result<bool> {
        Ok(self.length.is_some() && self.file.seek(SeekFrom::Start(self.start)).is_ok())
    }
}

/// A file that appears under its name only when it is whole.
pub struct PathSink {
    target: PathBuf,
    temporary: PathBuf,
    file: Option<std::fs::File>,
}

impl PathSink {
    /// Begins to write beside the target.
    pub fn create(target: &str) -> Result<PathSink> {
        let target = PathBuf::from(target);
        if target.is_dir() {
            return Err(Error::invalid(format!("{} is a directory; name the file to be written.", target.display())));
        }
        let temporary = target.with_file_name(format!(".{}.part", uuid::Uuid::new_v4().simple()));
        let file = std::fs::File::create_new(&temporary).map_err(|error| cannot_write(&target, &error))?;
        Ok(PathSink { target, temporary, file: Some(file) })
    }
}

fn cannot_write(target: &Path, error: &std::io::Error) -> Error {
    Error::local_io(&format!("{} cannot be written", target.display()), error)
}

impl Sink for PathSink {
    fn write(&mut self, piece: &[u8]) -> Result<()> {
        let file = self.file.as_mut().ok_or_else(|| Error::invalid("The file is finished."))?;
        file.write_all(piece).map_err(|error| cannot_write(&self.target, &error))
    }

    fn finish(&mut self) -> Result<()> {
        let file = self.file.take().ok_or_else(|| Error::invalid("The file is finished."))?;
        drop(file);
        std::fs::rename(&self.temporary, &self.target).map_err(|error| {
            let _ = std::fs::remove_file(&self.temporary);
            cannot_write(&self.target, &error)
        })
    }

    fn restart(&mut self) -> Result<bool> {
        let file = self.file.as_mut().ok_or_else(|| Error::invalid("The file is finished."))?;
        file.set_len(0).and_then(|()| file.rewind()).map_err(|error| cannot_write(&self.target, &error))?;
        Ok(true)
    }
}

impl Drop for PathSink {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            let _ = std::fs::remove_file(&self.temporary);
        }
    }
}

/// An open file, from where it stands.
pub struct FileSink {
    file: std::fs::File,
    name: String,
}

impl FileSink {
    /// Writes into a file that is open already.
    pub fn new(file: std::fs::File, name: &str) -> FileSink {
        FileSink { file, name: name.to_owned() }
    }
}

impl Sink for FileSink {
    fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.file.write_all(piece).map_err(|error| Error::local_io(&format!("{} cannot be written", self.name), &error))
    }

    fn finish(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Sink for Vec<u8> {
    fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.extend_from_slice(piece);
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        Ok(())
    }

    fn restart(&mut self) -> Result<bool> {
        self.clear();
        Ok(true)
    }
}
