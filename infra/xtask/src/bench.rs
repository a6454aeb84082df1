//! The figures: a release build and its peers, measured in one run by `tests/bench`.

use crate::cargo::cargo;
use crate::progress::Step;
use crate::tools::{self, Node};
use crate::tree::Tree;
use crate::{agent, base_image, dockerd, host, prerequisites, settings, web};
use anyhow::{Context, Result, bail};
use clap::Args;

/// Beside the packages of the system.
const PEERS: &str = "tests/bench/peers";
const PAGE: &str = "docs/performance.md";

#[derive(Args)]
pub(crate) struct Options {
    /// Only these figures, printed (`requests`, `download`, `start` …); without, all go into the page.
    names: Vec<String>,
}

/// Builds, installs the peers, and measures.
pub(crate) fn bench(tree: &Tree, options: &Options) -> Result<()> {
    ctrlc::set_handler(|| {})?;
    prerequisites::ensure()?;
    prerequisites::ensure_for_bench()?;
    dockerd::ensure(&tree.scratch(""))?;
    let node = Node::ensure(tree)?;
    let peers = tree.root.join(PEERS);
    web::install(&peers, &node)?;
    // The browser of the journeys.
    web::install(&tree.root.join("tests/journeys"), &node)?;
    let hub = tools::from_pypi(tree, "jupyterhub", peers.join("requirements.txt"))?;
    let dvc = tools::from_pypi(tree, "dvc", peers.join("dvc.txt"))?;
    // What is not measured may be absent from the server.
    let page = |name: &String| ["first-load", "navigation"].contains(&name.as_str());
    if options.names.is_empty() || options.names.iter().any(page) {
        web::build(tree, web::Build::Release)?;
    }
    agent::build(tree, agent::PROFILE)?;
    base_image::make(tree)?;
    let mut step = Step::start("Server and bench");
    let packages = ["--package=atelier", "--package=atelier-bench"];
    step.run(cargo(tree).args(["build", "--release", "--features=atelier/jemalloc"]).args(packages))?;
    step.done();

    let built = tree.target.join("release");
    let mut command = node.command(built.join("atelier-bench"))?;
    let nginx = host::find("nginx").context("nginx is not there")?;
    for folder in
        [nginx.parent(), Some(&hub), Some(&dvc), Some(&peers.join("node_modules/.bin"))].into_iter().flatten()
    {
        tools::with_path(&mut command, folder)?;
    }
    command.args(&options.names).env("ATELIER_BIN", built.join("atelier"));
    command.env("ATELIER_TEST_CHROMIUM", host::find("chromium").unwrap_or_default());
    command.envs(settings::of_host(tree)?.into_iter().map(|setting| (setting.variable, setting.path)));
    if options.names.is_empty() {
        command.arg("--write").arg(tree.root.join(PAGE));
    }
    let status = command.current_dir(&tree.root).status()?;
    if !status.success() {
        bail!("the bench ended with {status}");
    }
    Ok(())
}
