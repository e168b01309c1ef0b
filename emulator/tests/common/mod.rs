//! Starts the emulator and talks to it.

#![allow(dead_code)]

pub mod folder;
pub mod processes;
pub mod spec;

use reqwest::{Client, Method, Response};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

pub struct Emulator {
    child: Child,
    /// The emulator ends when this closes.
    stdin: Option<ChildStdin>,
    pub url: String,
    pub client: Client,
}

impl Emulator {
    pub fn start(args: &[&str]) -> Emulator {
        Emulator::start_by(&mut Command::new(env!("CARGO_BIN_EXE_runloop-emulator")), args)
    }

    /// With a command that has some of its ways set already.
    pub fn start_by(command: &mut Command, args: &[&str]) -> Emulator {
        // Wanted by every client that could speak TLS.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut child = command
            .args(["--port", "0", "--exit-on-stdin-close"])
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the emulator starts");
        // The client is built with TLS, and wants to know which, though it speaks none here.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let stdin = child.stdin.take();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.split_whitespace().last().expect("the emulator says where it listens").to_string();
        Emulator { child, stdin, url, client: Client::new() }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// As a crash would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// In good order; true where it exits without complaint.
    pub fn stop(mut self) -> bool {
        self.stdin.take();
        self.child.wait().unwrap().success()
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Response {
        let request = self.client.request(method, format!("{}{path}", self.url)).bearer_auth("test-key");
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        request.send().await.unwrap()
    }

    /// The answer's JSON, of a call that must succeed.
    pub async fn get(&self, path: &str) -> Value {
        ok(self.send(Method::GET, path, None).await).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        ok(self.send(Method::POST, path, Some(body)).await).await
    }

    /// The status and the answer of a call that may fail.
    pub async fn status(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let response = self.send(method, path, body).await;
        let status = response.status().as_u16();
        (status, response.json().await.unwrap_or(Value::Null))
    }

    /// A running devbox's id.
    pub async fn devbox(&self, create: Value) -> String {
        let mut devbox = self.post("/v1/devboxes/create_and_await_running", create).await;
        let path = format!("/v1/devboxes/{}", devbox["id"].as_str().unwrap());
        let deadline = Instant::now() + Duration::from_secs(60);
        // By a fast clock the hold may have ended before that.
        while matches!(devbox["status"].as_str(), Some("provisioning" | "initializing")) && Instant::now() < deadline {
            let wait = serde_json::json!({"statuses": ["running", "failure", "shutdown"]});
            self.status(Method::POST, &format!("{path}/wait_for_status"), Some(wait)).await;
            devbox = self.get(&path).await;
        }
        assert_eq!(devbox["status"], "running", "{devbox}");
        devbox["id"].as_str().unwrap().to_string()
    }

    /// Runs a command to its end: exit status and standard output.
    pub async fn run(&self, devbox: &str, command: &str) -> (i64, String) {
        let done = self.post(&format!("/v1/devboxes/{devbox}/execute_sync"), serde_json::json!({"command": command})).await;
        (done["exit_status"].as_i64().unwrap_or(-1), done["stdout"].as_str().unwrap_or_default().to_string())
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.stdin.take();
        let _ = self.child.wait();
    }
}

async fn ok(response: Response) -> Value {
    let status = response.status();
    let text = response.text().await.unwrap();
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).unwrap()
}

impl Emulator {
    /// The devbox as it is when it is in one of these states; anything else after 20 s is an error.
    pub async fn wait(&self, devbox: &str, statuses: &[&str]) -> Value {
        let path = format!("/v1/devboxes/{devbox}/wait_for_status");
        self.post(&path, serde_json::json!({"statuses": statuses, "timeout_seconds": 20})).await
    }

    /// The messages of a devbox's log, in their order.
    pub async fn messages(&self, devbox: &str) -> Vec<String> {
        let logs = self.get(&format!("/v1/devboxes/{devbox}/logs")).await;
        let logs = logs["logs"].as_array().unwrap().iter();
        logs.filter_map(|log| log["message"].as_str().map(str::to_string)).collect()
    }
}

/// For what no request can wait for.
pub async fn eventually<F: std::future::Future<Output = bool>>(what: &str, is: impl Fn() -> F) {
    let start = Instant::now();
    while !is().await {
        assert!(start.elapsed() < Duration::from_secs(60), "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
