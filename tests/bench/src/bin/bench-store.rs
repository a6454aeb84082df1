//! Makes a folder a version of a store, as a process of its own: `bench-store commit STORE SEEN BASE FOLDER`, where
//! BASE is the version before or `-`, says the version. `bench-store limit FILE FOLDER` does the least that any such
//! program has to.

use anyhow::{Context, bail};
use atelier_store::{Backend, Options, Root, Store};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

const MIB: usize = 1 << 20;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["commit", store, seen, base, folder] => commit(store, seen, base, folder).await,
        ["limit", file, folder] => limit(Path::new(file), Path::new(folder)),
        _ => bail!("not understood: {words:?}"),
    }
}

async fn commit(store: &str, seen: &str, base: &str, folder: &str) -> anyhow::Result<()> {
    let store = Store::open(&Backend::folder(store)?, "bench", Options::default()).await?;
    let base = match base {
        "-" => Root::empty(),
        base => base.parse().ok().with_context(|| format!("{base} is no version"))?,
    };
    let session = store.session([base]).await?;
    let imported = session.commit_folder(base, Path::new(folder), Path::new(seen)).await?;
    println!("{}", imported.committed.root);
    Ok(())
}

/// Everything in the folder hashed, written one after the other to one file, and synced.
fn limit(out: &Path, folder: &Path) -> anyhow::Result<()> {
    let mut written = File::create(out)?;
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
    Ok(written.sync_all()?)
}
