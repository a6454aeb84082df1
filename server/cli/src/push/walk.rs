//! What of a file or folder is pushed.

use crate::error::Error;
use crate::local::DRAFT;
use std::fs::Metadata;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// The longest path that a version takes, in bytes.
const LONGEST: usize = 4096;

/// What is pushed, and where in the version it goes.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// With every link on the way to it followed.
    pub(super) root: PathBuf,
    into: Option<String>,
}

/// A file that is pushed.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) file: PathBuf,
    /// In the version.
    pub(super) path: String,
    pub(super) bytes: u64,
    pub(super) executable: bool,
}

/// Something that was met.
pub(super) enum Met {
    File(Wanted),
    LeftOut { file: PathBuf, why: &'static str },
}

impl Source {
    /// # Errors
    /// If it is not there.
    pub(super) fn of(path: &Path, into: Option<&str>) -> Result<Source, Error> {
        let root = path.canonicalize().map_err(Error::here(path.display()))?;
        let into = into.map(|folder| folder.trim_matches('/').to_owned()).filter(|folder| !folder.is_empty());
        Ok(Source { root, into })
    }

    /// All of it. An error is a name that no version can have, or a folder that cannot be read.
    pub(super) fn walk(&self) -> impl Iterator<Item = Result<Met, Error>> {
        let entries = WalkDir::new(&self.root).into_iter();
        entries.filter_map(|entry| match entry {
            Ok(entry) => self.meet(&entry).transpose(),
            Err(error) => {
                let at = error.path().unwrap_or(&self.root).display().to_string();
                Some(Err(Error::here(at)(error.into())))
            }
        })
    }

    fn meet(&self, entry: &DirEntry) -> Result<Option<Met>, Error> {
        let file = entry.path();
        let left_out = |why| Ok(Some(Met::LeftOut { file: file.to_owned(), why }));
        let failed = |error| Error::here(file.display())(error);
        let kind = entry.file_type();
        if kind.is_dir() {
            return Ok(None);
        }
        if entry.file_name().as_encoded_bytes().starts_with(DRAFT.as_bytes()) {
            return left_out("it is what is left of a pull that broke off");
        }
        let metadata = if kind.is_symlink() {
            match file.canonicalize() {
                Ok(end) if !end.starts_with(&self.root) => {
                    return left_out("the link leads out of the folder");
                }
                Ok(end) => end.metadata().map_err(failed)?,
                Err(_) => return left_out("the link leads nowhere"),
            }
        } else {
            entry.metadata().map_err(|error| failed(error.into()))?
        };
        if metadata.is_dir() {
            return left_out("it is a link to a folder");
        }
        if !metadata.is_file() {
            return left_out("it is no file");
        }
        Ok(Some(Met::File(self.wanted(file, &metadata)?)))
    }

    fn wanted(&self, file: &Path, metadata: &Metadata) -> Result<Wanted, Error> {
        let below = file.strip_prefix(&self.root).unwrap_or(file);
        // Of a file that is pushed alone the name remains.
        let below = if below.as_os_str().is_empty() {
            Path::new(file.file_name().unwrap_or_default())
        } else {
            below
        };
        let named = |fault: &str| Error::Usage(format!("{}: its name {fault}. Rename it.", file.display()));
        let path = below.to_str().ok_or_else(|| named("is not UTF-8"))?;
        let path = crate::list::within(self.into.as_deref(), path);
        if path.len() > LONGEST {
            return Err(named("is longer than 4,096 bytes with the folders that it is in"));
        }
        let executable = metadata.permissions().mode() & 0o111 != 0;
        Ok(Wanted { file: file.to_owned(), path, bytes: metadata.len(), executable })
    }
}

/// What there is of a source, before anything is read.
#[derive(Debug, Default)]
pub(super) struct Count {
    pub(super) files: u64,
    pub(super) bytes: u64,
    /// The same for the same paths, in whatever order they come.
    pub(super) paths: [u8; 32],
}

impl Count {
    /// Goes over all names; `left_out` is told of what is not pushed.
    pub(super) fn of(source: &Source, mut left_out: impl FnMut(&Path, &str)) -> Result<Count, Error> {
        let mut count = Count::default();
        for met in source.walk() {
            match met? {
                Met::LeftOut { file, why } => left_out(&file, why),
                Met::File(wanted) => {
                    count.files += 1;
                    count.bytes += wanted.bytes;
                    let hash = blake3::hash(wanted.path.as_bytes());
                    count.paths.iter_mut().zip(hash.as_bytes()).for_each(|(sum, byte)| *sum ^= byte);
                }
            }
        }
        Ok(count)
    }
}
