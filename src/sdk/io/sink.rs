//! Where the bytes of a download go, and memory as such a place.

use std::io;

use super::wait::Waiting;
use crate::error::{Error, Result, Status};

/// Where the bytes of a download go.
pub trait Sink {
    /// Takes the next bytes; whatever it has to wait for, it waits for within the call.
    fn write(&mut self, piece: &[u8], waiting: &Waiting<'_>) -> Result<()>;
    /// All bytes have come.
    fn finish(&mut self, waiting: &Waiting<'_>) -> Result<()>;
    /// Forgets what has come, since all begins anew; `false` if it cannot.
    fn restart(&mut self) -> Result<bool> {
        Ok(false)
    }
    /// The transfer failed: gives back what has come, so that all is as it was; `false` if that cannot be.
    fn put_back(&mut self) -> bool;
}

pub(crate) fn unwritable(name: &str, error: &io::Error) -> Error {
    Error::local_io(&format!("{name} cannot be written"), error)
}

/// Memory, up to a bound: a server is not to decide how much of it there is.
pub struct Held {
    bytes: Vec<u8>,
    most: usize,
}

impl Held {
    /// Nothing yet.
    pub fn new(most: usize) -> Held {
        Held { bytes: Vec::new(), most }
    }

    /// What has come.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl Sink for Held {
    fn write(&mut self, piece: &[u8], _waiting: &Waiting<'_>) -> Result<()> {
        if piece.len() > self.most.saturating_sub(self.bytes.len()) {
            let most = self.most;
            return Err(Error::new(
                Status::Protocol,
                format!(
                    "The content is longer than {most} bytes. Download it to a file, or raise the limit with runloop_config_set_max_answer_bytes."
                ),
            ));
        }
        self.bytes.try_reserve(piece.len()).map_err(|_| {
            let length = self.bytes.len();
            Error::new(
                Status::OutOfMemory,
                format!("There is not enough memory for the content, of which {length} bytes have arrived. Download it to a file, or check the process's limits."),
            )
        })?;
        self.bytes.extend_from_slice(piece);
        Ok(())
    }

    fn finish(&mut self, _waiting: &Waiting<'_>) -> Result<()> {
        Ok(())
    }

    fn restart(&mut self) -> Result<bool> {
        self.bytes.clear();
        Ok(true)
    }

    fn put_back(&mut self) -> bool {
        true
    }
}
