//! The folder that a container sees, and the socket in it.

use atelier_api::channel::SOCKET;
use std::fs::{self, DirBuilder, File, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::Path;

/// The socket while it is not yet ready to be found.
const UNFINISHED: &str = "channel.new";

/// Makes the folder and a socket in it. Other users of the host do not get past `run_dir`; the container's
/// user, who has another number, does not pass it and may use the socket.
pub(super) fn bind(run_dir: &Path, folder: &Path) -> io::Result<UnixListener> {
    make(run_dir, 0o700)?;
    make(folder, 0o755)?;
    // A socket's path may have 107 bytes; through the open folder it is short wherever the folder is.
    let opened = File::open(folder)?;
    let short = Path::new("/proc/self/fd").join(opened.as_raw_fd().to_string());
    remove_file(&folder.join(UNFINISHED))?;
    let listener = UnixListener::bind(short.join(UNFINISHED))?;
    listener.set_nonblocking(true)?;
    fs::set_permissions(folder.join(UNFINISHED), Permissions::from_mode(0o666))?;
    fs::rename(folder.join(UNFINISHED), folder.join(SOCKET))?;
    Ok(listener)
}

pub(super) fn remove(folder: &Path) {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(folder = %folder.display(), %error, "could not remove a workload's folder");
        }
        _ => {}
    }
}

fn make(folder: &Path, mode: u32) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(mode).create(folder)?;
    // Whatever the umask and an earlier server made of it.
    fs::set_permissions(folder, Permissions::from_mode(mode))
}

fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
