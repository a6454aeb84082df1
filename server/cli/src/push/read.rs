//! Files are read, cut and hashed on threads of their own.

use super::memory::{Looks, Memory};
use super::walk::{Met, Source, Wanted};
use crate::error::Error;
use crate::local;
use atelier_chunk::ChunkId;
use bytes::Bytes;
use std::fs::{File, Metadata};
use std::os::unix::fs::MetadataExt;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, Sender};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes that are read and not sent yet, in units of [`UNIT`].
const BUDGET: usize = 32 << 20;
const UNIT: usize = 4 << 10;
const MOST_THREADS: usize = 4;

/// What the threads say, of each file in order.
pub(super) enum Said {
    Chunk {
        file: u64,
        id: ChunkId,
        bytes: Bytes,
        room: OwnedSemaphorePermit,
    },
    /// All chunks of the file were said.
    End {
        file: u64,
        wanted: Wanted,
        looks: Option<Looks>,
    },
    /// The file was not read: it looks as it did when it was, and had these chunks then.
    Known {
        wanted: Wanted,
        looks: Looks,
        chunks: Vec<ChunkId>,
    },
    Failed(Error),
}

/// Why a thread ends early: a failure, or nobody who listens.
enum Stop {
    Failed(Error),
    Unheard,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Failed(error)
    }
}

/// Begins to read all of a source but what is remembered. The end of the channel is the end of the source.
pub(super) fn start(source: &Source, memory: Memory) -> Result<mpsc::Receiver<Said>, Error> {
    let (told, heard) = mpsc::channel(1024);
    let (found, files) = sync_channel(256);
    let files = Arc::new(Mutex::new(files));
    let room = Arc::new(Semaphore::new(BUDGET / UNIT));
    let memory = Arc::new(memory);
    let runtime = Handle::current();
    let threads = thread::available_parallelism().map_or(1, |count| count.get().min(MOST_THREADS));
    let failed = Error::here("no threads can be started");
    let outcome = (0..threads).try_for_each(|_| {
        let (told, room, memory) = (told.clone(), room.clone(), memory.clone());
        let reader = Reader { told, room, memory, runtime: runtime.clone() };
        let files = files.clone();
        thread::Builder::new().spawn(move || reader.run(&files)).map(drop)
    });
    let source = source.clone();
    let walker = move || walk(&source, &found, &told);
    outcome.and_then(|()| thread::Builder::new().spawn(walker).map(drop)).map_err(failed)?;
    Ok(heard)
}

fn walk(source: &Source, found: &SyncSender<(u64, Wanted)>, told: &Sender<Said>) {
    let wanted = source.walk().filter_map(|met| match met {
        Ok(Met::File(wanted)) => Some(Ok(wanted)),
        Ok(Met::LeftOut { .. }) => None,
        Err(error) => Some(Err(error)),
    });
    for (number, wanted) in (0..).zip(wanted) {
        match wanted {
            Ok(wanted) => {
                if found.send((number, wanted)).is_err() {
                    return;
                }
            }
            Err(error) => {
                // Nobody listens any more if this fails.
                told.blocking_send(Said::Failed(error)).ok();
                return;
            }
        }
    }
}

struct Reader {
    told: Sender<Said>,
    room: Arc<Semaphore>,
    memory: Arc<Memory>,
    runtime: Handle,
}

impl Reader {
    fn run(&self, files: &Mutex<Receiver<(u64, Wanted)>>) {
        loop {
            let next = files.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok((number, wanted)) = next else { return };
            match self.read(number, wanted) {
                Ok(()) => {}
                Err(Stop::Unheard) => return,
                Err(Stop::Failed(error)) => {
                    self.told.blocking_send(Said::Failed(error)).ok();
                    return;
                }
            }
        }
    }

    fn read(&self, number: u64, wanted: Wanted) -> Result<(), Stop> {
        let failed = |error| Stop::Failed(Error::here(wanted.file.display())(error));
        let mut file = File::open(&wanted.file).map_err(failed)?;
        let before = file.metadata().map_err(failed)?;
        let looks = Looks::of(&wanted.path, &before);
        if let Some(looks) = looks
            && let Some(chunks) = self.memory.chunks(&looks)
        {
            return self.say(Said::Known { wanted, looks, chunks });
        }
        let length = local::cut(&mut file, &wanted.file, |id, bytes| {
            let units = bytes.len().div_ceil(UNIT) as u32;
            let room = self.runtime.block_on(self.room.clone().acquire_many_owned(units));
            let room = room.map_err(|_| Stop::Unheard)?;
            self.say(Said::Chunk { file: number, id, bytes, room })
        })?;
        let after = file.metadata().map_err(failed)?;
        if length != after.len() || stamp(&before) != stamp(&after) {
            return Err(Error::Changed(wanted.file.display().to_string()).into());
        }
        self.say(Said::End { file: number, wanted, looks })
    }

    fn say(&self, said: Said) -> Result<(), Stop> {
        self.told.blocking_send(said).map_err(|_| Stop::Unheard)
    }
}

/// What changes when somebody writes to a file.
fn stamp(metadata: &Metadata) -> (u64, i64, i64, i64, i64) {
    (metadata.len(), metadata.mtime(), metadata.mtime_nsec(), metadata.ctime(), metadata.ctime_nsec())
}
