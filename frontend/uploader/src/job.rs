//! One upload from the first file to the version.

use crate::batch::{Batch, Cut};
use crate::gate::Gate;
use crate::read::Pieces;
use crate::requests::Requests;
use crate::tell::{Meter, tell};
use atelier_api::calls;
use atelier_api::upload::{Chunks, CommitUpload, PutFile, PutFiles};
use atelier_chunk::{ChunkId, Cutter};
use atelier_uploader::{Job, Report, Trouble};
use futures::StreamExt;
use futures::channel::oneshot;
use futures::stream::FuturesOrdered;
use std::collections::VecDeque;
use std::mem;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

/// Batches on their way at once.
const AT_ONCE: usize = 4;
/// Files, or chunks of them, that are told of together.
const TOGETHER: usize = 4000;
/// The server may forget chunks that it had not yet kept when it ended: what is made of them is read again,
/// but not for ever.
const ROUNDS: u32 = 8;

type Sent = oneshot::Receiver<Result<Vec<Cut>, Trouble>>;

struct Work {
    job: Job,
    files: Vec<File>,
    requests: Requests,
    meter: Meter,
}

/// Does it, and says what became of it.
pub(crate) async fn run(job: Job, files: Vec<File>, gate: Rc<Gate>) {
    let work = Rc::new(Work { job, files, requests: Requests { gate }, meter: Meter::default() });
    if let Err(trouble) = finish(&work).await {
        tell(&Report::Failed(trouble));
    }
}

async fn finish(work: &Rc<Work>) -> Result<(), Trouble> {
    let mut queue: VecDeque<usize> = (0..work.files.len()).collect();
    let mut round = 0;
    while !queue.is_empty() {
        round += 1;
        let lost = send_all(work, mem::take(&mut queue)).await?;
        if let (Some(trouble), true) = (lost.trouble, round >= ROUNDS) {
            return Err(trouble);
        }
        queue.extend(lost.files);
    }
    work.meter.flush();
    tell(&Report::Committing);
    let Job { organization, project, dataset, upload, message, .. } = &work.job;
    let body = CommitUpload { message: message.clone(), ..CommitUpload::default() };
    let call = calls::upload_commit(organization, project, dataset, upload, &body);
    let version = work.requests.call(&call).await?;
    tell(&Report::Committed(Box::new(version)));
    Ok(())
}

/// Files whose chunks the server does not have any more.
#[derive(Default)]
struct Lost {
    files: Vec<usize>,
    trouble: Option<Trouble>,
}

/// Cuts the files one after the other, while batches before are on their way.
async fn send_all(work: &Rc<Work>, queue: VecDeque<usize>) -> Result<Lost, Trouble> {
    let mut sending = FuturesOrdered::<Sent>::new();
    let mut batch = Batch::default();
    let mut put = Put { work, cut: Vec::new(), chunks: 0, lost: Lost::default() };
    for file in queue {
        let mut pieces = Pieces::of(&work.files[file], &work.job.paths[file]);
        let mut cutter = Cutter::new();
        let mut chunks = Vec::new();
        let mut keep = |batch: &mut Batch, chunk: bytes::Bytes| {
            let id = ChunkId::of(&chunk);
            chunks.push(id.to_string());
            batch.add(id, chunk);
        };
        while let Some(piece) = pieces.next().await? {
            cutter.push(&piece);
            while let Some(chunk) = cutter.take() {
                keep(&mut batch, chunk);
                if batch.is_full() {
                    dispatch(work, &mut sending, &mut batch, &mut put).await?;
                }
            }
            work.requests.gate.pass().await;
        }
        for chunk in cutter.finish() {
            keep(&mut batch, chunk);
        }
        batch.cut.push(Cut { file, chunks });
        if batch.is_full() {
            dispatch(work, &mut sending, &mut batch, &mut put).await?;
        }
    }
    if !batch.is_empty() {
        dispatch(work, &mut sending, &mut batch, &mut put).await?;
    }
    while let Some(sent) = sending.next().await {
        put.take(settled(sent)?).await?;
    }
    put.tell().await?;
    Ok(put.lost)
}

