//! Blueprints over HTTP: built, listed, used by devboxes, deleted.

mod common;

use common::Emulator;
use reqwest::Method;
use serde_json::{json, Value};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn overlay() -> Emulator {
    Emulator::start(&["--isolation", "overlay"])
}

async fn wait_for_build(emulator: &Emulator, id: &str) -> Value {
    loop {
        let blueprint = emulator.get(&format!("/v1/blueprints/{id}")).await;
        if matches!(blueprint["status"].as_str(), Some("build_complete" | "failed")) {
            return blueprint;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The blueprint as it is when its build has ended.
async fn build(emulator: &Emulator, create: Value) -> Value {
    let created = emulator.post("/v1/blueprints", create).await;
    assert_eq!((&created["state"], &created["status"]), (&json!("created"), &json!("queued")));
    wait_for_build(emulator, created["id"].as_str().unwrap()).await
}

async fn built(emulator: &Emulator, create: Value) -> String {
    let blueprint = build(emulator, create).await;
    let id = blueprint["id"].as_str().unwrap().to_string();
    assert_eq!(blueprint["status"], "build_complete", "{}", log(emulator, &id).await);
    assert!(blueprint["build_finish_time_ms"].as_i64() >= blueprint["create_time_ms"].as_i64());
    id
}

/// A build's log, a line each.
async fn log(emulator: &Emulator, id: &str) -> String {
    let answer = emulator.get(&format!("/v1/blueprints/{id}/logs")).await;
    assert_eq!(answer["blueprint_id"], id);
    let line = |line: &Value| {
        assert!(line["timestamp_ms"].is_i64(), "{line}");
        format!("{} {}\n", line["level"].as_str().unwrap(), line["message"].as_str().unwrap())
    };
    answer["logs"].as_array().unwrap().iter().map(line).collect()
}

async fn output(emulator: &Emulator, devbox: &str, command: &str) -> String {
    let (status, out) = emulator.run(devbox, command).await;
    assert_eq!(status, 0, "{command}: {out}");
    out
}

fn folder() -> PathBuf {
    let name = format!("blueprints-test-{}-{:?}", std::process::id(), Instant::now()).replace(|c: char| !c.is_alphanumeric(), "-");
    std::env::temp_dir().join(name)
}

fn count(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[tokio::test]
async fn a_dockerfile_becomes_the_disk_of_devboxes() {
    let emulator = overlay();
    let dockerfile = r#"
        ARG VERSION=1
        FROM tools:$VERSION AS tools
        RUN mkdir /made && echo tool > /made/tool && chown 1000:1000 /made/tool && ln -s tool /made/link
        FROM unused
        RUN false
        FROM main:latest
        ENV PATH=/opt/first:$PATH GREETING="hello there"
        ARG NAME=nobody
        ARG VERSION
        WORKDIR /app
        WORKDIR sub
        RUN echo "$GREETING $NAME $VERSION" > greeting && pwd
        COPY --from=tools /made /opt/made
        COPY --chmod=751 --chown=user <<EOF <<"RAW" /opt/text/
for $NAME
EOF
for $NAME
RAW
        RUN <<EOF
#!/usr/bin/env -S sed -n s/^said/heard/p
said in a script
EOF
        RUN rm -rf /usr/games && mkdir /usr/games && touch /usr/games/new
        SHELL ["/bin/bash", "-c"]
        RUN [[ $0 == /bin/bash ]] && sleep 1000 &
        USER user
        RUN whoami > /home/user/me
        EXPOSE 80/tcp
        VOLUME /data
        CMD ["serve"]
    "#;
    let id = built(
        &emulator,
        json!({
            "name": "whole", "dockerfile": dockerfile, "build_args": {"NAME": "me"},
            "file_mounts": {"/home/user/notes/one": "no newline", "/etc/two": "2\n"},
            "system_setup_commands": ["sudo sh -c 'whoami > /root/setup'", "pwd > here"],
        }),
    )
    .await;
    let log = log(&emulator, &id).await;
    for line in
        ["info FROM tools:1", "this machine's root stands in for main:latest", "info /app/sub", "info heard in a script", "left out"]
    {
        assert!(log.contains(line), "{line}: {log}");
    }

    let devbox = emulator.devbox(json!({"blueprint_id": id})).await;
    for (command, expected) in [
        ("cat /app/sub/greeting", "hello there me 1\n"),
        ("echo $GREETING; echo ${PATH%%:*}", "hello there\n/opt/first\n"),
        ("cat /opt/made/link; stat -c %u /opt/made/tool; readlink /opt/made/link", "tool\n1000\ntool\n"),
        ("cat /opt/text/EOF /opt/text/RAW; stat -c '%a %U' /opt/text/RAW", "for me\nfor $NAME\n751 user\n"),
        ("ls /usr/games", "new\n"),
        ("cat me notes/one; stat -c %U notes; cat /etc/two here", "user\nno newlineuser\n2\n/home/user\n"),
        ("sudo cat /root/setup", "root\n"),
        ("test -d /data && whoami && hostname", &format!("user\n{}\n", devbox.replace('_', "-"))),
    ] {
        assert_eq!(output(&emulator, &devbox, command).await, expected, "{command}");
    }
    let view = emulator.get(&format!("/v1/devboxes/{devbox}")).await;
    assert_eq!(view["blueprint_id"], id);
    // Nothing that a command left in the background is there, nor has anything come from the host.
    assert_eq!(emulator.run(&devbox, "pgrep -x sleep").await.0, 1);
    assert!(emulator.stop());
}

#[tokio::test]
async fn a_build_that_fails_says_why() {
    let emulator = overlay();
    for (dockerfile, why) in [
        ("FROM x\nRUN echo before; exit 3", "error line 2: RUN echo before; exit 3: the command ended with exit status 3"),
        ("FROM x\nRUN kill -9 $$", "signal 9"),
        ("FROM x\nFROBNICATE y", "line 2: FROBNICATE is not an instruction"),
        ("FROM x\nUSER nobody-at-all", "there is no user nobody-at-all"),
        ("FROM x\nCOPY a /b", "there is no build context"),
        ("FROM x AS y\nFROM z\nCOPY --from=y /nothing/* /b/", "/nothing/*: no such file"),
        ("FROM x\nADD ftp://127.0.0.1/x /x", "only files by http and https"),
        ("FROM x\nADD http://127.0.0.1:1/x /x", "ADD http://127.0.0.1:1/x"),
        ("FROM x\nRUN --mount=type=secret,id=k,required true", "no secret k"),
        ("FROM x\nRUN --mount=type=bind,target=/x true", "type=bind is not served"),
        ("FROM x\nEXPOSE many", "many is no port"),
        ("RUN true", "before the first FROM"),
    ] {
        let blueprint = build(&emulator, json!({"name": "failing", "dockerfile": dockerfile})).await;
        assert_eq!((&blueprint["status"], &blueprint["failure_reason"]), (&json!("failed"), &json!("build_failed")), "{dockerfile}");
        let id = blueprint["id"].as_str().unwrap();
        let log = log(&emulator, id).await;
        assert!(log.contains(why), "{dockerfile}: {log}");
        assert!(log.lines().last().unwrap().starts_with("error "), "{log}");
        let (status, body) = emulator.status(Method::POST, "/v1/devboxes", Some(json!({"blueprint_id": id}))).await;
        assert_eq!(status, 400, "{body}");
    }
    let (status, _) = emulator.status(Method::POST, "/v1/devboxes", Some(json!({"blueprint_name": "failing"}))).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn requests_that_cannot_be_met_are_refused() {
    let emulator = overlay();
    let large = "x".repeat(98_251);
    for (create, what) in [
        (json!({"name": ""}), "name"),
        (json!({"name": "x", "file_mounts": {"/a": large}}), "98250"),
        (json!({"name": "x", "base_blueprint_id": "a", "base_blueprint_name": "b"}), "only one"),
        (json!({"name": "x", "base_blueprint_name": "none"}), "none"),
        (json!({"name": "x", "code_mounts": [{"repo_owner": "a/b", "repo_name": "--upload-pack=x"}]}), "repo_owner"),
        (json!({"name": "x", "code_mounts": [{"repo_owner": "a", "repo_name": "b", "git_ref": "--x"}]}), "git_ref"),
        (json!({"name": "x", "secrets": {"A": "NO_SUCH_SECRET"}}), "NO_SUCH_SECRET"),
    ] {
        let (status, body) = emulator.status(Method::POST, "/v1/blueprints", Some(create)).await;
        assert!((400..500).contains(&status), "{status} {body}");
        assert!(body["message"].as_str().unwrap().contains(what), "{body}");
    }
    let (status, _) = emulator.status(Method::GET, "/v1/blueprints/bpt_none", None).await;
    assert_eq!(status, 404);
    let both = json!({"blueprint_id": "a", "snapshot_id": "b"});
    assert_eq!(emulator.status(Method::POST, "/v1/devboxes", Some(both)).await.0, 400);
}

#[tokio::test]
async fn blueprints_build_on_others_and_pass_on_their_launch() {
    let emulator = overlay();
    let launch = json!({"keep_alive_time_seconds": 77, "launch_commands": ["echo launched > ~/launched"]});
    let base = built(
        &emulator,
        json!({"name": "base", "dockerfile": "FROM x\nENV A=1 B=1\nRUN echo base > /base", "launch_parameters": launch.clone()}),
    )
    .await;
    let derived = json!({"name": "derived", "base_blueprint_name": "base", "dockerfile": "FROM anything\nENV B=2\nRUN cat /base > /copy && rm /base"});
    let derived = built(&emulator, derived).await;
    let view = emulator.get(&format!("/v1/blueprints/{derived}")).await;
    assert_eq!(view["base_blueprint_id"], base);
    // What it consists of stays, whatever becomes of the base.
    emulator.post(&format!("/v1/blueprints/{base}/delete"), json!({})).await;
    let devbox = emulator.devbox(json!({"blueprint_name": "derived", "environment_variables": {"C": "3"}})).await;
    assert_eq!(output(&emulator, &devbox, "cat /copy; ls /base 2>/dev/null; echo $A$B$C").await, "base\n123\n");

    let own = built(&emulator, json!({"name": "own", "launch_parameters": launch})).await;
    let devbox = emulator.devbox(json!({"blueprint_id": own})).await;
    assert_eq!(output(&emulator, &devbox, "cat ~/launched").await, "launched\n");
    let view = emulator.get(&format!("/v1/devboxes/{devbox}")).await;
    assert_eq!(view["launch_parameters"]["keep_alive_time_seconds"], 77);
    let devbox = emulator.devbox(json!({"blueprint_id": own, "launch_parameters": {"keep_alive_time_seconds": 99}})).await;
    let view = emulator.get(&format!("/v1/devboxes/{devbox}")).await;
    assert_eq!(view["launch_parameters"]["keep_alive_time_seconds"], 99);
}

#[tokio::test]
async fn blueprints_are_listed_and_deleted() {
    let emulator = overlay();
    let first = built(&emulator, json!({"name": "one", "metadata": {"k": "v"}})).await;
    let second = built(&emulator, json!({"name": "one"})).await;
    let failed = build(&emulator, json!({"name": "two", "dockerfile": "FROM x\nRUN false"})).await;
    let ids =
        |answer: &Value| answer["blueprints"].as_array().unwrap().iter().map(|b| b["id"].as_str().unwrap().to_string()).collect::<Vec<_>>();
    assert_eq!(ids(&emulator.get("/v1/blueprints?name=one").await), [second.clone(), first.clone()]);
    assert_eq!(ids(&emulator.get("/v1/blueprints?status=failed").await), [failed["id"].as_str().unwrap()]);
    let page = emulator.get("/v1/blueprints?limit=1").await;
    assert_eq!((&page["has_more"], &page["total_count"], &page["remaining_count"]), (&json!(true), &json!(3), &json!(2)));
    assert_eq!(emulator.get("/v1/blueprints/list_public").await["blueprints"], json!([]));
    let view = emulator.get(&format!("/v1/blueprints/{first}")).await;
    assert_eq!((&view["metadata"], &view["parameters"]["metadata"]), (&json!({"k": "v"}), &json!({"k": "v"})));

    let devbox = emulator.devbox(json!({"blueprint_name": "one"})).await;
    assert_eq!(emulator.get(&format!("/v1/devboxes/{devbox}")).await["blueprint_id"], second);
    let snapshot = emulator.post(&format!("/v1/devboxes/{devbox}/snapshot_disk"), json!({})).await;
    assert_eq!(snapshot["source_blueprint_id"], second);
    let (status, body) = emulator.status(Method::POST, &format!("/v1/blueprints/{second}/delete"), Some(json!({}))).await;
    assert_eq!(status, 400);
    assert!(body["message"].as_str().unwrap().contains("snapshots depend on it"), "{body}");
    emulator.post(&format!("/v1/devboxes/disk_snapshots/{}/delete", snapshot["id"].as_str().unwrap()), json!({})).await;
    emulator.post(&format!("/v1/blueprints/{second}/delete"), json!({})).await;
    assert_eq!(emulator.get(&format!("/v1/blueprints/{second}")).await["state"], "deleted");
    assert_eq!(ids(&emulator.get("/v1/blueprints?name=one").await), std::slice::from_ref(&first));
    assert_eq!(emulator.status(Method::POST, "/v1/devboxes", Some(json!({"blueprint_id": second}))).await.0, 400);
    // The older of the name is the newest now; the devbox goes on.
    let other = emulator.devbox(json!({"blueprint_name": "one"})).await;
    assert_eq!(emulator.get(&format!("/v1/devboxes/{other}")).await["blueprint_id"], first);
    assert_eq!(emulator.run(&devbox, "true").await.0, 0);
}

#[tokio::test]
async fn a_preview_is_the_dockerfile_that_is_built() {
    let emulator = overlay();
    let create = json!({
        "name": "previewed", "dockerfile": "FROM x\nRUN true",
        "file_mounts": {"/opt/file": "EOF\n"}, "system_setup_commands": ["echo \"a\"\necho b > ~/b"],
    });
    let preview = emulator.post("/v1/blueprints/preview", create).await;
    let dockerfile = preview["dockerfile"].as_str().unwrap();
    assert!(dockerfile.starts_with("FROM x\nRUN true\nUSER user\n"), "{dockerfile}");
    let id = built(&emulator, json!({"name": "again", "dockerfile": dockerfile})).await;
    let devbox = emulator.devbox(json!({"blueprint_id": id})).await;
    assert_eq!(output(&emulator, &devbox, "cat /opt/file ~/b").await, "EOF\nb\n");
    assert_eq!(emulator.get("/v1/blueprints?name=previewed").await["blueprints"], json!([]));
}

#[tokio::test]
async fn logs_come_while_it_is_built_and_deletion_ends_it() {
    let emulator = overlay();
    let created = emulator.post("/v1/blueprints", json!({"name": "slow", "dockerfile": "FROM x\nRUN echo begun; sleep 1000"})).await;
    let id = created["id"].as_str().unwrap();
    while !log(&emulator, id).await.contains("info begun") {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(emulator.get(&format!("/v1/blueprints/{id}")).await["status"], "building");
    emulator.post(&format!("/v1/blueprints/{id}/delete"), json!({})).await;
    let view = emulator.get(&format!("/v1/blueprints/{id}")).await;
    assert_eq!((&view["state"], &view["status"]), (&json!("deleted"), &json!("failed")));
    assert!(log(&emulator, id).await.ends_with("error the build was ended\n"));
}

#[tokio::test]
async fn blueprints_survive_and_what_was_under_way_does_not() {
    let data = folder();
    let args = ["--isolation", "overlay", "--data-dir", data.to_str().unwrap()];
    let emulator = Emulator::start(&args);
    let kept = built(&emulator, json!({"name": "kept", "dockerfile": "FROM x\nENV A=1\nRUN echo kept > /kept"})).await;
    let deleted = built(&emulator, json!({"name": "deleted"})).await;
    emulator.post(&format!("/v1/blueprints/{deleted}/delete"), json!({})).await;
    let slow =
        emulator.post("/v1/blueprints", json!({"name": "slow", "base_blueprint_id": kept, "system_setup_commands": ["sleep 1000"]})).await;
    let slow = slow["id"].as_str().unwrap().to_string();
    while !log(&emulator, &slow).await.contains("RUN sleep") {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    emulator.kill();
    std::fs::create_dir(data.join("layers/l_stray")).unwrap();

    let emulator = Emulator::start(&args);
    let view = emulator.get(&format!("/v1/blueprints/{slow}")).await;
    assert_eq!((&view["status"], &view["failure_reason"]), (&json!("failed"), &json!("build_failed")));
    assert!(log(&emulator, &slow).await.contains("error the emulator ended while it was being built"));
    assert_eq!(emulator.get(&format!("/v1/blueprints/{deleted}")).await["state"], "deleted");
    let devbox = emulator.devbox(json!({"blueprint_name": "kept"})).await;
    assert_eq!(output(&emulator, &devbox, "cat /kept; echo $A").await, "kept\n1\n");
    let began = Instant::now();
    while count(&data.join("layers")) != 1 || count(&data.join("workshop")) != 0 {
        assert!(began.elapsed() < Duration::from_secs(60), "what nobody names is removed");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // The last that names a layer may be a devbox.
    emulator.post(&format!("/v1/blueprints/{kept}/delete"), json!({})).await;
    let other = built(&emulator, json!({"name": "other"})).await;
    emulator.post(&format!("/v1/blueprints/{other}/delete"), json!({})).await;
    assert_eq!(output(&emulator, &devbox, "cat /kept").await, "kept\n");
    assert!(emulator.stop());
    std::fs::remove_dir_all(&data).unwrap();
}

#[tokio::test]
async fn a_layer_that_is_gone_makes_its_blueprint_a_failed_one() {
    let data = folder();
    let args = ["--isolation", "overlay", "--data-dir", data.to_str().unwrap()];
    let emulator = Emulator::start(&args);
    let id = built(&emulator, json!({"name": "lost"})).await;
    assert!(emulator.stop());
    std::fs::remove_dir_all(data.join("layers")).unwrap();
    let emulator = Emulator::start(&args);
    assert_eq!(emulator.get(&format!("/v1/blueprints/{id}")).await["status"], "failed");
    assert!(log(&emulator, &id).await.contains("is gone from the data directory"));
    drop(emulator);
    std::fs::remove_dir_all(&data).unwrap();
}

#[tokio::test]
async fn code_is_cloned_with_git() {
    let emulator = overlay();
    // A repository on the disk itself, in the place of the hosted one.
    let dockerfile = r#"FROM x
RUN git config --system url.file:///srv/.insteadOf https://github.com/ && git config --system safe.directory '*'
RUN git init -q -b main /srv/owner/project.git && cd /srv/owner/project.git && echo one > file && git add . \
 && git -c user.name=x -c user.email=x@example.com commit -qm one && git branch other && echo two > file \
 && git -c user.name=x -c user.email=x@example.com commit -qam two
"#;
    let mount = json!({"repo_owner": "owner", "repo_name": "project", "git_ref": "other", "install_command": "cat file > ../installed", "token": "very-secret-token"});
    let id = built(&emulator, json!({"name": "code", "dockerfile": dockerfile, "code_mounts": [mount]})).await;
    let devbox = emulator.devbox(json!({"blueprint_id": id})).await;
    let command = "cat installed project/file; git -C project branch --show-current; stat -c %U project";
    assert_eq!(output(&emulator, &devbox, command).await, "one\none\nother\nuser\n");
    assert_eq!(
        emulator.run(&devbox, "sudo grep -r very-secret-token / --include=config --exclude-dir=proc --exclude-dir=sys -s").await.0,
        1
    );
    let view = emulator.get(&format!("/v1/blueprints/{id}")).await;
    assert!(!view.to_string().contains("very-secret-token") && !log(&emulator, &id).await.contains("very-secret-token"));
    let missing = json!({"name": "missing", "dockerfile": dockerfile, "code_mounts": [{"repo_owner": "owner", "repo_name": "nothing"}]});
    let missing = build(&emulator, missing).await;
    assert_eq!(missing["status"], "failed");
}

/// An object with this content.
async fn object(emulator: &Emulator, content: Vec<u8>) -> String {
    let created = emulator.post("/v1/objects", json!({"name": "context", "content_type": "tgz"})).await;
    let id = created["id"].as_str().unwrap().to_string();
    let uploaded = emulator.client.put(created["upload_url"].as_str().unwrap()).body(content).send().await.unwrap();
    assert!(uploaded.status().is_success(), "{uploaded:?}");
    emulator.post(&format!("/v1/objects/{id}/complete"), json!({})).await;
    id
}

fn tar(files: &[(&str, &str)], links: &[(&str, &str)]) -> Vec<u8> {
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut tar = tar::Builder::new(gzip);
    let header = |size: usize, mode| {
        let mut header = tar::Header::new_gnu();
        header.set_size(size as u64);
        header.set_mode(mode);
        header.set_uid(4321);
        header.set_gid(4321);
        header
    };
    for (path, content) in files {
        tar.append_data(&mut header(content.len(), 0o755), path, content.as_bytes()).unwrap();
    }
    for (path, target) in links {
        let mut header = header(0, 0o777);
        header.set_entry_type(tar::EntryType::Symlink);
        tar.append_link(&mut header, path, target).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}

#[tokio::test]
async fn a_build_context_is_an_object() {
    let emulator = overlay();
    let inner = String::from_utf8_lossy(b"no archive").into_owned();
    let files =
        [("app/main.sh", "#!/bin/sh\necho ran"), ("app/deep/note.txt", "note"), ("other.txt", "other"), ("plain.tgz", inner.as_str())];
    let context = object(&emulator, tar(&files, &[("inside", "other.txt"), ("outside", "/etc/passwd")])).await;
    let context = json!({"type": "object", "object_id": context});
    let dockerfile = r#"FROM x
WORKDIR /within
COPY . .
COPY app /one
COPY app/deep/*.txt other.txt /two/
COPY --exclude=deep app /three
COPY inside /four
ADD plain.tgz /five/
RUN ./app/main.sh
"#;
    let id = built(&emulator, json!({"name": "context", "dockerfile": dockerfile, "build_context": context.clone()})).await;
    assert!(log(&emulator, &id).await.contains("info ran\n"));
    let devbox = emulator.devbox(json!({"blueprint_id": id})).await;
    let command = "cd /; ls within one two three five; cat four; stat -c '%u %a' one/main.sh; readlink within/outside";
    let expected = "five:\nplain.tgz\n\none:\ndeep\nmain.sh\n\nthree:\nmain.sh\n\ntwo:\nnote.txt\nother.txt\n\n\
                    within:\napp\ninside\nother.txt\noutside\nplain.tgz\nother0 755\n/etc/passwd\n";
    assert_eq!(output(&emulator, &devbox, command).await, expected);

    for (source, why) in [("outside", "no such file"), ("../../etc/passwd", "no such file"), ("none*", "none*: no such file")] {
        let create = json!({"name": "x", "dockerfile": format!("FROM x\nCOPY {source} /x"), "build_context": context.clone()});
        let failed = build(&emulator, create).await;
        let log = log(&emulator, failed["id"].as_str().unwrap()).await;
        assert!(failed["status"] == "failed" && log.contains(why), "{log}");
    }
    // Its own Dockerfile, an archive for ADD, and what is no context at all.
    let archive = object(&emulator, tar(&[("Dockerfile", "FROM x\nCOPY f /f\n"), ("f", "found")], &[])).await;
    let id = built(&emulator, json!({"name": "own", "build_context": {"type": "object", "object_id": archive}})).await;
    let devbox = emulator.devbox(json!({"blueprint_id": id})).await;
    assert_eq!(output(&emulator, &devbox, "cat /f").await, "found");
    for (id, why) in [(object(&emulator, b"text".to_vec()).await, "no tar archive"), ("obj_none".into(), "obj_none not found")] {
        let create = json!({"name": "x", "dockerfile": "FROM x\nCOPY . /x", "build_context": {"type": "object", "object_id": id}});
        let failed = build(&emulator, create).await;
        let log = log(&emulator, failed["id"].as_str().unwrap()).await;
        assert!(failed["status"] == "failed" && log.contains(why), "{log}");
    }
}

#[tokio::test]
async fn secrets_are_there_for_commands_and_kept_nowhere() {
    let data = folder();
    let emulator = Emulator::start(&["--isolation", "overlay", "--data-dir", data.to_str().unwrap()]);
    let value = "a-value-that-nobody-may-see";
    emulator.post("/v1/secrets", json!({"name": "STORED", "value": value})).await;
    let dockerfile = r#"FROM x
ARG TOKEN
RUN echo "it is $TOKEN" && test ${#TOKEN} = 27
RUN --mount=type=secret,id=TOKEN,mode=0444 test $(wc -c < /run/secrets/TOKEN) = 27 && cat /run/secrets/TOKEN
RUN --mount=type=secret,id=TOKEN,target=/root/.made/for/it stat -c %a /root/.made/for/it
RUN test ! -e /run/secrets && test ! -e /root/.made && ! grep -q TOKEN /proc/mounts
"#;
    let create = json!({"name": "secret", "dockerfile": dockerfile, "secrets": {"TOKEN": "STORED"}});
    let id = built(&emulator, create).await;
    let log = log(&emulator, &id).await;
    assert!(log.contains("info it is ***\n") && log.contains("info ***\n") && log.contains("info 400\n"), "{log}");
    let view = emulator.get(&format!("/v1/blueprints/{id}")).await;
    assert_eq!(view["parameters"]["secrets"], json!({"TOKEN": "STORED"}));
    let devbox = emulator.devbox(json!({"blueprint_id": id})).await;
    assert_eq!(emulator.run(&devbox, "env | grep TOKEN").await.0, 1);
    for folder in ["layers", "blueprints", "workshop"] {
        let found = std::process::Command::new("grep").args(["-r", "-s", value]).arg(data.join(folder)).output().unwrap();
        assert!(found.stdout.is_empty(), "{folder}");
    }
    assert!(emulator.stop());
    std::fs::remove_dir_all(&data).unwrap();
}

#[tokio::test]
async fn files_are_fetched_from_the_web() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap();
            let found = request[..length].starts_with(b"GET /dir/file.txt ");
            let answer = if found { "200 OK\r\ncontent-length: 5\r\n\r\nbytes" } else { "404 Not Found\r\ncontent-length: 0\r\n\r\n" };
            write!(stream, "HTTP/1.1 {answer}").unwrap();
        }
    });
    let emulator = overlay();
    let id = built(&emulator, json!({"name": "web", "dockerfile": format!("FROM x\nADD --chmod=644 http://{address}/dir/file.txt /opt/")}))
        .await;
    let devbox = emulator.devbox(json!({"blueprint_id": id})).await;
    assert_eq!(output(&emulator, &devbox, "cat /opt/file.txt").await, "bytes");
    let missing = build(&emulator, json!({"name": "web", "dockerfile": format!("FROM x\nADD http://{address}/none /opt/")})).await;
    assert!(log(&emulator, missing["id"].as_str().unwrap()).await.contains("404"));
    server.join().unwrap();
}

#[tokio::test]
async fn sudo_becomes_whoever_is_asked_for() {
    let emulator = overlay();
    let devbox = emulator.devbox(json!({"environment_variables": {"MINE": "1"}})).await;
    for (command, expected) in [
        ("sudo id -u", "0\n"),
        ("sudo -u nobody id -un", "nobody\n"),
        ("sudo -E sh -c 'echo $MINE $HOME'", "1 /home/user\n"),
        ("sudo sh -c 'echo $MINE $HOME $SUDO_USER'", "/root user\n"),
        ("sudo A=b sh -c 'echo $A'", "b\n"),
        ("sudo -i pwd", "/root\n"),
        ("echo piped | sudo tee /root/file; sudo cat /root/file", "piped\npiped\n"),
        ("sudo sh -c 'exit 7'; echo $?", "7\n"),
        ("sudo nothing-of-the-kind 2>&1; echo $?", "sudo: nothing-of-the-kind: command not found\n1\n"),
        ("sudo chown user /root && ls -d /root/file && stat -c %U /root", "/root/file\nuser\n"),
    ] {
        assert_eq!(output(&emulator, &devbox, command).await, expected, "{command}");
    }
    // It belongs to the emulator: no devbox can change it for others.
    assert_ne!(emulator.run(&devbox, "sudo sh -c 'echo x > /usr/local/bin/sudo'").await.0, 0);
    let other = emulator.devbox(json!({})).await;
    assert_eq!(output(&emulator, &other, "sudo id -u").await, "0\n");
}

#[tokio::test]
async fn plain_isolation_builds_homes() {
    let emulator = Emulator::start(&["--isolation", "plain"]);
    let dockerfile = "FROM x\nENV A=1\nRUN echo one > ~/one\nWORKDIR /home/user/sub\nRUN echo two > two\nCOPY <<EOF three\n3\nEOF\n";
    let id = built(&emulator, json!({"name": "plain", "dockerfile": dockerfile, "file_mounts": {"four": "4\n"}})).await;
    assert!(log(&emulator, &id).await.contains("warn plain isolation"));
    let devbox = emulator.devbox(json!({"blueprint_id": id})).await;
    assert_eq!(output(&emulator, &devbox, "cd; cat one sub/two sub/three four; echo $A; sudo echo 5").await, "one\ntwo\n3\n4\n1\n5\n");
    let outside = build(&emulator, json!({"name": "outside", "dockerfile": "FROM x\nCOPY <<EOF /opt/file\nEOF\n"})).await;
    assert_eq!(outside["status"], "failed");
    let derived = built(&emulator, json!({"name": "derived", "base_blueprint_id": id, "system_setup_commands": ["rm one"]})).await;
    let devbox = emulator.devbox(json!({"blueprint_id": derived})).await;
    assert_eq!(output(&emulator, &devbox, "cd; ls").await, "four\nsub\n");
}
