//! Directories of this machine on their way out, packed as they are sent.

use std::collections::HashSet;
use std::io::Read;
use std::path::Path;

use super::source::named;
use crate::archive::{unpack, Ground, Ignore, Limits, Owner, PackOptions, Packing, Piece, Root, Skipped, Unpack};
use crate::error::{Error, Result};
use crate::log;
use crate::os::small_file;
use crate::transport::{Call, Source};

/// Takes the path of something that was left out, and why.
pub type Skip<'a> = dyn FnMut(&str, &str) + 'a;

/// How a directory is packed or unpacked.
#[derive(Default)]
pub struct Tree<'a> {
    /// Patterns of what is left out, by Docker's rules.
    pub ignore: Vec<String>,
    /// A file of such patterns; they come first.
    pub ignore_file: Option<String>,
    /// What an archive may not exceed.
    pub limits: Limits,
    /// Told of what is left out and why.
    pub skipped: Option<&'a mut Skip<'a>>,
}

impl Tree<'_> {
    /// Tells of something that was left out.
    pub(crate) fn tell(&mut self, what: Skipped) {
        let path = what.path();
        log::tell(log::Level::Warn, || format!("{path} was left out, or is not whole: {}", what.reason));
        if let Some(function) = &mut self.skipped {
            function(&path, &what.reason);
        }
    }

    /// Unpacks what is read into a directory, until the call's end.
    pub(crate) fn unpack(&mut self, reader: impl Read, ground: Ground, call: &Call) -> Result<()> {
        let (limits, lenient) = (self.limits, self.skipped.is_some());
        let mut skipped = |what| self.tell(what);
        unpack(reader, ground, Unpack { limits, lenient, check: &|| call.check(), skipped: &mut skipped })
    }

    /// What speaks of packing alone would be passed over without a word.
    pub(crate) fn check_for_unpacking(&self) -> Result<()> {
        if self.ignore.is_empty() && self.ignore_file.is_none() {
            return Ok(());
        }
        Err(Error::invalid(
            "ignore and ignore_file say what is left out when a directory is packed; this call unpacks one. Leave them out, and remove afterwards what is not wanted.",
        ))
    }

    fn patterns(&self) -> Result<Vec<String>> {
        let mut patterns = match &self.ignore_file {
            Some(path) => of_file(Path::new(path), true)?,
            None => Vec::new(),
        };
        patterns.extend(self.ignore.iter().filter_map(|pattern| Ignore::of_text(pattern)));
        Ok(patterns)
    }
}

fn of_file(path: &Path, required: bool) -> Result<Vec<String>> {
    match small_file::read(path) {
        Ok(contents) => Ignore::of_file(&path.display().to_string(), &contents),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !required => Ok(Vec::new()),
        Err(error) => Err(Error::local_io(&format!("{} cannot be read", path.display()), &error)),
    }
}

/// A directory as a source of bytes.
pub struct Packed<'t, 'f> {
    root: Root,
    options: PackOptions,
    tree: &'t mut Tree<'f>,
    packing: Option<Packing>,
    piece: Vec<u8>,
    at: usize,
    /// What has been told of, in this attempt or in an earlier one.
    told: HashSet<Skipped>,
}

impl<'t, 'f> Packed<'t, 'f> {
    /// All of a directory, but what the tree's rules leave out.
    pub fn new(path: &str, tree: &'t mut Tree<'f>) -> Result<Packed<'t, 'f>> {
        let ignore = tree.patterns()?;
        Packed::with(path, tree, PackOptions { ignore, ..PackOptions::default() })
    }

    /// As a devbox's tar is to have it.
    pub fn for_devbox(path: &str, tree: &'t mut Tree<'f>) -> Result<Packed<'t, 'f>> {
        let ignore = tree.patterns()?;
        Packed::with(path, tree, PackOptions { ignore, dotted: true, ..PackOptions::default() })
    }

    /// A directory as Docker would send it; the tree's own rules come after its `.dockerignore`.
    pub fn docker_context(path: &str, tree: &'t mut Tree<'f>) -> Result<Packed<'t, 'f>> {
        let mut ignore = of_file(&Path::new(path).join(".dockerignore"), false)?;
        ignore.extend(tree.patterns()?);
        Packed::with(path, tree, PackOptions { ignore, owner: Owner::Root, ..PackOptions::default() })
    }

    fn with(path: &str, tree: &'t mut Tree<'f>, options: PackOptions) -> Result<Packed<'t, 'f>> {
        named(path)?;
        let options = PackOptions { lenient: tree.skipped.is_some(), ..options };
        let root = Root::open(Path::new(path))?;
        let packing = Some(Packing::start(&root, &options)?);
        Ok(Packed { root, options, tree, packing, piece: Vec::new(), at: 0, told: HashSet::new() })
    }
}

impl Source for Packed<'_, '_> {
    fn length(&self) -> Option<u64> {
        None
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<Option<usize>> {
        while self.at == self.piece.len() {
            let Some(packing) = &mut self.packing else { return Ok(Some(0)) };
            match packing.next_piece()? {
                Some(Piece::Bytes(piece)) => (self.piece, self.at) = (piece, 0),
                // Between two of these the call's end is looked for.
                Some(Piece::Skipped(skipped)) => {
                    if self.told.insert(skipped.clone()) {
                        self.tree.tell(skipped);
                    }
                    return Ok(None);
                }
                Some(Piece::NotYet) => return Ok(None),
                None => self.packing = None,
            }
        }
        let count = buffer.len().min(self.piece.len() - self.at);
        buffer[..count].copy_from_slice(&self.piece[self.at..self.at + count]);
        self.at += count;
        Ok(Some(count))
    }

    fn rewind(&mut self) -> Result<bool> {
        // The threads of the one before end first.
        self.packing = None;
        self.packing = Some(Packing::start(&self.root, &self.options)?);
        (self.piece, self.at) = (Vec::new(), 0);
        Ok(true)
    }
}
