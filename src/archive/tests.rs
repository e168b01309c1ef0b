//! Trees packed and unpacked, and archives made to do harm.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{symlink, MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use tar::{EntryType, Header};

use super::*;
use crate::error::{Result, Status};

struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        let path = std::env::temp_dir().join(format!("runloop-archive-{}", crate::os::random::id().simple()));
        fs::create_dir(&path).unwrap();
        Folder(path)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn packed(root: &Path, options: &PackOptions) -> (Vec<u8>, Vec<Skipped>) {
    let mut packing = Packing::start(&Root::open(root).unwrap(), options).unwrap();
    let (mut bytes, mut skipped) = (Vec::new(), Vec::new());
    while let Some(piece) = packing.next_piece().unwrap() {
        match piece {
            Piece::Bytes(more) => bytes.extend(more),
            Piece::Skipped(note) => skipped.push(note),
            Piece::NotYet => {}
        }
    }
    (bytes, skipped)
}

fn unpacked(bytes: &[u8], target: &Path, limits: Limits) -> (Result<()>, Vec<Skipped>) {
    let mut skipped = Vec::new();
    let check = || Ok(());
    let mut note = |note| skipped.push(note);
    let outcome = unpack(bytes, Ground::open(target).unwrap(), Unpack { limits, lenient: false, check: &check, skipped: &mut note });
    (outcome, skipped)
}

