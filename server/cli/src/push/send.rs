//! Chunks go to the server a batch at a time, several batches at once: which are lacking is asked, and those are
//! sent. A file is told when all of its chunks are there.

use super::Making;
use super::memory::{Looks, Noting};
use super::read::Said;
use super::walk::Wanted;
use crate::error::Error;
use atelier_api::calls;
use atelier_api::upload::{Chunks, PutFile, PutFiles};
use atelier_chunk::ChunkId;
use bytes::{BufMut, Bytes};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::{JoinHandle, JoinSet};

const BATCH_BYTES: usize = 4 << 20;
const BATCH_CHUNKS: usize = 4_000;
const BATCHES_AT_ONCE: usize = 4;
/// Files that are told at once, by their count and by what they measure in the request.
const TOLD_FILES: usize = 5_000;
const TOLD_BYTES: usize = 8 << 20;
/// A hash in the request, with what is around it.
const HASH_BYTES: usize = 67;
/// Of a chunk that is sent: its hash and its length.
const HEAD_BYTES: usize = 36;
/// Of one file: more does not go into a request.
const MOST_CHUNKS: usize = 230_000;

/// A file whose chunks are on their way.
#[derive(Default)]
struct Open {
    chunks: Vec<ChunkId>,
    unsent: usize,
    /// When all of its chunks are known.
    ended: Option<(Wanted, Option<Looks>)>,
}

#[derive(Default)]
struct Batch {
    /// Each with the number of its file.
    chunks: Vec<(u64, ChunkId, Bytes)>,
    bytes: usize,
    /// Held until the batch is sent, so that no more is read than there is room for.
    room: Option<OwnedSemaphorePermit>,
}

/// What waits for what.
struct Sending {
    making: Arc<Making>,
    open: HashMap<u64, Open>,
    batch: Batch,
    underway: JoinSet<Result<Vec<u64>, Error>>,
    complete: PutFiles,
    complete_bytes: usize,
    teller: Sender<PutFiles>,
    noting: Noting,
}

/// Sends all that is said, to the last file, and gives back what was noted of them.
pub(super) async fn run(
    making: Arc<Making>,
    mut heard: Receiver<Said>,
    noting: Noting,
) -> Result<Noting, Error> {
    let (teller, told) = mpsc::channel(1);
    let telling = tokio::spawn(tell(making.clone(), told));
    let mut sending = Sending {
        making,
        open: HashMap::new(),
        batch: Batch::default(),
        underway: JoinSet::new(),
        complete: PutFiles::default(),
        complete_bytes: 0,
        teller,
        noting,
    };
    let outcome = sending.run(&mut heard).await;
    let Sending { teller, noting, .. } = sending;
    // Ends the telling when it has told all.
    drop(teller);
    let told = ended(telling).await;
    // If telling failed, that is why the rest did.
    told.and(outcome)?;
    Ok(noting)
}

impl Sending {
    async fn run(&mut self, heard: &mut Receiver<Said>) -> Result<(), Error> {
        while let Some(said) = heard.recv().await {
            match said {
                Said::Chunk { file, id, bytes, room } => self.chunk(file, id, bytes, room).await?,
                Said::End { file, wanted, looks } => {
                    self.open.entry(file).or_default().ended = Some((wanted, looks));
                    self.perhaps_complete(file).await?;
                }
                Said::Known { wanted, looks, chunks } => {
                    self.making.progress.bytes(wanted.bytes);
                    if self.making.begun_with {
                        self.noting.note(&looks, &chunks);
                        self.making.progress.file();
                    } else {
                        self.complete(wanted, Some(looks), &chunks).await?;
                    }
                }
                Said::Failed(error) => return Err(error),
            }
        }
        self.send_batch().await?;
        while !self.underway.is_empty() {
            self.batch_sent().await?;
        }
        self.tell_complete().await
    }

    async fn chunk(
        &mut self,
        file: u64,
        id: ChunkId,
        bytes: Bytes,
        room: OwnedSemaphorePermit,
    ) -> Result<(), Error> {
        let open = self.open.entry(file).or_default();
        if open.chunks.len() >= MOST_CHUNKS {
            return Err(Error::Usage("a file is larger than about 100 GB. Push it in parts.".to_owned()));
        }
        open.chunks.push(id);
        open.unsent += 1;
        self.making.read.fetch_add(bytes.len() as u64, Relaxed);
        self.batch.bytes += bytes.len();
        self.batch.chunks.push((file, id, bytes));
        match &mut self.batch.room {
            Some(held) => held.merge(room),
            none => *none = Some(room),
        }
        if self.batch.bytes >= BATCH_BYTES || self.batch.chunks.len() >= BATCH_CHUNKS {
            self.send_batch().await?;
        }
        Ok(())
    }

