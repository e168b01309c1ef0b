//! gzip on all cores: the stream is cut into blocks that are compressed side by side, each
//! knowing the end of the one before, and put together in their order as one gzip member.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{sync_channel, Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use flate2::{Compress, Compression, Crc, FlushCompress};
use nix::sys::signal::SigSet;

use super::Skipped;
use crate::error::{Error, Result, Status};
use crate::os::process::OfProcess;
use crate::panics;

const BLOCK: usize = 256 << 10;
const WINDOW: usize = 32 << 10;
const LEVEL: u32 = 5;
/// More would not pay, and take memory.
const MOST_WORKERS: usize = 16;
/// The longest that a caller waits for the next bytes before it looks at its own bounds.
const PATIENCE: Duration = Duration::from_millis(20);
/// Pieces of work that a caller does itself before it looks at its own bounds.
const AT_A_TIME: usize = 32;
/// No file name, no time, made by nobody: the same tree gives the same bytes.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// What comes out, in order.
pub enum Item {
    /// The next bytes.
    Bytes(Vec<u8>),
    /// A note that was put in between.
    Note(Skipped),
    /// Nothing is there yet.
    NotYet,
}

enum Next {
    Slot(Slot),
    NotYet,
    End,
}

enum Slot {
    Block(Receiver<Compressed>),
    Note(Skipped),
    Failed(Error),
}

struct Job {
    data: Vec<u8>,
    dictionary: Vec<u8>,
    last: bool,
    done: SyncSender<Compressed>,
}

struct Compressed {
    bytes: io::Result<Vec<u8>>,
    crc: Crc,
}

/// The end into which the plain bytes go.
pub struct Input {
    block: Vec<u8>,
    dictionary: Vec<u8>,
    /// To the workers; without any, the blocks are compressed where they are made.
    jobs: Option<SyncSender<Job>>,
    slots: Slots,
}

/// Where the blocks and notes go.
enum Slots {
    /// To another thread.
    Channel(SyncSender<Slot>),
    /// They are taken by the thread that makes them.
    Queue(VecDeque<Slot>),
}

/// Writes a bounded piece of work into an [`Input`] each time it is called; `false` when everything has been written.
type Produce = Box<dyn FnMut(&mut Input) -> Result<bool> + Send>;

struct Production {
    input: Input,
    produce: Produce,
    over: bool,
}

impl Production {
    /// Does the next piece of work.
    fn advance(&mut self) -> Result<()> {
        if !(self.produce)(&mut self.input)? {
            self.input.send(true).map_err(|error| super::of_stream("packing", error))?;
            self.over = true;
        }
        Ok(())
    }
}

/// The end from which the compressed bytes come. Dropping it ends all work.
pub struct Output {
    origin: Origin,
    crc: Crc,
    total: u64,
    stage: Stage,
    threads: OfProcess<Vec<JoinHandle<()>>>,
    /// Tells the thread that produces that nobody listens any more.
    stopped: Arc<AtomicBool>,
}

enum Origin {
    /// A thread produces.
    Thread(OfProcess<Receiver<Slot>>),
    /// No thread could be started: whoever asks for the next bytes produces them.
    Caller(OfProcess<Box<Production>>),
    Closed,
}

#[derive(PartialEq)]
enum Stage {
    Head,
    Body,
    Done,
}

/// Starts the workers, and a thread that calls `produce` until it returns `false`. If threads are refused,
/// the work is done by those that could be started, or on the calling thread.
pub fn start(produce: impl FnMut(&mut Input) -> Result<bool> + Send + 'static) -> Output {
    let wanted = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_WORKERS);
    let (jobs, work) = sync_channel::<Job>(wanted);
    let (slots, ordered) = sync_channel(2 * wanted + 1);
    let work = Arc::new(Mutex::new(work));
    let mut threads = Vec::new();
    for _ in 0..wanted {
        let work = Arc::clone(&work);
        match thread(move || compress_all(&work)) {
            Ok(worker) => threads.push(worker),
            Err(_) => break,
        }
    }
    let jobs = (!threads.is_empty()).then_some(jobs);
    let input = Input { block: Vec::with_capacity(BLOCK), dictionary: Vec::new(), jobs, slots: Slots::Channel(slots) };
    let production = Production { input, produce: Box::new(produce), over: false };
    let stopped = Arc::new(AtomicBool::new(false));
    // A thread that is refused drops its function, so that the production is handed over beside it.
    let handed_over = Arc::new(Mutex::new(Some(production)));
    let producer = {
        let (handed_over, stopped) = (Arc::clone(&handed_over), Arc::clone(&stopped));
        thread(move || {
            if let Some(production) = take(&handed_over) {
                produce_all(production, &stopped);
            }
        })
    };
    let origin = match producer {
        Ok(producer) => {
            threads.push(producer);
            Origin::Thread(ordered.into())
        }
        Err(_) => match take(&handed_over) {
            Some(mut production) => {
                production.input.slots = Slots::Queue(VecDeque::new());
                Origin::Caller(Box::new(production).into())
            }
            None => Origin::Closed,
        },
    };
    Output { origin, crc: Crc::new(), total: 0, stage: Stage::Head, threads: threads.into(), stopped }
}