/// Sends the batch beside the others; if there are enough, once the oldest is done.
async fn dispatch(
    work: &Rc<Work>,
    sending: &mut FuturesOrdered<Sent>,
    batch: &mut Batch,
    put: &mut Put<'_>,
) -> Result<(), Trouble> {
    if sending.len() >= AT_ONCE
        && let Some(sent) = sending.next().await
    {
        put.take(settled(sent)?).await?;
    }
    let (done, sent) = oneshot::channel();
    let (work, batch) = (work.clone(), mem::take(batch));
    spawn_local(async move {
        let answer = work.send(batch).await;
        // Nobody waits any more after another one failed.
        let _ = done.send(answer);
    });
    sending.push_back(sent);
    Ok(())
}

/// The task that would have answered cannot go away before it has.
fn settled(sent: Result<Result<Vec<Cut>, Trouble>, oneshot::Canceled>) -> Result<Vec<Cut>, Trouble> {
    sent.unwrap_or(Err(Trouble::Garbled))
}

impl Work {
    /// Asks which chunks are lacking, and sends those.
    async fn send(&self, batch: Batch) -> Result<Vec<Cut>, Trouble> {
        let Job { organization, project, dataset, upload, .. } = &self.job;
        let chunks = batch.names();
        if !chunks.is_empty() {
            let question = Chunks { chunks };
            let call = calls::upload_lacking(organization, project, dataset, upload, &question);
            let lacking = self.requests.call(&call).await?.chunks;
            let body = batch.body(&lacking);
            if !body.is_empty() {
                let path = calls::upload_chunks_path(organization, project, dataset, upload);
                self.requests.send(&path, &body).await?;
                self.meter.change(|progress| progress.sent += body.len() as u64);
            }
        }
        self.meter.change(|progress| progress.bytes += batch.bytes);
        Ok(batch.cut)
    }
}

/// Tells the server what files are made of, many at once.
struct Put<'a> {
    work: &'a Work,
    cut: Vec<Cut>,
    chunks: usize,
    lost: Lost,
}

impl Put<'_> {
    async fn take(&mut self, cut: Vec<Cut>) -> Result<(), Trouble> {
        self.work.meter.change(|progress| progress.files += cut.len() as u64);
        self.chunks += cut.iter().map(|cut| cut.chunks.len()).sum::<usize>();
        self.cut.extend(cut);
        if self.cut.len() + self.chunks >= TOGETHER { self.tell().await } else { Ok(()) }
    }

    async fn tell(&mut self) -> Result<(), Trouble> {
        if self.cut.is_empty() {
            return Ok(());
        }
        self.chunks = 0;
        let cut = mem::take(&mut self.cut);
        let Job { organization, project, dataset, upload, paths, .. } = &self.work.job;
        let put = |cut: &Cut| PutFile {
            path: paths[cut.file].clone(),
            chunks: cut.chunks.clone(),
            executable: false,
        };
        let body = PutFiles { remove: Vec::new(), put: cut.iter().map(put).collect() };
        let call = calls::upload_files(organization, project, dataset, upload, &body);
        match self.work.requests.call(&call).await {
            Ok(_) => {}
            Err(trouble) if is_lacking(&trouble) => self.lose(&cut, trouble),
            Err(trouble) => return Err(trouble),
        }
        Ok(())
    }

    fn lose(&mut self, cut: &[Cut], trouble: Trouble) {
        let size = |cut: &Cut| self.work.files[cut.file].size() as u64;
        let bytes: u64 = cut.iter().map(size).sum();
        self.work.meter.change(|progress| {
            progress.bytes = progress.bytes.saturating_sub(bytes);
            progress.files = progress.files.saturating_sub(cut.len() as u64);
        });
        self.lost.files.extend(cut.iter().map(|cut| cut.file));
        self.lost.trouble = Some(trouble);
    }
}

fn is_lacking(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Refused { problem } if problem.code == "chunks-lacking")
}
