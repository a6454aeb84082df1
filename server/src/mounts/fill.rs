//! A tree as the bytes by which the agent fills a volume with it: read from the store while they are sent.

use super::work::Filling;
use atelier_api::fill::Entry;
use atelier_store::{Content, Found, Info, Result, Root, Store};
use bytes::{Bytes, BytesMut};
use futures::{Stream, stream};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::mpsc::{self, Sender};

/// Pieces on their way. With so few, a slow disk slows the store down.
const WAITING: usize = 4;
/// What is small is sent together, in bytes.
const TOGETHER: usize = 64 << 10;

/// All of the tree. It breaks off at what cannot be read.
pub(super) fn bytes(store: Store, root: Root, filling: Arc<Filling>) -> impl Stream<Item = Result<Bytes>> {
    let (sender, receiver) = mpsc::channel(WAITING);
    filling.bytes.store(0, Ordering::Relaxed);
    tokio::spawn(async move {
        let mut out = Out { sender, held: BytesMut::new(), filling };
        if let Err(Broken::Store(error)) = write(&store, root, &mut out).await {
            out.sender.send(Err(error)).await.ok();
        }
    });
    stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver)))
}

/// Why it breaks off.
enum Broken {
    Store(atelier_store::Error),
    /// Nobody takes it any more.
    Unread,
}

impl From<atelier_store::Error> for Broken {
    fn from(error: atelier_store::Error) -> Broken {
        Broken::Store(error)
    }
}

struct Out {
    sender: Sender<Result<Bytes>>,
    held: BytesMut,
    filling: Arc<Filling>,
}

impl Out {
    async fn put(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        self.held.extend_from_slice(bytes);
        match self.held.len() < TOGETHER {
            true => Ok(()),
            false => self.flush().await,
        }
    }

    async fn flush(&mut self) -> Result<(), Broken> {
        let bytes = self.held.split().freeze();
        self.sender.send(Ok(bytes)).await.map_err(|_| Broken::Unread)
    }

    async fn line(&mut self, entry: &Entry) -> Result<(), Broken> {
        // Plain strings and numbers always serialize.
        let mut line = serde_json::to_vec(entry).unwrap_or_default();
        line.push(b'\n');
        self.put(&line).await
    }
}

async fn write(store: &Store, root: Root, out: &mut Out) -> Result<(), Broken> {
    let mut walk = store.walk(root);
    let mut entries = 0;
    while let Some(Found { path, info }) = walk.next().await? {
        entries += 1;
        match info {
            Info::Folder(_) => out.line(&Entry::Folder { path }).await?,
            Info::File(file) => {
                let content = file.content;
                let name = (content.bytes() > 0).then(|| content.name().to_string());
                let executable = file.executable;
                out.line(&Entry::File { path, bytes: content.bytes(), executable, name }).await?;
                pieces(store, &content, out).await?;
            }
        }
    }
    out.line(&Entry::End { entries }).await?;
    out.flush().await
}

async fn pieces(store: &Store, content: &Content, out: &mut Out) -> Result<(), Broken> {
    let mut read = store.read(content, 0..content.bytes()).await?;
    while let Some(piece) = read.next().await? {
        let length = piece.len();
        out.put(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes()).await?;
        out.put(&piece).await?;
        out.filling.bytes.fetch_add(length as u64, Ordering::Relaxed);
    }
    Ok(())
}
