//! `atelier backup`: everything as it is at one moment, into one file, while the server works.

use super::archive::{Head, Name, Writer};
use super::objects;
use super::progress::Progress;
use super::rows;
use super::settings::left_out;
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
/// If the file exists, the folder cannot be written, the database does not answer, or an object that is to be in
/// it is not there. Then there is no archive.
pub fn take(config: &Config, settings: &str, file: &Path, with_objects: bool) -> anyhow::Result<()> {
    anyhow::ensure!(!file.exists(), "{} exists already; choose another name", file.display());
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // Only its owner may read a temporary file, and it keeps that.
    let unfinished = tempfile::Builder::new().prefix(".atelier-backup").tempfile_in(folder);
    let mut unfinished = unfinished.with_context(|| format!("cannot write in {}", folder.display()))?;
    let mut progress = Progress::default();
    let to = BufWriter::new(unfinished.as_file_mut());
    let (mut archive, counts, needs) = db::snapshot(&config.database_url(), |connection| {
        let (archive, counts) = write_rows(connection, settings, with_objects, to, &mut progress)?;
        let needs = if with_objects { objects::needs(connection)? } else { Vec::new() };
        Ok((archive, counts, needs))
    })?;
    if with_objects {
        // The database was let go before: this may take hours.
        objects::take(config, &needs, &mut archive, &mut progress)?;
    }
    archive.end(counts)?.flush()?;
    unfinished.as_file().sync_all()?;
    let written = unfinished
        .persist_noclobber(file)
        .map_err(|error| error.error)
        .with_context(|| format!("{} could not be given its name", file.display()))?;
    std::fs::File::open(folder)?.sync_all()?;
    progress.end(&format!("{} ({} bytes)", file.display(), written.metadata()?.len()));
    Ok(())
}

/// Returns the archive, open, and how many rows of each table are in it.
fn write_rows<W: Write>(
    connection: &mut Connection,
    settings: &str,
    with_objects: bool,
    to: W,
    progress: &mut Progress,
) -> anyhow::Result<(Writer<W>, BTreeMap<String, u64>)> {
    let tables = tables::load(connection)?;
    let head = Head {
        format: Head::format(with_objects),
        atelier: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: db::now(),
        schema: db::applied_steps(connection)?,
        tables: tables.clone(),
        settings_left_out: left_out(with_objects),
    };
    let mut archive = Writer::begin(to, &head)?;
    archive.add(Name::Settings, settings.as_bytes())?;
    let mut counts = BTreeMap::new();
    for table in &tables {
        counts.insert(table.name.clone(), write_table(connection, table, &mut archive, progress)?);
    }
    Ok((archive, counts))
}

fn write_table(
    connection: &mut Connection,
    table: &Table,
    archive: &mut Writer<impl Write>,
    progress: &mut Progress,
) -> anyhow::Result<u64> {
    let (mut count, mut parts, mut part) = (0, 0, String::new());
    let mut put = |rows: &mut String| {
        parts += 1;
        archive.add(Name::Rows { table: &table.name, part: parts }, rows.as_bytes())?;
        rows.clear();
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
