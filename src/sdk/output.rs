//! A command's output as it comes, every byte once, through whatever happens to the connection.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use super::client::Client;
use super::command::Which;
use crate::api::{executions, ExecutionView, OutputChunk};
use crate::error::{Error, Result, Status};
use crate::transport::{reopen_pause, Call, CallOptions, EventStream, Interruption, Opening, Request};

/// A stream that was open for so long without a word has been silent, not broken.
const REAL_SILENCE: Duration = Duration::from_secs(1);
/// A stream is given up after so many openings in a row that brought nothing.
const FRUITLESS: u32 = 10;
/// And after so many in a row that reached no server at all.
const UNREACHABLE: u32 = 4;
/// How much of the end of an output is compared.
const TAIL: usize = 64;

/// Where the API's `offset` of a piece lies. It is documented as "the byte offset of this chunk"
/// alone, so each stream finds out by its first piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Unknown,
    /// At the piece's first byte.
    Begin,
    /// Behind its last.
    End,
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
    which: Which,
    meaning: Meaning,
    /// The last piece's offset, as the server gave it.
    last_offset: Option<i64>,
    /// How much text the last piece had.
    last_length: usize,
    /// How much of what comes has been delivered before.
    skip: usize,
    delivered: u64,
    /// The last bytes of what was delivered.
    tail: Vec<u8>,
    open: Option<EventStream>,
    opened_at: Instant,
    fruitless: u32,
    /// Whether the command had ended before the present opening.
    confirming: bool,
    completed: Option<serde_json::Value>,
    /// Everything has been given.
    finished: bool,
}

/// What a reader gives.
pub enum Piece {
    /// Output.
    Text(Vec<u8>),
    /// The end, and the finished execution if it was seen.
    End(Option<serde_json::Value>),
}

impl Reader {
    async fn next(&mut self) -> Result<Piece> {
        loop {
            if self.finished {
                return Ok(Piece::End(self.completed.take()));
            }
            if self.open.is_none() {
                self.reopen().await?;
            }
            let Some(stream) = self.open.as_mut() else { continue };
            let ended = match stream.next().await {
                Ok(Some(event)) => {
                    if let Some(text) = self.take(&event.data)? {
                        return Ok(Piece::Text(text));
                    }
                    continue;
                }
                Ok(None) => None,
                Err(interruption) => Some(interruption),
            };
            self.open = None;
            if self.opened_at.elapsed() >= REAL_SILENCE {
                self.fruitless = 0;
            }
            match ended {
                Some(interruption) => self.interrupted(interruption)?,
                None => {
                    if let Some(end) = self.after_clean_end().await? {
                        return Ok(end);
                    }
                }
            }
        }
    }

    async fn reopen(&mut self) -> Result<()> {
        if self.fruitless > 0 {
            tokio::time::sleep(reopen_pause(self.fruitless)).await;
        }
        let mut opening = self.opening()?;
        self.opened_at = Instant::now();
        match opening.outcome().await? {
            Ok(stream) => self.open = Some(stream),
            Err(interruption) => self.interrupted(interruption)?,
        }
        Ok(())
    }

    fn opening(&mut self) -> Result<Opening> {
        self.skip = if self.meaning == Meaning::Begin { self.last_length } else { 0 };
        let request = match self.which {
            Which::Stdout => executions::stream_stdout(&self.devbox, &self.execution, self.last_offset)?,
            Which::Stderr => executions::stream_stderr(&self.devbox, &self.execution, self.last_offset)?,
        };
        self.client.transport().open_events(&self.options, &request)
    }

    fn interrupted(&mut self, interruption: Interruption) -> Result<()> {
        self.fruitless += 1;
        let most = if interruption.error.status() == Status::Connect { UNREACHABLE } else { FRUITLESS };
        if interruption.resumable && self.fruitless < most {
            return Ok(());
        }
        let mut error = interruption.error.about(&self.execution);
        error.details_mut().attempts = self.fruitless;
        Err(error)
    }

