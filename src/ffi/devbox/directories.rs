//! Directories in and out of a devbox.

use runloop_macros::export;

use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Text};
use crate::ffi::devbox::runloop_devbox;
use crate::ffi::options::call::Options;
use crate::ffi::options::tree::{runloop_tree_options, with_tree};

/// Uploads a local directory with everything in it to the directory `remote_path` of the devbox, which is
/// created if it does not exist. Existing files there are kept, or replaced by files of the same name.
///
/// The directory is packed while it is sent, on all cores and in constant memory, and unpacked by the
/// devbox's tar: two requests, whatever its size. Permissions, times, symbolic and hard links are
/// preserved; extended attributes, access control lists and fractions of a second are not. The files belong
/// to the devbox's user. Existing directories keep their permissions. `timeout_ms` in `opts` is the idle
/// timeout; `progress` counts the packed bytes, whose total is not known.
///
/// Since the length of the archive is not known while it is packed, it is sent without a length. If the
/// service refuses that (HTTP 411), the archive is first stored, in memory if it is small, otherwise in an
/// unnamed file in TMPDIR (/tmp), and sent again. If an upload breaks, the directory is packed again and
/// sent again. If the call fails, the archive is removed from the devbox in the background. If
/// `remote_path` cannot be created, the parent directories that were created for it are removed; what was
/// unpacked before any other failure stays. Blocks until the directory is complete. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/upload_file, then POST /v1/devboxes/{id}/execute.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_REMOTE_IO, RUNLOOP_STOPPED.
#[export]
fn runloop_devbox_upload_dir(
    devbox: In<runloop_devbox>,
    local_path: Text,
    remote_path: Text,
    tree: *const runloop_tree_options,
    opts: Options,
) -> Result<()> {
    // SAFETY: by the header's rules.
    unsafe { with_tree(tree, |tree| devbox.devbox.upload_directory(&local_path, &remote_path, tree, &opts)) }
}

/// Downloads the directory `remote_path` of the devbox with everything in it to the local directory
/// `local_path`. A new directory appears when it is complete. In an existing directory, files are added and
/// replaced, each when it is complete; new directories appear before their contents, and what arrived
/// before a failure stays.
///
/// The devbox's tar packs the directory: three requests, whatever its size, in constant memory. Nothing is
/// written outside `local_path`: links that would lead outside, and devices, are skipped and reported.
/// Existing directories keep their permissions. Extended attributes, access control lists and fractions of
/// a second are not preserved. The commands in the devbox do not depend on its user's profile, environment
/// and locale. `timeout_ms` in `opts` is the idle timeout; `progress` counts the packed bytes.
///
/// If the connection breaks, the archive is downloaded again, up to `max_retries` times, and what has
/// already been unpacked is skipped. What a failed call has unpacked into a new directory is removed. If
/// the call was ended by its deadline, its cancel token or the closing of the client, most of that happens
/// afterwards, on a thread of the library; if no thread can be started, or the process ends first, a
/// directory named `.….part` stays next to `local_path`. Blocks until the directory is complete. Any
/// thread.
///
/// Endpoint: POST /v1/devboxes/{id}/execute, then POST /v1/devboxes/{id}/download_file, and execute again.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_REMOTE_IO, RUNLOOP_BAD_ARCHIVE,
/// RUNLOOP_STOPPED.
#[export]
fn runloop_devbox_download_dir(
    devbox: In<runloop_devbox>,
    remote_path: Text,
    local_path: Text,
    tree: *const runloop_tree_options,
    opts: Options,
) -> Result<()> {
    // SAFETY: by the header's rules.
    unsafe { with_tree(tree, |tree| devbox.devbox.download_directory(&remote_path, &local_path, tree, &opts)) }
}
