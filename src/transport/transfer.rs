//! Bodies of any size, one way or the other, a few pieces in memory at a time.
//!
//! Files are read and written on the calling thread; a slow side slows the other.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::HeaderValue;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use super::answer::Answer;
use super::attempt::{Open, Prepared};
use super::attempts::Attempts;
use super::call::patience;
use super::content::{is_page, not_content, not_the_content};
use super::descriptor::{Descriptor, Direction};
use super::effect::{Effect, Phase};
use super::facts::Facts;
use super::failure::Failure;
use super::repeat::{repeat, tell_of};
use super::request::Request;
use super::retry::Retries;
use super::{Call, CallOptions, Transport};
use crate::engine::runtime_bound::{lost, Bound};
use crate::error::{Error, Result, SideEffect, Status};

const PIECE: usize = 256 << 10;
const PIECES_UNDER_WAY: usize = 4;

/// Where the bytes of an upload come from.
pub trait Source {
    /// How many there will be, if that is known.
    fn length(&self) -> Option<u64>;
    /// Fills a part of the buffer; 0 is the end. `None`: nothing is there yet, and the descriptor, if there is one,
    /// is to be waited for.
    fn read(&mut self, buffer: &mut [u8]) -> Result<Option<usize>>;
    /// Starts again from the beginning; `false` if it cannot.
    fn rewind(&mut self) -> Result<bool>;
    /// The transfer failed: gives back what was taken, so that another can take it; `false` if that cannot be.
    fn put_back(&mut self) -> bool {
        true
    }
    /// All of them, where they are in memory anyway.
    fn held(&self) -> Option<&[u8]> {
        None
    }
    /// What is waited for before a read, where a read may find nothing yet.
    fn descriptor(&self) -> Option<&Descriptor> {
        None
    }
}

/// A part of an upload's body.
pub enum Part<'a> {
    /// Known bytes.
    Bytes(Bytes),
    /// The content itself.
    Content(&'a mut dyn Source),
}

