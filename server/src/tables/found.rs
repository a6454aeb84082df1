//! Which files of a version make a table.

use super::feed::Readable;
use crate::data::Opened;
use crate::error::{Error, Result};
use atelier_query::Format;
use atelier_store::{Content, Info, TreePath};

/// Entries of a folder that are listed at a time.
const PART: usize = 1000;
/// Files that one table may consist of.
const MOST: usize = 10_000;

/// A table's files, in the order of their names.
pub(super) struct Found {
    pub(super) format: Format,
    pub(super) files: Vec<Readable>,
}

/// The table that is at a path: a file, or a folder of files of one format.
///
/// # Errors
/// Not found, if there is nothing that may be read; 422 if it is no table.
pub(super) async fn at(version: &Opened, path: &TreePath) -> Result<Found> {
    match version.file(path).await {
        Ok(file) => {
            let format = format(path.as_str()).ok_or_else(|| no_table(path.as_str()))?;
            Ok(Found { format, files: vec![readable(version, file.content)] })
        }
        // What is no file is a folder, or nothing: then the folder's answer is as good.
        Err(_) => several(version, path.as_str(), in_folder(version, Some(path)).await?),
    }
}

/// The only table of a version.
///
/// # Errors
/// 422 if there are none or several, with their names.
pub(super) async fn only(version: &Opened, name: &str) -> Result<Found> {
    let found = in_folder(version, None).await?;
    match found.as_slice() {
        [(format, _, content)] => Ok(Found { format: *format, files: vec![readable(version, *content)] }),
        [] => Err(wrong(format!(
            "“{name}” has no table at its top. Say where it is: \"{name}/folder/file.csv\"."
        ))),
        [(_, first, _), ..] => {
            Err(wrong(format!("“{name}” has several tables. Say which, as \"{name}/{first}\".")))
        }
    }
}

type InFolder = Vec<(Format, String, Content)>;

/// The files of a folder that are tables.
async fn in_folder(version: &Opened, folder: Option<&TreePath>) -> Result<InFolder> {
    let below = folder.map(|folder| format!("{folder}/")).unwrap_or_default();
    if let Some(folder) = folder {
        version.hidden.check(folder)?;
    }
    let (mut found, mut after): (InFolder, Option<String>) = (Vec::new(), None);
    loop {
        let page = version.store.list(version.root, folder, after.as_deref(), PART).await?;
        after = page.entries.last().filter(|_| page.more).map(|(name, _)| name.to_string());
        for (name, info) in page.entries {
            let (Info::File(file), Some(format)) = (info, format(&name)) else { continue };
            if !version.hidden.covers(&format!("{below}{name}")) {
                found.push((format, name.to_string(), file.content));
            }
        }
        if found.len() > MOST {
            return Err(wrong(format!("A table may consist of {MOST} files at most.")));
        }
        if after.is_none() {
            return Ok(found);
        }
    }
}

/// All files of a folder as one table.
fn several(version: &Opened, path: &str, found: InFolder) -> Result<Found> {
    let Some((format, ..)) = found.first() else { return Err(no_table(path)) };
    let format = *format;
    if found.iter().any(|(other, ..)| *other != format) {
        return Err(wrong(format!("The files in “{path}” are not all of one format. Name one of them.")));
    }
    let files = found.into_iter().map(|(_, _, content)| readable(version, content)).collect();
    Ok(Found { format, files })
}

fn readable(version: &Opened, content: Content) -> Readable {
    Readable { store: version.store.clone(), content }
}

fn format(name: &str) -> Option<Format> {
    let (_, ending) = name.rsplit_once('.')?;
    match ending.to_ascii_lowercase().as_str() {
        "parquet" => Some(Format::Parquet),
        "csv" | "tsv" | "tab" => Some(Format::Csv),
        "jsonl" | "ndjson" => Some(Format::JsonLines),
        _ => None,
    }
}

fn no_table(path: &str) -> Error {
    wrong(format!("“{path}” is no table: that is a file of CSV, JSON lines or Parquet, or a folder of them."))
}

fn wrong(detail: String) -> Error {
    Error::status(actix_web::http::StatusCode::UNPROCESSABLE_ENTITY, "no-table", detail)
}
