//! Requests as the service takes them: checked, refused by name, held, journalled; and who may ask.

mod common;

use common::{eventually, folder::Folder, processes, Emulator};
use nix::sys::signal::{kill, Signal};
use nix::unistd::Pid;
use reqwest::Method;
use serde_json::{json, Value};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// One request as it stands, and all of the answer.
fn raw(emulator: &Emulator, request: &str) -> String {
    let address = emulator.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

#[tokio::test]
async fn what_is_not_there_is_refused_by_name() {
    let emulator = Emulator::start(&[]);
    let unknown = emulator.send(Method::GET, "/v1/nothing/here", None).await;
    assert_eq!(unknown.status(), 404);
    assert!(unknown.text().await.unwrap().contains("GET /v1/nothing/here"));
    for path in ["/v1/devboxes/dbx_none", "/v1/devboxes/dbx_none/executions/exec_none"] {
        let (status, answer) = emulator.status(Method::GET, path, None).await;
        assert_eq!(status, 404, "{answer}");
        assert!(answer["message"].as_str().unwrap().contains("dbx_none"), "{answer}");
    }
}

#[tokio::test]
async fn an_answer_reaches_a_client_that_is_still_sending() {
    let emulator = Emulator::start(&[]);
    let body = "x".repeat(40 << 20);
    let answer = raw(
        &emulator,
        &format!(
            "POST /v1/devboxes/dbx_none/upload_file HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer x\r\nConnection: close\r\n\
             Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ),
    );
    assert_eq!(status(&answer), "404", "{answer}");
}

#[tokio::test]
async fn a_key_is_asked_for() {
    let emulator = Emulator::start(&["--api-key", "the-right-one"]);
    let list = format!("{}/v1/devboxes", emulator.url);
    for request in [
        emulator.client.get(&list),
        emulator.client.get(&list).bearer_auth("another"),
        emulator.client.get(&list).bearer_auth(""),
        emulator.client.get(&list).header("authorization", "Basic dGhlLXJpZ2h0LW9uZQ=="),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 401);
        assert!(answer.json::<Value>().await.unwrap()["message"].as_str().unwrap().contains("Authorization: Bearer"));
    }
    assert_eq!(emulator.client.get(&list).bearer_auth("the-right-one").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn other_hosts_and_origins_are_refused() {
    let emulator = Emulator::start(&[]);
    let head = |extra: &str| format!("GET /v1/devboxes HTTP/1.1\r\nAuthorization: Bearer x\r\nConnection: close\r\n{extra}\r\n");
    for (extra, expected) in [
        ("Host: localhost\r\n", "200"),
        ("Host: 127.0.0.1:80\r\n", "200"),
        ("Host: [::1]:80\r\n", "200"),
        ("Host: localhost\r\nOrigin: http://localhost:3000\r\n", "200"),
        ("Host: evil.example\r\n", "403"),
        ("Host: localhost.evil.example\r\n", "403"),
        ("Host: localhost\r\nOrigin: https://evil.example\r\n", "403"),
        ("Host: localhost\r\nOrigin: null\r\n", "403"),
    ] {
        let answer = raw(&emulator, &head(extra));
        assert_eq!(status(&answer), expected, "{extra}{answer}");
    }
    // The test controls are no exception.
    let answer = raw(&emulator, "GET /_emulator/journal HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert_eq!(status(&answer), "403");
    // Nor is a whole URL in the request line.
    let answer = raw(&emulator, "GET http://evil.example/v1/devboxes HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert_eq!(status(&answer), "403");
}

#[tokio::test]
async fn wrong_requests_are_told_what_is_wrong() {
    let emulator = Emulator::start(&[]);
    for (path, body, complaint) in [
        ("/v1/devboxes", json!({"name": 3}), "name must be a string"),
        ("/v1/devboxes", json!([]), "body must be an object"),
        ("/v1/devboxes", json!({"launch_parameters": {"keep_alive_time_seconds": 0}}), "keep_alive_time_seconds"),
        ("/v1/devboxes/dbx_x/execute", json!({}), "command is required"),
        ("/v1/devboxes/dbx_x/wait_for_status", json!({"statuses": ["asleep"]}), "statuses[0] must be one of"),
    ] {
        let (status, answer) = emulator.status(Method::POST, path, Some(body)).await;
        assert_eq!(status, 400, "{answer}");
        assert!(answer["message"].as_str().unwrap().contains(complaint), "{answer}");
    }
    let (status, _) = emulator.status(Method::GET, "/v1/devboxes?limit=many", None).await;
    assert_eq!(status, 400);
    let no_json = emulator.client.post(format!("{}/v1/devboxes", emulator.url)).bearer_auth("x").body("{").send().await.unwrap();
    assert_eq!(no_json.status(), 400);
}

#[tokio::test]
async fn a_hold_ends_with_408_when_its_time_is_over() {
    let emulator = Emulator::start(&["--time-scale", "50"]);
    let id = emulator.devbox(json!({})).await;
    let began = Instant::now();
    let wait = json!({"statuses": ["shutdown"], "timeout_seconds": 10});
    let (status, answer) = emulator.status(Method::POST, &format!("/v1/devboxes/{id}/wait_for_status"), Some(wait)).await;
    assert_eq!(status, 408, "{answer}");
    let held = began.elapsed();
    assert!(held >= Duration::from_millis(200), "{held:?}");
}

#[tokio::test]
async fn a_hold_ends_when_what_it_waits_for_happens() {
    let emulator = Emulator::start(&[]);
    let id = emulator.devbox(json!({})).await;
    let path = format!("/v1/devboxes/{id}/wait_for_status");
    let (held, _) = tokio::join!(emulator.post(&path, json!({"statuses": ["shutdown"]})), async {
        emulator.post(&format!("/v1/devboxes/{id}/shutdown"), json!({})).await
    });
    assert_eq!(held["status"], "shutdown");
}

#[tokio::test]
async fn the_journal_tells_what_was_asked_without_the_key() {
    let emulator = Emulator::start(&[]);
    let answer = emulator
        .client
        .post(format!("{}/v1/devboxes", emulator.url))
        .bearer_auth("very-secret")
        .header("x-request-id", "request-1")
        .json(&json!({"name": "noted", "not_of_the_api": 1}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["x-runloop-request-id"], "request-1");
    let journal = emulator.get("/_emulator/journal").await;
    assert!(!journal.to_string().contains("very-secret"));
    let entry = &journal["requests"][0];
    assert_eq!(entry["operation"], "devboxes.create");
    assert_eq!(entry["body"]["name"], "noted");
    assert_eq!(entry["status"], 200);
    assert_eq!(entry["unknown_keys"], json!(["not_of_the_api"]));
    emulator.send(Method::DELETE, "/_emulator/journal", None).await;
    assert_eq!(emulator.get("/_emulator/journal").await["requests"], json!([]));
}

#[tokio::test]
async fn a_seed_repeats_the_ids() {
    let mut ids = Vec::new();
    for _ in 0..2 {
        let emulator = Emulator::start(&["--seed", "11"]);
        ids.push(emulator.post("/v1/devboxes", json!({})).await["id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
    assert!(ids[0].as_str().unwrap().starts_with("dbx_"));
}

#[tokio::test]
async fn a_reset_leaves_nothing() {
    let emulator = Emulator::start(&[]);
    let id = emulator.devbox(json!({})).await;
    let path = format!("/v1/devboxes/{id}/execute_async");
    emulator.post(&path, json!({"command": "sleep 1000"})).await;
    // A process shows its name before its arguments while it starts.
    eventually("the command is among the leaks", || async {
        let leaks = emulator.get("/_emulator/leaks").await;
        assert_eq!(leaks["devboxes"], json!([id]));
        let processes = leaks["processes"].as_array().unwrap().iter();
        processes.filter_map(|p| p["command"].as_str()).any(|command| command.contains("sleep 1000"))
    })
    .await;
    emulator.send(Method::POST, "/_emulator/reset", None).await;
    assert_eq!(emulator.get("/_emulator/leaks").await, json!({"devboxes": [], "processes": []}));
    assert_eq!(emulator.get("/v1/devboxes").await["devboxes"], json!([]));
}

#[tokio::test]
async fn a_list_comes_in_pages() {
    let emulator = Emulator::start(&[]);
    let mut made = Vec::new();
    for n in 0..5 {
        let devbox = emulator.post("/v1/devboxes", json!({"name": n.to_string()})).await;
        made.push(devbox["id"].as_str().unwrap().to_string());
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = emulator.get(&format!("/v1/devboxes?limit=2{after}")).await;
        assert_eq!(page["total_count"], 5);
        let ids: Vec<String> = page["devboxes"].as_array().unwrap().iter().map(|d| d["id"].as_str().unwrap().to_string()).collect();
        assert!(ids.len() <= 2);
        seen.extend(ids);
        if page["has_more"] == false {
            break;
        }
        after = format!("&starting_after={}", seen.last().unwrap());
    }
    seen.reverse();
    assert_eq!(seen, made);
}

#[tokio::test]
async fn the_emulator_ends_in_good_order() {
    let emulator = Emulator::start(&[]);
    let id = emulator.devbox(json!({})).await;
    emulator.post(&format!("/v1/devboxes/{id}/execute_async"), json!({"command": "sleep 98765"})).await;
    assert!(emulator.stop());
    let left = std::process::Command::new("pgrep").args(["-f", "sleep 98765"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&left.stdout), "");
}

#[tokio::test]
async fn wrong_options_are_refused_by_name() {
    for (options, word) in [(vec!["--prot", "1"], "--prot"), (vec!["--isolation", "strong"], "strong")] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_runloop-emulator")).args(options).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(word));
    }
}

#[tokio::test]
async fn a_number_without_a_fraction_is_an_integer() {
    let emulator = Emulator::start(&[]);
    let parameters = json!({"keep_alive_time_seconds": 60.0, "after_idle": {"idle_time_seconds": 30.0, "on_idle": "shutdown"}});
    let devbox = emulator.post("/v1/devboxes", json!({"launch_parameters": parameters})).await;
    assert_eq!(devbox["launch_parameters"]["keep_alive_time_seconds"], 60);
    let page = emulator.get("/v1/devboxes?limit=1.0").await;
    assert_eq!(page["devboxes"].as_array().unwrap().len(), 1);
    assert_eq!(emulator.post("/_emulator/settings", json!({"boot_ms": 5.0})).await["boot_ms"], 5);
    let (status, answer) =
        emulator.status(Method::POST, "/v1/devboxes", Some(json!({"launch_parameters": {"keep_alive_time_seconds": 60.5}}))).await;
    assert_eq!(status, 400, "{answer}");
}

#[tokio::test]
async fn the_journal_holds_no_credentials() {
    let emulator = Emulator::start(&[]);
    let request = |path: &str| emulator.client.get(format!("{}{path}", emulator.url)).bearer_auth("key-hidden");
    request("/v1/devboxes?limit=1&token=query-hidden&sig=sig-hidden").send().await.unwrap();
    request("/_tunnel/8080-path-hidden/page").send().await.unwrap();
    let headers = ["x-runloop-tunnel-authorization", "cookie", "proxy-authorization"];
    let request = headers.into_iter().fold(request("/v1/devboxes"), |request, name| request.header(name, "header-hidden"));
    request.send().await.unwrap();
    let tunnel = "8080-hidden.tunnel.localhost";
    let referer = "http://me:hidden@8080-hidden.tunnel.localhost/_tunnel/8080-hidden/page?sig=hidden&page=2#hidden";
    let request = emulator
        .client
        .get(format!("{}/v1/devboxes", emulator.url))
        .bearer_auth("key-hidden")
        .header("referer", referer)
        .header("origin", format!("http://{tunnel}"))
        .header("x-forwarded-host", tunnel);
    request.header("forwarded", format!("host={tunnel}")).header("x-forwarded-uri", "/_tunnel/8080-hidden/").send().await.unwrap();
    let mount = json!({"type": "code_mount", "repo_name": "r", "repo_owner": "o", "token": "body-hidden"});
    emulator.send(Method::POST, "/v1/blueprints/preview", Some(json!({"name": "x", "code_mounts": [mount]}))).await;
    let journal = emulator.get("/_emulator/journal").await;
    assert_eq!(journal["requests"].as_array().unwrap().len(), 5);
    assert!(!journal.to_string().contains("hidden"), "{journal}");
    let shown = "http://[redacted]@[redacted].tunnel.localhost/_tunnel/[redacted]/page?sig=[redacted]&page=2";
    assert_eq!(journal["requests"][3]["headers"]["referer"], shown);
    assert_eq!(journal["requests"][0]["query"], "limit=1&token=[redacted]&sig=[redacted]");
}

#[tokio::test]
async fn a_devbox_made_during_a_reset_is_ended_or_kept() {
    let emulator = Emulator::start(&["--boot-ms", "0"]);
    for _ in 0..3 {
        emulator.devbox(json!({})).await;
    }
    let creates = futures_util::future::join_all((0..24).map(|_| emulator.post("/v1/devboxes", json!({}))));
    let (made, _) = tokio::join!(creates, emulator.send(Method::POST, "/_emulator/reset", None));
    for devbox in made {
        // One that is not there any more was ended by the reset; the next one ends the others.
        let path = format!("/v1/devboxes/{}", devbox["id"].as_str().unwrap());
        let (status, _) = emulator.status(Method::GET, &path, None).await;
        assert!(matches!(status, 200 | 404));
    }
    emulator.send(Method::POST, "/_emulator/reset", None).await;
    eventually("a process of a devbox is left", || async { processes::below(emulator.pid()).is_empty() }).await;
}

#[tokio::test]
async fn a_build_begun_during_a_reset_does_not_outlive_it() {
    let emulator = Emulator::start(&["--boot-ms", "0"]);
    let devbox = format!("/v1/devboxes/{}", emulator.devbox(json!({})).await);
    // A devbox whose processes stand still takes its time to end, and the reset with it.
    for (pid, _) in processes::below(emulator.pid()) {
        let _ = kill(Pid::from_raw(pid), Signal::SIGSTOP);
    }
    let making = async {
        eventually("the reset has not begun", || async {
            let (status, devbox) = emulator.status(Method::GET, &devbox, None).await;
            status == 404 || devbox["status"] == "shutdown"
        })
        .await;
        emulator.post("/v1/blueprints", json!({"name": "late", "dockerfile": "FROM x\nRUN sleep 98763"})).await
    };
    let (blueprint, _) = tokio::join!(making, emulator.send(Method::POST, "/_emulator/reset", None));
    let path = format!("/v1/blueprints/{}", blueprint["id"].as_str().unwrap());
    // Where it came after the reset it is there.
    if emulator.status(Method::GET, &path, None).await.0 == 404 {
        eventually("a process of the build is left", || async { processes::below(emulator.pid()).is_empty() }).await;
    }
}

#[tokio::test]
async fn a_signal_during_the_start_ends_it() {
    let data = Folder::new();
    // The start reads the key of its authority, and waits for who writes it.
    let key = data.path().join("ca-key.pem");
    nix::unistd::mkfifo(&key, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_runloop-emulator"));
    command.args(["--port", "0", "--isolation", "plain", "--tls", "--data-dir", data.text()]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    // Opened only when the emulator has opened it too.
    let writer = std::fs::File::options().write(true).open(&key).unwrap();
    kill(Pid::from_raw(child.id() as i32), Signal::SIGINT).unwrap();
    let child = std::cell::RefCell::new(&mut child);
    eventually("the start goes on", || async { child.borrow_mut().try_wait().unwrap().is_some() }).await;
    drop(writer);
    let mut said = String::new();
    child.borrow_mut().stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(said.contains("during its start"), "{said}");
}
