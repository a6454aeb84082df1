//! Everything that the database knows, and the settings, in one file: for a bad day, and for moving between
//! SQLite and PostgreSQL.

mod archive;
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

/// # Errors
/// See [`take::take`].
pub fn backup(options: &Options) -> anyhow::Result<()> {
    let settings = settings::portable(&options.flags)?;
    take::take(&Config::load(&options.flags)?, &settings, &options.file)
}

/// # Errors
/// See [`restore::restore`].
pub fn restore(options: &Options) -> anyhow::Result<()> {
    restore::restore(&Config::load(&options.flags)?, &options.file)
}
