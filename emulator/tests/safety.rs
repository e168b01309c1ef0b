//! What a devbox cannot do to the machine, nor a request to the emulator. No boundary against hostile
//! code: but nothing gets out by the ordinary ways.

mod common;

use common::{folder::Folder, Emulator};
use reqwest::Method;
use serde_json::json;
use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command};

fn overlay(data: &Folder) -> Emulator {
    Emulator::start(&["--isolation", "overlay", "--data-dir", data.text()])
}

/// A folder that anybody may write to, in a place that devboxes see.
struct Open(std::path::PathBuf);

impl Open {
    fn new(name: &str) -> Open {
        let path = std::path::Path::new("/var/tmp").join(format!("{name}-{}", std::process::id()));
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
        fs::write(path.join("file"), "the host's\n").unwrap();
        fs::set_permissions(path.join("file"), fs::Permissions::from_mode(0o666)).unwrap();
        Open(path)
    }

    fn text(&self) -> &str {
        self.0.to_str().unwrap()
    }

    /// What is in it, by name.
    fn contents(&self) -> Vec<(String, String)> {
        let entries = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().path());
        entries.map(|path| (path.file_name().unwrap().to_string_lossy().into(), fs::read_to_string(path).unwrap())).collect()
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_devbox_cannot_write_the_host_s_files() {
    let (data, open) = (Folder::new(), Open::new("safety-files"));
    let emulator = overlay(&data);
    let devbox = emulator.devbox(json!({})).await;
    let before = open.contents();
    let at = open.text();
    for prefix in ["", "/proc/self/root", "/proc/1/root", "/proc/1/cwd", "/../.."] {
        let work = format!("cd {prefix}{at} && echo changed by {prefix} > file; echo new > {prefix}{at}/new; chmod 600 {prefix}{at}/file");
        emulator.run(&devbox, &format!("sudo sh -c '{work}'")).await;
        assert_eq!(open.contents(), before, "{prefix}");
    }
    assert_eq!(emulator.run(&devbox, &format!("sudo cat {at}/new {at}/file")).await.1, "new\nchanged by /../..\n");
    let path = format!("/v1/devboxes/{devbox}");
    for file in [format!("{at}/by-call"), format!("../../../../..{at}/by-call")] {
        emulator.post(&format!("{path}/write_file_contents"), json!({"file_path": file, "contents": "x"})).await;
        assert_eq!(emulator.run(&devbox, &format!("cat {at}/by-call; rm {at}/by-call")).await.1, "x", "{file}");
    }
    emulator.run(&devbox, &format!("sudo rm -rf {at} /usr/bin/env; sudo mount -o remount,rw /; sudo touch {at}")).await;
    assert_eq!(open.contents(), before);
    assert!(std::path::Path::new("/usr/bin/env").exists());
    assert_eq!(fs::metadata(open.0.join("file")).unwrap().permissions().mode() & 0o777, 0o666);
}

#[tokio::test]
async fn a_devbox_sees_no_process_but_its_own() {
    let data = Folder::new();
    let host = Killed(Command::new("sleep").arg("987654").spawn().unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_runloop-emulator"));
    command.env("OF_THE_DEVELOPER", "not-for-devboxes");
    let emulator = Emulator::start_by(&mut command, &["--isolation", "overlay", "--data-dir", data.text()]);
    let (one, other) = (emulator.devbox(json!({})).await, emulator.devbox(json!({})).await);
    emulator.run(&other, "setsid -f sleep 987655").await;
    let (_, seen) = emulator.run(&one, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '").await;
    assert!(!seen.contains("98765") && seen.contains("cmdline"), "{seen}");
    let (_, environments) = emulator.run(&one, "sudo cat /proc/[0-9]*/environ | tr '\\0' ' '; env").await;
    assert!(!environments.contains("not-for-devboxes") && environments.contains("PATH="), "{environments}");
    assert_ne!(emulator.run(&one, &format!("sudo kill -9 {}", host.0.id())).await.0, 0);
    emulator.run(&one, "sudo kill -9 -1").await;
    let mut host = host;
    assert!(host.0.try_wait().unwrap().is_none());
    let leaks = emulator.get("/_emulator/leaks").await.to_string();
    assert!(leaks.contains("987655"), "{leaks}");
}

#[tokio::test]
async fn the_data_directory_and_other_disks_are_out_of_sight() {
    let data = Folder::new();
    let emulator = overlay(&data);
    let (one, other) = (emulator.devbox(json!({})).await, emulator.devbox(json!({})).await);
    emulator.post("/v1/secrets", json!({"name": "HUSH", "value": "a-value-of-a-secret"})).await;
    emulator.run(&other, "echo of-the-other > file").await;
    // The folder itself may be there, empty.
    let (_, found) = emulator.run(&one, &format!("sudo find {} -mindepth 1 | head -5", data.text())).await;
    assert_eq!(found, "");
    let (_, mounts) = emulator.run(&one, "cat /proc/mounts /proc/self/mountinfo").await;
    assert!(!mounts.contains(&other), "{mounts}");
}

#[tokio::test]
async fn names_in_requests_lead_to_no_files() {
    let data = Folder::new();
    let emulator = overlay(&data);
    let devbox = emulator.devbox(json!({})).await;
    let up = "..%2F..%2Frecords.sqlite";
    for path in [
        format!("/v1/devboxes/{up}/logs"),
        format!("/v1/devboxes/{devbox}/executions/{up}"),
        format!("/v1/devboxes/{devbox}/executions/{up}/stream_stdout_updates"),
        format!("/v1/blueprints/{up}/logs"),
        format!("/v1/objects/{up}/download"),
        format!("/v1/axons/{up}/events"),
        format!("/v1/devboxes/disk_snapshots/{up}/status"),
    ] {
        let request = emulator.client.get(format!("{}{path}", emulator.url)).bearer_auth("k").header("accept", "*/*, text/event-stream");
        assert_eq!(request.send().await.unwrap().status(), 404, "{path}");
    }
    for mount in [json!({"file_mounts": {"../../outside": "x"}}), json!({"file_mounts": {"": "x"}})] {
        let (status, answer) = emulator.status(Method::POST, "/v1/devboxes", Some(mount)).await;
        assert_eq!(status, 400, "{answer}");
    }
}

/// The addresses at which a process listens, in the kernel's spelling.
fn listening(pid: u32) -> HashSet<String> {
    let fds = fs::read_dir(format!("/proc/{pid}/fd")).unwrap().flatten();
    let held: HashSet<String> = fds.filter_map(|fd| Some(fs::read_link(fd.path()).ok()?.to_str()?.to_string())).collect();
    let tables = ["tcp", "tcp6"].map(|table| fs::read_to_string(format!("/proc/{pid}/net/{table}")).unwrap_or_default());
    let rows = tables.iter().flat_map(|table| table.lines().skip(1)).map(|row| row.split_whitespace().collect::<Vec<_>>());
    let ours = rows.filter(|row| row[3] == "0A" && held.contains(&format!("socket:[{}]", row[9])));
    ours.map(|row| row[1].split(':').next().unwrap().to_string()).collect()
}

#[tokio::test]
async fn it_listens_on_loopback_unless_it_is_told_otherwise() {
    let loopback = format!("{:08X}", u32::from_ne_bytes([127, 0, 0, 1]));
    assert_eq!(listening(Emulator::start(&[]).pid()), HashSet::from([loopback]));
    let everywhere = Emulator::start(&["--host", "0.0.0.0"]);
    assert_eq!(listening(everywhere.pid()), HashSet::from(["00000000".to_string()]));
}
