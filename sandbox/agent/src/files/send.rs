//! Files on their way to an upload: cut, hashed, and of their chunks those that the server lacks.

use super::{
    client::{Client, Trouble},
    folder::{Folder, Found, Sent},
    stamp::Stamp,
};
use atelier_api::{
    call::{Call, Method},
    upload::{Chunks, PutFile, PutFiles, Upload},
};
use atelier_chunk::{ChunkId, ContentName, Cutter};
use bytes::Bytes;
use std::{
    collections::HashSet,
    io::{self, Read},
    mem::take,
    time::SystemTime,
};

/// Bytes of chunks that wait in memory, at most about.
const WAITING: usize = 8 << 20;
/// Files, and chunks of them, that are told in one request.
const FILES: usize = 1_000;
const CHUNKS: usize = 20_000;
const PIECE: usize = 256 << 10;
/// A file that changes while it is read is read again so often; then it has to wait for the next time.
const TRIES: u32 = 3;

/// Sends what was found in a folder to the upload at this address of the API, and notes it in the folder as sent.
/// Gives whether the upload has changed. A file that changes all the time stays in it as it was.
///
/// # Errors
/// If the server does not take it. What was taken until then is noted.
pub(crate) async fn send(
    folder: &mut Folder,
    client: &mut Client,
    address: &str,
    found: Found,
) -> Result<bool, Trouble> {
    let mut changed = false;
    for removed in found.removed.chunks(FILES) {
        client.call(files(address, &PutFiles { remove: removed.to_vec(), put: Vec::new() })).await?;
        for path in removed {
            folder.sent.remove(path);
        }
        changed = true;
    }
    let mut sending = Sending {
        folder,
        client,
        address,
        changed,
        waiting: Vec::new(),
        bytes: 0,
        others: 0,
        read: Vec::new(),
        chunks: 0,
    };
    for path in found.changed {
        sending.file(path).await?;
    }
    sending.tell().await?;
    Ok(sending.changed)
}

struct Sending<'a> {
    folder: &'a mut Folder,
    client: &'a mut Client,
    address: &'a str,
    changed: bool,
    /// Chunks that were read and not offered yet, and their bytes.
    waiting: Vec<(ChunkId, Bytes)>,
    bytes: usize,
    /// How many of them are of files before this one.
    others: usize,
    /// Files that were read and not told yet, and their chunks.
    read: Vec<(PutFile, Sent)>,
    chunks: usize,
}

