//! What of a folder is left out: what programs make anew, and what `.atelierignore` names, in the syntax of
//! `.gitignore`.

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::path::Path;

/// The agent's own, in the folder itself: where files wait that come in, and whose copy it is.
pub(crate) const OWN: &str = ".atelier";
/// Where a person names more.
const FILE: &str = ".atelierignore";
/// Can be taken back there by a line that begins with `!`.
const DEFAULT: [&str; 14] = [
    ".ipynb_checkpoints/",
    "__pycache__/",
    "*.pyc",
    ".venv/",
    "venv/",
    "node_modules/",
    ".mypy_cache/",
    ".pytest_cache/",
    ".ruff_cache/",
    ".cache/",
    ".git/",
    ".Trash-*/",
    "*.swp",
    "*~",
];

pub(crate) struct Rules(Gitignore);

impl Rules {
    /// Read anew each time: it is a file like any other.
    pub(crate) fn of(root: &Path) -> Self {
        let mut rules = GitignoreBuilder::new(root);
        for line in DEFAULT {
            let _ = rules.add_line(None, line);
        }
        // A line that says nothing is no reason not to heed the others.
        let _ = rules.add(root.join(FILE));
        Self(rules.build().unwrap_or_else(|_| Gitignore::empty()))
    }

    /// Whether this path, relative to the folder, is left out. What is below a folder that is left out is not asked
    /// for.
    pub(crate) fn leave_out(&self, path: &str, is_folder: bool) -> bool {
        path == OWN || self.0.matched(path, is_folder).is_ignore()
    }

    /// Whether a file is left out, or a folder that it is in.
    pub(crate) fn leave_out_within(&self, path: &str) -> bool {
        let mut folders = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
        folders.any(|folder| self.leave_out(folder, true)) || self.leave_out(path, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_make_anew_is_left_out_and_people_may_say_otherwise() {
        let root = std::env::temp_dir().join(format!("atelier-rules-{}", std::process::id()));
        std::fs::create_dir_all(&root).unwrap();
        let rules = Rules::of(&root);
        for (path, is_folder, out) in [
            ("a.py", false, false),
            (".atelier", true, true),
            ("src/.ipynb_checkpoints", true, true),
            ("deep/er/node_modules", true, true),
            ("node_modules", false, false),
            ("x.pyc", false, true),
            ("data.csv", false, false),
        ] {
            assert_eq!(rules.leave_out(path, is_folder), out, "{path}");
        }
        std::fs::write(root.join(FILE), "*.csv\n!keep.csv\n/big/\n!venv/\n").unwrap();
        let rules = Rules::of(&root);
        for (path, is_folder, out) in [
            ("data.csv", false, true),
            ("keep.csv", false, false),
            ("big", true, true),
            ("src/big", true, false),
            ("venv", true, false),
            ("x.pyc", false, true),
        ] {
            assert_eq!(rules.leave_out(path, is_folder), out, "{path}");
        }
        std::fs::remove_dir_all(root).unwrap();
    }
}
