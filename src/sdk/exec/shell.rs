//! What the service's commands lack is said in the shell's own language: where, with which
//! environment and as whom a command runs.

use crate::error::{Error, Result};
use crate::transport::Secret;

/// The surroundings of a command.
#[derive(Clone, Default)]
pub struct Surroundings {
    /// Instead of the home directory.
    pub working_directory: Option<String>,
    /// Besides the devbox's own variables.
    pub environment: Vec<(String, String)>,
    /// Instead of the devbox's user.
    pub user: Option<String>,
}

/// A command as it is sent.
pub struct CommandLine {
    /// In the language of the login shell.
    pub script: String,
    /// What of it must not be told: the values of variables.
    pub secrets: Vec<Secret>,
}

impl CommandLine {
    /// One that has nothing to hide.
    pub fn plain(script: impl Into<String>) -> CommandLine {
        CommandLine { script: script.into(), secrets: Vec::new() }
    }
}

/// Variables that bash refuses or ignores when they are assigned, and takes from the environment that it is started with.
const AT_START: [&str; 11] =
    ["BASH_ALIASES", "BASH_ARGC", "BASH_ARGV", "BASH_CMDS", "BASH_LINENO", "BASH_SOURCE", "DIRSTACK", "EUID", "FUNCNAME", "GROUPS", "UID"];
/// Variables whose value is bash's own, whatever is given to it.
const BASHS_OWN: [&str; 18] = [
    "BASHOPTS",
    "BASHPID",
    "BASH_ARGV0",
    "BASH_COMMAND",
    "BASH_EXECUTION_STRING",
    "BASH_MONOSECONDS",
    "BASH_SUBSHELL",
    "BASH_TRAPSIG",
    "BASH_VERSINFO",
    "EPOCHREALTIME",
    "EPOCHSECONDS",
    "HISTCMD",
    "LINENO",
    "PPID",
    "RANDOM",
    "SECONDS",
    "SHELLOPTS",
    "SRANDOM",
];

/// The command as it is sent: unchanged where it has no surroundings of its own.
///
/// Statements are separated by line feeds, so that a command that ends with a comment or a
/// here-document keeps its meaning. What cannot be had ends the script with 125, as env and timeout say that they, not the
/// command, failed.
pub fn command_line(command: &str, surroundings: &Surroundings) -> Result<CommandLine> {
    if command.is_empty() {
        return Err(Error::invalid("The command is empty."));
    }
    let mut script = String::new();
    let mut at_start = String::new();
    for (name, value) in &surroundings.environment {
        check_name(name)?;
        if AT_START.contains(&name.as_str()) || !is_identifier(name) {
            at_start.push_str(&format!(" {}", quote(&format!("{name}={value}"))));
        } else {
            script.push_str(&format!("export {name}={} || exit 125\n", quote(value)));
        }
    }
    if let Some(directory) = &surroundings.working_directory {
        if directory.is_empty() {
            return Err(Error::invalid("The working directory is empty; leave it out for the home directory."));
        }
        // A lone dash would be the directory before; CDPATH and a function of that name would lead elsewhere.
        let directory = if directory == "-" { "./-" } else { directory };
        script.push_str(&format!("CDPATH= command cd -- {} || exit 125\n", quote(directory)));
    }
    script.push_str(command);
    if !at_start.is_empty() {
        script = format!("exec /usr/bin/env{at_start} \"${{BASH:-/bin/bash}}\" -c {}", quote(&script));
    }
    if let Some(user) = &surroundings.user {
        script = as_user(user, &script)?;
    }
    let secrets = surroundings.environment.iter().map(|(_, value)| Secret::new(value)).collect();
    Ok(CommandLine { script, secrets })
}

fn as_user(user: &str, script: &str) -> Result<String> {
    let fitting = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if user.is_empty() || user.starts_with('-') || !user.chars().all(fitting) {
        return Err(Error::invalid("The user is not a name: it must consist of ASCII letters, digits, _, - and ., and begin with no -."));
    }
    let user = quote(user);
    let script = quote(script);
    Ok(format!(
        "if [ \"$(id -un)\" = {user} ]; then exec bash -lc {script}\n\
         elif [ \"$(id -u)\" = 0 ]; then exec runuser -u {user} -- bash -lc {script}\n\
         else exec sudo -n -H -u {user} -- bash -lc {script}\n\
         fi"
    ))
}

