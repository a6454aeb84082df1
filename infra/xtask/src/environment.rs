//! Environments, built by hand: for the tests, so that no test waits for it. The server's own program does it,
//! as it builds them for people.

use crate::progress::Step;
use crate::settings;
use crate::tree::Tree;
use anyhow::Result;
use std::path::Path;
use std::process::Command;

/// Builds `sandbox/images/<id>` with the server's program and gives the image's id.
pub(crate) fn build(tree: &Tree, server: &Path, id: &str) -> Result<String> {
    let mut step = Step::start(format!("Environment {id}"));
    let mut build = Command::new(server);
    build.arg("build-environment").arg(id).arg("--data-dir").arg(tree.scratch("environments"));
    // The folder of the sources has one for tests, which the server does not offer.
    build.env("ATELIER_ENVIRONMENTS_DIR", tree.root.join("sandbox/images"));
    build.envs(settings::of_host(tree)?.into_iter().map(|setting| (setting.variable, setting.path)));
    let output = step.run(&mut build)?;
    step.done();
    Ok(output.lines().rfind(|line| line.starts_with("sha256:")).unwrap_or_default().to_owned())
}
