//! Requests to signed URLs: to another host than the API's, over connections of their own, with
//! the headers that came with the URL and no other, redirected nowhere.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, DATE, ETAG, IF_RANGE, LAST_MODIFIED, RANGE};
use http::{HeaderMap, HeaderValue, Method, Uri};
use tokio::time::timeout;
use url::Url;

use super::answer::Answer;
use super::attempt::Open;
use super::attempts::{Attempts, Noted};
use super::call::patience;
use super::connections::traffic::Traffic;
use super::content::is_page;
use super::effect::{Effect, Phase};
use super::facts::Facts;
use super::failure::Failure;
use super::repeat::tell_of;
use super::retry::Retries;
use super::scrub::Scrubber;
use super::transfer::{rewind, Download, Part, Source, Taken, Who};
use super::wire::Wire;
use super::{address, body, scrub, settings, Call, CallOptions, Secret, Transport};
use crate::error::{Error, Next, Result, Status};
use crate::transport::retry::origin::Origin;

/// How long a transfer to or from the storage may stand still.
const IDLE: std::time::Duration = std::time::Duration::from_secs(60);
/// What Azure says where S3 says 412.
const IS_THERE: &str = "BlobAlreadyExists";

/// A URL that is a credential, and the headers that belong to it. It cannot be printed.
#[derive(Clone)]
pub struct SignedUrl {
    url: Url,
    headers: HeaderMap,
}

impl fmt::Debug for SignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl SignedUrl {
    /// Checks what the service gave.
    pub fn new<'a>(text: &str, given: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<SignedUrl> {
        let wrong = |what: &str| Error::new(Status::Protocol, format!("The service gave a signed URL that cannot be used: {what}."));
        let url = address::parse(text).map_err(|_| wrong("it is no URL"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return Err(wrong("it is not an http or https URL with a host"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("it carries a user or a password"));
        }
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            settings::insert(&mut headers, name, &Secret::new(value)).map_err(|_| wrong("a header that belongs to it cannot be sent"))?;
        }
        Ok(SignedUrl { url, headers })
    }

    /// The URL itself, for whoever asked for it.
    pub fn expose(&self) -> &str {
        self.url.as_str()
    }
}

/// From where on a content is asked for, because the rest is here already.
#[derive(Clone, Debug)]
pub struct Rest {
    /// How many bytes are here.
    pub from: u64,
    /// The content that they are of.
    pub of: Validator,
}

/// What a content is known again by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Validator {
    /// Its tag, which promises the same bytes.
    Tag(String),
    /// The time of its last change; its length is to be the same too.
    Changed(String),
}

impl Transport {
    /// Sends content to a signed URL, with its length. Sending the same twice is like sending it
    /// once, so that a broken attempt is followed by another where the content can be had again.
    /// `name` is what messages call the request.
    pub fn put_signed(&self, call: &Call, options: &CallOptions, name: &str, to: &SignedUrl, content: &mut dyn Source) -> Result<()> {
        let length = content.length().ok_or_else(|| Error::new(Status::Internal, format!("{name}: the content's length is not known.")))?;
        let mut headers = to.headers.clone();
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        let target = self.target(name, Method::PUT, to, headers)?;
        let within = self.wire.within(options, IDLE);
        let mut retries = Retries::new(Effect::Sets, self.wire.most(options), patience(call), &target.origin);
        let attempts = Arc::clone(&target.attempts);
        let unsure = |error| attempts.interrupted(Effect::Sets, error);
        let mut parts = [Part::Content(content)];
        call.check()?;
        loop {
            let number = attempts.begin();
            let target = Arc::clone(&target);
            let open = move |body, taken: Arc<Taken>| async move {
                let open = target.open(Some(body)).await?;
                taken.answered();
                let open = target.check_taken(open).await?;
                let (status, effect) = (open.response.status().as_u16(), Effect::Sets);
                let (headers, body, scrubber) = (HeaderMap::new(), Bytes::new(), Scrubber::default());
                Ok(Answer { status, headers, body, attempts: number, confidential: true, effect, doubts: 0, scrubber })
            };
            let sent = self.upload_once(call, options, name, within, &mut parts, Some(length), &attempts, open);
            let failure = match sent.map_err(unsure)? {
                Ok(_) => {
                    retries.succeeded();
                    return Ok(());
                }
                Err(failure) if is_there(&failure) => there_already(name, failure, attempts.is_doubtful()),
                Err(failure) => failure,
            };
            let pause = retries.after(&failure);
            tell_of(name, &failure, number, pause);
            match pause {
                Some(pause) if rewind(&mut parts, &attempts, Effect::Sets, &failure)? => {
                    attempts.failed(Effect::Sets, failure.phase, &failure.error);
                    self.pause(call, pause).map_err(unsure)?;
                }
                _ => return Err(failure.after(&attempts, Effect::Sets)),
            }
        }
    }