    async fn send_batch(&mut self) -> Result<(), Error> {
        while self.underway.len() >= BATCHES_AT_ONCE {
            self.batch_sent().await?;
        }
        let batch = std::mem::take(&mut self.batch);
        if !batch.chunks.is_empty() {
            self.underway.spawn(send(self.making.clone(), batch));
        }
        Ok(())
    }

    async fn batch_sent(&mut self) -> Result<(), Error> {
        let Some(outcome) = self.underway.join_next().await else { return Ok(()) };
        for file in outcome.map_err(Error::stopped)?? {
            if let Some(open) = self.open.get_mut(&file) {
                open.unsent -= 1;
            }
            self.perhaps_complete(file).await?;
        }
        Ok(())
    }

    /// A file that is complete is told with others.
    async fn perhaps_complete(&mut self, file: u64) -> Result<(), Error> {
        let Entry::Occupied(entry) = self.open.entry(file) else { return Ok(()) };
        if entry.get().unsent > 0 || entry.get().ended.is_none() {
            return Ok(());
        }
        let Open { chunks, ended: Some((wanted, looks)), .. } = entry.remove() else { return Ok(()) };
        self.complete(wanted, looks, &chunks).await
    }

    async fn complete(
        &mut self,
        wanted: Wanted,
        looks: Option<Looks>,
        chunks: &[ChunkId],
    ) -> Result<(), Error> {
        if let Some(looks) = looks {
            self.noting.note(&looks, chunks);
        }
        let Wanted { path, executable, .. } = wanted;
        // At worst every byte of the path is written as six.
        let measures = path.len() * 6 + 64 + chunks.len() * HASH_BYTES;
        if self.complete_bytes + measures > TOLD_BYTES || self.complete.put.len() >= TOLD_FILES {
            self.tell_complete().await?;
        }
        self.complete_bytes += measures;
        let chunks = chunks.iter().map(ChunkId::to_string).collect();
        self.complete.put.push(PutFile { path, chunks, executable });
        Ok(())
    }

    async fn tell_complete(&mut self) -> Result<(), Error> {
        self.complete_bytes = 0;
        let files = std::mem::take(&mut self.complete);
        if files.put.is_empty() {
            return Ok(());
        }
        // Whoever waits for the telling says why it has ended.
        let ended = |_| Error::Damaged("files are no longer told".to_owned());
        self.teller.send(files).await.map_err(ended)
    }
}

/// Sends what is lacking of a batch, and gives the files of its chunks.
async fn send(making: Arc<Making>, mut batch: Batch) -> Result<Vec<u64>, Error> {
    let files = batch.chunks.iter().map(|&(file, ..)| file).collect();
    let mut distinct = HashSet::new();
    batch.chunks.retain(|(_, id, _)| distinct.insert(*id));
    let asked = Chunks { chunks: batch.chunks.iter().map(|(_, id, _)| id.to_string()).collect() };
    let target = &making.target;
    let (organization, project, dataset) = (&target.organization, &target.project, &target.dataset);
    let call = calls::upload_lacking(organization, project, dataset, &making.upload, &asked);
    let lacking: HashSet<String> = making.api.call_again(call).await?.chunks.into_iter().collect();
    let mut texts = asked.chunks.iter();
    batch.chunks.retain(|_| texts.next().is_some_and(|text| lacking.contains(text)));
    let sent: usize = batch.chunks.iter().map(|(.., bytes)| bytes.len()).sum();
    let mut body = Vec::with_capacity(sent + batch.chunks.len() * HEAD_BYTES);
    // Each is let go of as soon as it is in the body.
    for (_, id, bytes) in batch.chunks.drain(..) {
        body.put_slice(id.as_bytes());
        body.put_u32_le(bytes.len() as u32);
        body.put_slice(&bytes);
    }
    if !body.is_empty() {
        making.sent.fetch_add(sent as u64, Relaxed);
        let path = calls::upload_chunks_path(organization, project, dataset, &making.upload);
        making.api.post_bytes(&path, body.into()).await?;
    }
    making.progress.bytes(batch.bytes as u64);
    Ok(files)
}

/// One request after the other: they change one tree.
async fn tell(making: Arc<Making>, mut told: Receiver<PutFiles>) -> Result<(), Error> {
    let target = &making.target;
    while let Some(files) = told.recv().await {
        let (organization, project, dataset) = (&target.organization, &target.project, &target.dataset);
        let call = calls::upload_files(organization, project, dataset, &making.upload, &files);
        making.api.call_again(call).await?;
        files.put.iter().for_each(|_| making.progress.file());
    }
    Ok(())
}

async fn ended(task: JoinHandle<Result<(), Error>>) -> Result<(), Error> {
    task.await.map_err(Error::stopped)?
}
