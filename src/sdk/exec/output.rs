//! A command's output as it comes, every byte once, through whatever happens to the connection.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use super::delivered::{Comparison, Delivered};
use super::options::StdStream;
use crate::api::{exec, ExecutionView, OutputChunk};
use crate::error::{Error, Result, Status};
use crate::sdk::client::Client;
use crate::sdk::last_failure::Hindrance;
use crate::sdk::reopening::{Reopening, FRUITLESS};
use crate::transport::{sleep, Call, CallOptions, Event, EventStream, Interruption, Opening, Request};

/// An opening that brought so much has not been in vain.
const MUCH: usize = 4 << 10;
/// If an open stream has brought no output for so long, the command is asked for: it may have ended.
const QUIET: Duration = Duration::from_secs(30);
/// The same, if the command had ended when the stream was opened.
const QUIET_AT_END: Duration = Duration::from_secs(10);

/// What has been delivered of an output, which is looked at also while it is being read.
type Shared = Arc<Mutex<Delivered>>;

fn locked(delivered: &Shared) -> MutexGuard<'_, Delivered> {
    delivered.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// One of the two outputs of an execution, read to its end.
///
/// Resuming uses the offsets that the server gave, never lengths that we counted: where the
/// output was no UTF-8, what arrives is longer than what was written.
struct Reader {
    client: Client,
    options: CallOptions,
    devbox: String,
    execution: String,
    which: StdStream,
    delivered: Shared,
    open: Option<EventStream>,
    openings: Reopening,
    /// How much the present opening has brought.
    brought: usize,
    /// How many openings since the command had ended have brought little.
    late: u32,
    /// Whether the command had ended before the present opening.
    confirming: bool,
    completed: Option<serde_json::Value>,
    /// Everything has been given; whether that is all there was.
    finished: Option<bool>,
}

/// What has come of listening to an open stream.
enum Heard {
    Event(std::result::Result<Option<Event>, Interruption>),
    /// Nothing for long, and the execution if it has finished.
    Quiet(Option<serde_json::Value>),
    /// Nothing for long, and the execution cannot be asked for.
    Failed(Error),
}

/// How a stream ended.
enum Ended {
    Cleanly,
    Broken(Interruption),
    /// It was left, since the command has ended.
    Quiet(serde_json::Value),
}

/// Whether to ask again is useless: the service knows no such execution, or does not let us ask.
fn is_final(error: &Error) -> bool {
    let known = error.details();
    matches!(known.http_status, 400..=499) && !matches!(known.http_status, 408 | 409 | 429) && !known.by_gateway
}

/// What a reader gives.
pub enum Piece {
    /// Output.
    Text(Vec<u8>),
    /// The end, and the finished execution if it was seen.
    End {
        /// The finished execution, if it was seen.
        completed: Option<serde_json::Value>,
        /// Whether what was given is known to be all.
        whole: bool,
    },
}

impl Reader {
    async fn next(&mut self) -> Result<Piece> {
        loop {
            if let Some(whole) = self.finished {
                return Ok(Piece::End { completed: self.completed.take(), whole });
            }
            let Some(mut stream) = self.open.take() else {
                self.reopen().await?;
                continue;
            };
            let ended = match self.hear(&mut stream).await {
                Heard::Event(Ok(Some(event))) => {
                    self.open = Some(stream);
                    match self.take(&event.data) {
                        Some(text) => return Ok(Piece::Text(text)),
                        None => continue,
                    }
                }
                Heard::Quiet(None) => {
                    self.open = Some(stream);
                    continue;
                }
                Heard::Quiet(Some(value)) => Ended::Quiet(value),
                Heard::Event(Ok(None)) => Ended::Cleanly,
                Heard::Event(Err(interruption)) => Ended::Broken(interruption),
                Heard::Failed(error) => return Err(error),
            };
            drop(stream);
            self.openings.over();
            let piece = match ended {
                Ended::Quiet(value) => self.after_silence(value)?,
                Ended::Broken(interruption) if interruption.silent => match self.look().await? {
                    Some(value) => self.after_silence(value)?,
                    None => None,
                },
                Ended::Broken(interruption) => {
                    self.openings.broke(interruption).map_err(|error| error.about(&self.execution))?;
                    None
                }
                Ended::Cleanly => self.after_clean_end().await?,
            };
            if let Some(piece) = piece {
                return Ok(piece);
            }
        }
    }

