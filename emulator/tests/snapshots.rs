//! Snapshots over HTTP: taken of running devboxes, described, listed, used and deleted.

mod common;

use common::Emulator;
use reqwest::Method;
use serde_json::{json, Value};
use std::time::{Duration, Instant};

fn overlay() -> Emulator {
    Emulator::start(&["--isolation", "overlay"])
}

async fn snapshot(emulator: &Emulator, devbox: &str) -> String {
    let snapshot = emulator.post(&format!("/v1/devboxes/{devbox}/snapshot_disk"), json!({})).await;
    snapshot["id"].as_str().unwrap().to_string()
}

async fn output(emulator: &Emulator, devbox: &str, command: &str) -> String {
    let (status, out) = emulator.run(devbox, command).await;
    assert_eq!(status, 0, "{command}: {out}");
    out
}

async fn status(emulator: &Emulator, id: &str) -> Value {
    emulator.get(&format!("/v1/devboxes/disk_snapshots/{id}/status")).await
}

async fn finished(emulator: &Emulator, id: &str) -> Value {
    loop {
        let answer = status(emulator, id).await;
        if answer["status"] != "in_progress" {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_devbox_begins_where_a_snapshot_was_taken() {
    let emulator = overlay();
    let source = emulator
        .devbox(json!({"environment_variables": {"A": "1", "B": "1"}, "launch_parameters": {"keep_alive_time_seconds": 77, "resource_size_request": "SMALL"}}))
        .await;
    let prepare = r#"
        echo text > file; ln file linked; ln -s file soft; chmod 4751 file; mkfifo pipe; setfattr -n user.mark -v x file 2>/dev/null
        truncate -s 1G sparse; mkdir closed; echo in > closed/in; chmod 000 closed
        sudo rm /etc/hostname; sudo rm -rf /usr/games; sudo mkdir /usr/games; sudo touch -d 2001-02-03 /usr/games/old
        sudo useradd -m someone 2>/dev/null; sudo sh -c 'echo theirs > /home/theirs; chown 4321:1234 /home/theirs'
        echo kept > /tmp/kept
    "#;
    emulator.run(&source, prepare).await;
    let taken = snapshot(&emulator, &source).await;
    emulator.run(&source, "echo changed > file; rm -rf /tmp/kept").await;

    let copy = emulator.devbox(json!({"snapshot_id": taken, "environment_variables": {"B": "2"}})).await;
    for (command, expected) in [
        ("cat file soft; stat -c '%a %h %U' file; test file -ef linked && test -p pipe && echo same", "text\ntext\n4751 2 user\nsame\n"),
        ("stat -c %s sparse; test $(stat -c %b sparse) -lt 1000 && echo holes", "1073741824\nholes\n"),
        ("stat -c %a closed; sudo cat closed/in", "0\nin\n"),
        ("ls /usr/games; stat -c %y /usr/games/old | cut -c -10", "old\n2001-02-03\n"),
        ("cat /tmp/kept; stat -c '%u %g' /home/theirs", "kept\n4321 1234\n"),
        ("echo $A$B", "12\n"),
    ] {
        assert_eq!(output(&emulator, &copy, command).await, expected, "{command}");
    }
    let view = emulator.get(&format!("/v1/devboxes/{copy}")).await;
    assert_eq!((&view["snapshot_id"], &view["blueprint_id"]), (&json!(taken), &Value::Null));
    assert_eq!(view["launch_parameters"]["keep_alive_time_seconds"], 77);
    assert_eq!(view["launch_parameters"]["resource_size_request"], "SMALL");

    // A snapshot of what came from one, with something taken away that lies in a layer.
    emulator.run(&copy, "rm file soft; echo more > more").await;
    let second = snapshot(&emulator, &copy).await;
    emulator.post(&format!("/v1/devboxes/disk_snapshots/{taken}/delete"), json!({})).await;
    let third = emulator.devbox(json!({"snapshot_id": second})).await;
    assert_eq!(output(&emulator, &third, "ls file soft 2>/dev/null; cat linked more").await.as_str(), "text\nmore\n");
    assert_eq!(output(&emulator, &copy, "cat linked").await, "text\n");
    assert_eq!(emulator.status(Method::POST, "/v1/devboxes", Some(json!({"snapshot_id": taken}))).await.0, 400);
    assert!(emulator.stop());
}

#[tokio::test]
async fn processes_stand_still_while_it_is_taken() {
    let emulator = overlay();
    let devbox = emulator.devbox(json!({})).await;
    // Two files that are never more than one step apart, far from each other in a copy's order, with
    // something large between them.
    let script = r#"
        mkdir -p a m z; head -c 200M /dev/urandom > m/large
        nohup bash -c 'n=0; while :; do n=$((n+1)); echo $n >> a/count; echo $n >> z/count; done' > /dev/null 2>&1 &
        nohup bash -c 'echo $$ > stopped; kill -STOP $$' > /dev/null 2>&1 &
        sleep 0.5
    "#;
    emulator.run(&devbox, script).await;
    for _ in 0..3 {
        let taken = snapshot(&emulator, &devbox).await;
        let copy = emulator.devbox(json!({"snapshot_id": taken})).await;
        let counts = output(&emulator, &copy, "tail -qn 1 a/count z/count").await;
        let counts: Vec<i64> = counts.lines().filter_map(|line| line.parse().ok()).collect();
        assert_eq!(counts.len(), 2, "{counts:?}");
        assert!((0..=1).contains(&(counts[0] - counts[1])), "{counts:?}");
        emulator.post(&format!("/v1/devboxes/{copy}/shutdown"), json!({})).await;
    }
    // They go on, but for the one that its own user had stopped.
    let went_on =
        "before=$(wc -l < a/count); until test $(wc -l < a/count) -gt $before; do sleep 0.1; done; ps -o state= -p $(cat stopped)";
    assert_eq!(output(&emulator, &devbox, went_on).await, "T\n");
}

#[tokio::test]
async fn snapshots_are_described_listed_and_deleted() {
    let emulator = overlay();
    let devbox = emulator.devbox(json!({})).await;
    let other = emulator.devbox(json!({})).await;
    let path = format!("/v1/devboxes/{devbox}/snapshot_disk_async");
    let begun = emulator.post(&path, json!({"name": "first", "commit_message": "why", "metadata": {"team": "a", "n": "1"}})).await;
    assert_eq!((&begun["name"], &begun["commit_message"], &begun["source_devbox_id"]), (&json!("first"), &json!("why"), &json!(devbox)));
    let first = begun["id"].as_str().unwrap();
    let answer = finished(&emulator, first).await;
    assert_eq!((&answer["status"], &answer["snapshot"]["id"]), (&json!("complete"), &json!(first)));
    assert!(answer["snapshot"]["size_bytes"].as_u64().unwrap() > 0);
    let second = emulator.post(&format!("/v1/devboxes/{other}/snapshot_disk"), json!({"metadata": {"team": "b"}})).await;
    let second = second["id"].as_str().unwrap();

    let listed = |query: &'static str| {
        let emulator = &emulator;
        async move {
            let answer = emulator.get(&format!("/v1/devboxes/disk_snapshots{query}")).await;
            answer["snapshots"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap().to_string()).collect::<Vec<_>>()
        }
    };
    assert_eq!(listed("").await, [second, first]);
    assert_eq!(listed("?metadata[team]=a").await, [first]);
    assert_eq!(listed("?metadata[team][in]=a,b&metadata%5Bn%5D=1").await, [first]);
    assert_eq!(listed("?metadata[team][in]=x").await, [""; 0]);
    assert_eq!(listed("?source_blueprint_id=bpt_none").await, [""; 0]);
    let by_devbox = emulator.get(&format!("/v1/devboxes/disk_snapshots?devbox_id={other}")).await;
    assert_eq!((&by_devbox["total_count"], &by_devbox["snapshots"][0]["id"]), (&json!(1), &json!(second)));

    let updated =
        emulator.post(&format!("/v1/devboxes/disk_snapshots/{first}"), json!({"name": "renamed", "metadata": {"team": "c"}})).await;
    assert_eq!(
        (&updated["name"], &updated["commit_message"], &updated["metadata"]),
        (&json!("renamed"), &json!("why"), &json!({"team": "c"}))
    );
    let long = json!({"commit_message": "x".repeat(1001)});
    assert_eq!(emulator.status(Method::POST, &path, Some(long)).await.0, 400);
    assert_eq!(emulator.status(Method::GET, "/v1/devboxes/disk_snapshots/snp_none/status", None).await.0, 404);

    emulator.post(&format!("/v1/devboxes/disk_snapshots/{first}/delete"), json!({})).await;
    assert_eq!(status(&emulator, first).await["status"], "deleted");
    assert_eq!(listed("").await, [second]);
    emulator.post(&format!("/v1/devboxes/{other}/shutdown"), json!({})).await;
    assert_eq!(emulator.status(Method::POST, &format!("/v1/devboxes/{other}/snapshot_disk"), Some(json!({}))).await.0, 400);
    emulator.devbox(json!({"snapshot_id": second})).await;
}

#[tokio::test]
async fn a_devbox_stays_until_its_snapshot_is_taken() {
    let emulator = overlay();
    let devbox = emulator.devbox(json!({})).await;
    emulator.run(&devbox, "for n in 1 2 3 4; do head -c 100M /dev/urandom > large$n; done").await;
    let begun = emulator.post(&format!("/v1/devboxes/{devbox}/snapshot_disk_async"), json!({})).await;
    let id = begun["id"].as_str().unwrap();
    let shutdown = format!("/v1/devboxes/{devbox}/shutdown");
    let (code, body) = emulator.status(Method::POST, &shutdown, None).await;
    if status(&emulator, id).await["status"] == "in_progress" {
        assert_eq!(code, 409, "{body}");
        assert_eq!(emulator.status(Method::POST, &format!("{shutdown}?force=true"), None).await.0, 200);
    }
    let end = finished(&emulator, id).await;
    assert!(end["status"] == "complete" || end["error_message"].as_str().is_some_and(|why| why.contains(&devbox)), "{end}");
}

#[tokio::test]
async fn snapshots_survive() {
    let data = std::env::temp_dir().join(format!("snapshots-test-{}", std::process::id()));
    let args = ["--isolation", "overlay", "--data-dir", data.to_str().unwrap()];
    let emulator = Emulator::start(&args);
    let devbox = emulator.devbox(json!({"environment_variables": {"A": "1"}})).await;
    emulator.run(&devbox, "echo kept > kept").await;
    let kept = snapshot(&emulator, &devbox).await;
    emulator.run(&devbox, "for n in 1 2 3 4; do head -c 100M /dev/urandom > large$n; done").await;
    let begun = emulator.post(&format!("/v1/devboxes/{devbox}/snapshot_disk_async"), json!({})).await;
    let was = status(&emulator, begun["id"].as_str().unwrap()).await["status"].clone();
    emulator.kill();

    let emulator = Emulator::start(&args);
    let end = status(&emulator, begun["id"].as_str().unwrap()).await;
    if was == "in_progress" && end["status"] != "complete" {
        assert_eq!(end["status"], "error");
        assert!(end["error_message"].as_str().unwrap().contains("the emulator ended"), "{end}");
    }
    let copy = emulator.devbox(json!({"snapshot_id": kept})).await;
    assert_eq!(output(&emulator, &copy, "cat kept; echo $A").await, "kept\n1\n");
    assert!(emulator.stop());
    std::fs::remove_dir_all(&data).unwrap();
}

#[tokio::test]
async fn a_layer_goes_with_the_last_devbox_on_it() {
    let data = common::folder::Folder::new();
    let emulator = Emulator::start(&["--isolation", "overlay", "--data-dir", data.text()]);
    let source = emulator.devbox(json!({})).await;
    let taken = snapshot(&emulator, &source).await;
    let copy = emulator.devbox(json!({"snapshot_id": taken})).await;
    emulator.post(&format!("/v1/devboxes/disk_snapshots/{taken}/delete"), json!({})).await;
    let layers = || std::fs::read_dir(data.path().join("layers")).unwrap().count();
    assert_eq!(output(&emulator, &copy, "echo works").await, "works\n");
    assert_eq!(layers(), 1);
    emulator.post(&format!("/v1/devboxes/{copy}/shutdown"), json!({})).await;
    let began = Instant::now();
    while layers() > 0 {
        assert!(began.elapsed() < Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(emulator.stop());
}

#[tokio::test]
async fn a_reset_forgets_disks_too() {
    let data = std::env::temp_dir().join(format!("reset-test-{}", std::process::id()));
    let emulator = Emulator::start(&["--isolation", "overlay", "--data-dir", data.to_str().unwrap()]);
    let devbox = emulator.devbox(json!({})).await;
    snapshot(&emulator, &devbox).await;
    emulator.post("/v1/blueprints", json!({"name": "under way", "dockerfile": "FROM x\nRUN sleep 1000"})).await;
    let layers = || std::fs::read_dir(data.join("layers")).unwrap().count();
    assert_eq!(layers(), 1);
    emulator.post("/_emulator/reset", json!({})).await;
    for (path, name) in [("/v1/blueprints", "blueprints"), ("/v1/devboxes/disk_snapshots", "snapshots")] {
        assert_eq!(emulator.get(path).await[name], json!([]));
    }
    let began = Instant::now();
    while layers() > 0 {
        assert!(began.elapsed() < Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(emulator.stop());
    std::fs::remove_dir_all(&data).unwrap();
}

#[tokio::test]
async fn plain_isolation_copies_homes() {
    let emulator = Emulator::start(&["--isolation", "plain"]);
    let devbox = emulator.devbox(json!({"environment_variables": {"A": "1"}})).await;
    emulator.run(&devbox, "cd; echo one > one; mkdir sub; ln one sub/two").await;
    let taken = snapshot(&emulator, &devbox).await;
    let copy = emulator.devbox(json!({"snapshot_id": taken})).await;
    assert_eq!(output(&emulator, &copy, "cd; rm one; cat sub/two; echo $A").await, "one\n1\n");
    let again = snapshot(&emulator, &copy).await;
    let third = emulator.devbox(json!({"snapshot_id": again})).await;
    assert_eq!(output(&emulator, &third, "cd; ls").await, "sub\n");
    assert_eq!(output(&emulator, &devbox, "cd; ls").await, "one\nsub\n");
}
