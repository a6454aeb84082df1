//! Bytes that strangers might send: mutations of well-formed ones, without end. For tests.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::time::{Duration, Instant};

/// In every run.
pub const SHORT: Duration = Duration::from_millis(400);
/// In a long run.
pub const LONG: Duration = Duration::from_secs(60);

/// Inputs are not longer than this.
const LENGTH: usize = 4096;
/// Inputs of a target, however slow it is.
const LEAST: usize = 100;
/// A finding can be repeated.
const SEED: u64 = 20_261_124;

/// Mutations of the examples, the same in each run, without end.
pub fn inputs(examples: &[&[u8]]) -> impl Iterator<Item = Vec<u8>> {
    let mut random = StdRng::seed_from_u64(SEED);
    std::iter::repeat_with(move || mutated(examples, &mut random))
}

/// Gives `target` one input after the other for so long, and something to choose by. It panics or not; the
/// input is printed then.
pub fn fuzz(how_long: Duration, examples: &[&[u8]], mut target: impl FnMut(&[u8], &mut StdRng)) {
    let mut random = StdRng::seed_from_u64(SEED);
    let begun = Instant::now();
    for (number, input) in inputs(examples).enumerate() {
        if number >= LEAST && begun.elapsed() > how_long {
            return;
        }
        let shown = Shown(&input);
        target(&input, &mut random);
        std::mem::forget(shown);
    }
}

/// Prints the input if it is dropped by a panic.
struct Shown<'a>(&'a [u8]);

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        eprintln!("the input was b\"{}\"", self.0.escape_ascii());
    }
}

fn mutated(examples: &[&[u8]], random: &mut StdRng) -> Vec<u8> {
    let mut bytes = pick(examples, random).to_vec();
    for _ in 0..random.random_range(0..8) {
        let at = random.random_range(0..=bytes.len());
        let end = random.random_range(at..=bytes.len());
        match random.random_range(0..6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.random_range(0..8),
            1 if at < bytes.len() => bytes[at] = random.random(),
            2 => bytes.insert(at, random.random()),
            3 => drop(bytes.drain(at..end)),
            4 => {
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            _ => {
                let other = pick(examples, random);
                let from = random.random_range(0..=other.len());
                bytes.splice(at..end, other[from..].iter().copied());
            }
        }
        bytes.truncate(LENGTH);
    }
    bytes
}

fn pick<'a>(examples: &[&'a [u8]], random: &mut StdRng) -> &'a [u8] {
    if examples.is_empty() { &[] } else { examples[random.random_range(0..examples.len())] }
}

/// Two tests of each target: a short one for every run, and a long one.
#[macro_export]
macro_rules! fuzz_targets {
    ($($short:ident, $long:ident => $target:path),+ $(,)?) => {
        $(
            #[test]
            fn $short() {
                $target($crate::fuzz::SHORT);
            }

            #[test]
            fn $long() {
                $target($crate::fuzz::LONG);
            }
        )+
    };
}
