//! Network policies, gateway and MCP configs, the account and its keys.

mod common;

use common::folder::Folder;
use common::spec::checked;
use common::Emulator;
use reqwest::Method;
use serde_json::{json, Value};

async fn refused(emulator: &Emulator, path: &str, body: Value, word: &str) {
    let (status, answer) = emulator.status(Method::POST, path, Some(body.clone())).await;
    let message = answer["message"].as_str().unwrap_or_default();
    assert!(status == 400 && message.contains(word), "{body}: {status} {answer}");
}

fn ids(page: &Value, name: &str) -> Vec<String> {
    page[name].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_string()).collect()
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_string()
}

#[tokio::test]
async fn network_policies() {
    let emulator = Emulator::start(&[]);
    let base = "/v1/network-policies";
    let created = emulator
        .post(
            base,
            json!({
                "name": "web", "description": "d", "allowed_hostnames": ["github.com", "*.npmjs.org"],
                "allowed_cidrs": [{"cidr": "10.12.0.0/16", "ports": [{"port": 80, "end_port": 90, "protocol": "TCP"}]}, {"cidr": "1.2.3.4/32"}],
            }),
        )
        .await;
    let policy = checked("networkpolicies.create", created);
    assert!(id(&policy).starts_with("np_"));
    let egress = &policy["egress"];
    assert_eq!((&egress["allow_all"], &egress["allow_devbox_to_devbox"]), (&json!(false), &json!(false)));
    assert_eq!(egress["allowed_cidrs"][0]["ports"][0]["end_port"], 90);
    let path = format!("{base}/{}", id(&policy));
    assert_eq!(checked("networkpolicies.retrieve", emulator.get(&path).await), policy);

    let updated = checked("networkpolicies.update", emulator.post(&path, json!({"allow_all": true, "name": null})).await);
    assert_eq!((&updated["name"], &updated["description"]), (&json!("web"), &json!("d")));
    assert_eq!(updated["egress"]["allow_devbox_to_devbox"], true, "all is all");
    assert_eq!(updated["egress"]["allowed_hostnames"], egress["allowed_hostnames"]);
    let emptied = emulator.post(&path, json!({"allowed_hostnames": [], "allowed_cidrs": []})).await;
    assert_eq!((&emptied["egress"]["allowed_hostnames"], &emptied["egress"]["allowed_cidrs"]), (&json!([]), &json!([])));

    let second = emulator.post(base, json!({"name": "web"})).await;
    let list = async |query: &str| checked("networkpolicies.list", emulator.get(&format!("{base}?{query}")).await);
    assert_eq!(ids(&list("name=we").await, "network_policies"), [id(&second), id(&policy)]);
    assert_eq!(ids(&list(&format!("id={}", id(&policy))).await, "network_policies"), [id(&policy)]);
    assert_eq!(ids(&list("search=WEB&limit=1").await, "network_policies"), [id(&second)]);
    for (body, word) in [
        (json!({"name": " "}), "name"),
        (json!({"name": "a", "allowed_hostnames": ["https://a.com"]}), "allowed_hostnames[0]"),
        (json!({"name": "a", "allowed_cidrs": [{"cidr": "10.12.1.0/16"}]}), "10.12.0.0/16"),
        (json!({"name": "a", "allowed_cidrs": [{"cidr": "::/0"}]}), "allowed_cidrs[0].cidr"),
        (json!({"name": "a", "allowed_cidrs": [{"cidr": "0.0.0.0/0", "ports": [{"port": 0}]}]}), "ports[0].port"),
        (json!({"name": "a", "allowed_cidrs": [{"cidr": "0.0.0.0/0", "ports": [{"port": 9, "end_port": 8}]}]}), "end_port"),
        (json!({"name": "a", "allow_all": "yes"}), "allow_all"),
    ] {
        refused(&emulator, base, body, word).await;
    }
    let deleted = checked("networkpolicies.delete", emulator.post(&format!("{path}/delete"), json!({})).await);
    assert_eq!(id(&deleted), id(&policy));
    assert_eq!(emulator.status(Method::GET, &path, None).await.0, 404);
}

