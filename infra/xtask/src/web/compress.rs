//! Compressed copies beside each file, so that the server never compresses.

use crate::progress::Step;
use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Below this size a compressed copy saves no packet.
const WORTHWHILE: usize = 1024;

/// Writes `.br` and `.gz` beside every file that gets smaller by it.
pub(crate) fn compress(step: &mut Step, site: &Path, release: bool) -> Result<()> {
    for entry in WalkDir::new(site).into_iter().collect::<Result<Vec<_>, _>>()? {
        let path = entry.path();
        // Fonts are compressed already.
        let packed = path.extension().is_some_and(|end| end == "woff2" || end == "png");
        if !entry.file_type().is_file() || packed {
            continue;
        }
        let plain = fs::read(path)?;
        if plain.len() < WORTHWHILE {
            continue;
        }
        step.tell(&format!("compressing {}", entry.file_name().to_string_lossy()));
        brotli(&plain, &beside(path, "br")?, if release { 11 } else { 3 })?;
        gzip(&plain, &beside(path, "gz")?, if release { 9 } else { 1 })?;
    }
    Ok(())
}

fn brotli(plain: &[u8], path: &Path, quality: u32) -> Result<()> {
    let mut writer = brotli::CompressorWriter::new(File::create(path)?, 1 << 16, quality, 22);
    writer.write_all(plain)?;
    writer.flush()?;
    Ok(())
}

fn gzip(plain: &[u8], path: &Path, level: u32) -> Result<()> {
    let mut writer = GzEncoder::new(File::create(path)?, Compression::new(level));
    writer.write_all(plain)?;
    writer.finish()?;
    Ok(())
}

pub(super) fn beside(path: &Path, extension: &str) -> Result<PathBuf> {
    let mut name = path.file_name().context("a file without a name")?.to_owned();
    name.push(".");
    name.push(extension);
    Ok(path.with_file_name(name))
}
