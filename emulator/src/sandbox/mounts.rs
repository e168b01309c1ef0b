//! The mounts inside a devbox besides its root: processes, devices, the host's other disks.

use super::protocol::Mode;
use nix::mount::{mount, umount2, MntFlags, MsFlags};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const NONE: Option<&str> = None;

pub struct Mount {
    pub point: PathBuf,
    kind: String,
    flags: MsFlags,
}

/// What is mounted where, as this process sees it.
pub fn list() -> Vec<Mount> {
    let text = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    text.lines().filter_map(parse).collect()
}

/// id parent device root point options … - kind source …
fn parse(line: &str) -> Option<Mount> {
    let (left, right) = line.split_once(" - ")?;
    let mut left = left.split(' ').skip(4);
    let (point, options) = (left.next()?, left.next()?);
    let mut flags = MsFlags::empty();
    for option in options.split(',') {
        flags |= match option {
            "nosuid" => MsFlags::MS_NOSUID,
            "nodev" => MsFlags::MS_NODEV,
            "noexec" => MsFlags::MS_NOEXEC,
            "noatime" => MsFlags::MS_NOATIME,
            "nodiratime" => MsFlags::MS_NODIRATIME,
            "relatime" => MsFlags::MS_RELATIME,
            _ => MsFlags::empty(),
        };
    }
    Some(Mount { point: PathBuf::from(unescape(point)), kind: right.split(' ').next()?.to_string(), flags })
}

/// The kernel writes spaces and the like as \040.
fn unescape(text: &str) -> String {
    let mut out = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let octal = bytes.get(at + 1..at + 4).and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok());
        match (bytes[at], octal) {
            (b'\\', Some(byte)) => {
                out.push(byte);
                at += 4;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// An overlay shows one file system only. Where the host keeps parts of itself on others (/usr,
/// /opt, /nix …) they are shown read-only.
pub fn show_other_disks(root: &Path, mounts: &[Mount], hidden: &[PathBuf]) {
    const DISKS: [&str; 10] = ["ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "erofs", "squashfs", "overlay"];
    const OWN: [&str; 8] = ["/proc", "/sys", "/dev", "/run", "/tmp", "/home", "/root", "/var/lib/docker"];
    for disk in mounts {
        let skip = disk.point == Path::new("/")
            || !DISKS.contains(&disk.kind.as_str())
            || OWN.iter().any(|own| disk.point.starts_with(own))
            || hidden.iter().any(|h| disk.point.starts_with(h))
            || !disk.point.is_dir();
        if skip {
            continue;
        }
        let target = below(root, &disk.point);
        let bind = MsFlags::MS_BIND | MsFlags::MS_REC;
        if mount(Some(&disk.point), &target, NONE, bind, NONE).is_ok() && read_only(&target, disk.flags).is_err() {
            // Better absent than writable.
            let _ = umount2(&target, MntFlags::MNT_DETACH);
        }
    }
}

pub fn below(root: &Path, path: &Path) -> PathBuf {
    root.join(path.strip_prefix("/").unwrap_or(path))
}

pub fn read_only(target: &Path, flags: MsFlags) -> nix::Result<()> {
    let flags = flags | MsFlags::MS_BIND | MsFlags::MS_REMOUNT | MsFlags::MS_RDONLY;
    mount(NONE, target, NONE, flags, NONE)
}

/// An empty, closed folder over one of the host's.
pub fn hide(root: &Path, path: &Path) {
    let target = below(root, path);
    if target.is_dir() {
        let flags = MsFlags::MS_RDONLY | MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
        let _ = mount(Some("none"), &target, Some("tmpfs"), flags, Some("size=4k,mode=000"));
    }
}

/// Puts the program over the file of its name that the disk has for it, where it is found before
/// one of the host's.
pub fn sudo(root: &Path, program: &Path) {
    let target = below(root, Path::new(super::disk::SUDO));
    if !target.is_file() || mount(Some(program), &target, NONE, MsFlags::MS_BIND, NONE).is_err() {
        return;
    }
    // Said anew without "nosuid", whatever the folder it comes from is mounted with.
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    if read_only(&target, MsFlags::empty()).or_else(|_| read_only(&target, flags)).is_err() {
        let _ = umount2(&target, MntFlags::MNT_DETACH);
    }
}

pub fn proc(root: &Path, mode: Mode) -> nix::Result<()> {
    let target = root.join("proc");
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    mount(Some("proc"), &target, Some("proc"), flags, NONE)?;
    if mode == Mode::Overlay {
        // The devbox's root is the host's root by number: no kernel setting may be its to change.
        for name in ["sys", "sysrq-trigger", "irq", "bus", "fs", "acpi"] {
            let path = target.join(name);
            if path.exists() {
                mount(Some(&path), &path, NONE, MsFlags::MS_BIND, NONE)?;
                read_only(&path, flags)?;
            }
        }
        for name in ["kcore", "keys", "timer_list"] {
            let path = target.join(name);
            if path.exists() {
                mount(Some("/dev/null"), &path, NONE, MsFlags::MS_BIND, NONE)?;
            }
        }
    }
    Ok(())
}

pub fn dev(root: &Path) -> io::Result<()> {
    let target = root.join("dev");
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NOEXEC;
    let options = Some("mode=755,size=64k");
    mount(Some("tmpfs"), &target, Some("tmpfs"), flags, options)?;
    for name in ["null", "zero", "full", "random", "urandom", "tty"] {
        let (host, path) = (Path::new("/dev").join(name), target.join(name));
        fs::write(&path, "")?;
        mount(Some(&host), &path, NONE, MsFlags::MS_BIND, NONE)?;
    }
    for name in ["pts", "shm"] {
        fs::create_dir(target.join(name))?;
    }
    let options = Some("newinstance,ptmxmode=0666,mode=620");
    mount(Some("devpts"), &target.join("pts"), Some("devpts"), flags, options)?;
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mount(Some("tmpfs"), &target.join("shm"), Some("tmpfs"), flags, Some("mode=1777"))?;
    for (link, to) in [
        ("ptmx", "pts/ptmx"),
        ("fd", "/proc/self/fd"),
        ("stdin", "/proc/self/fd/0"),
        ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
    ] {
        std::os::unix::fs::symlink(to, target.join(link))?;
    }
    Ok(())
}

/// Read-only, where the host allows it; few programs miss it.
pub fn sys(root: &Path, mode: Mode) {
    let target = root.join("sys");
    // Mounts below it are locked to it in a user namespace: there the whole tree, or nothing.
    let tree = match mode {
        Mode::UserOverlay => MsFlags::MS_REC,
        _ => MsFlags::empty(),
    };
    if mount(Some("/sys"), &target, NONE, MsFlags::MS_BIND | tree, NONE).is_ok() {
        let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
        if read_only(&target, flags).is_err() && mode == Mode::Overlay {
            let _ = umount2(&target, MntFlags::MNT_DETACH);
        }
    }
}

/// Colons and commas separate options and layers; a backslash takes that from them.
pub fn escaped(path: &Path) -> String {
    let mut text = String::new();
    for c in path.to_string_lossy().chars() {
        if matches!(c, ':' | ',' | '\\') {
            text.push('\\');
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_mountinfo_is_read() {
        let line = r"36 35 98:0 / /mnt/a\040b rw,nosuid,relatime master:1 - ext4 /dev/x rw";
        let mount = parse(line).unwrap();
        assert_eq!(mount.point, Path::new("/mnt/a b"));
        assert_eq!(mount.kind, "ext4");
        assert_eq!(mount.flags, MsFlags::MS_NOSUID | MsFlags::MS_RELATIME);
    }
}
