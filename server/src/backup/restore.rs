//! `atelier restore`: an archive into an empty installation, all of it or nothing.

use super::archive::{Archive, SETTINGS};
use super::progress::Progress;
use super::tables::{self, Table};
use super::{rows, settings};
use crate::config::Config;
use crate::db::{self, Connection};
use crate::serve;
use anyhow::Context;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

/// Rows that go to the database in one statement.
const BATCH: usize = 500;

/// # Errors
/// If the archive is not whole, a server uses the data folder, or the database is not empty. Then nothing
/// has been changed.
pub fn restore(config: &Config, file: &Path) -> anyhow::Result<()> {
    let opened = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let archive = Archive::open(BufReader::new(opened));
    let mut archive = archive.with_context(|| format!("{} cannot be restored", file.display()))?;
    eprintln!("{}: whole, made by Atelier {}", file.display(), archive.head.atelier);
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("cannot make the data folder {}", config.data_dir.display()))?;
    let _lock = serve::lock(config)?;
    let mut progress = Progress::default();
    let steps = archive.head.schema.clone();
    let text =
        db::fill(&config.database_url(), &steps, |connection| fill(connection, &mut archive, &mut progress))
            .with_context(|| format!("{} was not restored, and nothing was changed", file.display()))?;
    if !settings::keep(&text, &config.data_dir)? {
        eprintln!("atelier.toml was there and is left as it is; the archive's is its entry {SETTINGS}");
    }
    eprintln!("not in an archive, to be set here if need be: {}", archive.head.settings_left_out.join(", "));
    progress.end("restored");
    Ok(())
}

/// Returns the settings.
fn fill(
    connection: &mut Connection,
    archive: &mut Archive<impl Read + Seek>,
    progress: &mut Progress,
) -> anyhow::Result<String> {
    let here = tables::load(connection)?;
    for table in &here {
        let rows = rows::count(connection, table)?;
        anyhow::ensure!(
            rows == 0,
            "the database is not empty ({} has rows): an archive is restored into an empty one only; name \
             another by --data-dir or --set database_url=…",
            table.name
        );
    }
    let tables = archive.head.tables.clone();
    same_tables(&here, &tables)?;
    let expected = archive.rows.clone();
    let (mut text, mut counts) = (String::new(), BTreeMap::<String, u64>::new());
    archive.read(|name, bytes| {
        let content = std::str::from_utf8(bytes).with_context(|| format!("{name} is no text"))?;
        if name == SETTINGS {
            content.clone_into(&mut text);
            return Ok(());
        }
        let table =
            name.strip_prefix("tables/").and_then(|rest| rest.split_once('/')).map(|(table, _)| table);
        let table = tables.iter().find(|known| Some(known.name.as_str()) == table);
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
