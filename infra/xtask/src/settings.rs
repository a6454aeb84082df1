//! How this host reaches the world, for environment builds and sessions: its own CA, mirrors and proxies.
//! What the caller set in the server's settings (docs/configuration.md) comes first.

use crate::host;
use crate::tree::Tree;
use anyhow::Result;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Where Debian and Ubuntu keep all certificates that the host trusts.
const TRUSTED: &str = "/etc/ssl/certs/ca-certificates.crt";

/// A setting of the server that names a file.
pub(crate) struct Setting {
    /// The variable that the server reads.
    pub(crate) variable: &'static str,
    pub(crate) path: PathBuf,
}

/// The settings that this host needs.
pub(crate) fn of_host(tree: &Tree) -> Result<Vec<Setting>> {
    let certificates = PathBuf::from(TRUSTED);
    let found = [
        ("ATELIER_CA_CERTIFICATES", certificates.exists().then_some(certificates)),
        ("ATELIER_PIP_CONFIG", written(tree, "pip.conf", "[global]\n", &pip())?),
        ("ATELIER_APT_CONFIG", written(tree, "apt.conf", "", &apt())?),
    ];
    let settings = found.into_iter().filter_map(|(variable, path)| {
        let set = std::env::var_os(variable).filter(|value| !value.is_empty());
        let path = set.map(PathBuf::from).or(path)?;
        Some(Setting { variable, path })
    });
    Ok(settings.collect())
}

/// The package index that pip was told of, in a file or by a variable, as lines of a configuration.
fn pip() -> String {
    let mut command = Command::new("python3");
    let listed = host::output(command.args(["-m", "pip", "config", "list"])).unwrap_or_default();
    let wanted = ["index-url", "extra-index-url", "trusted-host", "proxy"];
    let mut lines = String::new();
    for (name, value) in listed.lines().filter_map(|line| line.split_once('=')) {
        let key = name.rsplit('.').next().unwrap_or_default();
        if wanted.contains(&key) {
            lines.push_str(&format!("{key} = {}\n", value.trim_matches('\'')));
        }
    }
    lines
}

/// The proxies that apt was told of. Its mirror comes with the base image.
fn apt() -> String {
    let mut command = Command::new("apt-config");
    command.args(["dump", "--format", "%f \"%v\";%n", "Acquire::http", "Acquire::https"]);
    let listed = host::output(&mut command).unwrap_or_default();
    let proxies = listed.lines().filter(|line| line.to_lowercase().contains("::proxy"));
    proxies.map(|line| format!("{line}\n")).collect()
}

/// A file with these lines; none if there is nothing to say.
fn written(tree: &Tree, name: &str, head: &str, lines: &str) -> Result<Option<PathBuf>> {
    if lines.is_empty() {
        return Ok(None);
    }
    let folder = tree.scratch("settings");
    fs::create_dir_all(&folder)?;
    let file = folder.join(name);
    fs::write(&file, format!("{head}{lines}"))?;
    Ok(Some(file))
}
