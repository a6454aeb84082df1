//! A file or folder becomes a new version.

mod memory;
mod read;
mod send;
mod walk;

use crate::api::Api;
use crate::error::Error;
use crate::progress::Progress;
use crate::remembered::{Remembered, name};
use crate::servers::folder;
use crate::show;
use crate::target::Target;
use atelier_api::calls;
use atelier_api::data::{DataVersion, SetDataTag};
use atelier_api::dataset::CreateDataset;
use atelier_api::upload::{CommitUpload, CreateUpload, Upload};
use clap::Args;
use memory::{Memory, Noting};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use walk::{Count, Source};

/// How often all is gone over if the server has lost what it was sent.
const PASSES: usize = 3;

/// Options of `atelier data push`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// A file, or a folder whose files become those of the version
    path: PathBuf,
    /// As acme/churn/customers
    target: Target,
    /// What is new
    #[arg(long, short, default_value = "")]
    message: String,
    /// The version shall have these files only; otherwise those of the newest version stay
    #[arg(long)]
    replace: bool,
    /// Make the dataset if there is none
    #[arg(long)]
    create: bool,
    /// Point this tag to the new version
    #[arg(long)]
    tag: Option<String>,
    /// Put the files into this folder of the version
    #[arg(long, value_name = "FOLDER")]
    into: Option<String>,
    /// The new version and how much was sent, as JSON
    #[arg(long)]
    json: bool,
}

/// A version in the making.
struct Making {
    api: Api,
    target: Target,
    upload: String,
    progress: Progress,
    /// Whether the version begins with what the last push made: then it has what looks as it did then.
    begun_with: bool,
    /// Bytes that were read, and those of them that the server lacked.
    read: AtomicU64,
    sent: AtomicU64,
}

#[derive(Serialize)]
struct Pushed<'a> {
    #[serde(flatten)]
    version: &'a DataVersion,
    /// What did not look as it did at the last push.
    read_bytes: u64,
    /// What the server lacked.
    sent_bytes: u64,
}

pub(crate) async fn run(api: &Api, options: &Options) -> Result<(), Error> {
    let target = options.target.unversioned()?;
    let source = Source::of(&options.path, options.into.as_deref())?;
    let count = Count::of(&source, |file, why| eprintln!("Left out: {}: {why}", file.display()))?;
    if count.files == 0 && !options.replace {
        return Err(Error::Usage(format!("{} has no files to push", options.path.display())));
    }
    ensure_dataset(api, target, options.create).await?;
    let remembered = remembered(api, options, &source, &count)?;
    let (upload, goes_on) = upload(api, target, options.replace, &remembered).await?;
    let base = base(api, target, &upload).await?;
    if goes_on {
        eprintln!("Going on with the upload that broke off.");
    }
    let place = memory(api, options, &source)?;
    let mut passes = 1..=PASSES;
    let (mut read, mut sent) = (0, 0);
    let version = loop {
        let memory = Memory::open(&place);
        let making = Arc::new(Making {
            api: api.clone(),
            target: target.clone(),
            upload: upload.id.clone(),
            begun_with: base.as_ref().is_some_and(|base| memory.is_of(base)),
            progress: Progress::new("Pushed", count.files, count.bytes, options.json),
            read: AtomicU64::new(0),
            sent: AtomicU64::new(0),
        });
        let outcome = pass(&making, &source, memory, &place, &options.message).await;
        making.progress.end();
        read += making.read.load(Relaxed);
        sent += making.sent.load(Relaxed);
        match outcome {
            Err(error) if is_forgotten(&error) && passes.next().is_some() => {
                eprintln!("The server lacks some of what it had; that is sent again.");
                // Or all is read.
                std::fs::remove_file(&place).ok();
            }
            // Somebody else changed the same files: who pushes again has seen that.
            Err(error) if error.is("changed-meanwhile") => {
                remembered.forget();
                return Err(error);
            }
            outcome => break outcome?,
        }
    };
    remembered.forget();
    let version = tagged(api, target, version, options.tag.as_deref()).await?;
    report(target, &Pushed { version: &version, read_bytes: read, sent_bytes: sent }, options.json)
}

