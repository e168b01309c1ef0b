//! Inputs made at random of a corpus, on any toolchain: for the unit tests of the library and of the emulator.

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::Path;

/// Numbers that a seed repeats.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % end.max(1) as u64) as usize
    }

    fn mutated(&mut self, corpus: &[Vec<u8>]) -> Vec<u8> {
        const ODD: [&[u8]; 16] = [
            b"\0",
            b"\n",
            b"\r",
            b"\r\n\r\n",
            b"\xff",
            b"/",
            b"..",
            b"-1",
            b"18446744073709551616",
            b"~",
            b"%2e",
            b"\"",
            b"\\u",
            b"{",
            b"]",
            b"**",
        ];
        let mut data = corpus[self.below(corpus.len())].clone();
        for _ in 0..=self.below(6) {
            let at = self.below(data.len() + 1);
            match self.below(6) {
                0 if at < data.len() => data[at] ^= 1 << self.below(8),
                1 if at < data.len() => data[at] = self.below(256) as u8,
                2 => drop(data.drain(at..(at + self.below(8)).min(data.len()))),
                3 => drop(data.splice(at..at, ODD[self.below(ODD.len())].iter().copied())),
                4 => {
                    let other = &corpus[self.below(corpus.len())];
                    let from = self.below(other.len() + 1);
                    let to = (from + self.below(64)).min(other.len());
                    drop(data.splice(at..at, other[from..to].iter().copied()));
                }
                _ => data.truncate(data.len() - self.below(data.len().min(4) + 1)),
            }
        }
        data
    }
}

/// Its name, and what it does with an input.
pub type Target = (&'static str, fn(&[u8]));

/// Every file of each target's corpus, and as many inputs made of them as `FUZZ_INPUTS` says, else some; `FUZZ_SEED` chooses others,
/// `FUZZ_TARGET` one target.
pub fn run(targets: &[Target], corpora: &Path) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let inputs = number("FUZZ_INPUTS").unwrap_or(1500);
    let seed = number("FUZZ_SEED").unwrap_or(1);
    let only = std::env::var("FUZZ_TARGET").ok();
    println!("FUZZ_SEED={seed}");
    for (name, target) in targets.iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name)) {
        let folder = corpora.join(name);
        let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let corpus: Vec<Vec<u8>> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
        assert!(!corpus.is_empty(), "{} is empty", folder.display());
        let mut random = Random(seed);
        let made = std::iter::repeat_with(|| random.mutated(&corpus)).take(inputs as usize);
        let mut tried = 0;
        for data in corpus.iter().cloned().chain(made) {
            if catch_unwind(AssertUnwindSafe(|| target(&data))).is_err() {
                panic!("{name}, FUZZ_SEED={seed}: failed with b\"{}\"", data.escape_ascii());
            }
            tried += 1;
        }
        println!("{name}: {tried} inputs");
    }
}
