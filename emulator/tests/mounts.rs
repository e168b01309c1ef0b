//! Objects, secrets, gateways and MCP servers in new devboxes.

mod common;

use common::Emulator;
use flate2::write::GzEncoder;
use reqwest::Method;
use serde_json::{json, Value};
use std::io::Write;

async fn object(emulator: &Emulator, kind: &str, content: Vec<u8>) -> String {
    let object = emulator.post("/v1/objects", json!({"name": "thing", "content_type": kind})).await;
    let mut put = emulator.client.put(object["upload_url"].as_str().unwrap()).body(content);
    for (name, value) in object["upload_headers"].as_object().into_iter().flatten() {
        put = put.header(name, value.as_str().unwrap());
    }
    assert!(put.send().await.unwrap().status().is_success());
    let id = object["id"].as_str().unwrap();
    emulator.post(&format!("/v1/objects/{id}/complete"), json!({})).await;
    id.to_string()
}

fn tar(entries: &[(&str, &str, tar::EntryType, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content, kind, link) in entries {
        let mut header = tar::Header::new_gnu();
        header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
        header.as_gnu_mut().unwrap().linkname[..link.len()].copy_from_slice(link.as_bytes());
        header.set_entry_type(*kind);
        header.set_mode(0o750);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_size(content.len() as u64);
        header.set_cksum();
        builder.append(&header, content.as_bytes()).unwrap();
    }
    builder.into_inner().unwrap()
}

fn mount(object: &str, path: &str) -> Value {
    json!({"type": "object_mount", "object_id": object, "object_path": path})
}

async fn objects_are_mounted(arguments: &[&str]) {
    use tar::EntryType::{Regular, Symlink};
    let emulator = Emulator::start(arguments);
    let archive = tar(&[("bin/run", "#!/bin/sh\necho ran\n", Regular, ""), ("link", "", Symlink, "bin/run")]);
    let mut gzip = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&archive).unwrap();
    let tgz = gzip.finish().unwrap();
    let text = object(&emulator, "text", b"plain text".to_vec()).await;
    let (tar, tgz) = (object(&emulator, "tar", archive).await, object(&emulator, "tgz", tgz).await);
    let binary = object(&emulator, "binary", vec![7; 3_000_000]).await;
    let mounts = [mount(&text, "dir/text"), mount(&tar, "from-tar"), mount(&tgz, "~/from-tgz"), mount(&binary, "big")];
    let id = emulator.devbox(json!({"mounts": mounts})).await;
    let commands = "cat dir/text; from-tar/link; from-tgz/bin/run; stat -c '%a %U' from-tgz/bin/run; wc -c < big";
    let user = emulator.run(&id, "id -un").await.1;
    assert_eq!(emulator.run(&id, commands).await, (0, format!("plain textran\nran\n750 {user}3000000\n")));
}

#[tokio::test]
async fn objects_become_files_and_archives_folders() {
    objects_are_mounted(&[]).await;
}

#[tokio::test]
async fn objects_become_files_and_archives_folders_of_plain_devboxes() {
    objects_are_mounted(&["--isolation", "plain"]).await;
}

#[tokio::test]
async fn an_archive_that_leads_elsewhere_fails_the_devbox() {
    let emulator = Emulator::start(&["--isolation", "plain"]);
    for entry in
        [("../out", "x", tar::EntryType::Regular, ""), ("a", "", tar::EntryType::Symlink, "/etc"), ("null", "", tar::EntryType::Char, "")]
    {
        let id = object(&emulator, "tar", tar(&[entry])).await;
        let failed = emulator.post("/v1/devboxes/create_and_await_running", json!({"mounts": [mount(&id, "in")]})).await;
        assert_eq!((&failed["status"], &failed["failure_reason"]), (&json!("failure"), &json!("execution_failed")));
        let why = failed["state_transitions"].to_string();
        assert!(why.contains("refused") && why.contains(&id), "{why}");
    }
    let broken = object(&emulator, "tgz", b"no gzip at all".to_vec()).await;
    let failed = emulator.post("/v1/devboxes/create_and_await_running", json!({"mounts": [mount(&broken, "in")]})).await;
    assert!(failed["state_transitions"].to_string().contains("cannot be read"), "{failed}");
    for (id, status) in [("obj_none", 404), (broken.as_str(), 200)] {
        let body = json!({"mounts": [mount(id, "in")]});
        assert_eq!(emulator.status(Method::POST, "/v1/devboxes", Some(body)).await.0, status);
    }
}

