//! `sudo` as devboxes have it: the emulator's own binary under that name, set-user-ID root inside a
//! devbox. Every user of a devbox may become any other. Where the isolation has one user only, it
//! runs the command as that one.

use nix::unistd::{setgid, setuid, Gid, Group, Uid, User};
use std::ffi::CString;
use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

const USAGE: &str = "usage: sudo [-EHnS] [-u user] [-g group] [-D directory] [-i | -s] [NAME=value …] [--] command …";

pub fn is_asked_for() -> bool {
    let name = std::env::args_os().next().unwrap_or_default();
    Path::new(&name).file_name().is_some_and(|name| name == "sudo")
}

pub fn main() -> i32 {
    let asked = match parse(std::env::args().skip(1)) {
        Ok(Some(asked)) => asked,
        Ok(None) => return 0,
        Err(why) => {
            eprintln!("sudo: {why}\n{USAGE}");
            return 1;
        }
    };
    match run(asked) {
        Ok(never) => never,
        Err(why) => {
            eprintln!("sudo: {why}");
            1
        }
    }
}

/// Makes the program: a copy of this one, in a folder that nobody else on this machine can enter.
pub fn provide(base: &Path) -> Option<PathBuf> {
    let folder = base.join("tools");
    let program = folder.join("sudo");
    let made = || -> std::io::Result<()> {
        let _ = fs::remove_dir_all(&folder);
        fs::DirBuilder::new().mode(0o700).create(&folder)?;
        fs::copy("/proc/self/exe", &program)?;
        let mode = if Uid::effective().is_root() { 0o4755 } else { 0o755 };
        fs::set_permissions(&program, fs::Permissions::from_mode(mode))
    };
    match made() {
        Ok(()) => Some(program),
        Err(e) => {
            eprintln!("runloop-emulator: devboxes will have no sudo: {}: {e}", program.display());
            None
        }
    }
}

#[derive(Debug, Default, PartialEq)]
struct Asked {
    user: Option<String>,
    group: Option<String>,
    folder: Option<PathBuf>,
    keep_environment: bool,
    /// Kept besides what is kept anyway.
    kept: Vec<String>,
    own_home: bool,
    shell: bool,
    login: bool,
    variables: Vec<(String, String)>,
    command: Vec<String>,
}

/// `None` where there is nothing to run (`sudo -v`, `sudo -k`).
fn parse(args: impl Iterator<Item = String>) -> Result<Option<Asked>, String> {
    let mut asked = Asked::default();
    let mut idle = false;
    let mut args = args.peekable();
    while let Some(arg) = args.next_if(|arg| arg.starts_with('-') && arg.len() > 1) {
        if arg == "--" {
            break;
        }
        let mut value = |given: Option<&str>| match given.filter(|given| !given.is_empty()) {
            Some(given) => Ok(given.to_string()),
            None => args.next().ok_or_else(|| format!("{arg} needs a value")),
        };
        if let Some(long) = arg.strip_prefix("--") {
            let (name, given) = long.split_once('=').map_or((long, None), |(name, given)| (name, Some(given)));
            match name {
                "user" => asked.user = Some(value(given)?),
                "group" => asked.group = Some(value(given)?),
                "chdir" => asked.folder = Some(value(given)?.into()),
                "prompt" => drop(value(given)?),
                "preserve-env" => match given {
                    Some(names) => asked.kept.extend(names.split(',').map(str::to_string)),
                    None => asked.keep_environment = true,
                },
                "login" => asked.login = true,
                "shell" => asked.shell = true,
                "set-home" => asked.own_home = true,
                "validate" | "reset-timestamp" | "remove-timestamp" => idle = true,
                "non-interactive" | "stdin" | "askpass" | "preserve-groups" => {}
                _ => return Err(format!("unknown option --{name}")),
            }
            continue;
        }
        for (at, flag) in arg.char_indices().skip(1) {
            let rest = Some(&arg[at + 1..]);
            match flag {
                'E' => asked.keep_environment = true,
                'H' => asked.own_home = true,
                'i' => asked.login = true,
                's' => asked.shell = true,
                'n' | 'S' | 'A' | 'P' | 'b' => {}
                'v' | 'k' | 'K' => idle = true,
                'u' | 'g' | 'D' | 'p' | 'C' => {
                    let value = value(rest)?;
                    match flag {
                        'u' => asked.user = Some(value),
                        'g' => asked.group = Some(value),
                        'D' => asked.folder = Some(value.into()),
                        _ => {}
                    }
                    break;
                }
                _ => return Err(format!("unknown option -{flag}")),
            }
        }
    }
    while let Some(arg) = args.next_if(|arg| arg.split_once('=').is_some_and(|(name, _)| is_name(name))) {
        asked.variables.extend(arg.split_once('=').map(|(name, value)| (name.to_string(), value.to_string())));
    }
    asked.command = args.collect();
    match asked.command.is_empty() && !asked.shell && !asked.login {
        true if idle => Ok(None),
        true => Err("a command is needed".into()),
        false => Ok(Some(asked)),
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn run(asked: Asked) -> Result<i32, String> {
    let caller = (Uid::current(), Gid::current());
    let target = user(asked.user.as_deref().unwrap_or("root"))?;
    let shell = target.shell.display().to_string();
    let words = match (asked.command.is_empty(), asked.login || asked.shell) {
        (true, _) => vec![shell.clone()],
        (false, true) => vec![shell.clone(), "-c".into(), asked.command.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")],
        (false, false) => asked.command.clone(),
    };
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]);
    if asked.login {
        command.arg0(format!("-{}", Path::new(&shell).file_name().unwrap_or_default().to_string_lossy()));
        command.current_dir(&target.dir);
    }
    environment(&mut command, &asked, &target, caller, &words);
    if let Some(folder) = &asked.folder {
        command.current_dir(folder);
    }
    become_user(&target, asked.group.as_deref(), caller.0)?;
    let why = command.exec();
    match why.kind() {
        std::io::ErrorKind::NotFound => Err(format!("{}: command not found", words[0])),
        _ => Err(format!("{}: {why}", words[0])),
    }
}

fn environment(command: &mut Command, asked: &Asked, target: &User, caller: (Uid, Gid), words: &[String]) {
    const KEPT: [&str; 9] = ["TERM", "COLORTERM", "DISPLAY", "LANG", "LANGUAGE", "PATH", "TZ", "TMPDIR", "LS_COLORS"];
    let home = target.dir.display().to_string();
    let shell = target.shell.display().to_string();
    if !asked.keep_environment {
        command.env_clear();
        for (name, value) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if KEPT.contains(&&*text) || text.starts_with("LC_") || asked.kept.iter().any(|kept| *kept == text) {
                command.env(name, value);
            }
        }
    }
    if !asked.keep_environment || asked.own_home || asked.login {
        command.env("HOME", &home);
    }
    if let Ok(Some(user)) = User::from_uid(caller.0) {
        command.env("SUDO_USER", user.name);
    }
    command
        .envs([("LOGNAME", &target.name), ("USER", &target.name), ("SHELL", &shell), ("SUDO_COMMAND", &words.join(" "))])
        .envs([("SUDO_UID", caller.0.to_string()), ("SUDO_GID", caller.1.to_string())])
        .envs(asked.variables.iter().map(|(name, value)| (name, value)));
}

