//! Fills a volume with the files of a version, which come on standard input. Each is proved by its hash; all of it
//! is on the disk when this ends well, and nobody may then write to it.

use atelier_api::fill::{EXIT_CUT_OFF, EXIT_FULL, EXIT_UNFIT, Entry, LONGEST_LINE};
use atelier_chunk::{ChunkId, ContentName, MAX_BYTES};
use rustix::fd::OwnedFd;
use rustix::fs::{CWD, Mode, OFlags, fchmod, mkdirat, openat, syncfs};
use rustix::io::Errno;
use std::{
    ffi::OsString,
    fs::File,
    io::{self, BufRead, BufReader, Read, Write},
    process::ExitCode,
};

/// While it is filled, and after.
const WRITABLE: Mode = Mode::RWXU;
const FOLDER: Mode = Mode::from_raw_mode(0o555);
const FILE: Mode = Mode::from_raw_mode(0o444);
const PROGRAM: Mode = Mode::from_raw_mode(0o555);
const HERE: OFlags = OFlags::CLOEXEC.union(OFlags::NOFOLLOW);

/// Why it was not filled.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The input ended early, or is not what was agreed.
    Input(String),
    /// The bytes are not those that the version names.
    Damaged(String),
    /// What was being made, and what the system said.
    System(String, Errno),
}

impl Failure {
    pub(crate) fn exit(&self) -> ExitCode {
        let code = match self {
            Failure::System(_, Errno::NOSPC | Errno::DQUOT) => EXIT_FULL,
            Failure::System(_, Errno::NAMETOOLONG | Errno::ILSEQ | Errno::EXIST) => EXIT_UNFIT,
            Failure::Input(_) => EXIT_CUT_OFF,
            Failure::Damaged(_) | Failure::System(..) => 1,
        };
        ExitCode::from(u8::try_from(code).unwrap_or(1))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Input(what) | Failure::Damaged(what) => f.write_str(what),
            Failure::System(what, error) => write!(f, "{what}: {error}"),
        }
    }
}

/// Fills the folder that the first argument names, which is empty.
pub(crate) fn fill(mut arguments: impl Iterator<Item = OsString>) -> Result<(), Failure> {
    let folder = arguments.next().ok_or_else(|| Failure::Input("usage: fill FOLDER".into()))?;
    let flags = HERE.union(OFlags::DIRECTORY);
    let top = openat(CWD, &folder, flags, Mode::empty());
    let top = top.map_err(|error| Failure::System(folder.to_string_lossy().into_owned(), error))?;
    let input = BufReader::new(io::stdin().lock());
    Filling { input, open: vec![Open { path: String::new(), folder: top }], entries: 0 }.run()
}

struct Filling<R> {
    input: R,
    /// The folder that is being filled, below those that it is in.
    open: Vec<Open>,
    entries: u64,
}

struct Open {
    path: String,
    folder: OwnedFd,
}

impl<R: BufRead> Filling<R> {
    fn run(mut self) -> Result<(), Failure> {
        loop {
            match self.entry()? {
                Entry::Folder { path } => self.folder(path)?,
                Entry::File { path, bytes, executable, name } => {
                    self.file(&path, bytes, executable, name.as_deref())?;
                }
                Entry::End { entries } if entries == self.entries => return self.end(),
                Entry::End { entries } => {
                    let told = format!("{} files and folders came instead of {entries}", self.entries);
                    return Err(Failure::Input(told));
                }
            }
            self.entries += 1;
        }
    }

    fn entry(&mut self) -> Result<Entry, Failure> {
        let mut line = Vec::new();
        let limit = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX);
        let read = self.input.by_ref().take(limit).read_until(b'\n', &mut line);
        read.map_err(|error| Failure::Input(error.to_string()))?;
        serde_json::from_slice(&line).map_err(|_| Failure::Input("the input was cut off".into()))
    }

    fn folder(&mut self, path: String) -> Result<(), Failure> {
        let failed = |error| Failure::System(path.clone(), error);
        let (parent, name) = self.place(&path)?;
        mkdirat(parent, name, WRITABLE).map_err(failed)?;
        let flags = HERE.union(OFlags::DIRECTORY);
        let folder = openat(parent, name, flags, Mode::empty()).map_err(failed)?;
        self.open.push(Open { path, folder });
        Ok(())
    }

    fn file(&mut self, path: &str, bytes: u64, executable: bool, name: Option<&str>) -> Result<(), Failure> {
        let failed = |error: io::Error| {
            let number = Errno::from_io_error(&error).unwrap_or(Errno::IO);
            Failure::System(path.to_owned(), number)
        };
        let (parent, own) = self.place(path)?;
        let flags = HERE.union(OFlags::WRONLY).union(OFlags::CREATE).union(OFlags::EXCL);
        let file = openat(parent, own, flags, Mode::RUSR | Mode::WUSR);
        let mut file = File::from(file.map_err(|error| Failure::System(path.to_owned(), error))?);
        let (mut content, mut left) = (ContentName::default(), bytes);
        while left > 0 {
            let piece = self.piece(path, left)?;
            content.push(ChunkId::of(&piece), piece.len());
            file.write_all(&piece).map_err(failed)?;
            left -= piece.len() as u64;
        }
        let found = content.finish().map(|found| found.to_string());
        if found.as_deref() != name {
            return Err(Failure::Damaged(format!("{path} is not what the version names")));
        }
        let mode = if executable { PROGRAM } else { FILE };
        fchmod(&file, mode).map_err(|error| Failure::System(path.to_owned(), error))
    }

    fn piece(&mut self, path: &str, left: u64) -> Result<Vec<u8>, Failure> {
        let cut_off = |_| Failure::Input(format!("the input was cut off in {path}"));
        let mut length = [0; 4];
        self.input.read_exact(&mut length).map_err(cut_off)?;
        let length = u32::from_le_bytes(length);
        let fits = length > 0 && u64::from(length) <= left && length as usize <= MAX_BYTES;
        if !fits {
            return Err(Failure::Input(format!("a piece of {path} has {length} bytes")));
        }
        let mut piece = vec![0; length as usize];
        self.input.read_exact(&mut piece).map_err(cut_off)?;
        Ok(piece)
    }

    /// The folder that the path is in, and its last name. What is beside it is closed.
    fn place<'a>(&mut self, path: &'a str) -> Result<(&OwnedFd, &'a str), Failure> {
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        if path.starts_with('/') || name.is_empty() || name == "." || name == ".." || name.contains('\0') {
            return Err(Failure::Input(format!("{path:?} is no path")));
        }
        while self.open.last().is_some_and(|open| open.path != parent) {
            self.close()?;
        }
        match self.open.last() {
            Some(open) => Ok((&open.folder, name)),
            None => Err(Failure::Input(format!("{path:?} came before the folder that it is in"))),
        }
    }

    /// Nothing comes into the innermost folder any more.
    fn close(&mut self) -> Result<(), Failure> {
        let Some(Open { path, folder }) = self.open.pop() else { return Ok(()) };
        fchmod(&folder, FOLDER).map_err(|error| Failure::System(path, error))
    }

    fn end(mut self) -> Result<(), Failure> {
        while self.open.len() > 1 {
            self.close()?;
        }
        let Some(top) = self.open.first() else { return Ok(()) };
        let failed = |error| Failure::System("the volume".into(), error);
        fchmod(&top.folder, FOLDER).map_err(failed)?;
        // One call for all: a flush for each of very many small files takes minutes.
        syncfs(&top.folder).map_err(failed)
    }
}

#[cfg(test)]
mod tests;
