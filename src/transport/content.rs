//! What the head of an answer says of its content: whether it can be what was asked for.

use http::header::{HeaderName, CONTENT_ENCODING, CONTENT_TYPE, TRANSFER_ENCODING};
use http::HeaderMap;

use crate::error::{Error, Status};

/// How the content is encoded beyond what HTTP itself has undone, if it is. Nobody asks for that, and nothing undoes it.
pub(super) fn encoding(headers: &HeaderMap) -> Option<String> {
    let all: Vec<&str> = foreign(listed(headers, CONTENT_ENCODING)).chain(of_transfer(headers)).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// The same of the transfer alone, which no header of a request asks for.
pub(super) fn of_transfer(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let mut codings = listed(headers, TRANSFER_ENCODING);
    if codings.last().is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        codings.pop();
    }
    foreign(codings)
}

fn foreign(codings: Vec<&str>) -> impl Iterator<Item = &str> {
    codings.into_iter().filter(|coding| !coding.eq_ignore_ascii_case("identity"))
}

/// The members of a header that is a list, on however many lines.
fn listed(headers: &HeaderMap, name: HeaderName) -> Vec<&str> {
    let lines = headers.get_all(name).iter().map(|value| value.to_str().unwrap_or("?"));
    lines.flat_map(|value| value.split(',')).map(str::trim).filter(|coding| !coding.is_empty()).collect()
}

/// How messages say it.
pub(super) fn encoded(encoding: &str) -> String {
    format!("it is encoded ({encoding}), which was not asked for")
}

/// What shows that an answer does not bring the bytes that were asked for, as they are.
pub(super) fn not_content(status: u16, headers: &HeaderMap, part_asked: bool) -> Option<String> {
    match status {
        200 => {}
        206 if part_asked => {}
        206 => return Some("a part came (HTTP 206) where the whole was asked for".to_owned()),
        status => return Some(format!("it has the status HTTP {status}")),
    }
    encoding(headers).map(|encoding| encoded(&encoding))
}

pub(super) fn is_page(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let kind = kind.trim_start().to_ascii_lowercase();
    kind.starts_with("text/html") || kind.starts_with("application/xhtml")
}

pub(super) fn not_the_content(name: &str, status: u16, what: &str) -> Error {
    let message = format!("{name}: the answer is not the content that was asked for: {what}. Does a proxy answer in the service's place?");
    let mut error = Error::new(Status::Protocol, message);
    error.details_mut().http_status = status;
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_http_has_undone_is_no_encoding() {
        let of = |lines: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in lines {
                headers.append(*name, value.parse().unwrap());
            }
            encoding(&headers)
        };
        for none in [
            &[][..],
            &[("transfer-encoding", "chunked")],
            &[("transfer-encoding", "identity, Chunked"), ("content-encoding", "")],
            &[("content-encoding", "Identity")],
        ] {
            assert_eq!(of(none), None, "{none:?}");
        }
        for (lines, found) in [
            (&[("content-encoding", "br")][..], "br"),
            (&[("transfer-encoding", "gzip")], "gzip"),
            (&[("transfer-encoding", "gzip, chunked")], "gzip"),
            (&[("transfer-encoding", "gzip"), ("transfer-encoding", "chunked")], "gzip"),
            // Nobody has undone what another coding lies upon.
            (&[("transfer-encoding", "chunked, gzip")], "chunked, gzip"),
            (&[("transfer-encoding", "chunked, identity")], "chunked"),
        ] {
            assert_eq!(of(lines).as_deref(), Some(found), "{lines:?}");
        }
    }
}
