//! Cargo, called from a task.

use crate::tree::Tree;
use std::process::Command;

/// Everything but the page, which is for browsers only, and xtask.
pub(crate) const NATIVE: &[&str] = &["--workspace", "--exclude=atelier-frontend", "--exclude=xtask"];
/// xtask by itself, as `cargo xtask` selects it: with the others its dependencies would have other
/// features, and be compiled again.
pub(crate) const XTASK: &[&str] = &["--package=xtask"];

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
