use crate::{Error, Result};
use std::fmt;

/// The longest path, in bytes.
pub const MAX_PATH_BYTES: usize = 4096;

/// Where a file or folder is in a version: names between slashes, relative to its top. Names are kept exactly
/// as they are: no normalization, no folding of case, no meaning but in `/`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TreePath(Box<str>);

impl TreePath {
    /// Takes a path, or says what is wrong with it: absolute, empty names, `.`, `..`, a NUL, too long.
    pub fn new(path: &str) -> Result<Self> {
        match fault(path) {
            None => Ok(Self(path.into())),
            Some(reason) => Err(Error::Path { path: path.to_owned(), reason }),
        }
    }

    /// The same from bytes, as a file system or an archive gives them. They must be UTF-8.
    pub fn from_bytes(path: &[u8]) -> Result<Self> {
        match std::str::from_utf8(path) {
            Ok(path) => Self::new(path),
            Err(_) => Err(Error::Path {
                path: String::from_utf8_lossy(path).into_owned(),
                reason: "is not UTF-8; rename it",
            }),
        }
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its names, from the top down.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// The folder it is in, if that is not the top.
    pub(crate) fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('/').map(|(parent, _)| Self(parent.into()))
    }

    /// A text whose byte order is that of the tree: what is below a folder follows it at once.
    pub(crate) fn order(&self) -> String {
        self.0.replace('/', "\0")
    }
}

fn fault(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("is empty");
    }
    if path.len() > MAX_PATH_BYTES {
        return Some("is longer than 4,096 bytes");
    }
    if path.contains('\0') {
        return Some("contains a NUL");
    }
    if path.starts_with('/') {
        return Some("is absolute; give it relative to the top of the version");
    }
    path.split('/').find_map(|name| match name {
        "" => Some("has an empty name between or after its slashes"),
        "." | ".." => Some("contains . or .. as a name"),
        _ => None,
    })
}

impl fmt::Display for TreePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TreePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_exactly_and_what_climbs_is_refused() {
        let longest = "a/".repeat(2047) + "ab";
        let kept =
            ["a", "a b/ü/日本.txt", "CON", "a\\b", "..a", "a..", "%2e%2e/x", "file:x", "~", longest.as_str()];
        for path in kept {
            assert_eq!(TreePath::new(path).unwrap().as_str(), path);
        }
        let long = longest.clone() + "c";
        let refused = ["", "/", "/a", "a//b", "a/", "..", "a/../b", "./a", "a/.", "a\0b", long.as_str()];
        for path in refused {
            let error = TreePath::new(path).unwrap_err();
            assert!(error.to_string().contains(&format!("{path:?}")), "{error}");
        }
        assert!(TreePath::from_bytes(b"a\xff").is_err());
    }
}
