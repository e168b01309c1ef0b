//! What /proc says about running processes.

use serde::Serialize;
use std::collections::HashMap;

#[derive(Debug, Clone, Serialize)]
pub struct Process {
    pub pid: i32,
    #[serde(skip)]
    pub parent: i32,
    #[serde(skip)]
    pub session: i32,
    #[serde(skip)]
    pub stopped: bool,
    pub command: String,
}

/// Every live process that can be seen from here; zombies are not alive.
pub fn all() -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).filter_map(read).collect()
}

fn read(pid: i32) -> Option<Process> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // pid (name) state parent group session …; the name may hold anything, brackets included.
    let (before, after) = (stat.find('(')?, stat.rfind(')')?);
    let name = &stat[before + 1..after];
    let mut fields = stat[after + 1..].split_ascii_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X") {
        return None;
    }
    let parent = fields.next()?.parse().ok()?;
    let session = fields.nth(1)?.parse().ok()?;
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let line = String::from_utf8_lossy(&line).replace('\0', " ");
    let command = match line.trim() {
        "" => name.to_string(),
        line => line.to_string(),
    };
    Some(Process { pid, parent, session, stopped: matches!(state, "T" | "t"), command })
}

/// Every live process below `root`, without `root`.
pub fn descendants(root: i32) -> Vec<Process> {
    below(&all(), root)
}

pub fn below(all: &[Process], root: i32) -> Vec<Process> {
    let mut children: HashMap<i32, Vec<&Process>> = HashMap::new();
    for process in all {
        children.entry(process.parent).or_default().push(process);
    }
    let mut found = Vec::new();
    let mut next = vec![root];
    while let Some(pid) = next.pop() {
        for child in children.remove(&pid).unwrap_or_default() {
            next.push(child.pid);
            found.push(child.clone());
        }
    }
    found
}

/// Whether this process was started with a signal ignored, as `nohup` does.
pub fn ignores(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}
