//! Where things are: the repository, cargo's output, and what the server embeds.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folders that tasks read and write.
pub(crate) struct Tree {
    /// The repository's root.
    pub(crate) root: PathBuf,
    /// Cargo's output folder: `target/` unless the caller's cargo says otherwise.
    pub(crate) target: PathBuf,
}

impl Tree {
    /// Asks cargo, so that its settings from files and environment hold here too.
    pub(crate) fn find() -> Result<Self> {
        let output = Command::new("cargo")
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .context("cannot run cargo metadata")?;
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).with_context(|| {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            format!("cargo metadata failed: {said}")
        })?;
        let folder = |key: &str| {
            let value = metadata[key].as_str();
            value.map(PathBuf::from).with_context(|| format!("cargo metadata names no {key}"))
        };
        Ok(Self { root: folder("workspace_root")?, target: folder("target_directory")? })
    }

    /// What the server carries: always below the repository, where its crate looks for it.
    pub(crate) fn embed(&self, name: &str) -> PathBuf {
        self.root.join("target/embed").join(name)
    }

    /// Scratch space and logs of a task.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.target.join("xtask").join(name)
    }

    /// The page's crate, with its styles and npm packages.
    pub(crate) fn frontend(&self) -> PathBuf {
        self.root.join("frontend")
    }

    /// A path as a person would type it at the repository's root.
    pub(crate) fn shown<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}
