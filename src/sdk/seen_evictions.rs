//! Which evictions have been told, in bounded memory.

use std::collections::HashSet;

/// So many are remembered, and half as many when that is exceeded. The service tells only what is pending: what it may
/// tell again are the latest deadlines.
const MOST: usize = 8192;

/// Devboxes with the deadlines that have been told of them: each may have several.
#[derive(Default)]
pub(super) struct Told(HashSet<(String, i64)>);

impl Told {
    /// Whether this has not been told yet.
    pub(super) fn is_new(&mut self, devbox: &str, deadline: i64) -> bool {
        let eviction = (devbox.to_owned(), deadline);
        if self.0.contains(&eviction) {
            return false;
        }
        if self.0.len() >= MOST {
            self.forget_the_earliest();
        }
        self.0.insert(eviction)
    }

    fn forget_the_earliest(&mut self) {
        let mut deadlines: Vec<i64> = self.0.iter().map(|(_, deadline)| *deadline).collect();
        let (_, middle, _) = deadlines.select_nth_unstable(MOST / 2);
        let middle = *middle;
        self.0.retain(|(_, deadline)| *deadline > middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_is_not_new_and_another_deadline_is() {
        let mut told = Told::default();
        assert!(told.is_new("a", 5));
        assert!(!told.is_new("a", 5));
        assert!(told.is_new("a", 6));
        assert!(told.is_new("b", 5));
        assert!(!told.is_new("a", 5) && !told.is_new("a", 6));
    }

    #[test]
    fn only_the_latest_deadlines_are_remembered() {
        let mut told = Told::default();
        for number in 0..10 * MOST as i64 {
            assert!(told.is_new(&number.to_string(), number));
            assert!(told.0.len() <= MOST);
        }
        assert!(!told.is_new(&(10 * MOST - 1).to_string(), 10 * MOST as i64 - 1));
        // Where all deadlines are alike, none is later than another.
        let mut alike = Told::default();
        for number in 0..3 * MOST {
            assert!(alike.is_new(&number.to_string(), 1));
            assert!(alike.0.len() <= MOST);
        }
    }
}
