//! How devboxes begin: what they are made with, what that does, and what goes wrong.

mod common;

use common::{folder::Folder, Emulator};
use reqwest::Method;
use serde_json::{json, Value};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

async fn refused(emulator: &Emulator, body: Value, part: &str) {
    let (status, answer) = emulator.status(Method::POST, "/v1/devboxes", Some(body.clone())).await;
    assert_eq!(status, 400, "{body}: {answer}");
    assert!(answer["message"].as_str().unwrap().contains(part), "{body}: {answer}");
}

#[tokio::test]
async fn a_devbox_is_created_soon_and_shows_what_it_was_made_with() {
    let emulator = Emulator::start(&[]);
    let created = emulator.post("/v1/devboxes", json!({"name": "box", "metadata": {"a": "b"}})).await;
    // It does not wait until the devbox runs.
    assert_eq!(created["status"], "provisioning");
    let id = created["id"].as_str().unwrap();
    let running = emulator.wait(id, &["running"]).await;
    assert_eq!((&running["name"], &running["metadata"]["a"]), (&json!("box"), &json!("b")));
    let states = running["state_transitions"].as_array().unwrap();
    let names: Vec<&str> = states.iter().map(|state| state["status"].as_str().unwrap()).collect();
    assert_eq!(names, ["provisioning", "initializing", "running"]);
    let times: Vec<i64> = states.iter().map(|state| state["transition_time_ms"].as_i64().unwrap()).collect();
    assert!(times[0] > 0 && times.is_sorted());
    let ended = emulator.post(&format!("/v1/devboxes/{id}/shutdown"), json!({})).await;
    assert_eq!((&ended["status"], &ended["shutdown_reason"]), (&json!("shutdown"), &json!("api_shutdown")));
    assert!(ended["end_time_ms"].as_i64().unwrap() >= times[2]);
}

#[tokio::test]
async fn launch_parameters_are_echoed_and_checked() {
    let emulator = Emulator::start(&[]);
    let parameters = json!({
        "resource_size_request": "CUSTOM_SIZE", "custom_cpu_cores": 2, "custom_gb_memory": 4, "custom_disk_size": 8,
        "architecture": "arm64", "provisioning_tier": "flex", "available_ports": [80],
        "lifecycle": {"after_idle": {"idle_time_seconds": 600, "on_idle": "suspend"}, "resume_triggers": {"http": true}},
        "after_idle": {"idle_time_seconds": 600, "on_idle": "suspend"},
    });
    let created = emulator.post("/v1/devboxes", json!({"launch_parameters": parameters})).await;
    for (name, value) in parameters.as_object().unwrap() {
        assert_eq!(&created["launch_parameters"][name], value);
    }
    let id = created["id"].as_str().unwrap();
    emulator.wait(id, &["running"]).await;
    if std::env::consts::ARCH == "x86_64" {
        assert!(emulator.messages(id).await.iter().any(|m| m.contains("asked for arm64")));
    }
    let idle = |seconds: i64, what: &str| json!({"idle_time_seconds": seconds, "on_idle": what});
    for (parameters, part) in [
        (json!({"keep_alive_time_seconds": 0}), "keep_alive_time_seconds"),
        (json!({"keep_alive_time_seconds": 172_801}), "172800"),
        (json!({"after_idle": idle(0, "suspend")}), "idle_time_seconds"),
        (json!({"after_idle": idle(5, "suspend"), "lifecycle": {"after_idle": idle(6, "suspend")}}), "differ"),
        (json!({"after_idle": idle(5, "sleep")}), "on_idle"),
        (json!({"lifecycle": {"lifecycle_hooks": {"suspend_deadline_ms": 60_001}}}), "suspend_deadline_ms"),
        (json!({"resource_size_request": "CUSTOM_SIZE"}), "custom_cpu_cores"),
        (json!({"resource_size_request": "CUSTOM_SIZE", "custom_cpu_cores": 1, "custom_gb_memory": 16}), "2 to 8"),
        (json!({"resource_size_request": "GIANT"}), "resource_size_request"),
        (json!({"custom_cpu_cores": 3}), "custom_cpu_cores"),
        (json!({"custom_disk_size": 1}), "custom_disk_size"),
        (json!({"architecture": "mips"}), "architecture"),
        (json!({"required_services": ["db"]}), "db"),
        (json!({"user_parameters": {"username": "root", "uid": 5}}), "root"),
        (json!({"user_parameters": {"username": "a/b", "uid": 5}}), "username"),
    ] {
        refused(&emulator, json!({"launch_parameters": parameters}), part).await;
    }
    refused(&emulator, json!({"environment_variables": {"A=B": "x"}}), "A=B").await;
    refused(&emulator, json!({"mounts": [{"type": "file_mount", "target": "../x", "content": ""}]}), "..").await;
    refused(&emulator, json!({"code_mounts": [{"repo_owner": "-o", "repo_name": "r"}]}), "repo_owner").await;
    refused(&emulator, json!({"mounts": [{"type": "tape_mount"}]}), "mounts").await;
}