async fn pass(
    making: &Arc<Making>,
    source: &Source,
    memory: Memory,
    place: &Path,
    message: &str,
) -> Result<DataVersion, Error> {
    let heard = read::start(source, memory)?;
    let noted = send::run(making.clone(), heard, Noting::begin(place)).await?;
    let Target { organization, project, dataset, .. } = &making.target;
    let commit = CommitUpload { message: message.to_owned(), ..CommitUpload::default() };
    let commit = calls::upload_commit(organization, project, dataset, &making.upload, &commit);
    let version = making.api.call_again(commit).await?;
    noted.keep(place, &version);
    Ok(version)
}

/// Whether the server no longer knows what it was sent.
fn is_forgotten(error: &Error) -> bool {
    error.is("chunks-lacking") || error.is("upload-session-over")
}

/// # Errors
/// If there is none and none shall be made.
async fn ensure_dataset(api: &Api, target: &Target, create: bool) -> Result<(), Error> {
    let Target { organization, project, dataset, .. } = target;
    let found = api.call(calls::dataset_get(organization, project, dataset)).await;
    match found {
        Err(error) if error.is_absent() && create => {}
        Err(error) if error.is_absent() => {
            eprintln!("{target} is not there, or not for you to see. --create makes it.");
            return Err(error);
        }
        found => return found.map(drop),
    }
    let new = CreateDataset { name: dataset.clone(), description: String::new(), labels: Vec::new() };
    let made = api.call(calls::dataset_create(organization, project, &new)).await?;
    if made.slug == *dataset {
        return Ok(());
    }
    let slug = made.slug;
    Err(Error::Usage(format!("the dataset was made as {organization}/{project}/{slug}; push to that")))
}

fn remembered(api: &Api, options: &Options, source: &Source, count: &Count) -> Result<Remembered, Error> {
    let paths = blake3::Hash::from_bytes(count.paths).to_hex();
    let root = source.root.to_string_lossy();
    let how = if options.replace { "replace" } else { "add" };
    let target = options.target.to_string();
    Remembered::of(&[api.server(), &target, &root, how, options.into.as_deref().unwrap_or_default(), &paths])
}

/// The version that an upload begins with.
async fn base(api: &Api, target: &Target, upload: &Upload) -> Result<Option<DataVersion>, Error> {
    let Some(number) = upload.base else { return Ok(None) };
    let Target { organization, project, dataset, .. } = target;
    let call = calls::dataset_version_get(organization, project, dataset, &number.to_string());
    api.call(call).await.map(Some)
}

/// Where it is kept what the last such push read.
fn memory(api: &Api, options: &Options, source: &Source) -> Result<PathBuf, Error> {
    let (root, target) = (source.root.to_string_lossy(), options.target.to_string());
    let words = [api.server(), &target, &root, options.into.as_deref().unwrap_or_default()];
    Ok(folder("XDG_CACHE_HOME", ".cache")?.join("pushed").join(name(&words)))
}

/// The upload that broke off, or a new one.
async fn upload(
    api: &Api,
    target: &Target,
    replace: bool,
    remembered: &Remembered,
) -> Result<(Upload, bool), Error> {
    let Target { organization, project, dataset, .. } = target;
    if let Some(id) = remembered.upload() {
        match api.call(calls::upload_get(organization, project, dataset, &id)).await {
            Ok(upload) => return Ok((upload, true)),
            Err(error) if error.is_absent() || error.is("upload-committed") => {}
            Err(error) => return Err(error),
        }
    }
    let new = CreateUpload { replace };
    let made = api.call(calls::upload_create(organization, project, dataset, &new)).await?;
    remembered.remember(&made.id)?;
    Ok((made, false))
}

async fn tagged(
    api: &Api,
    target: &Target,
    version: DataVersion,
    tag: Option<&str>,
) -> Result<DataVersion, Error> {
    let Some(tag) = tag else { return Ok(version) };
    let Target { organization, project, dataset, .. } = target;
    let set = SetDataTag { number: version.number };
    api.call(calls::dataset_tag_set(organization, project, dataset, tag, &set)).await
}

fn report(target: &Target, pushed: &Pushed<'_>, json: bool) -> Result<(), Error> {
    if json {
        return show::json(pushed);
    }
    let Pushed { version, .. } = pushed;
    let bytes = |bytes: u64| show::bytes(bytes.min(i64::MAX as u64) as i64);
    let (read, sent) = (bytes(pushed.read_bytes), bytes(pushed.sent_bytes));
    let (files, bytes) = (show::files(version.files), show::bytes(version.bytes));
    show::line(&format!("{}: {files}, {bytes}; {read} read, {sent} sent", target.at(version.number)))
}
