//! Identifiers that nobody else has.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::SystemTime;

use uuid::{Builder, Uuid};

/// A random identifier (version 4).
pub fn id() -> Uuid {
    Builder::from_random_bytes(bytes()).into_uuid()
}

/// One that sorts by the time at which it was made (version 7).
pub fn id_by_time() -> Uuid {
    let mut random = [0; 10];
    random.copy_from_slice(&bytes()[..10]);
    Builder::from_unix_timestamp_millis(since_1970().as_millis() as u64, &random).into_uuid()
}

/// The system's; where it has none to give, a host may forbid it, what nobody else is likely to have.
fn bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    if getrandom::fill(&mut bytes).is_err() {
        for half in bytes.chunks_exact_mut(8) {
            half.copy_from_slice(&unlikely().to_ne_bytes());
        }
    }
    bytes
}

/// The keys of a hasher are random, and each hasher's differ; forked processes, which share them, differ by number and time.
pub fn unlikely() -> u64 {
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u32(std::process::id());
    hasher.write_u128(since_1970().as_nanos());
    hasher.finish()
}

fn since_1970() -> std::time::Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn identifiers_differ_and_say_what_they_are() {
        let ids: HashSet<Uuid> = (0..1000).flat_map(|_| [id(), id_by_time()]).collect();
        assert_eq!(ids.len(), 2000);
        assert_eq!((id().get_version_num(), id_by_time().get_version_num()), (4, 7));
        assert_eq!((0..1000).map(|_| unlikely()).collect::<HashSet<u64>>().len(), 1000);
    }
}
