//! The package `atelier` that people import in Python, put where every container sees it: an environment need not
//! have it, and it is always as new as the server.

use atelier_api::channel::FOLDER;
use rust_embed::RustEmbed;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

#[derive(RustEmbed)]
#[folder = "../sandbox/python/src"]
struct Package;

/// In the channel's folder.
const PLACE: &str = "python";
/// By this other packages find its file system.
const ENTRY_POINTS: &str = "[fsspec.specs]\natelier = atelier.fs:AtelierFileSystem\n";

/// Writes the package into a workload's folder; gives the variable by which Python finds it.
///
/// # Errors
/// If the folder cannot be written.
pub(super) async fn install(channel: PathBuf) -> io::Result<[(String, String); 1]> {
    tokio::task::spawn_blocking(move || write_all(&channel.join(PLACE))).await??;
    Ok([("PYTHONPATH".to_owned(), format!("{FOLDER}/{PLACE}"))])
}

fn write_all(place: &Path) -> io::Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    let about = format!("atelier-{version}.dist-info");
    let metadata = format!("Metadata-Version: 2.1\nName: atelier\nVersion: {version}\n");
    for folder in [place, &place.join("atelier"), &place.join(&about)] {
        fs::create_dir_all(folder)?;
        readable(folder, 0o755)?;
    }
    write(place, &format!("{about}/METADATA"), metadata.as_bytes())?;
    write(place, &format!("{about}/entry_points.txt"), ENTRY_POINTS.as_bytes())?;
    for name in Package::iter().filter(|name| name.ends_with(".py")) {
        if let Some(file) = Package::get(&name) {
            write(place, &name, &file.data)?;
        }
    }
    Ok(())
}

fn write(place: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let file = place.join(name);
    fs::write(&file, bytes)?;
    readable(&file, 0o644)
}

/// Whatever the umask: in the container another user reads it.
fn readable(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, Permissions::from_mode(mode))
}
