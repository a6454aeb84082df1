//! One file of a version, fetched unless it is there already.

use crate::error::Error;
use crate::http;
use crate::local::{self, DRAFT};
use crate::pull::Pulling;
use crate::retry::Retry;
use crate::target::Target;
use atelier_api::calls;
use atelier_api::data::DataEntry;
use atelier_chunk::{ChunkId, ContentName, Cutter};
use bytes::Bytes;
use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::spawn_blocking;

/// Pieces that have come and are not written yet; each is what the network gave at once.
const WAITING: usize = 64;

/// Gives how many bytes were fetched; nothing if the file was there.
pub(crate) async fn file(
    pulling: &Pulling,
    entry: &DataEntry,
    path: &str,
    folder: &Path,
) -> Result<Option<u64>, Error> {
    let file = folder.join(&entry.name);
    let (there, wanted) = (file.clone(), entry.clone());
    if blocking(move || is_there(&there, &wanted)).await? {
        pulling.progress.bytes(entry.bytes.unsigned_abs());
        return Ok(None);
    }
    // The same name each time: a pull that broke off leaves nothing that the next one does not take away.
    let draft = folder.join(format!("{DRAFT}{}", short(path)));
    let (tell, told) = mpsc::channel(WAITING);
    let wanted = entry.clone();
    let written = tokio::spawn(blocking(move || write(&draft, &file, &wanted, told)));
    let fetched = fetch(pulling, entry, path, tell).await;
    let written = written.await.map_err(Error::stopped)?;
    match (fetched, written) {
        // Nobody took the bytes, or they were too few: why is known on the other side.
        (Err(Broken::Unheard) | Ok(()), written) => written.map(Some),
        (Err(Broken::Failed(error)), _) => Err(error),
    }
}

enum Broken {
    Failed(Error),
    Unheard,
}

/// Hands all bytes of a file on. What breaks off goes on where it was.
async fn fetch(pulling: &Pulling, entry: &DataEntry, path: &str, tell: Sender<Bytes>) -> Result<(), Broken> {
    let Target { organization, project, dataset, .. } = &pulling.target;
    let address = calls::dataset_content_path(organization, project, dataset, pulling.target.version(), path);
    let length = entry.bytes.unsigned_abs();
    let mut retry = Retry::default();
    let mut come = 0;
    while come < length {
        let body = pulling.api.content(&address, come, &mut retry).await;
        let mut body = body.map_err(Broken::Failed)?;
        let broke_off = loop {
            match http::more(&mut body).await {
                Ok(Some(bytes)) => {
                    retry.begin_anew();
                    come += bytes.len() as u64;
                    pulling.progress.bytes(bytes.len() as u64);
                    tell.send(bytes).await.map_err(|_| Broken::Unheard)?;
                }
                Ok(None) => break "it ended too early".to_owned(),
                Err(cause) => break cause,
            }
        };
        if come < length && !retry.wait(None).await {
            return Err(Broken::Failed(pulling.api.unreachable(format!("{path} broke off: {broke_off}"))));
        }
    }
    Ok(())
}

/// Writes what comes to a draft, which takes the file's place if it is what was listed.
fn write(draft: &Path, file: &Path, entry: &DataEntry, mut told: Receiver<Bytes>) -> Result<u64, Error> {
    let failed = |error| Error::here(draft.display())(error);
    let mut out = File::create(draft).map_err(failed)?;
    let (mut cutter, mut name, mut length) = (Cutter::new(), ContentName::default(), 0);
    let take = |name: &mut ContentName, chunk: &Bytes| name.push(ChunkId::of(chunk), chunk.len());
    while let Some(bytes) = told.blocking_recv() {
        out.write_all(&bytes).map_err(failed)?;
        length += bytes.len() as u64;
        cutter.push(&bytes);
        while let Some(chunk) = cutter.take() {
            take(&mut name, &chunk);
        }
    }
    cutter.finish().for_each(|chunk| take(&mut name, &chunk));
    if length != entry.bytes.unsigned_abs() || !is_called(name.finish(), entry) {
        fs::remove_file(draft).map_err(failed)?;
        let file = file.display();
        return Err(Error::Damaged(format!(
            "{file} did not come as it is listed; it was not written. Run this again."
        )));
    }
    out.set_permissions(mode(entry, &out.metadata().map_err(failed)?.permissions())).map_err(failed)?;
    fs::rename(draft, file).map_err(Error::here(file.display()))?;
    Ok(length)
}

/// Whether the file is there with the bytes that are listed. What it may do is put right.
fn is_there(file: &Path, entry: &DataEntry) -> Result<bool, Error> {
    let failed = |error| Error::here(file.display())(error);
    let Ok(found) = fs::symlink_metadata(file) else { return Ok(false) };
    if found.len() != entry.bytes.unsigned_abs() || !is_called(local::content(file)?, entry) {
        return Ok(false);
    }
    let wanted = mode(entry, &found.permissions());
    if wanted != found.permissions() {
        fs::set_permissions(file, wanted).map_err(failed)?;
    }
    Ok(true)
}

fn is_called(name: Option<ChunkId>, entry: &DataEntry) -> bool {
    name.is_none_or(|name| name.to_string() == entry.content)
}

/// May be run by whoever may read it, or by nobody.
fn mode(entry: &DataEntry, now: &Permissions) -> Permissions {
    let mode = now.mode();
    let wanted = match entry.executable {
        true => mode | (mode & 0o444) >> 2,
        false => mode & !0o111,
    };
    Permissions::from_mode(wanted)
}

fn short(path: &str) -> String {
    blake3::hash(path.as_bytes()).to_hex().chars().take(16).collect()
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    spawn_blocking(work).await.map_err(Error::stopped)?
}

#[cfg(test)]
mod tests {
    use super::*;
    use atelier_api::data::DataEntryKind;

    #[test]
    fn who_may_read_may_run() {
        let entry = |executable| DataEntry {
            name: String::new(),
            kind: DataEntryKind::File,
            bytes: 0,
            files: 1,
            executable,
            content: String::new(),
        };
        let of = |executable, mode_now| mode(&entry(executable), &Permissions::from_mode(mode_now)).mode();
        assert_eq!(of(true, 0o640), 0o750);
        assert_eq!(of(true, 0o755), 0o755);
        assert_eq!(of(false, 0o755), 0o644);
    }
}
