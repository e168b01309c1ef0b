//! What the library has a devbox run on its own account, in a surrounding of its own: neither the user's
//! profile, functions, environment nor locale reaches it. Its outcome is what it reports itself: an exit code alone may be that
//! of the login shell, whose profile has ended it or put another in its place.

use crate::sdk::exec::shell::quote;

/// The archive is whole, but something changed while it was packed.
pub const CHANGED: i64 = 1;
/// The archive is whole, but some entries are missing from it.
pub const SOME_FAILED: i64 = 2;
/// There is no such directory, or it may not be entered.
pub const NO_DIRECTORY: i64 = 70;
/// So many lines of what was said are given at once; what was said beyond that lies in a file beside the archive.
const LINES: &str = "90";
const NAME: &str = ".librunloop-";

/// Where directories are found whose name begins with the library's own.
pub fn archive_path() -> String {
    format!("/tmp/{NAME}{}.tar.gz", crate::os::random::id().simple())
}

/// Where all lies that was said, if that was much.
pub fn said_path(archive: &str) -> String {
    format!("{archive}.said")
}

/// What each script begins with. It ends with `quit CODE`, which tells what was said, and the code.
const PREAMBLE: &str = include_str!("remote_tar/preamble.sh");

/// One run at a time. One that is not the first, `$2` being set, waits for an earlier one, which leaves nothing behind where it
/// succeeds. Directories that were there keep what they are: their entries, and theirs alone, end with `/.`. A name with a line
/// break can be excluded by an argument alone, since GNU tar reads a file of patterns by lines whatever it is told.
const UNPACK: &str = include_str!("remote_tar/unpack.sh");

/// Of the archive, and what lies beside it.
const REMOVE: &str = include_str!("remote_tar/remove.sh");

/// What is on its way to the devbox comes within a minute, or never.
const REMOVE_LATE: &str = include_str!("remote_tar/remove_late.sh");

/// The exit codes of both ends of the pipe are told apart; what the library itself has in the way is left out. Of other tars than
/// GNU's, BusyBox's may have no `--exclude`, and libarchive's stops at a directory that it cannot read.
const PACK: &str = include_str!("remote_tar/pack.sh");

/// A command line, and the marker between whose lines stands what it said. The last one holds its exit code.
pub struct Command {
    /// To be run.
    pub line: String,
    mark: String,
}

fn command(script: &str, archive: &str, arguments: &[&str]) -> Command {
    let mark = format!("librunloop-{}", crate::os::random::id().simple());
    let script = format!("lines={LINES}; {PREAMBLE}{script}");
    // The path of the user's comes last: for systems that have their tools elsewhere.
    let clean =
        "exec /usr/bin/env -i HOME=\"$HOME\" LC_ALL=C PATH=\"/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin:$PATH\" /bin/sh -c \"$@\"";
    let mut line = format!("/bin/sh -c {} sh {} librunloop {mark} {archive}", quote(clean), quote(&script));
    for argument in arguments {
        line.push(' ');
        line.push_str(&quote(argument));
    }
    // It is not the shell's last command: that stays beside it, with the home directory that it began with.
    line.push_str("\n:");
    Command { line, mark }
}

/// Unpacks the archive into a directory, which is made if need be, and removes it. `again`: an earlier run may have done it.
pub fn unpack(archive: &str, directory: &str, again: bool) -> Command {
    command(UNPACK, archive, &[&as_path(directory), if again { "again" } else { "" }])
}

/// Packs what is in a directory. While it runs, it is named beside the archive.
pub fn pack(archive: &str, directory: &str) -> Command {
    command(PACK, archive, &[&as_path(directory), &format!("{NAME}*.tar.gz*")])
}

/// Removes the archive, and what lies beside it.
pub fn remove(archive: &str) -> Command {
    command(REMOVE, archive, &[])
}

/// The same where nobody knows what became of what makes the archive: that may run still, or come later than this.
pub fn remove_late(archive: &str) -> Command {
    command(REMOVE_LATE, archive, &[])
}

/// A name that begins with a dash is no option.
fn as_path(directory: &str) -> String {
    if directory.starts_with('/') {
        return directory.to_owned();
    }
    format!("./{directory}")
}

/// What a command reports of its end.
pub struct Report {
    /// Its exit code.
    pub code: i64,
    /// What it said.
    pub said: String,
    /// Whether more was said than that: all of it lies at [`said_path`].
    pub more: bool,
}

impl Command {
    /// The report in an output of the command's, which holds more where a profile prints; `None` if it is not there, whole.
    pub fn report(&self, output: &[u8]) -> Option<Report> {
        let text = String::from_utf8_lossy(output);
        let mut lines = text.lines().skip_while(|line| *line != self.mark).skip(1);
        let (mut said, mut more) = (Vec::new(), false);
        loop {
            let line = lines.next()?;
            match line.strip_prefix(&self.mark) {
                None => said.push(line),
                Some("-more") => more = true,
                Some(code) => return Some(Report { code: code.trim().parse().ok()?, said: said.join("\n"), more }),
            }
        }
    }
}

