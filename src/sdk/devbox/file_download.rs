//! A devbox's file on its way here. The service gives no parts of a file, so one that breaks off is
//! fetched again from its beginning, if whoever takes it can do with that.

use bytes::{Buf, Bytes};

use crate::api::devbox::files;
use crate::error::{Error, Result, Retryable, Status};
use crate::sdk::devbox::Devbox;
use crate::transport::{reopen_pause, Call, CallOptions, Download, LastFailure, Request};

/// What becomes of the bytes that came before a break.
pub(crate) enum Earlier {
    /// They are forgotten.
    Forgotten,
    /// They stay, and are passed over when they come again: the file is known not to change.
    Kept,
    /// They can neither be forgotten nor be trusted to come again as they were.
    Final,
}

/// The contents, piece by piece.
pub(crate) struct FileDownload<'a> {
    devbox: &'a Devbox,
    call: &'a Call,
    options: &'a CallOptions,
    request: Request,
    download: Option<Download>,
    done: u64,
    passed_over: u64,
    breaks: u32,
    last_failure: LastFailure,
}

impl<'a> FileDownload<'a> {
    /// Asks for the file.
    pub(crate) fn begin(devbox: &'a Devbox, call: &'a Call, path: &str, options: &'a CallOptions) -> Result<FileDownload<'a>> {
        let request = files::download(&devbox.id, path)?;
        let last_failure = LastFailure::default();
        let mut download =
            FileDownload { devbox, call, options, request, download: None, done: 0, passed_over: 0, breaks: 0, last_failure };
        download.open()?;
        Ok(download)
    }

    /// The API answers with bytes: a web page is another's.
    fn open(&mut self) -> Result<()> {
        let opened = self.devbox.client.transport().download(self.call, self.options, &self.request).and_then(|download| {
            download.check_content(false)?;
            if download.is_page() {
                return Err(download.page());
            }
            Ok(download)
        });
        let opened = opened.map_err(|error| self.explained(error));
        self.download = Some(self.devbox.about(opened)?);
        Ok(())
    }

    /// The next piece, `None` at the end. `earlier` is asked where the transfer is to begin anew.
    pub(crate) fn next(&mut self, earlier: &mut dyn FnMut() -> Result<Earlier>) -> Result<Option<Bytes>> {
        let transport = self.devbox.client.transport();
        loop {
            let Some(download) = self.download.as_mut() else {
                // It makes several attempts of its own.
                self.open()?;
                continue;
            };
            match download.next(transport, self.call, self.options) {
                Ok(Some(mut piece)) => {
                    let over = usize::try_from(self.passed_over).unwrap_or(usize::MAX).min(piece.len());
                    piece.advance(over);
                    self.passed_over -= over as u64;
                    self.done += piece.len() as u64;
                    if !piece.is_empty() {
                        return Ok(Some(piece));
                    }
                }
                Ok(None) if self.passed_over > 0 => return self.devbox.about(Err(self.shorter())),
                Ok(None) => return Ok(None),
                Err(error) => self.devbox.about(self.anew(error, earlier))?,
            }
        }
    }

    /// The error that ends the transfer, with what has broken it off before.
    fn explained(&self, mut error: Error) -> Error {
        error.details_mut().attempts += self.breaks;
        self.last_failure.explain(error)
    }

    /// Has the file asked for again, after a pause, unless it cannot be or has been in vain too often.
    fn anew(&mut self, error: Error, earlier: &mut dyn FnMut() -> Result<Earlier>) -> Result<()> {
        let transport = self.devbox.client.transport();
        if !broke_off(&error) || self.breaks >= transport.max_retries(self.options) {
            return Err(self.explained(error));
        }
        self.last_failure.note(&error);
        self.breaks += 1;
        match if self.done == 0 { Earlier::Kept } else { earlier()? } {
            Earlier::Forgotten => (self.done, self.passed_over) = (0, 0),
            Earlier::Kept => self.passed_over = self.done,
            Earlier::Final => {
                let done = self.done;
                return Err(
                    error.adding(&format!("{done} bytes had already been passed on, and the service cannot return the rest alone."))
                );
            }
        }
        self.download = None;
        transport.pause(self.call, reopen_pause(self.breaks)).map_err(|error| self.explained(error))
    }

    /// Completes the error of whoever cannot take what the answer brings.
    pub(crate) fn told(&self, error: Error) -> Error {
        told(self.download.as_ref(), error)
    }

    fn shorter(&self) -> Error {
        Error::new(Status::Broken, format!("{}: the file has become shorter between two attempts.", self.request.name()))
            .with_retryable(Retryable::Yes)
    }
}

/// An answer that is too long is the answer's fault; another failure to take it is not.
pub(crate) fn told(download: Option<&Download>, error: Error) -> Error {
    match download {
        Some(download) if matches!(error.status(), Status::Protocol | Status::OutOfMemory) => download.told(error),
        _ => error,
    }
}

/// Whether a transfer that failed so may go on.
pub(crate) fn broke_off(error: &Error) -> bool {
    matches!(error.status(), Status::Broken | Status::Timeout) && error.details().retryable != Retryable::No
}
