//! Every suite, after all that it needs.

mod journeys;
mod native;

use crate::beside::beside;
use crate::postgres::Postgres;
use crate::tools::{self, Node};
use crate::tree::Tree;
use crate::{agent, base_image, cargo, dockerd, environment, prerequisites, progress::Step, settings, web};
use anyhow::{Result, bail};
use clap::Args;
use std::ffi::OsString;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Options {
    /// Also soaks, sweeps and big data: tests whose name begins with `long_`, journeys tagged `@long`.
    #[arg(long)]
    pub(crate) long: bool,
    /// Only tests and journeys whose name contains this.
    pub(crate) filter: Option<String>,
}

/// What a suite came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) passed: usize,
    /// Skipped ones too: a test that does not run shows nothing.
    pub(crate) failed: usize,
}

/// What tests find in their environment; described in `infra/xtask/README.md`.
pub(crate) type Variables = Vec<(&'static str, OsString)>;

/// Sets everything up, runs all suites and sums up in one last line.
pub(crate) fn test(tree: &Tree, options: &Options) -> Result<()> {
    // Ctrl-C ends the children; what was set up is then taken down here.
    ctrlc::set_handler(|| {})?;
    prerequisites::ensure()?;
    prerequisites::ensure_for_tests()?;
    dockerd::ensure(&tree.scratch(""))?;
    let programs = tools::ensure(tree)?;
    let python = tools::from_pypi(tree, "python", tree.root.join("sandbox/python/tests/requirements.txt"))?;
    let node = Node::ensure(tree)?;
    // What is compiled keeps the cores busy, what goes into containers the network. Images are built by the agent.
    beside(|| base_image::make(tree), || agent::build(tree, agent::PROFILE))?;
    let ((), workloads) = beside(|| web::build(tree, web::Build::Dev), || Workloads::prepare(tree))?;
    let Workloads { server, small, jupyter } = workloads;
    let postgres = Postgres::start()?;

    let mut variables: Variables = vec![
        ("ATELIER_BIN", server.into()),
        ("ATELIER_AGENT", tree.embed("agent").join("atelier-agent").into()),
        ("ATELIER_TEST_POSTGRES_URL", postgres.url().into()),
        ("ATELIER_TEST_IMAGE", small.into()),
        ("ATELIER_TEST_JUPYTER_IMAGE", jupyter.into()),
        ("ATELIER_TEST_SCHEMATHESIS", programs.join("schemathesis").into()),
        ("ATELIER_TEST_PYTHON", python.join("python3").into()),
        ("ATELIER_TEST_S3", programs.join("moto_server").into()),
        ("ATELIER_TEST_CHROMIUM", crate::host::find("chromium").unwrap_or_default().into()),
    ];
    let settings = settings::of_host(tree)?.into_iter();
    variables.extend(settings.map(|setting| (setting.variable, setting.path.into())));

    let mut sum = Outcome::default();
    for outcome in [
        native::run(tree, cargo::NATIVE, &programs, options, &variables),
        native::run(tree, cargo::XTASK, &programs, options, &variables),
        journeys::run(tree, &node, options, &variables),
    ] {
        let outcome = outcome?;
        sum.passed += outcome.passed;
        sum.failed += outcome.failed;
    }
    drop(postgres);
    println!("{} passed, {} failed", sum.passed, sum.failed);
    if sum.failed > 0 {
        bail!("{} tests failed", sum.failed);
    }
    if sum.passed == 0 {
        bail!("no test ran");
    }
    Ok(())
}

/// The server's program, and the images of what it runs.
struct Workloads {
    server: PathBuf,
    small: String,
    jupyter: String,
}

impl Workloads {
    fn prepare(tree: &Tree) -> Result<Self> {
        let server = build(tree)?;
        let small = environment::build(tree, &server, "test-tool")?;
        let jupyter = environment::build(tree, &server, "python-data-science")?;
        Ok(Self { server, small, jupyter })
    }
}

/// The server, and all tests with the same features and lints, so that nothing is compiled twice.
pub(crate) fn build(tree: &Tree) -> Result<PathBuf> {
    let mut step = Step::start("Server and tests");
    step.run(cargo::linting(tree).arg("build").args(cargo::NATIVE).arg("--all-targets"))?;
    step.done();
    Ok(tree.target.join("debug/atelier"))
}
