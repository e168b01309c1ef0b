//! What tests may change while the emulator runs.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize)]
pub struct Settings {
    pub boot_ms: u64,
    /// Devboxes created from now on stay in provisioning.
    pub never_running: bool,
    pub boot_result: BootResult,
    pub offset_meaning: OffsetMeaning,
    /// A hold ends with 408 after this, in real time, instead of the service's own limits.
    pub hold_max_ms: Option<u64>,
    /// The store that URLs of objects imitate from now on.
    pub object_manner: Manner,
    /// A create that is repeated with the same x-request-id gives the first answer again.
    pub repeat_by_request_id: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BootResult {
    Running,
    Failure,
}

/// Which end of a chunk the offset beside it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OffsetMeaning {
    Begin,
    End,
}

/// The store that is imitated for the contents of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    Plain,
    S3,
    Azure,
}

impl Manner {
    pub fn named(name: &str) -> Option<Manner> {
        match name {
            "plain" => Some(Manner::Plain),
            "s3" => Some(Manner::S3),
            "azure" => Some(Manner::Azure),
            _ => None,
        }
    }
}

/// A partial update.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    boot_ms: Option<u64>,
    never_running: Option<bool>,
    boot_result: Option<BootResult>,
    offset_meaning: Option<OffsetMeaning>,
    /// An explicit null takes the limit away again.
    #[serde(default, deserialize_with = "given")]
    hold_max_ms: Option<Option<u64>>,
    object_manner: Option<Manner>,
    repeat_by_request_id: Option<bool>,
    pub time_scale: Option<f64>,
}

fn given<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Option<u64>>, D::Error> {
    Option::deserialize(from).map(Some)
}

impl Settings {
    pub fn apply(&mut self, change: &Change) {
        let Settings { boot_ms, never_running, boot_result, offset_meaning, hold_max_ms, object_manner, repeat_by_request_id } = self;
        set(boot_ms, change.boot_ms);
        set(never_running, change.never_running);
        set(boot_result, change.boot_result);
        set(offset_meaning, change.offset_meaning);
        set(hold_max_ms, change.hold_max_ms);
        set(object_manner, change.object_manner);
        set(repeat_by_request_id, change.repeat_by_request_id);
    }
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}
