//! `runloop_source` and `runloop_sink`: where a transfer's bytes come from and go to.

use std::ffi::{c_char, c_void};
use std::fs::File;
use std::os::fd::BorrowedFd;

use runloop_macros::growing;

use crate::error::{Error, Result, Retryable, Status};
use crate::ffi::boundary::callbacks::{runloop_read_fn, runloop_write_fn};
use crate::ffi::boundary::{arguments, callbacks, growing};
use crate::sdk::{FileSink, FileSource, Memory, PathSink, Sink, Waiting};
use crate::transport::Source;

/// Where the bytes of an upload come from. Begin with RUNLOOP_SOURCE_INIT and set exactly one of
/// path, data, fd and read. Everything that it points to is used during the call alone.
///
/// A pipe, a socket or a terminal is read when it has bytes, which are sent as they come; while it has
/// none, the call's deadline, its cancel token and runloop_client_close() end the call. It may be blocking
/// or not: its flags are not changed. (A blocking one that cannot be opened once more, such as another user's, and that
/// somebody else reads too may be empty again when it is read: then the call waits for that read.) Of a regular file so many
/// bytes are sent as it held when the call began; one that becomes shorter meanwhile is sent as it is then. None of these
/// ends a wait for its disk or for a network file system.
///
/// Where the call fails, a descriptor of a regular file stands where it stood before. What a pipe or `read` has given does not
/// come again: runloop_error_retryable() does not say YES then. Whoever can have `read` begin anew may make the call
/// again all the same, where it does not say NO.
///
/// Record locks (fcntl with F_SETLK) that the process holds on the file are lost with the call: the system gives them up
/// whenever the process closes any descriptor of that file. Those of F_OFD_SETLK and flock stay.
#[growing]
pub struct runloop_source {
    /// sizeof(runloop_source); set by the _INIT macro.
    pub struct_size: usize,
    /// A file of this machine; a named pipe that nobody writes to yet is waited for. One that names a descriptor of
    /// this process, such as /dev/stdin or /dev/fd/3, means that descriptor, as `fd` does: it is read from where it stands.
    pub path: *const c_char,
    /// Memory of `length` bytes; for no bytes at all, any pointer but NULL, and a length of 0.
    pub data: *const c_void,
    /// Of `data`, where it must be set; or what `read` will give in all, 0 or less if that is not known: giving less
    /// or more is RUNLOOP_LOCAL_IO. With `path` and `fd`, whose files are sent to their end, it must not be set. The _INIT macro sets it to -1.
    #[initially(-1)]
    pub length: i64,
    /// Gives the bytes.
    pub read: runloop_read_fn,
    /// Handed to `read`.
    pub user_data: *mut c_void,
    /// An open file descriptor, read from where it stands, not closed; -1 for none, as the _INIT
    /// macro sets it.
    #[initially(-1)]
    pub fd: i32,
    /// Must be 0.
    pub reserved: i32,
}

/// Where the bytes of a download go. Begin with RUNLOOP_SINK_INIT and set exactly one of path, fd
/// and write.
///
/// A pipe, a socket or a terminal is written to when it has room; while it has none, the call's deadline,
/// its cancel token and runloop_client_close() end the call. It may be blocking or not: its flags are not
/// changed. Where nobody reads it any more the call ends with RUNLOOP_LOCAL_IO, and no SIGPIPE is raised.
///
/// Where the call fails, a descriptor of a regular file stands where it stood before, and the file is no longer than it was;
/// what was overwritten is gone. What a pipe, `write`, or a file opened with O_APPEND has taken stays:
/// runloop_error_retryable() does not say YES then.
#[growing]
pub struct runloop_sink {
    /// sizeof(runloop_sink); set by the _INIT macro.
    pub struct_size: usize,
    /// A file of this machine; it appears under its name, replacing what was there, when it is
    /// whole and written to the disk. It keeps the permissions, the access control list, and where that can be the owner, of a
    /// file that it replaces; other hard links to that keep the old contents. One that cannot be replaced but may be written
    /// (something is mounted on it, or nothing can be made beside it) is written over once all bytes are here. A symbolic link
    /// stays: the file that it leads to is replaced or made. A named pipe or a device is written to instead, a pipe once
    /// somebody reads it.
    /// One that names a descriptor of this process, such as /dev/stdout or /dev/fd/3, means that descriptor, as `fd` does: it is
    /// written from where it stands.
    pub path: *const c_char,
    /// Takes the bytes.
    pub write: runloop_write_fn,
    /// Handed to `write`.
    pub user_data: *mut c_void,
    /// An open file descriptor, written from where it stands, not closed; -1 for none, as the
    /// _INIT macro sets it.
    #[initially(-1)]
    pub fd: i32,
    /// Must be 0.
    pub reserved: i32,
}

