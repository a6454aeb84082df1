//! Everything that the database knows, the settings, and if asked for the files of versions, in one file: for a
//! bad day, and for moving between SQLite and PostgreSQL, a folder and an object store.

mod archive;
mod objects;
mod progress;
mod restore;
mod rows;
mod settings;
mod tables;
mod take;
#[cfg(test)]
mod tests;

use crate::config::{Config, Flags};
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub struct Options {
    /// The archive.
    file: PathBuf,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Args)]
pub struct BackupOptions {
    #[command(flatten)]
    options: Options,
    /// Put the files of versions into it, too, from the data folder or the object store.
    #[arg(long)]
    with_objects: bool,
}

/// # Errors
/// See [`take::take`].
pub fn backup(options: &BackupOptions) -> anyhow::Result<()> {
    let (Options { file, flags }, with_objects) = (&options.options, options.with_objects);
    let settings = settings::portable(flags, with_objects)?;
    take::take(&Config::load(flags)?, &settings, file, with_objects)
}

/// # Errors
/// See [`restore::restore`].
pub fn restore(options: &Options) -> anyhow::Result<()> {
    restore::restore(&Config::load(&options.flags)?, &options.file)
}
