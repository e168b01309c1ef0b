//! The names in a directory.

use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::path::Path;

use nix::dir::Dir;
use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use nix::unistd::close;

use crate::os::descriptors::{open_in, raised};

/// The names in a directory, in order. They lie in one piece of memory, with 9 bytes besides for each: a directory may
/// have millions.
#[derive(Default)]
pub struct Names {
    /// Each ends with a NUL.
    text: Vec<u8>,
    begins: Vec<usize>,
    given: usize,
}

impl Names {
    /// Of what is in this directory.
    pub fn of(directory: BorrowedFd<'_>) -> nix::Result<Names> {
        Names::below(directory, Path::new("."))
    }

    /// Of what is in a directory of that name, which must not be a link. No descriptor is left open.
    pub fn below(directory: BorrowedFd<'_>, name: &Path) -> nix::Result<Names> {
        let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW;
        let mut names = Names::default();
        for entry in stream(open_in(directory, name, flags, Mode::empty()).and_then(raised)?)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes_with_nul();
            if name != b".\0" && name != b"..\0" {
                names.begins.push(names.text.len());
                names.text.extend_from_slice(name);
            }
        }
        let Names { text, begins, .. } = &mut names;
        begins.sort_unstable_by(|one, other| name_at(text, *one).cmp(name_at(text, *other)));
        Ok(names)
    }
}

impl Iterator for Names {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let begin = *self.begins.get(self.given)?;
        self.given += 1;
        Some(name_at(&self.text, begin).to_vec())
    }
}

fn stream(directory: OwnedFd) -> nix::Result<Dir> {
    let number = directory.as_raw_fd();
    Dir::from_fd(directory).inspect_err(|_| {
        // Without memory for the stream nix leaves the descriptor open, whatever it says.
        let _ = close(number);
    })
}

fn name_at(text: &[u8], begin: usize) -> &[u8] {
    text.get(begin..).and_then(|text| text.split(|byte| *byte == 0).next()).unwrap_or_default()
}
