//! What is in a folder, and what of it has changed since it was sent.
//!
//! Files are known by size, times and inode, so that what did not change is not read again. Links, sockets, devices,
//! names that are not UTF-8 and what the [rules](super::rules) leave out are none of ours: they are neither sent nor
//! touched.

use super::{
    rules::{OWN, Rules},
    stamp::Stamp,
};
use rustix::fs::{Mode, OFlags, open, openat};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// Larger files of a project stay where they are and are sent nowhere: they are data.
const LARGEST: u64 = 1 << 30;

/// A file as it was sent.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Sent {
    /// Absent if it has to be read again, whatever it looks like.
    pub(crate) stamp: Option<Stamp>,
    /// What its content is called; all zeros for nothing.
    pub(crate) content: [u8; 32],
    pub(crate) executable: bool,
}

pub(crate) struct Folder {
    pub(crate) root: PathBuf,
    /// By path relative to it. Some hundred bytes a file.
    pub(crate) sent: BTreeMap<String, Sent>,
    /// Files that the server would not have as they were then. They are not sent again before they have changed.
    pub(crate) refused: HashMap<String, Stamp>,
    /// Bytes of the largest file that is sent.
    pub(crate) largest: u64,
}

/// What a look has found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// Files that are new or may have changed.
    pub(crate) changed: Vec<String>,
    /// Files that were sent and are not there any more.
    pub(crate) removed: Vec<String>,
}

impl Found {
    pub(crate) fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.removed.is_empty()
    }
}

