//! Environments, built by hand: for the tests, so that no test waits for it. `atelier serve` builds its
//! own; Docker's cache makes the second build of the same files a matter of seconds.

use crate::host;
use crate::progress::Step;
use crate::tree::Tree;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Settings of the server (see docs/configuration.md) that pass the host's own into builds.
const CA_CERTIFICATES: &str = "ATELIER_CA_CERTIFICATES";
const PIP_CONFIG: &str = "ATELIER_PIP_CONFIG";
/// Where Debian and Ubuntu keep all certificates that the host trusts.
const TRUSTED: &str = "/etc/ssl/certs/ca-certificates.crt";

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

/// The host's settings for builds and containers, as the server takes them: what the caller set, else what
/// the host itself goes by.
pub(crate) fn settings(tree: &Tree) -> Result<Vec<(&'static str, PathBuf)>> {
    let mut settings = Vec::new();
    let certificates =
        set(CA_CERTIFICATES).or_else(|| Some(PathBuf::from(TRUSTED)).filter(|path| path.exists()));
    settings.extend(certificates.map(|path| (CA_CERTIFICATES, path)));
    let pip = match set(PIP_CONFIG) {
        Some(path) => Some(path),
        None => host_pip(tree)?,
    };
    settings.extend(pip.map(|path| (PIP_CONFIG, path)));
    Ok(settings)
}

fn set(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The host's package index, if pip was told of one, as a file.
fn host_pip(tree: &Tree) -> Result<Option<PathBuf>> {
    let listed =
        host::output(Command::new("python3").args(["-m", "pip", "config", "list"])).unwrap_or_default();
    let mut lines = String::new();
    for line in listed.lines() {
        let Some((name, value)) = line.split_once('=') else { continue };
        let key = name.rsplit('.').next().unwrap_or_default();
        if ["index-url", "extra-index-url", "trusted-host", "proxy"].contains(&key) {
            lines.push_str(&format!("{key} = {}\n", value.trim_matches('\'')));
        }
    }
    if lines.is_empty() {
        return Ok(None);
    }
    let file = tree.scratch("pip.conf");
    fs::create_dir_all(tree.scratch(""))?;
    fs::write(&file, format!("[global]\n{lines}"))?;
    Ok(Some(file))
}

/// The folder's files and, in `.atelier`, the host's settings: what the server sends as well.
fn context(tree: &Tree, id: &str, source: &Path) -> Result<PathBuf> {
    let context = tree.scratch("environments").join(id);
    if context.exists() {
        fs::remove_dir_all(&context)?;
    }
    let own = context.join(".atelier");
    fs::create_dir_all(&own)?;
    for entry in fs::read_dir(source)? {
        let entry = entry?;
        fs::copy(entry.path(), context.join(entry.file_name()))
            .with_context(|| format!("cannot copy {}", entry.path().display()))?;
    }
    for (name, path) in settings(tree)? {
        let file = if name == CA_CERTIFICATES { "ca-certificates.crt" } else { "pip.conf" };
        fs::copy(&path, own.join(file)).with_context(|| format!("{name}: cannot copy {}", path.display()))?;
    }
    Ok(context)
}
