//! `atelier restore`: an archive into an empty installation, all of it or nothing.

use super::archive::{Archive, Name, SETTINGS};
use super::objects;
use super::progress::Progress;
use super::tables::{self, Table};
use super::{rows, settings};
use crate::config::Config;
use crate::db::{self, Connection};
use crate::objects::Place;
use crate::serve;
use anyhow::Context;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

/// Rows that go to the database in one statement.
const BATCH: usize = 500;

/// Files of versions come first, so that no row refers to what is not there.
///
/// # Errors
/// If the archive is not whole, a server uses the data folder, or the database, or the place of its objects, is
/// not empty. Then nothing has been changed. If it breaks off while objects are put in place, some of them are
/// there and no row is; the same command goes on.
pub fn restore(config: &Config, file: &Path) -> anyhow::Result<()> {
    let shown = file.display();
    let opened = File::open(file).with_context(|| format!("{shown} cannot be read"))?;
    let archive = Archive::open(BufReader::new(opened));
    let mut archive = archive.with_context(|| format!("{shown} cannot be restored"))?;
    eprintln!("{shown}: whole, made by Atelier {}", archive.head.atelier);
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("cannot make the data folder {}", config.data_dir.display()))?;
    let _lock = serve::lock(config)?;
    let (mut progress, place) = (Progress::default(), Place::of(config));
    let (url, steps) = (config.database_url(), archive.head.schema.clone());
    let unchanged = || format!("{shown} was not restored, and nothing was changed");
    let objects = match archive.head.with_objects() {
        true => {
            db::look(&url, &steps, empty).with_context(unchanged)?;
            let objects = objects::Restore::begin(config, &archive.id).with_context(unchanged)?;
            objects.put(&mut archive, &mut progress).with_context(|| {
                format!(
                    "{shown} was not restored: not all of its files of versions are in {place}, and no row is \
                     in the database. The same command goes on from here"
                )
            })?;
            Some(objects)
        }
        false => None,
    };
    let filled = db::fill(&url, &steps, |connection| fill(connection, &mut archive, &mut progress));
    let text = filled.with_context(|| match objects {
        None => unchanged(),
        Some(_) => format!(
            "{shown} was not restored: its files of versions are in {place}, but no row is in the database. \
             The same command goes on from here"
        ),
    })?;
    match objects {
        Some(objects) => {
            objects.end().context("everything is restored, but that it is could not be written down")?
        }
        None => eprintln!(
            "the files of versions are not in this archive: put those that were kept apart into {place} before \
             the server starts"
        ),
    }
    if !settings::keep(&text, &config.data_dir)? {
        eprintln!("atelier.toml was there and is left as it is; the archive's is its entry {SETTINGS}");
    }
    eprintln!("not in an archive, to be set here if need be: {}", archive.head.settings_left_out.join(", "));
    progress.end("restored");
    Ok(())
}

fn empty(connection: &mut Connection) -> anyhow::Result<()> {
    for table in tables::load(connection)? {
        let rows = rows::count(connection, &table)?;
        anyhow::ensure!(
            rows == 0,
            "the database is not empty ({} has rows): an archive is restored into an empty one only; name \
             another by --data-dir or --set database_url=…",
            table.name
        );
    }
    Ok(())
}

/// Returns the settings.
fn fill(
    connection: &mut Connection,
    archive: &mut Archive<impl Read + Seek>,
    progress: &mut Progress,
) -> anyhow::Result<String> {
    empty(connection)?;
    let tables = archive.head.tables.clone();
    same_tables(&tables::load(connection)?, &tables)?;
    let expected = archive.rows.clone();
    let (mut text, mut counts) = (String::new(), BTreeMap::<String, u64>::new());
    archive.read(|name, bytes| {
        let content = std::str::from_utf8(bytes).with_context(|| format!("{name} is no text"))?;
        let Name::Rows { table, .. } = name else {
            content.clone_into(&mut text);
            return Ok(());
        };
        let table = tables.iter().find(|known| known.name == table);
        let table = table.with_context(|| format!("{name} is nothing that this version knows"))?;
        let added = insert(connection, table, content)?;
        let count = counts.entry(table.name.clone()).or_default();
        *count += added;
        progress.rows(&table.name, *count);
        Ok(())
    })?;
    for (table, rows) in expected {
        let restored = counts.get(&table).copied().unwrap_or_default();
        anyhow::ensure!(restored == rows, "{table}: {restored} rows instead of {rows}");
        progress.table(&table, rows);
    }
    Ok(text)
}

fn same_tables(here: &[Table], archive: &[Table]) -> anyhow::Result<()> {
    for table in archive {
        anyhow::ensure!(
            here.iter().any(|known| known.is_like(table)),
            "its table {} is not that of this version",
            table.name
        );
    }
    for table in here {
        let name = &table.name;
        anyhow::ensure!(archive.iter().any(|known| known.name == *name), "it lacks the table {name}");
    }
    Ok(())
}

fn insert(connection: &mut Connection, table: &Table, content: &str) -> anyhow::Result<u64> {
    let lines: Vec<&str> = content.lines().collect();
    let mut added = 0;
    for batch in lines.chunks(BATCH) {
        let rows = rows::insert(connection, table, &format!("[{}]", batch.join(",")))
            .with_context(|| format!("rows of {} do not fit this database", table.name))?;
        added += rows as u64;
    }
    Ok(added)
}
