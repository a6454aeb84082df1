//! What the last push of the same things read: a file that looks as it did then is not read again. Only a cache: a
//! damaged one is as good as none, and the server says what it lacks.

use atelier_api::data::DataVersion;
use atelier_chunk::ChunkId;
use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const MAGIC: &[u8; 8] = b"ATPUSH\n\x01";
/// What changed so shortly before it was read may change once more without looking different.
const SETTLED: Duration = Duration::from_secs(2);
const HASH: usize = 32;
/// Where the first file is.
const BEGIN: u64 = (MAGIC.len() + HASH) as u64;

/// A path in a version, and how the file for it looks: size, times and inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Looks([u8; 16]);

impl Looks {
    /// None if the file may change once more without looking different.
    pub(super) fn of(path: &str, metadata: &Metadata) -> Option<Looks> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        let settled = now.saturating_sub(SETTLED).as_secs();
        if [metadata.mtime(), metadata.ctime()].iter().any(|&time| time.cast_unsigned() >= settled) {
            return None;
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(path.as_bytes());
        for number in [
            metadata.len().cast_signed(),
            metadata.mtime(),
            metadata.mtime_nsec(),
            metadata.ctime(),
            metadata.ctime_nsec(),
            metadata.ino().cast_signed(),
        ] {
            hasher.update(&number.to_le_bytes());
        }
        let mut looks = [0; 16];
        hasher.finalize_xof().fill(&mut looks);
        Some(Looks(looks))
    }
}

/// What was read then. On disk: [`MAGIC`]; what stands for the version that came of it; of each file its looks, the
/// number of its chunks in 4 bytes, their hashes.
#[derive(Debug, Default)]
pub(super) struct Memory {
    file: Option<File>,
    version: [u8; HASH],
    /// Where the hashes of a file are, and how many.
    places: HashMap<Looks, (u64, u32)>,
}

impl Memory {
    /// What is kept at this place; nothing if it cannot be read.
    pub(super) fn open(place: &Path) -> Memory {
        Self::read(place).unwrap_or_default()
    }

    fn read(place: &Path) -> io::Result<Memory> {
        let file = File::open(place)?;
        let length = file.metadata()?.len();
        let mut reader = BufReader::new(&file);
        let mut magic = [0; MAGIC.len()];
        reader.read_exact(&mut magic)?;
        if magic != *MAGIC {
            return Err(ErrorKind::InvalidData.into());
        }
        let mut version = [0; HASH];
        reader.read_exact(&mut version)?;
        let mut places = HashMap::new();
        let mut at = BEGIN;
        while at < length {
            let (mut looks, mut count) = ([0; 16], [0; 4]);
            reader.read_exact(&mut looks)?;
            reader.read_exact(&mut count)?;
            let count = u32::from_le_bytes(count);
            at += (looks.len() + size_of::<u32>()) as u64;
            places.insert(Looks(looks), (at, count));
            let hashes = i64::from(count) * HASH as i64;
            reader.seek_relative(hashes)?;
            at += hashes.cast_unsigned();
        }
        if at != length {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        drop(reader);
        Ok(Memory { file: Some(file), version, places })
    }

    /// Whether this version came of it.
    pub(super) fn is_of(&self, version: &DataVersion) -> bool {
        self.file.is_some() && self.version == mark(version)
    }

    /// The chunks of a file that looks like this.
    pub(super) fn chunks(&self, looks: &Looks) -> Option<Vec<ChunkId>> {
        let &(at, count) = self.places.get(looks)?;
        let mut hashes = vec![0; count as usize * HASH];
        self.file.as_ref()?.read_exact_at(&mut hashes, at).ok()?;
        let hashes = hashes.as_chunks::<HASH>().0;
        Some(hashes.iter().copied().map(ChunkId::from_bytes).collect())
    }
}

/// What is read this time. That it cannot be written costs the next push time, and nothing else.
pub(super) struct Noting(Option<BufWriter<tempfile::NamedTempFile>>);

impl Noting {
    /// Begins beside what was kept, which it replaces in the end.
    pub(super) fn begin(place: &Path) -> Noting {
        let begin = || -> io::Result<_> {
            let folder = place.parent().unwrap_or(Path::new("."));
            fs::create_dir_all(folder)?;
            let mut out = BufWriter::new(tempfile::NamedTempFile::new_in(folder)?);
            out.write_all(MAGIC)?;
            out.write_all(&[0; HASH])?;
            Ok(out)
        };
        Noting(begin().ok())
    }

    pub(super) fn note(&mut self, looks: &Looks, chunks: &[ChunkId]) {
        self.0 = self.0.take().and_then(|mut out| {
            out.write_all(&looks.0).ok()?;
            out.write_all(&(chunks.len() as u32).to_le_bytes()).ok()?;
            chunks.iter().try_for_each(|chunk| out.write_all(chunk.as_bytes())).ok()?;
            Some(out)
        });
    }

    /// This version came of what was noted.
    pub(super) fn keep(self, place: &Path, version: &DataVersion) {
        let kept = self.0.and_then(|out| {
            let mut file = out.into_inner().ok()?;
            file.seek(SeekFrom::Start(MAGIC.len() as u64)).ok()?;
            file.write_all(&mark(version)).ok()?;
            file.persist(place).ok()
        });
        // Or the next push reads all, as this one did.
        drop(kept);
    }
}

/// What stands for a version: its number alone may be that of another dataset.
fn mark(version: &DataVersion) -> [u8; HASH] {
    *blake3::hash(format!("{} {}", version.number, version.root).as_bytes()).as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(number: u8) -> Looks {
        Looks([number; 16])
    }

    fn version(number: i64) -> DataVersion {
        let version = serde_json::json!({
            "number": number, "message": "", "author": "", "author_name": "", "created_at": 0, "origin": "upload",
            "tags": [], "files": 0, "bytes": 0, "stored_bytes": 0, "root": "ab", "metrics": {}, "parameters": {},
            "provenance": { "datasets": [] },
        });
        serde_json::from_value(version).unwrap()
    }

    #[test]
    fn what_was_noted_is_there_and_what_is_damaged_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("pushed/one");
        assert!(Memory::open(&place).chunks(&looks(1)).is_none());
        let chunks: Vec<_> = (0..3_u8).map(|number| ChunkId::of(&[number])).collect();
        let mut noting = Noting::begin(&place);
        noting.note(&looks(1), &chunks);
        noting.note(&looks(2), &[]);
        noting.note(&looks(3), &chunks[..1]);
        noting.keep(&place, &version(1));
        let memory = Memory::open(&place);
        assert!(memory.is_of(&version(1)) && !memory.is_of(&version(2)));
        let found: Vec<_> = (1..=4).map(|number| memory.chunks(&looks(number))).collect();
        assert_eq!(found, [Some(chunks.clone()), Some(Vec::new()), Some(chunks[..1].to_vec()), None]);

        let whole = fs::read(&place).unwrap();
        for end in [0, 4, 30, whole.len() - 1] {
            fs::write(&place, &whole[..end]).unwrap();
            assert!(Memory::open(&place).places.is_empty(), "{end}");
        }
    }

    #[test]
    fn a_file_that_changed_looks_different_and_one_of_this_moment_is_not_trusted() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let metadata = || file.as_file().metadata().unwrap();
        assert_eq!(Looks::of("a", &metadata()), None);
        std::thread::sleep(SETTLED + Duration::from_secs(1));
        let before = Looks::of("a", &metadata()).unwrap();
        assert_eq!(Looks::of("a", &metadata()), Some(before));
        assert_ne!(Looks::of("b", &metadata()), Some(before));
    }
}
