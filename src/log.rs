//! Where the library tells what it does: one function that the embedding program sets.
//!
//! The function is called while nothing is driven and no lock is held, so that it may do what it likes, and hurts
//! no other call. Lines are noted where they arise. Those of a call are told by the thread that calls, before the
//! call returns; those of work in the background, and of calls that take long, by a helper thread.

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use runloop_macros::c_enum;

use crate::engine::helpers::Helpers;
use crate::os::process::{Inherit, PerProcess};

/// A line of a call that is still under way after so long is told by the helper.
const LATER: Duration = Duration::from_millis(50);
/// More lines are not kept for a function that is slow.
const MOST_LINES: usize = 10_000;
/// How long the end of a call waits for a line of its own that the helper is telling.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long `set` waits for calls of the function that it replaces.
const LAST_CALLS: Duration = Duration::from_secs(10);

/// How much is logged; a level includes those with smaller numbers.
#[c_enum(RUNLOOP_LOG)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing is logged.
    Off = 0,
    /// Bugs in the library.
    Error = 1,
    /// Failed attempts that are retried, failed clean-ups, and files that were skipped.
    Warn = 2,
    /// Requests that failed for good, and clean-ups that were made.
    Info = 3,
    /// Every request.
    Debug = 4,
}

/// The function that is told.
pub type Sink = Arc<dyn Fn(Level, &str) + Send + Sync>;

/// The thread that tells what no call is there to tell.
pub(crate) static HELPER: Helpers = Helpers::new("runloop-log", 1);

static LEVEL: AtomicI32 = AtomicI32::new(0);
static LOG: PerProcess<Log> = PerProcess::empty();

#[derive(Default)]
struct Log {
    state: Mutex<State>,
    /// A line has been told, or there is one for the helper.
    told: Condvar,
}

impl Inherit for Log {
    /// A child goes on with its parent's function, unless another thread was just busy with it. The lines are the
    /// parent's to tell.
    fn inherit(parent: Option<&Log>) -> Log {
        let sink = parent.and_then(|parent| parent.state.try_lock().ok().and_then(|state| state.sink.clone()));
        Log { state: Mutex::new(State { sink, ..State::default() }), told: Condvar::new() }
    }
}

#[derive(Default)]
struct State {
    sink: Option<Sink>,
    lines: VecDeque<Line>,
    /// How many lines were not kept.
    lost: usize,
    /// What is being told at this moment.
    telling: Vec<Telling>,
    helper_runs: bool,
}

struct Line {
    of: Call,
    level: Level,
    text: String,
    noted: Instant,
}

struct Telling {
    of: Call,
    /// The thread that tells.
    by: usize,
    /// The function that is told.
    sink: usize,
}

/// Which call of the program's a thread is in: a place on its stack, or none.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Call {
    frame: usize,
    /// It is the log's function that the thread is in; nothing is told about what that calls.
    tells: bool,
}

thread_local! {
    // Without a destructor, so that it is there while threads and processes end.
    static CALL: Cell<Call> = const { Cell::new(Call { frame: 0, tells: false }) };
}

impl State {
    /// Takes the first line that fits.
    fn take(&mut self, fits: impl Fn(&Line) -> bool) -> Option<Line> {
        let at = self.lines.iter().position(fits)?;
        self.lines.remove(at)
    }

    /// This thread tells nothing at this moment: what it told has ended, or was left by a jump.
    fn tells_nothing(&mut self) {
        let here = this_thread();
        self.telling.retain(|telling| telling.by != here);
    }
}

fn this_thread() -> usize {
    CALL.with(|call| std::ptr::from_ref(call) as usize)
}

fn number(sink: &Sink) -> usize {
    Arc::as_ptr(sink).cast::<u8>() as usize
}

impl Line {
    fn is_for_the_helper(&self) -> bool {
        self.of.frame == 0 || self.noted.elapsed() >= LATER
    }
}

