//! What becomes of running devboxes: suspended, resumed, idle, out of time, evicted.

mod common;

use common::{eventually, folder::Folder, processes, Emulator};
use futures_util::StreamExt;
use reqwest::Method;
use serde_json::{json, Value};
use std::time::{Duration, Instant};

fn statuses(devbox: &Value) -> Vec<&str> {
    devbox["state_transitions"].as_array().unwrap().iter().map(|state| state["status"].as_str().unwrap()).collect()
}

async fn suspended(emulator: &Emulator, id: &str) -> Value {
    let answer = emulator.post(&format!("/v1/devboxes/{id}/suspend"), json!({})).await;
    assert!(["suspending", "suspended"].contains(&answer["status"].as_str().unwrap()), "{answer}");
    emulator.wait(id, &["suspended"]).await
}

async fn resumed(emulator: &Emulator, id: &str) -> Value {
    emulator.post(&format!("/v1/devboxes/{id}/resume"), json!({})).await;
    emulator.wait(id, &["running", "failure"]).await
}

async fn suspend_and_resume(arguments: &[&str]) {
    let emulator = Emulator::start(arguments);
    let id = emulator.devbox(json!({})).await;
    emulator.run(&id, "echo kept > file; mkdir closed; chmod 0 closed").await;
    let path = format!("/v1/devboxes/{id}/execute_async");
    let command = emulator.post(&path, json!({"command": "sleep 1000 & sleep 1000"})).await;
    suspended(&emulator, &id).await;
    assert_eq!(emulator.get("/_emulator/leaks").await["processes"], json!([]));
    let execution = format!("/v1/devboxes/{id}/executions/{}", command["execution_id"].as_str().unwrap());
    let done = emulator.get(&execution).await;
    assert_eq!((&done["status"], &done["exit_status"]), (&json!("completed"), &json!(137)));
    let (status, answer) = emulator.status(Method::POST, &path, Some(json!({"command": "true"}))).await;
    assert_eq!(status, 400, "{answer}");
    assert!(answer["message"].as_str().unwrap().contains("suspended"));
    // Said twice it is no error: an answer may have been lost.
    emulator.post(&format!("/v1/devboxes/{id}/suspend"), json!({})).await;
    let devbox = resumed(&emulator, &id).await;
    assert_eq!(
        statuses(&devbox),
        ["provisioning", "initializing", "running", "suspending", "suspended", "resuming", "provisioning", "running"]
    );
    assert_eq!(emulator.run(&id, "cat file; stat -c %a closed").await, (0, "kept\n0\n".into()));
    suspended(&emulator, &id).await;
    let ended = emulator.post(&format!("/v1/devboxes/{id}/shutdown"), json!({})).await;
    assert_eq!(ended["status"], "shutdown");
    let (status, _) = emulator.status(Method::POST, &format!("/v1/devboxes/{id}/resume"), Some(json!({}))).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn suspending_keeps_the_disk_and_nothing_else() {
    suspend_and_resume(&[]).await;
}

#[tokio::test]
async fn suspending_keeps_the_home_of_a_plain_devbox() {
    suspend_and_resume(&["--isolation", "plain"]).await;
}

#[tokio::test]
async fn suspend_commands_come_first_and_launch_commands_again_at_each_start() {
    let emulator = Emulator::start(&[]);
    let hooks = json!({"suspend_commands": ["echo before >> log", "false", "echo last >> log"]});
    let parameters = json!({"launch_commands": ["echo launch >> log"], "lifecycle": {"lifecycle_hooks": hooks}});
    let id = emulator.devbox(json!({"file_mounts": {"once": "as mounted"}, "launch_parameters": parameters})).await;
    emulator.run(&id, "echo changed > once").await;
    suspended(&emulator, &id).await;
    assert!(emulator.messages(&id).await.iter().any(|m| m.contains("`false` failed")));
    assert!(statuses(&resumed(&emulator, &id).await).ends_with(&["provisioning", "initializing", "running"]));
    assert_eq!(emulator.run(&id, "cat log once").await.1, "launch\nbefore\nlast\nlaunch\nchanged\n");
}

#[tokio::test]
async fn suspend_commands_have_a_deadline() {
    let emulator = Emulator::start(&[]);
    let hooks = json!({"suspend_commands": ["sleep 1000", "touch never"], "suspend_deadline_ms": 300});
    let id = emulator.devbox(json!({"launch_parameters": {"lifecycle": {"lifecycle_hooks": hooks}}})).await;
    let began = Instant::now();
    suspended(&emulator, &id).await;
    let took = began.elapsed();
    assert!(took >= Duration::from_millis(300), "{took:?}");
    assert!(emulator.messages(&id).await.iter().any(|m| m.contains("300 ms")));
    resumed(&emulator, &id).await;
    assert_eq!(emulator.run(&id, "ls never").await.0, 2);
}

#[tokio::test]
async fn a_shutdown_in_the_middle_of_suspending_wins() {
    let emulator = Emulator::start(&[]);
    let hooks = json!({"suspend_commands": ["sleep 1000"]});
    let id = emulator.devbox(json!({"launch_parameters": {"lifecycle": {"lifecycle_hooks": hooks}}})).await;
    let answer = emulator.post(&format!("/v1/devboxes/{id}/suspend"), json!({})).await;
    assert_eq!(answer["status"], "suspending");
    let (status, _) = emulator.status(Method::POST, &format!("/v1/devboxes/{id}/resume"), Some(json!({}))).await;
    assert_eq!(status, 400);
    let ended = emulator.post(&format!("/v1/devboxes/{id}/shutdown"), json!({})).await;
    assert_eq!(ended["status"], "shutdown");
    assert_eq!(emulator.get("/_emulator/leaks").await, json!({"devboxes": [], "processes": []}));
}

fn idle(seconds: i64, what: &str) -> Value {
    json!({"launch_parameters": {"lifecycle": {"after_idle": {"idle_time_seconds": seconds, "on_idle": what}}}})
}

#[tokio::test]
async fn an_idle_devbox_is_shut_down_or_suspended() {
    let emulator = Emulator::start(&[]);
    let (one, two) = (emulator.devbox(idle(1, "shutdown")).await, emulator.devbox(idle(1, "suspend")).await);
    let ended = emulator.wait(&one, &["shutdown"]).await;
    assert_eq!(ended["shutdown_reason"], "idle");
    assert_eq!(emulator.wait(&two, &["suspended", "shutdown"]).await["status"], "suspended");
    resumed(&emulator, &two).await;
    assert_eq!(emulator.wait(&two, &["suspended"]).await["status"], "suspended");
}

#[tokio::test]
async fn commands_and_calls_keep_a_devbox_from_being_idle_and_looking_does_not() {
    let emulator = Emulator::start(&[]);
    // The pauses are much shorter than the idle time: a busy machine makes them longer.
    let id = emulator.devbox(idle(4, "shutdown")).await;
    emulator.run(&id, "sleep 4.5").await;
    for _ in 0..6 {
        tokio::time::sleep(Duration::from_millis(800)).await;
        emulator.post(&format!("/v1/devboxes/{id}/keep_alive"), json!({})).await;
    }
    assert_eq!(emulator.get(&format!("/v1/devboxes/{id}")).await["status"], "running");
    let looking = async {
        loop {
            emulator.get(&format!("/v1/devboxes/{id}")).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::select! {
        () = looking => {}
        ended = emulator.wait(&id, &["shutdown"]) => assert_eq!(ended["shutdown_reason"], "idle"),
    }
}

/// How long a devbox that ended has been there, in its own time.
fn lifetime_ms(devbox: &Value) -> i64 {
    let times: Vec<_> = devbox["state_transitions"].as_array().unwrap().iter().map(|state| state["transition_time_ms"].as_i64()).collect();
    times[times.len() - 1].unwrap() - times[0].unwrap()
}

/// Time flies until the devbox has ended; holds of requests are too short for that.
async fn ended_in_time_lapse(emulator: &Emulator, id: &str) -> Value {
    emulator.post("/_emulator/settings", json!({"time_scale": 1000})).await;
    let path = format!("/v1/devboxes/{id}");
    eventually("the devbox ends", || async { emulator.get(&path).await["status"] == "shutdown" }).await;
    emulator.post("/_emulator/settings", json!({"time_scale": 1})).await;
    emulator.get(&path).await
}

#[tokio::test]
async fn keep_alive_ends_a_devbox_and_a_call_puts_that_off() {
    let emulator = Emulator::start(&[]);
    // Much longer than what is asked meanwhile takes, on a busy machine too.
    let create = json!({"launch_parameters": {"keep_alive_time_seconds": 120}});
    let (one, two, three) = (emulator.devbox(create.clone()).await, emulator.devbox(create.clone()).await, emulator.devbox(create).await);
    suspended(&emulator, &three).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    emulator.post(&format!("/v1/devboxes/{two}/keep_alive"), json!({})).await;
    let ended = ended_in_time_lapse(&emulator, &one).await;
    assert_eq!(ended["shutdown_reason"], "keep_alive_timeout");
    assert!(lifetime_ms(&ended) >= 120_000, "{ended}");
    let ended = ended_in_time_lapse(&emulator, &two).await;
    assert_eq!(ended["shutdown_reason"], "keep_alive_timeout");
    assert!(lifetime_ms(&ended) >= 120_700, "{ended}");
    // The time of the third stood still while it was suspended.
    assert_eq!(resumed(&emulator, &three).await["status"], "running");
    assert_eq!(ended_in_time_lapse(&emulator, &three).await["shutdown_reason"], "keep_alive_timeout");
    let (status, _) = emulator.status(Method::POST, &format!("/v1/devboxes/{one}/keep_alive"), None).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn a_wait_is_answered_when_the_state_is_there_or_with_408() {
    let emulator = Emulator::start(&[]);
    let id = emulator.devbox(json!({})).await;
    let path = format!("/v1/devboxes/{id}/wait_for_status");
    let (status, answer) = emulator.status(Method::POST, &path, Some(json!({"statuses": ["suspended"], "timeout_seconds": 0.2}))).await;
    assert_eq!(status, 408, "{answer}");
    let waiting = emulator.post(&path, json!({"statuses": ["suspended"]}));
    let (devbox, _) = tokio::join!(waiting, suspended(&emulator, &id));
    assert_eq!(devbox["status"], "suspended");
}

#[tokio::test]
async fn evictions_are_announced_and_then_suspend() {
    let emulator = Emulator::start(&[]);
    let (one, two) = (emulator.devbox(json!({})).await, emulator.devbox(json!({})).await);
    let (status, _) = emulator.status(Method::POST, "/_emulator/evict", Some(json!({"devbox_id": "dbx_none"}))).await;
    assert_eq!(status, 404);
    let evict = |id: &str, seconds: f64| json!({"devbox_id": id, "in_seconds": seconds});
    let first = emulator.post("/_emulator/evict", evict(&one, 1000.0)).await;
    let request = emulator.client.get(format!("{}/v1/devboxes/evictions/watch", emulator.url)).bearer_auth("test-key");
    let response = request.header("accept", "text/event-stream").send().await.unwrap();
    let mut pieces = response.bytes_stream();
    let mut text = String::new();
    let mut next = async || loop {
        if let Some((event, rest)) = text.clone().split_once("\n\n") {
            text = rest.to_string();
            if let Some(data) = event.strip_prefix("data: ") {
                break serde_json::from_str::<Value>(data).unwrap();
            }
        }
        text.push_str(std::str::from_utf8(&pieces.next().await.unwrap().unwrap()).unwrap());
    };
    assert_eq!(next().await, json!({"devbox_id": one, "eviction_deadline_ms": first["eviction_deadline_ms"]}));
    let second = emulator.post("/_emulator/evict", evict(&two, 0.3)).await;
    assert_eq!(next().await, json!({"devbox_id": two, "eviction_deadline_ms": second["eviction_deadline_ms"]}));
    assert_eq!(emulator.wait(&two, &["suspended"]).await["id"], two.as_str());
    assert_eq!(emulator.get(&format!("/v1/devboxes/{one}")).await["status"], "running");
    let (status, _) = emulator.status(Method::GET, "/v1/devboxes/evictions/watch", None).await;
    assert_eq!(status, 406);
}

/// An emulator whose words on standard error can be read.
struct Ending {
    child: std::process::Child,
    said: std::io::Lines<std::io::BufReader<std::process::ChildStderr>>,
    _out: std::process::ChildStdout,
}

impl Ending {
    /// With a devbox that runs.
    async fn start(data: &Folder) -> Ending {
        use std::io::BufRead;
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_runloop-emulator"))
            .args(["--port", "0", "--boot-ms", "0", "--data-dir", data.text()])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let said = std::io::BufReader::new(child.stderr.take().unwrap()).lines();
        let url = line.split_whitespace().last().unwrap();
        let create = format!("{url}/v1/devboxes/create_and_await_running");
        let _ = rustls::crypto::ring::default_provider().install_default();
        let made = reqwest::Client::new().post(create).bearer_auth("k").json(&json!({})).send().await.unwrap();
        assert_eq!(made.json::<Value>().await.unwrap()["status"], "running");
        Ending { child, said, _out: out.into_inner() }
    }

    fn signal(&self, name: &str) {
        signal(self.child.id() as i32, name);
    }

    fn until_said(&mut self, words: &str) {
        assert!(self.said.any(|line| line.unwrap().contains(words)), "it never said {words:?}");
    }
}

fn signal(pid: i32, name: &str) {
    assert!(std::process::Command::new("kill").args([name, &pid.to_string()]).status().unwrap().success());
}

#[tokio::test]
async fn a_hangup_ends_in_good_order() {
    let data = Folder::new();
    let mut emulator = Ending::start(&data).await;
    let before = processes::below(emulator.child.id());
    assert!(!before.is_empty());
    emulator.signal("-HUP");
    emulator.until_said("1 devbox was still running");
    assert!(emulator.child.wait().unwrap().success());
    processes::assert_gone(&before, "no such mark");
}

#[tokio::test]
async fn a_second_interrupt_ends_at_once_and_leaves_nothing() {
    let data = Folder::new();
    let mut emulator = Ending::start(&data).await;
    let before = processes::below(emulator.child.id());
    // A devbox that does not end when it is told to.
    for (pid, _) in &before {
        // Some may be of the sandbox that was tried at the start, and end by themselves.
        let _ = std::process::Command::new("kill").args(["-STOP", &pid.to_string()]).stderr(std::process::Stdio::null()).status();
    }
    emulator.signal("-INT");
    emulator.until_said("a second");
    emulator.signal("-INT");
    assert!(!emulator.child.wait().unwrap().success());
    processes::assert_gone(&before, "no such mark");
    assert_eq!(processes::mounts_below(data.text()), [""; 0]);
}
