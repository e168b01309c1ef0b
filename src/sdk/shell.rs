//! What the service's commands lack is said in the shell's own language: where, with which
//! environment and as whom a command runs.

use crate::error::{Error, Result};

/// The surroundings of a command.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Instead of the home directory.
    pub working_directory: Option<String>,
    /// Besides the devbox's own variables.
    pub environment: Vec<(String, String)>,
    /// Instead of the devbox's user.
    pub user: Option<String>,
}

/// The command as it is sent: unchanged where it has no surroundings of its own.
///
/// Statements are separated by line feeds, so that a command that ends with a comment or a
/// here-document keeps its meaning.
pub fn command_line(command: &str, surroundings: &Surroundings) -> Result<String> {
    if command.is_empty() {
        return Err(Error::invalid("The command is empty."));
    }
    let mut script = String::new();
    for (name, value) in &surroundings.environment {
        check_name(name)?;
        script.push_str(&format!("export {name}={}\n", quote(value)));
    }
    if let Some(directory) = &surroundings.working_directory {
        if directory.is_empty() {
            return Err(Error::invalid("The working directory is empty; leave it out for the home directory."));
        }
        // 125: as env and timeout say that they, not the command, failed.
        script.push_str(&format!("cd -- {} || exit 125\n", quote(directory)));
    }
    script.push_str(command);
    match &surroundings.user {
        None => Ok(script),
        Some(user) => as_user(user, &script),
    }
}

fn as_user(user: &str, script: &str) -> Result<String> {
    let fitting = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if user.is_empty() || user.starts_with('-') || !user.chars().all(fitting) {
        return Err(Error::invalid(format!("{user:?} cannot be the name of a user.")));
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
    let mut bytes = name.bytes();
    let begins = bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_');
    if begins && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return Ok(());
    }
    Err(Error::invalid(format!("{name:?} cannot be the name of an environment variable.")))
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
        let line = command_line(command, surroundings).unwrap();
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
    fn a_command_alone_is_sent_as_it_is() {
        assert_eq!(command_line("make test", &Surroundings::default()).unwrap(), "make test");
    }

    #[test]
    fn what_could_be_read_as_something_else_is_refused() {
        let with = |name: &str, user: Option<&str>| Surroundings {
            environment: vec![(name.to_owned(), "x".to_owned())],
            working_directory: None,
            user: user.map(str::to_owned),
        };
        for name in ["", "1A", "A-B", "A=B", "A;rm"] {
            assert!(command_line("true", &with(name, None)).is_err(), "{name:?}");
        }
        for user in ["", "-x", "a b", "a'b"] {
            assert!(command_line("true", &with("A", Some(user))).is_err(), "{user:?}");
        }
        assert!(command_line("", &Surroundings::default()).is_err());
    }
}
