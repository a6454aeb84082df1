//! The agent: one static program that any container image can start.

use crate::cargo::cargo;
use crate::progress::Step;
use crate::tree::Tree;
use anyhow::{Context, Result};
use std::fs;

const TRIPLE: &str = "x86_64-unknown-linux-musl";

/// Builds the agent and puts it where the server embeds it from.
pub(crate) fn build(tree: &Tree) -> Result<()> {
    let mut step = Step::start("Agent");
    step.run(cargo(tree).args(["build", "--package=atelier-agent", "--profile=agent", "--target", TRIPLE]))?;
    let built = tree.target.join(TRIPLE).join("agent/atelier-agent");
    let folder = tree.embed("agent");
    fs::create_dir_all(&folder)?;
    let placed = folder.join("atelier-agent");
    // By renaming: a running container may have the old file open.
    let fresh = folder.join(".atelier-agent.new");
    fs::copy(&built, &fresh).with_context(|| format!("cannot copy {}", built.display()))?;
    fs::rename(&fresh, &placed)?;
    step.end(&tree.shown(&placed).to_string());
    Ok(())
}
