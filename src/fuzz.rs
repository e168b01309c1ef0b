//! What is read from others, fed with anything: for the tests, and for libfuzzer in `fuzz/`.
//!
//! Each target takes bytes and panics where something does not hold.

use std::path::Path;
use std::time::SystemTime;

use serde_json::Value;

use crate::api::{path, BlueprintView, DevboxView, ExecutionView, OutputChunk, Params, Pointer, SnapshotStatusView};
use crate::archive::{unpack, Ground, Ignore, Limits, Unpack};
use crate::sdk::exec::delivered_model;
use crate::transport::{fed, json, Secret, SignedUrl};

#[cfg(test)]
#[path = "../fuzz/made.rs"]
mod made;

/// A target, and its name, which is that of its corpus's folder.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 9] = [
    ("events", events),
    ("output", output),
    ("pointers", pointers),
    ("answers", answers),
    ("archives", archives),
    ("ignore", ignore),
    ("urls", urls),
    ("headers", headers),
    ("settings", settings),
];

/// A stream of events gives the same whole and in pieces; the first byte says how it is cut.
pub fn events(data: &[u8]) {
    let Some((cut, stream)) = data.split_first() else { return };
    let read = |pieces: &mut dyn Iterator<Item = &[u8]>| {
        let mut parser = fed::Parser::new(1 << 20);
        let mut events = Vec::new();
        for piece in pieces {
            if parser.push(piece).is_err() {
                break;
            }
            events.extend(std::iter::from_fn(|| parser.next_event()));
        }
        events
    };
    let whole = read(&mut std::iter::once(stream));
    assert_eq!(whole, read(&mut stream.chunks(usize::from(*cut % 16) + 1)), "what is cut is read otherwise");
    for event in whole {
        let _ = OutputChunk::read(&event.data);
    }
}

/// An output that is cut and sent anew, by a server that keeps to the API, arrives whole; one that does not, is never said to be
/// whole where it is not.
pub fn output(data: &[u8]) {
    let Some((head, text)) = data.split_at_checked(6) else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    delivered_model::check(head, text);
}

/// What is put at a place is found there, and parameters are the same after they were written and read.
pub fn pointers(data: &[u8]) {
    let mut parts = data.splitn(3, |byte| *byte == 0);
    let (Some(first), Some(second)) = (parts.next(), parts.next()) else { return };
    let document = parts.next().unwrap_or(b"{}");
    let (Ok(first), Ok(second)) = (std::str::from_utf8(first), std::str::from_utf8(second)) else { return };
    let mut params = Params::from_json(document).unwrap_or_default();
    for pointer in [first, second] {
        let value = Value::String(second.to_owned());
        if params.set(pointer, value.clone()).is_ok() && !pointer.contains("/-") {
            let found = Pointer::parse(pointer).unwrap();
            assert_eq!(found.get(&params.to_body()), Some(&value), "{pointer:?} holds something else");
        }
        let _ = params.append(pointer, Value::Null);
    }
    let _ = params.to_query();
    let _ = params.to_pairs("headers");
    let text = serde_json::to_vec(&params.to_body()).unwrap();
    assert_eq!(Params::from_json(&text).map(|again| again.to_body()).ok(), Some(params.to_body()));
}

/// What is JSON for strict eyes is the same for lenient ones, and no answer is too odd to be looked at.
pub fn answers(data: &[u8]) {
    let lenient = json::parse(data);
    if let Ok(strict) = json::strict(data) {
        assert_eq!(lenient.as_ref().ok(), Some(&strict), "lenient and strict differ");
    }
    let _ = json::pick(data, ["output", "offset"]);
    let _ = OutputChunk::read(data);
    if let Ok(value) = lenient {
        let _ = (BlueprintView::read(&value), DevboxView::read(&value));
        let _ = SnapshotStatusView::read("an operation", &value);
        let _ = ExecutionView::read("an operation", &value);
    }
}

/// An archive makes nothing outside of its directory.
pub fn archives(data: &[u8]) {
    let outer = std::env::temp_dir().join(format!("runloop-fuzz-{}-{:?}", std::process::id(), std::thread::current().id()));
    let target = outer.join("target");
    std::fs::create_dir_all(&target).unwrap();
    let how =
        Unpack { limits: Limits { entries: 64, bytes: 1 << 20 }, lenient: data.len() % 2 == 0, check: &|| Ok(()), skipped: &mut |_| {} };
    let _ = unpack(data, Ground::open(&target).unwrap(), how);
    let names: Vec<_> = std::fs::read_dir(&outer).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    open_up(&target);
    std::fs::remove_dir_all(&outer).unwrap();
    assert_eq!(names, ["target"], "something was made outside");
}

/// Lets directories be removed whatever their permissions have become.
fn open_up(directory: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let _ = std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o700));
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            open_up(&entry.path());
        }
    }
}