    /// The next event. If none comes for long, although the connection lives, the command is asked for.
    async fn hear(&self, stream: &mut EventStream) -> Heard {
        tokio::select! {
            biased;
            heard = stream.next() => return Heard::Event(heard),
            () = sleep(self.longest_quiet()) => {}
        }
        tokio::select! {
            biased;
            heard = stream.next() => Heard::Event(heard),
            looked = self.look() => looked.map_or_else(Heard::Failed, Heard::Quiet),
        }
    }

    /// How long a stream may bring nothing that is output. A dead connection is noticed before that; a command that has ended is
    /// not waited for as long as one that runs.
    fn longest_quiet(&self) -> Duration {
        let longest = if self.confirming { QUIET_AT_END } else { QUIET };
        self.options.timeout.map_or(longest, |timeout| timeout.saturating_mul(2).min(longest))
    }

    /// The finished execution; none if it still runs or cannot be asked for now.
    async fn look(&self) -> Result<Option<serde_json::Value>> {
        if let Some(value) = &self.completed {
            return Ok(Some(value.clone()));
        }
        let request = exec::retrieve(&self.devbox, &self.execution)?;
        match self.exchange(&request).await {
            Ok(value) => Ok(ExecutionView::read(&request.name(), &value).is_ok_and(|view| view.completed()).then_some(value)),
            Err(error) if is_final(&error) => Err(error.about(&self.execution)),
            Err(error) => {
                self.openings.hindrance().note(&error);
                Ok(None)
            }
        }
    }

    async fn reopen(&mut self) -> Result<()> {
        self.openings.due().await;
        let mut opening = self.opening()?;
        self.brought = 0;
        match opening.outcome().await? {
            Ok(stream) => {
                self.openings.came_about();
                self.open = Some(stream);
                Ok(())
            }
            Err(interruption) => self.openings.failed(&self.client, interruption).map_err(|error| error.about(&self.execution)),
        }
    }

    fn opening(&mut self) -> Result<Opening> {
        let offset = locked(&self.delivered).open();
        let request = match self.which {
            StdStream::Stdout => exec::stream_stdout(&self.devbox, &self.execution, offset)?,
            StdStream::Stderr => exec::stream_stderr(&self.devbox, &self.execution, offset)?,
        };
        self.client.transport().open_events(&self.options, &request)
    }

    /// The command has ended, and the stream says nothing: it is opened again, and given up if it still says nothing. Silence is
    /// not the end of the output: what the finished execution does not show whole is not known to be whole.
    fn after_silence(&mut self, value: serde_json::Value) -> Result<Option<Piece>> {
        let view = ExecutionView::read("execution", &value).map_err(|error| error.about(&self.execution))?;
        self.completed = Some(value);
        match self.compare(&view) {
            Comparison::Missing(rest) => return Ok(Some(self.finish(rest, true))),
            Comparison::Differs(rest) if self.confirming && self.brought == 0 && !rest.is_empty() => {
                return Ok(Some(self.finish(rest, false)))
            }
            _ => {}
        }
        if self.confirming && (self.brought == 0 || self.brought_too_little()) {
            return Ok(Some(self.finish_unsure()));
        }
        self.confirming = true;
        Ok(None)
    }

    /// The stream ended as it does when the command has. A server or a proxy may also have hung
    /// up, so the command is asked for, and what is known of its output compared.
    async fn after_clean_end(&mut self) -> Result<Option<Piece>> {
        let request = exec::retrieve(&self.devbox, &self.execution)?;
        let value = match self.completed.take() {
            Some(value) => value,
            None => match self.exchange(&request).await {
                Ok(value) => value,
                // A gateway knows nothing about the command.
                Err(error) if error.details().by_gateway => {
                    self.openings.hindrance().note(&error);
                    self.ended_early("the stream ends again and again, and a gateway answers in the service's place")?;
                    return Ok(None);
                }
                Err(error) => return Err(error.about(&self.execution)),
            },
        };
        let view = ExecutionView::read(&request.name(), &value).map_err(|error| error.about(&self.execution))?;
        if !view.completed() {
            self.ended_early("the stream ends again and again while the command runs")?;
            return Ok(None);
        }
        self.completed = Some(value);
        match self.compare(&view) {
            // The answer holds it all, what the stream did not bring among it.
            Comparison::Missing(rest) => return Ok(Some(self.finish(rest, true))),
            // Longer than an answer holds: a further opening from here must bring nothing.
            Comparison::EndsAlike | Comparison::Unknown if self.confirming => {
                let torn = locked(&self.delivered).flush();
                let whole = !locked(&self.delivered).is_doubtful();
                return Ok(Some(self.finish(torn, whole)));
            }
            // A further opening has brought nothing: what is missing is here, but not all characters are.
            Comparison::Differs(rest) if self.confirming && self.brought == 0 && self.openings.fruitless() > 0 && !rest.is_empty() => {
                return Ok(Some(self.finish(rest, false)));
            }
            _ => {}
        }
        if self.confirming && self.brought == 0 {
            self.ended_early("the stream ends again and again before the command's last words")?;
        } else if self.confirming && self.brought_too_little() {
            return Ok(Some(self.finish_unsure()));
        }
        self.confirming = true;
        Ok(None)
    }

