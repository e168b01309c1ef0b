//! What an instruction says.

use super::expand::words;
use super::lines::{Heredoc, Line};

#[derive(Debug, PartialEq)]
pub enum Instruction {
    Run {
        command: Command,
        mounts: Vec<Mount>,
    },
    Copy(Copy),
    /// Names with values that are yet to be replaced.
    Env(Vec<(String, String)>),
    Label(Vec<(String, String)>),
    Arg(Vec<(String, Option<String>)>),
    Workdir(String),
    User(String),
    Shell(Vec<String>),
    Entrypoint(Command),
    Cmd(Command),
    Expose(Vec<String>),
    Volume(Vec<String>),
    /// Known, and of no consequence here.
    Noted,
    /// A file with its content; no Dockerfile says so, other parameters of a blueprint do.
    File {
        path: String,
        content: String,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Shell(String),
    Exec(Vec<String>),
}

/// COPY, and ADD where `add` is set.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Copy {
    pub add: bool,
    pub sources: Vec<String>,
    pub heredocs: Vec<Heredoc>,
    pub target: String,
    pub from: Option<String>,
    pub owner: Option<String>,
    pub mode: Option<String>,
    pub exclude: Vec<String>,
    pub parents: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Mount {
    pub kind: MountKind,
    pub target: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum MountKind {
    Secret {
        id: String,
        variable: Option<String>,
        required: bool,
        mode: u32,
        uid: u32,
        gid: u32,
    },
    /// A cache may be empty at any time, and here it always is.
    Scratch,
}

pub fn parse(line: Line, escape: char) -> Result<Instruction, String> {
    let name = line.name.clone();
    let need = |what: &str| format!("{name} needs {what}");
    let rest = line.rest.trim();
    if rest.is_empty() && name != "CMD" && name != "ENTRYPOINT" {
        return Err(need("something to its right"));
    }
    match name.as_str() {
        "RUN" => run(&line, escape),
        "COPY" | "ADD" => copy(line, escape).map(Instruction::Copy),
        "ENV" => pairs(rest, escape, true).map(Instruction::Env).ok_or_else(|| need("NAME=value")),
        "LABEL" => pairs(rest, escape, true).map(Instruction::Label).ok_or_else(|| need("name=value")),
        "ARG" => {
            let argument = |word: String| match word.split_once('=') {
                Some((name, value)) => (name.to_string(), Some(value.to_string())),
                None => (word, None),
            };
            Ok(Instruction::Arg(words(rest, escape).into_iter().map(argument).collect()))
        }
        "WORKDIR" => Ok(Instruction::Workdir(rest.to_string())),
        "USER" => Ok(Instruction::User(rest.to_string())),
        "SHELL" => match command(rest) {
            Command::Exec(words) if !words.is_empty() => Ok(Instruction::Shell(words)),
            _ => Err(need("a JSON list of words")),
        },
        "ENTRYPOINT" => Ok(Instruction::Entrypoint(command(rest))),
        "CMD" => Ok(Instruction::Cmd(command(rest))),
        "EXPOSE" => Ok(Instruction::Expose(words(rest, escape))),
        "VOLUME" => Ok(Instruction::Volume(match command(rest) {
            Command::Exec(paths) => paths,
            Command::Shell(text) => words(&text, escape),
        })),
        "STOPSIGNAL" | "HEALTHCHECK" | "MAINTAINER" => Ok(Instruction::Noted),
        "ONBUILD" => Err("ONBUILD is not served: nothing is ever built on the result by a FROM".into()),
        _ => Err(format!("{name} is not an instruction that is known here")),
    }
}

/// A JSON list of words is a command by itself; anything else is for a shell.
fn command(text: &str) -> Command {
    match text.starts_with('[').then(|| serde_json::from_str(text)) {
        Some(Ok(words)) => Command::Exec(words),
        _ => Command::Shell(text.to_string()),
    }
}

/// The `--name=value` at the beginning, and what follows.
fn flags(text: &str) -> (Vec<(String, String)>, &str) {
    let mut flags = Vec::new();
    let mut rest = text.trim_start();
    while let Some(flag) = rest.strip_prefix("--") {
        let (flag, after) = flag.split_once(char::is_whitespace).unwrap_or((flag, ""));
        let (name, value) = flag.split_once('=').unwrap_or((flag, ""));
        flags.push((name.to_string(), value.trim_matches('"').to_string()));
        rest = after.trim_start();
    }
    (flags, rest)
}

fn run(line: &Line, escape: char) -> Result<Instruction, String> {
    let (flags, rest) = flags(&line.rest);
    let mut mounts = Vec::new();
    for (flag, value) in flags {
        match flag.as_str() {
            "mount" => mounts.push(mount(&value)?),
            "network" if value == "default" || value == "host" => {}
            _ => return Err(format!("RUN --{flag}={value} is not served")),
        }
    }
    let command = match line.heredocs.as_slice() {
        [] => command(rest),
        // Alone, it is the script itself.
        [only] if words(rest, escape).len() == 1 => Command::Shell(only.content.clone()),
        // With words around it, it is the shell's own business.
        all => {
            let mut text = rest.to_string();
            for heredoc in all {
                text.push_str(&format!("\n{}{}", heredoc.content, heredoc.name));
            }
            Command::Shell(text + "\n")
        }
    };
    Ok(Instruction::Run { command, mounts })
}

fn mount(text: &str) -> Result<Mount, String> {
    let fields: Vec<(&str, &str)> = text.split(',').map(|field| field.split_once('=').unwrap_or((field, ""))).collect();
    let field = |names: &[&str]| fields.iter().find(|(name, _)| names.contains(name)).map(|(_, value)| *value);
    let kind = field(&["type"]).unwrap_or("bind");
    let target = field(&["target", "dst", "destination"]).map(str::to_string);
    let number = |name: &str, radix, otherwise| match field(&[name]) {
        Some(text) => u32::from_str_radix(text, radix).map_err(|_| format!("--mount: {name}={text} is no number")),
        None => Ok(otherwise),
    };
    let kind = match kind {
        "secret" => {
            let id = field(&["id"]).map(str::to_string).or_else(|| target.as_deref()?.rsplit('/').next().map(str::to_string));
            MountKind::Secret {
                id: id.ok_or("--mount=type=secret needs an id or a target")?,
                variable: field(&["env"]).map(str::to_string),
                required: matches!(field(&["required"]), Some("" | "true" | "1")),
                mode: number("mode", 8, 0o400)?,
                uid: number("uid", 10, 0)?,
                gid: number("gid", 10, 0)?,
            }
        }
        "cache" | "tmpfs" if target.is_some() => MountKind::Scratch,
        "cache" | "tmpfs" => return Err(format!("--mount=type={kind} needs a target")),
        other => return Err(format!("RUN --mount=type={other} is not served; secret, cache and tmpfs are")),
    };
    Ok(Mount { kind, target })
}

fn copy(line: Line, escape: char) -> Result<Copy, String> {
    let name = line.name.as_str();
    let (flags, rest) = flags(&line.rest);
    let mut copy = Copy { add: name == "ADD", heredocs: line.heredocs, ..Copy::default() };
    for (flag, value) in flags {
        match flag.as_str() {
            "from" if !copy.add => copy.from = Some(value),
            "chown" => copy.owner = Some(value),
            "chmod" => copy.mode = Some(value),
            "exclude" => copy.exclude.push(value),
            "parents" if !copy.add => copy.parents = value != "false",
            // About caches, of which there are none.
            "link" => {}
            _ => return Err(format!("{name} --{flag} is not served")),
        }
    }
    let mut places = match command(rest) {
        Command::Exec(places) => places,
        Command::Shell(text) => words(&text, escape),
    };
    copy.target = places.pop().filter(|_| !places.is_empty()).ok_or_else(|| format!("{name} needs a source and a target"))?;
    copy.sources = places.into_iter().filter(|place| !place.starts_with("<<")).collect();
    Ok(copy)
}

/// `NAME=value …`, or `NAME value` in the old way.
fn pairs(text: &str, escape: char, old_way: bool) -> Option<Vec<(String, String)>> {
    let all = words(text, escape);
    if !all.first()?.contains('=') {
        let (name, value) = text.split_once(char::is_whitespace).filter(|_| old_way)?;
        return Some(vec![(name.to_string(), value.trim().to_string())]);
    }
    all.into_iter().map(|word| word.split_once('=').map(|(name, value)| (name.to_string(), value.to_string()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Instruction {
        let mut file = super::super::parse(&format!("FROM x\n{text}\n")).unwrap();
        file.stages[0].steps.remove(0).instruction
    }

    fn shell(text: &str) -> Command {
        Command::Shell(text.into())
    }

    #[test]
    fn commands_have_two_forms_and_scripts() {
        let run = |command| Instruction::Run { command, mounts: Vec::new() };
        assert_eq!(parsed(r#"RUN ["a", "b c"]"#), run(Command::Exec(vec!["a".into(), "b c".into()])));
        assert_eq!(parsed("RUN [ -f x ] && y"), run(shell("[ -f x ] && y")));
        assert_eq!(parsed("RUN <<EOF\na\nb\nEOF"), run(shell("a\nb\n")));
        assert_eq!(parsed("RUN cat <<EOF > x\na\nEOF"), run(shell("cat <<EOF > x\na\nEOF\n")));
        assert_eq!(parsed("ENV a b c"), Instruction::Env(vec![("a".into(), "b c".into())]));
        assert_eq!(parsed("ENV a=b 'c d'=e").clone_debug(), r#"Env([("a", "b"), ("'c d'", "e")])"#);
        assert_eq!(parsed("ARG a b=c"), Instruction::Arg(vec![("a".into(), None), ("b".into(), Some("c".into()))]));
    }

    impl Instruction {
        fn clone_debug(&self) -> String {
            format!("{self:?}")
        }
    }

    #[test]
    fn copies_and_mounts_have_their_options() {
        let Instruction::Copy(copy) = parsed("COPY --from=build --chown=a:b --chmod=755 --exclude=*.o a b/ /c/") else {
            panic!("no copy");
        };
        assert_eq!((copy.sources.len(), copy.target.as_str()), (2, "/c/"));
        assert_eq!((copy.from.as_deref(), copy.owner.as_deref(), copy.mode.as_deref()), (Some("build"), Some("a:b"), Some("755")));
        let Instruction::Run { mounts, .. } = parsed("RUN --mount=type=secret,id=k,env=K,mode=0440 --mount=type=cache,target=/c x") else {
            panic!("no run");
        };
        assert_eq!(mounts[1], Mount { kind: MountKind::Scratch, target: Some("/c".into()) });
        let secret = MountKind::Secret { id: "k".into(), variable: Some("K".into()), required: false, mode: 0o440, uid: 0, gid: 0 };
        assert_eq!(mounts[0].kind, secret);
    }
}
