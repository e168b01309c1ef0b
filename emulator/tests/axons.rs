//! Axons: events in order, replayed and live; a database each; deletion.

mod common;

use common::folder::Folder;
use common::spec::checked;
use common::Emulator;
use reqwest::{Method, Response};
use serde_json::{json, Value};
use std::time::Duration;

async fn create(emulator: &Emulator, body: Value) -> String {
    let axon = checked("axons.create", emulator.post("/v1/axons", body).await);
    axon["id"].as_str().unwrap().to_string()
}

async fn publish(emulator: &Emulator, axon: &str, payload: &str) -> i64 {
    let event = json!({"event_type": "push", "origin": "USER_EVENT", "payload": payload, "source": "test"});
    let result = checked("axons.publish", emulator.post(&format!("/v1/axons/{axon}/publish"), event).await);
    result["sequence"].as_i64().unwrap()
}

async fn query(emulator: &Emulator, axon: &str, sql: &str, params: Value) -> Value {
    let body = json!({"sql": sql, "params": params});
    checked("sql.query", emulator.post(&format!("/v1/axons/{axon}/sql/query"), body).await)
}

/// A subscription, read event by event.
struct Subscription {
    response: Response,
    text: String,
}

impl Subscription {
    async fn new(emulator: &Emulator, axon: &str, query: &str) -> Subscription {
        let url = format!("{}/v1/axons/{axon}/subscribe/sse{query}", emulator.url);
        let request = emulator.client.get(url).bearer_auth("test-key").header("accept", "text/event-stream");
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Subscription { response, text: String::new() }
    }

    /// `None` at the end of the stream.
    async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let event = event.strip_prefix("data: ").map(|data| serde_json::from_str(data).unwrap());
                self.text = rest.to_string();
                if let Some(event) = event {
                    return Some(checked("axons.subscribe_sse", event));
                }
                continue;
            }
            let chunk = tokio::time::timeout(Duration::from_secs(20), self.response.chunk()).await.expect("an event in time");
            self.text.push_str(std::str::from_utf8(&chunk.unwrap()?).unwrap());
        }
    }
}

#[tokio::test]
async fn events_come_in_order_replayed_and_live() {
    let emulator = Emulator::start(&[]);
    let axon = create(&emulator, json!({})).await;
    assert!(axon.starts_with("axn_"));
    for n in 1..=250 {
        assert_eq!(publish(&emulator, &axon, &format!("{{\"n\":{n}}}")).await, n);
    }
    let mut all = Subscription::new(&emulator, &axon, "").await;
    let mut some = Subscription::new(&emulator, &axon, "?after_sequence=249").await;
    for n in 1..=250 {
        let event = all.next().await.unwrap();
        assert_eq!((&event["sequence"], &event["payload"]), (&json!(n), &json!(format!("{{\"n\":{n}}}"))));
        assert_eq!((&event["axon_id"], &event["source"]), (&json!(axon), &json!("test")));
    }
    publish(&emulator, &axon, "live").await;
    assert_eq!(some.next().await.unwrap()["sequence"], 250);
    for subscription in [&mut all, &mut some] {
        let event = subscription.next().await.unwrap();
        assert_eq!((&event["sequence"], &event["payload"]), (&json!(251), &json!("live")));
    }
    emulator.send(Method::DELETE, &format!("/v1/axons/{axon}"), None).await;
    assert_eq!(all.next().await, None);
    assert_eq!(some.next().await, None);
}

#[tokio::test]
async fn events_are_listed_the_newest_first() {
    let emulator = Emulator::start(&[]);
    let axon = create(&emulator, json!({})).await;
    let list = async |query: &str| checked("events.list", emulator.get(&format!("/v1/axons/{axon}/events?{query}")).await);
    let sequences = |page: &Value| -> Vec<i64> {
        let events = page["events"].as_array().unwrap();
        events.iter().map(|event| event["sequence"].as_i64().unwrap()).collect()
    };
    let none = list("").await;
    assert_eq!((sequences(&none), &none["has_more"]), (vec![], &json!(false)));
    for n in 1..=5 {
        publish(&emulator, &axon, &n.to_string()).await;
    }
    let first = list("limit=2").await;
    assert_eq!((sequences(&first), &first["has_more"], &first["total_count"]), (vec![5, 4], &json!(true), &json!(5)));
    let rest = list("limit=3&starting_after=4&include_total_count=false").await;
    assert_eq!((sequences(&rest), &rest["has_more"], rest.get("total_count")), (vec![3, 2, 1], &json!(false), None));
    let path = format!("/v1/axons/{axon}/events?starting_after=x");
    assert_eq!(emulator.status(Method::GET, &path, None).await.0, 400);
}

