//! Files to be kept in versions.

use anyhow::Context;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const MIB: usize = 1 << 20;
/// After which no file looks as if it could still be written.
const SETTLE: Duration = Duration::from_secs(3);

/// The same bytes for the same seed, which nothing can squeeze.
pub fn random(seed: u64, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof().fill(&mut bytes);
    bytes
}

/// Writes a file of so many such bytes.
///
/// # Errors
/// If the disk does not take it.
pub fn random_file(path: &Path, seed: u64, length: u64) -> anyhow::Result<()> {
    let mut read = blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof();
    let mut file = File::create(path).with_context(|| path.display().to_string())?;
    let mut bytes = vec![0; 8 * MIB];
    let mut left = length;
    while left > 0 {
        let piece = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        read.fill(&mut bytes[..piece]);
        file.write_all(&bytes[..piece])?;
        left -= piece as u64;
    }
    Ok(())
}

/// Copies a file with so many other bytes in its middle.
///
/// # Errors
/// If it cannot be read or written.
pub fn inserted(from: &Path, to: &Path, length: usize) -> anyhow::Result<()> {
    let (mut old, mut new) = (File::open(from)?, File::create(to)?);
    let half = old.metadata()?.len() / 2;
    std::io::copy(&mut (&mut old).take(half), &mut new)?;
    new.write_all(&random(u64::MAX, length))?;
    std::io::copy(&mut old, &mut new)?;
    Ok(())
}

/// Waits until all that was written is on the disk.
///
/// # Errors
/// If `sync` is not there.
pub fn settle(place: &Path) -> anyhow::Result<()> {
    let synced = Command::new("sync").arg("--file-system").arg(place).status()?;
    anyhow::ensure!(synced.success(), "sync: {synced}");
    std::thread::sleep(SETTLE);
    Ok(())
}

/// Bytes of all files below a folder.
///
/// # Errors
/// If it cannot be read.
pub fn size(folder: &Path) -> anyhow::Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let about = entry.metadata()?;
        sum += if about.is_dir() { size(&entry.path())? } else { about.len() };
    }
    Ok(sum)
}
