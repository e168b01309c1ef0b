//! What the library has a devbox run on its own account, in a surrounding of its own: neither the user's
//! profile, functions, environment nor locale reaches it, and its outcome is its exit code.

use super::shell::quote;

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
    format!("/tmp/{NAME}{}.tar.gz", crate::random::id().simple())
}

/// Where all lies that was said, if that was much.
pub fn said_path(archive: &str) -> String {
    format!("{archive}.said")
}

/// A script, begun by the marker and ended by `quit CODE`, which tells what was said.
const PREAMBLE: &str = r#"mark=$1; archive=$2; shift 2; said=; more=
quit() { printf '%s\n' "$mark" >&2; printf '%s\n' "$said" | sed -n "1,${lines}p" | grep -v "^$mark" >&2; printf '%s\n' $more "$mark" >&2; exit "$1"; }
gnu() { tar --no-overwrite-dir -cf /dev/null -T /dev/null 2>/dev/null; }
cd "${HOME:-/}" || cd /
"#;

/// One run at a time. One that is not the first, `$2` being set, waits for an earlier one, which leaves nothing behind where it
/// succeeds. Directories that were there keep what they are: their entries, and theirs alone, end with `/.`. A name with a line
/// break can be excluded by an argument alone, since GNU tar reads a file of patterns by lines whatever it is told.
const UNPACK: &str = r#"busy=$archive.busy
until ln -s "$$" "$busy" 2>/dev/null; do
  [ -L "$busy" ] || break
  kill -0 "$(readlink "$busy")" 2>/dev/null || rm -f "$busy"
  sleep 0.2 2>/dev/null || sleep 1
done
if [ -n "$2" ] && [ ! -e "$archive" ]; then rm -f "$busy"; quit 0; fi
# Of names as GNU tar escapes them, what they stand for; a line break is escaped too.
plain() { plain=$(printf "$(printf '%s\n' "$1" | sed 's/%/%%/g')"); }
# Of the directories that were there, those that are ours are opened for now where they keep us out; in the end they get their
# permissions back, the innermost first. A run that was ended has left a list of its own.
open() {
  if [ -L "$1" ] || { [ -r "$1" ] && [ -w "$1" ] && [ -x "$1" ]; } || [ ! -O "$1" ]; then return; fi
  mode=$(stat -c %a "$1") && printf '%s %s\n' "$mode" "$1" >>"$archive.shut" && chmod u+rwx "$1"
} 2>/dev/null
shut() { sed '1!G;h;$!d' "$archive.shut" | while IFS= read -r line; do chmod "${line%% *}" "${line#* }"; done; rm -f "$archive.shut"; }
umask 022
there=; if [ -d "$1" ]; then there=1; fi
said=$(mkdir -p "$1" 2>&1) && said=$(cd "$1" 2>&1) && cd "$1" || { rm -f "$busy"; quit 70; }
set --
if [ -n "$there" ] && gnu; then
  tar -tzf "$archive" --quoting-style=escape 2>/dev/null | grep -e '^\./$' -e '/\./$' >"$archive.named"
  set -- --anchored --no-wildcards
  broken=$(grep '\\n' "$archive.named")
  while IFS= read -r name; do
    plain "$name"
    if [ -d "$plain" ]; then set -- "$@" --exclude="${plain%/}"; fi
  done <<end
$broken
end
  plain "$(grep -v '\\n' "$archive.named")"
  while IFS= read -r name; do
    case $name in
    (./) open .; echo .;;
    (*/./) if [ -d "${name%/./}" ]; then open "./${name%/./}"; printf '%s\n' "${name%/}"; fi;;
    esac
  done >"$archive.there" <<end
$plain
end
  set -- "$@" -X "$archive.there"
elif [ -n "$there" ]; then
  tar -tzf "$archive" 2>/dev/null | while IFS= read -r name; do
    case $name in (./) name=.;; (*/./) name=./${name%/./};; (*) continue;; esac
    if [ -d "$name" ] && [ ! -L "$name" ]; then printf '%s %s\n' "$(stat -c %a "$name")" "$name"; open "$name"; fi
  done >"$archive.there"
