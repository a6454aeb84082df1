//! Cargo, called from a task.

use crate::tree::Tree;
use std::process::Command;

/// Everything but the page, which is for browsers only.
pub(crate) const NATIVE: [&str; 2] = ["--workspace", "--exclude=atelier-frontend"];

/// A cargo command at the repository's root.
pub(crate) fn cargo(tree: &Tree) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    // What `cargo run` tells xtask about its own package is not the business of what it builds:
    // it would make build scripts that read these run again.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    command.current_dir(&tree.root);
    command
}