#[tokio::test]
async fn secrets_and_tokens_are_in_the_environment_and_nowhere_else() {
    let data = common::folder::Folder::new();
    let emulator = Emulator::start(&["--data-dir", data.text()]);
    for (name, value) in [("FIRST", "one-value"), ("OTHER", "other-value")] {
        emulator.post("/v1/secrets", json!({"name": name, "value": value})).await;
    }
    let gateway = json!({"name": "gate", "endpoint": "https://api.example.com", "auth_mechanism": {"type": "bearer"}});
    let gateway = emulator.post("/v1/gateway-configs", gateway).await;
    let mcp = json!({"name": "tools", "endpoint": "https://mcp.example.com", "allowed_tools": ["*"]});
    let mcp = emulator.post("/v1/mcp-configs", mcp).await;
    let create = json!({
        "secrets": {"PASSWORD": "FIRST"},
        "gateways": {"GATE": {"gateway": "gate", "secret": "OTHER"}},
        "mcp": {"TOOLS": {"mcp_config": mcp["id"], "secret": "OTHER"}},
    });
    let id = emulator.devbox(create.clone()).await;
    let view = emulator.get(&format!("/v1/devboxes/{id}")).await;
    assert_eq!(view["gateway_specs"]["GATE"]["gateway_config_id"], gateway["id"]);
    assert_eq!(view["mcp_specs"]["TOOLS"]["mcp_config_id"], mcp["id"]);
    let print = "echo $PASSWORD; echo ${GATE:0:4} $GATE_URL; test -n \"$TOOLS\" && echo $RL_MCP_URL";
    let printed = emulator.run(&id, print).await.1;
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!((lines[0], lines.len()), ("one-value", 3));
    assert!(lines[1].starts_with("gws_ http") && lines[2].starts_with("http"), "{printed}");
    assert!(!view.to_string().contains("-value"));
    assert!(!emulator.run(&id, "env").await.1.contains("other-value"));
    // The newest value counts from the next start on.
    emulator.post("/v1/secrets/FIRST", json!({"value": "new-value"})).await;
    assert_eq!(emulator.run(&id, "echo $PASSWORD").await.1, "one-value\n");
    emulator.post(&format!("/v1/devboxes/{id}/suspend"), json!({})).await;
    emulator.wait(&id, &["suspended"]).await;
    emulator.post(&format!("/v1/devboxes/{id}/resume"), json!({})).await;
    emulator.wait(&id, &["running"]).await;
    assert_eq!(emulator.run(&id, "echo $PASSWORD").await.1, "new-value\n");
    for (field, value) in [("secrets", json!({"A": "MISSING"})), ("gateways", json!({"A": {"gateway": "none", "secret": "FIRST"}}))] {
        let (status, answer) = emulator.status(Method::POST, "/v1/devboxes", Some(json!({field: value}))).await;
        assert!((400..405).contains(&status), "{status} {answer}");
        assert!(answer["message"].as_str().unwrap().contains("not found"), "{answer}");
    }
    let policy = json!({"launch_parameters": {"network_policy_id": "np_none"}});
    assert_eq!(emulator.status(Method::POST, "/v1/devboxes", Some(policy)).await.0, 400);
}