fn take(handed_over: &Mutex<Option<Production>>) -> Option<Production> {
    handed_over.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take()
}

fn produce_all(mut production: Production, stopped: &AtomicBool) {
    while !production.over && !stopped.load(Ordering::Relaxed) {
        if let Err(error) = production.advance() {
            // If nobody listens any more, nobody wants to know.
            let _ = production.input.put(Slot::Failed(error));
            return;
        }
    }
}

fn thread(work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    // Signals are the host program's; a thread inherits the mask of the one that starts it.
    let before = SigSet::thread_get_mask().ok();
    let _ = SigSet::all().thread_block();
    let started = std::thread::Builder::new().name("runloop-packing".to_owned()).spawn(|| {
        panics::own_thread();
        work();
    });
    if let Some(before) = before {
        let _ = before.thread_set_mask();
    }
    started
}

impl Input {
    /// Puts a note where the stream stands; whoever reads the stream gets it about then.
    pub fn note(&mut self, note: Skipped) -> io::Result<()> {
        self.put(Slot::Note(note))
    }

    fn put(&mut self, slot: Slot) -> io::Result<()> {
        match &mut self.slots {
            Slots::Channel(slots) => slots.send(slot).map_err(|_| gone()),
            Slots::Queue(slots) => {
                slots.push_back(slot);
                Ok(())
            }
        }
    }

    fn taken(&mut self) -> Option<Slot> {
        match &mut self.slots {
            Slots::Channel(_) => None,
            Slots::Queue(slots) => slots.pop_front(),
        }
    }

    fn send(&mut self, last: bool) -> io::Result<()> {
        let data = std::mem::replace(&mut self.block, Vec::with_capacity(if last { 0 } else { BLOCK }));
        let dictionary = std::mem::replace(&mut self.dictionary, data[data.len().saturating_sub(WINDOW)..].to_vec());
        let (done, receiver) = sync_channel(1);
        self.put(Slot::Block(receiver))?;
        let job = Job { data, dictionary, last, done };
        match &self.jobs {
            Some(jobs) => jobs.send(job).map_err(|_| gone()),
            None => {
                compress_one(&mut Compress::new(Compression::new(LEVEL), false), &job);
                Ok(())
            }
        }
    }
}

fn gone() -> io::Error {
    io::ErrorKind::BrokenPipe.into()
}

