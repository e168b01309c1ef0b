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

/// Where the bytes of an upload come from. Initialize with RUNLOOP_SOURCE_INIT and set exactly one of
/// `path`, `data`, `fd` and `read`. Everything that it points to is used only during the call.
///
/// A pipe, socket or terminal is read when it has bytes, which are sent as they arrive. While it has none,
/// the call's deadline, its cancel token and runloop_client_close() can end the call. It may be in blocking
/// or non-blocking mode; its flags are not changed. (If it is in blocking mode, cannot be opened a second
/// time, for instance because it belongs to another user, and is also read by another process, it may be
/// empty when it is read; the call then blocks in that read.) A regular file is sent up to the length that
/// it had when the call began; if it becomes shorter meanwhile, it is sent as it is then. Waits for a disk
/// or a network file system cannot be interrupted.
///
/// If the call fails, a descriptor of a regular file is set back to its previous offset. Bytes that a pipe
/// or `read` has delivered cannot be read again: runloop_error_retryable() then does not return
/// RUNLOOP_RETRYABLE_YES. If you can make `read` start again, you can repeat the call unless it returns
/// RUNLOOP_RETRYABLE_NO.
///
/// Record locks (fcntl with F_SETLK) that the process holds on the file are lost: the system releases them
/// whenever the process closes any descriptor of the file. Locks by F_OFD_SETLK and flock stay.
#[growing]
pub struct runloop_source {
    /// sizeof(runloop_source); set by RUNLOOP_SOURCE_INIT.
    pub struct_size: usize,
    /// A local file. A named pipe without a writer is waited for. A path that names a descriptor of this
    /// process, such as /dev/stdin or /dev/fd/3, works like `fd`: reading starts at its current offset.
    pub path: *const c_char,
    /// `length` bytes of memory. For an empty upload, any pointer except NULL, with a length of 0.
    pub data: *const c_void,
    /// The length of `data`, which must be set, or the number of bytes that `read` will provide, 0 or less
    /// if unknown; if `read` provides fewer or more, the call fails with RUNLOOP_LOCAL_IO. It must not be
    /// set with `path` and `fd`, which are read to their end. RUNLOOP_SOURCE_INIT sets it to -1.
    #[initially(-1)]
    pub length: i64,
    /// Provides the bytes.
    pub read: runloop_read_fn,
    /// Passed to `read`.
    pub user_data: *mut c_void,
    /// An open file descriptor, read from its current offset and not closed; -1 for none, as set by
    /// RUNLOOP_SOURCE_INIT.
    #[initially(-1)]
    pub fd: i32,
    /// Must be 0.
    pub reserved: i32,
}

/// Where the bytes of a download go. Initialize with RUNLOOP_SINK_INIT and set exactly one of `path`, `fd`
/// and `write`.
///
/// A pipe, socket or terminal is written to when it has room. While it has none, the call's deadline, its
/// cancel token and runloop_client_close() can end the call. It may be in blocking or non-blocking mode;
/// its flags are not changed. If its reader is gone, the call ends with RUNLOOP_LOCAL_IO and raises no
/// SIGPIPE.
///
/// If the call fails, a descriptor of a regular file is set back to its previous offset, and the file is no
/// longer than it was; overwritten contents are lost. What a pipe, `write`, or a file opened with O_APPEND
/// has received stays: runloop_error_retryable() then does not return RUNLOOP_RETRYABLE_YES.
#[growing]
pub struct runloop_sink {
    /// sizeof(runloop_sink); set by RUNLOOP_SINK_INIT.
    pub struct_size: usize,
    /// A local file. It appears under its name, and replaces an existing file, when it is complete and
    /// written to the disk. The permissions, the access control list and, if possible, the owner of a
    /// replaced file are kept; its other hard links keep the old contents. A file that can be written but
    /// not replaced (something is mounted on it, or nothing can be created next to it) is overwritten once
    /// all bytes have been received. A symbolic link stays; its target is replaced or created. A named pipe
    /// or a device is written to; a pipe, as soon as it has a reader. A path that names a descriptor of
    /// this process, such as /dev/stdout or /dev/fd/3, works like `fd`: writing starts at its current
    /// offset.
    pub path: *const c_char,
    /// Receives the bytes.
    pub write: runloop_write_fn,
    /// Passed to `write`.
    pub user_data: *mut c_void,
    /// An open file descriptor, written from its current offset and not closed; -1 for none, as set by
    /// RUNLOOP_SINK_INIT.
    #[initially(-1)]
    pub fd: i32,
    /// Must be 0.
    pub reserved: i32,
}

fn one_of(set: &[bool], what: &str) -> Result<()> {
    match set.iter().filter(|set| **set).count() {
        1 => Ok(()),
        count => Err(Error::invalid(format!("{count} of {what} are set; exactly one must be."))),
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
        return Err(arguments::null("source", "the source of the bytes"));
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
            Error::invalid(
                "The length of data is negative, as the _INIT macro sets it. Set it to the number of bytes, 0 if there are none.",
            )
        })?;
        // SAFETY: by the header's rules.
        let data = unsafe { arguments::data(given.data, length, "data") }?;
        return read_from(Memory::new(data), used);
    }
    if let Some(read) = given.read {
        let length = u64::try_from(given.length).ok().filter(|length| *length > 0);
        let mut source = FunctionSource { read, user_data: given.user_data, length, given: 0 };
        // Only the caller knows whether the function can start again.
        return used(&mut source).map_err(|error| if source.given > 0 { error.doubted() } else { error });
    }
    read_from(FileSource::of_open(file_of(given.fd)?, &format!("The descriptor {}", given.fd))?, used)
}

/// After a failure the source gives what it gave once more, or the error says that it does not.
pub(crate) fn read_from<T>(mut source: impl Source, used: impl FnOnce(&mut dyn Source) -> Result<T>) -> Result<T> {
    used(&mut source).map_err(|error| match source.put_back() {
        true => error,
        false => used_up(error, "The source cannot be read again: pass one that starts from its beginning."),
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
            Ok(count) => Err(Error::invalid(format!("The read callback returned {count}, but only {} bytes fit.", buffer.len()))),
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
                    "The read callback provides more than the {length} bytes that length announces; set length to -1 if it is not known."
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