fn one_of(set: &[bool], what: &str) -> Result<()> {
    match set.iter().filter(|set| **set).count() {
        1 => Ok(()),
        count => Err(Error::invalid(format!("{count} of {what} are set, where exactly one must be."))),
    }
}

fn unused(reserved: i32, name: &str) -> Result<()> {
    if reserved == 0 {
        return Ok(());
    }
    Err(Error::invalid(format!("The member reserved of {name} is not 0.")))
}

fn file_of(fd: i32) -> Result<File> {
    duplicate(fd).map_err(|error| Error::local_io(&format!("The descriptor {fd}"), &error))
}

/// Another number for what is open by this one.
pub fn duplicate(fd: i32) -> std::io::Result<File> {
    // SAFETY: it is only duplicated here, which fails where nothing is open by this number.
    let borrowed = unsafe { BorrowedFd::borrow_raw(fd) };
    borrowed.try_clone_to_owned().map(File::from)
}

/// Opens what `raw` names and has `used` read from it.
///
/// # Safety
/// `raw` keeps the header's rules.
pub unsafe fn with_source<T>(raw: *const runloop_source, used: impl FnOnce(&mut dyn Source) -> Result<T>) -> Result<T> {
    if raw.is_null() {
        return Err(arguments::null("source", "where the bytes come from"));
    }
    // SAFETY: by the header's rules the struct has the size that it says.
    let given = unsafe { growing::read(raw) }?;
    unused(given.reserved, "runloop_source")?;
    one_of(
        &[!given.path.is_null(), !given.data.is_null(), given.read.is_some(), given.fd >= 0],
        "path, data, read and fd of runloop_source",
    )?;
    if given.length > 0 && given.data.is_null() && given.read.is_none() {
        return Err(Error::invalid(format!(
            "length of runloop_source is {}, where path or fd is set: a file is sent to its end. Leave length at -1; to send a part, give a read function.",
            given.length
        )));
    }
    if !given.path.is_null() {
        // SAFETY: by the header's rules.
        let path = unsafe { arguments::text(given.path, "path") }?;
        return read_from(FileSource::open(&path)?, used);
    }
    if !given.data.is_null() {
        let length = usize::try_from(given.length).map_err(|_| {
            Error::invalid("The length of data is negative, as the _INIT macro leaves it; set it, to 0 for no bytes at all.")
        })?;
        // SAFETY: by the header's rules.
        let data = unsafe { arguments::data(given.data, length, "data") }?;
        return read_from(Memory::new(data), used);
    }
    if let Some(read) = given.read {
        let length = u64::try_from(given.length).ok().filter(|length| *length > 0);
        let mut source = FunctionSource { read, user_data: given.user_data, length, given: 0 };
        // Whoever gave the function knows whether it can begin anew.
        return used(&mut source).map_err(|error| if source.given > 0 { error.doubted() } else { error });
    }
    read_from(FileSource::of_open(file_of(given.fd)?, &format!("The descriptor {}", given.fd))?, used)
}

/// After a failure the source gives what it gave once more, or the error says that it does not.
pub(crate) fn read_from<T>(mut source: impl Source, used: impl FnOnce(&mut dyn Source) -> Result<T>) -> Result<T> {
    used(&mut source).map_err(|error| match source.put_back() {
        true => error,
        false => used_up(error, "What was read of its source does not come again: give the call one that begins anew."),
    })
}

