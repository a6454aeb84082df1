//! What is in a folder of a version.

use super::Opened;
use crate::error::Result;
use crate::http::part;
use atelier_api::data::{DataEntry, DataEntryKind, DataFolder};
use atelier_api::page::Page;
use atelier_store::{Info, TreePath};

/// Entries in one part of a list.
const SIZE: usize = 200;

/// A part of the entries of a folder, in the order of their names' bytes. What is hidden counts for the folders that it
/// is in.
///
/// # Errors
/// Not found, if there is no such folder; 409 if it is a file.
pub async fn entries(version: &Opened, of: &DataFolder) -> Result<Page<DataEntry>> {
    let folder = of.path.as_deref().filter(|path| !path.is_empty()).map(TreePath::new).transpose()?;
    let after = of.cursor.as_deref().map(part::decoded).transpose()?;
    if let Some(folder) = &folder {
        version.hidden.check(folder)?;
    }
    let below = folder.as_ref().map(|folder| format!("{folder}/")).unwrap_or_default();
    let (mut items, mut after): (Vec<DataEntry>, _) = (Vec::new(), after);
    loop {
        let page = version.store.list(version.root, folder.as_ref(), after.as_deref(), SIZE).await?;
        after = page.entries.last().filter(|_| page.more).map(|(name, _)| name.to_string());
        for (name, info) in page.entries {
            if version.hidden.covers(&format!("{below}{name}")) {
                continue;
            }
            // Only what may be read tells whether there is more, and after what.
            if items.len() == SIZE {
                let next = items.last().map(|last| part::encoded(&last.name));
                return Ok(Page { items, next });
            }
            items.push(entry(name.into(), info));
        }
        if after.is_none() {
            return Ok(Page { items, next: None });
        }
    }
}

fn entry(name: String, info: Info) -> DataEntry {
    match info {
        Info::Folder(totals) => DataEntry {
            name,
            kind: DataEntryKind::Folder,
            bytes: totals.bytes.cast_signed(),
            files: totals.files.cast_signed(),
            executable: false,
            content: String::new(),
        },
        Info::File(file) => DataEntry {
            name,
            kind: DataEntryKind::File,
            bytes: file.content.bytes().cast_signed(),
            files: 1,
            executable: file.executable,
            content: file.content.name().to_string(),
        },
    }
}