/// What tar says that is no failure, or follows from one.
const NO_CAUSE: [&str; 11] = [
    "Exiting with failure status",
    "error exit delayed",
    "Error is not recoverable",
    "Child returned status",
    "file changed as we read it",
    "File removed before we read it",
    "in the future",
    "implausibly old time stamp",
    "Ignoring unknown extended header keyword",
    "Removing leading",
    "socket ignored",
];

/// The first line that names a cause.
pub fn cause(said: &str) -> &str {
    let names_one = |line: &&str| !line.trim().is_empty() && !NO_CAUSE.iter().any(|words| line.contains(words));
    let mut lines = said.lines().map(str::trim);
    lines.clone().find(names_one).or_else(|| lines.find(|line| !line.is_empty())).unwrap_or("it said nothing")
}

/// Which entries were left out, and why, as tar says it: `tar: PATH: REASON`.
pub fn left_out(said: &str) -> impl Iterator<Item = (Vec<u8>, &str)> {
    said.lines().filter_map(|line| {
        let line = line.strip_prefix("tar: ")?;
        // As BusyBox says it.
        if let Some((path, reason)) = line.strip_prefix("can't open './").and_then(|rest| rest.rsplit_once("': ")) {
            return Some((path.as_bytes().to_vec(), reason));
        }
        let (path, reason) = line.rsplit_once(": ").and_then(|(path, reason)| {
            // Such as `./a: Cannot open: Permission denied`.
            match path.rsplit_once(": Cannot ") {
                Some((path, what)) => Some((path, line.get(line.len() - reason.len() - what.len() - 9..)?)),
                None => Some((path, reason)),
            }
        })?;
        let harmless = reason == "file changed as we read it" || reason.ends_with(" in the future") || !path.starts_with("./");
        (!harmless).then(|| (unescaped(path.trim_start_matches("./")), reason))
    })
}

/// A name as it is that GNU tar has escaped, as it does with all that is not ASCII in the locale in which it runs.
fn unescaped(name: &str) -> Vec<u8> {
    let mut plain = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let (byte, length) = match (first, behind) {
            (b'\\', [one @ b'0'..=b'3', two @ b'0'..=b'7', three @ b'0'..=b'7', ..]) => {
                (((one - b'0') << 6) | ((two - b'0') << 3) | (three - b'0'), 4)
            }
            (b'\\', [letter, ..]) => match b"abfnrtv?\\".iter().position(|known| known == letter) {
                Some(at) => (b"\x07\x08\x0c\n\r\t\x0b\x7f\\"[at], 2),
                None => (b'\\', 1),
            },
            (byte, _) => (*byte, 1),
        };
        plain.push(byte);
        rest = &rest[length..];
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_binding_for_go_runs_the_same_scripts() {
        assert_eq!(PREAMBLE, include_str!("../../../bindings/go/preamble.sh"));
        assert_eq!(UNPACK, include_str!("../../../bindings/go/unpack.sh"));
        assert_eq!(REMOVE, include_str!("../../../bindings/go/remove.sh"));
    }

    #[test]
    fn what_tar_said_is_read() {
        let command = pack("/tmp/x", "d");
        let mark = &command.mark;
        let output = format!("noise\n{mark}\ntar: ./t: time stamp 2037-01-01 00:00:00 is 9.1 s in the future\ntar: ./a: b: Cannot open: Permission denied\ntar: ./s: socket ignored\ntar: Exiting with failure status due to previous errors\n{mark} 2\nmore\n");
        let report = command.report(output.as_bytes()).unwrap();
        assert_eq!((report.code, report.more), (2, false));
        let said = report.said;
        assert_eq!(cause(&said), "tar: ./a: b: Cannot open: Permission denied");
        let out = |said: &str| -> Vec<(String, String)> {
            left_out(said).map(|(path, reason)| (String::from_utf8(path).unwrap(), reason.to_owned())).collect()
        };
        let pair = |path: &str, reason: &str| (path.to_owned(), reason.to_owned());
        assert_eq!(out(&said), [pair("a: b", "Cannot open: Permission denied"), pair("s", "socket ignored")]);
        let said =
            "tar: can't open './a': b': Permission denied\ntar: ./closed: Permission denied\ntar: error exit delayed from previous errors";
        assert_eq!(out(said), [pair("a': b", "Permission denied"), pair("closed", "Permission denied")]);
        assert_eq!(out("tar: ./caf\\303\\251\\\\\\n\\x: socket ignored"), [pair("caf\u{e9}\\\n\\x", "socket ignored")]);
        for none in ["bash: /bin/sh: not found".to_owned(), format!("{mark}\nx\n"), format!("{mark}\nx\n{mark} "), format!("{mark} 0\n")] {
            assert!(command.report(none.as_bytes()).is_none(), "{none}");
        }
        let report = command.report(format!("noise{mark}\n\n{mark}\nx\n{mark}-more\n{mark} 0\n{mark}\n").as_bytes()).unwrap();
        assert_eq!((report.code, report.said.as_str(), report.more), (0, "x", true));
        assert_eq!(cause(""), "it said nothing");
    }
}