    /// The stream ended as it does when the command has. A server or a proxy may also have hung
    /// up, so the command is asked for, and what is known of its output compared.
    async fn after_clean_end(&mut self) -> Result<Option<Piece>> {
        let request = executions::retrieve(&self.devbox, &self.execution)?;
        let value = match self.completed.take() {
            Some(value) => value,
            None => exchange(&self.client, &self.options, &request).await?,
        };
        let view = ExecutionView::read(&request.name(), &value)?;
        if !view.completed() {
            self.ended_early("the stream ends again and again while the command runs")?;
            return Ok(None);
        }
        let (text, truncated) = match self.which {
            Which::Stdout => (&view.stdout, view.stdout_truncated == Some(true)),
            Which::Stderr => (&view.stderr, view.stderr_truncated == Some(true)),
        };
        let text = text.as_deref().unwrap_or("").as_bytes();
        if !truncated {
            // The answer holds it all, what the stream did not bring among it.
            let parts = usize::try_from(self.delivered).ok().and_then(|at| text.split_at_checked(at));
            let rest = parts.filter(|(delivered, rest)| !rest.is_empty() && delivered.ends_with(&self.tail));
            let rest = rest.map(|(_, rest)| rest.to_vec());
            self.finished = true;
            self.completed = Some(value);
            return Ok(Some(rest.map_or_else(|| Piece::End(self.completed.take()), Piece::Text)));
        }
        // Longer than an answer holds: a further opening from here must bring nothing.
        let confirmed = self.confirming && (self.delivered > 0 || text.is_empty()) && ends_alike(text, &self.tail);
        self.completed = Some(value);
        if confirmed {
            self.finished = true;
            return Ok(Some(Piece::End(self.completed.take())));
        }
        if self.confirming {
            self.ended_early("the stream ends again and again before the command's last words")?;
        }
        self.confirming = true;
        Ok(None)
    }

    /// Counts an end that came too early; an error when there were too many.
    fn ended_early(&mut self, what: &str) -> Result<()> {
        self.fruitless += 1;
        if self.fruitless < FRUITLESS {
            return Ok(());
        }
        let mut error = Error::new(Status::Broken, format!("{}: its {} is incomplete: {what}.", self.execution, self.which.name()));
        error.details_mut().attempts = self.fruitless;
        Err(error.about(&self.execution))
    }

    fn take(&mut self, data: &[u8]) -> Result<Option<Vec<u8>>> {
        let chunk: OutputChunk<'_> = serde_json::from_slice(data).map_err(|error| {
            Error::new(Status::Protocol, format!("{}: a piece of the output is not what the API describes: {error}.", self.execution))
        })?;
        let mut text = chunk.output.into_owned().into_bytes();
        if text.is_empty() {
            return Ok(None);
        }
        if self.skip == 0 {
            self.learn(chunk.offset, text.len());
        } else {
            // A piece that has been delivered, perhaps cut otherwise this time.
            let repeated = self.skip.min(text.len());
            self.skip -= repeated;
            if repeated == text.len() {
                return Ok(None);
            }
            text.drain(..repeated);
            // The offset at hand is that of what was dropped too: count it with the piece.
            self.last_offset = chunk.offset;
            self.last_length = repeated + text.len();
        }
        self.delivered += text.len() as u64;
        self.remember(&text);
        self.fruitless = 0;
        self.confirming = false;
        self.completed = None;
        Ok(Some(text))
    }

    fn remember(&mut self, text: &[u8]) {
        let kept = &text[text.len().saturating_sub(TAIL)..];
        let surplus = (self.tail.len() + kept.len()).saturating_sub(TAIL);
        self.tail.drain(..surplus);
        self.tail.extend_from_slice(kept);
    }

    fn learn(&mut self, offset: Option<i64>, length: usize) {
        let begin = self.last_offset.is_none();
        if self.meaning == Meaning::Unknown && begin {
            self.meaning = match offset {
                Some(0) => Meaning::Begin,
                Some(_) => Meaning::End,
                // No offsets at all: a resumed stream counts what was delivered.
                None => Meaning::Unknown,
            };
        }
        self.last_offset = offset.or_else(|| i64::try_from(self.delivered + length as u64).ok());
        self.last_length = length;
    }
}

