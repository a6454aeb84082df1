//! Skips work whose inputs did not change.

use anyhow::{Context, Result};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// A file that remembers the inputs that an output was made from.
pub(crate) struct Stamp {
    file: PathBuf,
    value: String,
}

impl Stamp {
    /// Reads all inputs (folders recursively; a missing one counts as empty).
    pub(crate) fn of(file: PathBuf, options: &impl Hash, inputs: &[PathBuf]) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        options.hash(&mut hasher);
        for input in inputs.iter().filter(|input| input.exists()) {
            for entry in WalkDir::new(input).sort_by_file_name() {
                let entry = entry?;
                if entry.file_type().is_file() {
                    hash_file(entry.path(), &mut hasher)?;
                }
            }
        }
        let value = format!("{:016x}", hasher.finish());
        Ok(Self { file, value })
    }

    /// Whether the output was made from exactly these inputs.
    pub(crate) fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|found| found == self.value)
    }

    /// Remembers the inputs, once the output is in place.
    pub(crate) fn write(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, &self.value).with_context(|| format!("cannot write {}", self.file.display()))
    }
}

fn hash_file(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    path.hash(hasher);
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    bytes.hash(hasher);
    Ok(())
}
