//! TLS, HTTP/2, the full-domain mode and its proxy.

mod common;

use common::Emulator;
use reqwest::{Certificate, Client, ClientBuilder, Proxy, Version};
use serde_json::{json, Value};
use std::path::PathBuf;

/// A folder that goes away with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("runloop-emulator-test-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Folder(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Where it listens, without the scheme.
fn address(emulator: &Emulator) -> &str {
    emulator.url.split_once("://").unwrap().1
}

async fn authority(emulator: &Emulator) -> String {
    let url = format!("http://{}/_emulator/ca", address(emulator));
    emulator.client.get(url).send().await.unwrap().text().await.unwrap()
}

/// Trusts the emulator's authority and nobody else.
async fn trusting(emulator: &Emulator) -> ClientBuilder {
    let certificate = Certificate::from_pem(authority(emulator).await.as_bytes()).unwrap();
    Client::builder().tls_certs_only([certificate])
}

async fn list(client: &Client, base: &str) -> reqwest::Result<(Version, Value)> {
    let response = client.get(format!("{base}/v1/devboxes")).bearer_auth("x").send().await?;
    let version = response.version();
    Ok((version, response.json().await?))
}

#[tokio::test]
async fn https_and_http_are_served_on_one_port() {
    let emulator = Emulator::start(&["--tls"]);
    assert!(emulator.url.starts_with("https://"));
    let client = trusting(&emulator).await.build().unwrap();
    let (version, answer) = list(&client, &emulator.url).await.unwrap();
    assert_eq!((version, &answer["devboxes"]), (Version::HTTP_2, &json!([])));
    let old = trusting(&emulator).await.http1_only().build().unwrap();
    assert_eq!(list(&old, &emulator.url).await.unwrap().0, Version::HTTP_11);
    let (version, _) = list(&client, &format!("http://{}", address(&emulator))).await.unwrap();
    assert_eq!(version, Version::HTTP_11);
}

#[tokio::test]
async fn who_does_not_trust_the_authority_is_not_served() {
    let emulator = Emulator::start(&["--tls"]);
    let stranger = Client::builder().tls_certs_only([]).build().unwrap();
    assert!(list(&stranger, &emulator.url).await.is_err());
}

#[tokio::test]
async fn without_tls_there_is_no_authority() {
    let emulator = Emulator::start(&[]);
    let (status, answer) = emulator.status(reqwest::Method::GET, "/_emulator/ca", None).await;
    assert_eq!(status, 404);
    assert!(answer["message"].as_str().unwrap().contains("--tls"));
}

#[tokio::test]
async fn the_authority_of_a_data_directory_stays() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("authority");
    let mut seen = Vec::new();
    for _ in 0..2 {
        let emulator = Emulator::start(&["--tls", "--data-dir", folder.path()]);
        let client = match seen.first() {
            None => trusting(&emulator).await.build().unwrap(),
            Some(first) => Client::builder().tls_certs_only([Certificate::from_pem(String::as_bytes(first)).unwrap()]).build().unwrap(),
        };
        list(&client, &emulator.url).await.unwrap();
        seen.push(authority(&emulator).await);
        assert_eq!(std::fs::read_to_string(folder.0.join("ca.pem")).unwrap(), seen[0]);
        assert!(emulator.stop());
    }
    assert_eq!(seen[0], seen[1]);
    let key = std::fs::metadata(folder.0.join("ca-key.pem")).unwrap();
    assert_eq!(key.permissions().mode() & 0o077, 0);
}

#[tokio::test]
async fn names_of_the_domain_are_reached_through_the_proxy() {
    let emulator = Emulator::start(&["--domain", "runloop.test"]);
    let proxy = Proxy::https(format!("http://{}", address(&emulator))).unwrap();
    let client = trusting(&emulator).await.proxy(proxy).build().unwrap();
    let (version, answer) = list(&client, "https://api.runloop.test").await.unwrap();
    assert_eq!((version, &answer["devboxes"]), (Version::HTTP_2, &json!([])));
    // A name that is not ours is refused, not passed on.
    assert!(list(&client, "https://api.runloop.example").await.is_err());

    let create = client.post("https://api.runloop.test/v1/devboxes/create_and_await_running").bearer_auth("x");
    let devbox: Value = create.json(&json!({"tunnel": {}})).send().await.unwrap().json().await.unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let run =
        json!({"command": format!("mkdir -p site && echo through > site/page && exec python3 -m http.server {port} --directory site")});
    let path = format!("https://api.runloop.test/v1/devboxes/{}/execute_async", devbox["id"].as_str().unwrap());
    client.post(path).bearer_auth("x").json(&run).send().await.unwrap().error_for_status().unwrap();
    let page = format!("https://{port}-{}.tunnel.runloop.test/page", devbox["tunnel"]["tunnel_key"].as_str().unwrap());
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        let response = client.get(&page).send().await.unwrap();
        if response.status() == 200 {
            assert_eq!(response.text().await.unwrap(), "through\n");
            break;
        }
        assert!(response.status() == 502 && std::time::Instant::now() < deadline, "{response:?}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn names_of_the_domain_that_resolve_are_served_directly() {
    let emulator = Emulator::start(&["--domain", "runloop.test"]);
    let socket: std::net::SocketAddr = address(&emulator).parse().unwrap();
    let client = trusting(&emulator).await.resolve("api.runloop.test", socket).resolve("api.other.test", socket).build().unwrap();
    let port = socket.port();
    list(&client, &format!("https://api.runloop.test:{port}")).await.unwrap();
    // The certificate is not good for others, and the Host check refuses them even without.
    assert!(list(&client, &format!("https://api.other.test:{port}")).await.is_err());
    let plain = client.get(format!("http://api.other.test:{port}/v1/devboxes")).bearer_auth("x").send().await.unwrap();
    assert_eq!(plain.status(), 403);
}

#[tokio::test]
async fn a_connection_may_have_so_many_streams() {
    for (args, expected) in [(&["--max-streams", "3"][..], 3), (&[][..], 128)] {
        let emulator = Emulator::start(args);
        let stream = tokio::net::TcpStream::connect(address(&emulator)).await.unwrap();
        let (mut sender, connection) = h2::client::handshake(stream).await.unwrap();
        tokio::spawn(connection);
        let request = http::Request::get(format!("{}/v1/devboxes", emulator.url)).header("authorization", "Bearer x").body(()).unwrap();
        let (answer, _) = sender.send_request(request, true).unwrap();
        assert_eq!(answer.await.unwrap().status(), 200);
        assert_eq!(sender.current_max_send_streams(), expected);
    }
}