impl Folder {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root, sent: BTreeMap::new(), refused: HashMap::new(), largest: LARGEST }
    }

    /// Looks at all of it. What cannot be looked at is taken to be as it was.
    ///
    /// # Errors
    /// If the folder itself cannot be read.
    pub(crate) fn look(&self) -> io::Result<Found> {
        let rules = Rules::of(&self.root);
        let mut found = Found::default();
        let mut there = HashSet::new();
        // What could not be looked at, with all that begins like it.
        let mut unknown: Vec<String> = Vec::new();
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            let entries = match fs::read_dir(self.root.join(&folder)) {
                Ok(entries) => entries,
                Err(error) if folder.is_empty() => return Err(error),
                // It is gone since its name was read.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(_) => {
                    unknown.push(folder);
                    continue;
                }
            };
            for entry in entries {
                let Ok(entry) = entry else {
                    unknown.push(folder.clone());
                    break;
                };
                let Ok(name) = entry.file_name().into_string() else { continue };
                let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                let metadata = match entry.metadata() {
                    Ok(metadata) => metadata,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    Err(_) => {
                        unknown.push(path);
                        continue;
                    }
                };
                if rules.leave_out(&path, metadata.is_dir()) {
                    continue;
                }
                if metadata.is_dir() {
                    folders.push(path);
                } else if metadata.is_file() {
                    let stamp = Stamp::of(&metadata);
                    let sent = self.sent.get(&path);
                    let known = sent.and_then(|sent| sent.stamp) == Some(stamp)
                        || self.refused.get(&path) == Some(&stamp);
                    if !known && stamp.bytes <= self.largest {
                        found.changed.push(path.clone());
                    }
                    if sent.is_some() {
                        there.insert(path);
                    }
                }
            }
        }
        // What is left out since is not removed by that: it stays as it was sent.
        let gone = self.sent.keys().filter(|path| {
            !there.contains(*path)
                && !unknown.iter().any(|above| path.starts_with(above))
                && !rules.leave_out_within(path)
        });
        found.removed = gone.cloned().collect();
        Ok(found)
    }

    /// Whether there is nothing in it but what is ours.
    pub(crate) fn is_empty(&self) -> bool {
        fs::read_dir(&self.root).is_ok_and(|mut entries| {
            entries.all(|entry| {
                entry.is_ok_and(|entry| entry.file_name() == OWN || entry.file_name() == "lost+found")
            })
        })
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Opens a file to read it. Nothing on the way may be a link, and a pipe is not waited for: people change what is
    /// here while it is looked at (T10).
    ///
    /// # Errors
    /// If it is not there, or is no plain file.
    pub(crate) fn open(&self, path: &str) -> io::Result<File> {
        let on_the_way = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        let mut at = open(&self.root, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
        for folder in folders.split('/').filter(|folder| !folder.is_empty()) {
            at = openat(&at, folder, on_the_way, Mode::empty())?;
        }
        let read = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = File::from(openat(&at, name, read, Mode::empty())?);
        if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::InvalidInput.into()) }
    }

    /// The file as it is now; none if there is no plain file, or a link on the way.
    pub(crate) fn stamp(&self, path: &str) -> Option<Stamp> {
        let metadata = fs::symlink_metadata(self.path(path)).ok()?;
        (metadata.is_file() && self.is_real(path)).then(|| Stamp::of(&metadata))
    }

    /// Whether all folders on the way to a path are folders, as far as they are there.
    pub(crate) fn is_real(&self, path: &str) -> bool {
        let on_the_way = Path::new(path).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
        on_the_way.into_iter().all(|folder| match fs::symlink_metadata(self.root.join(folder)) {
            Ok(metadata) => metadata.is_dir(),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn folder(name: &str) -> Folder {
        let root = std::env::temp_dir().join(format!("atelier-folder-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).unwrap();
        Folder::new(root)
    }

    fn write(folder: &Folder, path: &str, text: &str) {
        fs::create_dir_all(folder.path(path).parent().unwrap()).unwrap();
        fs::write(folder.path(path), text).unwrap();
    }

    fn all_sent(folder: &mut Folder) {
        for path in folder.look().unwrap().changed {
            let stamp = folder.stamp(&path);
            folder.sent.insert(path, Sent { stamp, content: [0; 32], executable: false });
        }
    }

    #[test]
    fn what_is_new_changed_or_gone_is_found_and_nothing_else() {
        let mut folder = folder("changes");
        assert_eq!(folder.look().unwrap(), Found::default());
        for path in ["a", "b/c", "b/d/e", "node_modules/x", ".atelier/draft"] {
            write(&folder, path, "1");
        }
        symlink("/", folder.path("everything")).unwrap();
        symlink("a", folder.path("b/link")).unwrap();
        let mut first = folder.look().unwrap();
        first.changed.sort();
        assert_eq!(
            (first.changed, first.removed),
            (["a", "b/c", "b/d/e"].map(str::to_owned).to_vec(), vec![])
        );
        all_sent(&mut folder);
        assert!(folder.look().unwrap().is_empty());

        write(&folder, "a", "22");
        fs::remove_dir_all(folder.path("b/d")).unwrap();
        let found = folder.look().unwrap();
        assert_eq!((found.changed, found.removed), (vec!["a".to_owned()], vec!["b/d/e".to_owned()]));
        // What is left out since stays as it was sent.
        all_sent(&mut folder);
        write(&folder, ".atelierignore", "a\n");
        assert_eq!(folder.look().unwrap().removed, ["b/d/e"]);
        fs::remove_file(folder.path(".atelierignore")).unwrap();
        // A file under another name is a new one.
        all_sent(&mut folder);
        fs::rename(folder.path("b/c"), folder.path("moved")).unwrap();
        let found = folder.look().unwrap();
        assert_eq!(found.changed, ["moved"]);
        assert_eq!(found.removed, ["b/c", "b/d/e"]);
        fs::remove_dir_all(&folder.root).unwrap();
    }

    #[test]
    fn what_a_link_leads_to_is_not_a_file_here() {
        let folder = folder("links");
        write(&folder, "real/a", "1");
        symlink("real", folder.path("link")).unwrap();
        assert!(folder.stamp("real/a").is_some());
        assert!(folder.stamp("link/a").is_none() && !folder.is_real("link/new"));
        assert!(folder.is_real("not/yet/there"));

        symlink("real/a", folder.path("b")).unwrap();
        let (pipe, mode) = (rustix::fs::FileType::Fifo, Mode::RUSR | Mode::WUSR);
        rustix::fs::mknodat(rustix::fs::CWD, folder.path("pipe"), pipe, mode, 0).unwrap();
        assert!(folder.open("real/a").is_ok());
        for path in ["link/a", "b", "pipe", "real", "nothing", "real/a/b"] {
            assert!(folder.open(path).is_err(), "{path}");
        }
        fs::remove_dir_all(&folder.root).unwrap();
    }

    #[test]
    fn an_empty_folder_may_hold_what_is_ours() {
        let folder = folder("empty");
        assert!(folder.is_empty());
        write(&folder, ".atelier/draft", "1");
        assert!(folder.is_empty());
        write(&folder, "a", "1");
        assert!(!folder.is_empty());
        fs::remove_dir_all(&folder.root).unwrap();
    }
}