fn names(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            found.push(path.strip_prefix(root).unwrap().to_string_lossy().into_owned());
            if path.symlink_metadata().unwrap().is_dir() {
                open.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_tree_comes_back_as_it_was() {
    let folder = Folder::new();
    let root = folder.at("tree");
    let long = "n".repeat(200);
    let deep = root.join("sub").join("d".repeat(120)).join(&long);
    fs::create_dir_all(&deep).unwrap();
    fs::create_dir(root.join("empty")).unwrap();
    fs::write(root.join("hello"), "Hello").unwrap();
    fs::write(root.join("nothing"), "").unwrap();
    fs::write(root.join("caf\u{e9} \n*"), "odd name").unwrap();
    fs::write(deep.join("inner"), vec![7; 300_000]).unwrap();
    fs::hard_link(root.join("hello"), root.join("sub/again")).unwrap();
    symlink("../hello", root.join("sub/link")).unwrap();
    symlink(&long, root.join("sub/far")).unwrap();
    fs::set_permissions(root.join("hello"), fs::Permissions::from_mode(0o751)).unwrap();
    fs::set_permissions(root.join("empty"), fs::Permissions::from_mode(0o500)).unwrap();
    fs::File::open(root.join("hello")).unwrap().set_modified(UNIX_EPOCH + Duration::from_secs(1_000_000_000)).unwrap();
    let _socket = UnixListener::bind(root.join("socket")).unwrap();
    let sparse = fs::File::create(root.join("sparse")).unwrap();
    sparse.set_len(8 << 20).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&sparse, b"in the middle", 5 << 20).unwrap();

    let (bytes, skipped) = packed(&root, &PackOptions::default());
    assert_eq!(packed(&root, &PackOptions::default()).0, bytes);
    assert_eq!(skipped.len(), 1);
    assert_eq!((skipped[0].path().as_str(), skipped[0].reason.as_str()), ("socket", "it is a socket"));

    let target = folder.at("target");
    fs::create_dir(&target).unwrap();
    let (outcome, skipped) = unpacked(&bytes, &target, Limits::default());
    outcome.unwrap();
    assert_eq!(skipped, []);
    let wanted: Vec<String> = names(&root).into_iter().filter(|name| name != "socket").collect();
    assert_eq!(names(&target), wanted);
    for name in &wanted {
        let (before, after) = (root.join(name).symlink_metadata().unwrap(), target.join(name).symlink_metadata().unwrap());
        assert_eq!(before.mode(), after.mode(), "{name}");
        assert_eq!(before.mtime(), after.mtime(), "{name}");
        if before.is_file() {
            assert!(fs::read(root.join(name)).unwrap() == fs::read(target.join(name)).unwrap(), "{name}");
        } else if before.is_symlink() {
            assert_eq!(fs::read_link(root.join(name)).unwrap(), fs::read_link(target.join(name)).unwrap());
        }
    }
    assert_eq!(target.join("hello").metadata().unwrap().ino(), target.join("sub/again").metadata().unwrap().ino());
    assert!(target.join("sparse").metadata().unwrap().blocks() * 512 < 1 << 20);

    // A second time, over what is there.
    unpacked(&bytes, &target, Limits::default()).0.unwrap();
    assert_eq!(names(&target), wanted);
    fs::set_permissions(root.join("empty"), fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn the_systems_tar_reads_it_and_is_read() {
    let folder = Folder::new();
    let (root, theirs, ours) = (folder.at("tree"), folder.at("theirs"), folder.at("ours"));
    for path in [&root, &theirs, &ours] {
        fs::create_dir(path).unwrap();
    }
    let long = "x".repeat(180);
    fs::create_dir(root.join(&long)).unwrap();
    fs::write(root.join(&long).join(&long), "deep").unwrap();
    symlink("a", root.join("b")).unwrap();
    let archive = folder.at("archive.tar.gz");
    fs::write(&archive, packed(&root, &PackOptions::default()).0).unwrap();
    let run = |args: &[&std::ffi::OsStr]| assert!(std::process::Command::new("tar").args(args).status().unwrap().success());
    run(&["-xzf".as_ref(), archive.as_ref(), "-C".as_ref(), theirs.as_ref()]);
    assert_eq!(names(&theirs), names(&root));
    for format in ["--format=gnu", "--format=pax", "--format=posix"] {
        run(&["-czf".as_ref(), archive.as_ref(), format.as_ref(), "-C".as_ref(), root.as_ref(), ".".as_ref()]);
        unpacked(&fs::read(&archive).unwrap(), &ours, Limits::default()).0.unwrap();
        assert_eq!(names(&ours), names(&root), "{format}");
        fs::remove_dir_all(&ours).unwrap();
        fs::create_dir(&ours).unwrap();
    }
}

#[test]
fn ignored_files_stay_and_their_excepted_children_come_with_their_parents() {
    let folder = Folder::new();
    let root = folder.at("tree");
    for name in ["a/b/keep", "a/b/drop", "a/c/drop", "x/y", "top.log"] {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, name).unwrap();
    }
    let ignore = Ignore::of_file("x", b"*.log\na\n!a/b/keep\nx/*\n").unwrap();
    let (bytes, _) = packed(&root, &PackOptions { ignore, ..PackOptions::default() });
    let target = folder.at("target");
    fs::create_dir(&target).unwrap();
    unpacked(&bytes, &target, Limits::default()).0.unwrap();
    assert_eq!(names(&target), ["a", "a/b", "a/b/keep", "x"]);
}

/// An archive of entries: name, kind, what it points to, contents.
fn archive(entries: &[(&str, EntryType, &str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, kind, target, contents) in entries {
        let mut header = Header::new_gnu();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.as_mut_bytes()[157..157 + target.len()].copy_from_slice(target.as_bytes());
        header.set_entry_type(*kind);
        header.set_mode(0o6777);
        header.set_mtime(1);
        header.set_size(contents.len() as u64);
        header.set_cksum();
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(contents);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
    }
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}

#[test]
fn nothing_leaves_the_target() {
    use EntryType::{Directory, Link, Regular, Symlink};
    type Entries<'a> = &'a [(&'a str, EntryType, &'a str, &'a [u8])];
    let folder = Folder::new();
    fs::write(folder.at("outside"), "untouched").unwrap();
    let outside = folder.at("outside");
    let absolute = outside.to_str().unwrap();
    let refused: &[Entries] = &[
        &[("../outside", Regular, "", b"x")],
        &[(absolute, Regular, "", b"x")],
        &[("a/../../outside", Regular, "", b"x")],
        &[("l", Link, "../outside", b"")],
        &[("l", Link, absolute, b"")],
        &[("d", Directory, "", b""), ("s", Symlink, "d", b""), ("s/f", Regular, "", b"x")],
        &[("d", Directory, "", b""), ("d", Regular, "", b"x")],
        &[("d", Directory, "", b""), ("d", Symlink, "e", b"")],
        &[("f", Regular, "", b"x"), ("f/g", Regular, "", b"x")],
        &[("missing", Link, "nowhere", b"")],
        &[(".", Regular, "", b"x")],
        &[("", Symlink, "a", b"")],
    ];
    for (number, entries) in refused.iter().enumerate() {
        let target = folder.at(&format!("refused-{number}"));
        fs::create_dir(&target).unwrap();
        let error = unpacked(&archive(entries), &target, Limits::default()).0.expect_err(&format!("number {number}"));
        assert_eq!(error.status(), Status::BadArchive, "number {number}: {error}");
    }
    let left_out: &[Entries] = &[
        &[("s", Symlink, "/etc", b"")],
        &[("s", Symlink, "..", b"")],
        &[("s", Symlink, "../outside", b"")],
        &[("a/b", Directory, "", b""), ("a/b/s", Symlink, "../..", b""), ("t", Symlink, "a/b/s/..", b"")],
        &[("a", Directory, "", b""), ("a/s", Symlink, "../x", b""), ("s", Link, "a/s", b"")],
        &[("null", EntryType::Char, "", b"")],
        &[("disk", EntryType::Block, "", b"")],
        &[("pipe", EntryType::Fifo, "", b"")],
    ];
    for (number, entries) in left_out.iter().enumerate() {
        let target = folder.at(&format!("left-out-{number}"));
        fs::create_dir(&target).unwrap();
        let (outcome, skipped) = unpacked(&archive(entries), &target, Limits::default());
        outcome.unwrap();
        assert_eq!(skipped.len(), 1, "number {number}");
        assert!(target.join(skipped[0].path()).symlink_metadata().is_err());
    }
    // A link that was there before is replaced, not followed; and so is one of the archive's own.
    let target = folder.at("replaced");
    fs::create_dir(&target).unwrap();
    symlink(&outside, target.join("f")).unwrap();
    let again = archive(&[("f", Regular, "", b"new"), ("s", Symlink, "f", b""), ("s", Regular, "", b"own")]);
    unpacked(&again, &target, Limits::default()).0.unwrap();
    assert_eq!(fs::read_to_string(target.join("f")).unwrap(), "new");
    assert_eq!(fs::read_to_string(target.join("s")).unwrap(), "own");
    assert_eq!(target.join("f").metadata().unwrap().mode() & 0o7777, 0o777);
    symlink(&folder.0, target.join("d")).unwrap();
    let through = archive(&[("d/outside", Regular, "", b"x")]);
    assert_eq!(unpacked(&through, &target, Limits::default()).0.unwrap_err().status(), Status::BadArchive);
    assert_eq!(fs::read_to_string(&outside).unwrap(), "untouched");
}

#[test]
fn bombs_and_damage_are_refused() {
    let folder = Folder::new();
    let target = folder.at("target");
    fs::create_dir(&target).unwrap();
    let refused = |bytes: &[u8], limits: Limits| {
        let error = unpacked(bytes, &target, limits).0.expect_err("it was unpacked");
        assert_eq!(error.status(), Status::BadArchive, "{error}");
        error.to_string()
    };
    let small = Limits { entries: 2, bytes: 1000 };
    let file = |name: &'static str, contents: &'static [u8]| (name, EntryType::Regular, "", contents);
    assert!(refused(&archive(&[file("a", b""), file("b", b""), file("c", b"")]), small).contains("max_entries"));
    assert!(refused(&archive(&[file("a", &[1; 600]), file("b", &[1; 600])]), small).contains("max_bytes"));
    // A name of gigabytes, and zeros without end behind the archive's end.
    let mut name = archive(&[("n", EntryType::GNULongName, "", b"")]);
    let mut header = Header::from_byte_slice(&name[..512]).clone();
    header.set_size(5 << 30);
    header.set_cksum();
    name[..512].copy_from_slice(header.as_bytes());
    refused(&name, small);
    let mut endless = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    endless.write_all(&vec![0; 8 << 20]).unwrap();
    refused(&endless.finish().unwrap(), small);

    let whole = archive(&[file("a", &[1; 600]), file("b", b"text")]);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&whole).unwrap();
    let packed = packed.finish().unwrap();
    unpacked(&packed, &target, Limits::default()).0.unwrap();
    for length in (0..whole.len() - 1024).step_by(17).chain([511, 512, 513]) {
        refused(&whole[..length], Limits::default());
    }
    for length in 0..packed.len() {
        refused(&packed[..length], Limits::default());
    }
    let mut flipped = packed.clone();
    let last = flipped.len() - 6;
    flipped[last] ^= 1;
    refused(&flipped, Limits::default());
    refused(b"<html>no archive at all</html>", Limits::default());
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = Folder::new();
    for path in ["missing", "file"] {
        if path == "file" {
            fs::write(folder.at("file"), "x").unwrap();
        }
        let error = Root::open(&folder.at(path)).err().unwrap();
        assert_eq!(error.status(), Status::InvalidArgument);
        assert!(error.to_string().contains(path));
    }
}