    /// Counts an opening behind the command's end that has brought little; whether there were too many.
    fn brought_too_little(&mut self) -> bool {
        self.late += u32::from(self.brought < MUCH);
        self.late >= FRUITLESS
    }

    /// The end of an output that is not known to be whole.
    fn finish_unsure(&mut self) -> Piece {
        let torn = locked(&self.delivered).flush();
        self.finish(torn, false)
    }

    fn compare(&self, view: &ExecutionView) -> Comparison {
        compare(&self.delivered, self.which, view)
    }

    /// The last piece, or the end itself.
    fn finish(&mut self, rest: Vec<u8>, whole: bool) -> Piece {
        self.finished = Some(whole);
        match rest.is_empty() {
            true => Piece::End { completed: self.completed.take(), whole },
            false => Piece::Text(rest),
        }
    }

    /// Counts an end that came too early; an error when there were too many.
    fn ended_early(&mut self, what: &str) -> Result<()> {
        if self.openings.in_vain() {
            return Ok(());
        }
        let mut error = Error::new(Status::Broken, format!("{}: its {} is incomplete: {what}.", self.execution, self.which.name()));
        error.details_mut().attempts = self.openings.fruitless();
        Err(self.openings.hindrance().beneath(error).about(&self.execution))
    }

    /// Asks the service beside the stream.
    async fn exchange(&self, request: &Request) -> Result<serde_json::Value> {
        let options = self.options.for_what_follows();
        let mut sending = self.client.transport().start(&self.client.call(&options), &options, request)?;
        self.openings.hindrance().asking(sending.attempts());
        sending.outcome().await?.json(&request.name())
    }

    /// The output that an event brings, if it is new.
    fn take(&mut self, data: &[u8]) -> Option<Vec<u8>> {
        let chunk = match OutputChunk::read(data) {
            Ok(chunk) => chunk?,
            Err(_) => {
                // What it was nobody knows; what comes behind it is worth having.
                locked(&self.delivered).doubt();
                return None;
            }
        };
        let text = locked(&self.delivered).take(&chunk.output, chunk.offset);
        if text.is_empty() {
            return None;
        }
        self.brought += text.len();
        self.openings.brought();
        self.completed = None;
        Some(text)
    }
}

fn compare(delivered: &Shared, which: StdStream, view: &ExecutionView) -> Comparison {
    match which {
        StdStream::Stdout => locked(delivered).compare(view.stdout.as_deref(), view.stdout_truncated),
        StdStream::Stderr => locked(delivered).compare(view.stderr.as_deref(), view.stderr_truncated),
    }
}

type Turn = Pin<Box<dyn Future<Output = (Box<Reader>, Result<Piece>)> + Send>>;

fn turn(mut reader: Box<Reader>) -> Turn {
    Box::pin(async move {
        let piece = reader.next().await;
        (reader, piece)
    })
}

/// One or both outputs of an execution, piece by piece, in the order in which they arrive.
pub struct OutputStream {
    client: Client,
    execution: String,
    turns: Vec<(StdStream, Turn)>,
    completed: Option<serde_json::Value>,
    /// The outputs of which not all has been given.
    incomplete: Vec<StdStream>,
    /// Those of which all has been given.
    whole: Vec<StdStream>,
    /// The output whose error was given last.
    failed: Option<StdStream>,
    delivered: Vec<(StdStream, Shared)>,
    hindrances: Vec<Hindrance>,
}