fn state() -> MutexGuard<'static, State> {
    LOG.get().state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn wait(state: MutexGuard<'static, State>, most: Duration) -> MutexGuard<'static, State> {
    LOG.get().told.wait_timeout(state, most).unwrap_or_else(|poisoned| poisoned.into_inner()).0
}

/// Replaces the function that is told; `None` silences the library. The previous one runs no more when this
/// returns, unless it is the one that calls, or takes too long.
pub fn set(level: Level, sink: Option<Sink>) {
    let level = if sink.is_some() { level } else { Level::Off };
    let mut state = state();
    LEVEL.store(level as i32, Ordering::Relaxed);
    let previous = std::mem::replace(&mut state.sink, sink);
    if level == Level::Off {
        state.lines.clear();
        state.lost = 0;
    }
    let Some(previous) = previous else { return };
    if !current().tells {
        state.tells_nothing();
        let (it, end) = (number(&previous), Instant::now() + LAST_CALLS);
        while state.telling.iter().any(|telling| telling.sink == it) && Instant::now() < end {
            state = wait(state, LAST_CALLS);
        }
    }
    drop(state);
}

/// Notes one line, composed only if somebody listens.
pub fn tell(level: Level, line: impl FnOnce() -> String) {
    let of = current();
    if level as i32 > LEVEL.load(Ordering::Relaxed) || of.tells {
        return;
    }
    // What a server says may hold line feeds; a line of ours holds none.
    let text = line().replace(|c: char| c.is_control(), " ");
    let mut state = state();
    if state.lines.len() >= MOST_LINES {
        state.lost += 1;
        return;
    }
    state.lines.push_back(Line { of, level, text, noted: Instant::now() });
    if std::mem::replace(&mut state.helper_runs, true) {
        if of.frame == 0 {
            LOG.get().told.notify_all();
        }
        return;
    }
    drop(state);
    if HELPER.run(help).is_err() {
        // The next call's end tells it, or the next line finds a thread.
        self::state().helper_runs = false;
    }
}

/// What the helper does: tells what nobody else does, until there is nothing left.
fn help() {
    let mut state = state();
    loop {
        if let Some(line) = state.take(Line::is_for_the_helper) {
            state = tell_line(state, line);
        } else if let Some(next) = state.lines.front() {
            let most = LATER.saturating_sub(next.noted.elapsed());
            state = wait(state, most);
        } else {
            state.helper_runs = false;
            return;
        }
    }
}

/// Calls the function, with the lock released.
fn tell_line(mut state: MutexGuard<'static, State>, line: Line) -> MutexGuard<'static, State> {
    let Some(sink) = state.sink.clone() else { return state };
    let lost = std::mem::take(&mut state.lost);
    let by = this_thread();
    state.tells_nothing();
    state.telling.push(Telling { of: line.of, by, sink: number(&sink) });
    drop(state);
    within(Call { frame: frame(), tells: true }, || {
        sink(line.level, &line.text);
        if lost > 0 {
            sink(Level::Warn, &format!("{lost} log lines were dropped, because the log callback was too slow."));
        }
    });
    let mut state = self::state();
    state.tells_nothing();
    LOG.get().told.notify_all();
    state
}

/// Waits a moment for what is noted of work in the background: for the end of a client.
pub fn flush() {
    if LEVEL.load(Ordering::Relaxed) == 0 || current().tells {
        return;
    }
    let end = Instant::now() + PATIENCE;
    let mut state = state();
    while state.helper_runs
        && (state.lines.iter().any(|line| line.of.frame == 0) || state.telling.iter().any(|telling| telling.of.frame == 0))
        && Instant::now() < end
    {
        state = wait(state, PATIENCE);
    }
}

/// The call that this thread is in.
pub fn current() -> Call {
    CALL.get()
}

/// Runs something in the name of a call.
pub fn within<T>(call: Call, run: impl FnOnce() -> T) -> T {
    let _restored = Restored(CALL.replace(call));
    run()
}

struct Restored(Call);

impl Drop for Restored {
    fn drop(&mut self) {
        CALL.set(self.0);
    }
}

/// A function of the library's that the program has called. At the end of the outermost, when no lock is held
/// any more, its lines are told.
pub struct Entered {
    outermost: bool,
}

/// A call of the program's begins.
pub fn enter() -> Entered {
    let frame = frame();
    // Calls within calls, from callbacks, are deeper on the stack, which grows downwards. If this one is not, the
    // other was left by a jump.
    let outermost = frame >= current().frame;
    if outermost {
        CALL.set(Call { frame, tells: false });
    }
    Entered { outermost }
}

/// A place on the stack of this thread.
#[inline(never)]
fn frame() -> usize {
    let here = 0u8;
    std::hint::black_box(std::ptr::from_ref(&here)) as usize
}

impl Drop for Entered {
    fn drop(&mut self) {
        if self.outermost {
            if LEVEL.load(Ordering::Relaxed) > 0 {
                tell_own(current());
            }
            CALL.set(Call::default());
        }
    }
}

fn tell_own(call: Call) {
    let end = Instant::now() + PATIENCE;
    let mut state = state();
    while state.telling.iter().any(|telling| telling.of == call && telling.by != this_thread()) {
        if Instant::now() >= end {
            // The function is slow; the helper goes on.
            return;
        }
        state = wait(state, PATIENCE);
    }
    // Where no helper can be started, what is left by the background too.
    while let Some(line) = {
        let alone = !state.helper_runs;
        state.take(|line| line.of == call || alone && line.of.frame == 0)
    } {
        state = tell_line(state, line);
    }
}
