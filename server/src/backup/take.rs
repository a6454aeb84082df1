//! `atelier backup`: everything as it is at one moment, into one file, while the server works.

use super::archive::{FORMAT, Head, SETTINGS, Writer};
use super::progress::Progress;
use super::rows;
use super::settings::LEFT_OUT;
use super::tables::{self, Table};
use crate::config::Config;
use crate::db::{self, Connection};
use anyhow::Context;
use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Bytes of rows that are held in memory until they go into the archive.
const PART: usize = 4 << 20;

/// Writes the archive beside its final name, makes it durable, and gives it its name last.
///
/// # Errors
/// If the file exists, the folder cannot be written, or the database does not answer.
pub fn take(config: &Config, settings: &str, file: &Path) -> anyhow::Result<()> {
    anyhow::ensure!(!file.exists(), "{} exists already; choose another name", file.display());
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // Only its owner may read a temporary file, and it keeps that.
    let unfinished = tempfile::Builder::new().prefix(".atelier-backup").tempfile_in(folder);
    let mut unfinished = unfinished.with_context(|| format!("cannot write in {}", folder.display()))?;
    let mut progress = Progress::default();
    db::snapshot(&config.database_url(), |connection| {
        write(connection, settings, BufWriter::new(unfinished.as_file_mut()), &mut progress)
    })?;
    unfinished.as_file().sync_all()?;
    let written = unfinished
        .persist_noclobber(file)
        .map_err(|error| error.error)
        .with_context(|| format!("{} could not be given its name", file.display()))?;
    std::fs::File::open(folder)?.sync_all()?;
    progress.end(&format!("{} ({} bytes)", file.display(), written.metadata()?.len()));
    Ok(())
}

fn write(
    connection: &mut Connection,
    settings: &str,
    to: impl Write,
    progress: &mut Progress,
) -> anyhow::Result<()> {
    let tables = tables::load(connection)?;
    let head = Head {
        format: FORMAT,
        atelier: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: db::now(),
        schema: db::applied_steps(connection)?,
        tables: tables.clone(),
        settings_left_out: LEFT_OUT.iter().map(|name| (*name).to_owned()).collect(),
    };
    let mut archive = Writer::begin(to, &head)?;
    archive.add(SETTINGS, settings.as_bytes())?;
    let mut counts = BTreeMap::new();
    for table in &tables {
        counts.insert(table.name.clone(), write_table(connection, table, &mut archive, progress)?);
    }
    archive.end(counts)?.flush()?;
    Ok(())
}

fn write_table(
    connection: &mut Connection,
    table: &Table,
    archive: &mut Writer<impl Write>,
    progress: &mut Progress,
) -> anyhow::Result<u64> {
    let (mut count, mut parts, mut part) = (0, 0, String::new());
    let mut put = |part: &mut String| {
        parts += 1;
        archive.add(&format!("tables/{}/{parts:06}.jsonl", table.name), part.as_bytes())?;
        part.clear();
        anyhow::Ok(())
    };
    rows::read(connection, table, |line| {
        part.push_str(line);
        part.push('\n');
        count += 1;
        if part.len() >= PART {
            put(&mut part)?;
            progress.rows(&table.name, count);
        }
        Ok(())
    })?;
    if !part.is_empty() {
        put(&mut part)?;
    }
    progress.table(&table.name, count);
    Ok(count)
}
