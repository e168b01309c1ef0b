//! Users and groups as a disk's own files name them.

use crate::sandbox::jobs::Ids;
use crate::sandbox::Sandbox;
use std::io::Read;
use std::path::PathBuf;

pub struct Found {
    pub ids: Ids,
    pub home: PathBuf,
}

struct Databases {
    passwd: String,
    group: String,
}

impl Databases {
    async fn read(sandbox: &Sandbox) -> Databases {
        Databases { passwd: text(sandbox, "/etc/passwd").await, group: text(sandbox, "/etc/group").await }
    }

    fn group(&self, name: &str) -> Result<u32, String> {
        let line = entries(&self.group).find(|fields| fields[0] == name);
        let known = line.and_then(|fields| fields.get(2)?.parse().ok());
        known.or_else(|| name.parse().ok()).ok_or_else(|| format!("there is no group {name}"))
    }
}

async fn text(sandbox: &Sandbox, path: &str) -> String {
    let mut text = String::new();
    if let Ok(mut file) = sandbox.open(PathBuf::from(path), false).await {
        let _ = file.read_to_string(&mut text);
    }
    text
}

fn entries(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().map(|line| line.split(':').collect())
}

/// `name`, `name:group` or numbers.
pub async fn find(sandbox: &Sandbox, wanted: &str) -> Result<Found, String> {
    let databases = Databases::read(sandbox).await;
    let (user, group) = wanted.split_once(':').map_or((wanted, None), |(user, group)| (user, Some(group)));
    let number: Option<u32> = user.parse().ok();
    let entry = entries(&databases.passwd).find(|fields| match number {
        Some(uid) => fields.get(2).and_then(|field| field.parse().ok()) == Some(uid),
        None => fields[0] == user,
    });
    let field = |at: usize| entry.as_ref().and_then(|fields| fields.get(at)).map(|field| field.to_string());
    let uid = field(2).and_then(|uid| uid.parse().ok()).or(number).ok_or_else(|| format!("there is no user {user}"))?;
    let own = field(3).and_then(|gid| gid.parse().ok()).unwrap_or(0);
    let name = field(0).unwrap_or_else(|| user.to_string());
    let gid = match group.filter(|group| !group.is_empty()) {
        Some(group) => databases.group(group)?,
        None => own,
    };
    let member = |fields: &Vec<&str>| fields.get(3).is_some_and(|members| members.split(',').any(|member| member == name));
    let others = entries(&databases.group).filter(member).filter_map(|fields| fields.get(2)?.parse().ok());
    let groups = std::iter::once(gid).chain(others).collect();
    Ok(Found { ids: Ids { uid, gid, groups }, home: field(5).unwrap_or_else(|| "/".into()).into() })
}

/// The owner that `--chown` names; a number alone stands for both.
pub async fn owner(sandbox: &Sandbox, wanted: &str) -> Result<(u32, u32), String> {
    if let Ok(id) = wanted.parse() {
        return Ok((id, id));
    }
    find(sandbox, wanted).await.map(|found| (found.ids.uid, found.ids.gid))
}
