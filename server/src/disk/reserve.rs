//! What is free on the host, and whether that is enough to begin something.

use crate::app::App;
use crate::error::{Error, Result};
use actix_web::http::StatusCode;
use rustix::fs::statvfs;
use std::path::{Path, PathBuf};

/// A disk with less free than its reserve, bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortage {
    pub free: i64,
    pub reserve: i64,
}

/// Where Docker keeps the sessions' folders and the images, as the server sees it.
pub(super) fn of_docker(app: &App) -> Option<PathBuf> {
    app.config.docker_root.clone().or_else(|| app.host.docker_root())
}

/// The shortage on Docker's disk or on that of the data folder, if there is one. What the server cannot
/// see is not short.
pub fn shortage(app: &App) -> Option<Shortage> {
    let folders = [Some(app.config.data_dir.clone()), of_docker(app)];
    let free = folders.into_iter().flatten().filter_map(|folder| free(&folder)).min()?;
    short(free, app.config.disk_reserve())
}

/// The shortage on Docker's disk that so many bytes more would bring about, if they would. What the server cannot
/// see is not short.
pub fn lacks(app: &App, bytes: i64) -> Option<Shortage> {
    let free = free(&of_docker(app)?)?;
    let reserve = app.config.disk_reserve();
    short(free.saturating_sub(bytes), reserve).map(|_| Shortage { free, reserve })
}

pub(super) fn short(free: i64, reserve: i64) -> Option<Shortage> {
    (free < reserve).then_some(Shortage { free, reserve })
}

/// Bytes that others than root may still write there.
pub(super) fn free(folder: &Path) -> Option<i64> {
    let found = statvfs(folder).ok()?;
    i64::try_from(found.f_bavail.saturating_mul(found.f_frsize)).ok()
}

/// Nothing new begins on a disk that is short.
///
/// # Errors
/// 507, with what to do.
pub fn admit(app: &App) -> Result<()> {
    match shortage(app) {
        None => Ok(()),
        Some(short) => {
            let detail = short.in_words();
            Err(Error::status(StatusCode::INSUFFICIENT_STORAGE, Shortage::CODE, detail))
        }
    }
}

impl Shortage {
    /// The word by which refusals and ends for this reason are known.
    pub const CODE: &str = "disk-reserve";

    /// Why data of this size is not copied.
    pub fn for_data(self, bytes: i64) -> String {
        format!(
            "It takes {} on the host's disk, of which {} are free and {} are kept back. Start with less data, or ask \
             an administrator to free space.",
            gib(bytes),
            gib(self.free),
            gib(self.reserve)
        )
    }

    pub fn in_words(self) -> String {
        format!(
            "The host's disk is nearly full: {} are free, and {} are kept back, so nothing new begins. \
             Delete files that are no longer needed in running sessions, or ask an administrator to free \
             space; it works again by itself then.",
            gib(self.free),
            gib(self.reserve)
        )
    }
}

/// `9.8 GiB`, `640 MiB`
pub(super) fn gib(bytes: i64) -> String {
    let tenths = bytes.saturating_mul(10) >> 30;
    match tenths {
        ..10 => format!("{} MiB", bytes.max(0) >> 20),
        _ => format!("{}.{} GiB", tenths / 10, tenths % 10),
    }
}
