//! Tunnels: HTTP and upgraded connections to a port in a devbox, by name and by path.

mod common;

use common::Emulator;
use futures_util::StreamExt;
use reqwest::{Method, RequestBuilder};
use serde_json::{json, Value};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

const SERVER: &str = include_str!("common/server.py");

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Starts a server in the devbox and waits until it listens.
async fn serve(emulator: &Emulator, devbox: &str) -> u16 {
    let port = free_port();
    let write = json!({"file_path": "server.py", "contents": SERVER});
    let written = emulator.send(Method::POST, &format!("/v1/devboxes/{devbox}/write_file_contents"), Some(write)).await;
    assert!(written.status().is_success());
    let run = json!({"command": format!("exec python3 server.py {port}")});
    emulator.post(&format!("/v1/devboxes/{devbox}/execute_async"), run).await;
    let (status, _) = emulator
        .run(
            devbox,
            &format!("for i in $(seq 100); do (exec 3<>/dev/tcp/127.0.0.1/{port}) 2>/dev/null && exit 0; sleep 0.05; done; exit 1"),
        )
        .await;
    assert_eq!(status, 0, "the server listens");
    port
}

async fn open(emulator: &Emulator, devbox: &str, settings: Value) -> Value {
    emulator.post(&format!("/v1/devboxes/{devbox}/enable_tunnel"), settings).await
}

fn key(tunnel: &Value) -> &str {
    tunnel["tunnel_key"].as_str().unwrap()
}

/// A request by the tunnel's own name, whatever resolves it.
fn by_name(emulator: &Emulator, method: Method, port: u16, tunnel: &Value, path: &str) -> RequestBuilder {
    let host = format!("{port}-{}.tunnel.localhost", key(tunnel));
    emulator.client.request(method, format!("{}{path}", emulator.url)).header("host", host)
}

fn by_path(emulator: &Emulator, port: u16, tunnel: &Value, path: &str) -> RequestBuilder {
    emulator.client.get(format!("{}/_tunnel/{port}-{}{path}", emulator.url, key(tunnel)))
}

async fn value(request: RequestBuilder) -> Value {
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

#[tokio::test]
async fn an_open_tunnel_passes_requests_on_as_they_are() {
    let emulator = Emulator::start(&[]);
    let id = emulator.devbox(json!({"tunnel": {}})).await;
    let tunnel = emulator.get(&format!("/v1/devboxes/{id}")).await["tunnel"].clone();
    assert_eq!(tunnel["auth_mode"], "open");
    assert_eq!(tunnel["http_keep_alive"], true);
    assert_eq!(tunnel["wake_on_http"], false);
    assert!(tunnel.get("auth_token").is_none());
    let port = serve(&emulator, &id).await;

    let request =
        by_name(&emulator, Method::GET, port, &tunnel, "/a%20b/c?d=e%26f").header("x-mine", "1").header("authorization", "Basic eA==");
    let seen = value(request).await;
    assert_eq!(seen["path"], "/a%20b/c?d=e%26f");
    assert_eq!(seen["headers"]["x-mine"], "1");
    assert_eq!(seen["headers"]["authorization"], "Basic eA==");
    assert_eq!(seen["headers"]["host"], format!("{port}-{}.tunnel.localhost", key(&tunnel)));

    let seen = value(by_path(&emulator, port, &tunnel, "/x/y?z")).await;
    assert_eq!(seen["path"], "/x/y?z");
    assert_eq!(seen["headers"]["host"], format!("localhost:{port}"));

    let body = vec![7u8; 3 << 20];
    let seen = value(by_name(&emulator, Method::POST, port, &tunnel, "/upload").body(body)).await;
    assert_eq!((seen["bytes"].as_u64(), seen["sum"].as_u64()), (Some(3 << 20), Some(7 * (3 << 20))));
}

#[tokio::test]
async fn an_answer_arrives_as_it_is_made() {
    let emulator = Emulator::start(&[]);
    let id = emulator.devbox(json!({"tunnel": {"auth_mode": "open"}})).await;
    let tunnel = emulator.get(&format!("/v1/devboxes/{id}")).await["tunnel"].clone();
    let port = serve(&emulator, &id).await;
    let mut pieces = by_path(&emulator, port, &tunnel, "/slow").send().await.unwrap().bytes_stream();
    let first = pieces.next().await.unwrap().unwrap();
    assert_eq!(&first[..], b"0\n");
    // The server waits for this.
    assert!(by_path(&emulator, port, &tunnel, "/go-on").send().await.unwrap().status().is_success());
    let mut rest = Vec::new();
    while let Some(piece) = pieces.next().await {
        rest.extend_from_slice(&piece.unwrap());
    }
    assert_eq!(rest, b"1\n");
}

#[tokio::test]
async fn an_upgraded_connection_goes_both_ways() {
    let emulator = Emulator::start(&[]);
    let id = emulator.devbox(json!({})).await;
    let tunnel = open(&emulator, &id, json!({})).await;
    let port = serve(&emulator, &id).await;
    let mut stream = TcpStream::connect(emulator.url.strip_prefix("http://").unwrap()).unwrap();
    write!(stream, "GET /echo HTTP/1.1\r\nHost: {port}-{}.tunnel.localhost\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\n", key(&tunnel))
        .unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).unwrap() > 0, "{head}");
    }
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    for word in ["hello\n", "again\n"] {
        stream.write_all(word.as_bytes()).unwrap();
        let mut answer = String::new();
        reader.read_line(&mut answer).unwrap();
        assert_eq!(answer, word.to_uppercase());
    }
}

