//! What the workload keeps on the host's disk: the bytes of its folders, and of files that are deleted but
//! still open. Looked for on a thread of its own, slowly enough never to count as work.

use atelier_api::channel::{Disk, Large};
use rustix::fs::statvfs;
use std::{
    collections::{BTreeMap, HashSet},
    ffi::OsString,
    fs::{self, Metadata},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    thread::sleep,
    time::{Duration, Instant},
};
use tokio::sync::watch;

/// Between two looks at the folders, however long one takes.
const SOONEST: Duration = Duration::from_secs(1);
const LATEST: Duration = Duration::from_secs(300);
/// Entries looked at between two rests, and how much longer a rest is than what it rests from.
const AT_ONCE: u32 = 256;
const REST: u32 = 40;
/// So much less free space is a reason to look again at once, bytes.
const SUDDEN: u64 = 64 << 20;
/// Bytes of a block of `st_blocks`, whatever the file system's own are.
const BLOCK: u64 = 512;
/// The largest things that are told.
const TOLD: usize = 3;
/// Smaller files are no use to tell of.
const TELLING: u64 = 1 << 20;

/// Looks again and again; the latest is in the channel, `None` until there is one.
pub(crate) fn watch(folders: Vec<PathBuf>) -> watch::Receiver<Option<Disk>> {
    let (sender, receiver) = watch::channel(None);
    if !folders.is_empty() {
        let looking = std::thread::Builder::new().name("disk".into()).spawn(move || look(&folders, &sender));
        if let Err(error) = looking {
            eprintln!("atelier-agent: nobody looks at the disk: {error}");
        }
    }
    receiver
}

/// Prints the bytes of the folders in one sum, for the server, which looks from outside.
pub(crate) fn tell(folders: impl Iterator<Item = OsString>) -> Result<(), String> {
    let _ = rustix::process::nice(19);
    let mut look = Look::default();
    for folder in folders.map(PathBuf::from) {
        fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        look.folder(&folder);
    }
    println!("{}", look.bytes);
    Ok(())
}

fn look(folders: &[PathBuf], sender: &watch::Sender<Option<Disk>>) {
    // Niceness is a thread's own here. Whoever may not be nice looks all the same.
    let _ = rustix::process::nice(19);
    let mut begun_bytes = None;
    while !sender.is_closed() {
        let began = Instant::now();
        let free_before = free(folders);
        let mut found = measure(folders, Path::new("/proc"));
        found.begun_bytes = *begun_bytes.get_or_insert(found.used_bytes);
        sender.send_replace(Some(found));
        let due = Instant::now() + began.elapsed().clamp(SOONEST, LATEST);
        sleep(SOONEST);
        while Instant::now() < due && free(folders).saturating_add(SUDDEN) > free_before {
            sleep(SOONEST);
        }
    }
}

/// Bytes free where the folders are; the least of them.
fn free(folders: &[PathBuf]) -> u64 {
    let each = folders.iter().filter_map(|folder| statvfs(folder).ok());
    each.map(|found| found.f_bavail.saturating_mul(found.f_frsize)).min().unwrap_or(u64::MAX)
}

fn measure(folders: &[PathBuf], processes: &Path) -> Disk {
    let mut look = Look::default();
    for folder in folders {
        look.folder(folder);
    }
    look.deleted(processes);
    let mut largest: Vec<Large> =
        look.by_entry.into_iter().map(|(path, bytes)| Large { path, bytes }).collect();
    largest.sort_by_key(|large| std::cmp::Reverse(large.bytes));
    largest.truncate(TOLD);
    Disk { used_bytes: look.bytes, begun_bytes: 0, largest }
}

/// One look, so far.
#[derive(Default)]
struct Look {
    bytes: u64,
    /// By what is directly in one of the folders.
    by_entry: BTreeMap<String, u64>,
    devices: HashSet<u64>,
    /// Files with several names, and deleted ones, are counted once.
    counted: HashSet<(u64, u64)>,
    entries: u32,
    rested: Option<Instant>,
}

