//! The content of an object on its way here: goes on where it broke off, and is whole or an error.

use std::io::{self, Read};
use std::path::Path;

use bytes::{Buf, Bytes};
use flate2::Crc;
use serde_json::Value;

use crate::api::{object, Params};
use crate::archive::Landing;
use crate::error::{Error, Result, Retryable, Status};
use crate::sdk::devbox::file_download::{broke_off, told};
use crate::sdk::io::packed::Tree;
use crate::sdk::io::sink::{Held, Sink};
use crate::sdk::io::source::named;
use crate::sdk::io::wait::Waiting;
use crate::sdk::object::StorageObject;
use crate::transport::{reopen_pause, Call, CallOptions, Download, LastFailure, Rest, SignedUrl, Validator};

/// The answer of a storage that has nothing from there on.
const RANGE_NOT_SATISFIABLE: u16 = 416;

impl StorageObject {
    /// Fetches the content, to wherever it shall be.
    pub fn download(&self, query: &Params, sink: &mut dyn Sink, options: &CallOptions) -> Result<()> {
        let mut content = Content::of(self, query, options);
        let call = content.call.clone();
        let waiting = Waiting { transport: self.client.transport(), call: &call };
        while let Some(piece) = content.next(&mut || sink.restart())? {
            sink.write(&piece, &waiting).map_err(|error| told(content.download.as_ref(), error))?;
        }
        sink.finish(&waiting)
    }

    /// Fetches the content into memory, as far as the client allows.
    pub fn download_held(&self, query: &Params, options: &CallOptions) -> Result<Vec<u8>> {
        let mut held = Held::new(self.client.transport().max_answer());
        self.about(self.download(query, &mut held, options))?;
        Ok(held.into_bytes())
    }

    /// Fetches the content, a tar or tar.gz archive, and unpacks it into a directory.
    pub fn download_directory(&self, path: &str, tree: &mut Tree<'_>, query: &Params, options: &CallOptions) -> Result<()> {
        named(path)?;
        tree.check_for_unpacking()?;
        let content = Content::of(self, query, options);
        let call = content.call.clone();
        let (ground, landing) = Landing::begin(Path::new(path), &call)?;
        self.about(tree.unpack(Reading { content, rest: Bytes::new() }, ground, &call))?;
        landing.finish()
    }
}

/// The content, piece by piece.
struct Content<'a> {
    object: &'a StorageObject,
    query: &'a Params,
    options: &'a CallOptions,
    call: Call,
    download: Option<Download>,
    done: u64,
    /// Of what comes, so much is here already.
    passed_over: u64,
    total: Option<u64>,
    /// What the content is known again by.
    validator: Option<Validator>,
    /// Of a content that nothing else is known by: the sum of what was given, and of what comes again.
    sums: [Crc; 2],
    /// Breaks in a row, without a byte between them.
    fruitless: u32,
    /// The last of them.
    last_failure: LastFailure,
}

