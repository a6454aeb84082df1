//! A folder of many small files, of which a few change.

use crate::data;
use std::fs;
use std::path::{Path, PathBuf};

const FILES: u64 = 100_000;
const FILE_BYTES: usize = 4_000;
const FOLDERS: u64 = 100;
pub(super) const CHANGED: u64 = 10;

pub(super) struct Many {
    pub(super) folder: PathBuf,
    /// Of what was written last.
    seed: u64,
}

impl Many {
    /// # Errors
    /// If the disk does not take them.
    pub(super) fn create(folder: PathBuf) -> anyhow::Result<Many> {
        for number in 0..FOLDERS {
            fs::create_dir_all(folder.join(format!("folder {number}")))?;
        }
        for number in 0..FILES {
            fs::write(file(&folder, number), data::random(number, FILE_BYTES))?;
        }
        Ok(Many { folder, seed: FILES })
    }

    /// Gives a few files other bytes.
    ///
    /// # Errors
    /// If the disk does not take them.
    pub(super) fn change(&mut self) -> anyhow::Result<()> {
        for number in 0..CHANGED {
            self.seed += 1;
            fs::write(file(&self.folder, number), data::random(self.seed, FILE_BYTES))?;
        }
        Ok(())
    }

    /// `100000 files of 4 KB`
    pub(super) fn name() -> String {
        format!("{FILES} files of {} KB", FILE_BYTES / 1000)
    }
}

fn file(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("folder {}", number % FOLDERS)).join(format!("file {number}.bin"))
}
