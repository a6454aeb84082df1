use super::walk::{Looks, Top};
use crate::index::View;
use crate::session::squeeze::Squeezed;
use crate::tree::{Content, FileInfo, Held};
use crate::{Error, Result, TreePath};
use atelier_chunk::{ChunkId, MIN_BYTES};
use bytes::Bytes;
use futures::Stream;
use rustix::fs::{OFlags, fstat};
use std::fs::File;
use std::io::Read;
use std::sync::Arc;

/// Bytes of a large file that are read at once.
const PART_BYTES: usize = 4 << 20;

/// A file that was opened.
pub(super) enum Opened {
    /// One chunk or none, read already.
    Small(Looks, FileInfo, Option<Squeezed>),
    Large(Looks, File),
}

/// Opens a file, and reads it if it is small. None if it is gone or became something else meanwhile.
pub(super) fn open(top: &Top, path: &TreePath, view: &View) -> Result<Option<Opened>> {
    let fault = |error| top.fault(path.as_str(), error);
    let fd = match top.at(path.as_str(), OFlags::NOFOLLOW) {
        Ok(fd) => fd,
        Err(Error::Local { source, .. }) if gone(&source) => return Ok(None),
        Err(error) => return Err(error),
    };
    let stat = fstat(&fd).map_err(|error| fault(error.into()))?;
    if rustix::fs::FileType::from_raw_mode(stat.st_mode) != rustix::fs::FileType::RegularFile {
        return Ok(None);
    }
    let looks = Looks::of(&stat);
    let mut file = File::from(fd);
    if looks.bytes > MIN_BYTES as u64 {
        return Ok(Some(Opened::Large(looks, file)));
    }
    let mut bytes = Vec::with_capacity(looks.bytes as usize + 1);
    (&mut file).take(looks.bytes).read_to_end(&mut bytes).map_err(fault)?;
    let (held, chunk) = match bytes.is_empty() {
        true => (Held::Nothing, None),
        false => {
            let id = ChunkId::of(&bytes);
            (Held::Chunk(id), Some(bytes))
        }
    };
    let content = Content { bytes: chunk.as_ref().map_or(0, |bytes| bytes.len() as u64), held };
    let squeezed = chunk.and_then(|bytes| match held {
        Held::Chunk(id) => Some(Squeezed::chunk(id, bytes.into(), view)),
        _ => None,
    });
    Ok(Some(Opened::Small(looks, FileInfo { content, executable: looks.executable }, squeezed)))
}

fn gone(error: &std::io::Error) -> bool {
    use rustix::io::Errno;
    let gone = [Errno::NOENT, Errno::LOOP, Errno::NOTDIR, Errno::XDEV];
    error.raw_os_error().is_some_and(|number| gone.iter().any(|errno| errno.raw_os_error() == number))
}

/// The bytes of a large file.
pub(super) fn parts(top: Arc<Top>, path: TreePath, file: File) -> impl Stream<Item = Result<Bytes>> + Send {
    futures::stream::try_unfold(file, move |mut file| {
        let (top, path) = (top.clone(), path.clone());
        async move {
            let read = tokio::task::spawn_blocking(move || {
                let mut bytes = Vec::with_capacity(PART_BYTES);
                let read = (&mut file).take(PART_BYTES as u64).read_to_end(&mut bytes);
                read.map_err(|error| top.fault(path.as_str(), error)).map(|_| (Bytes::from(bytes), file))
            });
            let (bytes, file) = read.await??;
            Ok((!bytes.is_empty()).then_some((bytes, file)))
        }
    })
}