#[tokio::test]
async fn wrong_events_are_refused() {
    let emulator = Emulator::start(&[]);
    let axon = create(&emulator, json!({})).await;
    let good = json!({"event_type": "a", "origin": "USER_EVENT", "payload": "{}", "source": "b"});
    for (field, value) in [("origin", json!("SYSTEM_EVENT")), ("payload", json!({})), ("source", Value::Null)] {
        let mut wrong = good.clone();
        wrong[field] = value;
        let path = format!("/v1/axons/{axon}/publish");
        assert_eq!(emulator.status(Method::POST, &path, Some(wrong)).await.0, 400, "{field}");
    }
    assert_eq!(emulator.status(Method::POST, "/v1/axons/axn_none/publish", Some(good)).await.0, 404);
    let plain = emulator.send(Method::GET, &format!("/v1/axons/{axon}/subscribe/sse"), None).await;
    assert_eq!(plain.status(), 406);
}

#[tokio::test]
async fn each_has_a_database() {
    let emulator = Emulator::start(&[]);
    let axon = create(&emulator, json!({})).await;
    let other = create(&emulator, json!({})).await;
    query(&emulator, &axon, "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)", json!([])).await;
    let inserted = query(&emulator, &axon, "INSERT INTO t VALUES (?, ?), (?, ?)", json!([1, "a", 2, null])).await;
    assert_eq!((&inserted["meta"]["changes"], &inserted["rows"]), (&json!(2), &json!([])));
    let rows = query(&emulator, &axon, "SELECT * FROM t WHERE id >= ? ORDER BY id", json!([1])).await;
    assert_eq!(rows["rows"], json!([[1, "a"], [2, null]]));
    assert_eq!(rows["columns"], json!([{"name": "id", "type": "INTEGER"}, {"name": "name", "type": "TEXT"}]));
    let path = format!("/v1/axons/{other}/sql/query");
    let (status, answer) = emulator.status(Method::POST, &path, Some(json!({"sql": "SELECT * FROM t"}))).await;
    assert!(status == 400 && answer["message"].as_str().unwrap().contains("no such table"), "{answer}");

    let batch = async |statements: Value| {
        let body = json!({ "statements": statements });
        let answer = emulator.post(&format!("/v1/axons/{axon}/sql/batch"), body).await;
        checked("sql.batch", answer)["results"].clone()
    };
    let failed =
        batch(json!([{"sql": "INSERT INTO t VALUES (3, 'c')"}, {"sql": "INSERT INTO t VALUES (1, 'x')"}, {"sql": "SELECT 1"}])).await;
    assert!(failed[0]["error"]["message"].as_str().unwrap().contains("rolled back"));
    assert!(failed[1]["error"]["message"].as_str().unwrap().contains("UNIQUE"));
    assert!(failed[2]["error"]["message"].as_str().unwrap().contains("not run"));
    assert_eq!(query(&emulator, &axon, "SELECT COUNT(*) FROM t", json!([])).await["rows"], json!([[2]]));
    let done = batch(json!([{"sql": "INSERT INTO t VALUES (?, ?)", "params": [3, "c"]}, {"sql": "SELECT name FROM t WHERE id = 3"}])).await;
    assert_eq!(done[1]["success"]["rows"], json!([["c"]]));
    let (status, _) = emulator.status(Method::POST, &format!("/v1/axons/{axon}/sql/batch"), Some(json!({"statements": []}))).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn a_deleted_one_can_only_be_read() {
    let emulator = Emulator::start(&[]);
    let axon = create(&emulator, json!({"name": "n", "metadata": {"a": "b"}})).await;
    let path = format!("/v1/axons/{axon}");
    publish(&emulator, &axon, "kept").await;
    query(&emulator, &axon, "CREATE TABLE t AS SELECT 7 AS n", json!([])).await;
    let updated = emulator.post(&path, json!({"metadata": {"c": "d"}})).await;
    assert_eq!(checked("axons.update", updated)["metadata"], json!({"c": "d"}));
    assert_eq!(emulator.post(&path, json!({})).await["metadata"], json!({"c": "d"}));

    assert_eq!(emulator.send(Method::DELETE, &path, None).await.status(), 200);
    let deleted = checked("axons.retrieve", emulator.get(&path).await);
    assert!(deleted["deleted_at_ms"].is_i64(), "{deleted}");
    assert_eq!(emulator.send(Method::DELETE, &path, None).await.status(), 200);
    assert_eq!(emulator.get(&path).await, deleted, "the first deletion counts");

    let event = json!({"event_type": "a", "origin": "USER_EVENT", "payload": "{}", "source": "b"});
    for (path, body) in [
        (format!("{path}/publish"), event),
        (path.clone(), json!({"metadata": {}})),
        (format!("{path}/sql/query"), json!({"sql": "DELETE FROM t"})),
    ] {
        assert_eq!(emulator.status(Method::POST, &path, Some(body)).await.0, 400, "{path}");
    }
    let batch = emulator.post(&format!("{path}/sql/batch"), json!({"statements": [{"sql": "DELETE FROM t"}]})).await;
    assert!(batch["results"][0]["error"]["message"].is_string(), "{batch}");
    assert_eq!(query(&emulator, &axon, "SELECT n FROM t", json!([])).await["rows"], json!([[7]]));
    assert_eq!(emulator.get(&format!("{path}/events")).await["events"][0]["payload"], "kept");
    let mut events = Subscription::new(&emulator, &axon, "").await;
    assert_eq!(events.next().await.unwrap()["payload"], "kept");
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn lists_are_filtered() {
    let emulator = Emulator::start(&[]);
    let red = create(&emulator, json!({"name": "alpha-red", "metadata": {"team": "a", "tier": "1"}})).await;
    let blue = create(&emulator, json!({"name": "alpha-blue", "metadata": {"team": "b"}})).await;
    let bare = create(&emulator, json!({})).await;
    let gone = create(&emulator, json!({"name": "alpha-gone"})).await;
    emulator.send(Method::DELETE, &format!("/v1/axons/{gone}"), None).await;
    for (query, expected) in [
        (String::new(), vec![&bare, &blue, &red]),
        ("name=alpha".into(), vec![&blue, &red]),
        ("name=red".into(), vec![]),
        ("search=RED".into(), vec![&red]),
        (format!("search={blue}"), vec![&blue]),
        (format!("id={red}"), vec![&red]),
        (format!("id={gone}"), vec![&gone]),
        ("metadata[team]=a".into(), vec![&red]),
        ("metadata%5Bteam%5D%5Bin%5D=a,b".into(), vec![&blue, &red]),
        ("metadata[team][in]=a,b&metadata[tier]=1".into(), vec![&red]),
    ] {
        let page = checked("axons.list", emulator.get(&format!("/v1/axons?{query}")).await);
        let ids: Vec<&str> = page["axons"].as_array().unwrap().iter().map(|axon| axon["id"].as_str().unwrap()).collect();
        assert_eq!(ids, expected, "{query}");
    }
}

#[tokio::test]
async fn they_survive_a_kill() {
    let folder = Folder::new();
    let start = || Emulator::start(&["--data-dir", folder.text()]);
    let emulator = start();
    let axon = create(&emulator, json!({"name": "kept"})).await;
    query(&emulator, &axon, "CREATE TABLE t (n INTEGER)", json!([])).await;
    for n in 1..=20 {
        publish(&emulator, &axon, &n.to_string()).await;
        query(&emulator, &axon, "INSERT INTO t VALUES (?)", json!([n])).await;
    }
    emulator.kill();
    let emulator = start();
    assert_eq!(emulator.get(&format!("/v1/axons/{axon}")).await["name"], "kept");
    assert_eq!(query(&emulator, &axon, "SELECT COUNT(*), SUM(n) FROM t", json!([])).await["rows"], json!([[20, 210]]));
    assert_eq!(publish(&emulator, &axon, "next").await, 21);
    let mut events = Subscription::new(&emulator, &axon, "?after_sequence=19").await;
    assert_eq!(events.next().await.unwrap()["payload"], "20");
    assert_eq!(events.next().await.unwrap()["payload"], "next");
    emulator.post("/_emulator/reset", json!({})).await;
    assert_eq!(events.next().await, None);
    assert_eq!(emulator.get("/v1/axons").await["axons"], json!([]));
}
