//! URLs that others give: the caller, the environment, the service.

use percent_encoding::percent_decode_str;
use url::{ParseError, Url};

/// Reads a URL. Its host is given in ASCII, international names as `xn--`: what maps other names is left out of the
/// library, and the rest is not to be trusted with them.
pub fn parse(text: &str) -> Result<Url, ParseError> {
    if percent_decode_str(&host(text)).any(|byte| !byte.is_ascii()) {
        return Err(ParseError::IdnaError);
    }
    Url::parse(text)
}

/// What is wrong with a URL that cannot be read.
pub fn why(error: ParseError) -> String {
    match error {
        ParseError::IdnaError => "its host is no name in ASCII; write an international name as xn--".to_owned(),
        error => error.to_string(),
    }
}

/// What is taken for the host, as URLs are read: line breaks and tabs count for nothing, any slashes begin it.
fn host(text: &str) -> String {
    let text: String = text.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let (_, rest) = text.split_once(':').unwrap_or_default();
    let slash = |c| matches!(c, '/' | '\\');
    let authority = rest.trim_start_matches(slash).split(|c| slash(c) || matches!(c, '?' | '#')).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_that_are_not_ascii_are_refused() {
        for host in [
            "Ä",
            "ä",
            "äA",
            "Aä.example",
            "%C3%84A",
            "%c3%a4%41",
            "a.%E3%81%82A",
            "user:pass@äA",
            "äA:80",
            "xn--äA",
            "A\u{ad}",
            "\u{ff21}A",
        ] {
            for text in ["http://", "https:", "http:\\\\", "ht\ntp:/\t/", "http:////"] {
                for rest in ["", "/", "/path", "?A", "#A", "\\x"] {
                    assert_eq!(parse(&format!("{text}{host}{rest}")), Err(ParseError::IdnaError), "{text}{host}{rest}");
                }
            }
        }
    }

    #[test]
    fn what_else_is_read() {
        for (text, expected) in [
            ("http://HOST.Example:80/Ä", "http://host.example/%C3%84"),
            ("https://h%6Fst/", "https://host/"),
            ("https://xn--mnchen-3ya.DE", "https://xn--mnchen-3ya.de/"),
            ("https://XN--MNCHEN-3YA.de", "https://xn--mnchen-3ya.de/"),
            ("http://Ä:ß@host", "http://%C3%84:%C3%9F@host/"),
            ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ] {
            assert_eq!(parse(text).unwrap().as_str(), expected);
        }
    }

    /// Whatever it is, reading it ends with a URL or an error.
    #[test]
    fn nothing_panics() {
        let pieces = [
            "A", "a", "xn--", "XN--", "-", ".", "3ya", "Ä", "ä", "%", "41", "C3", "\u{200c}", "0", "99999999", "Z", "\u{3002}", "@", ":",
            "/", "\t",
        ];
        let mut seed = 1u64;
        for _ in 0..20_000 {
            let mut text = "http://".to_owned();
            for _ in 0..6 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
            }
            let _ = parse(&text);
        }
    }
}