/// Whether one is the end of the other, but for blanks at the end, with which services are free.
fn ends_alike(whole: &[u8], tail: &[u8]) -> bool {
    let (whole, tail) = (whole.trim_ascii_end(), tail.trim_ascii_end());
    whole.ends_with(tail) || tail.ends_with(whole)
}

async fn exchange(client: &Client, options: &CallOptions, request: &Request) -> Result<serde_json::Value> {
    let mut sending = client.transport().start(&client.call(options), options, request)?;
    sending.outcome().await?.json(&request.name())
}

type Turn = Pin<Box<dyn Future<Output = (Reader, Result<Piece>)> + Send>>;

fn turn(mut reader: Reader) -> Turn {
    Box::pin(async move {
        let piece = reader.next().await;
        (reader, piece)
    })
}

/// One or both outputs of an execution, piece by piece, in the order in which they arrive.
pub struct OutputStream {
    client: Client,
    turns: Vec<Turn>,
    completed: Option<serde_json::Value>,
}

impl OutputStream {
    /// Begins to read, from the first byte; sends nothing before the first piece is asked for.
    pub(super) fn new(client: &Client, devbox: &str, execution: &str, which: &[Which], options: &CallOptions) -> OutputStream {
        // The deadline and the cancellation are those of each `next`, not of the stream.
        let options = CallOptions { deadline: None, cancel: None, idempotency_key: None, ..options.clone() };
        let reader = |which: &Which| Reader {
            client: client.clone(),
            options: options.clone(),
            devbox: devbox.to_owned(),
            execution: execution.to_owned(),
            which: *which,
            meaning: Meaning::Unknown,
            last_offset: None,
            last_length: 0,
            skip: 0,
            delivered: 0,
            tail: Vec::new(),
            open: None,
            opened_at: Instant::now(),
            fruitless: 0,
            confirming: false,
            completed: None,
            finished: false,
        };
        OutputStream { client: client.clone(), turns: which.iter().map(|which| turn(reader(which))).collect(), completed: None }
    }

    /// The next piece, `None` when all has been given. If the call ends first, nothing is lost:
    /// the next one continues.
    pub fn next(&mut self, options: &CallOptions) -> Result<Option<(Which, Vec<u8>)>> {
        let call = self.client.call(options);
        self.next_within(&call)
    }

    pub(super) fn next_within(&mut self, call: &Call) -> Result<Option<(Which, Vec<u8>)>> {
        while !self.turns.is_empty() {
            let turns = &mut self.turns;
            let first = std::future::poll_fn(|context| {
                for (at, turn) in turns.iter_mut().enumerate() {
                    if let std::task::Poll::Ready(done) = turn.as_mut().poll(context) {
                        return std::task::Poll::Ready((at, done));
                    }
                }
                std::task::Poll::Pending
            });
            let (at, (reader, piece)) = self.client.transport().drive(call, first)?;
            match piece {
                Ok(Piece::Text(text)) => {
                    let which = reader.which;
                    // To the end, so that a busy output does not starve the other.
                    drop(self.turns.remove(at));
                    self.turns.push(turn(reader));
                    return Ok(Some((which, text)));
                }
                Ok(Piece::End(completed)) => {
                    drop(self.turns.remove(at));
                    self.completed = completed.or(self.completed.take());
                }
                Err(error) => {
                    // Where the command runs on, asking again may succeed.
                    self.turns[at] = turn(Reader { fruitless: 0, ..reader });
                    return Err(error);
                }
            }
        }
        Ok(None)
    }

    /// The finished execution, if the end of an output showed it.
    pub(super) fn completed(&mut self) -> Option<serde_json::Value> {
        self.completed.take()
    }
}
