//! What a build will do: its Dockerfile, and what else the parameters ask for after it.

use super::dockerfile::{Command, Instruction, Mount, MountKind, Step};
use super::parameters::{CodeMount, Parameters};
use super::{Blueprint, Image};
use std::collections::BTreeMap;

pub struct Plan {
    /// The text; where there is none, the build context has it.
    pub dockerfile: Option<String>,
    /// Stands in for the images of FROM; the host's root does otherwise.
    pub base: Option<Base>,
    pub user: (String, u32),
    /// After the last stage's own.
    pub steps: Vec<Step>,
    pub arguments: BTreeMap<String, String>,
    pub context: Option<String>,
    /// For all commands.
    pub secrets: BTreeMap<String, String>,
    /// For those that ask for them.
    pub tokens: BTreeMap<String, String>,
    pub warnings: Vec<&'static str>,
}

pub struct Base {
    pub name: String,
    pub layers: Vec<String>,
    pub image: Image,
}

impl Plan {
    pub fn new(parameters: &Parameters, base: Option<&Blueprint>, secrets: BTreeMap<String, String>) -> Plan {
        let context = parameters.context();
        let given = parameters.dockerfile.clone().filter(|text| !text.trim().is_empty());
        let from_context = context.is_some() && base.is_none();
        let mut warnings = Vec::new();
        if parameters.has_services() {
            warnings.push("services are kept with the blueprint, but the emulator runs none");
        }
        if parameters.has_policy() {
            warnings.push("the emulator lets builds reach the network whatever their policy says");
        }
        let token = |(at, mount): (usize, &CodeMount)| Some((token_id(at), mount.token.clone()?));
        Plan {
            dockerfile: given.or_else(|| (!from_context).then(|| default_dockerfile(base))),
            base: base.map(|base| Base { name: base.name.clone(), layers: base.layers.clone(), image: base.image.clone() }),
            user: parameters.user(),
            steps: steps(parameters),
            arguments: parameters.arguments(),
            context,
            secrets,
            tokens: parameters.code_mounts().iter().enumerate().filter_map(token).collect(),
            warnings,
        }
    }
}

fn default_dockerfile(base: Option<&Blueprint>) -> String {
    match base {
        Some(base) => format!("FROM {}\n", base.name.replace(char::is_whitespace, "-")),
        None => match std::env::consts::ARCH {
            "aarch64" => "FROM runloop:runloop/starter-arm64\n".into(),
            _ => "FROM runloop:runloop/starter-x86_64\n".into(),
        },
    }
}

fn token_id(at: usize) -> String {
    format!("code-mount-{at}")
}

fn home(user: &str) -> String {
    match user {
        "root" => "/root".into(),
        user => format!("/home/{user}"),
    }
}

fn steps(parameters: &Parameters) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut add = |title: String, instruction: Instruction| steps.push(Step { line: 0, title, instruction });
    let (user, _) = parameters.user();
    let home = home(&user);
    add(format!("USER {user}"), Instruction::User(user.clone()));
    add(format!("WORKDIR {home}"), Instruction::Workdir(home.clone()));
    let begun = 2;
    for (path, content) in parameters.file_mounts() {
        add(format!("file mount {path}"), Instruction::File { path: path.clone(), content: content.clone() });
    }
    for (at, mount) in parameters.code_mounts().iter().enumerate() {
        let secret =
            MountKind::Secret { id: token_id(at), variable: Some("GIT_TOKEN".into()), required: false, mode: 0o400, uid: 0, gid: 0 };
        let mounts = vec![Mount { kind: secret, target: None }];
        let repository = format!("{}/{}", mount.repo_owner, mount.repo_name);
        let command = Command::Exec(clone(mount));
        add(format!("code mount {repository}"), Instruction::Run { command, mounts });
        if let Some(install) = &mount.install_command {
            let folder = format!("{home}/{}", mount.repo_name);
            add(format!("WORKDIR {folder}"), Instruction::Workdir(folder));
            add(format!("RUN {install}"), bash(install));
            add(format!("WORKDIR {home}"), Instruction::Workdir(home.clone()));
        }
    }
    for command in parameters.commands() {
        add(format!("RUN {command}"), bash(command));
    }
    if steps.len() == begun {
        steps.clear();
    }
    steps
}

fn bash(command: &str) -> Instruction {
    let command = Command::Exec(vec!["/bin/bash".into(), "-c".into(), command.into()]);
    Instruction::Run { command, mounts: Vec::new() }
}

/// The token comes as a variable, so that neither a command line nor the repository's settings hold it.
fn clone(mount: &CodeMount) -> Vec<String> {
    const SCRIPT: &str = r#"command -v git >/dev/null || { echo "git is not installed on this machine; code mounts need it" >&2; exit 127; }
helper='!f() { echo username=x-access-token; echo "password=$GIT_TOKEN"; }; f'
export GIT_TERMINAL_PROMPT=0
exec git ${GIT_TOKEN:+-c credential.helper="$helper"} clone ${3:+--branch "$3"} "https://github.com/$1/$2.git" "$2""#;
    let reference = mount.git_ref.clone().unwrap_or_default();
    ["/bin/bash".into(), "-c".into(), SCRIPT.into(), "clone".into(), mount.repo_owner.clone(), mount.repo_name.clone(), reference].into()
}

/// The Dockerfile that would do the same elsewhere.
pub fn preview(plan: &Plan) -> String {
    let mut text = plan.dockerfile.clone().unwrap_or_else(|| "# The build context's Dockerfile comes here.\n".into());
    if !text.ends_with('\n') {
        text.push('\n');
    }
    for step in &plan.steps {
        let line = match &step.instruction {
            Instruction::User(user) => format!("USER {user}"),
            Instruction::Workdir(path) => format!("WORKDIR {path}"),
            Instruction::File { path, content } => heredoc(path, content, &plan.user.0),
            Instruction::Run { command: Command::Exec(words), mounts } => {
                let secret = mounts.iter().find_map(|mount| match &mount.kind {
                    MountKind::Secret { id, variable: Some(variable), .. } if plan.tokens.contains_key(id) => {
                        Some(format!("--mount=type=secret,id={id},env={variable} "))
                    }
                    _ => None,
                });
                format!("RUN {}{}", secret.unwrap_or_default(), serde_json::json!(words))
            }
            other => format!("# {other:?}"),
        };
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn heredoc(path: &str, content: &str, user: &str) -> String {
    let mut end = "EOF".to_string();
    while content.lines().any(|line| line == end) {
        end.push('_');
    }
    let newline = if content.is_empty() || content.ends_with('\n') { "" } else { "\n" };
    format!("COPY --chown={user} <<\"{end}\" {}\n{content}{newline}{end}", serde_json::json!(path))
}
