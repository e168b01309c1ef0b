//! What ended devboxes have printed: kept for who asks later, up to an amount.

use super::Executions;
use crate::app::App;
use crate::part::Part;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

pub struct EndedOutputs {
    /// So many bytes. The devbox that ended last keeps its own, however many.
    limit: u64,
    /// The first to have ended first.
    all: Mutex<VecDeque<Arc<Executions>>>,
}

impl Part for EndedOutputs {
    fn clear(&self, _app: &Arc<App>) {
        self.all.lock().unwrap().clear();
    }
}

impl EndedOutputs {
    pub fn new(limit: u64) -> EndedOutputs {
        EndedOutputs { limit, all: Mutex::default() }
    }

    /// A devbox has ended: it may be the turn of an earlier one's executions to be forgotten.
    pub fn add(&self, executions: Arc<Executions>) {
        let mut all = self.all.lock().unwrap();
        if all.iter().any(|there| Arc::ptr_eq(there, &executions)) {
            return;
        }
        all.push_back(executions);
        let mut sum: u64 = all.iter().map(|executions| executions.printed()).sum();
        while sum > self.limit && all.len() > 1 {
            if let Some(first) = all.pop_front() {
                sum -= first.printed();
                first.forget();
            }
        }
    }
}
