//! A file or folder becomes a new version.

mod read;
mod send;
mod walk;

use crate::api::Api;
use crate::error::Error;
use crate::progress::Progress;
use crate::remembered::Remembered;
use crate::show;
use crate::target::Target;
use atelier_api::calls;
use atelier_api::data::{DataVersion, SetDataTag};
use atelier_api::dataset::CreateDataset;
use atelier_api::upload::{CommitUpload, CreateUpload};
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;
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
    /// Bytes that the server lacked.
    sent: AtomicU64,
}

#[derive(Serialize)]
struct Pushed<'a> {
    #[serde(flatten)]
    version: &'a DataVersion,
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
    if goes_on {
        eprintln!("Going on with the upload that broke off.");
    }
    let mut passes = 1..=PASSES;
    let mut sent = 0;
    let version = loop {
        let making = Arc::new(Making {
            api: api.clone(),
            target: target.clone(),
            upload: upload.clone(),
            progress: Progress::new("Pushed", count.files, count.bytes, options.json),
            sent: AtomicU64::new(0),
        });
        let outcome = pass(&making, &source, &options.message).await;
        making.progress.end();
        sent += making.sent.load(Relaxed);
        match outcome {
            Err(error) if is_forgotten(&error) && passes.next().is_some() => {
                eprintln!("The server lost some of what it was sent; that is sent again.");
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
    report(target, &version, sent, options.json)
}

async fn pass(making: &Arc<Making>, source: &Source, message: &str) -> Result<DataVersion, Error> {
    send::run(making.clone(), read::start(source)?).await?;
    let Target { organization, project, dataset, .. } = &making.target;
    let commit = CommitUpload { message: message.to_owned(), ..CommitUpload::default() };
    making.api.call_again(calls::upload_commit(organization, project, dataset, &making.upload, &commit)).await
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

/// The upload that broke off, or a new one.
async fn upload(
    api: &Api,
    target: &Target,
    replace: bool,
    remembered: &Remembered,
) -> Result<(String, bool), Error> {
    let Target { organization, project, dataset, .. } = target;
    if let Some(id) = remembered.upload() {
        match api.call(calls::upload_get(organization, project, dataset, &id)).await {
            Ok(upload) => return Ok((upload.id, true)),
            Err(error) if error.is_absent() || error.is("upload-committed") => {}
            Err(error) => return Err(error),
        }
    }
    let new = CreateUpload { replace };
    let made = api.call(calls::upload_create(organization, project, dataset, &new)).await?;
    remembered.remember(&made.id)?;
    Ok((made.id, false))
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

fn report(target: &Target, version: &DataVersion, sent: u64, json: bool) -> Result<(), Error> {
    if json {
        return show::json(&Pushed { version, sent_bytes: sent });
    }
    let (files, bytes) = (show::files(version.files), show::bytes(version.bytes));
    let sent = show::bytes(sent.min(i64::MAX as u64) as i64);
    show::line(&format!("{}: {files}, {bytes}; {sent} sent", target.at(version.number)))
}
