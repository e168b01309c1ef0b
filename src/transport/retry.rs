//! When a failed attempt is followed by another, and after which pause.

use std::time::{Duration, SystemTime};

use http::HeaderMap;

use super::failure::{Failure, Phase};
use super::request::Repeat;

/// A host that refuses, does not resolve or does not answer is asked this often in all.
pub(super) const CONNECT_ATTEMPTS: u32 = 4;
const CONNECT_PAUSE: Duration = Duration::from_millis(150);
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The pause before the next attempt, or `None` if there is none. `attempts` have been made.
pub fn pause(failure: &Failure, repeat: Repeat, attempts: u32, max_retries: u32) -> Option<Duration> {
    if attempts > max_retries {
        return None;
    }
    match failure.phase {
        Phase::Untrusted => None,
        Phase::Unsent => connect_pause(attempts),
        Phase::Sent => (repeat == Repeat::Harmless).then(|| backoff(attempts)),
        Phase::Answered(status) => {
            let again = failure.should_retry.unwrap_or(match status {
                // The server says that it has not done what was asked.
                429 | 503 => true,
                408 | 409 | 500..=599 => repeat == Repeat::Harmless,
                _ => false,
            });
            again.then(|| failure.error.details().retry_after.unwrap_or_else(|| backoff(attempts)))
        }
    }
}

/// The pause after a connection that did not come about, if another attempt is due.
pub fn connect_pause(attempts: u32) -> Option<Duration> {
    (attempts < CONNECT_ATTEMPTS).then(|| less_a_random_part(CONNECT_PAUSE * 2u32.pow(attempts.saturating_sub(1))))
}

/// 1 s, 2 s, 4 s … 60 s, less up to a quarter.
pub fn backoff(attempts: u32) -> Duration {
    let doubled = 2u32.checked_pow(attempts.saturating_sub(1)).and_then(|factor| FIRST_PAUSE.checked_mul(factor));
    less_a_random_part(doubled.unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE))
}

fn less_a_random_part(pause: Duration) -> Duration {
    // A fresh UUID's last bytes are the randomness at hand.
    let random = f64::from(uuid::Uuid::new_v4().as_bytes()[15]) / 255.0;
    pause.mul_f64(1.0 - 0.25 * random)
}

/// The pause that an answer asks for, if it is between 0 and 60 s.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let milliseconds = text("retry-after-ms").and_then(|text| text.parse::<f64>().ok()).map(|ms| ms / 1000.0);
    let seconds = milliseconds.or_else(|| {
        let text = text("retry-after")?;
        text.parse::<f64>().ok().or_else(|| {
            let date = httpdate::parse_http_date(text).ok()?;
            Some(date.duration_since(now).ok()?.as_secs_f64())
        })
    })?;
    (seconds > 0.0 && seconds <= 60.0).then(|| Duration::from_secs_f64(seconds))
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
    use crate::error::{Error, Status};

    fn failure(phase: Phase, should_retry: Option<bool>) -> Failure {
        Failure { error: Error::new(Status::Server, "x"), phase, should_retry }
    }

    #[test]
    fn what_is_repeated_depends_on_the_operation_and_on_how_far_it_got() {
        use Repeat::{Harmless, OnlyWithoutEffect};
        let again = |phase, said, repeat| pause(&failure(phase, said), repeat, 1, 5).is_some();
        for (phase, harmless, otherwise) in [
            (Phase::Unsent, true, true),
            (Phase::Untrusted, false, false),
            (Phase::Sent, true, false),
            (Phase::Answered(408), true, false),
            (Phase::Answered(409), true, false),
            (Phase::Answered(429), true, true),
            (Phase::Answered(500), true, false),
            (Phase::Answered(503), true, true),
            (Phase::Answered(404), false, false),
        ] {
            assert_eq!(again(phase, None, Harmless), harmless, "{phase:?}");
            assert_eq!(again(phase, None, OnlyWithoutEffect), otherwise, "{phase:?}");
        }
        assert!(again(Phase::Answered(500), Some(true), OnlyWithoutEffect));
        assert!(!again(Phase::Answered(503), Some(false), Harmless));
        assert!(pause(&failure(Phase::Sent, None), Harmless, 6, 5).is_none());
    }

    #[test]
    fn pauses_grow_to_a_minute_and_shrink_by_a_quarter_at_most() {
        for attempts in 1..40 {
            let whole = Duration::from_secs(1u64 << (attempts - 1).min(6)).min(LONGEST_PAUSE);
            let pause = backoff(attempts);
            assert!(pause <= whole && pause >= whole.mul_f64(0.75), "{attempts}: {pause:?}");
        }
    }

    #[test]
    fn the_server_may_ask_for_a_pause_of_up_to_a_minute() {
        let now = SystemTime::now();
        let asked = |name: &'static str, value: String| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            retry_after(&headers, now)
        };
        assert_eq!(asked("retry-after-ms", "50".into()), Some(Duration::from_millis(50)));
        assert_eq!(asked("retry-after", "2".into()), Some(Duration::from_secs(2)));
        let date = httpdate::fmt_http_date(now + Duration::from_secs(10));
        assert!(asked("retry-after", date).is_some_and(|pause| pause > Duration::from_secs(8)));
        for useless in ["0", "-1", "61", "soon"] {
            assert_eq!(asked("retry-after", useless.into()), None);
        }
    }
}
