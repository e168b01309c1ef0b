//! SSH into devboxes, with the machine's own client.

mod common;

use common::{folder::Folder, Emulator};
use serde_json::{json, Value};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

fn is_installed(program: &str) -> bool {
    let path = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin:/usr/local/sbin";
    path.split(':').any(|folder| Path::new(folder).join(program).exists())
}

async fn create_key(emulator: &Emulator, devbox: &str) -> Value {
    emulator.post(&format!("/v1/devboxes/{devbox}/create_ssh_key"), json!({})).await
}

/// The key as a file that the client accepts.
fn file_of(folder: &Folder, name: &str, key: &Value) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, key["ssh_private_key"].as_str().unwrap()).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    path
}

async fn ssh(to: &Value, key: &Path, command: &str) -> Output {
    let address = to["url"].as_str().unwrap();
    let options = ["BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "IdentitiesOnly=yes", "LogLevel=ERROR"];
    let mut client = std::process::Command::new("ssh");
    client.args(["-F", "none", "-i"]).arg(key).args(options.iter().flat_map(|option| ["-o", option]));
    client.arg(format!("ssh://{}@{address}", to["ssh_user"].as_str().unwrap())).arg(command);
    tokio::task::spawn_blocking(move || client.output().unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_key_opens_its_devbox_and_no_other() {
    let emulator = Emulator::start(&["--isolation", "overlay"]);
    let mine = json!({"environment_variables": {"MINE": r#"it's "quoted" \ # $HOME"#}});
    let (first, second) = (emulator.devbox(mine).await, emulator.devbox(json!({})).await);
    if !is_installed("sshd") || !is_installed("ssh") {
        let path = format!("/v1/devboxes/{first}/create_ssh_key");
        let (status, answer) = emulator.status(reqwest::Method::POST, &path, Some(json!({}))).await;
        assert_eq!(status, 400, "{answer}");
        assert!(answer["message"].as_str().unwrap().contains("openssh-server"), "{answer}");
        return;
    }
    let folder = Folder::new();
    let key = create_key(&emulator, &first).await;
    assert_eq!(key["id"], first.as_str());
    let file = file_of(&folder, "first", &key);
    emulator.run(&first, "echo here > file").await;
    let done = ssh(&key, &file, "cat file; id -un; hostname; printenv MINE; exit 7").await;
    let expected = format!("here\nuser\n{}\nit's \"quoted\" \\ # $HOME\n", first.replace('_', "-"));
    assert_eq!((String::from_utf8_lossy(&done.stdout).as_ref(), done.status.code()), (expected.as_str(), Some(7)), "{done:?}");

    let other = create_key(&emulator, &second).await;
    let refused = ssh(&other, &file, "echo in").await;
    assert_eq!((refused.status.code(), refused.stdout.as_slice()), (Some(255), b"".as_slice()), "{refused:?}");

    // A second key of a devbox opens the same door, and so does the first when it has slept.
    let again = create_key(&emulator, &first).await;
    assert_eq!(again["url"], key["url"]);
    emulator.post(&format!("/v1/devboxes/{first}/suspend"), json!({})).await;
    emulator.wait(&first, &["suspended"]).await;
    assert_eq!(ssh(&key, &file, "echo in").await.stdout, b"");
    emulator.post(&format!("/v1/devboxes/{first}/resume"), json!({})).await;
    emulator.wait(&first, &["running"]).await;
    for (name, key) in [("first", &key), ("again", &again)] {
        assert_eq!(ssh(key, &file_of(&folder, name, key), "cat file").await.stdout, b"here\n");
    }
    // Nor does a snapshot carry the keys of what it was taken from.
    let taken = emulator.post(&format!("/v1/devboxes/{first}/snapshot_disk"), json!({})).await;
    let copy = emulator.devbox(json!({"snapshot_id": taken["id"]})).await;
    let refused = ssh(&create_key(&emulator, &copy).await, &file, "echo in").await;
    assert_eq!(refused.status.code(), Some(255), "{refused:?}");

    emulator.post(&format!("/v1/devboxes/{first}/shutdown"), json!({})).await;
    assert_eq!(ssh(&key, &file, "echo in").await.status.code(), Some(255));
}

#[tokio::test]
async fn plain_devboxes_have_no_ssh() {
    let emulator = Emulator::start(&["--isolation", "plain"]);
    let devbox = emulator.devbox(json!({})).await;
    let (status, answer) = emulator.status(reqwest::Method::POST, &format!("/v1/devboxes/{devbox}/create_ssh_key"), Some(json!({}))).await;
    assert_eq!(status, 400, "{answer}");
    assert!(answer["message"].as_str().unwrap().contains("without isolation"), "{answer}");
}