#[tokio::test]
async fn files_variables_user_and_commands_are_there_when_it_runs() {
    let emulator = Emulator::start(&[]);
    let id = emulator
        .devbox(json!({
            "environment_variables": {"GREETING": "hello there"},
            "file_mounts": {"notes/a.txt": "one", "~/b.txt": "two"},
            "mounts": [{"type": "file_mount", "target": "c.txt", "content": "three"}],
            "launch_parameters": {
                "launch_commands": ["cat notes/a.txt b.txt c.txt > all.txt", "echo \"$GREETING\" >> all.txt"],
                "user_parameters": {"username": "ada", "uid": 1234},
            },
        }))
        .await;
    assert_eq!(emulator.run(&id, "cat ~/all.txt").await, (0, "onetwothreehello there\n".into()));
    assert_eq!(emulator.run(&id, "echo $USER; stat -c %U ~/c.txt").await.1.lines().next(), Some("ada"));
    let health = emulator.get("/_emulator/health").await;
    if health["isolation"] == "overlay" {
        assert_eq!(emulator.run(&id, "id -u; pwd; stat -c %u c.txt").await.1, "1234\n/home/ada\n1234\n");
    }
}

#[tokio::test]
async fn a_launch_command_that_fails_fails_the_devbox_and_says_why() {
    let emulator = Emulator::start(&[]);
    let command = "echo the reason >&2; exit 3";
    let body = json!({"launch_parameters": {"launch_commands": ["true", command, "touch never"]}});
    let devbox = emulator.post("/v1/devboxes/create_and_await_running", body).await;
    assert_eq!((&devbox["status"], &devbox["failure_reason"]), (&json!("failure"), &json!("execution_failed")));
    let last = devbox["state_transitions"].as_array().unwrap().last().unwrap();
    let why = last["failure_reason"].as_str().unwrap();
    assert!(why.contains("exit code 3") && why.contains("the reason"), "{why}");
    let id = devbox["id"].as_str().unwrap();
    let logs = emulator.get(&format!("/v1/devboxes/{id}/logs")).await;
    let logs = logs["logs"].as_array().unwrap();
    let began = logs.iter().find(|log| log["cmd"] == command).unwrap();
    assert_eq!(began["source"], "setup_commands");
    let of_it = |log: &&Value| log["cmd_id"] == began["cmd_id"];
    assert!(logs.iter().filter(of_it).any(|log| log["message"] == "the reason" && log["level"] == "ERROR"));
    assert!(logs.iter().filter(of_it).any(|log| log["exit_code"] == 3));
    assert!(!logs.iter().any(|log| log["cmd"] == "touch never"));
    assert_eq!(emulator.get("/_emulator/leaks").await["processes"], json!([]));
}

#[tokio::test]
async fn the_entrypoint_s_end_is_the_devbox_s() {
    let emulator = Emulator::start(&[]);
    let body = json!({"entrypoint": "echo up; cat go; echo done", "launch_parameters": {"launch_commands": ["mkfifo go"]}});
    let id = emulator.devbox(body).await;
    emulator.run(&id, "echo now > go").await;
    let ended = emulator.wait(&id, &["shutdown", "failure"]).await;
    assert_eq!((&ended["status"], &ended["shutdown_reason"]), (&json!("shutdown"), &json!("entrypoint_exit")));
    let logs = emulator.get(&format!("/v1/devboxes/{id}/logs")).await;
    let printed = logs["logs"].as_array().unwrap().iter().filter(|log| log["source"] == "entrypoint");
    let printed: Vec<&str> = printed.filter_map(|log| log["message"].as_str()).collect();
    assert_eq!(printed, ["up", "now", "done"]);
}

