//! How files looked when they were read last, and what was in them: in the order of a walk, so that two of these
//! are compared line by line and neither is held in memory. Only a cache: a damaged one is as good as none.

use super::walk::Looks;
use crate::format::folder::{put_file, take_file};
use crate::format::wire::{Wire, put_number, put_text};
use crate::tree::FileInfo;
use crate::{Error, Result, Root, TreePath};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;

const MAGIC: &[u8; 8] = b"ATSEEN\n\x01";

/// One file; a folder has no looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) path: TreePath,
    pub(super) file: Option<(Looks, FileInfo)>,
}

impl Line {
    fn encode(&self, out: &mut Vec<u8>) {
        put_text(out, self.path.as_str());
        let Some((looks, file)) = &self.file else { return };
        put_number(out, looks.bytes);
        for (seconds, rest) in [looks.modified, looks.changed] {
            out.extend_from_slice(&seconds.to_le_bytes());
            put_number(out, rest as u64);
        }
        put_number(out, looks.inode);
        put_file(out, file);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut wire = Wire(bytes);
        let path = TreePath::new(wire.text()?).ok()?;
        if wire.is_empty() {
            return Some(Self { path, file: None });
        }
        let size = wire.number()?;
        let mut time = || Some((i64::from_le_bytes(wire.array()?), wire.number()? as i64));
        let (modified, changed) = (time()?, time()?);
        let inode = wire.number()?;
        let file = take_file(&mut wire)?;
        let looks = Looks { bytes: size, modified, changed, inode, executable: file.executable };
        Some(Self { path, file: Some((looks, file)) })
    }
}

/// Reads lines.
pub(super) struct Seen {
    lines: BufReader<File>,
    left: u64,
}

impl Seen {
    /// What was seen when this version was made of the folder, if that is known.
    pub(super) fn open(path: &Path, root: Root) -> Option<Self> {
        let mut file = File::open(path).ok()?;
        let mut hasher = blake3::Hasher::new();
        let len = file.metadata().ok()?.len().checked_sub(32)?;
        hasher.update_reader((&mut file).take(len)).ok()?;
        let mut sum = [0; 32];
        file.read_exact(&mut sum).ok()?;
        file.rewind().ok()?;
        let mut head = [0; 40];
        file.read_exact(&mut head).ok()?;
        let same = hasher.finalize() == sum && head[..8] == *MAGIC && head[8..] == *root.as_bytes();
        same.then(|| Self { lines: BufReader::with_capacity(1 << 18, file), left: len - 40 })
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        if self.left == 0 {
            return Ok(None);
        }
        let mut len = [0; 4];
        self.lines.read_exact(&mut len)?;
        let len = u32::from_le_bytes(len);
        let mut bytes = vec![0; len as usize];
        self.lines.read_exact(&mut bytes)?;
        self.left = self.left.saturating_sub(4 + u64::from(len));
        Line::decode(&bytes).map(Some).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}

/// Writes lines beside the old ones, which it replaces in the end.
pub(super) struct Writer {
    out: BufWriter<tempfile::NamedTempFile>,
    path: std::path::PathBuf,
}

impl Writer {
    pub(super) fn new(path: &Path) -> Result<Self> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let file = tempfile::NamedTempFile::new_in(folder).map_err(|error| Error::local(folder, error))?;
        let mut out = BufWriter::with_capacity(1 << 18, file);
        out.write_all(&[0; 40]).map_err(|error| Error::local(path, error))?;
        Ok(Self { out, path: path.to_owned() })
    }

    pub(super) fn add(&mut self, line: &Line) -> Result<()> {
        let mut bytes = vec![0; 4];
        line.encode(&mut bytes);
        let len = (bytes.len() as u32 - 4).to_le_bytes();
        bytes[..4].copy_from_slice(&len);
        self.out.write_all(&bytes).map_err(|error| Error::local(&self.path, error))
    }

    /// These lines are those of this version from now on.
    pub(super) fn finish(self, root: Root) -> Result<()> {
        let path = self.path;
        let finish = || -> io::Result<()> {
            let mut file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.rewind()?;
            file.write_all(MAGIC)?;
            file.write_all(root.as_bytes())?;
            file.rewind()?;
            let mut hasher = blake3::Hasher::new();
            hasher.update_reader(file.as_file())?;
            file.seek(io::SeekFrom::End(0))?;
            file.write_all(hasher.finalize().as_bytes())?;
            file.persist(&path)?;
            Ok(())
        };
        finish().map_err(|error| Error::local(&path, error))
    }
}
