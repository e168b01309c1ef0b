//! Directories in and out of a devbox.

use runloop_macros::export;

use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Text};
use crate::ffi::devbox::runloop_devbox;
use crate::ffi::options::call::Options;
use crate::ffi::options::tree::{runloop_tree_options, with_tree};

/// Brings a directory of this machine, with all that is below it, into the devbox, into the
/// directory `remote_path`, which is made if need be; what is there already stays, or is replaced.
///
/// One archive is packed while it is sent, on all cores of this machine and in constant memory, and
/// unpacked by the devbox's own tar: two requests, whatever the size. Permissions, times, symbolic and
/// hard links are kept; the files belong to the devbox's user. Directories that are there already keep their
/// permissions. Extended attributes, access control lists and parts of a second are not carried over.
/// `tree` may be NULL. The `timeout_ms` of
/// `opts` is how long the transfer may stand still; its `progress` function is told of the packed bytes,
/// whose total is not known.
///
/// How long an archive will be is not known while it is packed, so it is sent without a length. Where the
/// service refuses that (411) it is gathered, in memory while it is small, else in a file without a name
/// in TMPDIR (/tmp), and sent again. An upload that breaks is made again, from a directory packed anew; where
/// the call fails, its archive is removed behind it. If `remote_path` cannot be made, the directories that were made on the way
/// to it are removed; what has been unpacked before another failure stays.
/// Blocks until the directory is there. Any thread.
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

/// Brings the directory `remote_path` of the devbox, with all that is below it, to this machine, into
/// the directory `local_path`. One that does not exist appears when it is whole; in an existing one
/// files are added and replaced, each when it is whole, new directories appear before what is in them, and what came before a
/// failure stays.
///
/// The devbox's own tar packs it; three requests, whatever the size, in constant memory. Nothing
/// lands outside `local_path`: links that would lead outside, and devices, are left out and told of.
/// Directories that are there already keep their permissions. Extended attributes, access control lists and
/// parts of a second are not carried over. Both commands run in a surrounding of their own: the profile of
/// the devbox's user, its environment and its locale do not reach them.
/// The limits of `tree` (which may be NULL) hold. The `timeout_ms` of `opts` is how long the transfer may
/// stand still; its `progress` function is told of the packed bytes. Where the connection breaks, the
/// archive is fetched again and what is unpacked already is passed over, as often as `max_retries` says.
/// What a failed call has unpacked into a new directory is removed. If its deadline, its token or a close has
/// ended the call, most of that happens behind it, on a thread of the library's; where no thread can be started,
/// or the process ends first, a directory named `.….part` stays beside `local_path`.
/// Blocks until the directory is here. Any thread.
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
