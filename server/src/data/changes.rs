//! What changed from one version to another.

use super::Opened;
use crate::error::{Error, Result};
use atelier_api::data::{DataChange, DataChangeKind};
use atelier_api::page::Page;
use atelier_store::{Difference, FileInfo, Info};

/// Files in one part of a list.
const SIZE: usize = 500;

/// A part of the files that differ, in the order of a walk. A cursor tells how many differences that may be read
/// came before: versions never change, so that says where to go on.
pub async fn changes(before: &Opened, after: &Opened, cursor: Option<&str>) -> Result<Page<DataChange>> {
    let wrong = |_| Error::invalid_field("cursor", "must be one that the list gave as `next`");
    let passed: u64 = cursor.map(str::parse).transpose().map_err(wrong)?.unwrap_or_default();
    let mut diff = after.store.diff(before.root, after.root);
    let (mut items, mut seen) = (Vec::new(), 0);
    while let Some(difference) = diff.next().await? {
        if after.hidden.covers(&difference.path) {
            continue;
        }
        if seen >= passed
            && let Some(change) = change(difference)
        {
            if items.len() == SIZE {
                return Ok(Page { items, next: Some(seen.to_string()) });
            }
            items.push(change);
        }
        seen += 1;
    }
    Ok(Page { items, next: None })
}

/// Folders are told of by what is in them.
fn change(difference: Difference) -> Option<DataChange> {
    let file = |info: Option<Info>| match info {
        Some(Info::File(file)) => Some(file),
        Some(Info::Folder(_)) | None => None,
    };
    let (before, after) = (file(difference.before), file(difference.after));
    let kind = match (before, after) {
        (None, None) => return None,
        (None, Some(_)) => DataChangeKind::Added,
        (Some(_), None) => DataChangeKind::Removed,
        (Some(_), Some(_)) => DataChangeKind::Changed,
    };
    let bytes = |file: Option<FileInfo>| Some(file?.content.bytes().cast_signed());
    Some(DataChange { path: difference.path, kind, bytes_before: bytes(before), bytes_after: bytes(after) })
}