    /// Asks a signed URL for its content, or for the rest of it, and reads the answer's head.
    pub fn get_signed(&self, call: &Call, options: &CallOptions, name: &str, from: &SignedUrl, rest: Option<&Rest>) -> Result<Download> {
        let mut headers = from.headers.clone();
        headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
        headers.entry(ACCEPT_ENCODING).or_insert(HeaderValue::from_static("identity"));
        if let Some(rest) = rest {
            headers.insert(
                RANGE,
                HeaderValue::from_str(&format!("bytes={}-", rest.from))
                    .map_err(|_| Error::new(Status::Internal, "A range cannot be sent."))?,
            );
            let (Validator::Tag(of) | Validator::Changed(of)) = &rest.of;
            let of = HeaderValue::from_str(of).map_err(|_| Error::new(Status::Internal, "A range cannot be sent."))?;
            headers.insert(IF_RANGE, of);
        }
        let target = self.target(name, Method::GET, from, headers)?;
        let within = self.wire.within(options, IDLE);
        let mut retries = Retries::new(Effect::Reads, self.wire.most(options), patience(call), &target.origin);
        let shared = Arc::clone(&target);
        call.check()?;
        let mut task = self.engine.task(async move {
            loop {
                let number = shared.attempts.begin();
                let failure = match timeout(within, shared.open(None)).await {
                    Ok(Ok(open)) => {
                        retries.succeeded();
                        return Ok(open);
                    }
                    Ok(Err(failure)) => failure,
                    Err(_) => shared.attempts.too_slow(&shared.who.name, within),
                };
                let pause = retries.after(&failure);
                tell_of(&shared.who.name, &failure, number, pause);
                match pause {
                    Some(pause) => {
                        shared.attempts.failed(Effect::Reads, failure.phase, &failure.error);
                        tokio::time::sleep(pause).await;
                    }
                    None => return Err(failure.after(&shared.attempts, Effect::Reads)),
                }
            }
        });
        let open = self.drive(call, task.outcome()).map_err(|error| target.attempts.interrupted(Effect::Reads, error))???;
        // What the storage calls the request may be a part of the signature.
        let facts = Facts::without_identifier(open.response.status().as_u16(), target.attempts.made());
        Ok(Download::new(target.who.clone(), facts, self.engine.home().bind(open), within))
    }

    fn target(&self, name: &str, method: Method, at: &SignedUrl, headers: HeaderMap) -> Result<Arc<Target>> {
        let host = at.url.host_str().unwrap_or_default();
        let host = at.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        Ok(Arc::new(Target {
            who: Who { name: name.to_owned(), host },
            method,
            uri: at.url.as_str().parse().map_err(|_| Error::new(Status::Protocol, format!("{name}: the signed URL cannot be sent.")))?,
            headers,
            wire: Arc::clone(&self.wire),
            // What a storage says of its rate is said of the storage: each URL is a credential of its own.
            origin: Origin::of(&at.url, b""),
            attempts: Arc::default(),
        }))
    }
}

/// A request to a signed URL, the same for every attempt.
struct Target {
    who: Who,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    wire: Arc<Wire>,
    origin: Arc<Origin>,
    attempts: Arc<Attempts>,
}

impl Target {
    async fn open(&self, body: Option<reqwest::Body>) -> std::result::Result<Open, Failure> {
        let mut request = http::Request::new(Noted::wrap(body.unwrap_or_default(), &self.attempts));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        let sent = self.wire.storage().send(Traffic::Transfer, request, false).await;
        let (response, lease) = sent.map_err(|error| {
            // A connection that was idle may have ended unnoticed; another has a good chance.
            let unanswered = error.reused && self.attempts.phase() == Phase::Sent;
            Failure { unanswered, ..Failure::of_wire(&self.who.name, &self.who.host, error, self.attempts.phase()) }
        })?;
        self.origin.has_answered();
        if response.status().is_success() {
            return Ok(Open { response: response.into(), lease });
        }
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let failure = |said: &[u8]| refused(&self.who.name, status, &headers, said, &self.scrubber());
        self.attempts.is_refused(failure(b""));
        let (said, _) = body::of_error(response).await;
        let failure = failure(&said);
        // It is known as a whole.
        self.attempts.refusal();
        self.origin.told(&failure);
        Err(failure)
    }

