use crate::{Error, Result, TreePath};
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, ResolveFlags, Stat, openat2, statat};
use std::ffi::CString;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

/// A folder of this machine, and nothing outside of it.
pub(super) struct Top {
    folder: PathBuf,
    fd: OwnedFd,
}

/// How a file looks from outside. If it looks the same, it is the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Looks {
    pub(super) bytes: u64,
    pub(super) modified: (i64, i64),
    pub(super) changed: (i64, i64),
    pub(super) inode: u64,
    pub(super) executable: bool,
}

/// What a walk meets.
pub(super) enum Met {
    Folder,
    File(Looks),
    /// A link, a device, a socket …
    Other,
}

impl Top {
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let fd = rustix::fs::open(folder, flags, Mode::empty())
            .map_err(|error| Error::local(folder, error.into()))?;
        Ok(Self { folder: folder.to_owned(), fd })
    }

    /// Opens what is at a path below the folder, through no link.
    pub(super) fn at(&self, path: &str, flags: OFlags) -> Result<OwnedFd> {
        let path = if path.is_empty() { "." } else { path };
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        let flags = flags | OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        openat2(&self.fd, path, flags, Mode::empty(), resolve).map_err(|error| self.fault(path, error.into()))
    }

    pub(super) fn fault(&self, path: &str, error: io::Error) -> Error {
        Error::local(self.folder.join(path), error)
    }
}

impl Looks {
    pub(super) fn of(stat: &Stat) -> Self {
        Self {
            bytes: stat.st_size as u64,
            modified: (stat.st_mtime, stat.st_mtime_nsec as i64),
            changed: (stat.st_ctime, stat.st_ctime_nsec as i64),
            inode: stat.st_ino,
            executable: stat.st_mode & 0o100 != 0,
        }
    }
}

impl Looks {
    /// What no file looks like, so that it will be read again.
    pub(super) fn unlike(self) -> Self {
        Self { bytes: u64::MAX, ..self }
    }
}

/// All that is in a folder, in the order of the tree.
pub(super) struct Walk<'a> {
    top: &'a Top,
    stack: Vec<Level>,
}

struct Level {
    /// Its path with a slash, or nothing.
    prefix: String,
    /// Names left, in reverse.
    names: Vec<CString>,
    /// Only the innermost folder is held open.
    fd: Option<OwnedFd>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(top: &'a Top) -> Result<Self> {
        let mut walk = Self { top, stack: Vec::new() };
        walk.enter(String::new())?;
        Ok(walk)
    }

    fn enter(&mut self, prefix: String) -> Result<()> {
        let path = prefix.trim_end_matches('/');
        let fd = self.top.at(path, OFlags::DIRECTORY)?;
        let fault = |error: rustix::io::Errno| self.top.fault(path, error.into());
        let mut names = Vec::new();
        for entry in Dir::read_from(&fd).map_err(fault)? {
            let name = entry.map_err(fault)?.file_name().to_owned();
            if !matches!(name.as_bytes(), b"." | b"..") {
                names.push(name);
            }
        }
        names.sort_unstable_by(|one, other| other.cmp(one));
        if let Some(outer) = self.stack.last_mut() {
            outer.fd = None;
        }
        self.stack.push(Level { prefix, names, fd: Some(fd) });
        Ok(())
    }

    /// The next entry. A folder comes before what is in it.
    pub(super) fn next(&mut self) -> Result<Option<(TreePath, Met)>> {
        loop {
            let Some(level) = self.stack.last_mut() else { return Ok(None) };
            let Some(name) = level.names.pop() else {
                self.stack.pop();
                continue;
            };
            let path = TreePath::from_bytes(&[level.prefix.as_bytes(), name.as_bytes()].concat())?;
            let fd = match &level.fd {
                Some(fd) => fd,
                None => {
                    let fd = self.top.at(level.prefix.trim_end_matches('/'), OFlags::DIRECTORY)?;
                    level.fd.insert(fd)
                }
            };
            let stat = match statat(fd, &name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) => stat,
                // Removed meanwhile.
                Err(rustix::io::Errno::NOENT) => continue,
                Err(error) => return Err(self.top.fault(path.as_str(), error.into())),
            };
            return Ok(Some(match FileType::from_raw_mode(stat.st_mode) {
                FileType::RegularFile => (path, Met::File(Looks::of(&stat))),
                FileType::Directory => {
                    self.enter(format!("{path}/"))?;
                    (path, Met::Folder)
                }
                _ => (path, Met::Other),
            }));
        }
    }
}
