//! A folder as a zip archive, made while it is sent. Of each file only its row in the archive's directory is kept,
//! some 300 bytes.

use super::Opened;
use crate::app::App;
use crate::error;
use actix_web::web;
use atelier_store::{Content, Found, Info, Result, Root, Store, TreePath};
use bytes::Bytes;
use futures::{Stream, stream};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use time::OffsetDateTime;
use tokio::sync::mpsc;
use zip::result::ZipError;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Pieces on their way. With so few, a slow reader slows the store down.
const WAITING: usize = 4;
/// Bytes that are sent together, at least: heads of small files make no pieces of their own.
const PIECE: usize = 64 << 10;

/// All of a version, or of a folder of it, that may be read. It breaks off at what is damaged.
///
/// # Errors
/// Not found, if there is no such folder.
pub async fn archive(
    app: &web::Data<App>,
    version: Opened,
    folder: Option<&TreePath>,
) -> error::Result<impl Stream<Item = Result<Bytes>> + use<>> {
    let root = version.folder(folder).await?;
    let below = folder.map(|folder| format!("{folder}/")).unwrap_or_default();
    let (sender, receiver) = mpsc::channel(WAITING);
    let mut out = Out { sender, sent: app.metrics.data.sent.clone(), made: Made::default() };
    tokio::spawn(async move {
        match write(&version, root, &below, &mut out).await {
            Ok(()) | Err(Broken::Unread) => {}
            Err(Broken::Store(error)) => {
                tracing::warn!(%error, "an archive breaks off");
                out.sender.send(Err(error)).await.ok();
            }
            Err(Broken::Format(error)) => {
                tracing::error!(%error, "an archive breaks off");
                let object = "an archive".to_owned();
                let broken = atelier_store::Error::Damaged { object, reason: error.to_string() };
                out.sender.send(Err(broken)).await.ok();
            }
        }
    });
    Ok(stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver))))
}

/// Why an archive breaks off.
enum Broken {
    Store(atelier_store::Error),
    /// What the format does not take.
    Format(ZipError),
    /// Nobody reads it any more.
    Unread,
}

impl From<atelier_store::Error> for Broken {
    fn from(error: atelier_store::Error) -> Broken {
        Broken::Store(error)
    }
}

impl From<ZipError> for Broken {
    fn from(error: ZipError) -> Broken {
        Broken::Format(error)
    }
}

impl From<std::io::Error> for Broken {
    fn from(error: std::io::Error) -> Broken {
        Broken::Format(error.into())
    }
}

/// What the archive's writer has made and nobody has sent yet.
#[derive(Clone, Default)]
struct Made(Arc<Mutex<Vec<u8>>>);

impl Write for Made {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

struct Out {
    sender: mpsc::Sender<Result<Bytes>>,
    sent: prometheus_client::metrics::counter::Counter,
    made: Made,
}

impl Out {
    /// Sends what was made, if it is so much.
    async fn send(&self, at_least: usize) -> Result<(), Broken> {
        let bytes = {
            let mut made = self.made.0.lock().unwrap_or_else(PoisonError::into_inner);
            if made.len() < at_least.max(1) {
                return Ok(());
            }
            std::mem::take(&mut *made)
        };
        self.sent.inc_by(bytes.len() as u64);
        self.sender.send(Ok(bytes.into())).await.map_err(|_| Broken::Unread)
    }
}

type Zip = ZipWriter<StreamWriter<Made>>;

async fn write(version: &Opened, folder: Root, below: &str, out: &mut Out) -> Result<(), Broken> {
    let Opened { store, at, hidden, .. } = version;
    let moment = moment(*at);
    let mut zip: Zip = ZipWriter::new_stream(out.made.clone());
    let mut walk = store.walk(folder);
    while let Some(found) = walk.next().await? {
        let Found { path, info } = found;
        if hidden.covers(&format!("{below}{path}")) {
            continue;
        }
        let as_it_is = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(moment);
        match info {
            Info::Folder(_) => zip.add_directory(path, as_it_is.unix_permissions(0o755))?,
            Info::File(file) => {
                let mode = if file.executable { 0o755 } else { 0o644 };
                let large = file.content.bytes() >= u64::from(u32::MAX);
                zip.start_file(path, as_it_is.unix_permissions(mode).large_file(large))?;
                fill(store, &file.content, &mut zip, out).await?;
            }
        }
        out.send(PIECE).await?;
    }
    zip.finish()?;
    out.send(0).await
}

async fn fill(store: &Store, content: &Content, zip: &mut Zip, out: &Out) -> Result<(), Broken> {
    let mut read = store.read(content, 0..content.bytes()).await?;
    while let Some(piece) = read.next().await? {
        zip.write_all(&piece)?;
        out.send(PIECE).await?;
    }
    Ok(())
}

/// As the format has it, from 1980 to 2107: two seconds are its smallest unit.
fn moment(ms: i64) -> DateTime {
    let at = OffsetDateTime::from_unix_timestamp(ms / 1000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let year = u16::try_from(at.year()).unwrap_or_default();
    DateTime::from_date_and_time(year, at.month().into(), at.day(), at.hour(), at.minute(), at.second())
        .unwrap_or_default()
}
