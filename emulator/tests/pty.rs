//! Terminals: a real shell on a real terminal, by its tunnel, over WebSocket.

mod common;

use common::Emulator;
use futures_util::{SinkExt, StreamExt};
use reqwest::Method;
use serde_json::{json, Value};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{client_async, WebSocketStream};

/// A way to the terminals of a devbox.
struct Way {
    emulator: Emulator,
    devbox: String,
    base: String,
    token: String,
}

impl Way {
    async fn new(args: &[&str]) -> Way {
        let emulator = Emulator::start(args);
        let devbox = emulator.devbox(json!({"environment_variables": {"MINE": "here"}})).await;
        let made = emulator.post(&format!("/v1/devboxes/{devbox}/create_pty_tunnel"), json!({})).await;
        let base = format!("{}/_tunnel/7000-{}", emulator.url, made["tunnel_key"].as_str().unwrap());
        let token = made["auth_token"].as_str().unwrap().to_string();
        Way { emulator, devbox, base, token }
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let request = self.emulator.client.request(method, format!("{}{path}", self.base));
        let request = request.header("x-runloop-tunnel-authorization", format!("Bearer {}", self.token));
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn connect(&self, name: &str) -> Value {
        let (status, view) = self.ask(Method::GET, &format!("/pty/{name}"), None).await;
        assert_eq!(status, 200, "{view}");
        view
    }

    async fn control(&self, name: &str, body: Value) -> (u16, Value) {
        self.ask(Method::POST, &format!("/pty/{name}/control"), Some(body)).await
    }

    async fn open(&self, connect_url: &str) -> Result<Screen, Error> {
        let mut request = format!("{}{connect_url}", self.base.replace("http://", "ws://")).into_client_request()?;
        request.headers_mut().insert("x-runloop-tunnel-authorization", format!("Bearer {}", self.token).parse().unwrap());
        let address = self.emulator.url.strip_prefix("http://").unwrap();
        let (socket, _) = client_async(request, TcpStream::connect(address).await.unwrap()).await?;
        Ok(Screen { socket, seen: String::new() })
    }
}

struct Screen {
    socket: WebSocketStream<TcpStream>,
    seen: String,
}

impl Screen {
    async fn write(&mut self, text: &str) {
        self.socket.send(Message::binary(text.as_bytes().to_vec())).await.unwrap();
    }