/// Rules, and paths behind a NUL.
pub fn ignore(data: &[u8]) {
    let mut parts = data.split(|byte| *byte == 0);
    let Ok(patterns) = Ignore::of_file("the file", parts.next().unwrap_or_default()) else { return };
    let Ok(ignore) = Ignore::new(&patterns) else { return };
    for path in parts.filter_map(|path| std::str::from_utf8(path).ok()) {
        let mut matched = Default::default();
        let mut end = 0;
        for step in path.split_inclusive('/') {
            end += step.len();
            let (_, next) = ignore.matches(path[..end].trim_end_matches('/'), &matched);
            matched = next;
        }
        let _ = ignore.may_hold_exceptions(path);
    }
}

/// Identifiers, paths and URLs of signed requests.
pub fn urls(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(path) = path::fill("/v1/devboxes/{id}/x", &[text]) {
        let url = url::Url::parse(&format!("http://host{path}")).unwrap();
        assert!(url.path().starts_with("/v1/devboxes/") && url.path().ends_with("/x"), "{text:?} leads to {url}");
        assert_eq!(url.path_segments().map(Iterator::count), Some(4), "{text:?} leads to {url}");
        assert!(url.query().is_none() && url.fragment().is_none());
    }
    if path::check_free(text).is_ok() {
        let url = url::Url::parse(&format!("http://host/base{text}")).unwrap();
        assert!(url.path().starts_with("/base/"), "{text:?} leads to {url}");
    }
    if let Ok(url) = SignedUrl::new(text, [("x-a", "b")]) {
        assert!(url.expose().starts_with("http"));
    }
}

/// Headers of answers and of configurations: a line each, the name before a colon.
pub fn headers(data: &[u8]) {
    let mut headers = http::HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n') {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let (name, value) = (&line[..colon], &line[colon + 1..]);
        if let (Ok(name), Ok(value)) = (std::str::from_utf8(name), std::str::from_utf8(value)) {
            let mut sent = http::HeaderMap::new();
            if fed::insert(&mut sent, name, &Secret::new(value)).is_ok() {
                assert!(sent.iter().all(|(_, value)| !value.as_bytes().iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0))));
            }
        }
        if let (Ok(name), Ok(value)) = (http::HeaderName::from_bytes(name), http::HeaderValue::from_bytes(value)) {
            headers.append(name, value);
        }
    }
    let _ = fed::retry_after(&headers, SystemTime::UNIX_EPOCH);
    let _ = fed::should_retry(&headers);
}

/// The settings of a client, a part behind each NUL: base URL, token, user agent, proxy, then headers, a colon behind their names.
/// `S3CRET` in a password or a value is in no message.
pub fn settings(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let parts: Vec<&str> = text.split('\0').collect();
    // The crate that refuses hosts beyond ASCII asserts, in debug builds, what does not hold for them.
    if ![0, 3].iter().all(|at| parts.get(*at).is_none_or(|part: &&str| part.is_ascii())) {
        return;
    }
    let part = |at: usize| parts.get(at).copied().unwrap_or_default();
    let config = fed::Config {
        base_url: Some(part(0).to_owned()),
        bearer_token: Some(Secret::new(format!("token-{}", part(1)))),
        user_agent: Some(part(2).to_owned()),
        headers: parts
            .iter()
            .skip(4)
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_owned(), Secret::new(value)))
            .collect(),
        ..Default::default()
    };
    let says_nothing = |error: crate::error::Error| {
        let named = config.headers.iter().any(|(name, _)| name.contains("S3CRET"));
        assert!(named || !error.to_string().contains("S3CRET"), "{error}");
    };
    match fed::Settings::complete(&config) {
        Err(error) => says_nothing(error),
        Ok(settings) => {
            let url = &settings.base_url;
            assert!(matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty()), "{url}");
            assert!(url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none(), "{url}");
            let full = url::Url::parse(&format!("{}/v1/devboxes", url.as_str().trim_end_matches('/'))).unwrap();
            assert_eq!(full.origin(), url.origin(), "a path leads to another server");
            assert!(full.path().ends_with("/v1/devboxes"), "{full}");
            let told = settings.headers.get("authorization").expect("authorization");
            let given = config.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
            assert!(given || told.as_bytes().starts_with(b"Bearer token-"));
            assert!(settings.headers.iter().all(|(_, value)| !value.as_bytes().iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0))));
        }
    }
    match fed::Proxies::explicit(&Secret::new(part(3))) {
        Err(error) => says_nothing(error),
        Ok(_) if part(3).trim().is_empty() => {}
        // What was accepted is used: no request goes past it.
        Ok(proxies) => {
            for host in ["http://host/", "https://host/", "https://127.0.0.1/", "http://[::1]:8080/"] {
                let proxy = proxies.leading_to(&http::Uri::from_static(host)).unwrap_or_else(|| panic!("past the proxy to {host}"));
                assert!(proxy.uri.host().is_some_and(|host| !host.is_empty()));
                assert!(!proxy.name().contains('@'), "{}", proxy.name());
            }
            let _ = proxies.passwords();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corpus_and_what_is_made_of_it() {
        made::run(&TARGETS, &Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus"));
    }
}
