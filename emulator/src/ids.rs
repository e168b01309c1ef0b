//! Ids that look like the service's: a prefix and 21 letters or digits.

use std::io::Read;
use std::sync::Mutex;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

pub struct Ids {
    state: Mutex<u64>,
}

impl Ids {
    /// With a seed the same calls give the same ids.
    pub fn new(seed: Option<u64>) -> Ids {
        let seed = seed.unwrap_or_else(|| {
            let mut bytes = [0u8; 8];
            match std::fs::File::open("/dev/urandom").and_then(|mut f| f.read_exact(&mut bytes)) {
                Ok(()) => u64::from_ne_bytes(bytes),
                Err(_) => std::process::id() as u64,
            }
        });
        Ids { state: Mutex::new(seed) }
    }

    /// The same, but for the starts that there were before in a data directory: what they have made
    /// is there, and has its ids.
    pub fn after(starts: u64, seed: u64) -> Ids {
        let mut state = starts;
        let shift = if starts == 0 { 0 } else { split_mix(&mut state) };
        Ids::new(Some(seed ^ shift))
    }

    /// A name for places where only small letters and digits can stand, hosts for one.
    pub fn key(&self) -> String {
        let mut state = self.state.lock().unwrap();
        let small = |_| ALPHABET[10 + 26 + (split_mix(&mut state) % 26) as usize] as char;
        (0..32).map(small).collect()
    }

    pub fn next(&self, prefix: &str) -> String {
        let mut id = String::with_capacity(prefix.len() + 22);
        id.push_str(prefix);
        id.push('_');
        let mut state = self.state.lock().unwrap();
        for _ in 0..21 {
            id.push(ALPHABET[(split_mix(&mut state) % 62) as usize] as char);
        }
        id
    }
}

/// SplitMix64: small, and good enough for names that only have to differ, and for dice.
pub fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_ids_and_ids_differ() {
        let (a, b) = (Ids::new(Some(7)), Ids::new(Some(7)));
        let first = a.next("dbx");
        assert_eq!(first, b.next("dbx"));
        assert_ne!(first, a.next("dbx"));
        assert!(first.starts_with("dbx_") && first.len() == 25);
        assert_eq!(Ids::after(0, 7).next("dbx"), first);
        assert_ne!(Ids::after(1, 7).next("dbx"), first);
        assert_eq!(Ids::after(1, 7).next("dbx"), Ids::after(1, 7).next("dbx"));
    }
}
