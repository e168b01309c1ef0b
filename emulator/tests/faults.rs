//! Faults on demand: which request gets which, and what each does to it.

mod common;

use common::Emulator;
use reqwest::Method;
use serde_json::{json, Value};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const LIST: &str = "/v1/devboxes";

async fn arm(emulator: &Emulator, fault: Value) {
    emulator.post("/_emulator/faults", fault).await;
}

async fn statuses(emulator: &Emulator, count: usize) -> Vec<u16> {
    let mut seen = Vec::new();
    for _ in 0..count {
        seen.push(emulator.status(Method::GET, LIST, None).await.0);
    }
    seen
}

fn status(operation: &str, status: u16) -> Value {
    json!({"operation": operation, "action": {"type": "status", "status": status}})
}

/// A raw answer to a list: what arrived, and the error at its end if it had one.
fn raw_list(emulator: &Emulator) -> (Vec<u8>, Option<std::io::ErrorKind>) {
    let mut stream = TcpStream::connect(emulator.url.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(b"GET /v1/devboxes HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n\r\n").unwrap();
    let mut seen = Vec::new();
    let error = stream.read_to_end(&mut seen).err().map(|e| e.kind());
    (seen, error)
}

#[tokio::test]
async fn scripted_faults_come_in_order() {
    let emulator = Emulator::start(&[]);
    arm(&emulator, status("devboxes.list", 503)).await;
    arm(&emulator, status("*", 500)).await;
    arm(&emulator, status("GET /v1/devboxes", 429)).await;
    arm(&emulator, status("devboxes.create", 418)).await;
    assert_eq!(statuses(&emulator, 5).await, [503, 500, 429, 200, 200]);
    let armed = emulator.get("/_emulator/faults").await;
    let fired: Vec<u64> = armed["faults"].as_array().unwrap().iter().map(|f| f["fired"].as_u64().unwrap()).collect();
    assert_eq!(fired, [1, 1, 1, 0]);
    emulator.send(Method::DELETE, "/_emulator/faults", None).await;
    assert_eq!(emulator.status(Method::POST, LIST, Some(json!({}))).await.0, 200);
}

#[tokio::test]
async fn a_fault_picks_its_requests() {
    let emulator = Emulator::start(&[]);
    let with = |extra: Value| {
        let mut fault = status("devboxes.list", 500);
        fault.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        fault
    };
    for (extra, expected) in [
        (json!({"skip": 1, "times": 2}), [200, 500, 500, 200, 200, 200]),
        (json!({"times": 0}), [500; 6]),
        (json!({"nth": [2, 5], "times": 0}), [200, 500, 200, 200, 500, 200]),
        (json!({"skip": 1, "nth": [1, 3], "times": 0}), [200, 500, 200, 500, 200, 200]),
        (json!({"probability": 0, "times": 0}), [200; 6]),
    ] {
        arm(&emulator, with(extra.clone())).await;
        assert_eq!(statuses(&emulator, 6).await, expected, "{extra}");
        emulator.send(Method::DELETE, "/_emulator/faults", None).await;
    }
    arm(&emulator, with(json!({"match": {"header": {"x-test": "mine"}}}))).await;
    assert_eq!(statuses(&emulator, 1).await, [200]);
    let mine = emulator.client.get(format!("{}{LIST}", emulator.url)).bearer_auth("x").header("x-test", "mine");
    assert_eq!(mine.send().await.unwrap().status(), 500);
}

#[tokio::test]
async fn a_seed_repeats_what_chance_does() {
    let emulator = Emulator::start(&[]);
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        let mut fault = status("devboxes.list", 500);
        fault.as_object_mut().unwrap().extend(json!({"probability": 0.5, "seed": seed, "times": 0}).as_object().unwrap().clone());
        arm(&emulator, fault).await;
        runs.push(statuses(&emulator, 40).await);
        emulator.send(Method::DELETE, "/_emulator/faults", None).await;
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    let failed = runs[0].iter().filter(|s| **s == 500).count();
    assert!((8..=32).contains(&failed), "{failed} of 40");
}

#[tokio::test]
async fn a_status_brings_its_headers_and_body() {
    let emulator = Emulator::start(&[]);
    let action = json!({"type": "status", "status": 429, "headers": {"retry-after": "7", "x-should-retry": "true"}, "body": "{\"message\":\"slow\"}"});
    arm(&emulator, json!({"operation": "devboxes.list", "action": action})).await;
    let response = emulator.send(Method::GET, LIST, None).await;
    assert_eq!((response.status().as_u16(), &response.headers()["retry-after"]), (429, &"7".parse().unwrap()));
    assert_eq!(response.json::<Value>().await.unwrap(), json!({"message": "slow"}));
}

#[tokio::test]
async fn wrong_faults_are_refused() {
    let emulator = Emulator::start(&[]);
    for wrong in [
        json!({"operation": "*"}),
        json!({"operation": "*", "action": {"type": "explode"}}),
        json!({"operation": "*", "action": {"type": "stall"}, "time": 3}),
        json!({"operation": "*", "action": {"type": "stall"}, "probability": 1.5}),
        json!({"operation": "*", "action": {"type": "status", "status": 42}}),
        json!({"operation": "*", "action": {"type": "status", "status": 500, "headers": {"a b": "c"}}}),
    ] {
        assert_eq!(emulator.status(Method::POST, "/_emulator/faults", Some(wrong.clone())).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn latency_holds_an_answer_up() {
    let emulator = Emulator::start(&[]);
    arm(&emulator, json!({"operation": "devboxes.list", "action": {"type": "delay", "ms": 300}})).await;
    let began = Instant::now();
    assert_eq!(statuses(&emulator, 1).await, [200]);
    assert!(began.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn a_stall_never_answers() {
    let emulator = Emulator::start(&[]);
    arm(&emulator, json!({"operation": "devboxes.list", "action": {"type": "stall"}})).await;
    let request = emulator.client.get(format!("{}{LIST}", emulator.url)).bearer_auth("x").timeout(Duration::from_millis(300));
    assert!(request.send().await.unwrap_err().is_timeout());
    assert_eq!(statuses(&emulator, 1).await, [200]);
}

#[tokio::test]
async fn connections_end_as_asked() {
    let emulator = Emulator::start(&[]);
    let reset = Some(std::io::ErrorKind::ConnectionReset);
    for (action, error, answered) in [
        (json!({"type": "close", "when": "before"}), None, false),
        (json!({"type": "close", "when": "after"}), None, false),
        (json!({"type": "reset", "when": "before"}), reset, false),
        (json!({"type": "reset", "when": "after"}), reset, false),
        (json!({"type": "cut", "after_bytes": 10, "how": "truncate"}), None, true),
        (json!({"type": "cut", "after_bytes": 10, "how": "reset"}), reset, true),
    ] {
        arm(&emulator, json!({"operation": "devboxes.list", "action": action})).await;
        let (seen, ended) = raw_list(&emulator);
        assert_eq!(ended, error, "{action}");
        let text = String::from_utf8_lossy(&seen);
        match answered {
            false => assert_eq!(text, "", "{action}"),
            true => {
                let (head, body) = text.split_once("\r\n\r\n").unwrap();
                assert!(head.starts_with("HTTP/1.1 200") && head.contains("content-length"), "{head}");
                assert_eq!(body, r#"{"devboxes"#.get(..10).unwrap());
            }
        }
    }
}

#[tokio::test]
async fn an_answer_is_lost_after_its_effect_or_before() {
    let emulator = Emulator::start(&[]);
    for (when, made) in [("before", 0), ("after", 1)] {
        arm(&emulator, json!({"operation": "devboxes.create", "action": {"type": "close", "when": when}})).await;
        let request = emulator.client.post(format!("{}{LIST}", emulator.url)).bearer_auth("x").json(&json!({}));
        assert!(request.send().await.is_err());
        assert_eq!(emulator.get(LIST).await["total_count"], made, "{when}");
    }
}

async fn h2(emulator: &Emulator) -> (h2::client::SendRequest<bytes::Bytes>, tokio::task::JoinHandle<Result<(), h2::Error>>) {
    let stream = tokio::net::TcpStream::connect(emulator.url.strip_prefix("http://").unwrap()).await.unwrap();
    let (sender, connection) = h2::client::handshake(stream).await.unwrap();
    (sender, tokio::spawn(connection))
}

async fn h2_list(
    emulator: &Emulator,
    sender: &mut h2::client::SendRequest<bytes::Bytes>,
) -> Result<http::Response<h2::RecvStream>, h2::Error> {
    let request = http::Request::get(format!("{}{LIST}", emulator.url)).header("authorization", "Bearer x").body(()).unwrap();
    sender.clone().ready().await?.send_request(request, true)?.0.await
}

#[tokio::test]
async fn goaway_ends_a_connection_after_its_answers() {
    let emulator = Emulator::start(&[]);
    arm(&emulator, json!({"operation": "devboxes.list", "action": {"type": "goaway"}})).await;
    let (mut sender, connection) = h2(&emulator).await;
    assert_eq!(h2_list(&emulator, &mut sender).await.unwrap().status(), 200);
    tokio::time::timeout(Duration::from_secs(10), connection).await.expect("it ends").unwrap().unwrap();
    assert!(h2_list(&emulator, &mut sender).await.is_err());
    // In HTTP/1.1 the answer itself says so.
    arm(&emulator, json!({"operation": "devboxes.list", "action": {"type": "goaway"}})).await;
    assert_eq!(emulator.send(Method::GET, LIST, None).await.headers()["connection"], "close");
}

#[tokio::test]
async fn one_stream_is_reset_or_the_whole_connection() {
    let emulator = Emulator::start(&[]);
    let (mut sender, mut connection) = h2(&emulator).await;
    arm(&emulator, json!({"operation": "devboxes.list", "action": {"type": "reset", "when": "after"}})).await;
    assert!(h2_list(&emulator, &mut sender).await.unwrap_err().is_reset());
    assert_eq!(h2_list(&emulator, &mut sender).await.unwrap().status(), 200);
    arm(&emulator, json!({"operation": "devboxes.list", "action": {"type": "reset", "when": "after", "whole": true}})).await;
    assert!(h2_list(&emulator, &mut sender).await.is_err());
    let ended = tokio::time::timeout(Duration::from_secs(10), &mut connection).await.expect("it ends").unwrap();
    assert!(ended.unwrap_err().is_io());
}

#[tokio::test]
async fn a_repeated_create_gives_the_first_answer_where_that_is_asked_for() {
    let create = |emulator: &Emulator, id: &str, name: &str| {
        let request = emulator.client.post(format!("{}{LIST}", emulator.url)).bearer_auth("x");
        let request = request.header("x-request-id", id).json(&json!({"name": name}));
        async move { request.send().await.unwrap().json::<Value>().await.unwrap()["id"].clone() }
    };
    let emulator = Emulator::start(&[]);
    assert_ne!(create(&emulator, "r1", "a").await, create(&emulator, "r1", "a").await);
    emulator.post("/_emulator/settings", json!({"repeat_by_request_id": true})).await;
    let first = create(&emulator, "r2", "a").await;
    assert_eq!(create(&emulator, "r2", "a").await, first);
    assert_ne!(create(&emulator, "r3", "a").await, first);
    let (one, other) = tokio::join!(create(&emulator, "r4", "b"), create(&emulator, "r4", "b"));
    assert_eq!(one, other);
    // What was refused may be tried again.
    let refused = emulator.client.post(format!("{}{LIST}", emulator.url)).bearer_auth("x").header("x-request-id", "r5");
    assert_eq!(refused.json(&json!({"name": 1})).send().await.unwrap().status(), 400);
    assert!(create(&emulator, "r5", "c").await.is_string());
    assert_eq!(emulator.get(LIST).await["total_count"], 6);
}

#[tokio::test]
async fn the_clock_can_be_scaled_while_it_runs() {
    let emulator = Emulator::start(&[]);
    let id = emulator.devbox(json!({"launch_parameters": {"keep_alive_time_seconds": 3600}})).await;
    let settings = emulator.post("/_emulator/settings", json!({"time_scale": 100000})).await;
    assert_eq!(settings["time_scale"], 100_000.0);
    let began = Instant::now();
    loop {
        let devbox = emulator.get(&format!("{LIST}/{id}")).await;
        if devbox["status"] == "shutdown" {
            assert_eq!(devbox["shutdown_reason"], "keep_alive_timeout");
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{devbox}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn operations_are_counted() {
    let emulator = Emulator::start(&[]);
    statuses(&emulator, 2).await;
    emulator.status(Method::GET, "/v1/devboxes/dbx_none", None).await;
    let all = emulator.get("/_emulator/operations").await;
    let of = |id: &str| all["operations"].as_array().unwrap().iter().find(|o| o["operation"] == id).unwrap().clone();
    assert_eq!(all["operations"].as_array().unwrap().len(), 90);
    let list = of("devboxes.list");
    assert_eq!((&list["served"], &list["succeeded"], &list["failed"]), (&json!(true), &json!(2), &json!(0)));
    assert_eq!(of("devboxes.retrieve")["failed"], 1);
}
