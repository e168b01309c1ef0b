//! What creates leave behind: the kinds of resources, and how each is found and ended.

use crate::api::{blueprint, devbox, object, snapshot};
use crate::error::Result;
use crate::transport::Request;

/// What a create leaves behind, and how that is found and ended.
pub struct Kind {
    pub(super) noun: &'static str,
    /// What is being done to it, in words.
    pub(super) ending: &'static str,
    /// The states in which there is nothing to end.
    pub(super) ended: &'static [&'static str],
    pub(super) key: &'static str,
    pub(super) list: fn() -> Request,
    pub(super) end: fn(&str) -> Result<Request>,
}

/// A devbox is shut down.
pub const DEVBOX: Kind = Kind {
    noun: "devbox",
    ending: "shut down",
    ended: &["shutdown", "failure"],
    key: "devboxes",
    list: devbox::list,
    end: devbox::shutdown,
};
/// A snapshot is deleted.
pub const SNAPSHOT: Kind =
    Kind { noun: "snapshot", ending: "deleted", ended: &[], key: "snapshots", list: snapshot::list, end: snapshot::delete };
/// A blueprint is deleted.
pub const BLUEPRINT: Kind =
    Kind { noun: "blueprint", ending: "deleted", ended: &[], key: "blueprints", list: blueprint::list, end: blueprint::delete };
/// An object is deleted, its content with it.
pub const OBJECT: Kind = Kind { noun: "object", ending: "deleted", ended: &[], key: "objects", list: object::list, end: object::delete };