#[tokio::test]
async fn logs_hold_commands_with_what_they_printed_and_when() {
    let emulator = Emulator::start(&[]);
    let id = emulator.devbox(json!({})).await;
    let path = format!("/v1/devboxes/{id}/execute");
    let first = emulator.post(&path, json!({"command": "echo one; sleep 0.2; echo two", "optimistic_timeout": 20})).await;
    let second = emulator.post(&path, json!({"command": "echo three >&2; exit 4", "optimistic_timeout": 20})).await;
    let logs = emulator.get(&format!("/v1/devboxes/{id}/logs?execution_id={}", first["execution_id"].as_str().unwrap())).await;
    let logs = logs["logs"].as_array().unwrap();
    let shown: Vec<(&Value, &Value, &Value)> = logs.iter().map(|log| (&log["cmd"], &log["message"], &log["exit_code"])).collect();
    let null = Value::Null;
    let command = json!("echo one; sleep 0.2; echo two");
    let (one, two, zero) = (json!("one"), json!("two"), json!(0));
    assert_eq!(shown, [(&command, &null, &null), (&null, &one, &null), (&null, &two, &null), (&null, &null, &zero)]);
    let time = |at: usize| logs[at]["timestamp_ms"].as_i64().unwrap();
    assert!(time(2) - time(1) >= 150, "{logs:?}");
    assert!(logs.iter().all(|log| log["source"] == "exec" && log["cmd_id"] == first["execution_id"]));
    let all = emulator.get(&format!("/v1/devboxes/{id}/logs")).await;
    let of_second = |log: &&Value| log["cmd_id"] == second["execution_id"];
    assert_eq!(all["logs"].as_array().unwrap().iter().filter(of_second).count(), 3);
    let (status, _) = emulator.status(Method::GET, "/v1/devboxes/dbx_none/logs", None).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn usage_counts_what_was_asked_for_and_not_the_time_suspended() {
    let emulator = Emulator::start(&["--time-scale", "100"]);
    let parameters = json!({"resource_size_request": "LARGE", "keep_alive_time_seconds": 100_000});
    let id = emulator.devbox(json!({"launch_parameters": parameters})).await;
    emulator.post(&format!("/v1/devboxes/{id}/suspend"), json!({})).await;
    emulator.wait(&id, &["suspended"]).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let ended = emulator.post(&format!("/v1/devboxes/{id}/shutdown"), json!({})).await;
    let usage = emulator.get(&format!("/v1/devboxes/{id}/usage")).await;
    let number = |name: &str| usage[name].as_i64().unwrap();
    let (active, elapsed) = (number("total_active_seconds"), number("total_elapsed_seconds"));
    assert_eq!((&usage["status"], &usage["end_time_ms"]), (&json!("shutdown"), &ended["end_time_ms"]));
    assert!(elapsed - active >= 29, "{usage}");
    assert_eq!(number("vcpu_seconds"), 2 * active);
    assert_eq!(number("memory_gb_seconds"), 8 * active);
    assert_eq!(number("disk_gb_seconds"), 16 * elapsed);
}

/// Serves a folder's files to `git clone`, and keeps the Authorization headers that came.
fn serve(folder: PathBuf) -> (String, std::sync::Arc<std::sync::Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let keep = seen.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let first = lines.next().unwrap().unwrap();
            for line in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
                if line.to_ascii_lowercase().starts_with("authorization:") {
                    keep.lock().unwrap().push(line);
                }
            }
            let path = first.split(' ').nth(1).unwrap().split('?').next().unwrap().trim_start_matches('/');
            let (status, body) = match std::fs::read(folder.join(path)) {
                Ok(body) => ("200 OK", body),
                Err(_) => ("404 Not Found", Vec::new()),
            };
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
    });
    (url, seen)
}

fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null").args(["-c", "user.name=t", "-c", "user.email=t@t"]);
    assert!(command.args(arguments).output().unwrap().status.success(), "{arguments:?}");
}

