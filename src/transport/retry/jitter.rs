//! Pauses with a random part, so that those who failed together do not come back together.

use std::time::Duration;

use crate::os::random::unlikely;

/// No pause is shorter than this, nor than the pause that it is a part of.
const FLOOR: Duration = Duration::from_millis(50);

/// Anything between a small floor and the whole pause.
pub fn full(whole: Duration) -> Duration {
    let floor = FLOOR.min(whole);
    floor + (whole - floor).mul_f64(random())
}

/// The pause, less up to a quarter of it.
pub fn less_a_quarter(whole: Duration) -> Duration {
    whole.mul_f64(1.0 - 0.25 * random())
}

/// Never earlier than `least`, and up to as much again later, though not more than `most` later.
pub fn above(least: Duration, most: Duration) -> Duration {
    least + least.min(most).mul_f64(random())
}

/// Between 0 and 1.
fn random() -> f64 {
    (unlikely() >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of a thousand pauses fall into each tenth of a range.
    fn tenths(from: Duration, to: Duration, pause: impl Fn() -> Duration) -> [usize; 10] {
        let mut tenths = [0; 10];
        for _ in 0..1000 {
            let pause = pause();
            assert!(pause >= from && pause <= to, "{pause:?}");
            tenths[((pause - from).div_duration_f64(to - from) * 10.0).min(9.0) as usize] += 1;
        }
        tenths
    }

    #[test]
    fn a_thousand_pauses_are_spread_over_the_whole_range() {
        let second = Duration::from_secs(1);
        for spread in [
            tenths(FLOOR, 8 * second, || full(8 * second)),
            tenths(3 * second, 4 * second, || less_a_quarter(4 * second)),
            tenths(2 * second, 4 * second, || above(2 * second, 10 * second)),
            tenths(60 * second, 70 * second, || above(60 * second, 10 * second)),
        ] {
            assert!(spread.iter().all(|count| (50..=160).contains(count)), "{spread:?}");
        }
    }

    #[test]
    fn no_pause_is_longer_than_the_whole() {
        assert_eq!(full(Duration::ZERO), Duration::ZERO);
        assert_eq!(full(Duration::from_millis(20)), Duration::from_millis(20));
        assert_eq!(above(Duration::ZERO, Duration::from_secs(1)), Duration::ZERO);
    }
}
