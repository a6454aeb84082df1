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

/// Like [`cargo`], with clippy in the compiler's place for our own crates, which refuses warnings. What it builds
/// is as the compiler builds it: `check` and `test` share it, so that no crate is looked at and then compiled
/// again.
pub(crate) fn linting(tree: &Tree) -> Command {
    let mut command = cargo(tree);
    // As `cargo clippy` does it, which knows no `build`.
    command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    command.env("CLIPPY_ARGS", "--deny=warnings__CLIPPY_HACKERY__");
    command
}
