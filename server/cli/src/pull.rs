//! A version comes into a folder.

use crate::api::Api;
use crate::download;
use crate::error::Error;
use crate::list::{Pages, within};
use crate::progress::Progress;
use crate::show;
use crate::target::Target;
use atelier_api::calls;
use atelier_api::data::{DataEntry, DataEntryKind};
use clap::Args;
use serde::Serialize;
use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use tokio::task::JoinSet;

const AT_ONCE: usize = 8;

/// Options of `atelier data pull`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// As acme/churn/customers@12; the newest version if none is said
    target: Target,
    /// Where to; a folder with the dataset's name if not said
    folder: Option<PathBuf>,
    /// Remove what is in the folder and not in the version
    #[arg(long)]
    delete: bool,
    /// What was done, as JSON
    #[arg(long)]
    json: bool,
}

/// A pull that is under way.
pub(crate) struct Pulling {
    pub(crate) api: Api,
    /// At a version by its number: a tag may move meanwhile.
    pub(crate) target: Target,
    pub(crate) progress: Progress,
    fetched: AtomicU64,
    fetched_bytes: AtomicU64,
}

#[derive(Serialize)]
struct Done<'a> {
    version: i64,
    folder: &'a Path,
    files: i64,
    bytes: i64,
    fetched_files: u64,
    fetched_bytes: u64,
    deleted: u64,
}

pub(crate) async fn run(api: &Api, options: &Options) -> Result<(), Error> {
    let Target { organization, project, dataset, .. } = &options.target;
    let call = calls::dataset_version_get(organization, project, dataset, options.target.version());
    let version = api.call(call).await?;
    let top = options.folder.clone().unwrap_or_else(|| dataset.into());
    fs::create_dir_all(&top).map_err(Error::here(top.display()))?;
    let (files, bytes) = (version.files.unsigned_abs(), version.bytes.unsigned_abs());
    let pulling = Arc::new(Pulling {
        api: api.clone(),
        target: options.target.at(version.number),
        progress: Progress::new("Pulled", files, bytes, options.json),
        fetched: 0.into(),
        fetched_bytes: 0.into(),
    });
    let outcome = all(&pulling, &top, options.delete).await;
    pulling.progress.end();
    let deleted = outcome?;
    let (fetched_files, fetched_bytes) = (pulling.fetched.load(Relaxed), pulling.fetched_bytes.load(Relaxed));
    let folder = top.as_path();
    let (files, bytes) = (version.files, version.bytes);
    if options.json {
        let version = version.number;
        return show::json(&Done { version, folder, files, bytes, fetched_files, fetched_bytes, deleted });
    }
    let fetched = show::bytes(fetched_bytes.min(i64::MAX as u64) as i64);
    let gone = if deleted > 0 { format!(", {deleted} deleted") } else { String::new() };
    show::line(&format!(
        "{} in {}: {}, {}; {fetched} fetched{gone}",
        pulling.target,
        folder.display(),
        show::files(files),
        show::bytes(bytes)
    ))
}

/// Goes over the version folder by folder. Gives how many things it deleted.
async fn all(pulling: &Arc<Pulling>, top: &Path, delete: bool) -> Result<u64, Error> {
    let mut underway: JoinSet<Result<(), Error>> = JoinSet::new();
    let mut deleted = 0;
    let mut folders = vec![None];
    while let Some(folder) = folders.pop() {
        let here = folder.as_deref().map_or_else(|| top.to_owned(), |folder: &str| top.join(folder));
        let mut names = HashSet::new();
        let mut pages = Pages::of(&pulling.target, folder.clone());
        while let Some(entries) = pages.next(&pulling.api).await? {
            for entry in entries {
                is_a_name(&entry.name)?;
                if delete {
                    names.insert(OsString::from(&entry.name));
                }
                let path = within(folder.as_deref(), &entry.name);
                make_room(&here.join(&entry.name), entry.kind, delete)?;
                match entry.kind {
                    DataEntryKind::Folder => folders.push(Some(path)),
                    DataEntryKind::File => {
                        if underway.len() >= AT_ONCE {
                            one_ended(&mut underway).await?;
                        }
                        underway.spawn(file(pulling.clone(), entry, path, here.clone()));
                    }
                }
            }
        }
        if delete {
            // Drafts of what is still on its way are no longer there when it has come.
            while !underway.is_empty() {
                one_ended(&mut underway).await?;
            }
            deleted += delete_others(&here, &names)?;
        }
    }
    while !underway.is_empty() {
        one_ended(&mut underway).await?;
    }
    Ok(deleted)
}

async fn one_ended(underway: &mut JoinSet<Result<(), Error>>) -> Result<(), Error> {
    match underway.join_next().await {
        Some(outcome) => outcome.map_err(Error::stopped)?,
        None => Ok(()),
    }
}

async fn file(pulling: Arc<Pulling>, entry: DataEntry, path: String, folder: PathBuf) -> Result<(), Error> {
    if let Some(bytes) = download::file(&pulling, &entry, &path, &folder).await? {
        pulling.fetched.fetch_add(1, Relaxed);
        pulling.fetched_bytes.fetch_add(bytes, Relaxed);
    }
    pulling.progress.file();
    Ok(())
}

/// The server never has other names; who believed it would write elsewhere.
fn is_a_name(name: &str) -> Result<(), Error> {
    if name.is_empty() || name == "." || name == ".." || name.contains(['/', '\0']) {
        return Err(Error::Damaged(format!("{name:?} is no name of a file; nothing more was written")));
    }
    Ok(())
}

/// Sees to it that an entry can be where it belongs: nothing is written through a link, and what is of another
/// kind gives way only if deleting is wanted.
fn make_room(at: &Path, kind: DataEntryKind, delete: bool) -> Result<(), Error> {
    let failed = |error| Error::here(at.display())(error);
    let found = match fs::symlink_metadata(at) {
        Ok(found) => Some(found),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error)),
    };
    let fits = found.as_ref().map(|found| match kind {
        DataEntryKind::Folder => found.is_dir(),
        DataEntryKind::File => found.is_file(),
    });
    match (found, fits) {
        (Some(found), Some(false)) if delete => remove(at, found.is_dir()).map_err(failed)?,
        (Some(_), Some(false)) => {
            let at = at.display();
            return Err(Error::Usage(format!(
                "{at} is in the way: it is a link, or a folder where the version has a file, or the reverse. Move it away, or use --delete."
            )));
        }
        (Some(_), _) => return Ok(()),
        (None, _) => {}
    }
    if kind == DataEntryKind::Folder { fs::create_dir(at).map_err(failed) } else { Ok(()) }
}

fn remove(at: &Path, is_folder: bool) -> std::io::Result<()> {
    if is_folder { fs::remove_dir_all(at) } else { fs::remove_file(at) }
}

/// Removes what is not named.
fn delete_others(folder: &Path, names: &HashSet<OsString>) -> Result<u64, Error> {
    let failed = |error| Error::here(folder.display())(error);
    let mut deleted = 0;
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !names.contains(&entry.file_name()) {
            let is_folder = entry.file_type().map_err(failed)?.is_dir();
            remove(&entry.path(), is_folder).map_err(Error::here(entry.path().display()))?;
            deleted += 1;
        }
    }
    Ok(deleted)
}
