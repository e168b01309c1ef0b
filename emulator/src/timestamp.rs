//! Times as text.

use time::format_description::well_known::Rfc3339;
use time::OffsetDateTime;

/// `2025-01-02T03:04:05Z`, to the second.
pub fn rfc3339(ms: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(ms.div_euclid(1000)).ok();
    time.and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_default()
}

/// Seconds since the epoch.
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    OffsetDateTime::parse(text, &Rfc3339).ok().map(OffsetDateTime::unix_timestamp)
}

/// `20250102T030405Z`, as signed URLs have it.
pub fn compact(ms: i64) -> String {
    rfc3339(ms).replace(['-', ':'], "")
}

pub fn parse_compact(text: &str) -> Option<i64> {
    if text.len() != 16 || !text.is_ascii() {
        return None;
    }
    let part = |from: usize, to: usize| &text[from..to];
    let date = [part(0, 4), part(4, 6), part(6, 8)].join("-");
    let clock = [part(9, 11), part(11, 13), part(13, 15)].join(":");
    parse_rfc3339(&format!("{date}{}{clock}{}", part(8, 9), part(15, 16)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        let ms = 1_735_787_045_000;
        assert_eq!(rfc3339(ms + 999), "2025-01-02T03:04:05Z");
        assert_eq!(compact(ms), "20250102T030405Z");
        assert_eq!(parse_rfc3339(&rfc3339(ms)), Some(ms / 1000));
        assert_eq!(parse_compact(&compact(ms)), Some(ms / 1000));
        for wrong in ["", "20250102", "20250102T0304Z", "2025010éT030405Z", "20251302T030405Z"] {
            assert_eq!(parse_compact(wrong), None, "{wrong}");
        }
    }
}
