//! Files of this machine.

use crate::error::Error;
use atelier_chunk::{ChunkId, ContentName, Cutter};
use std::fs::File;
use std::io::Read;
use std::path::Path;

const BUFFER: usize = 1 << 20;
/// What a pull calls a file that is not whole yet.
pub(crate) const DRAFT: &str = ".atelier-draft-";

/// Reads a file to its end and hands its chunks on, in order. Gives how many bytes it had.
pub(crate) fn cut<E: From<Error>>(
    file: &mut File,
    path: &Path,
    mut each: impl FnMut(ChunkId, bytes::Bytes) -> Result<(), E>,
) -> Result<u64, E> {
    let mut buffer = vec![0; BUFFER];
    let mut cutter = Cutter::new();
    let mut length = 0;
    loop {
        let read = file.read(&mut buffer).map_err(|error| Error::here(path.display())(error))?;
        if read == 0 {
            break;
        }
        length += read as u64;
        cutter.push(buffer.get(..read).unwrap_or_default());
        while let Some(chunk) = cutter.take() {
            each(ChunkId::of(&chunk), chunk)?;
        }
    }
    for chunk in cutter.finish() {
        each(ChunkId::of(&chunk), chunk)?;
    }
    Ok(length)
}

/// What a file's bytes are called in a version; none if it is empty.
pub(crate) fn content(path: &Path) -> Result<Option<ChunkId>, Error> {
    let mut file = File::open(path).map_err(Error::here(path.display()))?;
    let mut name = ContentName::default();
    cut::<Error>(&mut file, path, |chunk, bytes| {
        name.push(chunk, bytes.len());
        Ok(())
    })?;
    Ok(name.finish())
}
