//! The servers that this person has signed in to, in a file that only he or she may read. The Python package
//! reads it too.

use crate::error::Error;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Servers {
    /// The one that was signed in to last.
    #[serde(default)]
    pub(crate) default: Option<String>,
    /// By address.
    #[serde(default)]
    pub(crate) servers: BTreeMap<String, Kept>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) token: String,
}

impl Servers {
    pub(crate) fn load() -> Result<Servers, Error> {
        let file = file()?;
        match std::fs::read(&file) {
            Ok(text) => serde_json::from_slice(&text).map_err(|error| {
                Error::Damaged(format!(
                    "{} is not understood: {error}. Remove it and log in again.",
                    file.display()
                ))
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Servers::default()),
            Err(error) => Err(Error::here(file.display())(error)),
        }
    }

    /// Where it was written.
    pub(crate) fn save(&self) -> Result<PathBuf, Error> {
        let file = file()?;
        let text = serde_json::to_vec_pretty(self).map_err(|error| Error::Damaged(error.to_string()))?;
        write_private(&file, &text)?;
        Ok(file)
    }
}

/// Writes a file for this person's eyes alone, whole or not at all.
pub(crate) fn write_private(file: &Path, text: &[u8]) -> Result<(), Error> {
    let written = || -> std::io::Result<()> {
        let folder = file.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        // Such a file is made with the mode 0600.
        let mut draft = tempfile::NamedTempFile::new_in(folder)?;
        draft.write_all(text)?;
        draft.as_file().sync_all()?;
        draft.persist(file)?;
        Ok(())
    };
    written().map_err(Error::here(file.display()))
}

/// A server's address as it is kept: without what follows the host and port.
///
/// # Errors
/// If it is none.
pub(crate) fn address(text: &str) -> Result<String, Error> {
    let wrong = || {
        Error::Usage(format!("{text:?} is no address of a server; write it as https://atelier.example.org"))
    };
    let uri: hyper::Uri = text.trim().parse().map_err(|_| wrong())?;
    match (uri.scheme_str(), uri.authority()) {
        (Some(scheme @ ("http" | "https")), Some(authority)) if !authority.as_str().contains('@') => {
            Ok(format!("{scheme}://{}", authority.as_str().to_lowercase()))
        }
        _ => Err(wrong()),
    }
}

fn file() -> Result<PathBuf, Error> {
    Ok(folder("XDG_CONFIG_HOME", ".config")?.join("servers.json"))
}

/// A folder of ours where the XDG base directory specification puts such things.
pub(crate) fn folder(variable: &str, otherwise: &str) -> Result<PathBuf, Error> {
    let set = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = set.or_else(|| Some(std::env::home_dir()?.join(otherwise)));
    let base = base
        .ok_or_else(|| Error::Usage(format!("set HOME or {variable}: there is no place to keep things")))?;
    Ok(base.join("atelier"))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses_are_kept_in_one_form() {
        assert_eq!(address("https://Atelier.example.org/acme?x").unwrap(), "https://atelier.example.org");
        assert_eq!(address("http://atelier.localhost:8080/").unwrap(), "http://atelier.localhost:8080");
        for wrong in ["", "atelier.example.org", "ftp://x", "https://me@x", "/x", "http://"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
