//! Server-sent events: their text, and answers made of them.

use super::ApiError;
use axum::body::Body;
use bytes::{BufMut, Bytes, BytesMut};
use http::{header, HeaderMap, HeaderValue, Response, StatusCode};
use std::time::Duration;

pub const COMMENT_EVERY: Duration = Duration::from_secs(10);

pub fn comment() -> Bytes {
    Bytes::from_static(b": keep-alive\n\n")
}

/// An answer whose events come from `events`.
pub fn response<S>(events: S) -> Response<Body>
where
    S: futures_util::Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static,
{
    let mut response = Response::new(Body::from_stream(events));
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("text/event-stream");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// A client that asks for a stream has to say that it understands one.
pub fn accepts(headers: &HeaderMap) -> Result<(), ApiError> {
    let accepted =
        headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).any(|value| value.contains("text/event-stream"));
    match accepted {
        true => Ok(()),
        false => Err(ApiError::new(StatusCode::NOT_ACCEPTABLE, "this is a stream: send Accept: text/event-stream")),
    }
}

/// `data: {"output":"…","offset":N}` and the empty line.
pub fn output_event(out: &mut BytesMut, text: &str, offset: u64) {
    out.reserve(text.len() + text.len() / 16 + 64);
    out.put_slice(b"data: {\"output\":\"");
    escape_into(out, text.as_bytes());
    out.put_slice(b"\",\"offset\":");
    out.put_slice(offset.to_string().as_bytes());
    out.put_slice(b"}\n\n");
}

/// JSON string escapes. Plain stretches are copied whole: this is the hot path of big outputs.
fn escape_into(out: &mut BytesMut, text: &[u8]) {
    let mut rest = text;
    loop {
        let plain = plain_prefix(rest);
        out.put_slice(&rest[..plain]);
        let Some(&byte) = rest.get(plain) else {
            return;
        };
        match byte {
            b'\n' => out.put_slice(b"\\n"),
            b'\r' => out.put_slice(b"\\r"),
            b'\t' => out.put_slice(b"\\t"),
            b'"' => out.put_slice(b"\\\""),
            b'\\' => out.put_slice(b"\\\\"),
            control => out.put_slice(format!("\\u{control:04x}").as_bytes()),
        }
        rest = &rest[plain + 1..];
    }
}

/// How many bytes from the start need no escape, eight at a time.
fn plain_prefix(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // Bytes below `n` (at most 0x80) get their high bit set; so do some above 0x80, looked at below.
    let below = |word: u64, n: u64| word.wrapping_sub(ONES * n) & !word & HIGH;
    let mut at = 0;
    while let Some(chunk) = bytes[at..].first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        let quote = word ^ (ONES * u64::from(b'"'));
        let slash = word ^ (ONES * u64::from(b'\\'));
        let hits = below(word, 0x20) | below(quote, 1) | below(slash, 1);
        if hits != 0 {
            // The lowest hit is exact; borrows only disturb higher bytes.
            return at + (hits.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let special = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
    let tail = &bytes[at..];
    at + tail.iter().position(special).unwrap_or(tail.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_hold_the_same_text_as_json_would() {
        let mut texts = vec![String::new(), "plain".into(), "é\u{1}\"\\\n\t\r😀\u{7f}".into()];
        for special in ['\u{0}', '\u{1f}', ' ', '"', '\\', '\n', 'ÿ', '😀'] {
            for before in 0..20 {
                texts.push(format!("{}{special}rest{special}", "é".repeat(before / 2) + &"x".repeat(before % 3)));
            }
        }
        for text in texts {
            let mut out = BytesMut::new();
            output_event(&mut out, &text, 7);
            let event = std::str::from_utf8(&out).unwrap();
            let data = event.strip_prefix("data: ").unwrap();
            assert_eq!(data.find('\n'), Some(data.len() - 2));
            let value: serde_json::Value = serde_json::from_str(data).unwrap();
            assert_eq!(value["output"], text.as_str());
            assert_eq!(value["offset"], 7);
        }
    }
}
