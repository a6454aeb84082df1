//! The settings that an archive carries: those in force, without secrets and without what belongs to the place.

use crate::config::Flags;
use anyhow::Context;
use std::io::Write;
use std::path::Path;

/// Not in an archive. Whoever restores gives them again: the place is another, and a secret in a backup is
/// one that is kept twice.
const LEFT_OUT: &[&str] = &["data_dir", "database_url", "docker", "listen", "metrics_token", "redirect_from"];

/// Where objects are belongs to the place, too, if an archive has them: they are put where it is restored.
const LEFT_OUT_WITH_OBJECTS: &str = "storage_url";

/// What an archive leaves out.
pub fn left_out(with_objects: bool) -> Vec<String> {
    let more = with_objects.then_some(LEFT_OUT_WITH_OBJECTS);
    LEFT_OUT.iter().copied().chain(more).map(str::to_owned).collect()
}

/// As the text of a settings file.
///
/// # Errors
/// If they cannot be read, or one has no form in TOML.
pub fn portable(flags: &Flags, with_objects: bool) -> anyhow::Result<String> {
    let mut settings: toml::Table = flags.settings()?.try_deserialize()?;
    let left_out = left_out(with_objects);
    settings.retain(|name, _| !left_out.iter().any(|left_out| left_out == name));
    Ok(toml::to_string(&settings)?)
}

/// Writes `atelier.toml` into the data folder, unless one is there; tells whether it did.
///
/// # Errors
/// If it cannot be written.
pub fn keep(text: &str, data_dir: &Path) -> anyhow::Result<bool> {
    let path = data_dir.join("atelier.toml");
    if path.exists() {
        return Ok(false);
    }
    let mut unfinished = tempfile::Builder::new().prefix(".atelier-settings").tempfile_in(data_dir)?;
    unfinished.write_all(text.as_bytes())?;
    unfinished.as_file().sync_all()?;
    unfinished.persist(&path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(true)
}