fi
said=$(tar -xzpo "$@" -f "$archive" 2>&1 >/dev/null); code=$?
if [ -n "$there" ] && [ $# = 0 ]; then
  while IFS= read -r line; do chmod "${line%% *}" "${line#* }"; done <"$archive.there" 2>/dev/null
fi
if [ -e "$archive.shut" ]; then shut 2>/dev/null; fi
[ "$code" = 0 ] && rm -f "$archive"
rm -f "$archive.there" "$archive.named" "$busy"
quit "$code"
"#;

/// What is on its way to the devbox comes within a minute, or never.
const REMOVE_LATE: &str = r#"rounds=0
while [ "$rounds" -lt 60 ]; do
  rm -f "$archive" "$archive.said" "$archive.there" "$archive.named"
  if ! kill -0 "$(readlink "$archive.busy")" 2>/dev/null; then
    rm -f "$archive.busy"
    rounds=$((rounds + 1))
  fi
  sleep 1
done
"#;

/// The exit codes of both ends of the pipe are told apart; what the library itself has in the way is left out. Of other tars than
/// GNU's, BusyBox's may have no `--exclude`, and libarchive's stops at a directory that it cannot read.
const PACK: &str = r#"umask 077
ln -s "$$" "$archive.busy" 2>/dev/null; trap 'rm -f "$archive.busy"' EXIT
said=$(cd "$1" 2>&1) && cd "$1" || quit 70
pack=gzip; if pigz --version >/dev/null 2>&1; then pack=pigz; fi
pattern=$2; some=2
if gnu; then
  set -- --exclude="$pattern"
else
  set --
  case $(tar --version 2>/dev/null) in *bsdtar*) set -- --format=gnutar; some=4;; esac
  : >"$archive"
  if tar -cf /dev/null "$@" --exclude=x "$archive" >/dev/null 2>&1; then
    set -- "$@" --exclude="$pattern"
  else
    here=$(pwd -P); case $archive in
    "${here%/}"/*) said="tar: it has no --exclude, and the directory holds the archive itself"; quit 4;;
    esac
  fi
fi
said=$( { { tar -cf - "$@" . || echo "$mark tar $?." >&2; } | { "$pack" -1 >"$archive" || echo "$mark pack $?." >&2; }; } 2>&1 )
if [ "$(printf '%s\n' "$said" | wc -l)" -gt "$lines" ]; then printf '%s\n' "$said" >"$archive.said" && more=$mark-more; fi
case $said in
*"$mark pack "*) quit 3;;
*"$mark tar 1."*) if gnu; then quit 1; fi; quit "$some";;
*"$mark tar 2."*) quit 2;;
*"$mark tar "*) quit 4;;
esac
quit 0
"#;

/// A command line, and the marker between whose lines stands what it said.
pub struct Command {
    /// To be run.
    pub line: String,
    mark: String,
}

fn command(script: &str, archive: &str, arguments: &[&str]) -> Command {
    let mark = format!("librunloop-{}", crate::random::id().simple());
    let script = format!("lines={LINES}; {PREAMBLE}{script}");
    // The path of the user's comes last: for systems that have their tools elsewhere.
    let clean =
        "exec /usr/bin/env -i HOME=\"$HOME\" LC_ALL=C PATH=\"/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin:$PATH\" /bin/sh -c \"$@\"";
    let mut line = format!("/bin/sh -c {} sh {} librunloop {mark} {archive}", quote(clean), quote(&script));
    for argument in arguments {
        line.push(' ');
        line.push_str(&quote(argument));
    }
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
    command(
        "rm -f \"$archive\" \"$archive.said\" \"$archive.there\" \"$archive.named\" \"$archive.shut\" \"$archive.busy\"; exit $?",
        archive,
        &[],
    )
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

impl Command {
    /// Whether more was said than stands on its standard error: all of it lies at [`said_path`].
    pub fn said_more(&self, stderr: &[u8]) -> bool {
        let more = format!("{}-more", self.mark);
        String::from_utf8_lossy(stderr).lines().any(|line| line == more)
    }

    /// What it said, of all that stands on its standard error.
    pub fn said(&self, stderr: &[u8]) -> String {
        let text = String::from_utf8_lossy(stderr);
        let mut lines = text.lines();
        if !lines.by_ref().any(|line| line == self.mark) {
            return text.into_owned();
        }
        lines.take_while(|line| !line.starts_with(&self.mark)).collect::<Vec<_>>().join("\n")
    }
}

/// The first line that names a cause.
pub fn cause(said: &str) -> &str {
    let aftermath = ["Exiting with failure status", "Error is not recoverable", "Child returned status", "file changed as we read it"];
    let names_one = |line: &&str| !line.trim().is_empty() && !aftermath.iter().any(|words| line.contains(words));
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
        let harmless = reason == "file changed as we read it" || !path.starts_with("./");
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
    fn what_tar_said_is_read() {
        let command = pack("/tmp/x", "d");
        let mark = &command.mark;
        let stderr = format!("noise\n{mark}\ntar: ./a: b: Cannot open: Permission denied\ntar: ./s: socket ignored\ntar: Exiting with failure status due to previous errors\n{mark}\nmore\n");
        let said = command.said(stderr.as_bytes());
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
        assert_eq!(command.said(b"bash: /bin/sh: not found"), "bash: /bin/sh: not found");
        assert_eq!(cause(""), "it said nothing");
    }
}