fn user(name: &str) -> Result<User, String> {
    let found = match name.strip_prefix('#') {
        Some(number) => User::from_uid(Uid::from_raw(number.parse().map_err(|_| format!("{name} is no user id"))?)),
        None => User::from_name(name),
    };
    found.ok().flatten().ok_or_else(|| format!("unknown user {name}"))
}

fn become_user(target: &User, group: Option<&str>, caller: Uid) -> Result<(), String> {
    if !Uid::effective().is_root() {
        // One user is all there is here, and it stands for root too.
        return match target.uid.is_root() || target.uid == caller {
            true => Ok(()),
            false => Err(format!("no other user than the devbox's own can be had with this isolation, {} cannot", target.name)),
        };
    }
    let gid = match group {
        None => target.gid,
        Some(name) => Group::from_name(name).ok().flatten().ok_or_else(|| format!("unknown group {name}"))?.gid,
    };
    let name = CString::new(target.name.as_str()).map_err(|e| e.to_string())?;
    // In a user namespace groups cannot be set, and there are none to lose.
    let _ = nix::unistd::initgroups(&name, gid);
    setgid(gid).and_then(|()| setuid(target.uid)).map_err(|e| format!("cannot become {}: {e}", target.name))
}

/// One word to a shell.
fn quoted(word: &str) -> String {
    match !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./:=@%+,".contains(&b)) {
        true => word.to_string(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &[&str]) -> Asked {
        parse(line.iter().map(|word| word.to_string())).unwrap().unwrap()
    }

    #[test]
    fn options_end_at_the_command() {
        let asked = parsed(&["-nE", "-uwww", "-g", "adm", "A=b", "apt-get", "-y", "-u"]);
        assert!(asked.keep_environment);
        assert_eq!((asked.user.as_deref(), asked.group.as_deref()), (Some("www"), Some("adm")));
        assert_eq!(asked.variables, [("A".to_string(), "b".to_string())]);
        assert_eq!(asked.command, ["apt-get", "-y", "-u"]);
        assert_eq!(parsed(&["--user=x", "--", "-odd"]).command, ["-odd"]);
        assert_eq!(parsed(&["--preserve-env=A,B", "true"]).kept, ["A", "B"]);
        assert_eq!(parse(["-v".to_string()].into_iter()), Ok(None));
        assert!(parse(["-u".to_string()].into_iter()).is_err());
        assert!(parse(std::iter::empty()).is_err());
    }

    #[test]
    fn words_stay_words_in_a_shell() {
        assert_eq!(quoted("a b'c"), r"'a b'\''c'");
        assert_eq!(quoted("/bin/ls"), "/bin/ls");
    }
}