impl OutputStream {
    /// Begins to read, from the first byte; sends nothing before the first piece is asked for.
    pub(crate) fn new(client: &Client, devbox: &str, execution: &str, which: &[StdStream], options: &CallOptions) -> OutputStream {
        // The deadline and the cancellation are those of each `next`, not of the stream.
        let options = CallOptions { deadline: None, cancel: None, idempotency_key: None, ..options.clone() };
        let delivered: Vec<(StdStream, Shared)> = which.iter().map(|which| (*which, Shared::default())).collect();
        let hindrances: Vec<Hindrance> = which.iter().map(|_| Hindrance::default()).collect();
        let reader = |((which, delivered), hindrance): (&(StdStream, Shared), &Hindrance)| {
            Box::new(Reader {
                client: client.clone(),
                options: options.clone(),
                devbox: devbox.to_owned(),
                execution: execution.to_owned(),
                which: *which,
                delivered: Arc::clone(delivered),
                open: None,
                openings: Reopening::new(client, hindrance),
                brought: 0,
                late: 0,
                confirming: false,
                completed: None,
                finished: None,
            })
        };
        OutputStream {
            client: client.clone(),
            execution: execution.to_owned(),
            turns: delivered.iter().zip(&hindrances).map(|output| (output.0 .0, turn(reader(output)))).collect(),
            completed: None,
            incomplete: Vec::new(),
            whole: Vec::new(),
            failed: None,
            delivered,
            hindrances,
        }
    }

    /// The next piece, `None` when all has been given; an error at the end where it is not known to be all. If the call ends
    /// first, nothing is lost: the next one continues.
    pub fn next(&mut self, options: &CallOptions) -> Result<Option<(StdStream, Vec<u8>)>> {
        let call = self.client.call(options);
        self.next_within(&call).map_err(Error::continuable)
    }

    pub(crate) fn next_within(&mut self, call: &Call) -> Result<Option<(StdStream, Vec<u8>)>> {
        self.failed = None;
        while !self.turns.is_empty() {
            let turns = &mut self.turns;
            let first = std::future::poll_fn(|context| {
                for (at, (_, turn)) in turns.iter_mut().enumerate() {
                    if let std::task::Poll::Ready(done) = turn.as_mut().poll(context) {
                        return std::task::Poll::Ready((at, done));
                    }
                }
                std::task::Poll::Pending
            });
            let (at, (mut reader, piece)) = self.client.transport().drive(call, first).map_err(|error| self.explained(error))?;
            match piece {
                Ok(Piece::Text(text)) => {
                    let which = reader.which;
                    // To the end, so that a busy output does not starve the other.
                    drop(self.turns.remove(at));
                    self.turns.push((which, turn(reader)));
                    return Ok(Some((which, text)));
                }
                Ok(Piece::End { completed, whole }) => {
                    reader.openings.hindrance().forget();
                    drop(self.turns.remove(at));
                    self.completed = completed.or(self.completed.take());
                    let ended = if whole { &mut self.whole } else { &mut self.incomplete };
                    ended.push(reader.which);
                }
                Err(error) => {
                    self.completed = reader.completed.clone().or(self.completed.take());
                    // Where the command runs on, asking again may succeed.
                    let hindrance = reader.openings.hindrance().clone();
                    hindrance.forget();
                    reader.openings = Reopening::new(&self.client, &hindrance);
                    self.failed = Some(reader.which);
                    // To the end: the other may still be read.
                    drop(self.turns.remove(at));
                    self.turns.push((reader.which, turn(reader)));
                    return Err(error);
                }
            }
        }
        match self.incomplete.first() {
            None => Ok(None),
            Some(which) => Err(Error::new(
                Status::Broken,
                format!(
                    "{}: its {} is not known to be complete: the stream broke, and what followed does not fit what came before. \
                     Have the command write to a file, and download that.",
                    self.execution,
                    which.name()
                ),
            )
            .about(&self.execution)),
        }
    }

    /// Reads no more of the output whose error was just given, and names it; none if the error is no output's own.
    pub(crate) fn leave_failed(&mut self) -> Option<StdStream> {
        let failed = self.failed.take()?;
        self.turns.retain(|(which, _)| *which != failed);
        Some(failed)
    }

    /// The error of a call that has ended before there was a piece, with what kept the outputs from coming.
    fn explained(&self, error: Error) -> Error {
        self.hindrances.iter().fold(error, |error, hindrance| Reopening::explain(hindrance, error)).about(&self.execution)
    }

    /// What is still missing of an output that is not read on, where the finished execution holds it whole.
    pub(crate) fn rest(&self, which: StdStream, view: &ExecutionView) -> Option<Vec<u8>> {
        if self.whole.contains(&which) {
            return Some(Vec::new());
        }
        let (_, delivered) = self.delivered.iter().find(|(known, _)| *known == which)?;
        match compare(delivered, which, view) {
            Comparison::Missing(rest) => Some(rest),
            _ => None,
        }
    }

    /// The finished execution, if the end of an output showed it.
    pub(crate) fn completed(&mut self) -> Option<serde_json::Value> {
        self.completed.take()
    }
}
