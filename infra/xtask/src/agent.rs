//! The agent: one static program that any container image can start.

use crate::cargo::cargo;
use crate::progress::Step;
use crate::tree::Tree;
use anyhow::{Context, Result};
use std::fs;

const TRIPLE: &str = "x86_64-unknown-linux-musl";
/// Small and fast, for tests and for what is installed.
pub(crate) const PROFILE: &str = "agent";

/// Builds the agent in a profile and puts it where the server embeds it from.
pub(crate) fn build(tree: &Tree, profile: &str) -> Result<()> {
    let mut step = Step::start("Agent");
    let mut command = cargo(tree);
    command.args(["build", "--package=atelier-agent", "--target", TRIPLE, "--profile", profile]);
    step.run(&mut command)?;
    let built = tree.target.join(TRIPLE).join(profile).join("atelier-agent");
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
