//! What an image is built from.

use bytes::Bytes;
use std::{
    io,
    path::{Path, PathBuf},
};

/// Folder of the host's own settings in every context: CA certificates, pip, npm and apt settings. A
/// Dockerfile uses them in a build stage only, so that they do not end in the image.
const SETTINGS: &str = ".atelier";

/// A build context: a folder's files and the host's settings, as a tar archive.
#[derive(Clone, Debug)]
pub struct Context(pub(crate) Bytes);

impl Context {
    /// Packs `folder` and, as `.atelier/<name>`, the files of `settings`. The `.atelier` folder is there
    /// even if it is empty, so that a Dockerfile may copy from it. Blocks; fails on what cannot be read.
    pub fn pack(folder: &Path, settings: &[(&str, PathBuf)]) -> io::Result<Self> {
        let mut archive = tar::Builder::new(Vec::new());
        archive.follow_symlinks(false);
        archive.append_dir_all(".", folder)?;
        archive.append_data(&mut settings_folder(), SETTINGS, io::empty())?;
        for (name, path) in settings {
            let contents = std::fs::read(path)
                .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
            let mut header = tar::Header::new_gnu();
            header.set_size(contents.len() as u64);
            header.set_mode(0o644);
            archive.append_data(&mut header, format!("{SETTINGS}/{name}"), &*contents)?;
        }
        archive.into_inner().map(|bytes| Self(bytes.into()))
    }
}

fn settings_folder() -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Directory);
    header.set_size(0);
    header.set_mode(0o755);
    header
}