impl Look {
    fn folder(&mut self, folder: &Path) {
        let Ok(root) = fs::symlink_metadata(folder) else { return };
        self.devices.insert(root.dev());
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(found) = entry.metadata() else { continue };
            let bytes = self.tree(entry.path(), &found, root.dev());
            self.bytes += bytes;
            if found.is_dir() || bytes >= TELLING {
                self.by_entry.insert(entry.path().to_string_lossy().into_owned(), bytes);
            }
        }
    }

    /// The entry and what is in it, on this device, without following a link.
    fn tree(&mut self, path: PathBuf, found: &Metadata, device: u64) -> u64 {
        let mut bytes = self.one(found);
        let mut left = if found.is_dir() { vec![path] } else { Vec::new() };
        while let Some(folder) = left.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                self.rest();
                let Ok(found) = entry.metadata() else { continue };
                if found.dev() == device {
                    bytes += self.one(&found);
                    if found.is_dir() {
                        left.push(entry.path());
                    }
                }
            }
        }
        bytes
    }

    fn one(&mut self, found: &Metadata) -> u64 {
        let several = !found.is_dir() && found.nlink() != 1;
        if several && !self.counted.insert((found.dev(), found.ino())) {
            return 0;
        }
        found.blocks() * BLOCK
    }

    /// Files that no folder shows any more because they are deleted, but that a process keeps open.
    fn deleted(&mut self, processes: &Path) {
        for process in fs::read_dir(processes).into_iter().flatten().flatten() {
            for open in fs::read_dir(process.path().join("fd")).into_iter().flatten().flatten() {
                self.rest();
                if let Ok(found) = fs::metadata(open.path())
                    && found.is_file()
                    && found.nlink() == 0
                    && self.devices.contains(&found.dev())
                {
                    self.bytes += self.one(&found);
                }
            }
        }
    }

    fn rest(&mut self) {
        self.entries += 1;
        if self.entries.is_multiple_of(AT_ONCE) {
            let worked = self.rested.map_or(Duration::ZERO, |at| at.elapsed());
            sleep(worked * REST);
            self.rested = Some(Instant::now());
        } else if self.rested.is_none() {
            self.rested = Some(Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn write(path: &Path, bytes: usize) -> fs::File {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = fs::File::create(path).unwrap();
        file.write_all(&vec![1; bytes]).unwrap();
        file.sync_all().unwrap();
        file
    }

    #[test]
    fn what_is_deep_linked_deleted_or_elsewhere_is_counted_rightly() {
        let root = std::env::temp_dir().join(format!("atelier-disk-{}", std::process::id()));
        let (work, home) = (root.join("work"), root.join("home"));
        write(&work.join("deep/er/large"), 8 << 20);
        write(&home.join("file"), 2 << 20);
        // A second name, a link to everything, and something outside count for nothing.
        fs::hard_link(work.join("deep/er/large"), work.join("again")).unwrap();
        std::os::unix::fs::symlink("/", work.join("everything")).unwrap();
        write(&root.join("outside"), 1 << 20);
        // A deleted file that is still open counts.
        let open = write(&work.join("gone"), 4 << 20);
        fs::remove_file(work.join("gone")).unwrap();

        // This process alone: in a container there are no others' either.
        let processes = root.join("processes");
        fs::create_dir(&processes).unwrap();
        std::os::unix::fs::symlink("/proc/self", processes.join("1")).unwrap();

        let found = measure(&[work.clone(), home.clone()], &processes);
        let mib = found.used_bytes as f64 / f64::from(1 << 20);
        assert!((14.0..14.5).contains(&mib), "{mib} MiB");
        let first = found.largest.first().unwrap();
        assert!(first.bytes >= 8 << 20 && first.path.starts_with(work.to_str().unwrap()), "{found:?}");
        drop(open);
        let after = measure(&[work, home], &processes).used_bytes;
        assert!(found.used_bytes - after >= 4 << 20, "{after}");
        fs::remove_dir_all(root).unwrap();
    }
}
