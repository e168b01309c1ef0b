//! Helper threads: for what would hold up whoever drives the engine, such as the system's resolver and the
//! host program's log function. Few, started when they are needed, ended when they have been idle.
//!
//! Where no thread can be started that is an error, not a panic.

use std::collections::VecDeque;
use std::io;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread::Builder;
use std::time::Duration;

use crate::os::process::{Inherit, PerProcess};
use crate::os::signals;
use crate::panics;

/// A thread that has had nothing to do for so long ends.
const IDLE: Duration = Duration::from_secs(5);
/// How long `end` waits for idle threads, which need only be scheduled once to end.
const PATIENCE: Duration = Duration::from_secs(1);

/// What goes on behind a call that has ended.
pub static AFTERWARDS: Helpers = Helpers::new("runloop-after", 1);

type Job = Box<dyn FnOnce() + Send>;

/// Threads of one name that take jobs from one queue.
pub struct Helpers {
    name: &'static str,
    most: usize,
    /// A forked child has none of the threads, nor of the jobs.
    pool: PerProcess<Pool>,
}

#[derive(Default)]
struct Pool {
    state: Mutex<State>,
    /// There is a job, or the threads are to end.
    work: Condvar,
    /// No thread is idle any more.
    settled: Condvar,
}

impl Inherit for Pool {
    fn inherit(_parent: Option<&Pool>) -> Pool {
        Pool::default()
    }
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    threads: usize,
    /// Of the threads, those that wait for a job.
    idle: usize,
    ending: bool,
}

impl Helpers {
    /// At most so many threads, of this name (Linux shows 15 characters of it). Starts none yet.
    pub const fn new(name: &'static str, most: usize) -> Helpers {
        Helpers { name, most, pool: PerProcess::empty() }
    }

    /// Has a thread run `job`. While all threads are busy jobs wait, and run in the order in which they came.
    ///
    /// An error means that there is no thread and none can be started; the job is dropped then, without having run.
    pub fn run(&'static self, job: impl FnOnce() + Send + 'static) -> io::Result<()> {
        let pool = self.pool.get();
        let mut state = pool.state();
        state.ending = false;
        state.jobs.push_back(Box::new(job));
        if state.jobs.len() <= state.idle || state.threads >= self.most {
            pool.work.notify_one();
            return Ok(());
        }
        match self.start(pool, &mut state) {
            Ok(()) => Ok(()),
            Err(error) if state.threads == 0 => {
                let job = state.jobs.pop_back();
                drop(state);
                drop(job);
                Err(error)
            }
            // Those that there are take the job when they can.
            Err(_) => Ok(()),
        }
    }

    /// Starts another thread if jobs wait while all threads are busy, and there are not so many yet: for jobs that have waited
    /// for so long that the others may never end.
    pub fn relieve(&'static self, most: usize) {
        let pool = self.pool.get();
        let mut state = pool.state();
        if state.jobs.len() > state.idle && state.threads < most {
            // Without it the jobs go on waiting.
            let _ = self.start(pool, &mut state);
        }
    }

    fn start(&'static self, pool: &'static Pool, state: &mut State) -> io::Result<()> {
        signals::all_blocked(|| Builder::new().name(self.name.to_owned()).spawn(|| pool.serve()))?;
        state.threads += 1;
        Ok(())
    }

    /// Ends the threads that are idle, and has each of the others end after its job. For when the engine stops.
    pub fn end(&self) {
        let pool = self.pool.get();
        let mut state = pool.state();
        state.ending = true;
        pool.work.notify_all();
        let _ = pool.settled.wait_timeout_while(state, PATIENCE, |state| state.ending && state.idle > 0);
    }
}

impl Pool {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn serve(&self) {
        panics::own_thread();
        while let Some(job) = self.next() {
            // What a job's panic means is for those to know who wait for its outcome.
            let _ = catch_unwind(AssertUnwindSafe(job));
        }
    }

    /// `None` when the thread is to end.
    fn next(&self) -> Option<Job> {
        let mut state = self.state();
        let mut patience = IDLE;
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            if state.ending || patience.is_zero() {
                state.threads -= 1;
                return None;
            }
            state.idle += 1;
            let (back, waited) = self.work.wait_timeout(state, patience).unwrap_or_else(|poisoned| poisoned.into_inner());
            state = back;
            state.idle -= 1;
            if waited.timed_out() {
                patience = Duration::ZERO;
            }
            if state.idle == 0 {
                self.settled.notify_all();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    const LONG: Duration = Duration::from_secs(60);

    fn threads(helpers: &Helpers) -> usize {
        helpers.pool.get().state().threads
    }

    #[test]
    fn no_more_threads_than_allowed_and_every_job_runs() {
        static HELPERS: Helpers = Helpers::new("test-helpers", 2);
        let (begun, beginnings) = channel();
        let (release, gate) = channel::<()>();
        let gate = std::sync::Arc::new(Mutex::new(gate));
        for number in 0..5 {
            let (begun, gate) = (begun.clone(), std::sync::Arc::clone(&gate));
            HELPERS
                .run(move || {
                    begun.send(number).unwrap();
                    gate.lock().unwrap().recv().unwrap();
                })
                .unwrap();
        }
        let mut seen = vec![beginnings.recv_timeout(LONG).unwrap(), beginnings.recv_timeout(LONG).unwrap()];
        assert_eq!(threads(&HELPERS), 2);
        assert!(beginnings.try_recv().is_err(), "a third job has begun");
        (0..5).for_each(|_| release.send(()).unwrap());
        seen.extend((0..3).map(|_| beginnings.recv_timeout(LONG).unwrap()));
        seen.sort_unstable();
        assert_eq!(seen, [0, 1, 2, 3, 4]);
        HELPERS.end();
        while threads(&HELPERS) > 0 {
            std::thread::yield_now();
        }
    }

    #[test]
    fn jobs_that_wait_behind_others_without_an_end_are_relieved() {
        static HELPERS: Helpers = Helpers::new("test-helpers", 1);
        let (release, gate) = channel::<()>();
        let (done, outcome) = channel();
        HELPERS.run(move || gate.recv().unwrap_or(())).unwrap();
        HELPERS.run(move || done.send(()).unwrap()).unwrap();
        HELPERS.relieve(1);
        assert_eq!(threads(&HELPERS), 1);
        HELPERS.relieve(2);
        assert_eq!(outcome.recv_timeout(LONG), Ok(()));
        HELPERS.relieve(9);
        assert_eq!(threads(&HELPERS), 2);
        release.send(()).unwrap();
        HELPERS.end();
    }

    #[test]
    fn a_job_that_panics_ends_no_thread_and_an_end_is_not_for_ever() {
        static HELPERS: Helpers = Helpers::new("test-helpers", 1);
        let (done, outcome) = channel();
        HELPERS.run(|| std::panic::resume_unwind(Box::new("on purpose"))).unwrap();
        let first = done.clone();
        HELPERS.run(move || first.send(1).unwrap()).unwrap();
        assert_eq!(outcome.recv_timeout(LONG), Ok(1));
        HELPERS.end();
        HELPERS.run(move || done.send(2).unwrap()).unwrap();
        assert_eq!(outcome.recv_timeout(LONG), Ok(2));
        HELPERS.end();
    }
}