impl<'a> Content<'a> {
    fn of(object: &'a StorageObject, query: &'a Params, options: &'a CallOptions) -> Content<'a> {
        Content {
            object,
            query,
            options,
            call: object.client.call(options),
            download: None,
            done: 0,
            passed_over: 0,
            total: None,
            validator: None,
            sums: Default::default(),
            fruitless: 0,
            last_failure: LastFailure::default(),
        }
    }

    /// The next piece, `None` at the end. `restart` says that all begins anew, and whether that
    /// can be.
    fn next(&mut self, restart: &mut dyn FnMut() -> Result<bool>) -> Result<Option<Bytes>> {
        loop {
            let outcome = match self.download.as_mut() {
                Some(download) => download.next(self.object.client.transport(), &self.call, self.options),
                None => {
                    // It makes several attempts of its own.
                    let opened = self.open(restart).map_err(|error| self.explained(error));
                    self.object.about(opened)?;
                    continue;
                }
            };
            match outcome {
                Ok(Some(mut piece)) => {
                    self.pass_over(&mut piece)?;
                    if piece.is_empty() {
                        continue;
                    }
                    if self.validator.is_none() {
                        self.sums[0].update(&piece);
                    }
                    self.done += piece.len() as u64;
                    self.fruitless = 0;
                    self.last_failure.forget();
                    return Ok(Some(piece));
                }
                Ok(None) if self.passed_over == 0 && self.total.is_none_or(|total| total == self.done) => return Ok(None),
                Ok(None) => self.again(self.too_short())?,
                Err(error) if broke_off(&error) => self.again(error)?,
                Err(error) => return self.object.about(Err(self.explained(error))),
            }
        }
    }

    /// The error that ends the transfer, with what has broken it off before.
    fn explained(&self, mut error: Error) -> Error {
        error.details_mut().attempts += self.fruitless;
        self.last_failure.explain(error)
    }

    /// Passes over what is here already, which is to be the same.
    fn pass_over(&mut self, piece: &mut Bytes) -> Result<()> {
        let over = usize::try_from(self.passed_over).unwrap_or(usize::MAX).min(piece.len());
        if over == 0 {
            return Ok(());
        }
        let again = piece.split_to(over);
        self.passed_over -= over as u64;
        if self.validator.is_some() {
            return Ok(());
        }
        self.sums[1].update(&again);
        if self.passed_over == 0 && self.sums[0].sum() != self.sums[1].sum() {
            return self.object.about(Err(self.another_content()));
        }
        Ok(())
    }

    fn another_content(&self) -> Error {
        let message = format!(
            "GET of the content of {}: the transfer broke off after {} bytes, which had already been passed on, and the storage now has another content.",
            self.object.id, self.done
        );
        Error::new(Status::Broken, message).with_retryable(Retryable::Yes)
    }

    /// Has the rest asked for, after a pause, unless that has been in vain for too long.
    fn again(&mut self, error: Error) -> Result<()> {
        self.download = None;
        let error = self.explained(error);
        self.last_failure.note(&error);
        self.fruitless += 1;
        if self.fruitless > self.object.client.transport().max_retries(self.options) {
            let done = self.done;
            return self.object.about(Err(
                error.adding(&format!("{done} bytes had arrived; {} further attempts in a row brought no more.", self.fruitless))
            ));
        }
        let paused = self.object.client.transport().pause(&self.call, reopen_pause(self.fruitless));
        self.object.about(paused.map_err(|error| self.explained(error)))
    }

    fn too_short(&self) -> Error {
        let total = self.total.unwrap_or(self.done + self.passed_over);
        Error::new(Status::Broken, format!("The content of {} ended after {} of {total} bytes.", self.object.id, self.done))
            .with_retryable(Retryable::Yes)
    }

    /// Whether the object itself is a web page, as the service describes it, and not somebody else's answer.
    fn is_a_page(&self, total: Option<u64>) -> Result<bool> {
        let options = self.options.for_what_follows();
        let view = self.object.client.ask_within(&self.call, &options, &object::retrieve(&self.object.id)?)?;
        let text = |key| view.get(key).and_then(Value::as_str).unwrap_or_default();
        if let (Some(size), Some(total)) = (view.get("size_bytes").and_then(Value::as_u64), total) {
            return Ok(size == total);
        }
        Ok(matches!(text("content_type"), "text" | "unspecified" | "") && [".html", ".htm"].iter().any(|end| text("name").ends_with(end)))
    }

    fn open(&mut self, restart: &mut dyn FnMut() -> Result<bool>) -> Result<()> {
        // The URL of before may have expired.
        let request = object::download(&self.object.id, self.query.to_query()?)?;
        let url = self.object.client.ask_and_read(&self.call, self.options, &request, |view| {
            let text = view.get("download_url").and_then(Value::as_str);
            let none = || Error::new(Status::Protocol, format!("{}: the answer has no download_url.", request.name()));
            SignedUrl::new(text.ok_or_else(none)?, [])
        })?;
        let rest = self.validator.clone().filter(|_| self.done > 0).map(|of| Rest { from: self.done, of });
        let name = format!("GET of the content of {}", self.object.id);
        let transport = self.object.client.transport();
        let (mut download, rest) = match transport.get_signed(&self.call, self.options, &name, &url, rest.as_ref()) {
            // All is here and its end alone was missing, or the content is another and shorter one.
            Err(error) if rest.is_some() && error.details().http_status == RANGE_NOT_SATISFIABLE => {
                (transport.get_signed(&self.call, self.options, &name, &url, None)?, None)
            }
            opened => (opened?, rest),
        };
        download.check_content(rest.is_some())?;
        let described = download.described()?;
        if download.is_page() && !self.is_a_page(described.total)? {
            return Err(download.page());
        }
        let fits = described.total.is_none() || self.total.is_none() || described.total == self.total;
        let same = fits && self.validator.as_ref().is_some_and(|known| described.is_of(known));
        self.passed_over = 0;
        match described.from {
            0 if self.done > 0 && same => self.passed_over = self.done,
            0 if self.done == 0 || restart()? => {
                (self.done, self.total, self.validator) = (0, described.total, described.validator);
                self.sums = Default::default();
            }
            // What has been given away can still be compared.
            0 if fits && self.validator.is_none() => {
                self.passed_over = self.done;
                self.sums[1] = Crc::new();
            }
            0 => return Err(self.another_content()),
            from if rest.is_some() && from == self.done && same => {}
            _ => {
                return Err(
                    download.told(Error::new(Status::Protocol, format!("{name}: the storage sent another part than was asked for.")))
                )
            }
        }
        download.is_part(if self.passed_over > 0 { 0 } else { self.done }, self.total);
        self.download = Some(download);
        Ok(())
    }
}

/// The content for whoever reads rather than takes; it cannot begin anew.
struct Reading<'a> {
    content: Content<'a>,
    rest: Bytes,
}

impl Read for Reading<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            match self.content.next(&mut || Ok(false)).map_err(io::Error::other)? {
                Some(piece) => self.rest = piece,
                None => return Ok(0),
            }
        }
        let count = self.rest.len().min(buffer.len());
        self.rest.copy_to_slice(&mut buffer[..count]);
        Ok(count)
    }
}
