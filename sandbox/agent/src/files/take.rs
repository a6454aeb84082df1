//! What others changed, put into the folder.
//!
//! Each file is exchanged with the new one in one step, if it is as it was sent and no process has it open. Whoever
//! opened it in that very moment has the old one: then the two are exchanged back, and it has to wait. So nobody ever
//! writes to a file that is not under its name any more.

use super::{
    client::{Client, Trouble},
    fetch::{fetch, make_way},
    folder::Folder,
    held::held,
    rules::{OWN, Rules},
    stamp::Stamp,
};
use atelier_api::draft::{DraftFile, IncomingChange};
use rustix::fs::{CWD, RenameFlags, renameat_with, syncfs};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// Where the bytes of a file come from.
pub(crate) type Address<'a> = dyn Fn(&str) -> String + 'a;

/// A change whose new file, if it has one, waits in our own folder.
struct Ready {
    path: String,
    /// What stands under the name now; none if nothing does.
    before: Option<Stamp>,
    /// Where the new file waits, and where the old one is after the exchange.
    beside: PathBuf,
    new: bool,
}

/// What came of it.
#[derive(Default)]
pub(crate) struct Applied {
    /// Paths that are now as they shall be.
    pub(crate) paths: Vec<String>,
    /// Whether something had to be left for the next time.
    pub(crate) left: bool,
}

/// Applies changes as far as that may be done now.
///
/// # Errors
/// If the server does not answer, or the folder cannot be written to.
pub(crate) async fn apply(
    folder: &mut Folder,
    client: &mut Client,
    changes: Vec<IncomingChange>,
    address: &Address<'_>,
) -> Result<Applied, Trouble> {
    let own = folder.root.join(OWN).join("incoming");
    let _ = fs::remove_dir_all(&own);
    fs::create_dir_all(&own)?;
    let rules = Rules::of(&folder.root);
    let in_use = held(&folder.root);
    let (mut ready, mut folders, mut wanted) = (Vec::new(), Vec::new(), 0);
    for change in changes {
        if change.folder {
            folders.push(change.path);
            continue;
        }
        // What is left out here is not touched either: nobody would notice what happens to it.
        if rules.leave_out_within(&change.path) {
            continue;
        }
        wanted += 1;
        let before = folder.stamp(&change.path);
        if !as_sent(folder, &change.path, before) || in_use.contains(&folder.path(&change.path)) {
            continue;
        }
        let beside = own.join(ready.len().to_string());
        if let Some(file) = &change.file {
            match fetch(client, &address(&file.path), file, &beside).await {
                // It is not there any more: there is a newer version by now.
                Err(Trouble::Refused { status: 404, .. }) => continue,
                fetched => fetched?,
            }
        }
        ready.push(Ready { new: change.file.is_some(), path: change.path, before, beside });
    }
    let mut done: Vec<Ready> = ready.into_iter().filter(|change| exchange(folder, change).is_ok()).collect();
    // Those that somebody opened or wrote to meanwhile go back.
    let in_use = held(&own);
    done.retain(|change| {
        let untouched = match (change.before, stamp(&change.beside)) {
            (None, _) => true,
            (Some(before), Some(now)) => before.same_content(&now) && !in_use.contains(&change.beside),
            (Some(_), None) => true,
        };
        untouched || back(folder, change).is_err()
    });
    // Deeper ones come later. Whatever else is in one keeps it.
    for path in folders.iter().rev().filter(|path| folder.is_real(path)) {
        let _ = fs::remove_dir(folder.path(path));
    }
    folders.retain(|path| fs::symlink_metadata(folder.path(path)).is_err());
    // Who hears that it is done must not be wrong after a loss of power.
    syncfs(File::open(&folder.root)?).map_err(io::Error::from)?;
    let left = done.len() < wanted;
    let paths: Vec<String> = done.into_iter().map(|change| change.path).chain(folders).collect();
    for path in &paths {
        // Read once more at the next look, which finds what is there.
        folder.sent.remove(path);
    }
    let _ = fs::remove_dir_all(&own);
    Ok(Applied { paths, left })
}

/// Files of the draft that are not in the folder come back into it.
pub(crate) async fn bring_back(
    folder: &mut Folder,
    client: &mut Client,
    files: Vec<DraftFile>,
    address: &Address<'_>,
) -> Result<(), Trouble> {
    let changes = files
        .into_iter()
        .map(|file| IncomingChange { path: file.path.clone(), file: Some(file), folder: false })
        .collect();
    apply(folder, client, changes, address).await.map(drop)
}

/// Whether what stands at a path is what was sent; nothing, if nothing was.
fn as_sent(folder: &Folder, path: &str, now: Option<Stamp>) -> bool {
    match (folder.sent.get(path), now) {
        (None, None) => folder.is_real(path) && fs::symlink_metadata(folder.path(path)).is_err(),
        (Some(sent), Some(now)) => sent.stamp == Some(now),
        _ => false,
    }
}

fn exchange(folder: &Folder, change: &Ready) -> io::Result<()> {
    let at = folder.path(&change.path);
    // It may have changed while others were fetched.
    if folder.stamp(&change.path) != change.before {
        return Err(io::ErrorKind::Interrupted.into());
    }
    match (change.before, change.new) {
        (Some(_), true) => rename(&change.beside, &at, RenameFlags::EXCHANGE),
        (Some(_), false) => rename(&at, &change.beside, RenameFlags::NOREPLACE),
        (None, true) => {
            make_way(&at)?;
            rename(&change.beside, &at, RenameFlags::NOREPLACE)
        }
        // It is gone already.
        (None, false) => Ok(()),
    }
}

fn back(folder: &Folder, change: &Ready) -> io::Result<()> {
    let flags = if change.new { RenameFlags::EXCHANGE } else { RenameFlags::NOREPLACE };
    rename(&change.beside, &folder.path(&change.path), flags)
}

fn rename(from: &Path, to: &Path, flags: RenameFlags) -> io::Result<()> {
    Ok(renameat_with(CWD, from, CWD, to, flags)?)
}

fn stamp(path: &Path) -> Option<Stamp> {
    fs::symlink_metadata(path).ok().map(|metadata| Stamp::of(&metadata))
}