fn check_name(name: &str) -> Result<()> {
    if name.is_empty() || name.contains(['=', '\0']) {
        return Err(Error::invalid("The name of an environment variable is empty, or holds = or a NUL; each is NAME=value."));
    }
    if name == "_" || BASHS_OWN.contains(&name) {
        return Err(Error::invalid(format!(
            "The variable {name} is the shell's own: it would not keep the value given. Use another name, or have the command set it \
             for one program: env {name}=… program."
        )));
    }
    Ok(())
}

fn is_identifier(name: &str) -> bool {
    let begins = name.bytes().next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_');
    begins && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A text as one word of the shell's.
pub fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn run(command: &str, surroundings: &Surroundings) -> String {
        let line = command_line(command, surroundings).unwrap().script;
        String::from_utf8(Command::new("bash").arg("-c").arg(line).output().unwrap().stdout).unwrap()
    }

    #[test]
    fn values_of_any_kind_arrive() {
        let value = "a'b \"c\" $HOME `x`\n\\ ü !";
        let surroundings = Surroundings {
            environment: vec![("VALUE".into(), value.into()), ("EMPTY".into(), String::new())],
            working_directory: Some("/usr".into()),
            user: None,
        };
        assert_eq!(run("printf '%s|%s|%s' \"$VALUE\" \"$EMPTY\" \"$PWD\" # the end", &surroundings), format!("{value}||/usr"));
        assert_eq!(run("cat <<X\n$PWD\nX", &surroundings), "/usr\n");
    }

    #[test]
    fn variables_of_any_name_arrive_or_are_refused() {
        let names = ["EUID", "UID", "GROUPS", "a.b", "A-B", "1A", "A;touch x", "it's", "PATH", "IFS", "DIRSTACK", "PWD"];
        let surroundings = Surroundings {
            environment: names.iter().map(|name| ((*name).to_owned(), format!("77 {name}'s"))).collect(),
            ..Surroundings::default()
        };
        let seen = run("/usr/bin/env -0", &surroundings);
        for name in names {
            assert!(seen.split('\0').any(|entry| entry == format!("{name}=77 {name}'s")), "{name}: {seen:?}");
        }
        let id = Surroundings { environment: vec![("EUID".into(), "77".into())], ..Surroundings::default() };
        assert_eq!(run("printf %s $EUID", &id), "77");
    }

    #[test]
    fn a_variable_that_cannot_be_set_is_a_failure() {
        let surroundings = Surroundings { environment: vec![("TMOUT".into(), "7".into())], ..Surroundings::default() };
        let line = command_line("echo run", &surroundings).unwrap().script;
        let ended = Command::new("bash").arg("-c").arg(format!("readonly TMOUT=5\n{line}")).output().unwrap();
        assert_eq!((ended.status.code(), ended.stdout.as_slice()), (Some(125), &b""[..]));
        assert!(String::from_utf8_lossy(&ended.stderr).contains("TMOUT"));
    }

    #[test]
    fn a_command_alone_is_sent_as_it_is() {
        assert_eq!(command_line("make test", &Surroundings::default()).unwrap().script, "make test");
    }

    #[test]
    fn what_could_be_read_as_something_else_is_refused() {
        let with = |name: &str, user: Option<&str>| Surroundings {
            environment: vec![(name.to_owned(), "x".to_owned())],
            working_directory: None,
            user: user.map(str::to_owned),
        };
        for name in ["", "A=B", "A\0", "_", "PPID", "RANDOM", "SHELLOPTS"] {
            assert!(command_line("true", &with(name, None)).is_err(), "{name:?}");
        }
        for user in ["", "-x", "a b", "a'b"] {
            assert!(command_line("true", &with("A", Some(user))).is_err(), "{user:?}");
        }
        assert!(command_line("", &Surroundings::default()).is_err());
    }
}
