//! How fast a folder becomes a version, beside what the machine can do at all: hashing all bytes, writing them
//! one after the other to one file, and syncing it. `speed FOLDER` makes its data there; it needs 7 GB.

use atelier_store::{Backend, Change, Error, Imported, Options, Root, Store, TreePath};
use bytes::Bytes;
use futures::stream;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

type Failure = Box<dyn std::error::Error>;

const FILES: u64 = 100_000;
const FILE_BYTES: usize = 4_000;
const LARGE_BYTES: u64 = 2_000_000_000;
const MIB: usize = 1 << 20;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let place = std::env::args().nth(1).map(PathBuf::from).ok_or("name a folder with 7 GB of room")?;
    fs::create_dir_all(&place)?;
    many_files(&place).await?;
    println!("memory at most: {}", peak()?);
    large_file(&place).await?;
    println!("memory at most: {}", peak()?);
    many_entries(&place).await?;
    println!("memory at most: {}", peak()?);
    Ok(())
}

/// A million names in one folder: one change, and a page of the list.
async fn many_entries(place: &Path) -> Result<(), Failure> {
    let store = store(place, "entries").await?;
    let session = store.session([]).await?;
    let content = session.write(stream::iter([Ok::<_, Error>(Bytes::from_static(b"the same"))])).await?;
    let change =
        |number: u64| Ok::<_, Error>(Change::file(TreePath::new(&format!("file {number:07}.bin"))?, content));
    let begun = Instant::now();
    let all = session.commit(Root::empty(), stream::iter((0..1_000_000).map(change))).await?;
    println!(
        "1,000,000 names in one folder: {:.2} s, {} bytes stored",
        begun.elapsed().as_secs_f64(),
        all.stored
    );
    drop(session);
    let begun = Instant::now();
    let session = store.session([all.root]).await?;
    let content = session.write(stream::iter([Ok::<_, Error>(Bytes::from_static(b"another"))])).await?;
    let change = Change::file(TreePath::new("file 0500000.bin")?, content);
    let one = session.commit(all.root, stream::iter([Ok::<_, Error>(change)])).await?;
    println!("one of them changed: {:.3} s, {} bytes stored", begun.elapsed().as_secs_f64(), one.stored);
    let begun = Instant::now();
    let page = store.list(one.root, None, Some("file 0700000.bin"), 1000).await?;
    println!("a page of {}: {:.4} s", page.entries.len(), begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    let mut diff = store.diff(all.root, one.root);
    let first = diff.next().await?.map(|difference| difference.path);
    let last = diff.next().await?;
    println!("what changed: {first:?} and {last:?}, {:.4} s", begun.elapsed().as_secs_f64());
    Ok(())
}

async fn many_files(place: &Path) -> Result<(), Failure> {
    let folder = place.join("many");
    for number in 0..FILES {
        let file = folder.join(format!("folder {}", number % 100)).join(format!("file {number}.bin"));
        fs::create_dir_all(file.parent().unwrap_or(place))?;
        fs::write(file, random(number, FILE_BYTES))?;
    }
    settle(place)?;
    let limit = timed("limit, many files", || limit(&folder, place))?;
    let store = store(place, "many").await?;
    let (first, seconds) = commit(&store, Root::empty(), &folder, place).await?;
    println!(
        "{FILES} files of {FILE_BYTES} bytes: {seconds:.2} s, {:.0} % of the limit",
        100.0 * limit / seconds
    );
    for number in 0..10 {
        fs::write(
            folder.join(format!("folder {number}/file {number}.bin")),
            random(FILES + number, FILE_BYTES),
        )?;
    }
    let (again, seconds) = commit(&store, first.committed.root, &folder, place).await?;
    println!(
        "again with 10 changed: {seconds:.2} s, {} read, {} bytes stored",
        again.read, again.committed.stored
    );
    Ok(())
}

async fn large_file(place: &Path) -> Result<(), Failure> {
    let folder = place.join("large");
    fs::create_dir_all(&folder)?;
    let path = folder.join("large.bin");
    let mut file = File::create(&path)?;
    let step = 64 * MIB as u64;
    for at in (0..LARGE_BYTES).step_by(64 * MIB) {
        file.write_all(&random(at, step.min(LARGE_BYTES - at) as usize))?;
    }
    settle(place)?;
    let limit = timed("limit, one file", || limit(&folder, place))?;
    let store = store(place, "large").await?;
    let (first, seconds) = commit(&store, Root::empty(), &folder, place).await?;
    println!("{LARGE_BYTES} bytes: {seconds:.2} s, {:.0} % of the limit", 100.0 * limit / seconds);
    insert(&path)?;
    settle(place)?;
    let (again, seconds) = commit(&store, first.committed.root, &folder, place).await?;
    println!("1 MB inserted in its middle: {seconds:.2} s, {} bytes stored", again.committed.stored);
    Ok(())
}

async fn store(place: &Path, name: &str) -> Result<Store, Error> {
    let backend = Backend::folder(place.join("store"))?;
    Store::open(&backend, name, Options::default()).await
}

async fn commit(store: &Store, base: Root, folder: &Path, place: &Path) -> Result<(Imported, f64), Error> {
    let begun = Instant::now();
    let session = store.session([base]).await?;
    let imported = session.commit_folder(base, folder, &place.join("seen")).await?;
    Ok((imported, begun.elapsed().as_secs_f64()))
}

/// Everything in the folder hashed, written one after the other to one file, and synced.
fn limit(folder: &Path, place: &Path) -> Result<(), Failure> {
    let out = place.join("limit");
    let mut written = File::create(&out)?;
    let mut folders = vec![folder.to_owned()];
    let mut bytes = vec![0; MIB];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
                continue;
            }
            let mut file = File::open(entry.path())?;
            let mut hasher = blake3::Hasher::new();
            loop {
                match file.read(&mut bytes)? {
                    0 => break,
                    read => {
                        hasher.update(&bytes[..read]);
                        written.write_all(&bytes[..read])?;
                    }
                }
            }
            std::hint::black_box(hasher.finalize());
        }
    }
    written.sync_all()?;
    fs::remove_file(out)?;
    Ok(())
}

fn timed(what: &str, work: impl FnOnce() -> Result<(), Failure>) -> Result<f64, Failure> {
    let begun = Instant::now();
    work()?;
    let seconds = begun.elapsed().as_secs_f64();
    println!("{what}: {seconds:.2} s");
    Ok(seconds)
}

/// Nothing that was made before is still on its way to the disk, and nothing looks fresh.
fn settle(place: &Path) -> Result<(), Failure> {
    std::process::Command::new("sync").arg("-f").arg(place).status()?;
    std::thread::sleep(std::time::Duration::from_secs(3));
    Ok(())
}

fn insert(path: &Path) -> Result<(), Failure> {
    let longer = path.with_extension("longer");
    let (mut old, mut new) = (File::open(path)?, File::create(&longer)?);
    std::io::copy(&mut (&mut old).take(LARGE_BYTES / 2), &mut new)?;
    new.write_all(&random(u64::MAX, 1_000_000))?;
    std::io::copy(&mut old, &mut new)?;
    fs::rename(longer, path)?;
    Ok(())
}

/// The most memory this program has held so far.
fn peak() -> Result<String, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    Ok(line.split_whitespace().skip(1).collect::<Vec<_>>().join(" "))
}

/// The same bytes for the same seed, which nothing can squeeze.
fn random(seed: u64, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof().fill(&mut bytes);
    bytes
}