    /// Strikes out what makes the URL a credential, and the headers that belong to it.
    fn scrubber(&self) -> Scrubber {
        let query = self.uri.query().unwrap_or_default();
        let mut secrets = scrub::secrets_in_headers(&self.headers);
        secrets.push(Secret::new(query));
        for (_, value) in url::form_urlencoded::parse(query.as_bytes()) {
            secrets.push(Secret::new(value.clone()));
            // A plus that stands for itself.
            secrets.push(Secret::new(value.replace(' ', "+")));
        }
        Scrubber::new(secrets.into_iter())
    }

    /// Checks that it is the storage that took what was sent: of a web page, which is another's answer, storages send
    /// the header alone.
    async fn check_taken(&self, mut open: Open) -> std::result::Result<Open, Failure> {
        if !is_page(open.response.headers()) {
            return Ok(open);
        }
        loop {
            let read = open.chunk().await;
            match read.map_err(|error| Failure::of_wire(&self.who.name, &self.who.host, error, Phase::Sent))? {
                None => return Ok(open),
                Some(piece) if piece.is_empty() => {}
                Some(_) => return Err(another_answered(&self.who.name, open.response.status().as_u16())),
            }
        }
    }
}

/// It may be that the storage has the content all the same.
fn another_answered(name: &str, http: u16) -> Failure {
    let message = format!("{name}: the answer (HTTP {http}) is a web page, not the storage's. Does a proxy answer in its place?");
    let mut error = Error::new(Status::Protocol, message);
    error.details_mut().http_status = http;
    Failure::new(error, Phase::Sent)
}

/// Whether the storage refuses to replace what it has, as the headers that belong to a URL may ask it to.
fn is_there(failure: &Failure) -> bool {
    matches!(failure.phase, Phase::Answered { http: 412, .. }) || failure.error.details().code.as_deref() == Some(IS_THERE)
}

/// `doubtful`: the content that is there may be that of an earlier attempt.
fn there_already(name: &str, mut failure: Failure, doubtful: bool) -> Failure {
    let details = failure.error.details_mut();
    let known = details.code.as_ref().map_or(String::new(), |code| format!(" ({code})"));
    let whose = match doubtful {
        true => "It may be that of an earlier attempt, whose answer was lost, or another's. Compare it before the object is completed, or create another object.",
        false => "It is not of this call. Create another object.",
    };
    details.message = format!(
        "{name}: the storage answered HTTP {}{known}: it has content there already, which the upload's headers forbid to replace. {whose}",
        details.http_status
    );
    details.next = None;
    failure.should_retry = Some(false);
    failure
}

/// The storage's refusal. What it says repeats parts of the signature, so that of its words only
/// its code is kept.
fn refused(name: &str, http: u16, headers: &HeaderMap, said: &[u8], scrubber: &Scrubber) -> Failure {
    let code = code(headers, said);
    let next = match http {
        300..=399 => "It answered with a redirect, which a signed URL does not follow.",
        401 | 403 => "The signed URL may have expired, or this machine's clock is wrong; ask for another URL.",
        404 | 410 => "The content is not there (any more).",
        408 | 429 | 500..=599 => "",
        _ => "The storage does not accept the request.",
    };
    let known = code.as_ref().map_or(String::new(), |code| format!(" ({code})"));
    let mut failure = Failure::of_answer(name, http, headers, &Bytes::new(), false, false, scrubber);
    failure.error.details_mut().message = format!("{name}: the storage answered HTTP {http}{known}. {next}").trim_end().to_owned();
    failure.error.details_mut().next = next.is_empty().then_some(Next::LATER);
    failure.error.details_mut().body = None;
    // One that is no identifier may be the content, in whatever digits.
    let identifier = |id: &String| id.len() <= 128 && id.bytes().all(|byte| byte.is_ascii_graphic());
    failure.error.details_mut().request_id = failure.error.details_mut().request_id.take().filter(identifier);
    // S3 calls an upload that stood still for too long a bad request.
    if matches!(code.as_deref(), Some("RequestTimeout" | "SlowDown" | "ServerBusy" | "OperationTimedOut")) {
        failure.should_retry = Some(true);
    }
    failure.error.details_mut().code = code;
    failure
}