impl Write for Input {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = bytes.len().min(BLOCK - self.block.len());
        self.block.extend_from_slice(&bytes[..count]);
        if self.block.len() == BLOCK {
            self.send(false)?;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn compress_all(work: &Mutex<Receiver<Job>>) {
    let mut compress = Compress::new(Compression::new(LEVEL), false);
    loop {
        let job = work.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).recv();
        let Ok(job) = job else { return };
        compress_one(&mut compress, &job);
    }
}

fn compress_one(compress: &mut Compress, job: &Job) {
    let mut crc = Crc::new();
    crc.update(&job.data);
    compress.reset();
    let bytes = deflate(compress, job);
    let _ = job.done.send(Compressed { bytes, crc });
}

fn deflate(compress: &mut Compress, job: &Job) -> io::Result<Vec<u8>> {
    if !job.dictionary.is_empty() {
        compress.set_dictionary(&job.dictionary)?;
    }
    let flush = if job.last { FlushCompress::Finish } else { FlushCompress::Sync };
    let mut bytes = Vec::with_capacity(job.data.len() / 2 + 1024);
    loop {
        let done = usize::try_from(compress.total_in()).unwrap_or(usize::MAX).min(job.data.len());
        compress.compress_vec(&job.data[done..], &mut bytes, flush)?;
        // Room left over means that nothing is held back.
        if bytes.len() < bytes.capacity() {
            bytes.shrink_to_fit();
            return Ok(bytes);
        }
        bytes.reserve(bytes.capacity());
    }
}

impl Output {
    /// What comes next; `None` at the end. Returns within moments, so that the caller can look at its own bounds.
    pub fn next(&mut self) -> Result<Option<Item>> {
        match self.stage {
            Stage::Head => {
                self.stage = Stage::Body;
                return Ok(Some(Item::Bytes(HEAD.to_vec())));
            }
            Stage::Done => return Ok(None),
            Stage::Body => {}
        }
        match self.slot()? {
            Next::Slot(Slot::Note(note)) => Ok(Some(Item::Note(note))),
            Next::Slot(Slot::Failed(error)) => Err(error),
            Next::Slot(Slot::Block(block)) => {
                let block = block.recv().map_err(|_| broken())?;
                self.crc.combine(&block.crc);
                self.total += u64::from(block.crc.amount());
                block.bytes.map(|bytes| Some(Item::Bytes(bytes))).map_err(|error| Error::local_io("packing", &error))
            }
            Next::NotYet => Ok(Some(Item::NotYet)),
            Next::End => {
                self.stage = Stage::Done;
                self.join()?;
                let mut end = self.crc.sum().to_le_bytes().to_vec();
                // The length is counted in 32 bits, by the format.
                #[allow(clippy::cast_possible_truncation)]
                end.extend_from_slice(&(self.total as u32).to_le_bytes());
                Ok(Some(Item::Bytes(end)))
            }
        }
    }

    fn slot(&mut self) -> Result<Next> {
        match &mut self.origin {
            Origin::Thread(slots) => Ok(match slots.recv_timeout(PATIENCE) {
                Ok(slot) => Next::Slot(slot),
                Err(RecvTimeoutError::Timeout) => Next::NotYet,
                Err(RecvTimeoutError::Disconnected) => Next::End,
            }),
            Origin::Caller(production) => {
                for _ in 0..AT_A_TIME {
                    if let Some(slot) = production.input.taken() {
                        return Ok(Next::Slot(slot));
                    }
                    if production.over {
                        return Ok(Next::End);
                    }
                    production.advance()?;
                }
                Ok(Next::NotYet)
            }
            Origin::Closed => Ok(Next::End),
        }
    }

    fn join(&mut self) -> Result<()> {
        self.stopped.store(true, Ordering::Relaxed);
        // Ends what waits for room, and what waits for work.
        self.origin = Origin::Closed;
        let mut whole = true;
        for thread in self.threads.drain(..) {
            whole &= thread.join().is_ok();
        }
        if whole {
            return Ok(());
        }
        Err(broken())
    }
}

fn broken() -> Error {
    Error::new(Status::Internal, "A thread that packed the directory panicked; this is a defect of librunloop.")
}

impl Drop for Output {
    fn drop(&mut self) {
        // A forked child has none of the threads.
        if !self.threads.is_parents() {
            let _ = self.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn through(data: Vec<u8>) -> Vec<u8> {
        let mut output = start(move |input| input.write_all(&data).map(|()| false).map_err(|error| Error::local_io("x", &error)));
        let mut packed = Vec::new();
        while let Some(item) = output.next().unwrap() {
            match item {
                Item::Bytes(bytes) => packed.extend(bytes),
                Item::Note(_) => panic!("no note was put in"),
                Item::NotYet => {}
            }
        }
        packed
    }

    #[test]
    fn any_length_comes_back_as_one_member_and_always_the_same() {
        let mut seed = 1u32;
        let mut noise = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8
        };
        for length in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 77] {
            for random in [false, true] {
                let data: Vec<u8> = (0..length).map(|at| if random { noise() } else { (at / 1000) as u8 }).collect();
                let packed = through(data.clone());
                let mut back = Vec::new();
                let mut decoder = flate2::bufread::GzDecoder::new(&packed[..]);
                decoder.read_to_end(&mut back).unwrap();
                assert!(back == data, "{length} bytes differ");
                assert!(decoder.into_inner().is_empty());
                assert!(through(data) == packed);
            }
        }
    }

    #[test]
    fn who_stops_listening_stops_the_work() {
        let mut output = start(|input| {
            input.write_all(&vec![0; BLOCK]).map_err(|error| Error::local_io("x", &error))?;
            Ok(true)
        });
        for _ in 0..3 {
            output.next().unwrap();
        }
        drop(output);
    }
}
