//! The emulator is killed or ended and started again: everything it has acknowledged is there.

mod common;

use common::{folder::Folder, processes, Emulator};
use reqwest::{Client, Method};
use serde_json::{json, Value};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn start(data: &Folder, more: &[&str]) -> Emulator {
    let arguments: Vec<&str> = ["--data-dir", data.text()].into_iter().chain(more.iter().copied()).collect();
    Emulator::start(&arguments)
}

/// Kills it as a crash would; nothing of it is left when this returns.
fn crash(emulator: Emulator, data: &Folder, mark: &str) {
    let before = processes::below(emulator.pid());
    assert!(!before.is_empty());
    emulator.kill();
    processes::assert_gone(&before, mark);
    assert_eq!(processes::mounts_below(data.text()), [""; 0]);
}

async fn everything_comes_back(isolation: &str, orderly: bool) {
    let data = Folder::new();
    let mark = format!("PERSISTENCE_MARK=mark-{}", data.text());
    let more = ["--isolation", isolation];
    let emulator = start(&data, &more);
    let environment = json!({"PERSISTENCE_MARK": mark.split_once('=').unwrap().1});
    let create = |name: &str| json!({"name": name, "metadata": {"of": name}, "environment_variables": environment});
    let running = emulator.devbox(create("running")).await;
    // One in the background, out of its session, that ignores what it can.
    emulator.run(&running, "echo kept > file; setsid -f bash -c 'trap \"\" TERM HUP INT; sleep 1000'").await;
    let path = format!("/v1/devboxes/{running}");
    emulator.post(&path, json!({"name": "renamed", "metadata": {"is": "new"}})).await;
    let done = emulator.post(&format!("{path}/execute"), json!({"command": "echo out; exit 7", "optimistic_timeout": 20})).await;
    let cut = emulator.post(&format!("{path}/execute_async"), json!({"command": "echo begun; sleep 1000"})).await;
    let suspended = emulator.devbox(create("suspended")).await;
    emulator.run(&suspended, "echo slept > file").await;
    emulator.post(&format!("/v1/devboxes/{suspended}/suspend"), json!({})).await;
    emulator.wait(&suspended, &["suspended"]).await;
    let ended = emulator.devbox(create("ended")).await;
    let ended_before = emulator.post(&format!("/v1/devboxes/{ended}/shutdown"), json!({})).await;
    let failing = json!({"launch_parameters": {"launch_commands": ["exit 1"]}});
    let failed_before = emulator.post("/v1/devboxes/create_and_await_running", failing).await;
    let running_before = emulator.get(&path).await;
    match orderly {
        true => {
            let before = processes::below(emulator.pid());
            assert!(emulator.stop());
            processes::assert_gone(&before, &mark);
        }
        false => crash(emulator, &data, &mark),
    }

    let emulator = start(&data, &more);
    assert_eq!(emulator.get(&path).await, running_before);
    assert_eq!(emulator.run(&running, "cat file").await.1, "kept\n");
    assert!(emulator.messages(&running).await.iter().any(|m| m.contains("started again")));
    let execution = |answer: &Value| format!("{path}/executions/{}", answer["execution_id"].as_str().unwrap());
    let again = emulator.get(&execution(&done)).await;
    assert_eq!((&again["stdout"], &again["exit_status"]), (&json!("out\n"), &json!(7)));
    let again = emulator.get(&execution(&cut)).await;
    assert_eq!((&again["stdout"], &again["status"], &again["exit_status"]), (&json!("begun\n"), &json!("completed"), &json!(137)));
    assert_eq!(emulator.get(&format!("/v1/devboxes/{suspended}")).await["status"], "suspended");
    emulator.post(&format!("/v1/devboxes/{suspended}/resume"), json!({})).await;
    emulator.wait(&suspended, &["running"]).await;
    assert_eq!(emulator.run(&suspended, "cat file").await.1, "slept\n");
    assert_eq!(emulator.get(&format!("/v1/devboxes/{ended}")).await, ended_before);
    let failed = failed_before["id"].as_str().unwrap();
    assert_eq!(emulator.get(&format!("/v1/devboxes/{failed}")).await, failed_before);
    let list = emulator.get("/v1/devboxes").await;
    let ids: Vec<&str> = list["devboxes"].as_array().unwrap().iter().map(|devbox| devbox["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [failed, &ended, &suspended, &running]);
    assert!(!data.path().join("devboxes").join(&ended).exists());
    let before = processes::below(emulator.pid());
    emulator.post("/_emulator/reset", json!({})).await;
    assert_eq!(emulator.get("/v1/devboxes").await["total_count"], 0);
    assert!(emulator.stop());
    processes::assert_gone(&before, &mark);
    assert_eq!(start(&data, &more).get("/v1/devboxes").await["total_count"], 0);
}

#[tokio::test]
async fn everything_comes_back_after_a_crash() {
    everything_comes_back("auto", false).await;
}

#[tokio::test]
async fn everything_comes_back_after_an_orderly_end() {
    everything_comes_back("auto", true).await;
}

#[tokio::test]
async fn everything_comes_back_after_a_crash_with_plain_devboxes() {
    everything_comes_back("plain", false).await;
}

#[tokio::test]
async fn a_devbox_that_was_being_made_is_made_from_the_start() {
    let data = Folder::new();
    let emulator = start(&data, &[]);
    let parameters = json!({"launch_commands": ["echo line >> file", "sleep 3"]});
    let made = emulator.post("/v1/devboxes", json!({"launch_parameters": parameters, "file_mounts": {"file": "first\n"}})).await;
    let id = made["id"].as_str().unwrap();
    emulator.wait(id, &["initializing"]).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    crash(emulator, &data, "none-is-marked-so");
    let emulator = start(&data, &[]);
    emulator.wait(id, &["running"]).await;
    assert_eq!(emulator.run(id, "cat file").await.1, "first\nline\n");
    // It has run: from now on its disk is kept, and its commands run again.
    crash(emulator, &data, "none-is-marked-so");
    let emulator = start(&data, &[]);
    emulator.wait(id, &["running"]).await;
    assert_eq!(emulator.run(id, "cat file").await.1, "first\nline\nline\n");
}

#[tokio::test]
async fn a_devbox_whose_time_ran_out_meanwhile_ends() {
    let data = Folder::new();
    let emulator = start(&data, &[]);
    let id = emulator.devbox(json!({"launch_parameters": {"keep_alive_time_seconds": 2}})).await;
    crash(emulator, &data, "none-is-marked-so");
    tokio::time::sleep(Duration::from_secs(2)).await;
    let emulator = start(&data, &[]);
    assert_eq!(emulator.wait(&id, &["shutdown"]).await["shutdown_reason"], "keep_alive_timeout");
}

#[tokio::test]
async fn another_isolation_cannot_use_the_disks_and_says_so() {
    let data = Folder::new();
    let emulator = start(&data, &["--isolation", "plain"]);
    let id = emulator.devbox(json!({})).await;
    assert!(emulator.stop());
    let emulator = start(&data, &[]);
    if emulator.get("/_emulator/health").await["isolation"] == "overlay" {
        let devbox = emulator.get(&format!("/v1/devboxes/{id}")).await;
        assert_eq!(devbox["status"], "failure");
        assert!(devbox["state_transitions"].to_string().contains("isolation"), "{devbox}");
    }
}

#[tokio::test]
async fn a_data_directory_has_one_emulator() {
    let data = Folder::new();
    let emulator = start(&data, &[]);
    let second = std::process::Command::new(env!("CARGO_BIN_EXE_runloop-emulator"))
        .args(["--port", "0", "--data-dir", data.text()])
        .output()
        .unwrap();
    assert!(!second.status.success());
    assert!(String::from_utf8_lossy(&second.stderr).contains("another emulator"));
    emulator.devbox(json!({})).await;
}

/// What is known for certain of one devbox.
#[derive(Default)]
struct Promised {
    id: String,
    name: String,
    files: Vec<String>,
    /// Its state, where no call was under way that would change it.
    status: Option<&'static str>,
}

struct Worker {
    client: Client,
    url: String,
    mark: String,
    random: u64,
    ledger: Arc<Mutex<Vec<Promised>>>,
}

impl Worker {
    /// `None` once the emulator is gone.
    async fn call(&self, path: &str, body: Value) -> Option<Value> {
        let request = self.client.post(format!("{}{path}", self.url)).bearer_auth("k").json(&body);
        let response = request.send().await.ok()?;
        let success = response.status().is_success();
        let answer: Value = response.json().await.ok()?;
        assert!(success, "{path}: {answer}");
        Some(answer)
    }

    fn chance(&mut self, of: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % of
    }

    /// Works on devboxes until the emulator is killed, noting what it has acknowledged.
    async fn work(mut self) -> Option<()> {
        loop {
            let name = format!("box-{}", self.chance(u64::MAX));
            let create = json!({"name": name, "environment_variables": {"CRASH_MARK": self.mark}});
            let made = self.call("/v1/devboxes", create).await?;
            let id = made["id"].as_str().unwrap().to_string();
            let at = {
                let mut ledger = self.ledger.lock().unwrap();
                ledger.push(Promised { id: id.clone(), name, ..Promised::default() });
                ledger.len() - 1
            };
            let ledger = self.ledger.clone();
            let note = |change: &dyn Fn(&mut Promised)| change(&mut ledger.lock().unwrap()[at]);
            let path = format!("/v1/devboxes/{id}");
            let wait = format!("{path}/wait_for_status");
            self.call(&wait, json!({"statuses": ["running"]})).await?;
            note(&|promised| promised.status = Some("running"));
            for number in 0..6 {
                match self.chance(6) {
                    0 => {
                        note(&|promised| promised.status = None);
                        self.call(&format!("{path}/suspend"), json!({})).await?;
                        self.call(&wait, json!({"statuses": ["suspended"]})).await?;
                        note(&|promised| promised.status = Some("suspended"));
                        note(&|promised| promised.status = None);
                        self.call(&format!("{path}/resume"), json!({})).await?;
                        self.call(&wait, json!({"statuses": ["running"]})).await?;
                        note(&|promised| promised.status = Some("running"));
                    }
                    1 => {
                        let name = format!("renamed-{number}");
                        note(&|promised| promised.name = String::new());
                        self.call(&path, json!({"name": name})).await?;
                        note(&|promised| promised.name = name.clone());
                    }
                    2 => {
                        self.call(&format!("{path}/execute_async"), json!({"command": "setsid -f sleep 1000; sleep 1000"})).await?;
                    }
                    _ => {
                        let file = format!("file-{number}");
                        let command = json!({"command": format!("head -c 100000 /dev/zero > {file}")});
                        let done = self.call(&format!("{path}/execute_sync"), command).await?;
                        if done["exit_status"] == 0 {
                            note(&|promised| promised.files.push(file.clone()));
                        }
                    }
                }
            }
            if self.chance(2) == 0 {
                note(&|promised| promised.status = None);
                self.call(&format!("{path}/shutdown"), json!({})).await?;
                note(&|promised| promised.status = Some("shutdown"));
            }
        }
    }
}

async fn keeps_its_promises(emulator: &Emulator, promised: &Promised) {
    let path = format!("/v1/devboxes/{}", promised.id);
    let devbox = emulator.get(&path).await;
    if !promised.name.is_empty() {
        assert_eq!(devbox["name"], promised.name.as_str());
    }
    let status = devbox["status"].as_str().unwrap();
    assert!(promised.status.is_none_or(|promised| promised == status), "{:?} is {devbox}", promised.status);
    assert_ne!(status, "failure", "{devbox}");
    if status == "shutdown" {
        return;
    }
    if status == "suspended" {
        emulator.post(&format!("{path}/resume"), json!({})).await;
    }
    emulator.wait(&promised.id, &["running"]).await;
    let (_, sizes) = emulator.run(&promised.id, "stat -c '%n %s' file-*").await;
    for file in &promised.files {
        assert!(sizes.contains(&format!("{file} 100000\n")), "{file} is not whole in {sizes}");
    }
}

/// Three times, or as often as the variable says.
fn rounds() -> u64 {
    std::env::var("EMULATOR_CRASHES").ok().and_then(|count| count.parse().ok()).unwrap_or(3)
}

async fn nothing_acknowledged_is_lost(isolation: &str) {
    let data = Folder::new();
    let seed = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos() as u64 | 1;
    eprintln!("seed {seed}");
    let mark = format!("mark-{seed}");
    let ledger: Arc<Mutex<Vec<Promised>>> = Arc::default();
    let mut emulator = start(&data, &["--isolation", isolation]);
    for round in 1..=rounds() {
        let workers: Vec<_> = (1..=4)
            .map(|number| {
                let random = seed.wrapping_mul(round * 8 + number) | 1;
                let (client, url) = (Client::new(), emulator.url.clone());
                tokio::spawn(Worker { client, url, mark: mark.clone(), random, ledger: ledger.clone() }.work())
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(30 + seed.wrapping_mul(round) % 1200)).await;
        let before = processes::below(emulator.pid());
        emulator.kill();
        for worker in workers {
            worker.await.unwrap();
        }
        // The next one begins at once, while what is left of this one may still be ending.
        emulator = start(&data, &["--isolation", isolation]);
        let ours = processes::below(emulator.pid());
        processes::assert_gone(&before.difference(&ours).cloned().collect::<HashSet<_>>(), "none-is-marked-so");
        let all = std::mem::take(&mut *ledger.lock().unwrap());
        let checks = all.iter().map(|promised| keeps_its_promises(&emulator, promised));
        futures_util::future::join_all(checks).await;
        for promised in &all {
            emulator.post(&format!("/v1/devboxes/{}/shutdown", promised.id), json!({})).await;
        }
    }
    // What was made but never answered is alive too; the reset ends it.
    let alive = emulator.get("/_emulator/leaks").await;
    let (status, _) = emulator.status(Method::POST, "/_emulator/reset", None).await;
    assert_eq!(status, 200, "{alive}");
    let before = processes::below(emulator.pid());
    assert!(emulator.stop());
    processes::assert_gone(&before, &mark);
    assert_eq!(processes::mounts_below(data.text()), [""; 0]);
    assert_eq!(std::fs::read_dir(data.path().join("devboxes")).map_or(0, |entries| entries.count()), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_at_any_moment_loses_nothing_acknowledged() {
    nothing_acknowledged_is_lost("auto").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_at_any_moment_loses_nothing_acknowledged_of_plain_devboxes() {
    nothing_acknowledged_is_lost("plain").await;
}

#[tokio::test]
async fn a_seed_goes_on_with_new_ids_after_a_restart_and_a_reset() {
    let data = Folder::new();
    let mut made = HashSet::new();
    for _ in 0..3 {
        let emulator = start(&data, &["--seed", "11"]);
        for _ in 0..2 {
            let id = emulator.post("/v1/devboxes", json!({})).await["id"].clone();
            assert!(made.insert(id.to_string()), "{id} comes again");
        }
        emulator.send(Method::POST, "/_emulator/reset", None).await;
        let id = emulator.post("/v1/devboxes", json!({})).await["id"].clone();
        assert!(made.insert(id.to_string()), "{id} comes again");
        assert!(emulator.stop());
    }
}

#[tokio::test]
async fn a_signed_url_given_after_a_reset_is_good_after_a_restart() {
    let data = Folder::new();
    let emulator = start(&data, &[]);
    emulator.send(Method::POST, "/_emulator/reset", None).await;
    let object = emulator.post("/v1/objects", json!({"name": "o", "content_type": "text"})).await;
    assert!(emulator.stop());
    let emulator = start(&data, &[]);
    // Objects have another port now, which is not part of what is signed.
    let url = |object: &serde_json::Value| reqwest::Url::parse(object["upload_url"].as_str().unwrap()).unwrap();
    let other = emulator.post("/v1/objects", json!({"name": "p", "content_type": "text"})).await;
    let mut given = url(&object);
    given.set_port(url(&other).port()).unwrap();
    let put = emulator.client.put(given).body("content").send().await.unwrap();
    assert!(put.status().is_success(), "{}", put.status());
}

#[tokio::test]
async fn a_reset_removes_outputs_and_logs() {
    let data = Folder::new();
    let emulator = start(&data, &[]);
    let id = emulator.devbox(json!({})).await;
    emulator.run(&id, "echo printed").await;
    let files = |folder: &str| std::fs::read_dir(data.path().join(folder)).map_or(0, |entries| entries.count());
    assert_eq!((files("executions"), files("logs")), (2, 1));
    emulator.send(Method::POST, "/_emulator/reset", None).await;
    assert_eq!((files("executions"), files("logs")), (0, 0));
}

#[tokio::test]
async fn a_signed_url_of_a_build_that_kept_its_key_among_the_records_is_good() {
    let data = Folder::new();
    let emulator = start(&data, &[]);
    let object = emulator.post("/v1/objects", json!({"name": "o", "content_type": "text"})).await;
    assert!(emulator.stop());
    let records = rusqlite::Connection::open(data.path().join("records.sqlite")).unwrap();
    let moved = "INSERT INTO record (kind, id, body)
         SELECT name, 'objects', json_object('id', 'objects', 'key', value) FROM lasting WHERE name = 'signing key'";
    assert_eq!(records.execute(moved, []).unwrap(), 1);
    records.execute("DELETE FROM lasting WHERE name = 'signing key'", []).unwrap();
    drop(records);
    let emulator = start(&data, &[]);
    let url = |object: &serde_json::Value| reqwest::Url::parse(object["upload_url"].as_str().unwrap()).unwrap();
    let other = emulator.post("/v1/objects", json!({"name": "p", "content_type": "text"})).await;
    let mut given = url(&object);
    given.set_port(url(&other).port()).unwrap();
    let put = emulator.client.put(given).body("content").send().await.unwrap();
    assert!(put.status().is_success(), "{}", put.status());
}

#[tokio::test]
async fn outputs_of_ended_devboxes_are_kept_up_to_an_amount() {
    let data = Folder::new();
    let options = ["--keep-output", "7000"];
    let emulator = start(&data, &options);
    let mut printed = Vec::new();
    for _ in 0..3 {
        let id = emulator.devbox(json!({})).await;
        let command = json!({"command": "printf %3000s x", "command_id": "c"});
        let done = emulator.post(&format!("/v1/devboxes/{id}/execute"), command).await;
        assert_eq!(done["status"], "completed");
        printed.push(format!("/v1/devboxes/{id}/executions/{}", done["execution_id"].as_str().unwrap()));
        emulator.post(&format!("/v1/devboxes/{id}/shutdown"), json!({})).await;
    }
    let kept = |emulator: Emulator| {
        let printed = printed.clone();
        async move {
            let mut statuses = Vec::new();
            for execution in &printed {
                statuses.push(emulator.status(Method::GET, execution, None).await.0);
            }
            assert!(emulator.stop());
            statuses
        }
    };
    assert_eq!(std::fs::read_dir(data.path().join("executions")).unwrap().count(), 4);
    assert_eq!(kept(emulator).await, [404, 200, 200]);
    assert_eq!(kept(start(&data, &options)).await, [404, 200, 200]);
}
