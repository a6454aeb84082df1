//! A folder as a zip archive, made while it is sent: it needs four bytes of memory for each file, whatever their
//! sizes.

use super::zip::{Entry, Moment, end};
use crate::app::App;
use actix_web::web;
use atelier_store::{Content, Found, Info, Result, Root, Store};
use bytes::Bytes;
use futures::{Stream, stream};
use tokio::sync::mpsc;

/// Pieces on their way. With so few, a slow reader slows the store down.
const WAITING: usize = 4;
/// Rows of the directory that are sent together, in bytes.
const PIECE: usize = 64 << 10;

/// All that is below `folder`, as it was at this time in milliseconds since the epoch. It breaks off at what
/// cannot be read.
pub fn archive(
    app: &web::Data<App>,
    store: Store,
    folder: Root,
    at: i64,
) -> impl Stream<Item = Result<Bytes>> + use<> {
    let (sender, receiver) = mpsc::channel(WAITING);
    let mut out = Out { sender, sent: app.metrics.data.sent.clone(), offset: 0 };
    tokio::spawn(async move {
        if let Err(Broken::Store(error)) = write(&store, folder, Moment::of(at), &mut out).await {
            tracing::warn!(%error, "an archive breaks off");
            out.sender.send(Err(error)).await.ok();
        }
    });
    stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver)))
}

/// Why an archive breaks off.
enum Broken {
    Store(atelier_store::Error),
    /// Nobody reads it any more.
    Unread,
}

impl From<atelier_store::Error> for Broken {
    fn from(error: atelier_store::Error) -> Broken {
        Broken::Store(error)
    }
}

struct Out {
    sender: mpsc::Sender<Result<Bytes>>,
    sent: prometheus_client::metrics::counter::Counter,
    /// Bytes so far.
    offset: u64,
}

impl Out {
    async fn put(&mut self, bytes: impl Into<Bytes>) -> Result<(), Broken> {
        let bytes = bytes.into();
        self.offset += bytes.len() as u64;
        self.sent.inc_by(bytes.len() as u64);
        self.sender.send(Ok(bytes)).await.map_err(|_| Broken::Unread)
    }
}

async fn write(store: &Store, folder: Root, moment: Moment, out: &mut Out) -> Result<(), Broken> {
    let mut checksums = Vec::new();
    let mut walk = store.walk(folder);
    while let Some(found) = walk.next().await? {
        let (name, content) = named(&found);
        let entry = entry(&name, &found);
        out.put(entry.head(moment)).await?;
        let checksum = match content {
            Some(content) => file(store, content, out).await?,
            None => 0,
        };
        checksums.push(checksum);
        out.put(entry.tail(checksum)).await?;
    }
    directory(store, folder, moment, &checksums, out).await
}

/// Sends a file and gives its checksum.
async fn file(store: &Store, content: &Content, out: &mut Out) -> Result<u32, Broken> {
    let mut checksum = crc32fast::Hasher::new();
    let mut read = store.read(content, 0..content.bytes()).await?;
    while let Some(piece) = read.next().await? {
        checksum.update(&piece);
        out.put(piece).await?;
    }
    Ok(checksum.finalize())
}

/// Walks again, and finds everything where it was.
async fn directory(
    store: &Store,
    folder: Root,
    moment: Moment,
    checksums: &[u32],
    out: &mut Out,
) -> Result<(), Broken> {
    let (begin, mut offset, mut rows) = (out.offset, 0, Vec::new());
    let (mut walk, mut checksums_left) = (store.walk(folder), checksums.iter());
    while let Some(found) = walk.next().await? {
        let (name, _) = named(&found);
        let entry = entry(&name, &found);
        rows.extend(entry.row(moment, checksums_left.next().copied().unwrap_or_default(), offset));
        offset += entry.length(moment);
        if rows.len() >= PIECE {
            out.put(std::mem::take(&mut rows)).await?;
        }
    }
    let bytes = out.offset + rows.len() as u64 - begin;
    rows.extend(end(checksums.len() as u64, bytes, begin));
    out.put(rows).await
}

/// The name in the archive, and the content of a file.
fn named(found: &Found) -> (String, Option<&Content>) {
    match &found.info {
        Info::Folder(_) => (format!("{}/", found.path), None),
        Info::File(file) => (found.path.clone(), Some(&file.content)),
    }
}

fn entry<'a>(name: &'a str, found: &Found) -> Entry<'a> {
    match &found.info {
        Info::Folder(_) => Entry { name, bytes: 0, executable: false },
        Info::File(file) => Entry { name, bytes: file.content.bytes(), executable: file.executable },
    }
}
