//! Handles: what C holds is a name for an object here, never its address.
//!
//! A handle is looked up each time it is used, so that one that was freed, that is of another
//! kind, that is of the process that this one was forked from, or that never was one, is told apart from a
//! live one, and an object lives on for as long as a call in another thread uses it.

use std::any::Any;
use std::collections::{hash_map, HashMap};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};

use crate::error::{Error, Result, Status};
use crate::os::process;
use crate::os::process::{Inherit, PerProcess};

/// A C type that stands for an object of ours, by the attribute `#[handle]`; the only way to give and to free one.
pub trait Opaque: Sized {
    type Object: Send + Sync + 'static;
    /// What messages and `runloop_live_handles` call it.
    const KIND: &'static str;
}

/// The kind of the errors.
const ERROR: &str = "error";

struct Entry {
    kind: &'static str,
    object: Arc<dyn Any + Send + Sync>,
    poisoned: AtomicBool,
}

const SHARDS: usize = 16;
/// Handles look like aligned addresses, and none like a small number.
const FIRST: usize = 0x1_0000;
const STEP: usize = 16;

/// How many numbers there are. With 32 bits a program may use them up; then those of freed handles come again.
const NUMBERS: usize = (usize::MAX - FIRST) / STEP;

static TABLE: PerProcess<Table> = PerProcess::empty();
/// How many numbers have been given. A child continues from where its parent was.
static GIVEN: AtomicUsize = AtomicUsize::new(0);

struct Table {
    shards: [RwLock<HashMap<usize, Entry>>; SHARDS],
    /// So many numbers had been given before this process was forked.
    inherited: usize,
}

impl Inherit for Table {
    /// A child has no handles: its parent's stay as they are, for those threads of the parent that still use a text of them.
    fn inherit(_parent: Option<&Table>) -> Table {
        Table { shards: Default::default(), inherited: if process::generation() == 0 { 0 } else { GIVEN.load(Ordering::Relaxed) } }
    }
}

impl Table {
    fn shard(&self, address: usize) -> &RwLock<HashMap<usize, Entry>> {
        &self.shards[(address / STEP) % SHARDS]
    }

    /// Puts an object under the next number that no live handle has.
    fn put(&self, given: &AtomicUsize, numbers: usize, entry: Entry) -> usize {
        loop {
            let address = FIRST + STEP * (given.fetch_add(1, Ordering::Relaxed) % numbers);
            match self.shard(address).write().unwrap_or_else(|poisoned| poisoned.into_inner()).entry(address) {
                hash_map::Entry::Vacant(place) => {
                    place.insert(entry);
                    return address;
                }
                hash_map::Entry::Occupied(_) => {}
            }
        }
    }

    /// Whether a handle that is not live here may be one of the parent's.
    fn is_inherited(&self, address: usize) -> bool {
        let given = address.checked_sub(FIRST).map(|distance| distance / STEP);
        given.is_some_and(|number| number < self.inherited) && address % STEP == 0
    }
}

/// Makes a handle of an object.
pub fn give<T: Opaque>(object: T::Object) -> *mut T {
    let entry = Entry { kind: T::KIND, object: Arc::new(object), poisoned: AtomicBool::new(false) };
    TABLE.get().put(&GIVEN, NUMBERS, entry) as *mut T
}

/// The object of a live handle.
pub fn get<T: Opaque>(handle: *const T, name: &str) -> Result<Arc<T::Object>> {
    let address = handle as usize;
    let wrong = |why: &str| Error::new(Status::InvalidHandle, format!("{name} {why}"));
    if address == 0 {
        return Err(wrong("is NULL. Give a handle that the library returned."));
    }
    let all = TABLE.get();
    let table = all.shard(address).read().unwrap_or_else(|poisoned| poisoned.into_inner());
    let Some(entry) = table.get(&address) else {
        if all.is_inherited(address) {
            return Err(forked(name));
        }
        return Err(wrong(&format!("is not a live {} handle: it was freed, or never was one.", T::KIND)));
    };
    if entry.poisoned.load(Ordering::Relaxed) {
        return Err(Error::new(
            Status::InternalPanic,
            format!("{name} is out of use since an earlier call with it panicked. Free it, and make another."),
        ));
    }
    // Several kinds may stand for objects of one type.
    let object = if entry.kind == T::KIND { Arc::clone(&entry.object).downcast().ok() } else { None };
    object.ok_or_else(|| wrong(&format!("is a {} handle (expected: {}).", entry.kind, T::KIND)))
}

fn forked(name: &str) -> Error {
    Error::new(
        Status::Forked,
        format!("{name} was made before this process was forked, and is its parent's: connections and threads are not shared. Make one in this process."),
    )
}

/// Ends a handle. One that is NULL, freed, of another kind or a parent's is left alone.
pub fn take<T: Opaque>(handle: *mut T) -> Option<Arc<T::Object>> {
    let address = handle as usize;
    let mut table = TABLE.get().shard(address).write().unwrap_or_else(|poisoned| poisoned.into_inner());
    let fits = table.get(&address).is_some_and(|entry| entry.kind == T::KIND);
    let entry = if fits { table.remove(&address) } else { None };
    drop(table);
    entry.and_then(|entry| entry.object.downcast().ok())
}

/// Marks a handle that was used by a call that panicked.
pub fn poison(address: usize) {
    let table = TABLE.get().shard(address).read().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(entry) = table.get(&address) {
        // An error tells of what happened, and must be read afterwards.
        if entry.kind != ERROR {
            entry.poisoned.store(true, Ordering::Relaxed);
        }
    }
}

/// How many handles of a kind are live, by its name; all of them for `None`.
pub fn live(kind: Option<&str>) -> usize {
    TABLE
        .get()
        .shards
        .iter()
        .map(|shard| {
            let table = shard.read().unwrap_or_else(|poisoned| poisoned.into_inner());
            table.values().filter(|entry| kind.is_none_or(|kind| entry.kind == kind)).count()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: usize) -> Entry {
        Entry { kind: "params", object: Arc::new(number), poisoned: AtomicBool::new(false) }
    }

    fn number(table: &Table, address: usize) -> Option<usize> {
        table.shard(address).read().unwrap().get(&address).and_then(|entry| entry.object.downcast_ref().copied())
    }

    #[test]
    fn when_the_numbers_are_used_up_live_handles_stay_and_freed_ones_come_again() {
        const FEW: usize = 40;
        let (table, given) = (Table::inherit(None), AtomicUsize::new(0));
        let live: Vec<usize> = (0..FEW - 1).map(|number| table.put(&given, FEW, entry(number))).collect();
        let freed = table.put(&given, FEW, entry(1000));
        table.shard(freed).write().unwrap().remove(&freed);
        assert_eq!(table.put(&given, FEW, entry(1001)), freed);
        for (expected, address) in live.iter().enumerate() {
            assert_eq!(number(&table, *address), Some(expected));
        }
    }

    #[test]
    fn no_number_is_given_twice_before_all_have_been_given() {
        const FEW: usize = 40;
        let (table, given) = (Table::inherit(None), AtomicUsize::new(0));
        let mut seen = std::collections::HashSet::new();
        for number in 0..FEW {
            let address = table.put(&given, FEW, entry(number));
            assert!(seen.insert(address));
            table.shard(address).write().unwrap().remove(&address);
        }
    }
}