async fn said(emulator: &Emulator, axon: &str, wanted: usize) -> Vec<Value> {
    let began = std::time::Instant::now();
    loop {
        let list = emulator.get(&format!("/v1/axons/{axon}/events")).await;
        let events = list["events"].as_array().unwrap();
        let mut said: Vec<Value> = events.iter().filter(|event| event["origin"] == "AGENT_EVENT").cloned().collect();
        if said.len() >= wanted {
            said.reverse();
            return said;
        }
        assert!(began.elapsed().as_secs() < 60, "{list}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_broker_gives_an_agent_the_axon_s_events_and_wakes_the_devbox_for_them() {
    let emulator = Emulator::start(&[]);
    let axon = emulator.post("/v1/axons", json!({})).await;
    let axon = axon["id"].as_str().unwrap();
    let publish = format!("/v1/axons/{axon}/publish");
    let event = |payload: &str| json!({"event_type": "say", "origin": "USER_EVENT", "payload": payload, "source": "test"});
    emulator.post(&publish, event("too early")).await;
    let broker = json!({"type": "broker_mount", "axon_id": axon, "protocol": "acp", "agent_binary": "./agent",
        "launch_args": ["it's", "two"], "working_directory": "/tmp/work"});
    let script = "#!/bin/sh\nwhile read -r line; do echo \"$1 $2 $line\"; done\n";
    let id = emulator
        .devbox(json!({
            "mounts": [broker, {"type": "file_mount", "target": "/tmp/work/agent", "content": script}],
            "launch_parameters": {
                "launch_commands": ["chmod +x /tmp/work/agent"],
                "lifecycle": {"resume_triggers": {"axon_event": true}},
            },
        }))
        .await;
    emulator.post(&publish, event("{\n \"a\": 1}")).await;
    emulator.post(&publish, event("plain")).await;
    let events = said(&emulator, axon, 2).await;
    let payloads: Vec<&str> = events.iter().map(|event| event["payload"].as_str().unwrap()).collect();
    assert_eq!(payloads, ["it's two {\"a\":1}", "it's two plain"]);
    assert_eq!(events[0]["event_type"], "acp");
    emulator.post(&format!("/v1/devboxes/{id}/suspend"), json!({})).await;
    emulator.wait(&id, &["suspended"]).await;
    emulator.post(&publish, event("wake up")).await;
    emulator.wait(&id, &["running"]).await;
    let events = said(&emulator, axon, 3).await;
    assert_eq!((events.len(), &events[2]["payload"]), (3, &json!("it's two wake up")));
    let missing = json!({"mounts": [{"type": "broker_mount", "axon_id": "axn_none"}]});
    assert_eq!(emulator.status(Method::POST, "/v1/devboxes", Some(missing)).await.0, 404);
}

#[tokio::test]
async fn a_blueprint_is_built_with_an_object_s_files_and_a_secret_that_it_does_not_keep() {
    let emulator = Emulator::start(&[]);
    let archive = tar(&[("hello.txt", "from the context\n", tar::EntryType::Regular, "")]);
    let context = object(&emulator, "tar", archive).await;
    emulator.post("/v1/secrets", json!({"name": "KEY", "value": "hush-hush"})).await;
    let dockerfile = "FROM any\nCOPY hello.txt /hello.txt\nRUN chmod 644 /hello.txt\nARG THE_KEY\nRUN echo ${#THE_KEY} > /length";
    let made = emulator
        .post(
            "/v1/blueprints",
            json!({"name": "b", "dockerfile": dockerfile, "secrets": {"THE_KEY": "KEY"},
                "build_context": {"type": "object", "object_id": context}}),
        )
        .await;
    let id = made["id"].as_str().unwrap();
    let began = std::time::Instant::now();
    let built = loop {
        let blueprint = emulator.get(&format!("/v1/blueprints/{id}")).await;
        if ["build_complete", "failed"].contains(&blueprint["status"].as_str().unwrap()) {
            break blueprint;
        }
        assert!(began.elapsed().as_secs() < 60, "{blueprint}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    let log = emulator.get(&format!("/v1/blueprints/{id}/logs")).await;
    assert_eq!(built["status"], "build_complete", "{log}");
    assert!(!log.to_string().contains("hush"));
    let devbox = emulator.devbox(json!({"blueprint_id": id})).await;
    assert_eq!(emulator.run(&devbox, "cat /hello.txt /length").await.1, "from the context\n9\n");
    assert!(!emulator.run(&devbox, "env").await.1.contains("hush"));
}
