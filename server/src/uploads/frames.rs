//! Chunks as one body brings them: each its 32 bytes of hash, its length in 4 bytes (little endian), its bytes.

use crate::error::{Error, Result};
use actix_web::http::StatusCode;
use atelier_api::upload::MAX_CHUNK_BODY;
use atelier_store::{ChunkId, MAX_CHUNK_BYTES};
use bytes::{Buf, Bytes, BytesMut};
use futures::stream::Fuse;
use futures::{Stream, StreamExt};

const HEAD: usize = 36;

/// Reads no further than the chunk that is asked for.
pub(super) struct Frames<S> {
    /// Asked again at its end, which not every stream stands.
    body: Fuse<S>,
    buffer: BytesMut,
    came: usize,
}

impl<S: Stream<Item = Result<Bytes>> + Unpin> Frames<S> {
    pub(super) fn of(body: S) -> Frames<S> {
        Frames { body: body.fuse(), buffer: BytesMut::new(), came: 0 }
    }

    /// The next chunk, whose hash has not been looked at; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<(ChunkId, Bytes)>> {
        if !self.fill(HEAD).await? {
            return if self.buffer.is_empty() { Ok(None) } else { Err(cut()) };
        }
        let mut id = [0; 32];
        self.buffer.copy_to_slice(&mut id);
        let bytes = self.buffer.get_u32_le() as usize;
        if bytes == 0 {
            return Err(Error::invalid_field("body", "holds a chunk with nothing in it"));
        }
        if bytes > MAX_CHUNK_BYTES {
            return Err(too_large(format!("A chunk has at most {MAX_CHUNK_BYTES} bytes.")));
        }
        if !self.fill(bytes).await? {
            return Err(cut());
        }
        // Memory of its own: a chunk that waits to be written keeps no more than itself.
        let chunk = Bytes::copy_from_slice(self.buffer.get(..bytes).unwrap_or_default());
        self.buffer.advance(bytes);
        Ok(Some((ChunkId::from_bytes(id), chunk)))
    }

    /// Whether so many bytes are there now.
    async fn fill(&mut self, bytes: usize) -> Result<bool> {
        while self.buffer.len() < bytes {
            let Some(piece) = self.body.next().await.transpose()? else { return Ok(false) };
            self.came += piece.len();
            if self.came > MAX_CHUNK_BODY {
                return Err(too_large(format!(
                    "One request brings at most {MAX_CHUNK_BODY} bytes of chunks."
                )));
            }
            self.buffer.extend_from_slice(&piece);
        }
        Ok(true)
    }
}

fn too_large(detail: String) -> Error {
    Error::status(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
}

fn cut() -> Error {
    Error::bad_request("cut-off", "The body ends within a chunk. What came before it was taken.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::stream;

    fn frame(bytes: &[u8]) -> Vec<u8> {
        let head = [ChunkId::of(bytes).as_bytes().as_slice(), &(bytes.len() as u32).to_le_bytes()].concat();
        [head.as_slice(), bytes].concat()
    }

    #[tokio::test]
    async fn the_end_may_be_asked_for_again() {
        let pieces = stream::unfold(Some(frame(b"one")), async |left| Some((Ok(Bytes::from(left?)), None)));
        let mut frames = Frames::of(Box::pin(pieces));
        assert!(frames.next().await.unwrap().is_some());
        assert!(frames.next().await.unwrap().is_none());
        assert!(frames.next().await.unwrap().is_none());
    }

    async fn read(body: &[u8], piece: usize) -> Result<Vec<Vec<u8>>> {
        let pieces: Vec<_> = body.chunks(piece).map(|part| Ok(Bytes::copy_from_slice(part))).collect();
        let mut frames = Frames::of(stream::iter(pieces));
        let mut chunks = Vec::new();
        while let Some((id, bytes)) = frames.next().await? {
            assert_eq!(id, ChunkId::of(&bytes));
            chunks.push(bytes.to_vec());
        }
        Ok(chunks)
    }

    #[tokio::test]
    async fn chunks_are_found_however_the_body_is_cut_into_pieces() {
        let body = [frame(b"a"), frame(&[7; 1000]), frame(b"the last")].concat();
        for piece in [1, 7, 36, 37, 500, 5000] {
            let chunks = read(&body, piece).await.unwrap();
            assert_eq!(chunks, [b"a".to_vec(), vec![7; 1000], b"the last".to_vec()], "{piece}");
        }
        assert!(read(b"", 1).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_body_that_ends_within_a_chunk_is_refused_wherever_it_ends() {
        let body = frame(b"some bytes");
        for end in 1..body.len() {
            assert_eq!(read(&body[..end], 9).await.unwrap_err().problem().code, "cut-off", "{end}");
        }
    }

    #[tokio::test]
    async fn what_is_too_large_is_refused_before_it_is_read() {
        let head = |bytes: u32| [[0; 32].as_slice(), &bytes.to_le_bytes()].concat();
        assert_eq!(read(&head(u32::MAX), 36).await.unwrap_err().problem().status, 413);
        assert_eq!(read(&head(0), 36).await.unwrap_err().problem().status, 422);
        let many = frame(&vec![1; MAX_CHUNK_BYTES]).repeat(MAX_CHUNK_BODY / MAX_CHUNK_BYTES);
        assert_eq!(read(&many, 1 << 16).await.unwrap_err().problem().status, 413);
    }
}
