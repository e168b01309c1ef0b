//! What an answer says about another attempt.

use std::time::{Duration, SystemTime};

use http::HeaderMap;

/// A server that asks for a longer pause than this is not asked again by the same call.
pub const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// The pause that an answer asks for, as it was said; the longest, where a gateway adds its own. A date counts from the answer's
/// own date, since this machine's clock may be wrong.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let texts = |name: &str| headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).map(str::trim);
    let date = |text: &str| httpdate::parse_http_date(text).ok();
    let from = || texts("date").find_map(date).unwrap_or(now);
    let until = |said: &str| date(said).map(|until| until.duration_since(from()).unwrap_or_default());
    texts("retry-after-ms")
        .filter_map(|said| number(said, 0.001))
        .max()
        .or_else(|| texts("retry-after").flat_map(each).filter_map(|said| number(said, 1.0).or_else(|| until(said))).max())
}

/// What a line names: who passes an answer on may join several lines by commas, of which a date has one itself.
fn each(line: &str) -> impl Iterator<Item = &str> {
    let commas = || line.match_indices(',').map(|(at, _)| at);
    let starts: Vec<usize> = std::iter::once(0).chain(commas().map(|at| at + 1)).collect();
    let ends: Vec<usize> = commas().chain(std::iter::once(line.len())).collect();
    let part = move |from: usize, to: usize| line.get(from..to).unwrap_or_default().trim();
    let pieces = starts.clone().into_iter().zip(ends.clone());
    let pairs = starts.into_iter().zip(ends.into_iter().skip(1));
    pieces.chain(pairs).map(move |(from, to)| part(from, to))
}

/// A pause as a number; one that has more digits than any pause is the longest.
fn number(said: &str, unit: f64) -> Option<Duration> {
    let seconds = said.parse::<f64>().ok()? * unit;
    let digits = !said.is_empty() && said.bytes().all(|byte| byte.is_ascii_digit());
    Duration::try_from_secs_f64(seconds).ok().or(digits.then_some(Duration::MAX))
}

/// The server's own word on whether to try again.
pub fn should_retry(headers: &HeaderMap) -> Option<bool> {
    match headers.get("x-should-retry")?.as_bytes() {
        b"true" => Some(true),
        b"false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(lines: &[(&'static str, String)]) -> Option<Duration> {
        let headers = lines.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect();
        retry_after(&headers, SystemTime::now())
    }

    fn several(said: &[&'static str]) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        for value in said {
            headers.append("retry-after", http::HeaderValue::from_static(value));
        }
        retry_after(&headers, SystemTime::now())
    }

    #[test]
    fn a_pause_is_told_as_it_was_said() {
        assert_eq!(asked(&[("retry-after-ms", "50".into())]), Some(Duration::from_millis(50)));
        for (said, seconds) in [("0", 0), ("2", 2), ("61", 61), ("120", 120), ("86400", 86400)] {
            assert_eq!(asked(&[("retry-after", said.into())]), Some(Duration::from_secs(seconds)));
        }
        for said in ["18446744073709551616", "999999999999999999999999999999"] {
            assert_eq!(asked(&[("retry-after", said.into())]), Some(Duration::MAX));
        }
        assert_eq!(several(&["1", "soon", "30", "2"]), Some(Duration::from_secs(30)));
        let joined = "Wed, 21 Oct 2015 07:28:00 GMT".parse::<http::HeaderValue>().unwrap();
        for (said, seconds) in [("30, 2", 30), ("2,30", 30), ("soon, 7", 7), ("1, Wed, 21 Oct 2015 07:28:40 GMT, 2", 40)] {
            let mut headers = HeaderMap::new();
            headers.append("date", joined.clone());
            headers.append("retry-after", said.parse().unwrap());
            assert_eq!(retry_after(&headers, SystemTime::now()), Some(Duration::from_secs(seconds)), "{said}");
        }
        for useless in ["-1", "soon", "NaN", "inf", "1e300", ""] {
            assert_eq!(asked(&[("retry-after", useless.into())]), None, "{useless}");
        }
        assert_eq!(asked(&[("retry-after-ms", "soon".into()), ("retry-after", "3".into())]), Some(Duration::from_secs(3)));
    }

    #[test]
    fn a_date_counts_from_the_answers_own_date() {
        let an_hour_ago = SystemTime::now() - Duration::from_secs(3600);
        let soon = httpdate::fmt_http_date(an_hour_ago + Duration::from_secs(10));
        let date = httpdate::fmt_http_date(an_hour_ago);
        assert_eq!(asked(&[("retry-after", soon.clone()), ("date", date)]), Some(Duration::from_secs(10)));
        assert_eq!(asked(&[("retry-after", soon)]), Some(Duration::ZERO));
        let later = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(100));
        assert!(asked(&[("retry-after", later)]).is_some_and(|pause| pause > Duration::from_secs(90)));
    }
}
