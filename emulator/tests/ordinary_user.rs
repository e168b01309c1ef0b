//! The emulator run by an ordinary user. Where the tests run as root they become one for it.

mod common;

use common::{folder::Folder, processes, Emulator};
use serde_json::json;
use std::os::unix::fs::{chown, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::process::Command;

const NOBODY: u32 = 65_534;

fn start(folder: &Folder, args: &[&str]) -> Emulator {
    // The built one may lie where only root can go.
    let binary = folder.path().join("runloop-emulator");
    if !binary.exists() {
        // By another process: a program cannot run while somebody has it open for writing.
        assert!(Command::new("cp").arg(env!("CARGO_BIN_EXE_runloop-emulator")).arg(&binary).status().unwrap().success());
        std::fs::set_permissions(&binary, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut command = Command::new(binary);
    let root = std::fs::metadata(folder.path()).map(|metadata| std::os::unix::fs::MetadataExt::uid(&metadata)).unwrap() == 0;
    if root || chown(folder.path(), Some(NOBODY), Some(NOBODY)).is_ok() {
        chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        command.uid(NOBODY).gid(NOBODY).current_dir("/");
    }
    let data = folder.path().join("data");
    let args: Vec<&str> = ["--data-dir", data.to_str().unwrap()].into_iter().chain(args.iter().copied()).collect();
    Emulator::start_by(&mut command, &args)
}

async fn works(args: &[&str]) {
    let folder = Folder::new();
    let emulator = start(&folder, args);
    let isolation = emulator.get("/_emulator/health").await["isolation"].clone();
    let id =
        emulator.devbox(json!({"file_mounts": {"a/b": "mounted"}, "launch_parameters": {"launch_commands": ["echo launched > c"]}})).await;
    assert_eq!(emulator.run(&id, "cat a/b c; ls /usr > /dev/null; pwd").await.1.lines().next(), Some("mountedlaunched"));
    let outside = folder.path().join("outside");
    if isolation == "overlay" {
        assert_eq!(emulator.run(&id, "whoami; pwd").await.1, "user\n/home/user\n");
        let processes = emulator.run(&id, "ls /proc | grep -c '^[0-9]*$'").await.1;
        assert!(processes.trim().parse::<u32>().unwrap() < 8, "{processes}");
        let write = format!("mkdir -p {0}; echo x > {0}/file; echo x > /etc/made-inside; cat /etc/made-inside", outside.display());
        assert_eq!(emulator.run(&id, &write).await.1, "x\n");
        assert!(!std::path::Path::new("/etc/made-inside").exists() && !outside.exists());
        // A file that the host has is the host's, changed or not.
        emulator.run(&id, "rm -f /etc/hostname; echo other > /etc/hostname").await;
        assert_ne!(std::fs::read_to_string("/etc/hostname").unwrap_or_default(), "other\n");
    }
    emulator.post(&format!("/v1/devboxes/{id}/suspend"), json!({})).await;
    emulator.wait(&id, &["suspended"]).await;
    emulator.post(&format!("/v1/devboxes/{id}/resume"), json!({})).await;
    emulator.wait(&id, &["running"]).await;
    assert_eq!(emulator.run(&id, "cat a/b").await.1, "mounted");
    let before = processes::below(emulator.pid());
    emulator.kill();
    processes::assert_gone(&before, "none-is-marked-so");
    let emulator = start(&folder, args);
    emulator.wait(&id, &["running"]).await;
    assert_eq!(emulator.run(&id, "cat a/b").await.1, "mounted");
    if isolation == "overlay" {
        assert_eq!(emulator.run(&id, "cat /etc/made-inside /etc/hostname").await.1, "x\nother\n");
    }
    emulator.post(&format!("/v1/devboxes/{id}/shutdown"), json!({})).await;
    assert!(emulator.stop());
    let disk = folder.path().join("data/devboxes").join(&id);
    assert!(!disk.exists());
}

#[tokio::test]
async fn an_ordinary_user_has_devboxes_too() {
    works(&[]).await;
}

#[tokio::test]
async fn an_ordinary_user_has_plain_devboxes_too() {
    works(&["--isolation", "plain"]).await;
}
