//! What rows need of the projects' stores, in an archive: whole packs, from whatever keeps them to whatever will.
//!
//! The rows show one moment. Packs are read after it, while the server writes and collects garbage. Why they fit:
//! - Packs never change, and a row refers to what is in one only when that is on disk and in the index. So what
//!   the rows need was there at their moment, and more may be there now.
//! - What the rows need is asked of them as a collection asks ([`data::kept`]), at that same moment.
//! - A collection later may need less: an upload was cancelled, a draft went on. It condemns what it does not
//!   need and copies before what it does; what it condemned another one removes a whole grace later. So for a
//!   grace after that moment everything that the rows need is there, in whichever pack.
//! - For each project the index is read then and all trees are walked. Of the packs found so, those that are not
//!   condemned stay for another grace.
//!
//! What remains is a backup that takes longer than the grace, and a pack that had been condemned before that
//! moment, came to be needed again, and is copied and removed just between the walk and the reading. Then
//! something is missing: the walk finds that, or the reading, or the proof at a project's end, and no archive
//! comes of it. That is rare enough to be taken again.

use super::archive::{Archive, Writer};
use super::progress::Progress;
use crate::config::Config;
use crate::data::{self, Kept};
use crate::db::Connection;
use crate::objects::{self, Place};
use anyhow::Context;
use atelier_store::{Backend, Error, Import, Store, StoreImport};
use std::io::{Read, Seek, Write};
use tokio::runtime::Runtime;

/// Where the stores of all projects are.
const STORES: &str = "projects";

/// What the rows need of each project's store, in the order of the projects.
///
/// # Errors
/// If the database does not answer.
pub fn needs(connection: &mut Connection) -> anyhow::Result<Vec<(String, Kept)>> {
    let mut needs = Vec::new();
    for project in data::projects_with_data(connection)? {
        let kept = data::kept(connection, &project)?;
        needs.push((project, kept));
    }
    Ok(needs)
}

/// Adds the packs that are needed.
///
/// # Errors
/// If something that is needed is missing or damaged, or cannot be read or written.
pub fn take(
    config: &Config,
    needs: &[(String, Kept)],
    archive: &mut Writer<impl Write>,
    progress: &mut Progress,
) -> anyhow::Result<()> {
    let runtime = Runtime::new()?;
    let backend = objects::open(&Place::of(config))?;
    for (project, kept) in needs.iter().filter(|(_, kept)| !kept.roots.is_empty() || !kept.packs.is_empty()) {
        let export = runtime.block_on(async {
            let store = Store::open(&backend, &objects::prefix(project), objects::options(config)).await?;
            store.export(&kept.roots, &kept.packs).await
        });
        let mut export = export.map_err(|error| advice(config, project, error))?;
        let packs = export.packs();
        let of = packs.len() as u64;
        for (pack, at) in packs.into_iter().zip(1..) {
            let bytes =
                runtime.block_on(export.read(pack)).map_err(|error| advice(config, project, error))?;
            archive.add_pack(project, pack, &bytes)?;
            progress.packs(project, at, of);
        }
        export.finish().map_err(|error| advice(config, project, error))?;
    }
    Ok(())
}

/// The error, and what to do.
fn advice(config: &Config, project: &str, error: Error) -> anyhow::Error {
    let advice = match error {
        Error::Missing(_) | Error::Vanished(_) => format!(
            "take it again; it must take less than garbage_grace_seconds, which is {}. If that does not help, \
             `atelier storage verify` says what is lost",
            config.garbage_grace_seconds
        ),
        Error::Damaged { .. } => {
            "`atelier storage verify` says which versions it is in; without --with-objects there is a backup \
             all the same"
                .to_owned()
        }
        _ => "nothing was written".to_owned(),
    };
    anyhow::Error::new(error)
        .context(format!("the files of the project {project} cannot be put into the archive: {advice}"))
}

/// The stores of an archive, on their way to where this installation keeps them.
pub struct Restore {
    runtime: Runtime,
    import: Import,
}

impl Restore {
    /// Begins, or goes on with what broke off.
    ///
    /// # Errors
    /// If what keeps objects cannot be used, or others than those of this archive are there.
    pub fn begin(config: &Config, archive_id: &str) -> anyhow::Result<Restore> {
        let (runtime, place) = (Runtime::new()?, Place::of(config));
        let begun = async {
            let backend: Backend = objects::open(&place)?;
            backend.check().await?;
            Ok(backend.import(STORES, archive_id).await?)
        };
        let import: anyhow::Result<Import> = runtime.block_on(begun);
        let import = import.with_context(|| {
            format!(
                "no files of versions can be put into {place}: an archive's go where there are none; name \
                 another place by --data-dir or --set storage_url=…"
            )
        })?;
        Ok(Restore { runtime, import })
    }

    /// Puts all packs in place that are not there yet.
    ///
    /// # Errors
    /// If the archive cannot be read any more, a pack is not what it should be, or it cannot be written.
    pub fn put(
        &self,
        archive: &mut Archive<impl Read + Seek>,
        progress: &mut Progress,
    ) -> anyhow::Result<()> {
        let expected = archive.packs.clone();
        let mut expected = expected.iter();
        let (mut open, mut at, mut of): (Option<(String, StoreImport)>, u64, u64) = (None, 0, 0);
        archive.read_packs(|project, pack, bytes| {
            let mut store = match open.take() {
                Some((name, store)) if name == project => store,
                ended => {
                    self.end_store(ended)?;
                    (at, of) = (0, expected.next().map_or(0, |packs| packs.packs));
                    self.runtime.block_on(self.import.store(&objects::prefix(project)))?
                }
            };
            self.runtime.block_on(store.put(pack, bytes.into()))?;
            open = Some((project.to_owned(), store));
            at += 1;
            progress.packs(project, at, of);
            Ok(())
        })?;
        self.end_store(open)
    }

    fn end_store(&self, store: Option<(String, StoreImport)>) -> anyhow::Result<()> {
        match store {
            Some((_, store)) => Ok(self.runtime.block_on(store.finish())?),
            None => Ok(()),
        }
    }

    /// Call it when the rows are there that refer to all this.
    ///
    /// # Errors
    /// If what keeps objects does not answer.
    pub fn end(self) -> anyhow::Result<()> {
        Ok(self.runtime.block_on(self.import.end())?)
    }
}
