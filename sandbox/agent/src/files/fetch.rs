//! A file from the server, on its way into the folder.

use super::client::{Client, Trouble};
use atelier_api::draft::DraftFile;
use atelier_chunk::{ChunkId, ContentName, Cutter};
use std::{
    fs::{self, File, Permissions},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
};

/// Fetches the bytes of a file to where nobody looks for it, and proves them by the name of its content. It is on
/// disk after this.
pub(crate) async fn fetch(
    client: &mut Client,
    address: &str,
    file: &DraftFile,
    to: &Path,
) -> Result<(), Trouble> {
    let mut pieces = client.read(address).await?;
    let mut out = File::create(to)?;
    let (mut cutter, mut name) = (Cutter::new(), ContentName::default());
    while let Some(piece) = pieces.next().await? {
        out.write_all(&piece)?;
        cutter.push(&piece);
        while let Some(chunk) = cutter.take() {
            name.push(ChunkId::of(&chunk), chunk.len());
        }
    }
    for chunk in cutter.finish() {
        name.push(ChunkId::of(&chunk), chunk.len());
    }
    let name = name.finish().unwrap_or_else(|| ChunkId::of(b""));
    if name.to_string() != file.content {
        let _ = fs::remove_file(to);
        return Err(Trouble::Away(format!("what came as {} is not what it should be", file.path)));
    }
    out.set_permissions(Permissions::from_mode(if file.executable { 0o755 } else { 0o644 }))?;
    out.sync_all()?;
    Ok(())
}

/// Makes the folders on the way to a file.
pub(crate) fn make_way(to: &Path) -> io::Result<()> {
    to.parent().map_or(Ok(()), fs::create_dir_all)
}