/// Opens what `raw` names and has `used` write to it.
///
/// # Safety
/// `raw` is not NULL and keeps the header's rules.
pub unsafe fn with_sink<T>(raw: *const runloop_sink, used: impl FnOnce(&mut dyn Sink) -> Result<T>) -> Result<T> {
    // SAFETY: by the header's rules the struct has the size that it says.
    let given = unsafe { growing::read(raw) }?;
    unused(given.reserved, "runloop_sink")?;
    one_of(&[!given.path.is_null(), given.write.is_some(), given.fd >= 0], "path, write and fd of runloop_sink")?;
    if !given.path.is_null() {
        // SAFETY: by the header's rules.
        let path = unsafe { arguments::text(given.path, "path") }?;
        return write_to(PathSink::create(&path)?, used);
    }
    if let Some(write) = given.write {
        let mut sink = FunctionSink { write, user_data: given.user_data, called: false };
        return used(&mut sink).map_err(|error| if sink.put_back() { error } else { error.doubted() });
    }
    write_to(FileSink::new(file_of(given.fd)?, &format!("The descriptor {}", given.fd))?, used)
}

/// After a failure the sink is as it was, or the error says that it is not.
pub(crate) fn write_to<T>(mut sink: impl Sink, used: impl FnOnce(&mut dyn Sink) -> Result<T>) -> Result<T> {
    used(&mut sink).map_err(|error| match sink.put_back() {
        true => error,
        false => used_up(error, "Its sink keeps what it has taken: empty that before making the call again."),
    })
}

/// The same call made again would not do the same, unless this is done before.
fn used_up(error: Error, next: &str) -> Error {
    match error.details().retryable {
        Retryable::Yes => error.doubted().adding(next),
        _ => error,
    }
}

struct FunctionSource {
    read: unsafe extern "C" fn(*mut c_void, *mut c_char, usize) -> i64,
    user_data: *mut c_void,
    length: Option<u64>,
    given: u64,
}

impl FunctionSource {
    fn call(&mut self, buffer: &mut [u8]) -> Result<usize> {
        // SAFETY: the caller gave a function of this type, to be called during the call.
        let count = callbacks::call(|| unsafe { (self.read)(self.user_data, buffer.as_mut_ptr().cast(), buffer.len()) });
        match usize::try_from(count) {
            Ok(count) if count <= buffer.len() => Ok(count),
            Ok(count) => Err(Error::invalid(format!("The read function says that it wrote {count} bytes where {} fit.", buffer.len()))),
            Err(_) => Err(Error::new(Status::Stopped, "The transfer was stopped by its read function.")),
        }
    }
}

/// What is asked for behind the end that was announced.
const BEHIND_THE_END: usize = 4096;

impl Source for FunctionSource {
    fn length(&self) -> Option<u64> {
        self.length
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<Option<usize>> {
        let count = self.call(buffer)?;
        self.given += count as u64;
        // Asked before the last piece is sent: what is whole by its length cannot be called back.
        if let Some(length) = self.length.filter(|length| count > 0 && self.given >= *length) {
            if self.given > length || self.call(&mut [0; BEHIND_THE_END])? > 0 {
                let message = format!(
                    "The read function gives more than the {length} bytes that it was said to give; set length to -1 if it is not known."
                );
                return Err(Error::new(Status::LocalIo, message));
            }
        }
        Ok(Some(count))
    }

    fn rewind(&mut self) -> Result<bool> {
        Ok(false)
    }
}

struct FunctionSink {
    write: unsafe extern "C" fn(*mut c_void, *const c_char, usize) -> i32,
    user_data: *mut c_void,
    called: bool,
}

impl Sink for FunctionSink {
    fn write(&mut self, piece: &[u8], _waiting: &Waiting<'_>) -> Result<()> {
        self.called = true;
        // SAFETY: the caller gave a function of this type, to be called during the call.
        match callbacks::call(|| unsafe { (self.write)(self.user_data, piece.as_ptr().cast(), piece.len()) }) {
            0 => Ok(()),
            _ => Err(Error::new(Status::Stopped, "The transfer was stopped by its write function.")),
        }
    }

    fn finish(&mut self, _waiting: &Waiting<'_>) -> Result<()> {
        Ok(())
    }

    fn put_back(&mut self) -> bool {
        !self.called
    }
}