impl Sending<'_> {
    /// Reads a file; one that is gone, or that cannot be read, stays as it was sent.
    async fn file(&mut self, path: String) -> Result<(), Trouble> {
        for _ in 0..TRIES {
            match self.attempt(&path).await {
                Ok(Some((chunks, sent))) => return self.add(path, chunks, sent).await,
                Ok(None) => {}
                Err(Trouble::Here(_)) => return Ok(()),
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(())
    }

    /// `None` if it changed while it was read.
    async fn attempt(&mut self, path: &str) -> Result<Option<(Vec<ChunkId>, Sent)>, Trouble> {
        self.others = self.waiting.len();
        let begun = SystemTime::now();
        let mut file = self.folder.open(path)?;
        let before = Stamp::of(&file.metadata()?);
        let (mut cutter, mut name, mut chunks) = (Cutter::new(), ContentName::default(), Vec::new());
        let mut piece = vec![0; PIECE];
        let mut read = 0;
        loop {
            let count = match file.read(&mut piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                count => count?,
            };
            let Some(bytes) = piece.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
            read += bytes.len() as u64;
            // It is being written to, perhaps for ever.
            if read > before.bytes {
                return Ok(None);
            }
            cutter.push(bytes);
            while let Some(chunk) = cutter.take() {
                self.chunk(chunk, &mut name, &mut chunks).await?;
            }
        }
        for chunk in cutter.finish() {
            self.chunk(chunk, &mut name, &mut chunks).await?;
        }
        if Stamp::of(&file.metadata()?) != before || self.folder.stamp(path) != Some(before) {
            return Ok(None);
        }
        let content = name.finish().map_or_else(|| *ChunkId::of(b"").as_bytes(), |name| *name.as_bytes());
        let stamp = before.at_rest(begun).then_some(before);
        Ok(Some((chunks, Sent { stamp, content, executable: before.executable })))
    }

    async fn chunk(
        &mut self,
        chunk: Bytes,
        name: &mut ContentName,
        chunks: &mut Vec<ChunkId>,
    ) -> Result<(), Trouble> {
        let id = ChunkId::of(&chunk);
        name.push(id, chunk.len());
        chunks.push(id);
        self.bytes += chunk.len();
        self.waiting.push((id, chunk));
        if self.bytes >= WAITING { self.offer().await } else { Ok(()) }
    }

    async fn add(&mut self, path: String, chunks: Vec<ChunkId>, sent: Sent) -> Result<(), Trouble> {
        let known = self.folder.sent.get_mut(&path);
        if let Some(known) = known
            && (known.content, known.executable) == (sent.content, sent.executable)
        {
            *known = sent;
            // Nobody needs its chunks.
            self.waiting.truncate(self.others);
            self.bytes = self.waiting.iter().map(|(_, bytes)| bytes.len()).sum();
            return Ok(());
        }
        self.chunks += chunks.len();
        let chunks = chunks.iter().map(ToString::to_string).collect();
        self.read.push((PutFile { path, chunks, executable: sent.executable }, sent));
        if self.read.len() >= FILES || self.chunks >= CHUNKS { self.tell().await } else { Ok(()) }
    }

    /// Sends what the server lacks of what waits.
    async fn offer(&mut self) -> Result<(), Trouble> {
        let waiting = take(&mut self.waiting);
        (self.bytes, self.others) = (0, 0);
        if waiting.is_empty() {
            return Ok(());
        }
        let named: HashSet<String> = waiting.iter().map(|(id, _)| id.to_string()).collect();
        let chunks = Chunks { chunks: named.into_iter().collect() };
        let call = Call::<Chunks>::to(Method::Post, format!("{}/lacking", self.address), &chunks);
        let mut lacking: HashSet<String> = self.client.call(call).await?.chunks.into_iter().collect();
        let mut body = Vec::new();
        for (id, bytes) in waiting {
            if lacking.remove(&id.to_string()) {
                body.extend_from_slice(id.as_bytes());
                body.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
                body.extend_from_slice(&bytes);
            }
        }
        if body.is_empty() {
            return Ok(());
        }
        self.client.post(&format!("{}/chunks", self.address), body.into()).await
    }

    /// Says what the files are made of that were read.
    async fn tell(&mut self) -> Result<(), Trouble> {
        self.offer().await?;
        let read = take(&mut self.read);
        self.chunks = 0;
        if read.is_empty() {
            return Ok(());
        }
        match self.put(&read).await {
            Err(Trouble::Refused { status, code, .. }) if is_a_files(status, &code) => {}
            outcome => return outcome,
        }
        // One of them cannot be there. The others can.
        for one in read {
            match self.put(std::slice::from_ref(&one)).await {
                Err(Trouble::Refused { status, code, detail }) if is_a_files(status, &code) => {
                    eprintln!("atelier-agent: {} stays here alone: {detail}", one.0.path);
                    // What stands in its way may go; what is wrong with itself stays.
                    if let (422, Some(stamp)) = (status, one.1.stamp) {
                        self.folder.refused.insert(one.0.path, stamp);
                    }
                }
                outcome => outcome?,
            }
        }
        Ok(())
    }

    async fn put(&mut self, read: &[(PutFile, Sent)]) -> Result<(), Trouble> {
        // What is new may stand where a folder was, of which an empty one is left.
        let new = read.iter().filter(|(file, _)| !self.folder.sent.contains_key(&file.path));
        let remove = new.map(|(file, _)| file.path.clone()).collect();
        let put = read.iter().map(|(file, _)| file.clone()).collect();
        self.client.call(files(self.address, &PutFiles { remove, put })).await?;
        self.folder.sent.extend(read.iter().map(|(file, sent)| (file.path.clone(), *sent)));
        self.changed = true;
        Ok(())
    }
}

/// Whether the server has forgotten what it was sent: a new look finds what that is.
pub(super) fn is_forgotten(code: &str) -> bool {
    matches!(code, "chunks-lacking" | "upload-session-over")
}

/// Whether a refusal is one of a single file's: its name, or what stands where it is to be.
fn is_a_files(status: u16, code: &str) -> bool {
    status == 422 || code == "path-taken"
}

fn files(address: &str, files: &PutFiles) -> Call<Upload> {
    Call::to(Method::Post, format!("{address}/files"), files)
}
