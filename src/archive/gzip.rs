//! gzip on all cores: the stream is cut into blocks that are compressed side by side, each
//! knowing the end of the one before, and put together in their order as one gzip member.

use std::io::{self, Write};
use std::sync::mpsc::{sync_channel, Receiver, SyncSender};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use flate2::{Compress, Compression, Crc, FlushCompress};
use nix::sys::signal::SigSet;

use super::Skipped;
use crate::error::{Error, Result, Status};
use crate::panics;
use crate::process::OfProcess;

const BLOCK: usize = 256 << 10;
const WINDOW: usize = 32 << 10;
const LEVEL: u32 = 5;
/// More would not pay, and take memory.
const MOST_WORKERS: usize = 16;
/// No file name, no time, made by nobody: the same tree gives the same bytes.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// What comes out, in order.
pub enum Item {
    /// The next bytes.
    Bytes(Vec<u8>),
    /// A note that was put in between.
    Note(Skipped),
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
    slots: SyncSender<Slot>,
}

/// The end from which the compressed bytes come. Dropping it ends all work.
pub struct Output {
    slots: Option<OfProcess<Receiver<Slot>>>,
    crc: Crc,
    total: u64,
    stage: Stage,
    threads: OfProcess<Vec<JoinHandle<()>>>,
}

#[derive(PartialEq)]
enum Stage {
    Head,
    Body,
    Done,
}

/// Starts the workers, and `produce` on a thread of its own.
pub fn start(produce: impl FnOnce(&mut Input) -> Result<()> + Send + 'static) -> Result<Output> {
    let wanted = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_WORKERS);
    let (jobs, work) = sync_channel::<Job>(wanted);
    let (slots, ordered) = sync_channel(2 * wanted + 1);
    let work = Arc::new(Mutex::new(work));
    let mut threads = Vec::new();
    for _ in 0..wanted {
        let work = Arc::clone(&work);
        match thread(move || compress_all(&work)) {
            Ok(worker) => threads.push(worker),
            // With those there are, or with none.
            Err(_) => break,
        }
    }
    let jobs = (!threads.is_empty()).then_some(jobs);
    let mut input = Input { block: Vec::with_capacity(BLOCK), dictionary: Vec::new(), jobs, slots };
    let producer = thread(move || {
        let outcome = produce(&mut input).and_then(|()| input.send(true).map_err(|error| super::of_stream("packing", error)));
        if let Err(error) = outcome {
            // Where nobody listens any more, nobody wants to know.
            let _ = input.slots.send(Slot::Failed(error));
        }
    });
    // If it was refused, its end of the jobs is closed, and the workers end.
    let mut output = Output { slots: Some(ordered.into()), crc: Crc::new(), total: 0, stage: Stage::Head, threads: threads.into() };
    output.threads.push(producer?);
    Ok(output)
}

fn thread(work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
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
    started.map_err(|error| {
        Error::new(Status::Internal, format!("A thread for packing could not be started: {error}. Look at the process's limits."))
    })
}

impl Input {
    /// Puts a note where the stream stands; whoever reads the stream gets it about then.
    pub fn note(&mut self, note: Skipped) -> io::Result<()> {
        self.slots.send(Slot::Note(note)).map_err(|_| gone())
    }

    fn send(&mut self, last: bool) -> io::Result<()> {
        let data = std::mem::replace(&mut self.block, Vec::with_capacity(if last { 0 } else { BLOCK }));
        let dictionary = std::mem::replace(&mut self.dictionary, data[data.len().saturating_sub(WINDOW)..].to_vec());
        let (done, receiver) = sync_channel(1);
        self.slots.send(Slot::Block(receiver)).map_err(|_| gone())?;
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
    /// What comes next; `None` at the end.
    pub fn next(&mut self) -> Result<Option<Item>> {
        match self.stage {
            Stage::Head => {
                self.stage = Stage::Body;
                return Ok(Some(Item::Bytes(HEAD.to_vec())));
            }
            Stage::Done => return Ok(None),
            Stage::Body => {}
        }
        let Some(slots) = &self.slots else { return Ok(None) };
        match slots.recv() {
            Ok(Slot::Note(note)) => Ok(Some(Item::Note(note))),
            Ok(Slot::Failed(error)) => Err(error),
            Ok(Slot::Block(block)) => {
                let block = block.recv().map_err(|_| broken())?;
                self.crc.combine(&block.crc);
                self.total += u64::from(block.crc.amount());
                block.bytes.map(|bytes| Some(Item::Bytes(bytes))).map_err(|error| Error::local_io("packing", &error))
            }
            Err(_) => {
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

    fn join(&mut self) -> Result<()> {
        self.slots = None;
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
        let mut output = start(move |input| input.write_all(&data).map_err(|error| Error::local_io("x", &error))).unwrap();
        let mut packed = Vec::new();
        while let Some(item) = output.next().unwrap() {
            match item {
                Item::Bytes(bytes) => packed.extend(bytes),
                Item::Note(_) => panic!("no note was put in"),
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
            let zeros = vec![0; BLOCK];
            loop {
                input.write_all(&zeros).map_err(|error| Error::local_io("x", &error))?;
            }
        })
        .unwrap();
        for _ in 0..3 {
            output.next().unwrap();
        }
        drop(output);
    }
}