fn code(headers: &HeaderMap, said: &[u8]) -> Option<String> {
    let header = headers.get("x-ms-error-code").and_then(|code| code.to_str().ok());
    let said = String::from_utf8_lossy(said);
    let written = said.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>")).map(|(code, _)| code);
    let fits = |code: &&str| !code.is_empty() && code.len() <= 64 && code.chars().all(|c| c.is_ascii_alphabetic());
    header.or(written).filter(fits).map(str::to_owned)
}

/// What an answer says of the content that it brings.
pub struct Described {
    /// Where the answer's bytes begin in the content.
    pub from: u64,
    /// How long the content is, if that was said.
    pub total: Option<u64>,
    /// What this very content is known by.
    pub validator: Option<Validator>,
    /// Whether it is a part.
    partial: bool,
}

impl Described {
    /// Whether it is this content, as far as the answer says.
    pub fn is_of(&self, known: &Validator) -> bool {
        match (known, &self.validator) {
            // Of what is known already, a part need not tell.
            (Validator::Changed(_), None) => self.partial,
            (known, own) => own.as_ref() == Some(known),
        }
    }
}

impl Download {
    /// Reads the answer's head.
    pub fn described(&self) -> Result<Described> {
        let headers = self.headers();
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        // A weak tag does not promise the same bytes.
        let tag = text(ETAG).filter(|tag| !tag.starts_with("W/")).map(|tag| Validator::Tag(tag.to_owned()));
        // Within one second it may have been changed twice.
        let changed = text(LAST_MODIFIED).filter(|changed| text(DATE).is_some_and(|date| date != *changed));
        let of_length = |total: Option<u64>| changed.filter(|_| total.is_some()).map(|changed| Validator::Changed(changed.to_owned()));
        if self.status() != 206 {
            let total = self.length();
            return Ok(Described { from: 0, total, validator: tag.or_else(|| of_length(total)), partial: false });
        }
        let range = text(CONTENT_RANGE).and_then(|range| {
            let (span, total) = range.trim().strip_prefix("bytes ")?.split_once('/')?;
            Some((span.split_once('-')?.0.parse().ok()?, total.parse().ok()))
        });
        match range {
            Some((from, total)) => Ok(Described { from, total, validator: tag.or_else(|| of_length(total)), partial: true }),
            None => Err(self.told(Error::new(Status::Protocol, format!("{}: the storage did not say which part it sent.", self.name())))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_url_is_printed_nowhere() {
        let url = SignedUrl::new("https://host/x?sig=s3cret", [("x-ms-token", "t0ken")]).unwrap();
        assert_eq!(format!("{url:?}"), "[redacted]");
        for wrong in ["", "host/x?sig=s3cret", "ftp://host/s3cret", "https://user:s3cret@host/", "https:///s3cret"] {
            let Err(error) = SignedUrl::new(wrong, []) else { continue };
            assert!(!format!("{error} {error:?}").contains("s3cret"));
        }
        assert!(SignedUrl::new("https://user:s3cret@host/", []).is_err());
        assert!(SignedUrl::new("ftp://host/", []).is_err());
        assert!(SignedUrl::new("https://host/", [("no name", "t0ken")]).is_err());
    }

    #[test]
    fn of_a_refusal_only_the_code_is_kept() {
        let said = b"<Error><Code>SignatureDoesNotMatch</Code><StringToSign>s3cret</StringToSign></Error>";
        let failure = refused("PUT x", 403, &HeaderMap::new(), said, &Scrubber::default());
        assert_eq!(failure.error.details().code.as_deref(), Some("SignatureDoesNotMatch"));
        assert_eq!(failure.error.status(), Status::Permission);
        assert!(!format!("{:?} {:?}", failure.error, failure.error.details()).contains("s3cret"));
        assert_eq!(code(&HeaderMap::new(), b"<Code>sig=s3cret</Code>"), None);
        let slow = refused("PUT x", 400, &HeaderMap::new(), b"<Code>RequestTimeout</Code>", &Scrubber::default());
        assert_eq!(slow.should_retry, Some(true));
    }
}