#[tokio::test]
async fn gateway_configs() {
    let emulator = Emulator::start(&[]);
    let base = "/v1/gateway-configs";
    let secret = emulator.post("/v1/secrets", json!({"name": "KEY", "value": "v"})).await;
    let good = json!({"name": "g", "endpoint": "https://api.example.com", "auth_mechanism": {"type": "bearer"}});
    let mut first = good.clone();
    first["custom_headers"] = json!([{"name": "X-A", "secret": "KEY"}, {"name": "X-B", "value": "plain"}]);
    let config = checked("gatewayconfigs.create", emulator.post(base, first).await);
    assert!(id(&config).starts_with("gwc_"));
    assert_eq!(config["custom_headers"], json!([{"name": "X-A", "secret": secret["id"]}, {"name": "X-B", "value": "plain"}]));
    assert_eq!(config["account_id"], emulator.get("/v1/accounts/me").await["id"]);
    let path = format!("{base}/{}", id(&config));
    let change = json!({"auth_mechanism": {"type": "header", "key": "x-api-key"}, "custom_headers": [], "description": "d"});
    let updated = checked("gatewayconfigs.update", emulator.post(&path, change).await);
    assert_eq!(updated["auth_mechanism"], json!({"type": "header", "key": "x-api-key"}));
    assert_eq!((&updated["custom_headers"], &updated["endpoint"]), (&json!([]), &config["endpoint"]));
    assert_eq!(checked("gatewayconfigs.retrieve", emulator.get(&path).await), updated);

    let headers = |headers: Value| {
        let mut body = good.clone();
        body["custom_headers"] = headers;
        body
    };
    let nine: Vec<Value> = (0..9).map(|n| json!({"name": format!("X-{n}"), "value": "v"})).collect();
    for (body, word) in [
        (json!({"name": "g", "endpoint": "api.example.com", "auth_mechanism": {"type": "bearer"}}), "endpoint"),
        (json!({"name": "g", "endpoint": "https://a.b", "auth_mechanism": {"type": "header"}}), "auth_mechanism.key"),
        (json!({"name": "g", "endpoint": "https://a.b", "auth_mechanism": {"type": "oauth"}}), "auth_mechanism.type"),
        (json!({"name": "", "endpoint": "https://a.b", "auth_mechanism": {"type": "bearer"}}), "name"),
        (headers(json!(nine)), "custom_headers"),
        (headers(json!([{"name": "X"}])), "exactly one"),
        (headers(json!([{"name": "X", "value": "v", "secret": "KEY"}])), "exactly one"),
        (headers(json!([{"name": "X", "secret": "NONE"}])), "NONE"),
        (headers(json!([{"name": "X Y", "value": "v"}])), "custom_headers[0].name"),
    ] {
        refused(&emulator, base, body, word).await;
    }
    let second = emulator.post(base, good).await;
    let page = checked("gatewayconfigs.list", emulator.get(&format!("{base}?name=g&limit=1")).await);
    assert_eq!((ids(&page, "gateway_configs"), &page["has_more"]), (vec![id(&second)], &json!(true)));

    let devbox = emulator.devbox(json!({})).await;
    let token = async |gateway: &str, secret: &str| {
        let path = format!("/v1/devboxes/{devbox}/create_gateway_token");
        emulator.status(Method::POST, &path, Some(json!({"gateway": gateway, "secret": secret}))).await
    };
    let (status, by_name) = token("g", "KEY").await;
    assert_eq!((status, by_name["gateway_config_id"].as_str().unwrap()), (200, id(&second).as_str()), "the newest of the name");
    let (_, by_id) = token(&id(&config), secret["id"].as_str().unwrap()).await;
    let by_id = checked("devboxes.create_gateway_token", by_id);
    assert_eq!((&by_id["endpoint"], &by_id["devbox_id"]), (&config["endpoint"], &json!(devbox)));
    assert_ne!(by_id["token"], by_name["token"]);
    assert_eq!(token("none", "KEY").await.0, 400);
    assert_eq!(token("g", "NONE").await.0, 400);
    let nobody = json!({"gateway": "g", "secret": "KEY"});
    assert_eq!(emulator.status(Method::POST, "/v1/devboxes/dbx_none/create_gateway_token", Some(nobody)).await.0, 404);

    checked("gatewayconfigs.delete", emulator.post(&format!("{path}/delete"), json!({})).await);
    assert_eq!(emulator.status(Method::POST, &path, Some(json!({}))).await.0, 404);
}

