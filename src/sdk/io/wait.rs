//! Waiting for a descriptor of the caller's without going beyond the call.

use crate::error::Result;
use crate::transport::{Call, Descriptor, Direction, Source, Transport};

/// What it takes to wait.
pub struct Waiting<'a> {
    /// Drives the engine meanwhile.
    pub transport: &'a Transport,
    /// Ends the waiting.
    pub call: &'a Call,
}

impl Waiting<'_> {
    /// Waits until reading or writing will not have to.
    pub fn until_ready(&self, descriptor: &Descriptor, direction: Direction) -> Result<()> {
        self.transport.until_ready(self.call, descriptor, direction)
    }

    /// The next bytes of a source, 0 at the end.
    pub fn read(&self, source: &mut dyn Source, buffer: &mut [u8]) -> Result<usize> {
        loop {
            self.call.check()?;
            if let Some(count) = source.read(buffer)? {
                return Ok(count);
            }
            if let Some(descriptor) = source.descriptor() {
                self.until_ready(descriptor, Direction::Read)?;
            }
        }
    }
}
