//! Dockerfiles, read into stages of instructions.

pub mod expand;
mod instruction;
mod lines;

pub use instruction::{Command, Copy, Instruction, Mount, MountKind};

use std::collections::BTreeSet;

#[derive(Debug)]
pub struct Dockerfile {
    /// Arguments before the first FROM.
    pub arguments: Vec<(String, Option<String>)>,
    pub stages: Vec<Stage>,
    pub escape: char,
}

#[derive(Debug)]
pub struct Stage {
    pub line: usize,
    /// As written: arguments in it are yet to be replaced.
    pub from: String,
    pub name: Option<String>,
    pub steps: Vec<Step>,
}

#[derive(Debug)]
pub struct Step {
    pub line: usize,
    /// What the log says.
    pub title: String,
    pub instruction: Instruction,
}

pub fn parse(text: &str) -> Result<Dockerfile, String> {
    let text = lines::read(text)?;
    let mut file = Dockerfile { arguments: Vec::new(), stages: Vec::new(), escape: text.escape };
    for line in text.lines {
        let number = line.number;
        let named = |why: String| format!("line {number}: {why}");
        if line.name == "FROM" {
            let (from, name) = from(&line.rest).map_err(named)?;
            if name.as_ref().is_some_and(|name| file.stages.iter().any(|stage| stage.name.as_ref() == Some(name))) {
                return Err(named(format!("there is a stage {} already", name.unwrap_or_default())));
            }
            file.stages.push(Stage { line: number, from, name, steps: Vec::new() });
            continue;
        }
        let title = format!("{} {}", line.name, line.rest);
        let instruction = instruction::parse(line, file.escape).map_err(named)?;
        match (file.stages.last_mut(), instruction) {
            (Some(stage), instruction) => stage.steps.push(Step { line: number, title, instruction }),
            (None, Instruction::Arg(arguments)) => file.arguments.extend(arguments),
            (None, _) => return Err(named("only ARG can come before the first FROM".into())),
        }
    }
    match file.stages.is_empty() {
        true => Err("it has no FROM".into()),
        false => Ok(file),
    }
}

fn from(rest: &str) -> Result<(String, Option<String>), String> {
    let words: Vec<&str> = rest.split_whitespace().skip_while(|word| word.starts_with("--platform=")).collect();
    match words.as_slice() {
        [word, ..] if word.starts_with("--") => Err(format!("FROM {word} is not known")),
        [image] => Ok((image.to_string(), None)),
        [image, r#as, name] if r#as.eq_ignore_ascii_case("as") => Ok((image.to_string(), Some(name.to_ascii_lowercase()))),
        _ => Err("FROM takes an image, and AS with a name if wanted".into()),
    }
}

impl Dockerfile {
    /// The stage that a name or a number means, of those before another one.
    pub fn stage(&self, name: &str, before: usize) -> Option<usize> {
        let name = name.to_ascii_lowercase();
        let named = self.stages[..before].iter().position(|stage| stage.name.as_ref() == Some(&name));
        named.or_else(|| name.parse().ok().filter(|at| *at < before))
    }

    /// The stages that the last one is made from, itself included.
    pub fn needed(&self) -> BTreeSet<usize> {
        let mut needed = BTreeSet::new();
        let mut next = vec![self.stages.len() - 1];
        while let Some(at) = next.pop() {
            if !needed.insert(at) {
                continue;
            }
            let stage = &self.stages[at];
            // A number names a stage in COPY only.
            next.extend(self.stage(&stage.from, at).filter(|_| stage.from.parse::<usize>().is_err()));
            for step in &stage.steps {
                if let Instruction::Copy(copy) = &step.instruction {
                    next.extend(copy.from.as_ref().and_then(|from| self.stage(from, at)));
                }
            }
        }
        needed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_becomes_stages_and_only_needed_ones_count() {
        let file = parse(
            "ARG V=1\nFROM golang:$V AS Build\nRUN make\nFROM x AS unused\nRUN false\nFROM --platform=linux/amd64 scratch\nCOPY --from=build /a /b\n",
        )
        .unwrap();
        assert_eq!(file.arguments, [("V".to_string(), Some("1".to_string()))]);
        assert_eq!(file.stages.len(), 3);
        assert_eq!((file.stages[0].from.as_str(), file.stages[0].name.as_deref()), ("golang:$V", Some("build")));
        assert_eq!(file.needed().into_iter().collect::<Vec<_>>(), [0, 2]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, what) in [
            ("", "no FROM"),
            ("RUN x\nFROM y", "line 1"),
            ("FROM x\nFROBNICATE y", "line 2: FROBNICATE is not an instruction"),
            ("FROM x\nONBUILD RUN y", "ONBUILD"),
            ("FROM x AS a\nFROM y AS a", "stage a"),
            ("FROM x\nRUN --mount=type=bind,target=/x true", "type=bind"),
            ("FROM x\nRUN --security=insecure true", "--security"),
            ("FROM x\nCOPY a", "COPY"),
        ] {
            let why = parse(text).unwrap_err();
            assert!(why.contains(what), "{text:?}: {why}");
        }
    }
}
