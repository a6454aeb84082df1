//! Environments, built by hand: for the tests, so that no test waits for it. `atelier serve` builds its
//! own; Docker's cache makes the second build of the same files a matter of seconds.

use crate::host;
use crate::progress::Step;
use crate::settings;
use crate::tree::Tree;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds `sandbox/images/<id>` as `atelier/<id>` and gives the image's id.
pub(crate) fn build(tree: &Tree, id: &str) -> Result<String> {
    let source = tree.root.join("sandbox/images").join(id);
    if !source.join("Dockerfile").is_file() {
        bail!("{} has no Dockerfile", tree.shown(&source));
    }
    let mut step = Step::start(format!("Environment {id}"));
    let context = context(tree, id, &source)?;
    let tag = format!("atelier/{id}");
    let mut build = Command::new("docker");
    build.env("DOCKER_BUILDKIT", "0").args(["build", "--force-rm", "--tag", &tag]);
    step.run(build.arg(&context))?;
    step.done();
    host::output(Command::new("docker").args(["image", "inspect", "--format={{.Id}}", &tag]))
}

/// The folder's files and, in `.atelier`, the host's settings: what the server sends as well.
fn context(tree: &Tree, id: &str, source: &Path) -> Result<PathBuf> {
    let context = tree.scratch("environments").join(id);
    if context.exists() {
        fs::remove_dir_all(&context)?;
    }
    let own = context.join(".atelier");
    fs::create_dir_all(&own)?;
    host::copy_folder(source, &context)?;
    for setting in settings::of_host(tree)? {
        let (from, to) = (&setting.path, own.join(setting.name));
        fs::copy(from, to)
            .with_context(|| format!("{}: cannot copy {}", setting.variable, from.display()))?;
    }
    Ok(context)
}
