//! What somebody may not read of something that he or she may read otherwise.

use crate::error::{Error, Result};
use atelier_store::TreePath;
use std::sync::Arc;

/// Paths of files and folders. What is below a hidden folder is hidden, too. For whoever may not read them they are
/// not there, in no version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hidden(Arc<[String]>);

impl Hidden {
    pub fn new(paths: impl IntoIterator<Item = String>) -> Hidden {
        let mut paths: Vec<String> = paths.into_iter().collect();
        paths.sort_unstable();
        // What is in a hidden folder needs no words of its own.
        let mut hidden: Vec<String> = Vec::new();
        for path in paths {
            if !hidden.iter().any(|above| is_in(&path, above)) {
                hidden.push(path);
            }
        }
        Hidden(hidden.into())
    }

    /// Whether all may be read.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    pub fn covers(&self, path: &str) -> bool {
        self.0.iter().any(|hidden| is_in(path, hidden))
    }

    /// # Errors
    /// Not found, as where there is nothing.
    pub fn check(&self, path: &TreePath) -> Result<()> {
        if self.covers(path.as_str()) { Err(Error::not_found()) } else { Ok(()) }
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// Whether it is that file or folder, or below it.
fn is_in(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_hides_what_is_in_it_and_nothing_beside_it() {
        let hidden = Hidden::new(["salaries".to_owned(), "src/keys.py".to_owned()]);
        for path in ["salaries", "salaries/2026", "salaries/2026/may.csv", "src/keys.py"] {
            assert!(hidden.covers(path), "{path}");
        }
        for path in ["salaries.csv", "salarie", "src", "src/keys.pyc", "src/other.py", "a/salaries", ""] {
            assert!(!hidden.covers(path), "{path}");
        }
        let nested = Hidden::new(["a/b", "a", "ab"].map(str::to_owned));
        assert_eq!(nested.paths().collect::<Vec<_>>(), ["a", "ab"]);
        assert!(Hidden::default().is_none() && !Hidden::default().covers("salaries"));
    }
}
