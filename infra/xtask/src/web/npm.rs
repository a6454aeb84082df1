//! Packages from npm, exactly as locked.

use crate::progress::Step;
use crate::stamp::Stamp;
use crate::tools::Node;
use anyhow::{Context, Result};
use std::path::Path;

/// Installs a folder's npm packages, unless its lock file is installed already.
pub(crate) fn install(folder: &Path, node: &Node) -> Result<()> {
    let modules = folder.join("node_modules");
    let lock = folder.join("package-lock.json");
    let stamp = Stamp::of(modules.join(".atelier-stamp"), &(), &[lock])?;
    if stamp.is_fresh() {
        return Ok(());
    }
    let name = folder.file_name().context("a folder without a name")?;
    let mut step = Step::start(format!("npm packages of {}", name.to_string_lossy()));
    // Install scripts are not needed by any package here, and are foreign code.
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    step.run(node.command("npm")?.args(arguments).current_dir(folder))?;
    stamp.write()?;
    step.done();
    Ok(())
}