#[tokio::test]
async fn mcp_configs() {
    let emulator = Emulator::start(&[]);
    let base = "/v1/mcp-configs";
    emulator.post("/v1/secrets", json!({"name": "KEY", "value": "v"})).await;
    let good = json!({"name": "github-read", "endpoint": "https://mcp.example.com", "allowed_tools": ["*"]});
    let config = checked("mcpconfigs.create", emulator.post(base, good.clone()).await);
    assert!(id(&config).starts_with("mcp_"));
    assert_eq!(config["auth_mechanism"], json!({"type": "bearer"}));
    let path = format!("{base}/{}", id(&config));
    let change = json!({"allowed_tools": ["github.search_*", "github.get_*"], "auth_mechanism": {"type": "basic"}});
    let updated = checked("mcpconfigs.update", emulator.post(&path, change).await);
    assert_eq!((updated["allowed_tools"].as_array().unwrap().len(), &updated["name"]), (2, &json!("github-read")));
    assert_eq!(checked("mcpconfigs.retrieve", emulator.get(&path).await), updated);
    for (field, value, word) in [
        ("allowed_tools", json!([]), "allowed_tools"),
        ("allowed_tools", json!(["a", ""]), "allowed_tools[1]"),
        ("endpoint", json!("mcp"), "endpoint"),
        ("auth_mechanism", json!({"type": "basic", "key": "x"}), "auth_mechanism.key"),
    ] {
        let mut wrong = good.clone();
        wrong[field] = value;
        refused(&emulator, base, wrong, word).await;
    }
    for (query, count) in [("name=github", 1), ("name=read", 0), ("search=READ", 1)] {
        let page = checked("mcpconfigs.list", emulator.get(&format!("{base}?{query}")).await);
        assert_eq!(page["mcp_configs"].as_array().unwrap().len(), count, "{query}");
    }
    let devbox = emulator.devbox(json!({})).await;
    let token_path = format!("/v1/devboxes/{devbox}/create_mcp_token");
    let token = emulator.post(&token_path, json!({"mcp_config": "github-read", "secret": "KEY"})).await;
    let token = checked("devboxes.create_mcp_token", token);
    assert_eq!((&token["mcp_config_id"], &token["allowed_tools"]), (&config["id"], &updated["allowed_tools"]));
    refused(&emulator, &token_path, json!({"mcp_config": "none", "secret": "KEY"}), "none").await;
    emulator.post(&format!("/v1/devboxes/{devbox}/shutdown"), json!({})).await;
    refused(&emulator, &token_path, json!({"mcp_config": "github-read", "secret": "KEY"}), "shutdown").await;
    checked("mcpconfigs.delete", emulator.post(&format!("{path}/delete"), json!({})).await);
    assert_eq!(emulator.status(Method::GET, &path, None).await.0, 404);
}

