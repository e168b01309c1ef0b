//! Handles: what C holds is a name for an object here, never its address.
//!
//! A handle is looked up each time it is used, so that one that was freed, that is of another
//! kind, or that never was one, is told apart from a live one, and an object lives on for as long
//! as a call in another thread uses it.

use std::any::Any;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};

use once_cell::sync::Lazy;

use crate::error::{Error, Result, Status};

/// The kinds of handles, by the names that `runloop_live_handles` knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Client,
    Config,
    Params,
    Value,
    Bytes,
    Error,
    Cancel,
    Devbox,
    DevboxCursor,
    Execution,
    ExecResult,
    OutputStream,
    Object,
    ObjectCursor,
    Snapshot,
    SnapshotCursor,
    Blueprint,
    BlueprintCursor,
    Axon,
    AxonCursor,
    AxonEventCursor,
    EventStream,
    Secret,
    SecretCursor,
    NetworkPolicy,
    NetworkPolicyCursor,
    GatewayConfig,
    GatewayConfigCursor,
    McpConfig,
    McpConfigCursor,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Client => "client",
            Kind::Config => "config",
            Kind::Params => "params",
            Kind::Value => "value",
            Kind::Bytes => "bytes",
            Kind::Error => "error",
            Kind::Cancel => "cancel",
            Kind::Devbox => "devbox",
            Kind::DevboxCursor => "devbox_cursor",
            Kind::Execution => "execution",
            Kind::ExecResult => "exec_result",
            Kind::OutputStream => "output_stream",
            Kind::Object => "object",
            Kind::ObjectCursor => "object_cursor",
            Kind::Snapshot => "snapshot",
            Kind::SnapshotCursor => "snapshot_cursor",
            Kind::Blueprint => "blueprint",
            Kind::BlueprintCursor => "blueprint_cursor",
            Kind::Axon => "axon",
            Kind::AxonCursor => "axon_cursor",
            Kind::AxonEventCursor => "axon_event_cursor",
            Kind::EventStream => "event_stream",
            Kind::Secret => "secret",
            Kind::SecretCursor => "secret_cursor",
            Kind::NetworkPolicy => "network_policy",
            Kind::NetworkPolicyCursor => "network_policy_cursor",
            Kind::GatewayConfig => "gateway_config",
            Kind::GatewayConfigCursor => "gateway_config_cursor",
            Kind::McpConfig => "mcp_config",
            Kind::McpConfigCursor => "mcp_config_cursor",
        }
    }
}

/// A C type that stands for an object of ours; the only way to give and to free one.
pub trait Opaque: Sized {
    type Object: Send + Sync + 'static;
    const KIND: Kind;
}

/// Says which object an opaque C type stands for.
macro_rules! opaque {
    ($name:ident, $kind:ident, $object:ty) => {
        impl $crate::ffi::handles::Opaque for $name {
            type Object = $object;
            const KIND: $crate::ffi::handles::Kind = $crate::ffi::handles::Kind::$kind;
        }
    };
}

struct Entry {
    kind: Kind,
    object: Arc<dyn Any + Send + Sync>,
    poisoned: AtomicBool,
}

const SHARDS: usize = 16;
/// Handles look like aligned addresses, and none like a small number.
const FIRST: usize = 0x1_0000;
const STEP: usize = 16;

static TABLE: Lazy<[RwLock<HashMap<usize, Entry>>; SHARDS]> = Lazy::new(Default::default);
static NEXT: AtomicUsize = AtomicUsize::new(0);

fn shard(address: usize) -> &'static RwLock<HashMap<usize, Entry>> {
    &TABLE[(address / STEP) % SHARDS]
}

/// Makes a handle of an object.
pub fn give<T: Opaque>(object: T::Object) -> *mut T {
    // A number is never used twice, so that a handle freed long ago is still told apart.
    let address = FIRST + STEP * NEXT.fetch_add(1, Ordering::Relaxed);
    let entry = Entry { kind: T::KIND, object: Arc::new(object), poisoned: AtomicBool::new(false) };
    shard(address).write().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(address, entry);
    address as *mut T
}

/// The object of a live handle.
pub fn get<T: Opaque>(handle: *const T, name: &str) -> Result<Arc<T::Object>> {
    let address = handle as usize;
    let wrong = |why: &str| Error::new(Status::InvalidHandle, format!("{name} {why}"));
    if address == 0 {
        return Err(wrong("is NULL. Give a handle that the library returned."));
    }
    let table = shard(address).read().unwrap_or_else(|poisoned| poisoned.into_inner());
    let Some(entry) = table.get(&address) else {
        return Err(wrong(&format!("is no live {} handle: it was freed, or never was one.", T::KIND.name())));
    };
    if entry.poisoned.load(Ordering::Relaxed) {
        return Err(Error::new(
            Status::InternalPanic,
            format!("{name} is out of use since an earlier call with it panicked. Free it, and make another."),
        ));
    }
    // Several kinds may stand for objects of one type.
    let object = if entry.kind == T::KIND { Arc::clone(&entry.object).downcast().ok() } else { None };
    object.ok_or_else(|| wrong(&format!("is a {} handle, where a {} is wanted.", entry.kind.name(), T::KIND.name())))
}

/// Ends a handle. One that is NULL, freed or of another kind is left alone.
pub fn take<T: Opaque>(handle: *mut T) -> Option<Arc<T::Object>> {
    let address = handle as usize;
    let mut table = shard(address).write().unwrap_or_else(|poisoned| poisoned.into_inner());
    let fits = table.get(&address).is_some_and(|entry| entry.kind == T::KIND);
    let entry = if fits { table.remove(&address) } else { None };
    drop(table);
    entry.and_then(|entry| entry.object.downcast().ok())
}

/// Marks a handle that was used by a call that panicked.
pub fn poison(address: usize) {
    let table = shard(address).read().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(entry) = table.get(&address) {
        // An error tells of what happened, and must be read afterwards.
        if entry.kind != Kind::Error {
            entry.poisoned.store(true, Ordering::Relaxed);
        }
    }
}

/// How many handles of a kind are live, by its name; all of them for `None`.
pub fn live(kind: Option<&str>) -> usize {
    TABLE
        .iter()
        .map(|shard| {
            let table = shard.read().unwrap_or_else(|poisoned| poisoned.into_inner());
            table.values().filter(|entry| kind.is_none_or(|kind| entry.kind.name() == kind)).count()
        })
        .sum()
}
