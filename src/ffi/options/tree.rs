//! `runloop_tree_options`: how a directory is packed or unpacked.

use std::ffi::{c_char, c_void, CString};

use runloop_macros::growing;

use crate::archive::Limits;
use crate::error::{Error, Result};
use crate::ffi::boundary::arguments::{Argument, MaybeText};
use crate::ffi::boundary::callbacks::runloop_skipped_fn;
use crate::ffi::boundary::error::c_text;
use crate::ffi::boundary::{arguments, callbacks, growing};
use crate::sdk::{Skip, Tree};

/// Options for packing and unpacking a directory. Zero and NULL select the defaults; initialize with
/// `runloop_tree_options tree = RUNLOOP_TREE_OPTIONS_INIT;`. Everything that it points to is used only
/// during the call.
#[growing]
pub struct runloop_tree_options {
    /// sizeof(runloop_tree_options); set by RUNLOOP_TREE_OPTIONS_INIT.
    pub struct_size: usize,
    /// Patterns of entries to skip when packing, with the rules of .dockerignore, followed by a NULL
    /// pointer. The last pattern that matches a path decides; `!` marks an exception. Must not be set for
    /// unpacking; neither must `ignore_file`.
    pub ignore: *const *const c_char,
    /// A file of such patterns, which precede those of `ignore`.
    pub ignore_file: *const c_char,
    /// Reports skipped entries, and the reason. Sockets, named pipes, devices and, when unpacking, links
    /// that lead outside are always skipped. If this callback is set, any other entry that fails on its own
    /// is skipped too: one that cannot be read, becomes shorter, or has something in its way. An entry
    /// whose permissions and time cannot be set is reported, but kept. If the callback is not set, an entry
    /// that fails ends the call with an error that names it: RUNLOOP_LOCAL_IO, RUNLOOP_BAD_ARCHIVE, or
    /// RUNLOOP_REMOTE_IO if the devbox's tar reports it. A failure that affects more than the entry (a full
    /// disk, a damaged archive, a path that would leave the directory, a limit) always ends the call.
    pub on_skipped: runloop_skipped_fn,
    /// Passed to `on_skipped`.
    pub user_data: *mut c_void,
    /// Maximum number of files, directories and links to unpack; -1 for no limit. Default: 1,000,000.
    pub max_entries: i64,
    /// Maximum total size of the files to unpack, in bytes; -1 for no limit. Default: 64 GiB.
    pub max_bytes: i64,
}

/// Has `used` work with the options.
///
/// # Safety
/// `raw` is NULL or keeps the header's rules.
pub unsafe fn with_tree<T>(raw: *const runloop_tree_options, used: impl FnOnce(&mut Tree<'_>) -> Result<T>) -> Result<T> {
    if raw.is_null() {
        return used(&mut Tree::default());
    }
    // SAFETY: by the header's rules the struct has the size that it says.
    let given = unsafe { growing::read(raw) }?;
    // SAFETY: the members keep the header's rules.
    let (ignore, ignore_file) =
        unsafe { (texts(given.ignore, "ignore")?, <MaybeText as Argument>::take(given.ignore_file, "ignore_file")?) };
    let standard = Limits::default();
    let limits = Limits {
        entries: limit(given.max_entries, standard.entries, "max_entries")?,
        bytes: limit(given.max_bytes, standard.bytes, "max_bytes")?,
    };
    let mut tell = |path: &str, reason: &str| {
        let (path, reason): (CString, CString) = (c_text(path.as_bytes()), c_text(reason.as_bytes()));
        if let Some(function) = given.on_skipped {
            // SAFETY: the caller gave a function of this type, to be called during the call.
            callbacks::call(|| unsafe { function(given.user_data, path.as_ptr(), reason.as_ptr()) });
        }
    };
    let skipped: Option<&mut Skip<'_>> = if given.on_skipped.is_some() { Some(&mut tell) } else { None };
    used(&mut Tree { ignore, ignore_file, limits, skipped })
}

fn limit(given: i64, standard: u64, name: &str) -> Result<u64> {
    match given {
        0 => Ok(standard),
        -1 => Ok(u64::MAX),
        given => {
            u64::try_from(given).map_err(|_| Error::invalid(format!("{name} is {given}; it must be -1 (none), 0 (the default) or more.")))
        }
    }
}

/// # Safety
/// `list` is NULL, or an array of NUL-terminated texts that ends with NULL.
unsafe fn texts(list: *const *const c_char, name: &str) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    if list.is_null() {
        return Ok(texts);
    }
    loop {
        // SAFETY: by this function's contract there is a NULL, and we stop there.
        let entry = unsafe { list.add(texts.len()).read() };
        if entry.is_null() {
            return Ok(texts);
        }
        // SAFETY: as above.
        texts.push(unsafe { arguments::text(entry, name) }?);
    }
}
