//! Chunks that are asked about and sent together, and the files that are whole with them.

use atelier_api::upload::MAX_CHUNK_BODY;
use atelier_chunk::{ChunkId, MAX_BYTES};
use bytes::Bytes;
use std::collections::HashMap;

/// A batch that has this is sent: small enough for progress to move on a slow line, and for memory, of which
/// a few batches are taken at once.
const FULL_BYTES: usize = 4 << 20;
/// Small files are many: so many chunks go into one question.
const FULL_CHUNKS: usize = 2000;
const _: () = assert!(FULL_BYTES + (FULL_CHUNKS + 1) * HEAD + MAX_BYTES <= MAX_CHUNK_BODY);

/// Bytes before each chunk: its hash and its length.
const HEAD: usize = 32 + 4;

/// A file all of whose chunks are in this batch or in those before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// Which of the job's files.
    pub(crate) file: usize,
    pub(crate) chunks: Vec<String>,
}

#[derive(Default)]
pub(crate) struct Batch {
    chunks: HashMap<ChunkId, Bytes>,
    held: usize,
    /// Of files, whether their chunks are new in this batch or not.
    pub(crate) bytes: u64,
    pub(crate) cut: Vec<Cut>,
}

impl Batch {
    pub(crate) fn add(&mut self, id: ChunkId, chunk: Bytes) {
        self.bytes += chunk.len() as u64;
        self.held += chunk.len();
        self.chunks.insert(id, chunk);
    }

    pub(crate) fn is_full(&self) -> bool {
        self.held >= FULL_BYTES || self.chunks.len() >= FULL_CHUNKS || self.cut.len() >= FULL_CHUNKS
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.chunks.is_empty() && self.cut.is_empty()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.chunks.keys().map(ToString::to_string).collect()
    }

    /// The request's body with these of the chunks; names that it has not are left out.
    pub(crate) fn body(&self, lacking: &[String]) -> Vec<u8> {
        let chunks: Vec<_> = lacking
            .iter()
            .filter_map(|name| name.parse::<ChunkId>().ok())
            .filter_map(|id| self.chunks.get_key_value(&id))
            .collect();
        let mut body = Vec::with_capacity(chunks.iter().map(|(_, chunk)| HEAD + chunk.len()).sum());
        for (id, chunk) in chunks {
            body.extend_from_slice(id.as_bytes());
            // No chunk is larger than 4 MiB.
            body.extend_from_slice(&(chunk.len() as u32).to_le_bytes());
            body.extend_from_slice(chunk);
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(chunks: &[&'static [u8]]) -> Batch {
        let mut batch = Batch::default();
        for chunk in chunks {
            batch.add(ChunkId::of(chunk), Bytes::from_static(chunk));
        }
        batch
    }

    #[test]
    fn only_what_is_lacking_is_in_the_body_and_each_once() {
        let batch = with(&[b"one", b"two", b"one"]);
        assert_eq!(batch.bytes, 9);
        assert_eq!(batch.names().len(), 2);
        let name = ChunkId::of(b"two").to_string();
        let body = batch.body(&[name, ChunkId::of(b"unknown").to_string(), "no hash".to_owned()]);
        assert_eq!(body[..32], *ChunkId::of(b"two").as_bytes());
        assert_eq!(body[32..], *b"\x03\0\0\0two");
    }

    #[test]
    fn full_by_bytes_and_by_empty_files() {
        static LARGE: [u8; FULL_BYTES] = [7; FULL_BYTES];
        assert!(!with(&[b"small"]).is_full());
        assert!(with(&[&LARGE]).is_full());
        let mut batch = Batch::default();
        batch.cut.extend((0..FULL_CHUNKS).map(|file| Cut { file, chunks: Vec::new() }));
        assert!(batch.is_full());
    }
}
