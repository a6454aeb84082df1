//! What an image is built from.

use bytes::Bytes;
use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

/// Folder of the host's own settings in every context: CA certificates, pip, npm and apt settings. A
/// Dockerfile removes them when it has used them; nothing of them is left in the image.
const SETTINGS: &str = ".atelier";

/// A build context: an environment's files and the host's settings, by path.
#[derive(Clone, Debug)]
pub struct Context(BTreeMap<String, Bytes>);

/// What a path in the context is.
pub(crate) enum Found<'a> {
    File(&'a Bytes),
    /// The files in it and below, by their path from there.
    Folder(Vec<(&'a str, &'a Bytes)>),
}

impl Context {
    /// The files by path and, as `.atelier/<name>`, those of `settings`. Blocks.
    ///
    /// # Errors
    /// Names the setting that cannot be read.
    pub fn new(
        files: impl IntoIterator<Item = (String, Bytes)>,
        settings: &[(&str, PathBuf)],
    ) -> io::Result<Self> {
        let mut all: BTreeMap<String, Bytes> = files.into_iter().collect();
        for (name, path) in settings {
            all.insert(format!("{SETTINGS}/{name}"), read(path)?);
        }
        Ok(Self(all))
    }

    /// The folder of settings is there even if there are none, so that a Dockerfile may copy it.
    pub(crate) fn find(&self, path: &str) -> Option<Found<'_>> {
        let path = path.trim_start_matches("./").trim_matches('/');
        if let Some(contents) = self.0.get(path) {
            return Some(Found::File(contents));
        }
        let inside = |name: &'_ str| -> Option<usize> {
            match path {
                "" | "." => Some(0),
                folder => name.strip_prefix(folder)?.starts_with('/').then_some(folder.len() + 1),
            }
        };
        let files: Vec<_> =
            self.0.iter().filter_map(|(name, bytes)| Some((&name[inside(name)?..], bytes))).collect();
        (!files.is_empty() || path == SETTINGS).then_some(Found::Folder(files))
    }
}

fn read(path: &Path) -> io::Result<Bytes> {
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    std::fs::read(path).map(Bytes::from).map_err(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(context: &Context, path: &str) -> Option<Vec<String>> {
        match context.find(path)? {
            Found::File(_) => Some(vec![]),
            Found::Folder(files) => Some(files.into_iter().map(|(name, _)| name.to_owned()).collect()),
        }
    }

    #[test]
    fn files_and_folders_are_found_and_nothing_else() {
        let files = ["a", "ab/c", "ab/d/e"].map(|name| (name.to_owned(), Bytes::new()));
        let context = Context::new(files, &[]).unwrap();
        let list = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        for (path, expected) in [
            ("a", list(&[])),
            ("./ab/", list(&["c", "d/e"])),
            ("ab/d", list(&["e"])),
            (".", list(&["a", "ab/c", "ab/d/e"])),
            (".atelier/", list(&[])),
            ("b", None),
            ("../a", None),
            ("ab/c/x", None),
        ] {
            assert_eq!(names(&context, path), expected, "{path}");
        }
    }

    #[test]
    fn a_setting_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("ca-certificates.crt");
        let error = Context::new([], &[("ca-certificates.crt", missing.clone())]).unwrap_err();
        assert!(error.to_string().contains(missing.to_str().unwrap()), "{error}");
    }
}