impl Transport {
    /// Sends a request whose body consists of these parts. Another attempt is made only where the
    /// server has certainly not begun to act, and the content can be had again.
    pub fn upload(
        &self,
        call: &Call,
        options: &CallOptions,
        request: &Request,
        content_type: &str,
        parts: &mut [Part<'_>],
    ) -> Result<Answer> {
        let content_type = HeaderValue::from_str(content_type).map_err(|_| Error::invalid("The content type cannot be sent."))?;
        let length = total_length(parts);
        let mut prepared = Prepared::new(&self.wire, options, request)?;
        prepared.set_body_headers(content_type, length);
        let prepared = Arc::new(prepared);
        let within = self.wire.of_attempt(options, request);
        let mut retries = Retries::new(request.effect, self.wire.most(options), patience(call), &self.wire.origin);
        let attempts = Arc::clone(&prepared.attempts);
        call.check()?;
        loop {
            let number = attempts.begin();
            let (wire, prepared, traffic) = (Arc::clone(&self.wire), Arc::clone(&prepared), request.traffic);
            let name = prepared.name().to_owned();
            let open = move |body, taken: Arc<Taken>| async move {
                let open = prepared.open(&wire.connections, traffic, Some(body)).await?;
                taken.answered();
                prepared.rest(open, number).await
            };
            let unsure = |error| attempts.interrupted(request.effect, error);
            let failure = match self.upload_once(call, options, &name, within, parts, length, &attempts, open).map_err(unsure)? {
                Ok(answer) => {
                    retries.succeeded();
                    return Ok(answer);
                }
                Err(failure) => failure,
            };
            let pause = retries.after(&failure);
            tell_of(&name, &failure, number, pause);
            match pause {
                Some(pause) if rewind(parts, &attempts, request.effect, &failure)? => {
                    attempts.failed(request.effect, failure.phase, &failure.error);
                    self.pause(call, pause).map_err(unsure)?;
                }
                _ => return Err(failure.after(&attempts, request.effect)),
            }
        }
    }

    /// One attempt: `open` sends the body that it is given, notes when it is answered, and reads the answer.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn upload_once<F, W>(
        &self,
        call: &Call,
        options: &CallOptions,
        name: &str,
        within: Duration,
        parts: &mut [Part<'_>],
        length: Option<u64>,
        attempts: &Attempts,
        open: F,
    ) -> Result<std::result::Result<Answer, Failure>>
    where
        F: FnOnce(reqwest::Body, Arc<Taken>) -> W,
        W: Future<Output = std::result::Result<Answer, Failure>> + Send + 'static,
    {
        let (sender, receiver) = mpsc::channel(PIECES_UNDER_WAY);
        let home = self.engine.home();
        let sender = home.bind(sender);
        let taken = Arc::new(Taken::default());
        let body = reqwest::Body::wrap(Channel { receiver, left: length, taken: Arc::clone(&taken) });
        let mut task = Sent(Some(home.bind(AbortOnDropHandle::new(home.spawn(open(body, Arc::clone(&taken)))))));
        let too_slow = || Ok(Err(attempts.too_slow(name, within)));
        let given = match self.feed(call, options, &sender, &mut task, parts, length, within)? {
            Fed::Answered(outcome) => return Ok(outcome.and_then(|answer| Err(too_early(name, answer.status)))),
            Fed::Stalled => return too_slow(),
            Fed::All(given) => given,
        };
        taken.all_given();
        drop(sender);
        // The body is gone: from here on the answer's own time counts.
        let patience = Instant::now() + within;
        let answer = async { tokio::time::timeout_at(patience.into(), task.outcome()).await };
        match self.drive(call, answer)? {
            Ok(Ok(Ok(answer))) if taken.before_the_answer() < given => Ok(Err(too_early(name, answer.status))),
            Ok(outcome) => outcome,
            Err(_) => too_slow(),
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn feed(
        &self,
        call: &Call,
        options: &CallOptions,
        sender: &Bound<mpsc::Sender<std::io::Result<Bytes>>>,
        task: &mut Sent,
        parts: &mut [Part<'_>],
        length: Option<u64>,
        idle: Duration,
    ) -> Result<Fed> {
        let mut done = 0;
        for part in parts {
            let mut left = match part {
                Part::Bytes(_) => None,
                Part::Content(source) => source.length(),
            };
            loop {
                if let Part::Content(source) = part {
                    if let Some(descriptor) = source.descriptor() {
                        // A server that answers meanwhile wants no more of it.
                        let there = async {
                            tokio::select! {
                                biased;
                                outcome = task.outcome() => outcome.map(|outcome| Some(Fed::Answered(outcome))),
                                () = descriptor.ready(Direction::Read) => Ok(None),
                            }
                        };
                        if let Some(end) = self.drive(call, there)?? {
                            return Ok(end);
                        }
                    }
                }
                let piece = match part {
                    Part::Bytes(bytes) => bytes.clone(),
                    Part::Content(source) => match read_piece(*source, left.as_mut()) {
                        Ok(Some(piece)) => piece,
                        Ok(None) => {
                            call.check()?;
                            continue;
                        }
                        Err(error) => {
                            // Breaks the body off, lest the server take it for whole.
                            let _ = sender.try_send(Err(std::io::ErrorKind::Other.into()));
                            return Err(error);
                        }
                    },
                };
                let last = matches!(part, Part::Bytes(_)) || piece.is_empty();
                done += piece.len() as u64;
                if !piece.is_empty() {
                    let sent = async {
                        tokio::select! {
                            biased;
                            () = sender.home().lost() => Err(lost()),
                            sent = sender.send(Ok(piece)) => sent.map(|()| None).or(Ok(None)),
                            outcome = task.outcome() => outcome.map(|outcome| Some(Fed::Answered(outcome))),
                            () = tokio::time::sleep(idle) => Ok(Some(Fed::Stalled)),
                        }
                    };
                    if let Some(end) = self.drive(call, sent)?? {
                        return Ok(end);
                    }
                    report(options, done, length)?;
                }
                if last {
                    break;
                }
            }
        }
        Ok(Fed::All(done))
    }

    /// Sends a request whose answer may be of any size, and reads its head, with retries.
    pub fn download(&self, call: &Call, options: &CallOptions, request: &Request) -> Result<Download> {
        call.check()?;
        let mut prepared = Prepared::new(&self.wire, options, request)?;
        prepared.ask_for_identity();
        let prepared = Arc::new(prepared);
        let wire = Arc::clone(&self.wire);
        let within = self.wire.of_attempt(options, request);
        let (traffic, most, patience) = (request.traffic, self.wire.most(options), patience(call));
        let shared = Arc::clone(&prepared);
        let mut task = self.engine.task(async move {
            let open = |_| async {
                match tokio::time::timeout(within, shared.open(&wire.connections, traffic, None)).await {
                    Ok(opened) => opened,
                    Err(_) => Err(shared.too_slow(within)),
                }
            };
            repeat(&wire, &shared, most, patience, open, None).await
        });
        let open = self.drive(call, task.outcome()).map_err(|error| prepared.attempts.interrupted(request.effect, error))???;
        let who = Who { name: prepared.name().to_owned(), host: prepared.host().to_owned() };
        let facts = Facts::of(open.response.status().as_u16(), open.response.headers(), prepared.attempts.made(), prepared.scrubber());
        Ok(Download::new(who, facts, self.engine.home().bind(open), within))
    }
}

/// An attempt under way, which goes on while the caller's own content is waited for.
struct Sent(Option<Bound<AbortOnDropHandle<std::result::Result<Answer, Failure>>>>);

impl Sent {
    /// Waits for the attempt's outcome, which is given once.
    async fn outcome(&mut self) -> Result<std::result::Result<Answer, Failure>> {
        let unknown = |why: &str| Error::new(Status::Internal, format!("The outcome of an upload was lost: {why}."));
        let handle = self.0.as_mut().ok_or_else(|| unknown("it has been given already"))?;
        let home = handle.home().clone();
        let outcome = tokio::select! {
            biased;
            () = home.lost() => Err(lost()),
            outcome = &mut **handle => outcome.map_err(|error| unknown(&error.to_string())),
        };
        self.0 = None;
        outcome
    }
}

enum Fed {
    /// So many bytes.
    All(u64),
    Answered(std::result::Result<Answer, Failure>),
    Stalled,
}

/// The server says that it has taken what it has not been sent whole.
fn too_early(name: &str, http: u16) -> Failure {
    let message =
        format!("{name}: the server answered HTTP {http} before the content had been sent whole. Does a proxy answer in its place?");
    let mut error = Error::new(Status::Protocol, message);
    error.details_mut().http_status = http;
    Failure::new(error, Phase::Sent)
}

/// Reads a piece as it comes, empty at the end, `None` where there is nothing yet; of content whose length
/// was announced no more than is left of it.
fn read_piece(source: &mut dyn Source, left: Option<&mut u64>) -> Result<Option<Bytes>> {
    let most = left.as_ref().map_or(PIECE, |left| usize::try_from(**left).map_or(PIECE, |left| left.min(PIECE)));
    let mut buffer = vec![0; most];
    let count = if most == 0 { Some(0) } else { source.read(&mut buffer)? };
    let Some(count) = count else { return Ok(None) };
    if let Some(left) = left {
        if count == 0 && most > 0 {
            return Err(Error::new(
                Status::LocalIo,
                format!("The source of the upload ended {left} bytes before the length that it was said to have."),
            ));
        }
        *left -= count as u64;
    }
    // A small piece is not to hold the room of a large one while it waits.
    if count < PIECE / 2 {
        return Ok(Some(Bytes::copy_from_slice(&buffer[..count])));
    }
    buffer.truncate(count);
    Ok(Some(buffer.into()))
}

fn total_length(parts: &[Part<'_>]) -> Option<u64> {
    parts.iter().try_fold(0, |total, part| match part {
        Part::Bytes(bytes) => Some(total + bytes.len() as u64),
        Part::Content(source) => source.length().map(|length| total + length),
    })
}

/// Has the content start again behind an attempt that failed; `false` if it cannot. An error of that tells what the attempt may have done.
pub(super) fn rewind(parts: &mut [Part<'_>], attempts: &Attempts, effect: Effect, failure: &Failure) -> Result<bool> {
    for part in parts {
        let Part::Content(source) = part else { continue };
        let can = source.rewind().map_err(|error| {
            attempts.failed(effect, failure.phase, &failure.error);
            attempts.interrupted(effect, error)
        })?;
        if !can {
            return Ok(false);
        }
    }
    Ok(true)
}

fn report(options: &CallOptions, done: u64, length: Option<u64>) -> Result<()> {
    let total = length.map_or(-1, |length| i64::try_from(length).unwrap_or(i64::MAX));
    match &options.progress {
        Some(progress) if !progress(done, total) => Err(Error::new(Status::Stopped, "The transfer was stopped by its progress function.")),
        _ => Ok(()),
    }
}

struct Channel {
    receiver: mpsc::Receiver<std::io::Result<Bytes>>,
    left: Option<u64>,
    taken: Arc<Taken>,
}

/// How many bytes of a body the connection has been given, and how many before the answer came.
#[derive(Default)]
pub(super) struct Taken {
    bytes: AtomicU64,
    before_the_answer: AtomicU64,
    /// Whether the body has been given whole: one that ends before is broken off.
    whole: AtomicBool,
}

impl Taken {
    /// The body ends behind what has been given.
    fn all_given(&self) {
        self.whole.store(true, Ordering::Release);
    }

    /// A good answer's head is here.
    pub(super) fn answered(&self) {
        self.before_the_answer.store(self.bytes.load(Ordering::Acquire), Ordering::Release);
    }

    fn before_the_answer(&self) -> u64 {
        self.before_the_answer.load(Ordering::Acquire)
    }
}

impl Body for Channel {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<std::io::Result<Frame<Bytes>>>> {
        let received = std::task::ready!(self.receiver.poll_recv(context));
        if received.is_none() && !self.taken.whole.load(Ordering::Acquire) {
            // The call has ended, and the server must not take what it has got for the whole.
            return Poll::Ready(Some(Err(std::io::ErrorKind::UnexpectedEof.into())));
        }
        if let Some(Ok(piece)) = &received {
            let length = piece.len() as u64;
            self.taken.bytes.fetch_add(length, Ordering::AcqRel);
            self.left = self.left.map(|left| left.saturating_sub(length));
        }
        Poll::Ready(received.map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// What messages call a request, and where it goes.
#[derive(Clone)]
pub(super) struct Who {
    pub(super) name: String,
    pub(super) host: String,
}

/// An answer that is read piece by piece.
pub struct Download {
    who: Who,
    facts: Facts,
    open: Bound<Open>,
    length: Option<u64>,
    /// Of the content, what came before this answer, and all of it.
    before: u64,
    total: Option<u64>,
    done: u64,
    idle: Duration,
}

impl Download {
    pub(super) fn new(who: Who, facts: Facts, open: Bound<Open>, idle: Duration) -> Download {
        let length = open.response.content_length();
        Download { who, facts, open, length, before: 0, total: length, done: 0, idle }
    }

    /// The next piece, `None` at the end. An end that comes too early is an error.
    pub fn next(&mut self, transport: &Transport, call: &Call, options: &CallOptions) -> Result<Option<Bytes>> {
        let home = self.open.home().clone();
        let chunk = async {
            tokio::select! {
                biased;
                () = home.lost() => Err(Failure::new(lost(), Phase::Sent)),
                chunk = self.open.chunk() => chunk.map_err(|error| Failure::of_wire(&self.who.name, &self.who.host, error, Phase::Sent)),
                () = tokio::time::sleep(self.idle) => Err(Failure::timed_out(&self.who.name, Some(self.idle), Phase::Sent)),
            }
        };
        let piece = transport.drive(call, chunk)?.map_err(|failure| {
            let mut error = failure.settled(Effect::Reads, SideEffect::None);
            error.details_mut().attempts = self.facts.attempts();
            error
        })?;
        if let Some(piece) = &piece {
            self.done += piece.len() as u64;
            report(options, self.before + self.done, self.total)?;
        }
        Ok(piece)
    }

    /// How many bytes there will be, if the server said so.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Says which part of a larger whole this is, for those who are told of the progress.
    pub fn is_part(&mut self, before: u64, total: Option<u64>) {
        self.before = before;
        self.total = total;
    }

    /// Completes the error of an answer whose head was good.
    pub fn told(&self, error: Error) -> Error {
        self.facts.told(error)
    }

    /// Checks that the answer brings the bytes that were asked for, as they are: that it is not empty by its
    /// status, a part that nobody asked for, or compressed.
    pub fn check_content(&self, part_asked: bool) -> Result<()> {
        match not_content(self.status(), self.headers(), part_asked) {
            Some(what) => Err(self.told(not_the_content(self.name(), self.status(), &what))),
            None => Ok(()),
        }
    }

    /// Whether the answer says that it is a web page.
    pub fn is_page(&self) -> bool {
        is_page(self.headers())
    }

    /// An answer that is a web page where something else was asked for.
    pub fn page(&self) -> Error {
        self.told(not_the_content(self.name(), self.status(), "it is a web page"))
    }

    /// What messages call the request.
    pub fn name(&self) -> &str {
        &self.who.name
    }

    pub(super) fn status(&self) -> u16 {
        self.open.response.status().as_u16()
    }

    pub(super) fn headers(&self) -> &http::HeaderMap {
        self.open.response.headers()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Stuck;

    impl Source for Stuck {
        fn length(&self) -> Option<u64> {
            None
        }
        fn read(&mut self, _buffer: &mut [u8]) -> Result<Option<usize>> {
            Ok(Some(0))
        }
        fn rewind(&mut self) -> Result<bool> {
            Err(Error::new(Status::LocalIo, "x"))
        }
    }

    #[test]
    fn content_that_cannot_be_had_again_for_an_error_does_not_hide_the_attempt_before() {
        for (phase, side_effect) in [(Phase::Sent, SideEffect::Unknown), (Phase::Unsent, SideEffect::None)] {
            let attempts = Attempts::default();
            attempts.begin();
            let failure = Failure::new(Error::new(Status::Broken, "x"), phase);
            let error = rewind(&mut [Part::Content(&mut Stuck)], &attempts, Effect::Sets, &failure).unwrap_err();
            assert_eq!((error.status(), error.details().attempts, error.details().side_effect), (Status::LocalIo, 1, side_effect));
        }
    }
}
