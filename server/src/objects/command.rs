//! `atelier storage` and `atelier check`: what is stored, whether it is whole, what is not needed.

use super::{Place, open, options, prefix};
use crate::config::{Config, Flags};
use crate::data::{self, Kept};
use crate::db::Db;
use crate::serve;
use crate::storage::{self, Keeper};
use anyhow::Context;
use atelier_store::{Backend, Store};
use clap::{Args, Subcommand};
use std::collections::BTreeMap;
use std::process::ExitCode;

/// Damage that is told of at most, of each project.
const SHOWN: usize = 100;

#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Say what is stored, what needs it, and what of it nothing needs. The server removes that by itself, a day after it was found.
    Collect {
        #[command(flatten)]
        flags: Flags,
        /// Change nothing.
        #[arg(long, required = true)]
        dry_run: bool,
    },
    /// Read everything, compare every checksum, and name what is damaged. The server may run meanwhile.
    Verify {
        #[command(flatten)]
        flags: Flags,
    },
}

#[derive(Args)]
pub struct CheckOptions {
    #[command(flatten)]
    flags: Flags,
    /// First make the index anew, from the packs alone. All servers must have ended.
    #[arg(long)]
    rebuild_index: bool,
}

/// The exit code is 1 if something is damaged, else 0.
///
/// # Errors
/// If a setting is wrong, or the database or the object store cannot be used.
pub async fn run(options: Options) -> anyhow::Result<ExitCode> {
    match options.verb {
        Verb::Collect { flags, dry_run } => collect(&Config::load(&flags)?, dry_run).await,
        Verb::Verify { flags } => verify(&Config::load(&flags)?).await,
    }
}

/// As [`run`].
///
/// # Errors
/// As [`run`], and with `--rebuild-index` if a server uses the data folder.
pub async fn check(options: CheckOptions) -> anyhow::Result<ExitCode> {
    let config = Config::load(&options.flags)?;
    if options.rebuild_index {
        let _lock = serve::lock(&config)?;
        let (backend, projects) = known(&config).await?;
        for (project, _) in projects {
            let rebuilt = Store::rebuild_index(&backend, &prefix(&project)).await?;
            println!("{project}: an index of {} chunks in {} packs", rebuilt.chunks, rebuilt.packs);
            for damage in rebuilt.damaged.iter().take(SHOWN) {
                println!("  {}: {}", damage.object, damage.error);
            }
        }
    }
    verify(&config).await
}

async fn collect(config: &Config, dry_run: bool) -> anyhow::Result<ExitCode> {
    let (backend, projects) = known(config).await?;
    let mut keepers = keepers(config).await?;
    for (project, kept) in projects {
        let store = Store::open(&backend, &prefix(&project), options(config)).await?;
        let found = data::collect(&store, &kept, dry_run).await.with_context(|| project.clone())?;
        let (name, keepers) = keepers.remove(&project).unwrap_or_default();
        println!(
            "{name} ({project}): {} bytes in {} chunks are needed; {} bytes are garbage, of which {} would be \
             condemned now and {} removed for good",
            found.live.bytes,
            found.live.chunks,
            found.garbage_bytes,
            found.condemned_bytes,
            found.removed_bytes,
        );
        let roots: Vec<_> = keepers.iter().map(|keeper| keeper.roots.clone()).collect();
        let shares = store.shares(&roots).await.with_context(|| project.clone())?;
        for (keeper, share) in keepers.iter().zip(&shares.groups) {
            println!(
                "  {}: {} versions need {} bytes, {} of which nothing else needs",
                keeper.name, keeper.versions, share.all.bytes, share.own.bytes
            );
        }
        let uploads = found.live.bytes.saturating_sub(shares.together.bytes);
        if uploads > 0 {
            println!("  uploads that have not ended: {uploads} bytes beside that");
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn verify(config: &Config) -> anyhow::Result<ExitCode> {
    let (backend, projects) = known(config).await?;
    let mut whole = true;
    for (project, kept) in projects {
        let store = Store::open(&backend, &prefix(&project), options(config)).await?;
        let found = store.verify(&kept.roots).await.with_context(|| project.clone())?;
        let verdict = if found.is_whole() { "whole" } else { "DAMAGED" };
        println!("{project}: {verdict}, {} chunks in {} packs", found.chunks, found.packs);
        for damage in found.damaged.iter().take(SHOWN) {
            println!("  {}: {}", damage.object, damage.error);
        }
        for broken in found.broken.iter().take(SHOWN) {
            println!("  {} of the version {}: {}", broken.path, broken.root, broken.error);
        }
        whole &= found.is_whole();
    }
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The name of each project and what it is that needs its bytes.
async fn keepers(config: &Config) -> anyhow::Result<BTreeMap<String, (String, Vec<Keeper>)>> {
    let db = Db::open(&config.database_url()).context("the database cannot be opened")?;
    let keepers = db.read(|connection| {
        let projects = data::projects_with_data(connection)?;
        projects.into_iter().map(|id| Ok((id.clone(), storage::keepers(connection, &id)?))).collect()
    });
    Ok(keepers.await?)
}

/// What must be kept of each project, and where it is.
async fn known(config: &Config) -> anyhow::Result<(Backend, Vec<(String, Kept)>)> {
    let backend = open(&Place::of(config))?;
    let url = config.database_url();
    let db = Db::open(&url).context("the database cannot be opened")?;
    let known = db.read(|connection| {
        let projects = data::projects_with_data(connection)?;
        projects.into_iter().map(|id| Ok((id.clone(), data::kept(connection, &id)?))).collect()
    });
    Ok((backend, known.await?))
}
