//! The files of a devbox: in and out, of any size.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::file_download::{Earlier, FileDownload};
use crate::api::devbox::files;
use crate::api::Params;
use crate::error::{Error, Result};
use crate::sdk::devbox::Devbox;
use crate::sdk::io::sink::{Held, Sink};
use crate::sdk::io::source::Memory;
use crate::sdk::io::spool;
use crate::sdk::io::wait::Waiting;
use crate::transport::{secret_beginning, Call, CallOptions, Part, Source};

impl Devbox {
    /// A file's contents.
    pub fn read_file(&self, path: &str, options: &CallOptions) -> Result<Vec<u8>> {
        check(path)?;
        let request = files::read_contents(&self.id, path)?;
        let call = self.client.call(options);
        let answer = self.about(self.client.transport().send(&call, options, &request))?;
        self.about(answer.check_content(&request.name()))?;
        Ok(answer.body.into())
    }

    /// Makes a file hold `contents`. Contents that are no UTF-8 text go as an upload, since the
    /// operation for text cannot carry them.
    pub fn write_file(&self, path: &str, contents: &[u8], options: &CallOptions) -> Result<()> {
        check(path)?;
        match std::str::from_utf8(contents) {
            Ok(text) => {
                let request = files::write_contents(&self.id, path, text)?;
                self.about(self.client.ask(options, &request)).map(drop)
            }
            Err(_) => self.upload_file(path, &mut Memory::new(contents), options),
        }
    }

    /// Sends a file's contents, from wherever they are.
    pub fn upload_file(&self, path: &str, source: &mut dyn Source, options: &CallOptions) -> Result<()> {
        self.upload_file_within(&self.client.call(options), path, source, options)
    }

    /// Content whose length turned out to be another than it was said to be, or that a service takes only
    /// with its length (411), is gathered and sent again, if it can be had again.
    pub(crate) fn upload_file_within(&self, call: &Call, path: &str, source: &mut dyn Source, options: &CallOptions) -> Result<()> {
        check(path)?;
        let waiting = Waiting { transport: self.client.transport(), call };
        spool::send(source, &waiting, |source| self.send_file(call, path, source, options))
    }

    fn send_file(&self, call: &Call, path: &str, source: &mut dyn Source, options: &CallOptions) -> Result<()> {
        let mut request = files::upload(&self.id)?;
        request.secrets.extend(source.held().and_then(|held| std::str::from_utf8(held).ok()).map(secret_beginning));
        let boundary = format!("librunloop-{}", crate::os::random::id().simple());
        let name = path.rsplit('/').next().unwrap_or(path);
        let mut head = String::new();
        for (name, value) in fields(path, &options.extra_body)? {
            head += &format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{value}\r\n", in_quotes(&name));
        }
        head += &format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            in_quotes(name)
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        let mut parts = [Part::Bytes(Bytes::from(head)), Part::Content(source), Part::Bytes(Bytes::from(tail))];
        let kind = format!("multipart/form-data; boundary={boundary}");
        let taken = self.client.transport().upload(call, options, &request, &kind, &mut parts);
        self.about(taken.and_then(|answer| answer.check_taken(&request.name())))
    }

    /// Fetches a file's contents into memory, as far as the client allows.
    pub fn download_file_held(&self, path: &str, options: &CallOptions) -> Result<Vec<u8>> {
        let mut held = Held::new(self.client.transport().max_answer());
        self.about(self.download_file(path, &mut held, options))?;
        Ok(held.into_bytes())
    }

    /// Fetches a file's contents, to wherever they shall be.
    pub fn download_file(&self, path: &str, sink: &mut dyn Sink, options: &CallOptions) -> Result<()> {
        check(path)?;
        let call = self.client.call(options);
        let waiting = Waiting { transport: self.client.transport(), call: &call };
        let mut download = FileDownload::begin(self, &call, path, options)?;
        while let Some(piece) = download.next(&mut || Ok(if sink.restart()? { Earlier::Forgotten } else { Earlier::Final }))? {
            sink.write(&piece, &waiting).map_err(|error| download.told(error))?;
        }
        sink.finish(&waiting)
    }
}

fn check(path: &str) -> Result<()> {
    if path.is_empty() {
        return Err(Error::invalid("The path of the file in the devbox is empty."));
    }
    if path.contains(['\r', '\n']) {
        return Err(Error::invalid("The path of the file in the devbox holds a line break."));
    }
    Ok(())
}

/// What goes into a form before the file. The call's further members are fields of it, and replace those of the same name.
fn fields(path: &str, extra_body: &Map<String, Value>) -> Result<Vec<(String, String)>> {
    let mut fields = Params::default();
    fields.object_mut().insert("path".to_owned(), path.into());
    fields.object_mut().extend(extra_body.clone());
    if extra_body.contains_key("file") {
        return Err(Error::invalid("extra_body has the member \"file\", which is the content of the file. Leave it out."));
    }
    fields.to_pairs("extra_body, which is sent as fields of a form")
}

/// As browsers and the official client write names into a form's headers.
fn in_quotes(name: &str) -> String {
    name.replace('\\', "\\\\").replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