    /// Reads until the text is there; false where the session ends before.
    async fn shows(&mut self, text: &str) -> bool {
        let reading = async {
            while !self.seen.contains(text) {
                match self.socket.next().await {
                    Some(Ok(Message::Binary(bytes))) => self.seen.push_str(&String::from_utf8_lossy(&bytes)),
                    Some(Ok(Message::Close(_))) | Some(Err(_)) | None => return false,
                    Some(Ok(_)) => {}
                }
            }
            true
        };
        let shown = tokio::time::timeout(Duration::from_secs(60), reading).await;
        shown.unwrap_or_else(|_| panic!("{text:?} is not shown, but: {:?}", self.seen))
    }
}

/// The HTTP status that refused an upgrade.
fn refusal(result: Result<Screen, Error>) -> u16 {
    match result {
        Err(Error::Http(response)) => response.status().as_u16(),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was let in"),
    }
}

#[tokio::test]
async fn a_shell_on_a_terminal() {
    let way = Way::new(&[]).await;
    let (_, view) = way.ask(Method::GET, "/pty/main?cols=132&rows=43", None).await;
    assert_eq!((&view["created"], &view["attached"]), (&json!(true), &json!(false)), "{view}");
    assert_eq!((&view["cols"], &view["rows"]), (&json!(132), &json!(43)));
    let mut screen = way.open(view["connect_url"].as_str().unwrap()).await.unwrap();
    screen.write("tty; stty size; echo $MINE-$TERM; id -un; [ -t 0 ] && echo at-a-terminal; echo done-$((6*7))\n").await;
    assert!(screen.shows("done-42").await);
    for expected in ["/dev/pts/", "43 132", "here-xterm-256color", "user", "at-a-terminal"] {
        assert!(screen.seen.contains(expected), "{expected}: {}", screen.seen);
    }
    assert_eq!(way.connect("main").await["attached"], true);
    // A new size reaches the programs.
    screen.write("trap 'echo changed-$(stty size | tr \" \" x)' WINCH; echo trap''ped\n").await;
    assert!(screen.shows("trapped").await);
    assert_eq!(way.control("main", json!({"action": "resize", "cols": 90, "rows": 20})).await.0, 200);
    screen.write("\n").await;
    assert!(screen.shows("changed-20x90").await);
    // The keyboard's interrupt is the terminal's own.
    screen.write("bash -c 'echo sl''eeping; exec sleep 1000'\n").await;
    assert!(screen.shows("sleeping").await);
    screen.write("\x03").await;
    screen.write("echo in''terrupted\n").await;
    assert!(screen.shows("interrupted").await);
}

#[tokio::test]
async fn a_session_waits_for_its_client() {
    let way = Way::new(&[]).await;
    let url = way.connect("kept").await["connect_url"].as_str().unwrap().to_string();
    let mut screen = way.open(&url).await.unwrap();
    screen.write("STATE=remembered; echo re''ady\n").await;
    assert!(screen.shows("ready").await);
    // One client at a time.
    assert_eq!(refusal(way.open(&url).await), 409);
    screen.write("(sleep 0.3; echo mean''while) &\n").await;
    screen.socket.close(None).await.unwrap();
    while way.connect("kept").await["attached"] == true {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(way.connect("kept").await["created"], false);
    let mut again = way.open(&url).await.unwrap();
    assert!(again.shows("meanwhile").await);
    again.write("echo $STATE-again\n").await;
    assert!(again.shows("remembered-again").await);
}

#[tokio::test]
async fn signals_reach_the_foreground() {
    let way = Way::new(&[]).await;
    let url = way.connect("s").await["connect_url"].as_str().unwrap().to_string();
    let mut screen = way.open(&url).await.unwrap();
    screen.write("bash -c 'trap \"echo go''t-it; exit\" USR1; echo wa''iting; while :; do sleep 0.05; done'\n").await;
    assert!(screen.shows("waiting").await);
    assert_eq!(way.control("s", json!({"action": "signal", "signal": "SIGUSR1"})).await.0, 200);
    assert!(screen.shows("got-it").await);
    for wrong in [
        json!({"action": "signal", "signal": "SIGNOPE"}),
        json!({"action": "signal"}),
        json!({"action": "resize", "cols": 0, "rows": 5}),
        json!({"action": "resize", "cols": 1001, "rows": 5}),
        json!({"action": "resize", "cols": 5}),
        json!({"action": "dance"}),
        json!({}),
    ] {
        assert_eq!(way.control("s", wrong.clone()).await.0, 400, "{wrong}");
    }
    assert_eq!(way.control("absent", json!({"action": "close"})).await.0, 404);
}

#[tokio::test]
async fn a_closed_or_ended_session_is_made_anew() {
    let way = Way::new(&[]).await;
    let url = way.connect("x").await["connect_url"].as_str().unwrap().to_string();
    let mut screen = way.open(&url).await.unwrap();
    screen.write("sleep 54321\n").await;
    assert!(screen.shows("54321").await);
    assert_eq!(way.control("x", json!({"action": "close"})).await.0, 200);
    assert!(!screen.shows("never shown").await, "its client is told");
    assert_eq!(way.connect("x").await["created"], true);

    let mut screen = way.open(&url).await.unwrap();
    screen.write("exit\n").await;
    assert!(!screen.shows("never shown").await);
    assert_eq!(way.connect("x").await["created"], true);
    // Nothing of the former ones stays.
    let ended =
        "for pid in $(pgrep -f 'sleep 5432[1]'); do timeout 20 tail -s 0.05 --pid=$pid -f /dev/null; done; pgrep -f 'sleep 5432[1]'";
    assert_eq!(way.emulator.run(&way.devbox, ended).await, (1, String::new()));
}

#[tokio::test]
async fn a_session_that_is_left_alone_ends() {
    let way = Way::new(&["--time-scale", "600"]).await;
    assert_eq!(way.connect("idle").await["created"], true);
    let deadline = std::time::Instant::now() + Duration::from_secs(60);
    while way.control("idle", json!({"action": "resize", "cols": 80, "rows": 24})).await.0 != 404 {
        assert!(std::time::Instant::now() < deadline, "it is still there");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn terminals_want_their_token() {
    let way = Way::new(&[]).await;
    let url = way.connect("t").await["connect_url"].as_str().unwrap().to_string();
    let stranger = Way { token: "wrong".into(), base: way.base.clone(), devbox: String::new(), emulator: way.emulator };
    assert_eq!(stranger.ask(Method::GET, "/pty/t", None).await.0, 401);
    assert_eq!(refusal(stranger.open(&url).await), 401);
    // Without the tunnel's own address it is the token that says which devbox is meant.
    let direct = Way { base: stranger.emulator.url.clone(), token: way.token, devbox: String::new(), emulator: stranger.emulator };
    assert_eq!(direct.emulator.status(Method::GET, "/pty/t", None).await.0, 401);
    let mut screen = direct.open(&url).await.unwrap();
    screen.write("echo di''rect\n").await;
    assert!(screen.shows("direct").await);
    assert_eq!(direct.ask(Method::GET, "/v1/devboxes", None).await.0, 401);
}

#[tokio::test]
async fn names_are_checked_and_only_terminals_are_there() {
    let way = Way::new(&[]).await;
    for name in ["a%20b", "a.b", &"x".repeat(257)] {
        assert_eq!(way.ask(Method::GET, &format!("/pty/{name}"), None).await.0, 400, "{name}");
    }
    assert_eq!(way.ask(Method::GET, "/v1/devboxes", None).await.0, 404);
    let plain = way.ask(Method::GET, way.connect("n").await["connect_url"].as_str().unwrap(), None).await;
    assert_eq!(plain.0, 426, "{}", plain.1);
}
