//! A tar archive passed on under other names, as it comes.

use bytes::Bytes;
use futures::{Stream, stream::BoxStream};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};
use tokio::sync::mpsc;

/// What is written at once.
const PART: usize = 256 * 1024;

/// The archive with everything below `to`; `unnamed`: without the first part of each path. The folder
/// itself is left out, so that one that is there keeps its owner and mode.
pub(super) fn renamed(
    archive: BoxStream<'static, io::Result<Bytes>>,
    unnamed: bool,
    to: String,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let (sender, receiver) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        let parts = futures::executor::block_on_stream(archive);
        let input = Parts { parts, current: Bytes::new() };
        let output = BufWriter::with_capacity(PART, Sending(sender.clone()));
        if let Err(error) = rename(input, output, unnamed, Path::new(&to)) {
            // Who reads no more does not want to know.
            sender.blocking_send(Err(error)).ok();
        }
    });
    futures::stream::unfold(receiver, |mut parts| async { Some((parts.recv().await?, parts)) })
}

fn rename(input: impl Read, output: impl Write, unnamed: bool, to: &Path) -> io::Result<()> {
    let mut archive = tar::Archive::new(input);
    let mut builder = tar::Builder::new(output);
    let target = |path: &Path| -> PathBuf {
        let parts = path.components().filter(|part| matches!(part, Component::Normal(_)));
        let below: PathBuf = parts.skip(usize::from(unnamed)).collect();
        let whole = to.join(below);
        whole.strip_prefix("/").map(Path::to_owned).unwrap_or(whole)
    };
    let top = target(Path::new(""));
    for entry in archive.entries()? {
        let mut entry = entry?;
        let mut header = entry.header().clone();
        let (kind, path) = (header.entry_type(), target(&entry.path()?));
        match entry.link_name()? {
            Some(link) if kind.is_hard_link() => builder.append_link(&mut header, path, target(&link))?,
            Some(link) if kind.is_symlink() => builder.append_link(&mut header, path, link)?,
            _ if kind.is_dir() && path == top => {}
            _ => builder.append_data(&mut header, path, &mut entry)?,
        }
    }
    builder.into_inner()?.flush()
}

struct Parts<I> {
    parts: I,
    current: Bytes,
}

impl<I: Iterator<Item = io::Result<Bytes>>> Read for Parts<I> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() {
            match self.parts.next() {
                Some(part) => self.current = part?,
                None => return Ok(0),
            }
        }
        let taken = self.current.split_to(buffer.len().min(self.current.len()));
        buffer[..taken.len()].copy_from_slice(&taken);
        Ok(taken.len())
    }
}

struct Sending(mpsc::Sender<io::Result<Bytes>>);

impl Write for Sending {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(part)));
        sent.map(|()| part.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