#[tokio::test]
async fn an_authenticated_tunnel_wants_its_token() {
    let emulator = Emulator::start(&[]);
    let id = emulator.devbox(json!({})).await;
    let tunnel = open(&emulator, &id, json!({"auth_mode": "authenticated"})).await;
    let token = tunnel["auth_token"].as_str().unwrap();
    let port = serve(&emulator, &id).await;
    for (header, sent, expected) in [
        ("x-other", "1".to_string(), 401),
        ("authorization", format!("Bearer {token}"), 401),
        ("x-runloop-tunnel-authorization", "Bearer wrong".into(), 401),
        ("x-runloop-tunnel-authorization", token.into(), 401),
        ("x-runloop-tunnel-authorization", format!("Bearer {token}"), 200),
    ] {
        let response = by_path(&emulator, port, &tunnel, "/").header(header, &sent).send().await.unwrap();
        assert_eq!(response.status(), expected, "{header}: {sent}");
        let text = response.text().await.unwrap();
        // The devbox's server need not know it either.
        assert!(expected != 200 || !text.contains(token), "{text}");
    }
}

#[tokio::test]
async fn a_tunnel_leads_into_its_own_devbox_only() {
    let emulator = Emulator::start(&[]);
    let (one, other) = (emulator.devbox(json!({})).await, emulator.devbox(json!({})).await);
    let (own, foreign) = (open(&emulator, &one, json!({})).await, open(&emulator, &other, json!({})).await);
    let port = serve(&emulator, &one).await;
    assert_eq!(by_path(&emulator, port, &own, "/").send().await.unwrap().status(), 200);
    let refused = by_path(&emulator, port, &foreign, "/").send().await.unwrap();
    assert_eq!(refused.status(), 502);
    assert!(refused.text().await.unwrap().contains(&format!("no process of devbox {other} listens on port {port}")));
    // Nor to the developer's own servers, the emulator among them.
    let mine = emulator.url.rsplit(':').next().unwrap().parse().unwrap();
    assert_eq!(by_path(&emulator, mine, &own, "/_emulator/health").send().await.unwrap().status(), 502);
}

#[tokio::test]
async fn a_devbox_has_one_tunnel_until_it_is_removed() {
    let emulator = Emulator::start(&[]);
    let id = emulator.devbox(json!({})).await;
    let path = format!("/v1/devboxes/{id}/remove_tunnel");
    assert_eq!(emulator.status(Method::POST, &path, None).await.0, 404);
    let tunnel = open(&emulator, &id, json!({})).await;
    assert_eq!(open(&emulator, &id, json!({"auth_mode": "open"})).await, tunnel);
    let enable = format!("/v1/devboxes/{id}/enable_tunnel");
    assert_eq!(emulator.status(Method::POST, &enable, Some(json!({"auth_mode": "authenticated"}))).await.0, 400);
    emulator.post(&path, json!({})).await;
    assert!(emulator.get(&format!("/v1/devboxes/{id}")).await.get("tunnel").is_none());
    assert_eq!(by_path(&emulator, 8080, &tunnel, "/").send().await.unwrap().status(), 404);
    let again = open(&emulator, &id, json!({"auth_mode": "authenticated"})).await;
    assert_ne!(again["tunnel_key"], tunnel["tunnel_key"]);
}

#[tokio::test]
async fn tunnels_of_ended_devboxes_are_closed() {
    let emulator = Emulator::start(&[]);
    let id = emulator.devbox(json!({})).await;
    let tunnel = open(&emulator, &id, json!({})).await;
    emulator.post(&format!("/v1/devboxes/{id}/shutdown"), json!({})).await;
    let refused = by_path(&emulator, 8080, &tunnel, "/").send().await.unwrap();
    assert_eq!(refused.status(), 400);
    assert!(refused.text().await.unwrap().contains("shutdown"));
    assert_eq!(emulator.status(Method::POST, &format!("/v1/devboxes/{id}/enable_tunnel"), Some(json!({}))).await.0, 400);
}

#[tokio::test]
async fn other_origins_reach_no_tunnel() {
    let emulator = Emulator::start(&[]);
    let id = emulator.devbox(json!({})).await;
    let tunnel = open(&emulator, &id, json!({})).await;
    let response = by_path(&emulator, 8080, &tunnel, "/").header("origin", "https://evil.example").send().await.unwrap();
    assert_eq!(response.status(), 403);
    let response = by_path(&emulator, 8080, &tunnel, "/").header("host", "evil.example").send().await.unwrap();
    assert_eq!(response.status(), 403);
}

#[tokio::test]
async fn a_request_wakes_a_suspended_devbox_where_that_was_asked_for() {
    let emulator = Emulator::start(&[]);
    let port = free_port();
    let listens = format!("until (exec 3<>/dev/tcp/127.0.0.1/{port}) 2>/dev/null; do sleep 0.05; done");
    let create = |lifecycle: Value| {
        json!({
            "file_mounts": {"server.py": SERVER},
            "tunnel": {"wake_on_http": true},
            "launch_parameters": {"launch_commands": [format!("setsid -f python3 server.py {port}"), listens], "lifecycle": lifecycle},
        })
    };
    for (lifecycle, wakes) in [(json!({}), true), (json!({"resume_triggers": {"http": false}}), false)] {
        let id = emulator.devbox(create(lifecycle)).await;
        let path = format!("/v1/devboxes/{id}");
        let tunnel = emulator.get(&path).await["tunnel"].clone();
        emulator.post(&format!("{path}/suspend"), json!({})).await;
        emulator.post(&format!("{path}/wait_for_status"), json!({"statuses": ["suspended"]})).await;
        let response = by_path(&emulator, port, &tunnel, "/").send().await.unwrap();
        assert_eq!(response.status(), if wakes { 200 } else { 400 });
        assert_eq!(emulator.get(&path).await["status"], if wakes { "running" } else { "suspended" });
        emulator.post(&format!("{path}/shutdown"), json!({})).await;
    }
}