async fn status_with(emulator: &Emulator, key: &str, method: Method, path: &str) -> u16 {
    let request = emulator.client.request(method, format!("{}{path}", emulator.url)).bearer_auth(key).json(&json!({}));
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn keys_open_what_they_are_for() {
    // The tests' own key.
    let emulator = Emulator::start(&["--api-key", "test-key"]);
    assert_eq!(status_with(&emulator, "other", Method::GET, "/v1/accounts/me").await, 401);
    assert_eq!(status_with(&emulator, "ak_00000000000000000000000000000000", Method::GET, "/v1/accounts/me").await, 401);
    let account = checked("accounts.me", emulator.get("/v1/accounts/me").await);
    let full = checked("apikeys.create", emulator.post("/v1/apikeys", json!({"name": "ci"})).await);
    assert_eq!((&full["name"], &full["expires_at_ms"]), (&json!("ci"), &Value::Null));
    let key = full["key_secret"].as_str().unwrap();
    assert_eq!(status_with(&emulator, key, Method::GET, "/v1/accounts/me").await, 200);
    assert_eq!(status_with(&emulator, key, Method::POST, "/v1/axons").await, 200);

    let scopes = json!([
        {"resource_type": "RESOURCE_TYPE_DEVBOXES", "access_level": "ACCESS_LEVEL_READ"},
        {"resource_type": "RESOURCE_TYPE_OBJECTS", "access_level": "ACCESS_LEVEL_NONE"},
    ]);
    let restricted = emulator.post("/v1/restricted_keys", json!({"scopes": scopes})).await;
    let restricted = checked("restrictedkeys.create", restricted);
    assert_eq!(restricted["scopes"], scopes);
    let key = restricted["key_secret"].as_str().unwrap();
    for (method, path, expected) in [
        (Method::GET, "/v1/devboxes", 200),
        (Method::POST, "/v1/devboxes", 403),
        (Method::GET, "/v1/objects", 403),
        (Method::GET, "/v1/accounts/me", 403),
        (Method::POST, "/v1/apikeys", 403),
    ] {
        assert_eq!(status_with(&emulator, key, method.clone(), path).await, expected, "{method} {path}");
    }
    refused(&emulator, "/v1/restricted_keys", json!({"scopes": [{"access_level": "ACCESS_LEVEL_READ"}]}), "scopes[0]").await;

    let opened = account["created_at"].as_str().unwrap();
    assert!(opened.ends_with('Z') && opened.len() == 20, "{opened}");
    refused(&emulator, "/v1/apikeys", json!({"expires_at_ms": 1}), "future").await;
    let now_ms = emulator.post("/v1/axons", json!({})).await["created_at_ms"].as_i64().unwrap();
    let short = emulator.post("/v1/apikeys", json!({"expires_at_ms": now_ms + 3_600_000})).await;
    let key = short["key_secret"].as_str().unwrap();
    assert_eq!(status_with(&emulator, key, Method::GET, "/v1/axons").await, 200);
    emulator.post("/_emulator/settings", json!({"time_scale": 1e6})).await;
    while status_with(&emulator, key, Method::GET, "/v1/axons").await != 401 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn they_survive_a_kill() {
    let folder = Folder::new();
    let start = || Emulator::start(&["--data-dir", folder.text(), "--api-key", "test-key"]);
    let emulator = start();
    let account = emulator.get("/v1/accounts/me").await;
    let key = emulator.post("/v1/apikeys", json!({"name": "ci"})).await;
    let policy = emulator.post("/v1/network-policies", json!({"name": "p", "allow_all": true})).await;
    let gateway = json!({"name": "g", "endpoint": "https://a.example", "auth_mechanism": {"type": "basic"}});
    let gateway = emulator.post("/v1/gateway-configs", gateway).await;
    let mcp = emulator.post("/v1/mcp-configs", json!({"name": "m", "endpoint": "https://b.example", "allowed_tools": ["*"]})).await;
    emulator.kill();
    let emulator = start();
    assert_eq!(emulator.get("/v1/accounts/me").await, account);
    assert_eq!(emulator.get(&format!("/v1/network-policies/{}", id(&policy))).await, policy);
    assert_eq!(emulator.get(&format!("/v1/gateway-configs/{}", id(&gateway))).await, gateway);
    assert_eq!(emulator.get(&format!("/v1/mcp-configs/{}", id(&mcp))).await, mcp);
    assert_eq!(status_with(&emulator, key["key_secret"].as_str().unwrap(), Method::GET, "/v1/accounts/me").await, 200);
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(path).unwrap();
            assert!(memchr::memmem::find(&bytes, key["key_secret"].as_str().unwrap().as_bytes()).is_none());
        }
    }
}
