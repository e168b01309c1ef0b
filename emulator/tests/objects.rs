//! Objects: their contents behind signed URLs, in each manner, and what survives.

mod common;

use common::folder::Folder;
use common::spec::checked;
use common::{eventually, Emulator};
use futures_util::stream;
use reqwest::{Body, Client, Method, RequestBuilder, Response};
use serde_json::{json, Value};

async fn create(emulator: &Emulator, more: Value) -> Value {
    let mut body = json!({"name": "data.txt", "content_type": "text"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    checked("objects.create", emulator.post("/v1/objects", body).await)
}

fn put(object: &Value, body: impl Into<Body>) -> RequestBuilder {
    let mut request = Client::new().put(object["upload_url"].as_str().unwrap()).body(body);
    for (name, value) in object["upload_headers"].as_object().into_iter().flatten() {
        request = request.header(name, value.as_str().unwrap());
    }
    request
}

fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap()
}

async fn complete(emulator: &Emulator, id: &str) -> Value {
    checked("objects.complete", emulator.post(&format!("/v1/objects/{id}/complete"), json!({})).await)
}

async fn finished(emulator: &Emulator, content: &'static [u8]) -> String {
    let object = create(emulator, json!({})).await;
    assert!(put(&object, content).send().await.unwrap().status().is_success());
    complete(emulator, id(&object)).await;
    id(&object).to_string()
}

async fn retrieve(emulator: &Emulator, id: &str) -> Value {
    checked("objects.retrieve", emulator.get(&format!("/v1/objects/{id}")).await)
}

async fn download_url(emulator: &Emulator, id: &str) -> String {
    let answer = checked("objects.download", emulator.get(&format!("/v1/objects/{id}/download")).await);
    answer["download_url"].as_str().unwrap().to_string()
}

async fn refused(response: Response) -> (u16, String) {
    (response.status().as_u16(), response.text().await.unwrap())
}

fn files(folder: &Folder) -> usize {
    std::fs::read_dir(folder.path().join("objects")).unwrap().count()
}

#[tokio::test]
async fn from_creation_to_deletion() {
    let folder = Folder::new();
    let emulator = Emulator::start(&["--data-dir", folder.text()]);
    let object = create(&emulator, json!({"metadata": {"a": "b"}})).await;
    let path = format!("/v1/objects/{}", id(&object));
    assert!(id(&object).starts_with("obj_"));
    assert_eq!((&object["state"], &object["size_bytes"]), (&json!("UPLOADING"), &Value::Null));
    assert!(object.get("upload_headers").is_none());
    assert!(!object["upload_url"].as_str().unwrap().starts_with(&emulator.url), "another port");

    let (status, answer) = emulator.status(Method::POST, &format!("{path}/complete"), None).await;
    assert!(status == 400 && answer["message"].as_str().unwrap().contains("nothing was uploaded"), "{answer}");
    assert_eq!(emulator.status(Method::GET, &format!("{path}/download"), None).await.0, 400);

    for content in ["first", "the second one"] {
        assert_eq!(put(&object, content).send().await.unwrap().status(), 200);
    }
    let done = complete(&emulator, id(&object)).await;
    assert_eq!((&done["state"], &done["size_bytes"]), (&json!("READ_ONLY"), &json!(14)));
    assert_eq!(done["metadata"], json!({"a": "b"}));
    for absent in ["upload_url", "upload_headers"] {
        assert!(done.get(absent).is_none());
    }
    assert_eq!(emulator.status(Method::POST, &format!("{path}/complete"), None).await.0, 400);
    assert_eq!(put(&object, "late").send().await.unwrap().status(), 403);

    let url = download_url(&emulator, id(&object)).await;
    let got = reqwest::get(&url).await.unwrap();
    assert_eq!((got.status().as_u16(), got.headers()["content-type"].to_str().unwrap()), (200, "text/plain"));
    assert_eq!(got.text().await.unwrap(), "the second one");
    assert_eq!(files(&folder), 1);

    let deleted = checked("objects.delete", emulator.post(&format!("{path}/delete"), json!({})).await);
    assert_eq!(deleted["state"], "DELETED");
    assert_eq!(retrieve(&emulator, id(&object)).await["state"], "DELETED");
    assert_eq!(reqwest::get(&url).await.unwrap().status(), 404);
    assert_eq!(emulator.status(Method::GET, &format!("{path}/download"), None).await.0, 400);
    assert_eq!(files(&folder), 0);
    assert_eq!(emulator.status(Method::GET, "/v1/objects/obj_none", None).await.0, 404);
}

#[tokio::test]
async fn wrong_requests_are_refused() {
    let emulator = Emulator::start(&[]);
    for body in [
        json!({"name": "", "content_type": "text"}),
        json!({"name": "a", "content_type": "picture"}),
        json!({"name": "a", "content_type": "text", "ttl_ms": 0}),
        json!({"content_type": "text"}),
    ] {
        assert_eq!(emulator.status(Method::POST, "/v1/objects", Some(body.clone())).await.0, 400, "{body}");
    }
    let object = finished(&emulator, b"x").await;
    for seconds in ["0", "-1", "604801", "x"] {
        let path = format!("/v1/objects/{object}/download?duration_seconds={seconds}");
        assert_eq!(emulator.status(Method::GET, &path, None).await.0, 400, "{seconds}");
    }
    let url = download_url(&emulator, &object).await;
    let page = Client::new().get(&url).header("host", "example.com");
    assert_eq!(page.send().await.unwrap().status(), 403, "a name that is not this machine's");
    let base = url.split('?').next().unwrap();
    for wrong in [base.to_string(), url.replace(&object, "obj_other"), url.replace("signature=", "signature=0")] {
        assert_eq!(reqwest::get(&wrong).await.unwrap().status(), 403);
    }
    assert_eq!(Client::new().put(&url).body("x").send().await.unwrap().status(), 405);
    assert_eq!(Client::new().delete(&url).send().await.unwrap().status(), 405);
}

#[tokio::test]
async fn lists_are_filtered_and_paged() {
    let emulator = Emulator::start(&[]);
    for n in 0..5 {
        let kind = if n % 2 == 0 { "text" } else { "tgz" };
        create(&emulator, json!({"name": format!("thing-{n}"), "content_type": kind})).await;
    }
    let done = finished(&emulator, b"x").await;
    let names = |answer: &Value| -> Vec<String> {
        let objects = answer["objects"].as_array().unwrap();
        objects.iter().map(|object| object["name"].as_str().unwrap().to_string()).collect()
    };
    let list = async |query: &str| checked("objects.list", emulator.get(&format!("/v1/objects?{query}")).await);
    assert_eq!(names(&list("content_type=tgz").await), ["thing-3", "thing-1"]);
    assert_eq!(names(&list("name=ing-2").await), ["thing-2"]);
    assert_eq!(names(&list("search=THING&limit=2").await), ["thing-4", "thing-3"]);
    assert_eq!(names(&list("state=READ_ONLY").await), ["data.txt"]);
    assert_eq!(names(&list(&format!("search={done}")).await), ["data.txt"]);
    let first = list("limit=4").await;
    assert_eq!((&first["has_more"], &first["total_count"]), (&json!(true), &json!(6)));
    let last = first["objects"][3]["id"].as_str().unwrap();
    let second = list(&format!("limit=4&starting_after={last}")).await;
    assert_eq!((names(&second), &second["has_more"]), (vec!["thing-1".into(), "thing-0".into()], &json!(false)));
    assert!(list("include_total_count=false").await.get("total_count").is_none());
    emulator.post(&format!("/v1/objects/{done}/delete"), json!({})).await;
    assert!(!names(&list("").await).contains(&"data.txt".into()));
    assert_eq!(names(&list("state=DELETED").await), ["data.txt"]);
    assert_eq!(emulator.status(Method::GET, "/v1/objects?state=GONE", None).await.0, 400);
    let public = checked("objects.list_public", emulator.get("/v1/objects/list_public?search=thing").await);
    assert_eq!(public["objects"], json!([]));
}

#[tokio::test]
async fn parts_of_a_content() {
    let emulator = Emulator::start(&[]);
    let object = finished(&emulator, b"0123456789").await;
    let url = download_url(&emulator, &object).await;
    let client = Client::new();
    let get = async |name: &str, value: &str| client.get(&url).header(name, value).send().await.unwrap();

    let whole = client.get(&url).send().await.unwrap();
    assert_eq!(whole.headers()["accept-ranges"], "bytes");
    let etag = whole.headers()["etag"].to_str().unwrap().to_string();
    let head = client.head(&url).send().await.unwrap();
    assert_eq!((head.status().as_u16(), head.headers()["content-length"].to_str().unwrap()), (200, "10"));
    assert_eq!(head.headers()["etag"], etag.as_str());

    for (range, shown, text) in
        [("bytes=2-4", "bytes 2-4/10", "234"), ("bytes=7-", "bytes 7-9/10", "789"), ("bytes=-2", "bytes 8-9/10", "89")]
    {
        let part = get("range", range).await;
        assert_eq!((part.status().as_u16(), part.headers()["content-range"].to_str().unwrap()), (206, shown));
        assert_eq!(part.text().await.unwrap(), text);
    }
    let beyond = get("range", "bytes=10-").await;
    assert_eq!((beyond.status().as_u16(), beyond.headers()["content-range"].to_str().unwrap()), (416, "bytes */10"));

    assert_eq!(get("if-none-match", &etag).await.status(), 304);
    assert_eq!(get("if-match", &etag).await.status(), 200);
    assert_eq!(get("if-match", "\"other\"").await.status(), 412);
    for (tag, status) in [(etag.as_str(), 206), ("\"other\"", 200)] {
        let request = client.get(&url).header("range", "bytes=5-").header("if-range", tag);
        assert_eq!(request.send().await.unwrap().status(), status);
    }
}

#[tokio::test]
async fn the_manner_of_s3() {
    let emulator = Emulator::start(&["--object-manner", "s3"]);
    let object = create(&emulator, json!({})).await;
    assert!(object["upload_url"].as_str().unwrap().contains("X-Amz-Signature="));
    assert!(object.get("upload_headers").is_none());
    let (status, text) = refused(put(&object, "x").bearer_auth("k").send().await.unwrap()).await;
    assert!(status == 400 && text.contains("<Code>InvalidArgument</Code>"), "{text}");
    let chunked = Body::wrap_stream(stream::iter([Ok::<_, std::io::Error>("x")]));
    let (status, text) = refused(put(&object, chunked).send().await.unwrap()).await;
    assert!(status == 501 && text.contains("<Code>NotImplemented</Code>"), "{text}");
    let done = put(&object, "content").send().await.unwrap();
    assert!(done.status() == 200 && done.headers().contains_key("etag"));
    complete(&emulator, id(&object)).await;

    let url = download_url(&emulator, id(&object)).await;
    let client = Client::new();
    assert_eq!(client.get(&url).send().await.unwrap().text().await.unwrap(), "content");
    assert_eq!(client.get(&url).bearer_auth("k").send().await.unwrap().status(), 400);
    assert_eq!(client.head(&url).send().await.unwrap().status(), 403, "the signature is for GET");
    let (status, text) = refused(reqwest::get(url.replace("X-Amz-Expires=3600", "X-Amz-Expires=9999")).await.unwrap()).await;
    assert!(status == 403 && text.contains("<Code>SignatureDoesNotMatch</Code>"), "{text}");
}

#[tokio::test]
async fn the_manner_of_azure() {
    let emulator = Emulator::start(&[]);
    emulator.post("/_emulator/settings", json!({"object_manner": "azure"})).await;
    let object = create(&emulator, json!({})).await;
    assert_eq!(object["upload_headers"], json!({"x-ms-blob-type": "BlockBlob"}));
    let url = object["upload_url"].as_str().unwrap();
    let bare = Client::new().put(url).body("x").send().await.unwrap();
    assert_eq!((bare.status().as_u16(), bare.headers()["x-ms-error-code"].to_str().unwrap()), (400, "MissingRequiredHeader"));
    let chunked = Body::wrap_stream(stream::iter([Ok::<_, std::io::Error>("x")]));
    assert_eq!(put(&object, chunked).send().await.unwrap().status(), 411);
    let stray = put(&object, "x").bearer_auth("k").send().await.unwrap();
    assert_eq!((stray.status().as_u16(), stray.headers()["x-ms-error-code"].to_str().unwrap()), (403, "AuthenticationFailed"));
    assert_eq!(put(&object, "content").send().await.unwrap().status(), 201);
    complete(&emulator, id(&object)).await;
    let url = download_url(&emulator, id(&object)).await;
    assert_eq!(Client::new().head(&url).send().await.unwrap().headers()["content-length"], "7");
    let wrong = refused(reqwest::get(url.replace("sp=r", "sp=cw")).await.unwrap()).await;
    assert!(wrong.0 == 403 && wrong.1.contains("<Code>AuthenticationFailed</Code>"), "{wrong:?}");
}

#[tokio::test]
async fn urls_and_objects_have_their_time() {
    let emulator = Emulator::start(&[]);
    let lasting = finished(&emulator, b"x").await;
    let object = create(&emulator, json!({"ttl_ms": 3_600_000})).await;
    let due = object["delete_after_time_ms"].as_i64().unwrap();
    assert_eq!(due - object["create_time_ms"].as_i64().unwrap(), 3_600_000);
    let answer = emulator.get(&format!("/v1/objects/{lasting}/download?duration_seconds=1800")).await;
    let url = answer["download_url"].as_str().unwrap();
    assert_eq!(reqwest::get(url).await.unwrap().status(), 200);
    emulator.post("/_emulator/settings", json!({"time_scale": 50_000.0})).await;
    eventually("the URL expires", || async { reqwest::get(url).await.unwrap().status() == 403 }).await;
    let (_, text) = refused(reqwest::get(url).await.unwrap()).await;
    assert!(text.contains("expired"), "{text}");
    eventually("the object expires", || async { retrieve(&emulator, id(&object)).await["state"] == "DELETED" }).await;
    assert_eq!(retrieve(&emulator, &lasting).await["state"], "READ_ONLY");
}

#[tokio::test]
async fn a_killed_emulator_has_what_it_acknowledged() {
    let folder = Folder::new();
    let start = || Emulator::start(&["--data-dir", folder.text()]);
    let emulator = start();
    let done = finished(&emulator, b"kept").await;
    let uploaded = create(&emulator, json!({"ttl_ms": 3_600_000})).await;
    put(&uploaded, "also kept").send().await.unwrap();
    let deleted = finished(&emulator, b"gone").await;
    emulator.post(&format!("/v1/objects/{deleted}/delete"), json!({})).await;
    let lost = finished(&emulator, b"lost").await;
    let arriving = create(&emulator, json!({})).await;
    let endless = stream::unfold((), |()| async { Some((Ok::<_, std::io::Error>(vec![0u8; 1000]), ())) });
    let sending = tokio::spawn(put(&arriving, Body::wrap_stream(endless)).send());
    eventually("the upload has begun", || async { files(&folder) == 4 }).await;
    emulator.kill();
    assert!(sending.await.unwrap().is_err());
    for entry in std::fs::read_dir(folder.path().join("objects")).unwrap() {
        let path = entry.unwrap().path();
        if std::fs::read(&path).unwrap() == b"lost" {
            std::fs::remove_file(path).unwrap();
        }
    }

    let emulator = start();
    assert_eq!(files(&folder), 2, "what was on its way in is gone");
    let url = download_url(&emulator, &done).await;
    assert_eq!(reqwest::get(url).await.unwrap().text().await.unwrap(), "kept");
    assert_eq!(complete(&emulator, id(&uploaded)).await["size_bytes"], 9);
    assert_eq!(retrieve(&emulator, id(&uploaded)).await["delete_after_time_ms"], uploaded["delete_after_time_ms"]);
    assert_eq!(retrieve(&emulator, &deleted).await["state"], "DELETED");
    assert_eq!(retrieve(&emulator, &lost).await["state"], "ERROR");
    assert_eq!(emulator.status(Method::POST, &format!("/v1/objects/{}/complete", id(&arriving)), None).await.0, 400);
    emulator.post("/_emulator/reset", json!({})).await;
    assert_eq!((emulator.get("/v1/objects").await["objects"].clone(), files(&folder)), (json!([]), 0));
}

#[tokio::test]
async fn contents_pass_through_little_memory() {
    const PIECES: usize = 192;
    let folder = Folder::new();
    let emulator = Emulator::start(&["--data-dir", folder.text()]);
    let object = create(&emulator, json!({"content_type": "binary"})).await;
    let pieces = stream::iter((0..PIECES).map(|n| Ok::<_, std::io::Error>(vec![n as u8; 1 << 20])));
    let upload = put(&object, Body::wrap_stream(pieces)).send().await.unwrap();
    assert_eq!(upload.status(), 200);
    assert_eq!(complete(&emulator, id(&object)).await["size_bytes"], PIECES << 20);
    let mut download = reqwest::get(download_url(&emulator, id(&object)).await).await.unwrap();
    let mut got = 0;
    while let Some(chunk) = download.chunk().await.unwrap() {
        assert_eq!(chunk[0], (got >> 20) as u8);
        got += chunk.len();
    }
    assert_eq!(got, PIECES << 20);
    let status = std::fs::read_to_string(format!("/proc/{}/status", emulator.pid())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak_kb: usize = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(peak_kb < 96 << 10, "{peak_kb} kB");
}

#[tokio::test]
async fn requests_for_contents_are_journalled_and_can_fail() {
    let folder = Folder::new();
    let emulator = Emulator::start(&["--data-dir", folder.text()]);
    let object = create(&emulator, json!({})).await;
    let cut = json!({"operation": "storage.get", "action": {"type": "cut", "after_bytes": 3, "how": "truncate"}});
    emulator.post("/_emulator/faults", cut).await;
    let busy = json!({"operation": "PUT /objects/{id}", "action": {"type": "status", "status": 503}});
    emulator.post("/_emulator/faults", busy).await;
    assert_eq!(put(&object, "content").send().await.unwrap().status(), 503);
    assert_eq!(put(&object, "content").send().await.unwrap().status(), 200);
    complete(&emulator, id(&object)).await;
    let url = download_url(&emulator, id(&object)).await;
    assert!(reqwest::get(&url).await.unwrap().text().await.is_err());
    assert_eq!(reqwest::get(&url).await.unwrap().text().await.unwrap(), "content");

    let signature = url.rsplit("signature=").next().unwrap();
    let journal = emulator.get("/_emulator/journal").await;
    assert!(!journal.to_string().contains(signature));
    let requests = journal["requests"].as_array().unwrap();
    let uploads: Vec<_> = requests.iter().filter(|request| request["operation"] == "storage.put").collect();
    assert_eq!(uploads.iter().map(|put| put["status"].as_i64().unwrap()).collect::<Vec<_>>(), [503, 200]);
    assert_eq!(uploads[1]["body_bytes"], 7);

    // An upload that breaks off leaves nothing.
    let other = create(&emulator, json!({})).await;
    let broken = stream::iter([Ok("half"), Err(std::io::Error::other("broken off"))]);
    assert!(put(&other, Body::wrap_stream(broken)).send().await.is_err());
    eventually("the broken upload is removed", || async { files(&folder) == 1 }).await;
    assert_eq!(emulator.status(Method::POST, &format!("/v1/objects/{}/complete", id(&other)), None).await.0, 400);
}
