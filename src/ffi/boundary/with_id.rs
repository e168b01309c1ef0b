//! Nouns that have an identifier, which C asks for.

use std::ffi::{c_char, CString};
use std::ops::Deref;

use super::error::c_text;
use crate::sdk::{Axon, Blueprint, CollectionItem, Snapshot};

/// What has an identifier.
pub trait Identified {
    fn identifier(&self) -> &str;
}

impl Identified for Snapshot {
    fn identifier(&self) -> &str {
        self.id()
    }
}

impl Identified for Blueprint {
    fn identifier(&self) -> &str {
        self.id()
    }
}

impl Identified for CollectionItem {
    fn identifier(&self) -> &str {
        self.id()
    }
}

impl Identified for Axon {
    fn identifier(&self) -> &str {
        self.id()
    }
}

/// A noun, its identifier ready for C.
pub struct WithId<T> {
    noun: T,
    id: CString,
}

impl<T: Identified> WithId<T> {
    pub fn new(noun: T) -> WithId<T> {
        WithId { id: c_text(noun.identifier().as_bytes()), noun }
    }

    pub fn id_for_c(&self) -> *const c_char {
        self.id.as_ptr()
    }
}

impl<T> Deref for WithId<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.noun
    }
}
