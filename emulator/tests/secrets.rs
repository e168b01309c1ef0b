//! Secrets: by name and by id, and never shown.

mod common;

use common::folder::Folder;
use common::spec::checked;
use common::Emulator;
use reqwest::Method;
use serde_json::{json, Value};

async fn create(emulator: &Emulator, name: &str, value: &str) -> Value {
    checked("secrets.create", emulator.post("/v1/secrets", json!({"name": name, "value": value})).await)
}

async fn names(emulator: &Emulator) -> Vec<String> {
    let list = checked("secrets.list", emulator.get("/v1/secrets").await);
    list["secrets"].as_array().unwrap().iter().map(|secret| secret["name"].as_str().unwrap().to_string()).collect()
}

#[tokio::test]
async fn by_name_and_by_id() {
    let emulator = Emulator::start(&[]);
    let first = create(&emulator, "TOKEN", "one").await;
    let id = first["id"].as_str().unwrap();
    assert!(id.starts_with("sec_"));
    let (status, answer) = emulator.status(Method::POST, "/v1/secrets", Some(json!({"name": "TOKEN", "value": "x"}))).await;
    assert!(status == 409 && answer["message"].as_str().unwrap().contains("TOKEN"), "{answer}");

    assert_eq!(checked("secrets.retrieve", emulator.get("/v1/secrets/TOKEN").await), first);
    assert_eq!(checked("secrets.retrieve_by_id", emulator.get(&format!("/v1/secrets/id/{id}")).await), first);
    let updated = checked("secrets.update", emulator.post("/v1/secrets/TOKEN", json!({"value": "two"})).await);
    assert_eq!(updated["id"], first["id"]);
    let by_id = emulator.post(&format!("/v1/secrets/id/{id}/update"), json!({"value": "three"})).await;
    assert!(checked("secrets.update_by_id", by_id)["update_time_ms"].as_i64() >= first["create_time_ms"].as_i64());

    let deleted = emulator.post(&format!("/v1/secrets/id/{id}/delete"), json!({})).await;
    assert_eq!(checked("secrets.delete_by_id", deleted)["id"], first["id"]);
    let second = create(&emulator, "TOKEN", "again").await;
    assert_ne!(second["id"], first["id"]);
    for (method, path) in [
        (Method::GET, format!("/v1/secrets/id/{id}")),
        (Method::POST, format!("/v1/secrets/id/{id}/update")),
        (Method::POST, format!("/v1/secrets/id/{id}/delete")),
        (Method::GET, "/v1/secrets/id/TOKEN".to_string()),
        (Method::GET, format!("/v1/secrets/{}", second["id"].as_str().unwrap())),
        (Method::POST, "/v1/secrets/NONE/delete".to_string()),
    ] {
        let body = (method == Method::POST).then(|| json!({"value": "x"}));
        assert_eq!(emulator.status(method, &path, body).await.0, 404, "{path}");
    }
    let gone = emulator.post("/v1/secrets/TOKEN/delete", json!({})).await;
    assert_eq!(checked("secrets.delete", gone)["id"], second["id"]);
    assert_eq!(names(&emulator).await, [""; 0]);
}

#[tokio::test]
async fn wrong_requests_are_refused() {
    let emulator = Emulator::start(&[]);
    for body in [
        json!({"name": "", "value": "x"}),
        json!({"name": "1A", "value": "x"}),
        json!({"name": "A B", "value": "x"}),
        json!({"name": "A", "value": "a\u{0}b"}),
        json!({"name": "A"}),
        json!({"name": "A", "value": 5}),
    ] {
        assert_eq!(emulator.status(Method::POST, "/v1/secrets", Some(body.clone())).await.0, 400, "{body}");
    }
    create(&emulator, "hyphens-are-taken", "").await;
    for n in 0..3 {
        create(&emulator, &format!("S{n}"), "x").await;
    }
    let page = checked("secrets.list", emulator.get("/v1/secrets?limit=2").await);
    assert_eq!((&page["secrets"][0]["name"], &page["has_more"], &page["total_count"]), (&json!("S2"), &json!(true), &json!(4)));
    assert_eq!(emulator.status(Method::GET, "/v1/secrets?limit=0", None).await.0, 400);
}

#[tokio::test]
async fn values_are_shown_nowhere() {
    let emulator = Emulator::start(&[]);
    let hidden = "do-not-show-this";
    let mut answers = vec![create(&emulator, "A", hidden).await];
    answers.push(emulator.post("/v1/secrets/A", json!({"value": hidden})).await);
    answers.push(emulator.get("/v1/secrets/A").await);
    answers.push(emulator.get("/v1/secrets").await);
    answers.push(emulator.status(Method::POST, "/v1/secrets", Some(json!({"name": "A", "value": hidden}))).await.1);
    answers.push(emulator.status(Method::POST, "/v1/secrets", Some(json!({"name": 3, "value": hidden}))).await.1);
    let journal = emulator.get("/_emulator/journal").await;
    assert!(journal.to_string().contains("[redacted]"));
    answers.push(journal);
    for answer in answers {
        assert!(!answer.to_string().contains(hidden), "{answer}");
    }
}

#[tokio::test]
async fn they_survive_a_kill() {
    let folder = Folder::new();
    let start = || Emulator::start(&["--data-dir", folder.text()]);
    let emulator = start();
    let kept = create(&emulator, "KEPT", "one").await;
    create(&emulator, "DELETED", "two").await;
    let updated = emulator.post("/v1/secrets/KEPT", json!({"value": "three"})).await;
    emulator.post("/v1/secrets/DELETED/delete", json!({})).await;
    emulator.kill();
    let emulator = start();
    assert_eq!(names(&emulator).await, ["KEPT"]);
    assert_eq!(emulator.get("/v1/secrets/KEPT").await, updated);
    assert_eq!(updated["id"], kept["id"]);
    emulator.post("/_emulator/reset", json!({})).await;
    assert_eq!(names(&emulator).await, [""; 0]);
}