#[tokio::test]
async fn repositories_are_cloned_installed_and_a_token_shows_nowhere() {
    let folder = Folder::new();
    let work = folder.path().join("work");
    std::fs::create_dir(&work).unwrap();
    git(&work, &["init", "-q", "-b", "main"]);
    std::fs::write(work.join("README"), "main\n").unwrap();
    git(&work, &["add", "."]);
    git(&work, &["commit", "-qm", "one"]);
    git(&work, &["checkout", "-qb", "side"]);
    std::fs::write(work.join("README"), "side\n").unwrap();
    git(&work, &["commit", "-qam", "two"]);
    git(&work, &["checkout", "-q", "main"]);
    git(folder.path(), &["clone", "-q", "--bare", "work", "acme/tool.git"]);
    git(&folder.path().join("acme/tool.git"), &["update-server-info"]);
    let (url, seen) = serve(folder.path().to_path_buf());
    let data = Folder::new();
    let emulator = Emulator::start(&["--git-host", &url, "--data-dir", data.text()]);
    let mount = json!({"type": "code_mount", "repo_owner": "acme", "repo_name": "tool", "git_ref": "side",
        "token": "hush-hush", "install_command": "cat README > installed"});
    let id = emulator.devbox(json!({"mounts": [mount]})).await;
    assert_eq!(emulator.run(&id, "cat tool/installed").await, (0, "side\n".into()));
    assert!(!emulator.run(&id, "grep -ri hus[h] . ; git -C tool config --list").await.1.contains("hush"));
    let header = seen.lock().unwrap().first().cloned().unwrap();
    // x-access-token:hush-hush
    assert!(header.ends_with("Basic eC1hY2Nlc3MtdG9rZW46aHVzaC1odXNo"), "{header}");
    let logs = emulator.get(&format!("/v1/devboxes/{id}/logs")).await.to_string();
    assert!(logs.contains("git clone") && !logs.contains("hush") && !logs.contains("eC1hY2Nl"), "{logs}");
    let missing = json!({"code_mounts": [{"repo_owner": "acme", "repo_name": "nothing"}]});
    let failed = emulator.post("/v1/devboxes/create_and_await_running", missing).await;
    assert_eq!((&failed["status"], &failed["failure_reason"]), (&json!("failure"), &json!("execution_failed")));
    drop(emulator);
    let kept = std::fs::read(data.path().join("records.sqlite")).unwrap();
    let log = std::fs::read(data.path().join("records.sqlite-wal")).unwrap_or_default();
    for bytes in [kept, log] {
        assert!(!bytes.windows(9).any(|part| part == b"hush-hush"));
    }
}

/// Lets a process that runs open so many files more, as far as it is bounded by that.
fn bound_files(pid: u32, most: &str) {
    let done = std::process::Command::new("prlimit").args([&format!("--pid={pid}"), &format!("--nofile={most}:")]).status();
    assert!(done.unwrap().success());
}

#[tokio::test]
async fn a_want_of_descriptors_fails_a_request_and_not_the_devbox() {
    let emulator = Emulator::start(&[]);
    let id = emulator.devbox(json!({})).await;
    let path = format!("/v1/devboxes/{id}");
    emulator.run(&id, "echo content > ~/file").await;
    bound_files(emulator.pid(), "3");
    let read = format!("{path}/read_file_contents");
    for _ in 0..3 {
        let (status, answer) = emulator.status(Method::POST, &read, Some(json!({"file_path": "file"}))).await;
        assert_eq!(status, 503, "{answer}");
    }
    let (status, answer) = emulator.status(Method::POST, &format!("{path}/execute_sync"), Some(json!({"command": "true"}))).await;
    assert!(status >= 500, "{status} {answer}");
    bound_files(emulator.pid(), "1024");
    let read = emulator.send(Method::POST, &read, Some(json!({"file_path": "file"}))).await;
    assert_eq!(read.text().await.unwrap(), "content\n");
    assert_eq!(emulator.run(&id, "echo lives").await, (0, "lives\n".into()));
}

#[tokio::test]
async fn what_is_too_long_for_a_devbox_is_refused_and_does_not_end_it() {
    let emulator = Emulator::start(&[]);
    let long = "x".repeat(65 << 20);
    let id = emulator.devbox(json!({"environment_variables": {"LONG": long}})).await;
    let path = format!("/v1/devboxes/{id}");
    for (operation, body) in [
        ("execute_sync", json!({"command": "true"})),
        ("read_file_contents", json!({"file_path": long})),
        ("write_file_contents", json!({"file_path": "x".repeat(5000), "contents": ""})),
    ] {
        let (status, answer) = emulator.status(Method::POST, &format!("{path}/{operation}"), Some(body)).await;
        assert_eq!(status, 400, "{operation}");
        assert!(answer["message"].as_str().unwrap().len() < 10_000);
    }
    emulator.post(&format!("{path}/write_file_contents"), json!({"file_path": "file", "contents": ""})).await;
}
