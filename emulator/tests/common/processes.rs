//! What an emulator that was killed may have left behind.

use std::collections::HashSet;
use std::fs;
use std::time::{Duration, Instant};

/// A process, told apart from a later one of the same number by when it began.
type Known = (i32, String);

fn all() -> impl Iterator<Item = i32> {
    fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

/// The fields of /proc/pid/stat from the state on, of a process that is alive.
fn stat(pid: i32) -> Option<Vec<String>> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<String> = stat[stat.rfind(')')? + 1..].split_ascii_whitespace().map(str::to_string).collect();
    (!matches!(fields[0].as_str(), "Z" | "X")).then_some(fields)
}

fn known(pid: i32) -> Option<Known> {
    Some((pid, stat(pid)?[19].clone()))
}

/// Everything below a process.
pub fn below(root: u32) -> HashSet<Known> {
    let parents: Vec<(i32, i32)> = all().filter_map(|pid| Some((pid, stat(pid)?[1].parse().ok()?))).collect();
    let mut found = HashSet::new();
    let mut next = vec![root as i32];
    while let Some(parent) = next.pop() {
        for (pid, _) in parents.iter().filter(|(_, of)| *of == parent) {
            next.push(*pid);
            found.extend(known(*pid));
        }
    }
    found
}

/// Processes with this text in their environment.
pub fn marked(mark: &str) -> Vec<i32> {
    let holds =
        |pid: &i32| fs::read(format!("/proc/{pid}/environ")).is_ok_and(|text| text.windows(mark.len()).any(|part| part == mark.as_bytes()));
    all().filter(holds).filter(|pid| stat(*pid).is_some()).collect()
}

/// Waits until none of these is left, and nothing with the mark.
pub fn assert_gone(known_before: &HashSet<Known>, mark: &str) {
    let began = Instant::now();
    loop {
        let left: Vec<&Known> = known_before.iter().filter(|before| known(before.0).as_ref() == Some(before)).collect();
        let marked = marked(mark);
        if left.is_empty() && marked.is_empty() {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "left behind: {left:?} {marked:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// This machine's mounts below a folder.
pub fn mounts_below(folder: &str) -> Vec<String> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
    mounts.lines().filter(|line| line.contains(folder)).map(str::to_string).collect()
}
