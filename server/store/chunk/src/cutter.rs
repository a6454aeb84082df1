use bytes::Bytes;
use fastcdc::v2020::{FastCDC, Normalization};

/// No chunk but the last of a file is smaller.
pub const MIN_BYTES: usize = 128 << 10;
/// What chunks measure on average, about.
pub const AVERAGE_BYTES: usize = 512 << 10;
/// No chunk is larger.
pub const MAX_BYTES: usize = 4 << 20;

/// Cuts a file where its content says so: bytes inserted or removed change the chunks around them only.
/// Feed it with [`push`](Self::push), take what [`take`](Self::take) yields after each, end with
/// [`finish`](Self::finish). It holds at most one chunk and what was pushed last.
#[derive(Default)]
pub struct Cutter {
    held: Vec<u8>,
    /// Where in `held` the next chunk begins.
    start: usize,
}

impl Cutter {
    /// A cutter at the beginning of a file.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next bytes of the file.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.held.len() + bytes.len() > self.held.capacity() {
            self.held.drain(..std::mem::take(&mut self.start));
        }
        self.held.extend_from_slice(bytes);
    }

    /// A chunk that no further byte can change, if there is one.
    pub fn take(&mut self) -> Option<Bytes> {
        (self.rest().len() >= MAX_BYTES).then(|| self.cut())
    }

    /// The chunks that are left when the file has ended.
    pub fn finish(mut self) -> impl Iterator<Item = Bytes> {
        std::iter::from_fn(move || (!self.rest().is_empty()).then(|| self.cut()))
    }

    fn rest(&self) -> &[u8] {
        self.held.get(self.start..).unwrap_or_default()
    }

    fn cut(&mut self) -> Bytes {
        let rest = self.rest();
        // Chunks of about one size: a change inside of a very large one would cost all of it.
        let level = Normalization::Level1;
        let cdc = FastCDC::with_level(rest, MIN_BYTES, AVERAGE_BYTES, MAX_BYTES, level);
        let (_, end) = cdc.cut(0, rest.len());
        // Memory of its own: whoever keeps one chunk keeps no more than that.
        let chunk = Bytes::copy_from_slice(rest.get(..end).unwrap_or(rest));
        self.start += chunk.len();
        chunk
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ChunkId;
    use proptest::prelude::*;
    use std::collections::HashSet;

    fn cut(bytes: &[u8], step: usize) -> Vec<Bytes> {
        let mut cutter = Cutter::new();
        let mut chunks = Vec::new();
        for part in bytes.chunks(step) {
            cutter.push(part);
            chunks.extend(std::iter::from_fn(|| cutter.take()));
        }
        chunks.extend(cutter.finish());
        chunks
    }

    /// The same bytes for the same seed, incompressible.
    fn random(seed: u64, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        let mut hasher = blake3::Hasher::new();
        hasher.update(&seed.to_le_bytes()).finalize_xof().fill(&mut bytes);
        bytes
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn chunks_do_not_depend_on_how_bytes_arrive(seed: u64, len in 0usize..12_000_000, step in 1_000usize..3_000_000) {
            let bytes = random(seed, len);
            let whole = cut(&bytes, usize::MAX);
            prop_assert_eq!(&cut(&bytes, step), &whole);
            prop_assert_eq!(whole.concat(), bytes);
            prop_assert!(whole.iter().all(|chunk| chunk.len() <= MAX_BYTES));
            prop_assert!(whole.iter().rev().skip(1).all(|chunk| chunk.len() >= MIN_BYTES));
        }
    }

    #[test]
    fn what_is_inserted_changes_the_chunks_around_it_only() {
        let before = random(1, 60 << 20);
        let known: HashSet<_> = cut(&before, 1 << 20).iter().map(|chunk| ChunkId::of(chunk)).collect();
        for place in 1..=10 {
            let mut after = before.clone();
            let at = place * 5_000_000;
            after.splice(at..at, random(2, 1_000_000));
            let chunks = cut(&after, 1 << 20).into_iter();
            let new = chunks.filter(|chunk| !known.contains(&ChunkId::of(chunk)));
            let grown: usize = new.map(|chunk| chunk.len()).sum();
            assert!(grown <= 4_000_000, "{grown} at {at}");
        }
    }

    #[test]
    fn where_files_are_cut_is_part_of_the_format() {
        let lengths: Vec<_> = cut(&random(3, 12 << 20), 65_536).iter().map(Bytes::len).collect();
        let expected = [
            256643, 756372, 338224, 653322, 966123, 659276, 579812, 1004235, 534340, 528364, 373702, 1344193,
            613607, 612637, 1493333, 559258, 544235, 252423, 512813,
        ];
        assert_eq!(lengths, expected);
    }
}
