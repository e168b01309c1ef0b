//! Paths with identifiers in them.

use percent_encoding::{utf8_percent_encode, AsciiSet, NON_ALPHANUMERIC};

use crate::error::{Error, Result, Status};

const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `/v1/devboxes/{id}/shutdown` with its identifiers, one for each pair of braces, in order.
pub fn fill(template: &str, identifiers: &[&str]) -> Result<String> {
    let mut path = String::with_capacity(template.len() + 64);
    let mut identifiers = identifiers.iter();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (Some((name, behind)), Some(identifier)) = (after.split_once('}'), identifiers.next()) else {
            return Err(Error::new(Status::Internal, format!("{template} was not given an identifier for each pair of braces.")));
        };
        check(name, identifier)?;
        path.push_str(before);
        path.push_str(&segment(identifier));
        rest = behind;
    }
    path.push_str(rest);
    Ok(path)
}

/// An identifier as a path holds it.
pub fn segment(identifier: &str) -> String {
    utf8_percent_encode(identifier, SEGMENT).to_string()
}

/// What may stand in a path: anything but nothing, and nothing that would change the path.
pub fn check(name: &str, identifier: &str) -> Result<()> {
    if identifier.is_empty() {
        return Err(Error::invalid(format!("The {name} is empty. Give the identifier that the API returned.")));
    }
    if is_dots(&decoded(identifier)) || identifier.contains(char::is_control) || identifier.trim().is_empty() {
        return Err(Error::invalid(format!("The {name} is not an identifier: it is blank, holds a control character, or is a path of dots. Give the one that the API returned.")));
    }
    Ok(())
}

/// What dots, slashes and semicolons a path holds for whoever decodes it, more than once, before looking for them.
fn decoded(path: &str) -> String {
    let mut decoded = path.to_ascii_lowercase();
    while decoded.contains("%25") {
        decoded = decoded.replace("%25", "%");
    }
    decoded.replace("%2e", ".").replace("%2f", "/").replace("%5c", "/").replace("%3b", ";")
}

/// Whether a part of a path leads to another place. Some servers leave out what follows a semicolon.
fn is_dots(part: &str) -> bool {
    matches!(part.split(';').next(), Some("." | ".."))
}

/// A path that is given as a whole: nothing in it may lead out of the place below which it is put, by whatever
/// rules a URL is read.
pub fn check_free(path: &str) -> Result<()> {
    let unfit = |character: char| matches!(character, '?' | '#' | '\\' | ' ') || character.is_control();
    // A query may be a credential, and what is no path may be anything.
    let shown = path.split(unfit).next().filter(|_| path.starts_with('/') && !path.starts_with("//")).unwrap_or_default();
    let shown = if shown.is_empty() { String::new() } else { format!(" {shown:?}{}", if shown.len() < path.len() { " …" } else { "" }) };
    let wrong = |why: &str| {
        Err(Error::invalid(format!("The path{shown} cannot be used: {why}. It must look like /v1/devboxes; a query is passed separately.")))
    };
    if !path.starts_with('/') {
        return wrong("it does not begin with a slash");
    }
    if path.contains(unfit) {
        return wrong("?, #, backslashes, spaces and control characters must be percent-encoded");
    }
    if path.starts_with("//") {
        return wrong("it begins with two slashes");
    }
    if decoded(path).split('/').any(is_dots) {
        return wrong("a part of it consists of dots");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_free_path_cannot_leave_its_place() {
        for good in ["/", "/v1/things", "/v1/things/a%2Fb", "/v1/...", "/v1/a..b/%2ehidden", "/v1/%C3%BC", "/v1/ü", "/v1/"] {
            assert!(check_free(good).is_ok(), "{good}");
        }
        for wrong in [
            "",
            "v1",
            "//host/x",
            "/v1/../x",
            "/%2e%2E/x",
            "/v1/.%2e/x",
            "/%252e%252e/x",
            "/%25252e/x",
            "/v1/a%2f..%2fb",
            "/v1/%5c..%5cx",
            "/v1\\..\\x",
            "/v1/.\t./x",
            "/v1/\n",
            "/v1/a b",
            "/v1/..;/x",
            "/v1/..;a=b/x",
            "/v1/%2e%2e%3Ba/x",
            "/v1/.;",
            "/v1?x",
            "/v1#x",
            "/v1/\u{7f}",
        ] {
            assert!(check_free(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn identifiers_cannot_leave_their_place() {
        let path = |id| fill("/v1/devboxes/{id}/logs", &[id]);
        assert_eq!(path("dbx_1").unwrap(), "/v1/devboxes/dbx_1/logs");
        assert_eq!(path("../x?y#z/%2f ü").unwrap(), "/v1/devboxes/..%2Fx%3Fy%23z%2F%252f%20%C3%BC/logs");
        assert_eq!(path("a;b..;c").unwrap(), "/v1/devboxes/a%3Bb..%3Bc/logs");
        for wrong in ["", " ", ".", "..", "..;", "..;x", "..;/x", ".;x", "%2e%2e", "%252E.", "..%3bx", "a\n"] {
            assert!(path(wrong).is_err(), "{wrong:?}");
        }
    }
}
