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
    if identifier == "." || identifier == ".." {
        return Err(Error::invalid(format!("The {name} {identifier:?} is no identifier.")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_cannot_leave_their_place() {
        let path = |id| fill("/v1/devboxes/{id}/logs", &[id]);
        assert_eq!(path("dbx_1").unwrap(), "/v1/devboxes/dbx_1/logs");
        assert_eq!(path("../x?y#z/%2f ü").unwrap(), "/v1/devboxes/..%2Fx%3Fy%23z%2F%252f%20%C3%BC/logs");
        for wrong in ["", ".", ".."] {
            assert!(path(wrong).is_err(), "{wrong:?}");
        }
    }
}
